"""Reads Prometheus: from which ports of which services it collects metrics, and when it alerts.

Which service a target is, its host tells: the name of a service that another file describes, or
nothing but this machine. A target that is Prometheus itself, under its own name, says nothing.
"""

import re
from collections.abc import Iterator, Mapping

from kg.importers._environments import place, shortened
from kg.importers._images import serves_no_model
from kg.importers._manifests import is_template, listed
from kg.importers._mappings import mapping
from kg.importers._promql import level, metrics
from kg.reading import Tree, read_yaml
from kg.statements import Node, Notes, Place, Reading, Source

TITLE = "Prometheus (scrape configuration, alert rules)"
BY_CONTENT = True
FILES = "YAML files with `scrape_configs`, or with `groups` of rules that have an `expr`"
STATES = frozenset(
    {"scrapedPort", "otherCollectedMetric", "name", "implementation", "operator", "threshold"}
)

ATTRIBUTES = {
    "port": "scrapedPort",
    "metric": "otherCollectedMetric",
    "how": "implementation",
    "operator": "operator",
    "threshold": "threshold",
}

_SUFFIXES = {".yaml", ".yml"}
_SCRAPING = re.compile(rb"""^["']?scrape_configs["']?\s*:""", re.MULTILINE)
_RULES = re.compile(
    rb"""^["']?groups["']?\s*:.*^\s*(?:-\s+)?["']?expr["']?\s*:""", re.MULTILINE | re.DOTALL
)
_TARGET = re.compile(r"(?:https?://)?(?P<host>\[[^\]]+\]|[^:/\s]+)(?::(?P<port>\d{1,5}))?(?:/.*)?")
_HERE = re.compile(
    r"localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]|host\.docker\.internal|\d+(?:\.\d+){3}"
)
# Monitors, exporters and stores, by what is in the name of a job or host.
_OTHERS = re.compile(
    r"exporter|cadvisor|alertmanager|pushgateway|grafana|postgres|redis|mysql|mongo|kafka|rabbit"
    r"|blackbox|node[-_]?(?:metrics|export)|^nodes?$|minio|nginx|traefik|loki|jaeger|prometheus",
    re.IGNORECASE,
)
_LAST_PORT = 65_535


def claims(source: Source) -> bool:
    """Whether the first bytes hold a list of what to scrape, or of rules."""
    if source.suffix not in _SUFFIXES:
        return False
    head = source.plain
    # Words are found far sooner than patterns.
    scrapes = b"scrape_configs" in head and _SCRAPING.search(head)
    return bool(scrapes or (b"groups" in head and _RULES.search(head)))


def read(source: Source) -> Reading:
    """What is collected from services that other files describe."""
    tree = read_yaml(source.text())
    whole, notes = mapping(tree, "The file is not a mapping", "Write it as Prometheus expects it")
    for key in ("scrape_configs", "groups"):
        if not isinstance(whole.get(key), list | None):
            notes.problem(f"`{key}` is not a list", tree.line(f"/{key}"))
    for number, job in listed(whole.get("scrape_configs")):
        _take_job(tree, notes, number, job)
    for number, group in listed(whole.get("groups")):
        for at, rule in listed(group.get("rules")):
            _take_rule(tree, notes, ("groups", number, "rules", at), rule)
    return notes.reading(source.path)


def _take_job(tree: Tree, notes: Notes, number: int, job: Mapping[str, object]) -> None:
    """Take down the ports that a job scrapes."""
    name = str(job.get("job_name") or "")
    where = place(tree, "scrape_configs", number)
    targets = list(_targets(tree, number, job))
    for text, at in targets:
        found = _TARGET.fullmatch(text)
        if is_template(text) or not found:
            notes.pass_over(f"which target {shortened(text)} is, is said elsewhere", at.line)
        elif (
            _OTHERS.search(name) or _OTHERS.search(found["host"]) or serves_no_model(found["host"])
        ):
            notes.pass_over(f"{shortened(text)} ({shortened(name)}) serves no model", at.line)
        else:
            here = bool(_HERE.fullmatch(found["host"]))
            host = "" if here else found["host"].partition(".")[0]
            node = Node("OperationalEnvironment", host, mentioned=True)
            port = int(found["port"] or (443 if job.get("scheme") == "https" else 80))
            if 0 < port <= _LAST_PORT:
                about = notes.about(node)
                about.state(ATTRIBUTES["port"], port, line=at.line, pointer=at.pointer, given=text)
    if not targets:
        because = f"{shortened(name)}: what it scrapes is found out when it runs"
        notes.pass_over(because, where.line, where.pointer)


def _targets(tree: Tree, number: int, job: Mapping[str, object]) -> Iterator[tuple[str, Place]]:
    for at, config in listed(job.get("static_configs")):
        named = config.get("targets")
        for index, target in enumerate(named if isinstance(named, list) else []):
            steps = ("scrape_configs", number, "static_configs", at, "targets", index)
            if isinstance(target, str):
                yield target, place(tree, *steps)


def _take_rule(
    tree: Tree, notes: Notes, steps: tuple[str | int, ...], rule: Mapping[str, object]
) -> None:
    """Take down the metrics that an alert heeds, with its level where it has one."""
    expression, alert = rule.get("expr"), rule.get("alert")
    at = place(tree, *steps, "expr")
    if not isinstance(alert, str) or not isinstance(expression, str):
        notes.pass_over("a rule that alerts of nothing only works out a series", at.line)
        return
    about = notes.about(Node("OperationalEnvironment", mentioned=True))
    compared = level(expression)
    for name in metrics(expression):
        if _OTHERS.match(name):
            notes.pass_over(f"{shortened(name)} is no metric of a model", at.line, at.pointer)
            continue
        metric = about.part(ATTRIBUTES["metric"], name, line=at.line, pointer=at.pointer)
        how = f"Prometheus, alert {shortened(alert)}"
        metric.state(ATTRIBUTES["how"], how, line=at.line, pointer=at.pointer)
        if compared and compared[0] == name:
            _, operator, value = compared
            line, where = at.line, at.pointer
            metric.state(
                ATTRIBUTES["operator"], operator, line=line, pointer=where, given=expression
            )
            metric.state(ATTRIBUTES["threshold"], value, line=line, pointer=where, given=expression)
