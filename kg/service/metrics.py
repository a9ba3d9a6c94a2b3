"""Figures of the service in the text format of Prometheus, for operators."""

import asyncio
import os
from collections import Counter
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from kg.history.figures import Figures, figures
from kg.service.access import require_operator
from kg.service.engine import Engine, caller_of, engine_of
from kg.service.openapi.refusals import refuses

router = APIRouter(tags=["Operations"])

_PAGE = os.sysconf("SC_PAGE_SIZE")
_NOTHING = Figures(0, 0, {})


@router.get(
    "/metrics",
    summary="Figures for Prometheus",
    response_class=PlainTextResponse,
    responses=refuses(HTTPStatus.FORBIDDEN),
)
async def metrics(request: Request) -> Response:
    """For operators, or for everybody where MISMATCH_METRICS says so."""
    engine = engine_of(request)
    if engine.settings.metrics == "operators":
        require_operator(caller_of(request), "Only operators see the figures of the service")
    registry = CollectorRegistry()
    registry.register(_Engine(engine, await _figures(engine)))
    ProcessCollector(registry=registry)
    counted = generate_latest(request.app.state.counts.registry)
    text = counted + await asyncio.to_thread(generate_latest, registry)
    return Response(text, media_type=CONTENT_TYPE_LATEST)


async def _figures(engine: Engine) -> Figures:
    return await asyncio.to_thread(_read, engine) if engine.has_history else _NOTHING


def _read(engine: Engine) -> Figures:
    with engine.kept.history.reading() as connection:
        return figures(connection)


class _Engine(Collector):
    """What an engine can tell of itself."""

    def __init__(self, engine: Engine, kept: Figures) -> None:
        self._engine = engine
        self._kept = kept

    def collect(self) -> Iterator[Metric]:
        """All of it, one family after the other."""
        yield from self._queries()
        yield from self._store()
        if self._engine.has_history:
            yield from self._history()

    def _queries(self) -> Iterator[Metric]:
        readers = self._engine.readers
        stages = Counter(one.stage for one in readers.running)
        yield _gauges(
            "queries",
            "Queries that wait, or are being answered.",
            "stage",
            {stage: stages[stage] for stage in ("waiting", "quick", "slow")},
        )
        ended = CounterMetricFamily(
            "mismatch_queries_ended", "Queries that ended, by how.", labels=("how",)
        )
        lending = self._engine.lending
        for how, count in sorted({**readers.ended, "lent": lending.answered}.items()):
            ended.add_metric((how,), count)
        yield ended
        yield _gauge("connections_lent", "Connections that processes answer on.", lending.lent)
        yield _gauge("workers", "Processes that are ready to answer.", readers.ready)
        memory = sum(map(_own_memory, (*readers.processes, *lending.processes)))
        yield _gauge("workers_memory_bytes", "Memory of these processes alone.", memory)
        yield CounterMetricFamily(
            "mismatch_checkpoints", "Checkpoints of the store that were made.", readers.checkpoints
        )

    def _store(self) -> Iterator[Metric]:
        engine = self._engine
        disk = os.statvfs(engine.folder)
        free = disk.f_bavail * disk.f_frsize
        yield CounterMetricFamily(
            "mismatch_epoch", "Changes of the store since the service started.", engine.writer.epoch
        )
        yield _gauge("disk_free_bytes", "What the disk of the store has left.", free)

    def _history(self) -> Iterator[Metric]:
        kept, file = self._kept, self._engine.kept.history.file
        size = sum(one.stat().st_size for one in file.parent.glob(f"{file.name}*"))
        yield _gauge("history_bytes", "The files of the history.", size)
        yield _gauge("projects", "Projects that are kept.", kept.projects)
        yield _gauge("revisions", "Revisions of all projects.", kept.revisions)
        found = GaugeMetricFamily(
            "mismatch_findings",
            "What the current revisions show.",
            labels=("verdict", "severity"),
        )
        for labels, count in sorted(kept.findings.items()):
            found.add_metric(labels, count)
        yield found


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"mismatch_{name}", text, value)


def _gauges(name: str, text: str, label: str, values: dict[str, int]) -> Metric:
    family = GaugeMetricFamily(f"mismatch_{name}", text, labels=(label,))
    for value, count in values.items():
        family.add_metric((value,), count)
    return family


def _own_memory(process: int) -> int:
    """The bytes that a process has for itself."""
    try:
        pages = Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()
    except OSError:
        return 0
    return (int(pages[1]) - int(pages[2])) * _PAGE
