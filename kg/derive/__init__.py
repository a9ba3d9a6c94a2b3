"""Writes what other tools need of the ontology: context, schemas, shapes, and pages to read.

Everything here is made again from the ontology and the catalogue, and nothing is known only here.
Each module of this package makes some of the files; its place in the folder is enough to be found.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol, cast

from kg.catalogue import Catalogue
from kg.extensions import modules
from kg.vocabulary import Vocabulary

NOTE = "Derived from ontology/ by `mismatch derive`; edit the ontology."
"""What every derived file says of itself at its top."""

_FOLDERS = ("ontology/derived", "queries/derived", "shapes/derived")


class Maker(Protocol):
    """A module that makes derived files."""

    def files(self, vocabulary: Vocabulary, catalogue: Catalogue) -> dict[str, str]:
        """Text by path below the knowledge folder; the same for the same knowledge, always."""


def derive(vocabulary: Vocabulary, catalogue: Catalogue) -> dict[str, str]:
    """The text of every derived file by its path below the knowledge folder, sorted by path."""
    made: dict[str, str] = {}
    for module in modules(__name__).values():
        made |= cast("Maker", module).files(vocabulary, catalogue)
    return dict(sorted(made.items()))


def stale(root: Path, vocabulary: Vocabulary, catalogue: Catalogue) -> list[str]:
    """Paths below `root` that are missing, not as they would be derived, or derived no longer."""
    made = derive(vocabulary, catalogue)
    return sorted([*_differing(root, made), *_left_over(root, made)])


def write(root: Path, vocabulary: Vocabulary, catalogue: Catalogue) -> list[str]:
    """Brings the derived files below `root` up to date, and says which it wrote or removed."""
    made = derive(vocabulary, catalogue)
    changed, removed = list(_differing(root, made)), list(_left_over(root, made))
    for path in changed:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(made[path].encode())
    for path in removed:
        (root / path).unlink()
    return sorted([*changed, *removed])


def _differing(root: Path, made: dict[str, str]) -> Iterator[str]:
    for name, text in made.items():
        # Bytes, not text: a checkout that turned line ends is stale too.
        if not (root / name).is_file() or (root / name).read_bytes() != text.encode():
            yield name


def _left_over(root: Path, made: dict[str, str]) -> Iterator[str]:
    for folder in _FOLDERS:
        for path in (root / folder).rglob("*"):
            name = path.relative_to(root).as_posix()
            if path.is_file() and name not in made:
                yield name
