"""Judges projects by some predicates, each compiled once."""

import gc
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache

from kg.catalogue import Predicate
from kg.detect.batch import Batch, Ground
from kg.detect.by_query import Answer, Ready, answers, ready_for
from kg.detect.evidence import Reader
from kg.detect.telling import Scene, Teller
from kg.detect.wording import Words
from kg.findings import Finding, Verdict
from kg.sparql import Term
from kg.workspace import Facts


@dataclass(slots=True)
class Found:
    """What was found in one project; clear verdicts that are not told are counted."""

    findings: list[Finding] = field(default_factory=list)
    cleared: int = 0


@dataclass(frozen=True, slots=True)
class Open:
    """An undecided answer of a predicate: the rows that it comes from, and how it is told."""

    predicate: Predicate
    ready: Ready
    answer: Answer
    finding: Finding


@dataclass(frozen=True, slots=True)
class _Asker:
    """A predicate's query, and how its answers are told."""

    ready: Ready
    teller: Teller


class Judge:
    """Runs predicates over projects in memory, which stand on the facts of the ontology."""

    def __init__(self, ground: Ground, predicates: Iterable[Predicate]) -> None:
        self.vocabulary = ground.vocabulary
        self.predicates = tuple(predicates)
        self._ground = ground
        self._askers = [_asker(one, ground) for one in self.predicates]

    def judged(self, facts: Facts, *, everything: bool) -> Found:
        """What is found in one project by itself."""
        found = Found()
        known = {facts.iri: facts}
        self.judge([facts], known, {facts.iri: found}, everything=everything)
        return found

    def judge(
        self,
        projects: Collection[Facts],
        stated: Mapping[str, Facts],
        found: Mapping[str, Found],
        *,
        everything: bool,
    ) -> None:
        """Adds what is found in the projects, looked at together, to that of the one that it is
        about; `stated` tells by a project's IRI where its statements stand.
        """
        batch = Batch(projects, self._ground)
        scene = Scene(batch, stated)
        owners = batch.owners
        clear: list[Term] = []
        for asker in self._askers:
            for answer in answers(asker.ready, batch, None if everything else clear):
                project = owners.get(answer.subject)
                if project:
                    found[project].findings.append(asker.teller.finding(answer, scene))
        for project in map(owners.get, clear):
            if project:
                found[project].cleared += 1

    def undecided(self, facts: Facts) -> tuple[Scene, list[Open]]:
        """The undecided answers in one project by itself, and the scene that they are told from."""
        scene = Scene(Batch([facts], self._ground), {facts.iri: facts})
        found = [
            Open(predicate, asker.ready, answer, asker.teller.finding(answer, scene))
            for predicate, asker in zip(self.predicates, self._askers, strict=True)
            for answer in answers(asker.ready, scene.batch)
            if answer.verdict is Verdict.UNDECIDED and scene.batch.project(answer.subject)
        ]
        return scene, found


def _asker(predicate: Predicate, ground: Ground) -> _Asker:
    """How a predicate is asked and told, made once for all who judge on the ground."""
    made = _made(ground)
    known, asker = made.get(predicate.id, (None, None))
    if asker is None or known != predicate:
        ready = ready_for(predicate)
        reader = Reader(ready, ground.vocabulary.attributes)
        asker = _Asker(ready, Teller(Words(predicate, ground.vocabulary), reader))
        made[predicate.id] = predicate, asker
    return asker


@lru_cache(maxsize=4)
def _made(ground: Ground) -> dict[str, tuple[Predicate, _Asker]]:
    """What was made so far of predicates on the ground, by their ids."""
    del ground
    return {}


@contextmanager
def undisturbed() -> Iterator[None]:
    """Without the collector of garbage: a batch makes many objects, and none that are circular."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
