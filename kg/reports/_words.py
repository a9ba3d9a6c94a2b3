"""Words and orders that all reports for people share."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kg.findings import (
    ALL,
    Evidence,
    Finding,
    Origin,
    Participant,
    ProjectReport,
    Report,
    Severity,
    Verdict,
    Waiver,
)
from kg.namespaces import kebab, snake
from kg.priority import order
from kg.questions import RankedQuestion, questions
from kg.reports._amounts import is_node, said
from kg.visible import flowing, visible


@dataclass(frozen=True, slots=True)
class Group:
    """All findings of one predicate about one pair of elements."""

    predicate: str
    verdict: Verdict
    severity: Severity
    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        """The finding whose words stand for all."""
        return self.findings[0]


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun.

    >>> count(1, "mismatch", "mismatches"), count(1200, "statement")
    ('1 mismatch', '1,200 statements')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def people(role: str) -> str:
    """Those who have a role.

    >>> people("data-scientist"), people("operations")
    ('data scientists', 'operations')
    """
    words = visible(role.replace("-", " "))
    return words if words.endswith("s") else f"{words}s"


def asked(finding: Finding) -> str:
    """Whom to ask, each role once."""
    return ", ".join(dict.fromkeys(people(question.role) for question in finding.ask))


def place(origin: Origin) -> str:
    """Where a statement stands, with the file that led there.

    >>> place(Origin("requirements.txt", 3, via="Dockerfile:7"))
    'Dockerfile:7 -> requirements.txt:3'
    >>> place(Origin("live.parquet", locator="/age"))
    'live.parquet (/age)'
    """
    line = f":{origin.line}" if origin.line is not None else ""
    locator = f" ({origin.locator})" if origin.locator and not line else ""
    via = f"{origin.via} -> " if origin.via else ""
    return visible(f"{via}{origin.file}{line}{locator}")


def stated(evidence: Evidence, origin: Origin) -> str:
    """Who declared it, or that it was observed or what it is inferred from; nothing where a file
    declares it by itself.
    """
    if origin.inferred_from:
        return visible(f"inferred from {snake(origin.inferred_from).replace('_', ' ')}")
    if evidence.status in ("", "declared"):
        return f"declared by {people(origin.role)}" if origin.role else ""
    return visible(evidence.status)


def waived(waiver: Waiver | None) -> str:
    """Who lives with a finding, until when and why; nothing where nobody does.

    >>> waived(Waiver("A larger host comes", "ada", "2026-05-01T09:30:00.000+00:00"))
    'Waived by ada on 2026-05-01: A larger host comes'
    """
    if waiver is None:
        return ""
    until = f" until {waiver.until[:10]}" if waiver.until else ""
    return f"Waived by {visible(waiver.by)} on {waiver.at[:10]}{until}: {flowing(waiver.reason)}"


def worth_showing(finding: Finding) -> list[Evidence]:
    """The evidence that tells a person more than the message does.

    Left out is what is not stated, which an undecided verdict's message names, and what stands in
    no source if it is a figure of the message or a node that led to the others.
    """
    return [
        evidence
        for evidence in finding.evidence
        if evidence.sources
        or not (evidence.value is None or is_node(evidence) or said(evidence) in finding.message)
    ]


class Titles:
    """Names pairs of elements, each by its own name only where there are several of its kind."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        pairs = {(one.element, one.iri) for f in findings for one in (f.subject, f.object) if one}
        self._several = {
            kind for kind, number in Counter(k for k, _ in pairs).items() if number > 1
        }

    def pair(self, finding: Finding, arrow: str) -> str:
        """The element, or both, such as `Trained model churn  ->  operational environment`."""
        subject = self._name(finding.subject)
        title = subject[:1].upper() + subject[1:]
        return f"{title}{arrow}{self._name(finding.object)}" if finding.object else title

    def _name(self, one: Participant) -> str:
        kind = kebab(one.element).replace("-", " ")
        label = one.label if one.element in self._several and one.label.lower() != kind else ""
        return visible(f"{kind} {label}".strip())


