"""States what the text of a card or README says, section by section.

Tables are read as they stand; what is taken from sentences, and from items such as `Version: 2`, is
marked as prose.
"""

import re
from collections.abc import Callable

from kg.importers import _prose as prose
from kg.importers._card_tables import ATTRIBUTES as TABLES
from kg.importers._card_tables import (
    COMPONENT,
    Results,
    pairs,
    take_fields,
    take_sample,
    take_settings,
)
from kg.importers._environments import Packages
from kg.importers._markdown import Page, Passage, Section, Table
from kg.importers._measures import measure_of
from kg.names import canonical
from kg.statements import Node, Notes, Place, Subject
from kg.versions import Dialect
from kg.vocabulary import Vocabulary

ATTRIBUTES = {
    "name of model": "modelName",
    "version of model": "modelVersion",
    "framework": "requiredFramework",
    "algorithm": "algorithmName",
    "input": "input",
    "watched with": "monitoringSoftware",
    "evaluated on": "evaluationDataset",
    "share held back": "holdoutPercentage",
    "limitation": "limitation",
    "weakness": "limitationText",
    "use": "usageContext",
    "name of data": "datasetName",
    "field": "field",
    "share of tests": "testPercentage",
    "start": "announcedStart",
}
NEEDED = {
    "memory": "requiredMemory",
    "storage": "requiredStorage",
    "GPU memory": "requiredGpuMemory",
    "processors": "requiredProcessors",
    "GPUs": "requiredGpus",
}
PRESENT = {
    "memory": "availableMemory",
    "storage": "availableStorage",
    "GPU memory": "availableGpuMemory",
    "processors": "availableProcessors",
    "GPUs": "availableGpus",
}

_TITLE = re.compile(r"(?i)(?:model|data|dataset)[\s_-]*card(?: for| of|:|\s*[—–-])\s+(.+)")
_UNFILLED = re.compile(r"\{\{|\{%|\[?more information needed\]?|\[optional\]\s*$", re.IGNORECASE)
_USES = {"intended use", "intended uses & limitation", "direct use", "use", "usage context"}
_LIMITS = {
    *("limitation", "model limitation", "bias, risks, and limitation", "out-of-scope use"),
    *("limitations and bias", "known limitation", "caveats and recommendation"),
}
_LISTS = re.compile(
    r"(?i)\b(?:technolog|requirement|dependenc|tech stack|prerequisite|environment|built with"
    r"|librar|frameworks|software|tools)"
)
_SAYS = re.compile(r"([A-Z][\w /&-]{2,40}):\s+(\S.*)")
_VERSION = re.compile(r"v?(\d+(?:\.\d+){0,3}[\w.+-]{0,20})")
_FRAMEWORKS = {"framework", "frameworks", "ml framework", "library", "libraries", "framework used"}
_ALGORITHMS = {"algorithm", "model type", "model architecture", "architecture", "classifier"}
_LONGEST = 500
_MOST = 20


def heading(title: str) -> str:
    """The words of a heading in the singular, without its number.

    >>> heading("2. Intended Uses:")
    'intended use'
    """
    return re.sub(r"^[\d.)\s]+|\W+$", "", title).lower().removesuffix("s")


