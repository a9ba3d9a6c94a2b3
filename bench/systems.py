"""Makes systems from a seed, for the bench and for tests.

Each has all eight elements with fields, packages, metrics and resources as systems usually have
them, and is about topics besides: cases of predicates. Every nine systems are a company, in which
each predicate is the topic of one system. What identifies data sets, models and components is known
in the company only, so each system shares with a few, however many there are.
"""

import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from random import Random

from bench._core import state_usual
from bench._draft import Draft
from bench._topics import NOTHING_STATED, Topic, cases_of, topics
from kg.detect import detect
from kg.findings import Finding, Verdict
from kg.projects import Project, assemble
from kg.stores import open_store
from kg.workshop.cases import Case
from kg.workspace import Workspace
from tests.judging import CATALOGUE, VOCABULARY

SEED = 4
COMPANY = 9
"""Systems in a company: a ninth of all is about each predicate."""

# The verdicts that a predicate's topics are named for, company after company. Much that systems
# usually state is clear or undecided, so most topics are mismatches.
_VERDICTS = ("mismatch", "clear", "mismatch", "undecided", "mismatch")
# How often a predicate's first case of a verdict comes first; the others vary it, some by what they
# leave out, and a system that states more may be judged otherwise.
_PLAIN = 0.5
# How many cases of a predicate are tried for one that contradicts nothing.
_TRIED = 6
_SHOWN = 400
_ACROSS = frozenset(
    name for name, predicate in CATALOGUE.predicates.items() if predicate.kind == "cross-project"
)


def system(number: int, seed: int = SEED) -> Project:
    """The system of that number: the same in every process, whichever others are made."""
    company, place = divmod(number, COMPANY)
    random = Random(f"{seed}:{number}")
    draft = Draft(random, company)
    for choices in _dealt(company, place, seed):
        first = next(choices)
        draft.discuss(next(filter(draft.fits, chain([first], choices)), first))
    state_usual(draft, random)
    name = f"system-{number:05}"
    return assemble(name, Path(name), draft.entries(name), NOTHING_STATED, VOCABULARY)


def systems(count: int, seed: int = SEED) -> Iterator[Project]:
    """The first systems, one after the other."""
    return (system(number, seed) for number in range(count))


def put_systems(workspace: Workspace, count: int, seed: int = SEED) -> list[str]:
    """Puts the first systems into the workspace and gives their ids."""
    ids = []
    for project in systems(count, seed):
        workspace.put(project)
        ids.append(project.id)
    return ids


def _dealt(company: int, place: int, seed: int) -> Iterator[Iterator[Topic]]:
    """What the system at that place of the company is about: the choices for each topic.

    What is about several systems leaves no choice, and comes first.
    """
    predicates = list(CATALOGUE.predicates)
    Random(f"{seed}:{company}").shuffle(predicates)
    own = []
    for at, predicate in enumerate(predicates):
        cases = _cases(predicate, company, seed)
        if predicate in _ACROSS:
            for number, topic in enumerate(topics(next(cases))):
                if (at + number) % COMPANY == place:
                    yield iter([topic])
        elif at % COMPANY == place:
            own.append(topics(case)[0] for case in islice(cases, _TRIED))
    yield from own


def _cases(predicate: str, company: int, seed: int) -> Iterator[Case]:
    """The cases of the predicate that the company may be about, the preferred one first."""
    known = cases_of(predicate)
    turn = company + list(CATALOGUE.predicates).index(predicate)
    plain, *others = known.get(_VERDICTS[turn % len(_VERDICTS)]) or known["clear"]
    random = Random(f"{seed}:{company}:{predicate}")
    random.shuffle(others)
    return iter([plain, *others] if random.random() < _PLAIN else [*others, plain])


# -- what a few hundred of them are like -----------------------------------------------------------


def main() -> None:
    """Prints sizes, shares of verdicts, and how far each predicate is met."""
    workspace = Workspace(open_store("memory:"), VOCABULARY, statistics=CATALOGUE.statistics)
    started = time.process_time()
    ids = put_systems(workspace, _SHOWN)
    seconds = time.process_time() - started
    sizes = [workspace.facts(name).triples.count("\n") + 1 for name in ids]
    print(f"{_SHOWN} systems, {1000 * seconds / _SHOWN:.0f} ms each to make and put")
    print(f"triples: median {statistics.median(sizes):.0f}, {min(sizes)} to {max(sizes)}")
    _tell(detect(ids, workspace, CATALOGUE))


def _tell(found: dict[str, list[Finding]]) -> None:
    given = Counter(finding.verdict for findings in found.values() for finding in findings)
    shares = ", ".join(f"{given[v] / given.total():.0%} {v}" for v in Verdict)
    print(f"findings: {given.total() / len(found):.0f} a system, {shares}")
    meeting: dict[str, set[str]] = defaultdict(set)
    mismatched: dict[str, set[str]] = defaultdict(set)
    for name, findings in found.items():
        for finding in findings:
            meeting[finding.predicate].add(name)
            if finding.verdict is Verdict.MISMATCH:
                mismatched[finding.predicate].add(name)
    judging = [n for n, p in CATALOGUE.predicates.items() if p.kind != "completeness"]
    for what, names, where in (
        ("finds its elements", list(CATALOGUE.predicates), meeting),
        ("is a mismatch", judging, mismatched),
    ):
        rarest = min(names, key=lambda name: len(where[name]))
        print(f"each predicate {what} in {len(where[rarest]) / len(found):.1%} or more ({rarest})")


if __name__ == "__main__":
    main()