def sections(findings: Iterable[Finding]) -> Iterator[list[Group]]:
    """The findings by pair of elements and then by predicate, the first to read first at both
    levels.
    """
    pairs: dict[tuple[str, str], dict[tuple[Verdict, str], list[Finding]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for finding in findings:
        pair = finding.subject.iri, finding.object.iri if finding.object else ""
        pairs[pair][finding.verdict, finding.predicate].append(finding)
    listed = [
        sorted(map(_group, by_predicate.values()), key=_order) for by_predicate in pairs.values()
    ]
    yield from sorted(listed, key=lambda groups: _order(groups[0]))


def reported(project: ProjectReport, *, everything: bool) -> list[Finding]:
    """The findings to tell one by one: all, or all but the clear ones."""
    return [f for f in project.findings if everything or f.verdict is not Verdict.CLEAR]


def no_mismatch(project: ProjectReport) -> str:
    """What it means that no mismatch was found, and what it does not; else nothing."""
    clear, undecided = project.count(Verdict.CLEAR), project.count(Verdict.UNDECIDED)
    if project.count(Verdict.MISMATCH):
        return ""
    if not project.sources:
        return "Nothing could be read, so nothing was judged."
    if not clear + undecided:
        return "Nothing was judged: no predicate applies to what was read."
    if not clear:
        return "Nothing could be decided: too little is stated."
    if not undecided:
        verdicts = count(clear, "verdict is", "verdicts are")
        return f"No mismatch: {verdicts} clear. What nobody stated was not judged."
    decided = f"{clear:,} clear, {undecided:,} undecided"
    return f"No mismatch was found: {decided}. What is undecided is not yet in order."


def total(report: Report) -> Mapping[str, int]:
    """The number of findings of each verdict in all projects together."""
    return {str(v): sum(project.count(v) for project in report.projects) for v in Verdict}


def worst(report: Report) -> Finding | None:
    """The mismatch to read first, if there is any."""
    wrong = (f for f in report.findings() if f.verdict is Verdict.MISMATCH)
    return min(wrong, key=order, default=None)


def ranking(report: Report, role: str | None) -> str:
    """By what the findings are ranked for a reader, and how many people that rests on; nothing
    where nothing is ranked.
    """
    if not report.ranking or all(f.verdict is Verdict.CLEAR for f in report.findings()):
        return ""
    respondents = count(report.ranking.respondents, "respondent")
    reader, raters = "", f"all {respondents} of the study's survey"
    if role:
        reader = f" for {people(role)}"
        if report.ranking.raters == ALL:
            raters += f", which has no figures for {people(role)}"
        else:
            raters = f"the {respondents} that the study's survey counts as {people(role)}"
    return (
        f"Ranked{reader} by severity, then by importance to {raters}, then by the number of "
        "examples in the study's interviews."
    )


def asking(project: ProjectReport, role: str | None) -> tuple[str, tuple[RankedQuestion, ...], str]:
    """What to say before the questions that a reader can answer, these, the most useful first, and
    what to say of the others' after them.
    """
    ranked = questions(project.findings, role)
    if role is None:
        return "Answering these would decide most:" if ranked else "", ranked, ""
    before = f"Of what {people(role)} can answer, this would decide most:"
    others = len(questions(project.findings)) - len(ranked)
    after = f"{count(others, 'question is', 'questions are')} for other roles." if others else ""
    return before if ranked else f"There is nothing to ask {people(role)}.", ranked, after


def _group(findings: list[Finding]) -> Group:
    findings = sorted(findings, key=order)
    first = findings[0]
    return Group(first.predicate, first.verdict, first.severity, tuple(findings))


def _order(group: Group) -> tuple[object, ...]:
    return order(group.first)
