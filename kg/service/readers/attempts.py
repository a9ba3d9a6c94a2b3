"""A question on its way to a process, and what becomes of its answer."""

import asyncio
from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from kg.disks import ROOM, says_full
from kg.errors import DiskFull, NotFound, QueryFailed, QueryRefused, StoreUnreachable
from kg.namespaces import prefixes
from kg.service.readers.channels import Reply
from kg.service.readers.checkpoints import Checkpoint
from kg.service.readers.records import Answer, Question, Running, spool_path
from kg.service.readers.workers import Worker, too_large
from kg.service.wire.negotiation import ROWS, TRIPLES, not_acceptable
from kg.service.wire.problems import RequestRefused
from kg.stores.oxigraph import placed

_TOLD = 500
_SHOWN = ("mm", "rdf", "rdfs", "xsd")


class Attempt:
    """A question on its way, which may be put to a process more than once."""

    def __init__(
        self,
        question: Question,
        running: Running,
        checkpoint: Checkpoint | None,
        path: Path,
        spool: Path,
    ) -> None:
        self.running = running
        self.checkpoint = checkpoint
        self._question = question
        self._path = path
        self._folder = spool

    def put_to(self, worker: Worker) -> asyncio.Future[Reply]:
        """What a process will answer."""
        self._spool = spool_path(self._folder, self.running.id)
        place = {"checkpoint": str(self._path), "spool": str(self._spool)}
        return worker.ask({**message(self._question), **place})

    async def answer(self, asked: asyncio.Future[Reply]) -> Answer:
        """The answer that a process gives; raises what it says."""
        try:
            found, body = await asked
            _raise(found)
        except ConnectionError as error:
            self._spool.unlink(missing_ok=True)
            raise too_large() from error
        except BaseException:
            self._spool.unlink(missing_ok=True)
            raise
        return Answer(
            kind=found.get("kind", "done"),
            form=found.get("form", ""),
            size=found["size"],
            digest=found["digest"],
            cut=found.get("cut", ""),
            body=body,
            spool=self._spool if found["spooled"] else None,
        )


def message(asked: Question) -> Mapping[str, Any]:
    """A question as a process is told it; the store, and a file for what is large, come beside."""
    return {
        "kind": asked.kind,
        "text": asked.text,
        "base": asked.base,
        "graph": asked.graph,
        "default": asked.dataset.default,
        "named": asked.dataset.named,
        "unseen": asked.dataset.unseen,
        "union": asked.union,
        "told": asked.told,
        "partial": asked.partial,
        "rows_as": asked.rows_as,
        "triples_as": asked.triples_as,
        "rows": asked.limits.rows,
        "bytes": asked.limits.size << 20,
        "memory": asked.limits.memory << 20,
        "prefixes": _shown(),
    }


@cache
def _shown() -> Mapping[str, str]:
    """The prefixes that graphs are written with."""
    return {name: prefixes()[name] for name in _SHOWN if name in prefixes()}


def no_graph() -> NotFound:
    """What is told of a graph that is not there, or not for everybody to see."""
    return NotFound("There is no such graph", "Look for its name with `GRAPH ?g {}`")


def _raise(found: Mapping[str, Any]) -> None:
    """Raises what an answer tells of, if it is no good one."""
    outcome, message = found["outcome"], str(found.get("message", ""))[:_TOLD]
    if outcome == "malformed":
        raise QueryRefused(f"The query is no SPARQL: {placed(message)}", "Correct it there")
    if outcome == "failed":
        raise QueryFailed(f"The query cannot be answered: {message}", "Correct it")
    if outcome == "unreachable" and says_full(message):
        raise DiskFull("There is no room left on the disk for the answer", ROOM)
    if outcome == "unreachable":
        raise StoreUnreachable(f"The query could not be answered: {message}", "Try again later")
    if outcome == "memory":
        raise too_large()
    if outcome == "absent":
        raise no_graph()
    if outcome == "unacceptable":
        raise not_acceptable(ROWS if found["what"] == "rows" else TRIPLES)
    if outcome == "unwritable":
        raise RequestRefused(HTTPStatus.NOT_ACCEPTABLE, message, "Accept another format")
