"""Puts pinned contexts where JSON-LD names them by address, so nothing is fetched while it is read.

An address that is not pinned is refused wherever it stands: at the top, inside a node, inside a
term's definition, or in an `@import`. Contexts that would cost the parser too much are refused too.
"""

from collections.abc import Collection, Iterator, Mapping
from urllib.parse import urljoin

from kg.errors import DescriptorInvalid

Contexts = Mapping[str, Mapping[str, object]]

# The parser follows a term to the terms that its definition names, by recursion.
_CHAINED = 50
# It copies all terms for each context that it enters, and keeps the copies while it is inside.
_COPIED, _HELD, _DEPTH = 4_000_000, 150_000, 100
# What is pinned is written into the file as often as it is named.
_INSERTED = 50_000
# It holds back what it reads until the end, with the names written out in full at each value.
_WRITTEN = 32 << 20


class AddressUnknown(DescriptorInvalid):
    """A context's address is not pinned; `address` is what the file says."""

    def __init__(self, address: str) -> None:
        super().__init__(
            f"The context <{address[:200]}> is not one that is known here, and none is fetched",
            "Write the context out in the file, or remove its address",
        )
        self.address = address


def with_pinned_contexts(
    document: object, base: str, context: Mapping[str, object] | None, pinned: Contexts
) -> object:
    """Replaces addresses of contexts by what is pinned for them, in place, and adds `context`.

    What is pinned is trusted to name no address itself. Raises DescriptorInvalid.
    """
    pins = _Pins(base, pinned)
    for node in _mappings(document, pins.known):
        if "@context" in node:
            node["@context"] = pins.resolved(node["@context"])
    if context is not None:
        for part in _listed(document):
            if isinstance(part, dict):
                own = _listed(part["@context"]) if "@context" in part else []
                part["@context"] = [*_listed(_unwrapped(context)), *own]
    _refuse_costly(document, base)
    return document


class _Pins:
    """Finds what is pinned for an address, and counts how much of it goes into the file."""

    def __init__(self, base: str, pinned: Contexts) -> None:
        self.known = {id(_unwrapped(context)) for context in pinned.values()}
        self._base = base
        self._pinned = pinned
        self._terms = 0

    def resolved(self, context: object) -> object:
        """Replaces the addresses in one value of `@context`."""
        if isinstance(context, list):
            return [part for one in context for part in _listed(self._one(one))]
        return self._one(context)

    def _one(self, context: object) -> object:
        if isinstance(context, str):
            return self._find(context)
        if not isinstance(context, dict) or "@import" not in context:
            return context
        rest = {key: value for key, value in context.items() if key != "@import"}
        imported = self._find(str(context["@import"]))
        return {**imported, **rest} if isinstance(imported, dict) else rest

    def _find(self, address: str) -> object:
        for name in (address, _joined(self._base, address)):
            if name in self._pinned:
                found = _unwrapped(self._pinned[name])
                self._terms += sum(len(one) for one in _listed(found) if isinstance(one, dict))
                if self._terms > _INSERTED:
                    raise _too_costly()
                return found
        raise AddressUnknown(address)


def _refuse_costly(document: object, base: str) -> None:
    """Raises where the parser would copy too many terms, or follow too many in a row."""
    contexts = [
        context
        for node in _mappings(document)
        if "@context" in node
        for context in _listed(node["@context"])
        if isinstance(context, dict)
    ]
    if any(_chained(context) > _CHAINED for context in contexts):
        raise _too_costly()
    largest = max((len(context) for context in contexts), default=0)
    terms = min(sum(len(context) for context in contexts), largest * _DEPTH)
    copies = len(contexts) + _uses(document, _scoped(contexts))
    if terms * copies > _COPIED or terms * min(copies, _DEPTH) > _HELD:
        raise _too_costly()
    _refuse_long_names(document, base)


def _refuse_long_names(document: object, base: str) -> None:
    """Raises where a name is so long that writing it at each value takes too much memory."""
    values, longest = 0, len(base)
    for node in _mappings(document):
        for key, value in node.items():
            listed = _listed(value)
            values += len(listed)
            # A name has no space in it, as most long texts have.
            names = [one for one in (key, *listed) if isinstance(one, str) and " " not in one]
            longest = max(longest, *map(len, names), 0)
    if values * longest > _WRITTEN:
        raise DescriptorInvalid(
            f"A name of {longest:,} characters would be written up to {values:,} times",
            "Shorten it, or split the file",
        )


def _scoped(contexts: list[dict[str, object]]) -> set[str]:
    """Tells the terms that bring a context of their own wherever they are used."""
    return {
        term
        for context in contexts
        for term, definition in context.items()
        if isinstance(definition, dict) and "@context" in definition
    }


def _uses(document: object, scoped: set[str]) -> int:
    """Counts where terms stand, as keys or as types."""
    if not scoped:
        return 0
    count = 0
    for node in _mappings(document):
        for key, value in node.items():
            texts = [one for one in _listed(value) if isinstance(one, str)]
            # A key is copied for each of its values.
            count += len(_listed(value)) if key in scoped else 0
            count += sum(text in scoped for text in texts)
    return count


def _chained(context: dict[str, object]) -> int:
    """Counts the terms that are defined by terms that are themselves defined by terms."""
    named = {
        term: _names(term, definition) & context.keys() for term, definition in context.items()
    }
    return sum(any(named[name] for name in names) for names in named.values())


def _names(term: str, definition: object) -> set[str]:
    """Tells which other terms, or their prefixes, a definition may name."""
    values = definition.values() if isinstance(definition, dict) else [definition]
    texts = [term, *(value for value in values if isinstance(value, str))]
    return {name for text in texts for name in (text, text.partition(":")[0])} - {term}


def _too_costly() -> DescriptorInvalid:
    return DescriptorInvalid(
        "The contexts define, copy or chain more terms than can be followed",
        "Keep one context, at the top of the file",
    )


def _unwrapped(context: Mapping[str, object]) -> object:
    return context.get("@context", context)


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:
        return address


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _mappings(value: object, known: Collection[int] = ()) -> Iterator[dict[str, object]]:
    """Yields every mapping inside a value, each before what is in it, and none that is `known`."""
    todo = [value]
    while todo:
        part = todo.pop()
        if id(part) in known:
            continue
        if isinstance(part, dict):
            yield part
            todo.extend(part.values())
        elif isinstance(part, list):
            todo.extend(part)
