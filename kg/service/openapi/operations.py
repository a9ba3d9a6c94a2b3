"""Completes what the description of the API says of an operation: errors, and named schemas."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from kg.service.openapi.refusals import PAGED, REFUSALS

_COMPONENTS = "#/components/"
_SCHEMAS = f"{_COMPONENTS}schemas/"
_BY_FASTAPI = "HTTPValidationError"
_JSON = "application/json"
_WORDLESS = "Successful Response"
_WORDS = {"200": "What was asked for", "201": "It is made", "204": "It is done"}
_SAYS_NOTHING = {"type", "title", "description", "examples", "default"}
_KNOWN = {"description": "The client has it already, as it said in `If-None-Match`"}


def described(
    path: str, method: str, told: Mapping[str, Any], schemas: dict[str, Any]
) -> dict[str, Any]:
    """An operation of FastAPI's, completed; the schemas of its body and answers join the others."""
    body = told.get("requestBody")
    content = {} if body is None else {"requestBody": _named(body, schemas)}
    answers = {
        status: _worded(status, _named(one, schemas))
        for status, one in told["responses"].items()
        if not _is_refusal(status, one)
    }
    refused = {HTTPStatus(int(status)) for status in told["responses"].keys() - answers.keys()}
    checked = any(map(_may_be_wrong, told.get("parameters", ())))
    if _BY_FASTAPI in str(told["responses"]) and not checked:
        refused.discard(HTTPStatus.UNPROCESSABLE_ENTITY)
    refused.update(_implied(path, method, {**told, "responses": answers}))
    references = {
        str(int(status)): {"$ref": f"{_COMPONENTS}responses/{REFUSALS[status]}"}
        for status in sorted(refused)
    }
    if method == "get" and told["tags"] != ["Operations"]:
        answers.setdefault("304", _KNOWN)
        answers["200"]["content"] |= PAGED if _JSON in answers["200"]["content"] else {}
    return {**told, **content, "responses": {**dict(sorted(answers.items())), **references}}


def _is_refusal(status: str, response: Mapping[str, Any]) -> bool:
    """Whether a response is an error of the shape that all have, or of FastAPI's own."""
    return int(status) >= HTTPStatus.BAD_REQUEST and (
        "content" not in response or _BY_FASTAPI in str(response)
    )


def _implied(path: str, method: str, told: Mapping[str, Any]) -> Iterator[HTTPStatus]:
    """The errors that follow from what an operation takes and answers."""
    yield from (HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED)
    if "{" in path:
        yield HTTPStatus.NOT_FOUND
    if method != "get":
        yield from (HTTPStatus.FORBIDDEN, HTTPStatus.SERVICE_UNAVAILABLE)
    if any("content" in one for one in told["responses"].values()):
        yield HTTPStatus.NOT_ACCEPTABLE
    if "requestBody" in told:
        yield HTTPStatus.REQUEST_TIMEOUT
        yield HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        yield HTTPStatus.UNSUPPORTED_MEDIA_TYPE


def _may_be_wrong(parameter: Mapping[str, Any]) -> bool:
    """Whether a parameter that FastAPI reads can have a value that it refuses."""
    schema = parameter["schema"]
    kinds = [one for one in schema.get("anyOf", [schema]) if one != {"type": "null"}]
    return any(one.get("type") != "string" or one.keys() - _SAYS_NOTHING for one in kinds)


def _named(told: Mapping[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """A body or an answer with references in place of the schemas that have a name, which join
    those of all, as programs like it.
    """
    content = dict(told.get("content", {}))
    for media, one in content.items():
        schema = one.get("schema", {})
        if "properties" in schema and "title" in schema:
            schemas.update(schema.get("$defs", {}))
            named = {key: schema[key] for key in schema if key != "$defs"}
            if schemas.setdefault(schema["title"], named) == named:
                content[media] = {**one, "schema": {"$ref": f"{_SCHEMAS}{schema['title']}"}}
    return {**told, "content": content} if content else dict(told)


def _worded(status: str, answer: dict[str, Any]) -> dict[str, Any]:
    """The answer in words of ours, where the route has none."""
    if answer["description"] != _WORDLESS:
        return answer
    return {**answer, "description": _WORDS[status]}
