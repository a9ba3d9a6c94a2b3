"""The description of the API at `/openapi.json`: what stands beside the routes, completed.

A route says what it takes and answers, and which refusals are its own. What follows for every route
from what it takes is added here, with the one shape of errors, who may ask, and an order.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from kg.service.openapi.refusals import PAGED, REFUSALS, refusal
from kg.service.openapi.words import DESCRIPTION, TAGS
from kg.service.problems import Problem
from kg.service.settings import Settings

_COMPONENTS = "#/components/"
_SCHEMAS = f"{_COMPONENTS}schemas/"
_BY_FASTAPI = ("HTTPValidationError", "ValidationError")
_JSON = "application/json"
_WORDLESS = "Successful Response"
_WORDS = {"200": "What was asked for", "201": "It is made", "204": "It is done"}
_SAYS_NOTHING = {"type", "title", "description", "examples", "default"}
_KNOWN = {"description": "The client has it already, as it said in `If-None-Match`"}

SECURITY = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "A token that the operator made, or one of the identity provider that the "
        "service trusts. What is public can be read without.",
    }
}


def said(settings: Settings) -> dict[str, Any]:
    """What an application is told of itself, for its description."""
    return {
        "summary": "Mismatch between the parts of ML-enabled systems, across projects",
        "description": DESCRIPTION,
        "license_info": {"name": "Apache License 2.0", "identifier": "Apache-2.0"},
        "openapi_tags": [{"name": name, "description": words} for name, words in TAGS.items()],
        "servers": [{"url": settings.base.rstrip("/")}],
        "generate_unique_id_function": operation_id,
    }


def operation_id(route: APIRoute) -> str:
    """The id of an operation: the name of its route."""
    return route.name


def describe(app: FastAPI) -> None:
    """Let an application describe itself so."""
    plain = app.openapi

    @cache
    def described() -> dict[str, Any]:
        return completed(plain())

    app.openapi = described  # type: ignore[method-assign] # as FastAPI wants it to be done


def completed(document: Mapping[str, Any]) -> dict[str, Any]:
    """The description that FastAPI makes of the routes, with what holds for all of them."""
    schemas = dict(document["components"]["schemas"])
    for name in _BY_FASTAPI:
        schemas.pop(name, None)
    schemas[Problem.__name__] = Problem.model_json_schema()
    operations = {
        path: {method: _operation(path, method, told, schemas) for method, told in each.items()}
        for path, each in document["paths"].items()
    }
    return {
        **document,
        "paths": dict(sorted(operations.items(), key=lambda pair: _place(*pair))),
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "responses": {name: refusal(status) for status, name in REFUSALS.items()},
            "securitySchemes": SECURITY,
        },
        "security": [{}, {"bearer": []}],
    }


def _operation(
    path: str, method: str, told: Mapping[str, Any], schemas: dict[str, Any]
) -> dict[str, Any]:
    """One operation, whose errors refer to those of all; what its body is joins the schemas."""
    body = told.get("requestBody")
    content = {} if body is None else {"requestBody": _named(body, schemas)}
    answers = {
        status: _worded(status, _named(one, schemas))
        for status, one in told["responses"].items()
        if not _is_refusal(status, one)
    }
    refused = {HTTPStatus(int(status)) for status in told["responses"].keys() - answers.keys()}
    if _BY_FASTAPI[0] in str(told["responses"]) and not any(
        map(_may_be_wrong, told.get("parameters", ()))
    ):
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
        "content" not in response or _BY_FASTAPI[0] in str(response)
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
            schemas[schema["title"]] = {key: schema[key] for key in schema if key != "$defs"}
            content[media] = {**one, "schema": {"$ref": f"{_SCHEMAS}{schema['title']}"}}
    return {**told, "content": content} if content else dict(told)


def _worded(status: str, answer: dict[str, Any]) -> dict[str, Any]:
    """The answer in words of ours, where the route has none."""
    if answer["description"] != _WORDLESS:
        return answer
    return {**answer, "description": _WORDS[status]}


def _place(path: str, operations: Mapping[str, Any]) -> tuple[int, str]:
    """Where a path stands: with those of its tag."""
    tag = next(iter(operations.values()))["tags"][0]
    return list(TAGS).index(tag), path
