"""Every predicate has cases, and gives each the verdict that it is named for."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from kg.errors import KgError
from kg.findings import Verdict
from kg.workshop.cases import SILENT, Case, judge, read_cases
from kg.workshop.checks.terms import undeclared
from kg.workshop.extension import Extension
from kg.workshop.faults import Fault, Weight
from kg.workshop.files import CASES, File
from kg.workshop.places import line_of

TITLE = "Every predicate gives its cases the verdicts of their names"

_COMPLETENESS = "completeness"


def examine(extension: Extension) -> Iterator[Fault]:
    """Cases that come out otherwise, and predicates that too few cases show."""
    own = {predicate.id: predicate for predicate in extension.predicates}
    broken = {PurePosixPath(fault.file).stem for fault in extension.unread}
    shown: dict[str, set[str]] = {name: set() for name in own if name not in broken}
    for file in extension.on(CASES):
        name = file.stem
        if name in own:
            shown.setdefault(name, set())
            yield from _judged(extension, file, shown[name])
        elif name not in broken:
            yield Fault(
                file.path, None, f"There is no predicate {name}", "Call the file as its predicate"
            )
    for name, expected in shown.items():
        yield from _unshown(extension, name, expected, own[name].kind)


def _judged(extension: Extension, file: File, shown: set[str]) -> Iterator[Fault]:
    try:
        found = list(read_cases(extension.after.roots[-1] / file.path))
    except KgError as error:
        yield Fault(file.path, None, error.what, error.hint)
        return
    # What is said with terms that nobody declares is theirs to mend first.
    strange = bool(undeclared(extension, file))
    for case in found:
        line = line_of(file.text, f"urn:case:{case.name}") or _line_of_source(file, case)
        if case.expected not in {*Verdict, SILENT}:
            yield Fault(
                file.path,
                line,
                f"The case {case.name} is named for no verdict",
                f"Begin its name with {', '.join(Verdict)} or {SILENT}",
            )
            continue
        shown.add(case.expected)
        if not strange:
            yield from _fault_of(extension, case, file.path, line)


def _line_of_source(file: File, case: Case) -> int | None:
    """The line of the first graph of a case whose name goes on behind a full stop."""
    lines = enumerate(file.text.splitlines(), 1)
    return next((number for number, text in lines if f"case:{case.name}." in text), None)


def _fault_of(extension: Extension, case: Case, path: str, line: int | None) -> Iterator[Fault]:
    known = extension.after
    try:
        told = judge(case, known.vocabulary, known.catalogue, known.roots)
    except KgError as error:
        yield Fault(path, line, f"The case {case.name} cannot be judged: {error.what}", error.hint)
        return
    if told.problems:
        yield Fault(
            path,
            line,
            f"Not all that the case {case.name} states is understood: {told.problems[0]}",
            "State what the ontology knows, or declare it there",
        )
    elif told.verdict != case.expected:
        yield Fault(
            path,
            line,
            f"{case.predicate} says {told.verdict} of the case {case.name}",
            "Mend the predicate, or the case where it is wrong",
        )


def _unshown(extension: Extension, name: str, expected: set[str], kind: str) -> Iterator[Fault]:
    wanted = set(Verdict) - ({Verdict.MISMATCH} if kind == _COMPLETENESS else set())
    absent = [str(verdict) for verdict in Verdict if verdict in wanted - expected]
    if not expected:
        yield Fault(
            extension.file_of(name).path,
            None,
            f"No case shows what {name} says",
            f"Write {CASES}/{name}.trig with a graph for each of {', '.join(absent)}",
        )
    elif absent:
        yield Fault(
            f"{CASES}/{name}.trig",
            None,
            f"No case shows when {name} says {' or '.join(absent)}",
            "Add one; the boundary tells more than a comfortable value",
            Weight.WARNING,
        )
