"""Reads model cards, dataset cards and READMEs in Markdown: front matter, tables, and what a few
usual sentences say.

What is taken from sentences is marked as prose. A README that is no card speaks for its project:
of it only what machines must have, and which software is listed, is stated.
"""

import re

from kg.errors import DescriptorInvalid
from kg.importers._card_body import ATTRIBUTES as BODY
from kg.importers._card_body import NEEDED, PRESENT, Card, heading
from kg.importers._card_tables import ATTRIBUTES as TABLES
from kg.importers._environments import ATTRIBUTES as SOFTWARE
from kg.importers._environments import model, report_duplicates
from kg.importers._front_matter import ATTRIBUTES as FRONT
from kg.importers._front_matter import OF_DATA, OF_MODELS, FrontMatter
from kg.importers._markdown import Page, read_markdown
from kg.importers._measures import ATTRIBUTES as MEASURED
from kg.reading import Tree, read_yaml
from kg.statements import Node, Notes, Reading, Source

TITLE = "Model cards, dataset cards and READMEs (Markdown)"
FILES = "`README.md`, and Markdown files with `card` in their name"
BY_CONTENT = True

STATES = frozenset(
    [
        *BODY.values(),
        *NEEDED.values(),
        *PRESENT.values(),
        *FRONT.values(),
        *TABLES.values(),
        *(MEASURED[kind] for kind in ("measure", "result", "data", "version of the data")),
        *(SOFTWARE[kind] for kind in ("present package", "present framework", "present language")),
        *("name", SOFTWARE["version"]),
    ]
)

_NAMED = re.compile(r"(?i)(?:readme|.*card.*)\.(?:md|markdown)")
_TEMPLATE = re.compile(r"\{\{|\{%|:[ \t]*\{\w+\}|^[ \t]*-[ \t]*\{\w+\}", re.MULTILINE)
_OF_A_MODEL = re.compile(r"(?i)\bmodel[\s_-]*card\b")
_OF_DATA = re.compile(r"(?i)\b(?:data|dataset)[\s_-]*(?:card|sheet)\b|\bdataset$")
_HEADINGS = {
    "model": {
        *("model description", "model detail", "model architecture", "model limitation"),
        *("intended use", "out-of-scope use", "evaluation metric", "performance metric"),
        *("hyperparameter", "model type", "training procedure", "training data", "performance"),
        *("evaluation result", "limitation", "ethical consideration", "evaluation data"),
        *("bias, risks, and limitation", "how to get started with the model", "model use case"),
    },
    "data": {
        *("dataset summary", "dataset description", "dataset feature", "dataset structure"),
        *("data field", "data split", "data instance", "dataset creation", "source data"),
        *("data source", "data preprocessing", "annotation", "dataset usage", "dataset info"),
        *("curation rationale", "considerations for using the data", "data collection"),
    },
}
_FEW = 3


def claims(source: Source) -> bool:
    """Whether the file is a README, or called a card."""
    return bool(_NAMED.fullmatch(source.name))


def read(source: Source) -> Reading:
    """The model or data that a card describes, or what a README says of the project's own."""
    page = read_markdown(source.text())
    notes = Notes()
    front = _front(page, notes)
    kind = _kind(source, page, front)
    card = Card(page, notes, source.vocabulary)
    if kind == "model":
        node = _node(source, "TrainedModel")
        if front:
            FrontMatter(front, notes, source.vocabulary).take_model(notes.about(node))
        card.take_model(node)
    elif kind == "data":
        # What comes with front matter was published for others to train on.
        node = _node(source, "RawData" if front else "TrainingData")
        if front:
            FrontMatter(front, notes, source.vocabulary).take_data(notes.about(node))
        card.take_data(node)
    else:
        card.take_project()
    return notes.reading(source.path)


def _front(page: Page, notes: Notes) -> Tree | None:
    """The front matter, where there is one that says something."""
    if found := _TEMPLATE.search(page.front):
        line = page.front.count("\n", 0, found.end()) + 1
        notes.problem("The front matter is a template that nobody has filled in", line)
        return None
    try:
        tree = read_yaml(page.front) if page.front.strip() else Tree(None)
    except DescriptorInvalid as error:
        notes.problem(f"The front matter is broken: {error.sentences}", error.line)
        return None
    if tree.value is not None and not isinstance(tree.value, dict):
        notes.problem("The front matter is no mapping of keys to values", 2)
        return None
    report_duplicates(tree, notes)
    return tree if tree.value else None


def _kind(source: Source, page: Page, front: Tree | None) -> str:
    """What the file describes: a model, data, or neither; front matter, title and headings tell."""
    keys = set(front.value) if front and isinstance(front.value, dict) else set()
    if keys & OF_DATA and not keys & OF_MODELS:
        return "data"
    if keys & OF_MODELS:
        return "model"
    titles = [section.title for section in page.sections if section.title]
    for text in (*titles[:1], source.path.stem):
        if _OF_A_MODEL.search(text):
            return "model"
        if _OF_DATA.search(text):
            return "data"
    met = {kind: len(known & set(map(heading, titles))) for kind, known in _HEADINGS.items()}
    best = max(met, key=lambda kind: met[kind])
    return best if met[best] >= _FEW and len(set(met.values())) > 1 else "project"


def _node(source: Source, kind: str) -> Node:
    """What the card is about: the project's own where it lies at the top, else what only the card
    names.
    """
    if kind == "TrainedModel" and "MLmodel" in source.neighbours:
        return model(source.folder)
    return Node(kind, "" if source.folder == "." else str(source.path), named=False)