class Card:
    """One file, section by section."""

    def __init__(self, page: Page, notes: Notes, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._sections = page.sections
        self._notes = notes
        self._unfilled: list[int] = []

    def take_model(self, node: Node) -> None:
        """State what the card says of a model."""
        tables, said = self._notes.about(node), self._notes.about(node, prose=True)
        self._title(tables, "name of model")
        results = Results(tables)
        for section in self._sections:
            for found in section.tables:
                if not results.take(found):
                    self._table(tables, found)
            for passage in self._passages(section):
                self._item(said, passage)
                self._sentences(said, passage)
                for told in prose.results(passage):
                    if measure := measure_of(told.what):
                        results.say(measure, str(told.value), told.line)
            self._words(said, section)
        results.state()
        self._report()

    def take_data(self, node: Node) -> None:
        """State what the card says of data."""
        tables, said = self._notes.about(node), self._notes.about(node, prose=True)
        self._title(tables, "name of data")
        for section in self._sections:
            held = _held(tables, ATTRIBUTES["field"])
            for found in section.tables:
                if not (take_fields(held, found, self._vocabulary) or take_sample(held, found)):
                    self._notes.pass_over("a table that describes no fields", found.header.line)
            for passage in self._passages(section):
                for share in prose.test_shares(passage):
                    _state(said, ATTRIBUTES["share of tests"], share)
        self._report()

    def take_project(self) -> None:
        """State what a README says of the model that its project serves, and of the software."""
        node = Node("TrainedModel", named=False)
        tables, said = self._notes.about(node), self._notes.about(node, prose=True)
        packages = Packages(self._notes, Node("DevelopmentEnvironment", named=False), prose=True)
        around = self._notes.about(Node("DevelopmentEnvironment", mentioned=True), prose=True)
        for section in self._sections:
            for found in section.tables:
                self._pairs(tables, found, _FRAMEWORKS)
            for passage in self._passages(section):
                self._amounts(said, passage)
                for start in prose.starts(passage):
                    _state(around, ATTRIBUTES["start"], start)
                if _LISTS.search(section.title) and (software := prose.versioned(passage)):
                    at, version = Place(software.line, given=software.given), str(software.value)
                    dialect: Dialect = "tag" if version[0].isdigit() else "pep440"
                    packages.add(software.what, version, dialect, at=at)
        self._report()

    def _passages(self, section: Section) -> list[Passage]:
        """The passages of a section that somebody wrote, not a template."""
        found = []
        for passage in section.passages:
            if _UNFILLED.search(passage.text):
                self._unfilled.append(passage.line())
            else:
                found.append(passage)
        return found

    def _report(self) -> None:
        if self._unfilled:
            because = f"{len(self._unfilled)} places of the template that nobody has filled in"
            self._notes.pass_over(because, self._unfilled[0])

    def _title(self, about: Subject, kind: str) -> None:
        for section in self._sections:
            found = _TITLE.fullmatch(section.title)
            if found and not _UNFILLED.search(section.title):
                about.state(ATTRIBUTES[kind], found[1], line=section.line)
                return

    def _table(self, about: Subject, found: Table) -> None:
        if not (
            take_settings(about, found)
            or take_fields(_held(about, ATTRIBUTES["input"]), found, self._vocabulary)
            or self._pairs(about, found, None)
        ):
            self._notes.pass_over("a table of nothing that is known", found.header.line)

    def _pairs(self, about: Subject, found: Table, wanted: set[str] | None) -> bool:
        """State what a table says of one thing under the wanted names, or all that are known."""
        taken = False
        for name, value, line in pairs(found):
            if wanted is None or name.lower() in wanted:
                taken |= self._says(about, name, value, line)
        return taken

    def _item(self, about: Subject, passage: Passage) -> None:
        """State what an item says that begins with a name and a colon."""
        if passage.item and (found := _SAYS.fullmatch(passage.text)):
            self._says(about, found[1], found[2], passage.line())

    def _says(self, about: Subject, name: str, value: str, line: int) -> bool:
        """State what the model has under a name; tell whether the name is known."""
        name = name.lower()
        if name in {"version", "model version"} and (found := _VERSION.fullmatch(value)):
            about.state(ATTRIBUTES["version of model"], found[1], line=line, given=value)
        elif name in _FRAMEWORKS:
            for word in re.split(r"\s*(?:[,/&+]|\band\b)\s*", value):
                if self._vocabulary.value("Framework", word):
                    about.state(ATTRIBUTES["framework"], word, line=line)
        elif name in _ALGORITHMS and len(value) <= _LONGEST:
            component = about.own(TABLES["component"], COMPONENT, line=line)
            component.state(ATTRIBUTES["algorithm"], value, line=line)
        else:
            return False
        return True

    def _sentences(self, about: Subject, passage: Passage) -> None:
        """State what sentences say of a model."""
        for share in prose.test_shares(passage):
            held = about.part(ATTRIBUTES["evaluated on"], "test data", line=share.line)
            _state(held, ATTRIBUTES["share held back"], share)
        for found in prose.watchers(passage, self._vocabulary):
            name, key = str(found.value), canonical(str(found.value).replace(" ", "-"))
            about.part(ATTRIBUTES["watched with"], name, key=key, line=found.line)
        for found in prose.frameworks(passage, self._vocabulary):
            _state(about, ATTRIBUTES["framework"], found)
        self._amounts(about, passage)

    def _amounts(self, about: Subject, passage: Passage) -> None:
        """State what a machine must have, and what the machine has that serves the model."""
        for found in prose.needs(passage):
            _state(about, NEEDED[found.what], found)
        for found in prose.machine(passage):
            node = Node("OperationalEnvironment", named=False)
            _state(self._notes.about(node, prose=True), PRESENT[found.what], found)

    def _words(self, about: Subject, section: Section) -> None:
        """State what a section says in words about use and limits."""
        title = heading(section.title)
        passages = self._passages(section)[:_MOST]
        if title in _USES and passages:
            task = self._notes.about(Node("TaskAndPurpose"), prose=True)
            first = passages[0]
            task.state(ATTRIBUTES["use"], first.text[:_LONGEST], line=first.line())
        for passage in passages if title in _LIMITS else []:
            limit = about.own(ATTRIBUTES["limitation"], f"{passage.line()}", line=passage.line())
            limit.state(ATTRIBUTES["weakness"], passage.text[:_LONGEST], line=passage.line())


def _held(about: Subject, attribute: str) -> Callable[[str, int], Subject]:
    return lambda name, line: about.part(attribute, name, line=line)


def _state(about: Subject, attribute: str, found: prose.Found) -> None:
    about.state(attribute, found.value, line=found.line, given=found.given)
