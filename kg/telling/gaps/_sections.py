"""What a page about gaps says, section by section: a sentence, and a table where there is one."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.findings import ALL
from kg.gaps import Analysis, Mapping
from kg.gaps.coverage import Coverage, Weighed
from kg.gaps.mapping import KINDS, Gap
from kg.gaps.projects import Asked, ProjectGaps, element_of, lacking
from kg.gaps.sets import SetGaps
from kg.gaps.trends import Trend
from kg.gaps.waiting import Missing
from kg.reports._words import count, people
from kg.vocabulary import Vocabulary

SHORT = 10
"""So many rows are told where a page is to be short."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, what it says, and rows of cells below column heads.

    `closed` sections are told in full only where there is room.
    """

    title: str
    text: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    closed: bool = False


def headline(analysis: Analysis) -> str:
    """The whole in one sentence."""
    mapping = analysis.mapping
    known = mapping.known
    return (
        f"{count(len(known.mismatches), 'mismatch', 'mismatches')}, "
        f"{count(len(known.predicates), 'predicate')}, "
        f"{count(len(known.attributes), 'attribute')}: "
        f"{count(len(mapping.unintended), 'gap')} to close, "
        f"{len(mapping.gaps) - len(mapping.unintended)} meant to be there."
    )


def sections(analysis: Analysis) -> Iterator[Section]:
    """What was asked for first, then the mapping."""
    vocabulary = analysis.mapping.known.vocabulary
    for project in analysis.projects:
        yield _project(project, vocabulary, analysis.role)
    if len(analysis.projects) > 1:
        yield _across(analysis.projects, vocabulary)
    for trend in analysis.trends:
        yield from _trend(trend, vocabulary)
    for one in analysis.sets:
        yield from _set(one, analysis.mapping)
    if not (analysis.projects or analysis.sets):
        yield from _mapping(analysis.mapping)


# -- the mapping ----------------------------------------------------------------------------------


def _mapping(mapping: Mapping) -> Iterator[Section]:
    vocabulary = mapping.known.vocabulary
    yield from _gaps("Gaps to close", mapping.unintended, vocabulary)
    yield _coverage("Coverage", mapping.coverage, mapping)
    yield _points(mapping)
    yield _redundancies(mapping)
    names = ", ".join(vocabulary.attributes[name].key for name in mapping.spare)
    yield Section(
        "Attributes that nobody would miss",
        f"{len(mapping.spare)} attributes are read, but no predicate has to have them: each has "
        f"another way. {names}.",
        closed=True,
    )
    excused = [gap for gap in mapping.gaps if gap.excuse]
    yield from _gaps("Gaps that are meant", excused, vocabulary, closed=True)


def _gaps(
    title: str, gaps: Sequence[Gap], vocabulary: Vocabulary, *, closed: bool = False
) -> Iterator[Section]:
    if not gaps:
        yield Section(title, "None.")
    for kind in KINDS:
        found = [gap for gap in gaps if gap.kind == kind]
        value = vocabulary.lists["GapKind"][kind]
        columns = ("what", "predicate") if kind == "stray-read" else ("what",)
        if found:
            yield Section(
                f"{title}: {count(len(found), value.label, _plural(value.label))}",
                value.definition,
                (*columns, "why") if closed else columns,
                tuple(_gap(gap, vocabulary, len(columns)) for gap in found),
                closed,
            )


def _gap(gap: Gap, vocabulary: Vocabulary, columns: int) -> tuple[str, ...]:
    attribute = vocabulary.attributes.get(gap.term)
    cells = (attribute.key if attribute else gap.term, gap.reader)[:columns]
    return (*cells, gap.excuse) if gap.excuse else cells


def _plural(label: str) -> str:
    return f"{label}es" if label.endswith("h") else f"{label}s"


def _coverage(title: str, coverage: Coverage, mapping: Mapping) -> Section:
    roles = [ALL, *(r for r in mapping.known.vocabulary.lists["Role"] if _rated(coverage, r))]
    return Section(
        title,
        _reached(coverage),
        ("mismatch", "told", *(people(r) if r != ALL else r for r in roles), "informed by", "able"),
        tuple(
            (
                f"{one.mismatch.code}",
                str(one.mismatch.interviews or 0),
                *(_important(one.mismatch.ratings.get(role)) for role in roles),
                str(one.informed),
                f"{len(one.able)} of {len(one.predicates)}",
            )
            for one in coverage.reaches
        ),
        closed=True,
    )


def _rated(coverage: Coverage, role: str) -> bool:
    return any(role in one.mismatch.ratings for one in coverage.reaches)


def _important(rating: tuple[int, int] | None) -> str:
    return f"{round(100 * rating[0] / rating[1])} %" if rating and rating[1] else ""


def _reached(coverage: Coverage) -> str:
    able, whole = len(coverage.detectable), len(coverage.reaches)
    ratings = "; ".join(f"{_rater(one)} {one.share:.0%}" for one in coverage.ratings)
    return (
        f"Predicates that compare something can detect {able} of {whole} mismatches: "
        f"{coverage.interviews.share:.0%} of what interviews told of, and of what the survey found "
        f"important, by role: {ratings}."
    )


def _rater(one: Weighed) -> str:
    return one.raters if one.raters == ALL else people(one.raters)


def _points(mapping: Mapping) -> Section:
    attributes = mapping.known.vocabulary.attributes
    return Section(
        "Single points of failure",
        "Attributes without which most detection is lost. The weight adds up, of each mismatch, "
        "the part of its predicates that need it, times how often interviews told of it.",
        ("attribute", "weight", "predicates", "no longer detected"),
        tuple(
            (
                attributes[one.attribute].key,
                f"{one.weight:.1f}",
                str(len(one.predicates)),
                ", ".join(one.mismatches),
            )
            for one in mapping.points
        ),
        closed=True,
    )


def _redundancies(mapping: Mapping) -> Section:
    rows = [
        (one.mismatch, str(len(one.predicates)), ", ".join(one.predicates))
        for one in mapping.redundancies
    ]
    single = sum(len(one.predicates) < 2 for one in mapping.redundancies)  # noqa: PLR2004 - it takes two
    return Section(
        "Redundancy",
        f"How many predicates detect a mismatch of which no two read the same attribute; {single} "
        "mismatches have no second one.",
        ("mismatch", "independent", "predicates"),
        tuple(sorted(rows, key=lambda row: (int(row[1]), row[0]))),
        closed=True,
    )


# -- attribute sets -------------------------------------------------------------------------------


def _set(one: SetGaps, mapping: Mapping) -> Iterator[Section]:
    attributes = mapping.known.vocabulary.attributes
    held = len(one.of.attributes)
    yield Section(
        f"With {one.of.name} alone: {one.of.title}", f"{held} attributes. {_reached(one.coverage)}"
    )
    known = {reach.mismatch.code: reach.mismatch for reach in one.coverage.reaches}
    yield Section(
        f"Not detectable from {one.of.name}",
        "Mismatches that no comparing predicate can detect from these attributes.",
        ("mismatch", "what", "told", "important to"),
        tuple(
            (
                code,
                known[code].label,
                str(known[code].interviews or 0),
                _important(known[code].ratings.get(ALL)),
            )
            for code in one.coverage.undetectable
        ),
    )
    yield Section(
        f"Detectable from {one.of.name}",
        "The predicates that can find them.",
        ("mismatch", "predicates"),
        tuple(
            (reach.mismatch.code, ", ".join(reach.able))
            for reach in one.coverage.reaches
            if reach.able
        ),
        closed=True,
    )
    yield Section(
        f"Attributes of {one.of.name} that no predicate reads",
        ", ".join(attributes[name].key for name in one.unread) or "None.",
    )


# -- projects -------------------------------------------------------------------------------------


def _project(project: ProjectGaps, vocabulary: Vocabulary, role: str | None) -> Section:
    whom = f" that {people(role)} can answer" if role else ""
    few = ", ".join(
        f"{n} decide{'s' * (n == 1)} {one.decided}"
        for n, one in enumerate(project.questions[: len(project.best)], 1)
    )
    lost = f" {project.unasked} wait for others." if project.unasked else ""
    return Section(
        f"{project.id}: {count(project.undecided, 'verdict')} undecided",
        f"{count(len(project.questions), 'question')}{whom} would decide {project.decidable} of "
        f"them.{lost}" + (f" The first ones: {few}." if few else ""),
        ("", "ask", "for", "decided", "alone", "waiting", "weight", "what it is"),
        tuple(
            (
                str(number),
                ", ".join(map(people, one.roles)),
                _wanted(one, vocabulary),
                str(one.decided),
                str(one.alone),
                str(len(one.waiting)),
                str(one.weight),
                one.text,
            )
            for number, one in enumerate(project.questions, 1)
        ),
    )


def _wanted(one: Asked, vocabulary: Vocabulary) -> str:
    """The attribute, the element, and the parts that lack it; of other questions the predicate."""
    if not isinstance(one.ask, Missing):
        named = ", ".join(one.waiting)
        return f"{named} ({', '.join(one.items)})" if one.items else named
    parts = sorted({way[-1][1] for way in one.parts})
    named = f"{vocabulary.attributes[one.attribute].key} of {element_of(one.ask, vocabulary)}"
    return f"{named} ({', '.join(parts)})" if parts else named


def _across(projects: Sequence[ProjectGaps], vocabulary: Vocabulary) -> Section:
    return Section(
        f"Over {count(len(projects), 'project')}",
        "What is missing most, and for how many predicates in all projects.",
        ("attribute", "projects", "predicates"),
        tuple(
            (vocabulary.attributes[name].key, str(several), str(waiting))
            for name, several, waiting in lacking(projects)
        ),
    )


def _trend(trend: Trend, vocabulary: Vocabulary) -> Iterator[Section]:
    yield Section(
        f"{trend.project} over {count(len(trend.revisions), 'revision')}",
        f"{len(trend.answered)} answered, {len(trend.raised)} asked anew.",
        ("revision", "undecided", "missing"),
        tuple((r.source, str(r.undecided), str(len(r.missing))) for r in trend.revisions),
    )
    for title, pairs in (("Answered since", trend.answered), ("Asked anew", trend.raised)):
        if pairs:
            by_element: dict[str, list[str]] = defaultdict(list)
            for element, name in pairs:
                known = vocabulary.attributes.get(name)
                by_element[element].append(known.key if known else name)
            yield Section(
                f"{trend.project}: {title.lower()}",
                title + ".",
                ("element", "attributes"),
                tuple((element, ", ".join(keys)) for element, keys in by_element.items()),
            )
