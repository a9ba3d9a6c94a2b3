"""The SEI's descriptors 1.2: a JSON file for each kind of element, written along their alignment.

They hold one element of a kind and one value of most keys, and neither names, sources nor links of
elements. Of what has no place in them, remarks tell. What nobody states stands there as their form
leaves it, as long as that says nothing; a 0 or false that would say something is left out.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from math import inf
from operator import itemgetter

from kg.alignments import (
    NEVER_ZERO,
    NONE_WHEN_BLANK,
    WHOLE,
    Alignment,
    Key,
    read_alignment,
    says_nothing,
    untouched_groups,
)
from kg.exports._branches import NAME
from kg.exports._merged import Merged, Stated, merged
from kg.exports._sei_values import Json, Unfit, meaning, meant, none_of, plain, time
from kg.exports._untold import Remark, Untold
from kg.namespaces import kebab
from kg.projects import Project
from kg.visible import as_json
from kg.vocabulary import Vocabulary

TITLE = "SEI descriptors 1.2"

_OTHER = "Other"
_ORDER = "stepPosition"


def write_folder(
    project: Project, vocabulary: Vocabulary
) -> tuple[dict[str, str], tuple[Remark, ...]]:
    """A file for each kind of which something is stated, and what has no place in any."""
    table, untold = read_alignment(vocabulary), Untold()
    elements = merged(project, vocabulary)
    files = {}
    for kind, ours in table.kinds.items():
        first = next((element for element in elements if element.kind == ours), None)
        if first:
            writer = _Writer(table, vocabulary, untold, _label(first))
            files[f"{kind}.json"] = as_json(writer.descriptor(kind, first))
            untold.account(first)
    for element in filter(untold.lacks, elements):
        alike = element.kind in table.kinds.values()
        reason = "there is room for one of its kind" if alike else "it has no descriptor"
        untold.remark(_label(element), "", reason, *_places(element))
    return files, untold.remarks()


def _label(element: Merged) -> str:
    words = kebab(element.kind).replace("-", " ")
    return f"{words} {element.node.name}" if element.node.name else words


def _all(branch: Merged) -> Iterator[Stated]:
    for values in branch.values.values():
        yield from values
    for parts in branch.parts.values():
        for part in parts.values():
            yield from _all(part)


def _places(branch: Merged) -> Iterator[str]:
    return (stated.where for stated in _all(branch))


def _in_order(parts: Iterable[Merged]) -> list[Merged]:
    """Steps as often as they come, and in their order; all else as it is stated."""
    placed = [
        (position, part)
        for part in parts
        for position in dict.fromkeys(float(str(s.value)) for s in part.values.get(_ORDER, ()))
        or [inf]
    ]
    return [part for _, part in sorted(placed, key=itemgetter(0))]


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes one element from the outside in, and accounts for all that is stated of it."""

    table: Alignment
    vocabulary: Vocabulary
    untold: Untold
    about: str

    def descriptor(self, kind: str, element: Merged) -> dict[str, Json]:
        """The whole file."""
        found, _ = self._object(kind, [element])
        self._rest(element)
        observed = sum(stated.observed for stated in _all(element))
        if observed:
            reason = f"{observed} values were observed, and stand like declared ones"
            self.untold.remark(self.about, "", reason)
        return found

    # -- objects, and lists of them ----------------------------------------------------------------

    def _object(self, path: str, owners: Sequence[Merged]) -> tuple[dict[str, Json], bool]:
        """An object's keys, and whether one of them says what somebody states."""
        found: dict[str, Json] = {}
        unsaid: list[Key] = []
        anything = False
        for key in self.table.below(path):
            if key.is_older or key.name in found:
                continue
            if key.attributes:
                said = self._said(key, owners)
                anything |= bool(said) and not key.constant
                unsaid += [] if said else [key]
                found |= said or {key.name: self._blank(key)}
            else:
                found[key.name], inner = self._object(key.path, owners)
                anything |= inner
        claims = self._claims(found, unsaid, owners)
        kept = {name: it for name, it in found.items() if name not in claims and it != {}}
        return kept, anything

    def _claims(
        self, found: dict[str, Json], unsaid: list[Key], owners: Sequence[Merged]
    ) -> set[str]:
        """The blanks that a reader would take for statements, which nobody makes."""
        blanks = {key.name for key in unsaid}
        claims = {key.name for key in unsaid if self._is_claim(key, found[key.name], owners)}
        for group in untouched_groups(found):
            if group <= blanks:
                claims -= group
            elif group & blanks:
                claims |= group & blanks
            else:
                what = self._what(owners[0], named=True)
                reason = f"its {', '.join(name for name in found if name in group)} at 0 or false"
                self.untold.remark(self.about, what, f"{reason} are read as not given")
        return claims

    def _is_claim(self, key: Key, value: Json, owners: Sequence[Merged]) -> bool:
        name = key.attribute.name
        if name not in NONE_WHEN_BLANK:
            return isinstance(value, int) and name not in NEVER_ZERO
        owner = self._owner(key, owners)
        self.untold.account((owner.node, name))
        return name not in owner.complete

    def _blank(self, key: Key) -> Json:
        """What their form holds before anybody types."""
        if key.is_list:
            return []
        inner = self.table.below(key.path)
        if inner:
            return {one.name: self._blank(one) for one in inner if not one.is_older}
        if key.choices or not key.attributes or key.attribute.range.name == "string":
            return ""
        return False if key.attribute.range.name == "boolean" else 0

    def _said(self, key: Key, owners: Sequence[Merged]) -> dict[str, Json]:
        """What the key says, and the key beside it; nothing where nobody states it."""
        owner = self._owner(key, owners)
        values = owner.values.get(key.attribute.name, [])
        if key.constant:
            self.untold.account(*values)
            return {key.name: key.constant}
        if key.is_part:
            return self._rows(key, owner, owners)
        if self.table.is_time(key):
            units = next(one.choices for one in self.table.below(key.path) if one.choices)
            return self._one(key, owner, values, partial(time, units=units))
        as_is = partial(plain, key=key, vocabulary=self.vocabulary)
        if key.is_list:
            return self._many(key, owners, values, as_is)
        chosen = key.choices and key.attribute.range.kind != "list"
        found = (self._chosen if chosen else self._one)(key, owner, values, as_is)
        return self._with_meaning(key, owner, found)

    def _owner(self, key: Key, owners: Sequence[Merged]) -> Merged:
        """The innermost part or element that can state what the key says."""
        domain = key.attribute.domain
        return next(one for one in owners if domain in self.vocabulary.ancestors(one.kind))

    def _rows(self, key: Key, owner: Merged, owners: Sequence[Merged]) -> dict[str, Json]:
        """A list of objects, or one object, each of which is a part."""
        parts = list(owner.parts.get(key.attribute.name, {}).values())
        self.untold.account(*parts)
        if not key.is_list:
            for part in parts[1:]:
                self.untold.account(*_all(part))
                self._remark(key, owner, "there is room for one", *_places(part))
        rows = [
            self._row(key, part, owners)
            for part in (_in_order(parts) if key.is_list else parts[:1])
        ]
        if not parts:
            # What is stated of the element may have its key in a part that nobody describes.
            nobody = Merged(owner.node.part(key.attribute.name, ""), key.attribute.range.name)
            row, said = self._object(key.path, [nobody, *owners])
            rows = [row] if said else []
        if not rows:
            return {}
        if not key.is_list:
            return {key.name: rows[0]}
        self._whole(key, owner, taken=all(map(self._is_known, parts)))
        return {key.name: list[Json](rows)}

    def _row(self, key: Key, part: Merged, owners: Sequence[Merged]) -> dict[str, Json]:
        row, _ = self._object(key.path, [part, *owners])
        self.untold.account(*part.values.get(_ORDER, ()))
        if says_nothing(row, key):
            reason = "it is read as not given, as no more is told of it"
            self.untold.remark(self.about, self._what(part, named=True), reason, part.where)
        return row

    # -- values ------------------------------------------------------------------------------------

    def _one(
        self, key: Key, owner: Merged, values: list[Stated], written: Callable[[Stated], Json]
    ) -> dict[str, Json]:
        """The first value that fits."""
        fitting = list(self._fitting(key, owner, values, written))
        for stated, _ in fitting[1:]:
            self._unless_same(key, owner, stated, fitting[0][0])
        return {key.name: fitting[0][1]} if fitting else {}

    def _is_known(self, part: Merged) -> bool:
        """Whether the part has the name without which no list of its kind is whole."""
        return NAME in part.values or "NamedPart" not in self.vocabulary.ancestors(part.kind)

    def _many(
        self,
        key: Key,
        owners: Sequence[Merged],
        values: list[Stated],
        written: Callable[[Stated], Json],
    ) -> dict[str, Json]:
        """All values, each once; what is the element's stands in each of its parts, if whole."""
        owner = self._owner(key, owners)
        whole = key.attribute.name in owner.complete
        inside = [] if owner is owners[0] else owner.parts[owners[0].node.parts[-1][0]]
        if inside and not whole and not any(map(self.untold.lacks, values)):
            return {}
        fitting = {
            stated.value: made for stated, made in self._fitting(key, owner, values, written)
        }
        if not fitting:
            return {}
        self._whole(key, owner, taken=whole or len(inside) <= 1)
        return {key.name: list(fitting.values())}

    def _fitting(
        self, key: Key, owner: Merged, values: list[Stated], written: Callable[[Stated], Json]
    ) -> Iterator[tuple[Stated, Json]]:
        for stated in values:
            self.untold.account(stated)
            try:
                yield stated, written(stated)
            except Unfit as error:
                self._remark(key, owner, f"{stated.shown} is left out: {error}", stated.where)

    def _chosen(
        self, key: Key, owner: Merged, values: list[Stated], written: Callable[[Stated], Json]
    ) -> dict[str, Json]:
        """One of the texts that the key may say, and beside it what is called otherwise."""
        fitting = [stated for stated, _ in self._fitting(key, owner, values, written)]
        choices = {choice.lower(): choice for choice in key.choices}
        taken = next((stated for stated in fitting if stated.text.lower() in choices), None)
        others = [stated for stated in fitting if not taken or stated.value != taken.value]
        beside = self._beside(key)
        choice = choices.get(taken.text.lower()) if taken else None
        choice = choice or self._by_meaning(key, owner, fitting, apart=bool(beside))
        names = [written(stated) for stated in others]
        if beside and not (choice or names):
            names = [*self._with_meaning(beside, owner, {}).values()]
        if choice is None and names and _OTHER in key.choices:
            choice = _OTHER
        if choice is None:
            for other in others:
                reason = f"{other.shown} is left out: it is {none_of(key)}"
                self._remark(key, owner, reason, other.where)
            return {}
        found: dict[str, Json] = {key.name: choice}
        if beside:
            found[beside.name] = names[0] if names else ""
            others = others[1:]
        for other in others:
            self._remark(key, owner, f"{other.shown} is written as {choice}", other.where)
        return found

    def _beside(self, key: Key) -> Key | None:
        """The key that holds in words what is none of the choices."""
        around = self.table.below(key.path.rpartition("/")[0])
        return next(
            (
                one
                for one in around
                if one.attributes == key.attributes and not (one.choices or one.is_older)
            ),
            None,
        )

    def _by_meaning(
        self, key: Key, owner: Merged, texts: list[Stated], *, apart: bool
    ) -> str | None:
        """The choice that means what is stated: apart from the texts, where those are kept too."""
        if key.listed is None:
            return None
        known = [meaning(stated.text, key.listed, self.vocabulary) for stated in texts]
        values = [str(stated.value) for stated in owner.values.get(key.listed.name, ())]
        wanted = [v for v in values if v not in known] if apart else [*known, *values]
        named = (meant(value, key.listed, key, self.vocabulary) for value in wanted if value)
        return next(filter(None, named), None)

    def _with_meaning(self, key: Key, owner: Merged, found: dict[str, Json]) -> dict[str, Json]:
        """What was found, or the name of the listed value that is meant, held against all such."""
        if key.listed is None:
            return found
        for stated in owner.values.get(key.listed.name, ()):
            self.untold.account(stated)
            text = meant(str(stated.value), key.listed, key, self.vocabulary)
            found = found or ({key.name: text} if text else {})
            means = [meaning(str(told), key.listed, self.vocabulary) for told in found.values()]
            if stated.value not in means:
                told = " and ".join(filter(None, map(str, found.values())))
                reason = f"as {told} is written" if told else f"it is {none_of(key)}"
                self._remark(key, owner, f"{stated.shown} is left out, {reason}", stated.where)
        return found

    # -- what is accounted for ---------------------------------------------------------------------

    def _unless_same(self, key: Key, owner: Merged, stated: Stated, first: Stated) -> None:
        if stated.value != first.value:
            reason = f"{stated.shown} is left out, as {first.where} says {first.shown} before"
            self._remark(key, owner, reason, stated.where)

    def _whole(self, key: Key, owner: Merged, *, taken: bool) -> None:
        """Remarks where a reader takes the list for whole and nobody says so."""
        name = key.attribute.name
        if taken and name in WHOLE:
            self.untold.account((owner.node, name))
            if name not in owner.complete:
                self._remark(key, owner, "nobody says that the list is whole, but it is read so")

    def _rest(self, branch: Merged) -> None:
        """Remarks on what no key of the format was there for."""
        for name, values in branch.values.items():
            left = [stated.where for stated in values if self.untold.lacks(stated)]
            if left:
                self._keyless(branch, name, *left)
        for name, parts in branch.parts.items():
            for part in parts.values():
                if self.untold.lacks(part):
                    self._keyless(branch, name, part.where)
                else:
                    self._rest(part)
        for name, where in branch.complete.items():
            if self.untold.lacks((branch.node, name)):
                what = self._what(branch, name, named=False)
                self.untold.remark(self.about, what, "that the list is whole has no key", where)

    def _keyless(self, owner: Merged, attribute: str, *places: str) -> None:
        self.untold.account((owner.node, attribute))
        what = self._what(owner, attribute, named=False)
        self.untold.remark(self.about, what, "the format has no key for it", *places)

    def _remark(self, key: Key, owner: Merged, because: str, *places: str) -> None:
        what = self._what(owner, key.attribute.name, named=True)
        self.untold.remark(self.about, what, because, *places)

    def _what(self, owner: Merged, attribute: str = "", *, named: bool) -> str:
        """The attribute with the parts that it is inside of, the last by its name."""
        steps = [self.vocabulary.attribute(held).label for held, _ in owner.node.parts]
        names = owner.values.get(NAME)
        if named and names:
            steps[-1] += f" {names[0].text}"
        last = [self.vocabulary.attribute(attribute).label] if attribute else []
        return ": ".join([*steps, *last])
