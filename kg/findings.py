"""What detection finds and reports tell: verdicts, evidence, findings, and a project's report.

Nobody changes these records once they are made. Of which a sweep makes hundreds for each system are
not frozen all the same: making a frozen one takes four times as long.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256

from kg.statements import Problem

SCHEMA = "https://w3id.org/ml-mismatch/report/1"
GAPS_SCHEMA = "https://w3id.org/ml-mismatch/gaps/1"
"""What a report of gaps in JSON says that it is."""
IN_PROSE = "declared in prose"
"""The status of what was found in sentences alone."""

INFERRED = "inferred"
"""The status of what follows from other statements alone."""

ALL = "all"
"""Who rated a mismatch, where the respondents of every role are counted together."""


class Verdict(StrEnum):
    """What a predicate says of a pair: there is a mismatch, there is none, or it cannot be told."""

    MISMATCH = "mismatch"
    CLEAR = "clear"
    UNDECIDED = "undecided"


class Severity(StrEnum):
    """How bad a mismatch is, in SHACL's three steps."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"


@dataclass(slots=True, unsafe_hash=True)
class Origin:
    """Where a statement stands: file below the project, line from 1, locator in the file, the value
    as given; and the attribute that is stated there, where the value follows from it.
    """

    file: str
    line: int | None = None
    locator: str | None = None
    given: str | None = None
    role: str | None = None
    via: str | None = None
    inferred_from: str | None = None


@dataclass(slots=True, unsafe_hash=True)
class Evidence:
    """A value that a verdict rests on, or, where `value` is None, one that is not stated.

    `status` tells how it was stated: it is `IN_PROSE` where nothing but sentences says so.
    """

    name: str
    attribute: str
    value: str | int | float | bool | None
    unit: str = ""
    status: str = ""
    sources: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True)
class Participant:
    """An element, or the project, that a finding is about; `name` is its path below the project's
    IRI.
    """

    iri: str
    label: str
    element: str
    name: str


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask, and the role that knows."""

    role: str
    question: str


@dataclass(frozen=True, slots=True)
class Priority:
    """What the study knows of a mismatch: how many of those who rated it, a role or all, found it
    important or very important, and in how many of the examples told in interviews it was met.
    """

    mismatch: str
    raters: str
    important: int
    respondents: int
    interviews: int

    @property
    def share(self) -> float:
        """The part of the respondents that found it important, from 0 to 1; 0 if nobody was asked.

        >>> Priority("OD.DataRates", "operations", 4, 5, 1).share
        0.8
        """
        return self.important / self.respondents if self.respondents else 0.0


@dataclass(frozen=True, slots=True)
class Ranking:
    """By whose ratings a report's findings are ranked, and how many they are."""

    raters: str
    respondents: int


@dataclass(frozen=True, slots=True)
class Waiver:
    """Why somebody lives with a finding, who and since when, and until when, if it ends."""

    reason: str
    by: str
    at: str
    until: str | None = None


@dataclass(slots=True, unsafe_hash=True)
class Finding:
    """A predicate's verdict on a pair of elements, or on one, and about one item where there are
    several. What stands in no service has no waiver.
    """

    predicate: str
    verdict: Verdict
    severity: Severity
    kind: str
    mismatches: tuple[str, ...]
    subject: Participant
    object: Participant | None
    item: str | None
    evidence: tuple[Evidence, ...]
    message: str
    consequence: str
    remedy: str
    ask: tuple[Question, ...]
    references: tuple[str, ...]
    priority: Priority | None = None
    waiver: Waiver | None = None

    @property
    def fingerprint(self) -> str:
        """What the finding is known by, whatever its values are and wherever it is found."""
        names = self.subject.name, self.object.name if self.object else "", self.item or ""
        return sha256(
            "\n".join((SCHEMA, self.predicate, *names)).encode(errors="surrogatepass")
        ).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class ProjectReport:
    """All that was found in one project; `cleared` counts what is clear and is not told. Where only
    some of it is told, `counts` has all the numbers.
    """

    id: str
    path: str
    statements: int
    sources: int
    passed_over: int
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    cleared: int = 0
    counts: Mapping[Verdict, int] | None = None

    def count(self, verdict: Verdict) -> int:
        """How often the verdict was given."""
        if self.counts is not None:
            return self.counts[verdict]
        told = sum(finding.verdict is verdict for finding in self.findings)
        return told + self.cleared if verdict is Verdict.CLEAR else told

    @property
    def summary(self) -> Mapping[str, int]:
        """The number of findings of each verdict."""
        return {str(verdict): self.count(verdict) for verdict in Verdict}


@dataclass(frozen=True, slots=True)
class Report:
    """What was found in one or more projects, and how the findings are ranked, if they are; where
    it is a page of a longer one, the address of the next.
    """

    projects: tuple[ProjectReport, ...] = field(default=())
    ranking: Ranking | None = None
    next: str | None = None

    def findings(self) -> Iterable[Finding]:
        """Every finding of every project."""
        return (finding for project in self.projects for finding in project.findings)
