"""The errors that the API answers: one shape, and one sentence for each status."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from kg.service.wire.negotiation import PAGE
from kg.service.wire.problems import MEDIA_TYPE, Problem

_SENTENCES: Mapping[HTTPStatus, str] = {
    HTTPStatus.BAD_REQUEST: "The request is not as it must be",
    HTTPStatus.UNAUTHORIZED: "This takes a token, or the token that is shown does not count",
    HTTPStatus.FORBIDDEN: "The caller may not do this",
    HTTPStatus.NOT_FOUND: "It is not there, or the caller may not see it",
    HTTPStatus.NOT_ACCEPTABLE: "There is none of the formats that the client takes",
    HTTPStatus.REQUEST_TIMEOUT: "The body was too long in coming",
    HTTPStatus.CONFLICT: "What is there stands against it",
    HTTPStatus.PRECONDITION_FAILED: "It has changed since the client read it",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is too long",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The body is of a type that is not read here",
    HTTPStatus.UNPROCESSABLE_ENTITY: "The request can be read, but what it says cannot be done",
    HTTPStatus.NOT_IMPLEMENTED: "The service lacks what this takes",
    HTTPStatus.BAD_GATEWAY: "Another service that was called did not answer as it should",
    HTTPStatus.SERVICE_UNAVAILABLE: "There is too much to do just now, or nothing can be stored",
    HTTPStatus.GATEWAY_TIMEOUT: "It took longer than it may",
    HTTPStatus.INSUFFICIENT_STORAGE: "It takes more memory or room than it may",
}
_HEADERS: Mapping[HTTPStatus, tuple[str, str]] = {
    HTTPStatus.UNAUTHORIZED: ("WWW-Authenticate", "Which token it takes"),
    HTTPStatus.SERVICE_UNAVAILABLE: ("Retry-After", "Seconds after which to ask again"),
}

PAGED: Mapping[str, Any] = {PAGE.names[0]: {"schema": {"type": "string"}}}
"""What a browser gets instead."""

REFUSALS: Mapping[HTTPStatus, str] = {
    status: status.name.title().replace("_", "") for status in _SENTENCES
}
"""What the response with each status is called."""


def refusal(status: HTTPStatus) -> dict[str, Any]:
    """The response with that status, as the description of the API tells it."""
    schema = {"$ref": f"#/components/schemas/{Problem.__name__}"}
    told: dict[str, Any] = {
        "description": _SENTENCES[status],
        "content": {MEDIA_TYPE: {"schema": schema}, **PAGED},
    }
    if status in _HEADERS:
        name, words = _HEADERS[status]
        told["headers"] = {name: {"description": words, "schema": {"type": "string"}}}
    return told


def refuses(*statuses: HTTPStatus) -> dict[int | str, dict[str, Any]]:
    """How a route says which errors are its own, beside those that follow from what it takes."""
    return {int(status): {} for status in statuses}
