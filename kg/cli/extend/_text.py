"""What was found in extensions, and what they change, in words."""

from collections.abc import Iterable

from kg.reports._page import Page, padded, widest
from kg.reports._words import count
from kg.visible import flowing, visible
from kg.workshop.effect import Effect, Gain
from kg.workshop.examination import Examination, Examined
from kg.workshop.faults import Fault, Weight

_STYLES = {Weight.ERROR: "bold red", Weight.WARNING: "yellow"}
_MARKS = {Weight.ERROR: "x", Weight.WARNING: "!"}


def as_text(found: Examination, page: Page) -> None:
    """Write extension by extension what is to be mended, then what all change."""
    for one in found.extensions:
        _extension(one, page)
        page.gap()
    _effect(found.effect, page)


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


def _effect(effect: Effect, page: Page) -> None:
    before, after = effect.before, effect.after
    rows = [
        ("mismatches", before.mismatches, after.mismatches),
        ("  detected by a comparison", len(before.detectable), len(after.detectable)),
        ("  informed by no attribute", len(before.uninformed), len(after.uninformed)),
        ("predicates", before.predicates, after.predicates),
        ("attributes", before.attributes, after.attributes),
        ("  read by no predicate", len(before.unread), len(after.unread)),
        ("  informing no mismatch", len(before.unmapped), len(after.unmapped)),
    ]
    head = widest(name for name, _, _ in rows)
    page.row((padded("What changes", head + 2), "bold"), ("  before   after", "dim"))
    for name, old, new in rows:
        style = "bold" if old != new else ""
        page.row("  ", padded(name, head), f"  {old:>6}", (f"  {new:>6}", style))
    _gains("Became detectable", (gain for gain in effect.gains if gain.new), page)
    _gains("Detected in another way", (gain for gain in effect.gains if not gain.new), page)
    _names("Added, and read by no predicate yet", effect.still_unread, page)
    _names("Added, and informing no mismatch yet", effect.still_unmapped, page)


def _gains(title: str, gains: Iterable[Gain], page: Page) -> None:
    told = list(gains)
    if told:
        page.gap()
        page.row((title, "bold"))
        for gain in told:
            page.paragraph(
                f"{gain.code}  {flowing(gain.label)}: {', '.join(gain.predicates)}",
                indent=2,
                hanging=2,
            )


def _names(title: str, names: tuple[str, ...], page: Page) -> None:
    if names:
        page.gap()
        page.row((title, "bold"))
        page.paragraph(visible(", ".join(names)), indent=2)
