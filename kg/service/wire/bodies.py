"""Bodies that say what somebody wants: JSON, bounded, held against what it must be."""

from collections.abc import Mapping
from typing import Any, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError

from kg.service.engine import engine_of
from kg.service.wire.problems import SENTENCE
from kg.service.wire.requests import body, wrong

Wanted = TypeVar("Wanted", bound=BaseModel)

_PARTS = "multipart/form-data"
_FILE: Mapping[str, str] = {"type": "string", "format": "binary"}


async def wanted(request: Request, kind: type[Wanted]) -> Wanted:
    """What the body says, as a record of that kind; raises RequestRefused.

    Nothing else may stand there, because what is misspelled would be lost.
    """
    settings = engine_of(request).settings
    sent = await body(request, settings.body_length, settings.body_seconds)
    try:
        return kind.model_validate_json(sent.text or "{}")
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(map(str, first["loc"]))
        said = first["msg"].removeprefix(SENTENCE)
        what = f"{name}: {said}" if name else f"The body is wrong: {said}"
        raise wrong(what, f"Send JSON with {', '.join(kind.model_fields)}") from error


def says(kind: type[BaseModel], *, required: bool = True) -> dict[str, Any]:
    """How the description of the API tells of such a body."""
    schema = {"schema": kind.model_json_schema(ref_template="#/components/schemas/{model}")}
    return {"requestBody": {"required": required, "content": {"application/json": schema}}}


def takes(*media_types: str) -> dict[str, Any]:
    """How the description of the API tells of a body that is a file, or several in parts."""
    content = {one: {"schema": _as_file(one)} for one in media_types}
    return {"requestBody": {"required": True, "content": content}}


def sends(media_type: str) -> dict[int | str, dict[str, Any]]:
    """How the description of the API tells of an answer that is a file."""
    return {200: {"description": "The file", "content": {media_type: {"schema": _FILE}}}}


def _as_file(media_type: str) -> Mapping[str, Any]:
    if media_type == _PARTS:
        return {"type": "object", "additionalProperties": _FILE}
    return {"type": "object"} if "json" in media_type else _FILE
