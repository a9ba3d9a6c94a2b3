"""The description of the API at `/openapi.json`: what stands beside the routes, completed.

A route says what it takes and answers, and which refusals are its own. What follows for every route
from what it takes is added here, with the one shape of errors, who may ask, and an order.
"""

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from kg.service.openapi import operations
from kg.service.openapi.refusals import REFUSALS, refusal
from kg.service.openapi.words import DESCRIPTION, OF_PROJECTS, TAGS
from kg.service.settings import Settings
from kg.service.wire.problems import Problem

_BY_FASTAPI = ("HTTPValidationError", "ValidationError")

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


def describe(app: FastAPI, settings: Settings) -> None:
    """Let an application describe itself so, without what it does not serve."""
    plain = app.openapi

    left_out = OF_PROJECTS if settings.serves == "graphs" else ()

    @cache
    def described() -> dict[str, Any]:
        return completed(plain(), left_out)

    app.openapi = described  # type: ignore[method-assign] # as FastAPI wants it to be done


def completed(document: Mapping[str, Any], left_out: Collection[str] = ()) -> dict[str, Any]:
    """The description that FastAPI makes of the routes, with what holds for all of them, in the
    order of their tags; those that are left out are not told of.
    """
    schemas = dict(document["components"]["schemas"])
    for name in _BY_FASTAPI:
        schemas.pop(name, None)
    schemas[Problem.__name__] = Problem.model_json_schema()
    paths = {
        path: {
            method: operations.described(path, method, told, schemas)
            for method, told in each.items()
        }
        for path, each in document["paths"].items()
        if _tag(each) not in left_out
    }
    return {
        **document,
        "tags": [one for one in document["tags"] if one["name"] not in left_out],
        "paths": dict(sorted(paths.items(), key=lambda one: (_rank(_tag(one[1])), one[0]))),
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "responses": {name: refusal(status) for status, name in REFUSALS.items()},
            "securitySchemes": SECURITY,
        },
        "security": [{}, {"bearer": []}],
    }


def _tag(operations_of: Mapping[str, Any]) -> str:
    """The tag of a path, which all its operations have."""
    tag: str = next(iter(operations_of.values()))["tags"][0]
    return tag


def _rank(tag: str) -> int:
    """Where a tag stands; one without words is the last."""
    tags = list(TAGS)
    return tags.index(tag) if tag in tags else len(tags)
