"""What was found in extensions, and what they change, in words."""

from collections.abc import Iterable

from kg.gaps.mapping import Gap
from kg.reports._page import Page, padded, widest
from kg.reports._words import count
from kg.visible import flowing, visible
from kg.vocabulary import Vocabulary
from kg.workshop.effect import Gain
from kg.workshop.examination import Examination, Examined
from kg.workshop.faults import Fault, Weight

_STYLES = {Weight.ERROR: "bold red", Weight.WARNING: "yellow"}
_CHANGED = {True: "bold", False: ""}
_MARKS = {Weight.ERROR: "x", Weight.WARNING: "!"}


def as_text(found: Examination, page: Page) -> None:
    """Write extension by extension what is to be mended, then what all change."""
    for one in found.extensions:
        _extension(one, page)
        page.gap()
    _effect(found, page)


def _extension(one: Examined, page: Page) -> None:
    holds = ", ".join(
        count(number, noun)
        for number, noun in (
            (one.attributes, "attribute"),
            (one.predicates, "predicate"),
            (one.cases, "case"),
        )
    )
    counts = [(weight, one.count(weight)) for weight in Weight]
    told = [count(number, str(weight)) for weight, number in counts if number]
    right = ("   ".join(told), "bold") if told else ("nothing to mend", "green")
    page.between((visible(str(one.folder)), "bold"), f"   {holds}", right=right)
    for name, fault in one.faults:
        page.gap()
        _fault(one, name, fault, page)


def _fault(one: Examined, name: str, fault: Fault, page: Page) -> None:
    place = visible(str(one.folder / fault.file))
    line = f":{fault.line}" if fault.line else ""
    mark = (_MARKS[fault.weight], _STYLES[fault.weight])
    page.between("  ", mark, f" {place}{line}", right=(f"{name}, {fault.weight}", "dim"))
    page.paragraph(_sentence(fault.what), indent=4)
    if fault.hint:
        page.paragraph((_sentence(fault.hint), "dim"), indent=4)


def _sentence(text: str) -> str:
    plain = flowing(text)
    return plain if plain.endswith((".", "!", "?", "…")) else f"{plain}."


def _effect(found: Examination, page: Page) -> None:
    effect, kinds = found.effect, found.vocabulary.lists["GapKind"]
    before, after = effect.before, effect.after
    rows = [
        ("mismatches", before.mismatches, after.mismatches),
        ("  that a comparison detects", len(before.detectable), len(after.detectable)),
        ("predicates", before.predicates, after.predicates),
        ("attributes", before.attributes, after.attributes),
        *(
            (f"gaps: {kinds[kind].label}", before.count(kind), after.count(kind))
            for kind in effect.kinds
        ),
    ]
    head = widest(name for name, _, _ in rows)
    page.row((padded("What changes", head + 2), "bold"), ("  before   after", "dim"))
    for name, old, new in rows:
        page.row("  ", padded(name, head), f"  {old:>6}", (f"  {new:>6}", _CHANGED[old != new]))
    _gains("Become detectable", (gain for gain in effect.gains if gain.new), page)
    _gains("Detected in another way, too", (gain for gain in effect.gains if not gain.new), page)
    _gaps("Gaps that open", effect.opened, found.vocabulary, page)
    _gaps("Gaps that close", effect.closed, found.vocabulary, page)


def _gains(title: str, gains: Iterable[Gain], page: Page) -> None:
    told = list(gains)
    if told:
        page.gap()
        page.row((title, "bold"))
    for gain in told:
        by = ", ".join(gain.predicates)
        page.paragraph(f"{gain.code}  {flowing(gain.label)}: {by}", indent=2, hanging=2)


def _gaps(title: str, gaps: tuple[Gap, ...], vocabulary: Vocabulary, page: Page) -> None:
    if gaps:
        page.gap()
        page.row((title, "bold"))
    for kind in dict.fromkeys(gap.kind for gap in gaps):
        one = vocabulary.lists["GapKind"][kind]
        names = [_name(gap, vocabulary) for gap in gaps if gap.kind == kind]
        page.paragraph(f"{one.label}: {', '.join(names)}", indent=2, hanging=2)


def _name(gap: Gap, vocabulary: Vocabulary) -> str:
    """What the gap is about, as people call it; of a stray read with who reads it."""
    attribute = vocabulary.attributes.get(gap.term)
    name = visible(attribute.key if attribute else gap.term)
    return f"{name} (in {visible(gap.reader)})" if gap.reader else name
