"""Questions that people save: their own to change, with all that each ever was."""

import asyncio
import re
import unicodedata
from dataclasses import replace
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from kg.errors import NotAllowed
from kg.history import questions
from kg.history.questions import KeptQuestion, QuestionRevision, unknown
from kg.saved import SavedQuestion
from kg.service import asking, documented
from kg.service.access import Caller, Dataset
from kg.service.asking import Askable
from kg.service.engine import Engine, caller_of, engine_of
from kg.service.openapi.queries import ASKED
from kg.service.pages import page_or_json
from kg.service.questions import Name
from kg.service.wire.bodies import says, wanted
from kg.service.wire.problems import RequestRefused

router = APIRouter(tags=["Questions"])

_MOST = 1000


class NewQuestion(BaseModel):
    """A question to save: a SELECT query with front matter, and whether only its owner sees it."""

    model_config = ConfigDict(extra="forbid")

    summary: str = Field("", max_length=200, description="The question, if its text has none")
    text: str = Field(max_length=65_536, description="SPARQL, with `#+` front matter as ours have")
    private: bool = False


class FormerQuestion(BaseModel):
    """What a question was from some moment on, and who made it so."""

    number: int
    made: str
    author: str
    summary: str
    text: str
    private: bool


@router.post(
    "/questions",
    summary="Save a question",
    status_code=HTTPStatus.CREATED,
    response_model=documented.ShownQuestion,
    responses=ASKED,
    openapi_extra=says(NewQuestion),
)
async def save_question(request: Request) -> Response:
    """Its id is made of its summary. All may ask it, or, where it is private, its owner alone."""
    engine, caller = engine_of(request), caller_of(request)
    engine.access.may_create(caller)
    new = await wanted(request, NewQuestion)
    read = await _tried(request, "question", new)
    kept = await asyncio.to_thread(_save, engine, caller, new, read.summary)
    return _told(request, engine, kept, HTTPStatus.CREATED)


@router.put(
    "/questions/{name}",
    summary="Change a question",
    response_model=documented.ShownQuestion,
    responses=ASKED,
    openapi_extra=says(NewQuestion),
)
async def change_question(request: Request, name: Name) -> Response:
    """Makes a new revision of one of your own, also of one that was removed."""
    engine, caller = engine_of(request), caller_of(request)
    await asyncio.to_thread(_own, engine, caller, name)
    new = await wanted(request, NewQuestion)
    read = await _tried(request, name, new)

    def revise() -> KeptQuestion:
        with engine.kept.history.writing() as connection:
            return questions.revise(
                connection,
                name,
                author=caller.name,
                private=new.private,
                summary=read.summary,
                text=new.text,
            )

    return _told(request, engine, await asyncio.to_thread(revise), HTTPStatus.OK)


@router.delete("/questions/{name}", summary="Remove a question", status_code=HTTPStatus.NO_CONTENT)
def remove_question(request: Request, name: Name) -> Response:
    """Nobody can ask it any more; its revisions are kept for its owner, who may bring it back."""
    engine = engine_of(request)
    if _own(engine, caller_of(request), name).removed:
        raise unknown(name)
    with engine.kept.history.writing() as connection:
        questions.put_away(connection, name)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.get(
    "/questions/{name}/revisions",
    summary="What a question was",
    response_model=list[FormerQuestion],
)
def question_revisions(request: Request, name: Name) -> Response:
    """All its revisions, the last first; those of a removed one for its owner alone."""
    return page_or_json(request, _revisions(request, name), title=f"Revisions of {name}")


@router.get(
    "/questions/{name}/revisions/{number}",
    summary="A question as it was",
    response_model=FormerQuestion,
)
def question_revision(
    request: Request,
    name: Name,
    number: Annotated[int, Path(description="The number of a revision")],
) -> Response:
    """One of its revisions."""
    found = next((one for one in _revisions(request, name) if one.number == number), None)
    if found is None:
        raise unknown(f"{name} with a revision {number}")
    return page_or_json(request, found, title=f"Revision {number} of {name}")


async def _tried(request: Request, name: str, new: NewQuestion) -> SavedQuestion:
    """The question that is to be saved, once it was asked of nothing at all, which shows whether it
    is SPARQL; raises RequestRefused, QueryRefused.
    """
    engine = engine_of(request)
    one = asking.read(engine.settings.knowledge, name, new.text, new.summary)
    asked = asking.put(request, Askable(one), one.likely(), "json")
    nothing = replace(asked, dataset=Dataset((), ()), union=False)
    await engine.readers.read(nothing, caller_of(request))
    return one


def _save(engine: Engine, caller: Caller, new: NewQuestion, summary: str) -> KeptQuestion:
    with engine.kept.history.writing() as connection:
        if questions.count(connection, caller.name) >= _MOST:
            raise RequestRefused(
                HTTPStatus.INSUFFICIENT_STORAGE,
                f"You saved {_MOST} questions already",
                "Change one of those you no longer ask",
            )
        return questions.create(
            connection,
            wanted=_slug(summary),
            taken=asking.ours(engine.settings.knowledge),
            owner=caller.name,
            private=new.private,
            summary=summary,
            text=new.text,
        )


def _told(request: Request, engine: Engine, kept: KeptQuestion, status: HTTPStatus) -> Response:
    read = asking.read(engine.settings.knowledge, kept.id, kept.text, kept.summary)
    one = Askable(read, kept.owner, kept.private, kept.revision, kept.made)
    place = {"Location": f"/questions/{kept.id}"} if status is HTTPStatus.CREATED else {}
    return page_or_json(request, documented.shown(one), status=status, headers=place)


def _own(engine: Engine, caller: Caller, name: str) -> KeptQuestion:
    """A question that the caller may change, removed or not; raises NotFound, NotAllowed."""
    engine.access.may_create(caller)
    if name in asking.ours(engine.settings.knowledge):
        raise NotAllowed(f"{name} comes with the service", "Save one of your own beside it")
    with engine.kept.history.reading() as connection:
        kept = questions.get(connection, name)
    if asking.may_change(kept, caller):
        return kept
    if kept.removed or kept.private:
        raise unknown(name)
    raise NotAllowed(f"{name} is somebody else's", "Save one of your own beside it")


def _revisions(request: Request, name: str) -> list[QuestionRevision]:
    engine, caller = engine_of(request), caller_of(request)
    if name in asking.ours(engine.settings.knowledge):
        raise unknown(f"{name} that was saved here")
    with engine.kept.history.reading() as connection:
        kept = questions.get(connection, name)
        mine = asking.may_change(kept, caller)
        if not mine and (kept.private or kept.removed):
            raise unknown(name)
        found = questions.revisions(connection, name)
        return [one for one in found if mine or not one.private]


def _slug(summary: str) -> str:
    """An id in the form of ours: words in small letters, with dashes.

    >>> _slug("Wer nützt Datensatz Nr. 3?")
    'wer-nutzt-datensatz-nr-3'
    """
    plain = unicodedata.normalize("NFKD", summary).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:60].strip("-") or "question"
