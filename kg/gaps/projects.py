"""What a project would have to state: what each missing statement would decide, and whom to ask.

A question asks one attribute of one element, of all parts of it that lack it. Where nothing is
missing that could be named, as where two versions overlap, the predicate's own questions are asked,
and all who are asked have to answer.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import unquote

from kg.catalogue import Catalogue
from kg.detect.batch import ground_of
from kg.detect.judging import Judge
from kg.findings import Question
from kg.gaps.asking import Awaited, Order, order
from kg.gaps.needs import needer_of
from kg.gaps.waiting import Missing, Waiter, Waiting, Way
from kg.projects import Project
from kg.vocabulary import Vocabulary
from kg.workspace import Workspace

_ACROSS = "cross-project"
Ask: TypeAlias = Missing | Question
"""What can be asked: a missing statement, or a question of a predicate's own."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in its place: how many verdicts are decided once it and all before it are
    answered, how many it decides alone, and what waits for it.

    `weight` adds up how often interviews told of the main mismatches that wait.
    """

    ask: Ask
    text: str
    roles: tuple[str, ...]
    decided: int
    alone: int
    waiting: tuple[str, ...]
    mismatches: tuple[str, ...]
    weight: int
    items: tuple[str, ...] = ()
    parts: tuple[Way, ...] = ()

    @property
    def attribute(self) -> str:
        """The attribute that is missing; empty for a predicate's own question."""
        return self.ask.attribute if isinstance(self.ask, Missing) else ""


@dataclass(frozen=True, slots=True)
class ProjectGaps:
    """A project's undecided verdicts and the questions that decide them, the most useful first.

    `unasked` verdicts wait for what nobody who may be asked knows; `best` is how many verdicts any
    one, two, … questions could decide at most.
    """

    id: str
    path: str
    undecided: int
    decidable: int
    unasked: int
    questions: tuple[Asked, ...]
    best: tuple[int, ...]


class Asker:
    """Finds what projects would have to state; predicates are made ready once for all."""

    def __init__(self, workspace: Workspace, catalogue: Catalogue, role: str | None = None) -> None:
        vocabulary = workspace.vocabulary
        within = [one for one in catalogue.predicates.values() if one.kind != _ACROSS]
        judge = Judge(ground_of(vocabulary), within)
        self._workspace = workspace
        self._catalogue = catalogue
        self._vocabulary = vocabulary
        self._waiter = Waiter(judge, needer_of(vocabulary), workspace.base)
        self._role = role

    def gaps(self, project: Project) -> ProjectGaps:
        """What the project would have to state; it is put into the workspace."""
        self._workspace.put(project)
        waiting = self._waiter.waiting(self._workspace.facts(project.id))
        asks = [(one, self._answerable(one)) for one in waiting]
        awaited = [Awaited(needs, self._weight(one)) for one, needs in asks if needs]
        found = order(awaited)
        return ProjectGaps(
            id=project.id,
            path=str(project.path),
            undecided=len(waiting),
            decidable=len(awaited),
            unasked=len(waiting) - len(awaited),
            questions=tuple(self._asked(found, asks)),
            best=found.best,
        )

    def _answerable(self, waiting: Waiting) -> frozenset[frozenset[Ask]]:
        """The alternatives of which the role knows all, or anybody, where no role is named.

        What an element states that nobody describes is asked only where nothing else will do.
        """
        ways: list[frozenset[Ask]] = [frozenset(way) for way in waiting.missing]
        if not ways:
            ways = [frozenset(waiting.finding.ask)] if waiting.finding.ask else []
        known = [way for way in ways if all(map(self._is_known, way))]
        at_hand = [way for way in known if all(map(_is_described, way))]
        return frozenset(at_hand or known)

    def _is_known(self, ask: Ask) -> bool:
        roles = self._roles(ask)
        return self._role is None or not roles or self._role in roles

    def _roles(self, ask: Ask) -> tuple[str, ...]:
        if isinstance(ask, Question):
            return (ask.role,)
        return self._vocabulary.attributes[ask.attribute].asked_of

    def _weight(self, waiting: Waiting) -> int:
        """How often interviews told of the main mismatch."""
        known = self._catalogue.mismatches
        codes = waiting.finding.mismatches
        return next((known[c].interviews or 0 for c in codes if c in known), 0)

    def _asked(
        self, found: Order[Ask], asks: Collection[tuple[Waiting, frozenset[frozenset[Ask]]]]
    ) -> Iterable[Asked]:
        waiting: Mapping[Ask, list[Waiting]] = defaultdict(list)
        alone: Mapping[Ask, list[Waiting]] = defaultdict(list)
        for one, needs in asks:
            for ask in {ask for need in needs for ask in need}:
                waiting[ask].append(one)
                if frozenset([ask]) in needs:
                    alone[ask].append(one)
        for ask, decided in zip(found.questions, found.decided, strict=True):
            those = waiting[ask]
            yield Asked(
                ask=ask,
                text=self._text(ask),
                roles=(self._role,) if self._role else self._roles(ask) or _asked_by(those),
                decided=decided,
                alone=len(alone[ask]),
                waiting=tuple(sorted({one.finding.predicate for one in those})),
                mismatches=tuple(
                    sorted({code for one in those for code in one.finding.mismatches})
                ),
                weight=sum(map(self._weight, those)),
                items=tuple(sorted({one.finding.item for one in those if one.finding.item})),
                parts=tuple(sorted(_parts(ask, those))),
            )

    def _text(self, ask: Ask) -> str:
        if isinstance(ask, Question):
            return ask.question
        return self._vocabulary.attributes[ask.attribute].definition


def _is_described(ask: Ask) -> bool:
    return isinstance(ask, Question) or bool(ask.element)


def _asked_by(waiting: Iterable[Waiting]) -> tuple[str, ...]:
    """Whom the predicates ask, where the attribute does not say who knows it."""
    return tuple(dict.fromkeys(asked.role for one in waiting for asked in one.finding.ask))


def _parts(ask: Ask, waiting: Iterable[Waiting]) -> set[Way]:
    if isinstance(ask, Question):
        return set()
    return {way for one in waiting for way in one.parts.get(ask, ())}


def lacking(projects: Iterable[ProjectGaps]) -> list[tuple[str, int, int]]:
    """Over all projects: each attribute that is missing, from how many of them, and for how many
    predicates' verdicts there; the most wanted first.
    """
    found: dict[str, list[int]] = defaultdict(list)
    for project in projects:
        wanted: dict[str, set[str]] = defaultdict(set)
        for one in project.questions:
            if one.attribute:
                wanted[one.attribute].update(one.waiting)
        for attribute, predicates in wanted.items():
            found[attribute].append(len(predicates))
    rows = [(name, len(counts), sum(counts)) for name, counts in found.items()]
    return sorted(rows, key=lambda row: (-row[2], -row[1], row[0]))


def element_of(missing: Missing, vocabulary: Vocabulary) -> str:
    """What people call the element: its name, or its class where the project has none."""
    label = vocabulary.kind(missing.kind).label if missing.kind in vocabulary.elements else ""
    return unquote(missing.element.rpartition("/")[2]) or label
