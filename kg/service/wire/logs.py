"""The log: a line for each thing that happened, as JSON for programs or as text for people.

It holds no token and no body; texts of queries only where a setting says so.
"""

import logging
import sys
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TextIO

import orjson

from kg.service.settings import Settings

HEADER = "X-Request-Id"
"""The header that has the id of a request."""

REQUEST: ContextVar[str] = ContextVar("request", default="")
"""The id of the request that is being answered; empty outside of one."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A request that was answered: its id, what was asked, and what became of it."""

    request: str
    method: str
    path: str
    status: int
    size: int
    seconds: float
    caller: str
    query: str = ""


_TOLD = "told"
_LOGGERS = ("mismatch", "uvicorn")


def configure(settings: Settings, stream: TextIO | None = None) -> None:
    """Let all that the service and its server log go to standard error, or to another stream."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_Json() if settings.log_format == "json" else _Text())
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.propagate = False
        logger.setLevel(settings.log_level.upper())
    if settings.log_level == "info":
        # That a server starts and stops is told by ourselves.
        logging.getLogger("uvicorn").setLevel(logging.WARNING)


def tell(message: str, level: int = logging.INFO, **told: object) -> None:
    """Log that something happened, and what is to be known of it."""
    logging.getLogger("mismatch").log(level, message, extra={_TOLD: told})


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return orjson.dumps(_members(self, record), default=str).decode()


class _Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        found = dict(_members(self, record))
        head = f"{found.pop('time')} {found.pop('level')} {found.pop('message')}"
        trace = found.pop("traceback", None)
        told = " ".join(f"{name}={value}" for name, value in found.items())
        return "\n".join(filter(None, [f"{head} {told}".rstrip(), trace]))


def _members(formatter: logging.Formatter, record: logging.LogRecord) -> Mapping[str, Any]:
    time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    request = REQUEST.get()
    return {
        "time": time,
        "level": record.levelname.lower(),
        "message": record.getMessage().strip(),
        **({"request": request} if request else {}),
        **getattr(record, _TOLD, {}),
        **({"traceback": formatter.formatException(record.exc_info)} if record.exc_info else {}),
    }
