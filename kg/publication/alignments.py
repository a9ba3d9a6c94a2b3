"""What each alignment maps, as its page tells it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from kg.namespaces import iri
from kg.publication.references import References
from kg.publication.terms import Reference
from kg.triples import read_triples

_RELATIONS = {
    "skos:exactMatch": "is",
    "skos:closeMatch": "is nearly",
    "skos:broadMatch": "is a case of",
    "skos:narrowMatch": "comprises",
    "skos:relatedMatch": "has to do with",
}
_HEAD = re.compile(r"(?:^#.*\n)+", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Match:
    """A term, how it fits, and the term of the other vocabulary."""

    subject: Reference
    relation: str
    object: Reference


@dataclass(frozen=True, slots=True)
class Alignment:
    """The mapping to one vocabulary or format; `title` is what its file says it is."""

    name: str
    title: str
    matches: tuple[Match, ...]

    @property
    def file(self) -> str:
        """Its page."""
        return f"alignment-{self.name}.html"


def read_alignments(files: Mapping[str, Path], references: References) -> tuple[Alignment, ...]:
    """Each alignment, in the order of names."""
    return tuple(
        Alignment(name, _title(file), tuple(_matches(file, references)))
        for name, file in sorted(files.items())
    )


def _title(file: Path) -> str:
    """The comment at the head of the file, up to its first empty line."""
    found = _HEAD.match(file.read_text(encoding="utf-8"))
    lines = found[0].splitlines() if found else []
    first = [line.removeprefix("#").strip() for line in lines]
    return " ".join(first[: first.index("")] if "" in first else first)


def _matches(file: Path, references: References) -> Iterator[Match]:
    words = {iri(name): word for name, word in _RELATIONS.items()}
    for subject, predicate, term in read_triples([file]):
        if predicate in words:
            yield Match(references.to_iri(subject), words[predicate], references.to_iri(term.value))
