"""How errors look over HTTP: one table of statuses, and one shape, `application/problem+json`."""

from http import HTTPStatus

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.routing import Match

from kg.disks import failed, is_full
from kg.errors import (
    CallFailed,
    DescriptorError,
    DiskFull,
    JudgementTimedOut,
    JudgementTooLarge,
    KgError,
    KnowledgeError,
    NotAllowed,
    NotFound,
    ParameterInvalid,
    QueryCancelled,
    QueryFailed,
    QueryRefused,
    QueryTimedOut,
    QueryTooLarge,
    StoreBusy,
    StoreError,
)
from kg.namespaces import iri, kebab
from kg.service.access import TokenLacking
from kg.service.wire.logs import REQUEST

MEDIA_TYPE = "application/problem+json"
SENTENCE = "Value error, "
"""With what pydantic begins the sentences of those who check for it."""

_STATUSES: dict[type[KgError], HTTPStatus] = {
    KnowledgeError: HTTPStatus.INTERNAL_SERVER_ERROR,
    DescriptorError: HTTPStatus.BAD_REQUEST,
    QueryRefused: HTTPStatus.BAD_REQUEST,
    QueryFailed: HTTPStatus.UNPROCESSABLE_ENTITY,
    QueryTimedOut: HTTPStatus.GATEWAY_TIMEOUT,
    QueryTooLarge: HTTPStatus.INSUFFICIENT_STORAGE,
    QueryCancelled: HTTPStatus.CONFLICT,
    DiskFull: HTTPStatus.INSUFFICIENT_STORAGE,
    StoreBusy: HTTPStatus.SERVICE_UNAVAILABLE,
    StoreError: HTTPStatus.SERVICE_UNAVAILABLE,
    ParameterInvalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    JudgementTimedOut: HTTPStatus.GATEWAY_TIMEOUT,
    JudgementTooLarge: HTTPStatus.INSUFFICIENT_STORAGE,
    CallFailed: HTTPStatus.BAD_GATEWAY,
    NotFound: HTTPStatus.NOT_FOUND,
    TokenLacking: HTTPStatus.UNAUTHORIZED,
    NotAllowed: HTTPStatus.FORBIDDEN,
}
_RETRY = "2"


class Problem(BaseModel):
    """What is wrong, where, and what to do next; by RFC 9457, with a hint and a place."""

    type: str = Field(description="An IRI for this kind of error")
    title: str = Field(description="The status in words")
    status: int
    detail: str = Field(description="What is wrong")
    hint: str = Field(description="What to do next")
    file: str | None = Field(None, description="The file that it is in")
    line: int | None = Field(None, description="The line that it is in, from 1")
    request: str | None = Field(None, description="What the request is called in the logs")


class RequestRefused(KgError):
    """The request itself is wrong, as HTTP or as the protocol sees it."""

    def __init__(self, status: HTTPStatus, what: str, hint: str) -> None:
        super().__init__(what, hint)
        self.status = status


def status_of(error: Exception) -> HTTPStatus:
    """The status of an error; what nobody foresaw is ours.

    >>> int(status_of(QueryTimedOut("It took too long", ""))), int(status_of(KeyError("x")))
    (504, 500)
    """
    if isinstance(error, RequestRefused):
        return error.status
    found = (status for kind, status in _STATUSES.items() if isinstance(error, kind))
    return next(found, HTTPStatus.INTERNAL_SERVER_ERROR)


def problem(error: KgError, headers: dict[str, str] | None = None) -> Response:
    """The response that tells of an error."""
    status = status_of(error)
    place = {name: getattr(error, name, None) for name in ("file", "line")}
    body = {
        "type": iri(f"problem/{kebab(type(error).__name__)}"),
        "title": status.phrase,
        "status": int(status),
        "detail": error.what,
        "hint": error.hint,
        **{name: value for name, value in place.items() if value is not None},
        **({"request": REQUEST.get()} if REQUEST.get() else {}),
    }
    more = {"Retry-After": _RETRY} if isinstance(error, StoreBusy) else {}
    if challenge := getattr(error, "challenge", None):
        more["WWW-Authenticate"] = challenge
    return Response(
        orjson.dumps(body), int(status), {**more, **(headers or {})}, media_type=MEDIA_TYPE
    )


def fault() -> KgError:
    """What is told of an error that nobody foresaw."""
    return KgError("This is a fault of the service, not yours", "Tell its operator")


def tell_problems(app: FastAPI) -> None:
    """Make the application answer every error that can be foreseen in that shape."""
    app.add_exception_handler(KgError, _known)
    app.add_exception_handler(OSError, _by_system)
    app.add_exception_handler(HTTPException, _by_http)
    app.add_exception_handler(RequestValidationError, _invalid)


async def _known(_: Request, error: Exception) -> Response:
    assert isinstance(error, KgError)  # noqa: S101 - it is registered for nothing else
    return problem(error)


async def _by_system(_: Request, error: Exception) -> Response:
    """Tells that a disk is full, whoever wrote to it; anything else nobody foresaw."""
    if not is_full(error):
        raise error
    return problem(failed("What came could not be written", error, ""))


async def _invalid(_: Request, error: Exception) -> Response:
    """Tells which part of an address cannot be what it is."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - it is registered for nothing else
    first = error.errors()[0]
    name = ".".join(map(str, first["loc"][1:])) or "The request"
    what = f"{name[:80]}: {first['msg'].removeprefix(SENTENCE)}"
    hint = "Correct it; /openapi.json says what it may be"
    return problem(RequestRefused(HTTPStatus.UNPROCESSABLE_ENTITY, what, hint))


async def _by_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - it is registered for nothing else
    path = request.url.path
    status = HTTPStatus(error.status_code)
    # Routes of whole paths take no line break, so others of the same path would seem to be all.
    if status is HTTPStatus.METHOD_NOT_ALLOWED and "\n" in request.scope["path"]:
        status = HTTPStatus.NOT_FOUND
    if status is not HTTPStatus.METHOD_NOT_ALLOWED:
        return problem(
            RequestRefused(status, f"There is nothing at {path}", "Look at /openapi.json")
        )
    allowed = {"Allow": ", ".join(methods(request))}
    if request.method == "OPTIONS":
        return Response(status_code=HTTPStatus.NO_CONTENT, headers=allowed)
    wrong = RequestRefused(
        HTTPStatus.METHOD_NOT_ALLOWED,
        f"{path} does not know the method {request.method[:20]}",
        f"Use one of {allowed['Allow']}",
    )
    return problem(wrong, allowed)


def methods(request: Request) -> list[str]:
    """The methods that are known where the request points."""
    known = {
        method
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
        for route in request.app.routes
        if route.matches({**request.scope, "method": method})[0] is Match.FULL
    }
    return sorted(known | {"OPTIONS"} | ({"HEAD"} if "GET" in known else set()))
