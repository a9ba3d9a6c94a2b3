"""Reads the model cards that the Model Card Toolkit writes as JSON: version, licence, data,
results, uses and limitations.

Pictures are not looked into. A card says of its data only whether they are for training by what
they are called, so data that have no other name are passed over.
"""

import re

from kg.importers._facts import ATTRIBUTES as FACTS
from kg.importers._facts import Facts, own_model
from kg.importers._linked_data import items
from kg.importers._mappings import mapping, table
from kg.importers._told import Told
from kg.importers._told_results import ATTRIBUTES as RESULTS
from kg.reading import read_json
from kg.statements import Reading, Source

TITLE = "Model cards (Model Card Toolkit)"
FILES = "JSON files that begin with `model_details` or `model_parameters`"
BY_CONTENT = True

STATES = frozenset(
    {"name", *RESULTS.values()}
    | {*FACTS.values()} - {FACTS[kind] for kind in ("task", "family of task", "setting", "value")}
)

_BEGINNING = re.compile(
    rb'\{\s*(?:"schema_version"\s*:\s*"[^"]*"\s*,\s*)?"model_(?:details|parameters)"\s*:\s*\{'
)
_TEXTS = {"name": "name", "overview": "description"}
_CONSIDERED = {"users": "use", "use_cases": "use"}


def claims(source: Source) -> bool:
    """Whether the file begins as such cards do."""
    head = source.plain
    return source.suffix == ".json" and bool(_BEGINNING.search(head))


def read(source: Source) -> Reading:
    """The model that the card describes."""
    tree = read_json(source.text())
    whole, notes = mapping(tree, "The card is not an object", "Let the toolkit write it again")
    told = Told(notes, tree)
    facts = Facts(notes.about(own_model(source)), told, source.vocabulary)
    _take_details(facts, whole)
    _take_parameters(facts, whole)
    analysis = table(whole, "quantitative_analysis")
    metrics = "performance_metrics"
    facts.results.take(analysis.get(metrics), ("quantitative_analysis", metrics))
    _take_considerations(facts, whole)
    facts.finish()
    return notes.reading(source.path)


def _take_details(facts: Facts, card: object) -> None:
    details = table(card, "model_details")
    for key, kind in _TEXTS.items():
        facts.text(kind, details.get(key), ("model_details", key))
    facts.version("model_details", "version", "name")
    for key in ("licenses", "license"):
        listed = list(items(details.get(key), ("model_details", key)))
        if len(listed) > 1:
            facts.told.pass_over("how several licences go together is not said", *listed[0][1])
        for value, at in listed if len(listed) == 1 else ():
            said = table(value)
            named = next((k for k in ("identifier", "custom_text") if said.get(k)), None)
            where = (*at, named) if named else at
            facts.licence(facts.told.said(*where), *where)


def _take_parameters(facts: Facts, card: object) -> None:
    """State architecture and data; what the formats say in words, no other source does."""
    said = table(card, "model_parameters")
    at = ("model_parameters",)
    facts.algorithm(*at, "model_architecture")
    data = said.get("data")
    # The first cards kept the data under the names of their roles.
    roles = {"train": "trained on", "eval": "evaluated on"}
    if isinstance(data, dict):
        for key, role in roles.items():
            if inner := table(data, key):
                facts.data(str(inner.get("name") or ""), *at, "data", key, role=role)
    for value, inner_at in items(data if isinstance(data, list) else None, (*at, "data")):
        name = table(value).get("name")
        facts.data(name if isinstance(name, str) else "", *inner_at)
    facts.told.left([key for key in said if "put_format" in key], *at)


def _take_considerations(facts: Facts, card: object) -> None:
    said = table(card, "considerations")
    for key, kind in _CONSIDERED.items():
        for value, at in items(said.get(key), ("considerations", key)):
            facts.purpose(kind, *_described(value, at))
    for value, at in items(said.get("limitations"), ("considerations", "limitations")):
        facts.weakness(*_described(value, at))
    for value, at in items(said.get("tradeoffs"), ("considerations", "tradeoffs")):
        where = _described(value, at)
        facts.text("assumption", facts.told.given(*where), where)
    risks = "ethical_considerations"
    for value, at in items(said.get(risks), ("considerations", risks)):
        facts.purpose("risk", *(*at, "name") if isinstance(value, dict) else at)


def _described(value: object, steps: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Where the text of a consideration stands: the first cards had it in the list itself."""
    return (*steps, "description") if isinstance(value, dict) else steps
