"""Which questions to ask first: those whose answers would decide most undecided verdicts."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from kg.findings import Finding, Verdict
from kg.priority import rank


@dataclass(frozen=True, slots=True)
class RankedQuestion:
    """A question, who knows, how many undecided verdicts wait for it, and about which items."""

    role: str
    question: str
    decides: int
    predicates: tuple[str, ...]
    items: tuple[str, ...] = ()


def questions(findings: Iterable[Finding], role: str | None = None) -> tuple[RankedQuestion, ...]:
    """The questions of all undecided findings, or those of one role, the most useful first.

    What only shows that something is not described comes last. Of two that decide equally much, the
    one that a higher-ranking finding waits for comes first; then the alphabet decides.
    """
    waiting: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.verdict is Verdict.UNDECIDED:
            for asked in dict.fromkeys(finding.ask):
                if role in (None, asked.role):
                    waiting[asked.role, asked.question].append(finding)
    first = sorted(waiting.items(), key=lambda one: (*_usefulness(one[1]), one[0]))
    return tuple(_ranked(*asked, found) for asked, found in first)


def _usefulness(waiting: list[Finding]) -> tuple[object, ...]:
    lacking = all(finding.kind == "completeness" for finding in waiting)
    return lacking, -len(waiting), min(map(rank, waiting))


def _ranked(role: str, question: str, waiting: list[Finding]) -> RankedQuestion:
    predicates = sorted({finding.predicate for finding in waiting})
    items = sorted({finding.item for finding in waiting if finding.item})
    return RankedQuestion(role, question, len(waiting), tuple(predicates), tuple(items))
