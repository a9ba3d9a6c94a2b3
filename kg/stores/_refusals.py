"""What an endpoint means that answers with anything but success."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import NoReturn

import orjson

from kg.errors import (
    QueryFailed,
    QueryRefused,
    QueryTimedOut,
    QueryTooLarge,
    StoreBusy,
    StoreError,
    StoreUnreachable,
)
from kg.outgoing import Answer

SHOW = "Set MISMATCH_STORE_USER and MISMATCH_STORE_PASSWORD, or MISMATCH_STORE_TOKEN"
NAME = "Name the address where it is asked, as in http://host:port/sparql"
_CHECK = "Check MISMATCH_STORE_USER and MISMATCH_STORE_PASSWORD, or MISMATCH_STORE_TOKEN"
_TOLD = 300
_BARRED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
_FAULTS: Mapping[int, type[StoreError]] = {
    HTTPStatus.BAD_REQUEST: QueryRefused,
    HTTPStatus.NOT_FOUND: StoreUnreachable,
    HTTPStatus.METHOD_NOT_ALLOWED: StoreUnreachable,
    HTTPStatus.NOT_ACCEPTABLE: StoreUnreachable,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: StoreUnreachable,
    HTTPStatus.REQUEST_TIMEOUT: QueryTimedOut,
    HTTPStatus.GATEWAY_TIMEOUT: QueryTimedOut,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: QueryTooLarge,
    HTTPStatus.INSUFFICIENT_STORAGE: QueryTooLarge,
    HTTPStatus.TOO_MANY_REQUESTS: StoreBusy,
    HTTPStatus.SERVICE_UNAVAILABLE: StoreBusy,
}


class Barred(StoreUnreachable):
    """The endpoint wants to know who calls, or lets others in alone."""


def refuse(answer: Answer, what: str, url: str, *, shown: bool) -> NoReturn:
    """Raises what an answer that is no good one tells of; whether credentials were `shown` says
    what to do next.
    """
    status, said = answer.status, _said(answer)
    # Virtuoso tells by its own number that a user may not.
    if status in _BARRED or "SR186" in said:
        raise Barred(f"{url} does not let us in: {status}", _CHECK if shown else SHOW)
    kind = _FAULTS.get(status, QueryFailed)
    if kind is StoreUnreachable or status in range(300, 400):
        elsewhere = answer.headers.get("location", "")
        aside = f", and {elsewhere[:200]} to look" if elsewhere else ""
        raise StoreUnreachable(f"{url} takes no {what}: it answers {status}{aside}", NAME)
    raise kind(f"The endpoint answers {status} to the {what}: {said}", "Correct it")


def media(answer: Answer) -> str:
    """The type of what an answer brings, without parameters."""
    return answer.headers.get("content-type", "").partition(";")[0].strip().lower()


def _said(answer: Answer) -> str:
    """What an answer says is wrong, in one line."""
    text = answer.body.decode("utf-8", "replace")
    if media(answer).endswith("json"):
        try:
            found = orjson.loads(answer.body)
            text = str(found.get("detail") or found.get("message") or text)
        except (orjson.JSONDecodeError, AttributeError):
            pass
    return " ".join(text.split())[:_TOLD] or "nothing else"
