"""What extensions change: which mismatches become detectable, and what is still a gap with them."""

from collections.abc import Callable
from dataclasses import dataclass

from kg.gaps import Relations, relations
from kg.workshop.extension import Knowledge


@dataclass(frozen=True, slots=True)
class State:
    """How much is known, and what of it is a gap: codes of mismatches, names of attributes."""

    mismatches: int
    predicates: int
    attributes: int
    detectable: tuple[str, ...]
    undetected: tuple[str, ...]
    uninformed: tuple[str, ...]
    unread: tuple[str, ...]
    unmapped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gain:
    """A mismatch that the extensions' predicates detect; `new` where nothing else compares for
    it.
    """

    code: str
    label: str
    predicates: tuple[str, ...]
    new: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """The gaps without the extensions and with them; a mismatch is detectable where a predicate
    does more for it than to see whether something is stated.
    """

    before: State
    after: State
    gains: tuple[Gain, ...]
    added: tuple[str, ...]
    """The attributes that are added."""

    @property
    def still_unread(self) -> tuple[str, ...]:
        """Those of them that no predicate reads."""
        return tuple(name for name in self.added if name in self.after.unread)

    @property
    def still_unmapped(self) -> tuple[str, ...]:
        """Those of them that inform no mismatch."""
        return tuple(name for name in self.added if name in self.after.unmapped)


def effect(before: Knowledge, after: Knowledge) -> Effect:
    """What is known after, held against what was known before."""
    first = relations(before.vocabulary, before.catalogue)
    last = relations(after.vocabulary, after.catalogue)
    was = _state(first)
    known = before.vocabulary.attributes
    return Effect(
        before=was,
        after=_state(last),
        gains=tuple(_gains(first, last, was)),
        added=tuple(name for name in after.vocabulary.attributes if name not in known),
    )


def _gains(first: Relations, last: Relations, was: State) -> list[Gain]:
    found = []
    for mismatch in last.mismatches:
        added = [
            name
            for name in last.detected_by(mismatch.code)
            if name not in first.catalogue.predicates and last.compares(name)
        ]
        if added:
            new = mismatch.code not in was.detectable
            found.append(Gain(mismatch.code, mismatch.label, tuple(added), new))
    return found


def _state(known: Relations) -> State:
    codes = [mismatch.code for mismatch in known.mismatches]
    names = [attribute.name for attribute in known.attributes]
    detectable = _where(lambda code: any(map(known.compares, known.detected_by(code))), codes)
    return State(
        mismatches=len(codes),
        predicates=len(known.predicates),
        attributes=len(names),
        detectable=detectable,
        undetected=_where(lambda code: code not in detectable, codes),
        uninformed=_where(lambda code: not known.informed_by(code), codes),
        unread=_where(lambda name: not known.read_by(name), names),
        unmapped=_where(lambda name: not known.informs(name), names),
    )


def _where(holds: Callable[[str], bool], names: list[str]) -> tuple[str, ...]:
    return tuple(name for name in names if holds(name))
