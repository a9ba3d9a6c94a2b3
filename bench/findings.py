"""Lists findings of many projects, page by page: COUNT projects of 200 findings, 1,000 if unsaid.

A page must take milliseconds whatever is asked and wherever it stands. The file has what a service
keeps, in a folder that goes.
"""

import os
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from kg import catalogue as catalogues
from kg import vocabulary as vocabularies
from kg.catalogue import Catalogue
from kg.findings import Finding, Participant, ProjectReport, Question, Severity, Verdict
from kg.history import FILE, Connection, History, findings, projects, revisions, worse
from kg.history.listing import Page, current
from kg.history.revisions import Made
from kg.history.wanted import Order, Wanted
from kg.priority import priorities

COUNT = int(os.environ.get("COUNT", "1000"))
FINDINGS = 200
AT_ONCE = 100
_LONG = "x" * 1500
_RUNS = 3


def report(name: str, catalogue: Catalogue) -> ProjectReport:
    """A report in which one finding in twenty is a mismatch, and one in four is not clear."""
    predicates, codes = [*catalogue.predicates], [*catalogue.mismatches]
    model = Participant(f"http://x.org/{name}", "model", "TrainedModel", "trained-model/model")
    found = tuple(
        Finding(
            predicate=predicates[number % len(predicates)],
            verdict=_verdict(number),
            severity=[*Severity][number % 3],
            kind="comparison",
            mismatches=(codes[number % len(codes)],),
            subject=model,
            object=None,
            item=f"item {number}",
            evidence=(),
            message=_LONG,
            consequence="It fails.",
            remedy="Mend it.",
            ask=(Question("operations", "Which?"),),
            references=(),
        )
        for number in range(FINDINGS)
    )
    return ProjectReport(name, name, FINDINGS, 1, 0, found)


def main() -> None:
    """Prints how long each page takes, the best of three."""
    catalogue = catalogues.load(vocabularies.load())
    order = Order(priorities(catalogue.mismatches.values()))
    middle = f"project-{COUNT // 2:05d}", 0, 0, 0, ""
    one, other, *_ = catalogue.predicates
    everything = Wanted(verdicts=tuple(Verdict))
    asked = {
        "what is open": Page(AT_ONCE),
        "what is open, from the middle": Page(AT_ONCE, middle),
    }
    narrowed = {
        "one project": replace(everything, projects=(middle[0],)),
        "one predicate": replace(everything, predicates=(one,)),
        "two predicates": replace(everything, predicates=(one, other)),
        "grave mismatches": Wanted(verdicts=(Verdict.MISMATCH,), severities=(Severity.VIOLATION,)),
        "one code": Wanted(mismatches=(next(iter(catalogue.mismatches)),)),
        "what is waived": replace(everything, waived=True),
        "nothing in all": Wanted(roles=("nobody",)),
    }
    with TemporaryDirectory() as folder:
        history = History(Path(folder) / FILE)
        started = time.perf_counter()
        for number in range(COUNT):
            with history.writing() as connection:
                _put(connection, report(f"project-{number:05d}", catalogue))
        size = sum(file.stat().st_size for file in Path(folder).iterdir())
        took = (time.perf_counter() - started) / COUNT
        print(f"{COUNT:,} projects, {size / 1e6:,.0f} MB, {took * 1000:.1f} ms to put one")
        for name, page in asked.items():
            _tell(name, history, partial(current, wanted=Wanted(), order=order, page=page))
        for name, wanted in narrowed.items():
            page = Page(AT_ONCE)
            _tell(name, history, partial(current, wanted=wanted, order=order, page=page))
        for name, since in {"worse, of all": "2000", "worse, of none": "2999"}.items():
            few = worse.WorsePage(AT_ONCE)
            _tell(name, history, partial(worse.since_time, time=since, page=few))
        history.close()


def _verdict(number: int) -> Verdict:
    if number % 20 == 0:
        return Verdict.MISMATCH
    return Verdict.CLEAR if number % 4 else Verdict.UNDECIDED


def _put(connection: Connection, made: ProjectReport) -> None:
    projects.create(connection, made.id, title=made.id, private=False, creator="bench")
    revisions.add(connection, made.id, Made("bench", "", "", {}, "", made))
    findings.replace(connection, made.id, made)


def _tell(name: str, history: History, work: Callable[[Connection], object]) -> None:
    took = []
    for _ in range(_RUNS):
        started = time.perf_counter()
        with history.reading() as connection:
            work(connection)
        took.append(time.perf_counter() - started)
    print(f"{name:<32}{min(took) * 1000:>9.1f} ms")


if __name__ == "__main__":
    main()
