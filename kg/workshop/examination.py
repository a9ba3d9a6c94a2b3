"""Holds extensions against every check, each laid over ours and over those before it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from kg import catalogue, vocabulary
from kg.errors import DescriptorError
from kg.vocabulary import Vocabulary
from kg.workshop.cases import read_cases
from kg.workshop.checks import checks
from kg.workshop.effect import Effect, effect
from kg.workshop.extension import Extension, Knowledge, read_extension
from kg.workshop.faults import Fault, Weight
from kg.workshop.files import CASES


@dataclass(frozen=True, slots=True)
class Examined:
    """An extension: what it holds, and what every check finds in it, by file and line."""

    folder: Path
    attributes: int
    predicates: int
    cases: int
    faults: tuple[tuple[str, Fault], ...]

    def count(self, weight: Weight) -> int:
        """How many faults are of that weight."""
        return sum(fault.weight is weight for _, fault in self.faults)


@dataclass(frozen=True, slots=True)
class Examination:
    """Extensions, what is known with all of them, and what they change together."""

    extensions: tuple[Examined, ...]
    vocabulary: Vocabulary
    effect: Effect

    @property
    def sound(self) -> bool:
        """Whether no check finds an error; warnings are advice."""
        return not any(one.count(Weight.ERROR) for one in self.extensions)


def examine(folders: Iterable[Path]) -> Examination:
    """What every check finds in the extensions; raises DescriptorError for what is no folder."""
    known = vocabulary.load()
    first = last = Knowledge((), known, catalogue.load(known))
    examined = []
    with TemporaryDirectory() as room:
        for folder in folders:
            if not folder.is_dir():
                raise DescriptorError(
                    f"{folder} is no folder" if folder.exists() else f"{folder} does not exist",
                    "Name the folder of an extension; `mismatch extend new` makes one",
                )
            extension = read_extension(folder, Path(room), last)
            examined.append(_examined(extension))
            last = extension.after
        return Examination(tuple(examined), last.vocabulary, effect(first, last))


def _examined(extension: Extension) -> Examined:
    found = [
        (name, fault) for name, check in checks().items() for fault in check.examine(extension)
    ]
    found.sort(key=lambda one: (one[1].file, one[1].line or 0, one[1].what))
    new = extension.after.vocabulary.attributes.keys() - extension.before.vocabulary.attributes
    root = extension.after.roots[-1]
    return Examined(
        folder=extension.folder,
        attributes=len(new),
        predicates=len(extension.predicates),
        cases=sum(len(list(read_cases(root / file.path))) for file in extension.on(CASES)),
        faults=tuple(dict.fromkeys(found)),
    )
