"""The files of an extension: where they stand, how they end, and which of them can be read."""

from dataclasses import dataclass
from pathlib import Path

from kg.errors import DescriptorError
from kg.parsing import Media, parse_rdf
from kg.reading import decode, read_bytes
from kg.workshop.faults import Fault

ONTOLOGY, SHAPES, QUERIES, CASES = "ontology", "shapes/predicates", "queries/predicates", "cases"
EXAMPLE = "example"
SUFFIXES = {ONTOLOGY: ".ttl", SHAPES: ".ttl", QUERIES: ".rq", CASES: ".trig"}
"""What is read of an extension: the shelves, and how files on them end."""

_LARGEST = 8 << 20
_MEDIA: dict[str, Media] = {".ttl": "turtle", ".trig": "trig"}


@dataclass(frozen=True, slots=True)
class File:
    """A file that can be read; `path` is below the extension's folder."""

    path: str
    shelf: str
    text: str

    @property
    def stem(self) -> str:
        """Its name without what it ends in: of a predicate or its cases, the predicate's id."""
        return Path(self.path).stem


def readable(folder: Path) -> tuple[list[File], list[Fault]]:
    """The files whose syntax is right, and what is wrong with that of the others."""
    files, faults = [], []
    for shelf, suffix in SUFFIXES.items():
        for path in sorted((folder / shelf).rglob(f"*{suffix}")):
            name = path.relative_to(folder).as_posix()
            if "derived" in name.split("/"):
                continue
            try:
                data = read_bytes(path, _LARGEST)
                file = File(name, shelf, decode(data))
                if suffix in _MEDIA:
                    parse_rdf(data, _MEDIA[suffix], path.resolve().as_uri())
            except DescriptorError as error:
                faults.append(Fault(name, error.line, error.what, error.hint))
            else:
                files.append(file)
    return files, faults


def laid(files: list[File], folder: Path) -> Path:
    """The folder, with the files written into it as they would stand in an extension."""
    (folder / ONTOLOGY).mkdir(parents=True)
    for file in files:
        (folder / file.path).parent.mkdir(parents=True, exist_ok=True)
        (folder / file.path).write_text(file.text, encoding="utf-8")
    return folder
