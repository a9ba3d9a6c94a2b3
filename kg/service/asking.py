"""Saved questions as a caller may see them, ours and those that people saved, and their answers."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from http import HTTPStatus
from pathlib import Path

from fastapi import Request

from kg import saved
from kg.errors import QuestionMalformed
from kg.history import questions
from kg.history.questions import KeptQuestion, unknown
from kg.saved import SavedQuestion
from kg.service.access import Caller
from kg.service.calls import refuse_calls
from kg.service.datasets import seen
from kg.service.engine import Engine, caller_of, engine_of
from kg.service.knowledge import knowledge
from kg.service.readers import Question
from kg.service.wire.limits import PARAMETERS, asked_limits
from kg.service.wire.problems import RequestRefused
from kg.service.wire.requests import Fields, address_fields

RESERVED = ("format", "query-id", *PARAMETERS)
"""What an address says about the answer itself, so no parameter of a question is called so."""


@dataclass(frozen=True, slots=True)
class Askable:
    """A question with whose it is, empty for ours, and what is wrong with it, if anything is."""

    question: SavedQuestion
    owner: str = ""
    private: bool = False
    revision: int = 0
    made: str = ""
    problem: str = ""

    @property
    def is_ours(self) -> bool:
        """Whether it came with the knowledge, so that nobody changes it here."""
        return not self.revision


@cache
def ours(folders: tuple[Path, ...]) -> Mapping[str, Askable]:
    """The questions of our knowledge with folders laid over it, by id; raises QuestionMalformed."""
    found = saved.load(knowledge(folders).vocabulary, folders)
    for one in found.values():
        if wrong := _reserved(one):
            raise QuestionMalformed(f"{one.file}: {wrong}", "Call its parameters otherwise")
    return {name: Askable(one) for name, one in found.items()}


def every(engine: Engine, caller: Caller) -> list[Askable]:
    """All that the caller may ask: ours, then those that people saved."""
    with engine.kept.history.reading() as connection:
        kept = questions.listed(connection)
    folders = engine.settings.knowledge
    return [*ours(folders).values(), *_visible(kept, caller, folders)]


async def found(engine: Engine, caller: Caller, name: str) -> Askable:
    """The question of that id; raises NotFound where the caller may not see it, too, and
    RequestRefused where it cannot be asked any more.
    """
    folders = engine.settings.knowledge
    kept = engine.kept
    if name in (known := ours(folders)):
        return known[name]

    def looked_up() -> KeptQuestion:
        with kept.history.reading() as connection:
            return questions.get(connection, name)

    one = await asyncio.to_thread(looked_up)
    if one.removed or not may_see(one, caller):
        raise unknown(name)
    return _askable(one, read(folders, name, one.text, one.summary))


def may_see(one: KeptQuestion, caller: Caller) -> bool:
    """Whether the question is the caller's to see."""
    return not one.private or may_change(one, caller)


def may_change(one: KeptQuestion, caller: Caller) -> bool:
    """Whether the question is the caller's to change."""
    return caller.operator or (caller.name == one.owner and caller.project is None)


@lru_cache(maxsize=4096)
def read(folders: tuple[Path, ...], name: str, text: str, summary: str) -> SavedQuestion:
    """A question that somebody wrote; raises RequestRefused where it is not as it must be."""
    try:
        one = saved.written(name, text, knowledge(folders).vocabulary, summary=summary)
    except QuestionMalformed as error:
        raise _refused(error.what.removeprefix(f"{name}.rq: ")) from error
    if not one.summary:
        raise _refused("it has no summary")
    if wrong := _reserved(one):
        raise _refused(wrong)
    return one


def given(request: Request) -> dict[str, str]:
    """What the address tells a question; what is left empty is not told. Raises RequestRefused."""
    asked = address_fields(request)
    told = {name: asked.one(name) or "" for name in asked.names if name not in RESERVED}
    return {name: value for name, value in told.items() if value}


def put(request: Request, one: Askable, told: Mapping[str, str], rows_as: str) -> Question:
    """The question as readers take it, in what its caller may see; raises ParameterInvalid,
    NotAllowed, RequestRefused.
    """
    engine = engine_of(request)
    text = one.question.bound(told, engine.kept.vocabulary)
    return bounded(request, text, rows_as)


def bounded(request: Request, text: str, rows_as: str) -> Question:
    """A query over all graphs together that its caller may see, within the limits of the request;
    raises NotAllowed, RequestRefused.
    """
    engine = engine_of(request)
    refuse_calls(text, "SERVICE", engine.settings.hosts)
    looked_at = seen(text, Fields(), engine.access.visible(caller_of(request)), union=True)
    return Question(
        looked_at.dataset,
        asked_limits(request, address_fields(request), engine.limits),
        rows_as,
        None,
        text,
        looked_at.union,
        engine.settings.base,
    )


def _visible(
    kept: Iterable[KeptQuestion], caller: Caller, folders: tuple[Path, ...]
) -> Iterator[Askable]:
    for one in kept:
        if not may_see(one, caller):
            continue
        try:
            yield _askable(one, read(folders, one.id, one.text, one.summary))
        except RequestRefused as error:
            # What it is about may have gone from the vocabulary since.
            bare = SavedQuestion(
                one.id, one.summary, "", (), (), (), None, one.text, Path(f"{one.id}.rq")
            )
            yield _askable(one, bare, problem=error.what)


def _askable(one: KeptQuestion, question: SavedQuestion, problem: str = "") -> Askable:
    return Askable(question, one.owner, one.private, one.revision, one.made, problem)


def _reserved(one: SavedQuestion) -> str:
    wrong = [parameter.name for parameter in one.parameters if parameter.name in RESERVED]
    return f"no parameter can be called {', '.join(wrong)}" if wrong else ""


def _refused(what: str) -> RequestRefused:
    return RequestRefused(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        f"The question is not as it must be: {what}"[:1000],
        "GET the query of another one, as at /questions/who-uses-package/query, to see the form",
    )
