"""Reads Grafana dashboards: which metrics operations look at.

A dashboard does not say whose metrics it shows, so it only mentions an environment.
"""

import re
from collections.abc import Iterator

from kg.importers._environments import place, shortened
from kg.importers._mappings import mapping, table
from kg.importers._promql import metrics
from kg.reading import Tree, read_json
from kg.statements import Node, Place, Reading, Source

TITLE = "Grafana dashboards (JSON)"
BY_CONTENT = True
FILES = "JSON files that Grafana exports"
STATES = frozenset({"otherCollectedMetric", "name", "implementation"})

ATTRIBUTES = {"metric": "otherCollectedMetric", "how": "implementation"}

_GRAFANA = re.compile(rb'"-- Grafana --"|"type"\s*:\s*"grafana"|"pluginName"\s*:')
_WORDS = (b"panels", b"rows", b"rafana", b"pluginName")
_PANELS = re.compile(rb'"(?:panels|rows)"\s*:\s*\[')
_SHOWN = re.compile(rb'"(?:datasource|gridPos|targets|schemaVersion|refresh)"\s*:')
_OF_MONITORS = re.compile(r"(?:prometheus|grafana|alertmanager|scrape|go)_|up$")
_MOST = 100_000


def claims(source: Source) -> bool:
    """Whether the first bytes are those of a dashboard."""
    if source.suffix != ".json":
        return False
    head = source.plain
    # Words are found far sooner than patterns.
    if not any(word in head for word in _WORDS):
        return False
    panels = _PANELS.search(head) and _SHOWN.search(head)
    return bool(panels or _GRAFANA.search(head))


def read(source: Source) -> Reading:
    """The metrics of every panel."""
    tree = read_json(source.text())
    _, notes = mapping(tree, "The file is not a dashboard", "Let Grafana export it again")
    about = notes.about(Node("OperationalEnvironment", mentioned=True))
    for expression, title, at in _expressions(tree):
        for name in metrics(expression):
            if _OF_MONITORS.match(name):
                because = f"{shortened(name)} is a metric of the monitor itself"
                notes.pass_over(because, at.line, at.pointer)
                continue
            metric = about.part(ATTRIBUTES["metric"], name, line=at.line, pointer=at.pointer)
            how = f"Grafana, panel {shortened(title)}" if title else "Grafana"
            metric.state(ATTRIBUTES["how"], how, line=at.line, pointer=at.pointer)
    return notes.reading(source.path)


def _expressions(tree: Tree) -> Iterator[tuple[str, str, Place]]:
    """The queries of all panels, those within rows too, with the panel's title."""
    top = table(tree.value, "dashboard") or tree.value
    start: tuple[str | int, ...] = ("dashboard",) if table(tree.value, "dashboard") else ()
    waiting: list[tuple[tuple[str | int, ...], object, str]] = [(start, top, "")]
    for _ in range(_MOST):
        if not waiting:
            return
        steps, value, title = waiting.pop()
        if isinstance(value, dict):
            title = str(value.get("title") or "") if "targets" in value else title
            if isinstance(value.get("expr"), str):
                yield str(value["expr"]), title, place(tree, *steps, "expr")
            inner: list[tuple[str | int, object]] = list(value.items())
        elif isinstance(value, list):
            inner = list(enumerate(value))
        else:
            continue
        waiting += [((*steps, key), one, title) for key, one in reversed(inner)]
