"""Makes the page to read on importers: which files each reads, and what it states of them."""

from collections.abc import Iterator
from typing import cast

from kg.catalogue import Catalogue
from kg.derive._tables import head, page, row
from kg.derive._words import sentence
from kg.extensions import modules
from kg.importers import Importer
from kg.vocabulary import Vocabulary

_FILE = "docs/importers.md"
_NOTE = "Derived from kg/importers/ by `mismatch derive`; edit the importers."
_PACKAGE = "kg.importers"

_TOP = """# Importers

What is read of a project without anybody typing it: {importers} importers, each with the files that
it claims and the attributes that it can state. Every statement keeps its file and line. What is
passed over or broken is told, too: `mismatch import PATH --report` lists it. What the attributes
mean stands in [vocabulary.md](vocabulary.md).

An importer is one module in `kg/importers`, or one that another distribution offers under the entry
point of that name; there is no list to put it on. Where several claim a file, one that knows it by
its name comes first.
"""


def files(vocabulary: Vocabulary, catalogue: Catalogue) -> dict[str, str]:
    """The page, with an importer of ours after the other, by their titles."""
    del catalogue
    ours = [
        cast("Importer", module)
        for module in modules(_PACKAGE).values()
        # What others offer is not the same everywhere.
        if module.__name__.startswith(f"{_PACKAGE}.")
    ]
    return {_FILE: page(_NOTE, _page(vocabulary, sorted(ours, key=lambda one: one.TITLE.lower())))}


def _page(vocabulary: Vocabulary, importers: list[Importer]) -> Iterator[str]:
    yield _TOP.format(importers=len(importers))
    yield from head("what", "files", "known by")
    for importer in importers:
        known_by = "what stands in it" if importer.BY_CONTENT else "its name"
        yield row(_link(importer.TITLE), importer.FILES, known_by)
    yield ""
    for importer in importers:
        yield from (f"## {sentence(importer.TITLE)}", "", f"Reads {importer.FILES}.", "")
        yield from _stated(vocabulary, importer.STATES)


def _link(title: str) -> str:
    """A link to the heading of a title, as hosts of Markdown name it."""
    anchor = "".join(c for c in title.lower().replace(" ", "-") if c.isalnum() or c in "-_")
    return f"[{sentence(title)}](#{anchor})"


def _stated(vocabulary: Vocabulary, states: frozenset[str]) -> Iterator[str]:
    """The attributes by what they are stated of."""
    if not states:
        yield from ("States any attribute.", "")
        return
    by_domain: dict[str, list[str]] = {}
    for name in states:
        attribute = vocabulary.attributes[name]
        by_domain.setdefault(attribute.domain, []).append(attribute.key)
    yield from head("of", "states")
    for domain in sorted(by_domain):
        kind = vocabulary.elements.get(domain) or vocabulary.parts[domain]
        yield row(kind.label, ", ".join(f"`{key}`" for key in sorted(by_domain[domain])))
    yield ""
