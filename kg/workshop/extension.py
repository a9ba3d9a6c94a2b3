"""An extension as its checks see it: its files, what they mean together with what they are laid
over, and what of them cannot be read.

Only files that can be read are copied to where knowledge is loaded from, so one that is broken
keeps no check from the others.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from kg import catalogue as catalogues
from kg import vocabulary as vocabularies
from kg.catalogue import Catalogue, Predicate
from kg.detect.by_query import ready_for
from kg.errors import DescriptorError, KgError, KnowledgeError, PredicateMalformed
from kg.namespaces import iri, local, prefixes
from kg.parsing import Media, parse_rdf
from kg.patterns import outline
from kg.reading import decode, read_bytes
from kg.translation import query_of
from kg.triples import Triples, read_triples
from kg.vocabulary import Vocabulary
from kg.workshop.faults import Fault, Weight
from kg.workshop.places import (
    declared,
    line_of,
    line_of_front_matter,
    line_of_value,
    line_of_word,
    namespace_of,
)

ONTOLOGY, SHAPES, QUERIES, CASES = "ontology", "shapes/predicates", "queries/predicates", "cases"
EXAMPLE = "example"
SUFFIXES = {ONTOLOGY: ".ttl", SHAPES: ".ttl", QUERIES: ".rq", CASES: ".trig"}
"""What is read of an extension: the shelves, and how files on them end."""


_LARGEST = 8 << 20
_NAMESPACE = "vann:preferredNamespaceUri"


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Folders laid over ours, and what is known with them."""

    roots: tuple[Path, ...]
    vocabulary: Vocabulary
    catalogue: Catalogue


@dataclass(frozen=True, slots=True)
class File:
    """A file that can be read; `path` is below the extension's folder."""

    path: str
    shelf: str
    text: str


@dataclass(frozen=True, slots=True)
class Extension:
    """An extension, what is known before it is laid over it and after, and what is not read."""

    folder: Path
    files: tuple[File, ...]
    before: Knowledge
    after: Knowledge
    triples: Triples
    unread: tuple[Fault, ...]

    def on(self, shelf: str) -> Iterator[File]:
        """The files of a shelf that can be read."""
        return (file for file in self.files if file.shelf == shelf)

    @property
    def subjects(self) -> tuple[str, ...]:
        """The IRIs of what the ontology of the extension speaks of, in its order."""
        named = (subject for subject, _, _ in self.triples if not subject.startswith("_:"))
        return tuple(dict.fromkeys(named))

    @property
    def namespaces(self) -> tuple[str, ...]:
        """The namespaces of the extension's own: those of its ontologies, else of what it declares
        in none that we know.
        """
        headers = self.triples.subjects("rdf:type", "owl:Ontology")
        stated = [uri for one in headers for uri in self.triples.values(one, _NAMESPACE)]
        named = stated or headers or map(namespace_of, self.subjects)
        return tuple(dict.fromkeys(one for one in named if one not in prefixes().values()))

    def is_own(self, term: str) -> bool:
        """Whether a term's IRI is in a namespace of the extension's, or in ours and not of ours."""
        if term.startswith(self.namespaces):
            return True
        ours = term.startswith(iri("mm:")) and not term.startswith(iri("mms:"))
        return ours and not self.before.vocabulary.triples.values(term, "rdf:type")

    def called(self, term: str) -> str:
        """The prefixed name of a term, as the extension's files write it."""
        name = iri(term)
        for file in self.files:
            for prefix, namespace in declared(file.text).items():
                if namespace == namespace_of(name):
                    return f"{prefix}:{name.removeprefix(namespace)}"
        return f"mm:{local(name)}" if local(name) != name else f"<{name}>"

    @property
    def predicates(self) -> tuple[Predicate, ...]:
        """The predicates that the extension adds, or puts in the place of others."""
        names = {Path(f.path).stem for shelf in (QUERIES, SHAPES) for f in self.on(shelf)}
        return tuple(p for name, p in self.after.catalogue.predicates.items() if name in names)

    def file_of(self, predicate: str) -> File:
        """The file of a predicate of the extension."""
        shelves = (file for shelf in (QUERIES, SHAPES) for file in self.on(shelf))
        return next(file for file in shelves if Path(file.path).stem == predicate)

    def about(self, term: str, what: str, hint: str, weight: Weight = Weight.ERROR) -> Fault:
        """A fault of a term, where the ontology of the extension describes it."""
        for file in self.on(ONTOLOGY):
            line = line_of(file.text, iri(term))
            if line:
                return Fault(file.path, line, what, hint, weight)
        return Fault(ONTOLOGY, None, what, hint, weight)


def read_extension(folder: Path, room: Path, before: Knowledge) -> Extension:
    """The extension in a folder, laid over what is known before; its copies are put into a room."""
    files, unread = _readable(folder)
    ontology = [file for file in files if file.shelf == ONTOLOGY]
    found = _refused(ontology, room, before)
    unread += found
    lost = {fault.file for fault in found}
    files = [file for file in files if file.path not in lost]
    laid = _laid(files, room)
    known = vocabularies.load([*before.roots, laid])
    for file in [file for file in files if file.shelf in {QUERIES, SHAPES}]:
        fault = _fault_of_predicate(file, laid / file.path, known)
        if fault:
            unread.append(fault)
            files.remove(file)
            (laid / file.path).unlink()
    roots = (*before.roots, laid)
    return Extension(
        folder=folder,
        files=tuple(files),
        before=before,
        after=Knowledge(roots, known, catalogues.load(known, roots)),
        triples=read_triples(laid / file.path for file in files if file.shelf == ONTOLOGY),
        unread=tuple(unread),
    )


def _readable(folder: Path) -> tuple[list[File], list[Fault]]:
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
                if suffix != ".rq":
                    media: Media = "trig" if shelf == CASES else "turtle"
                    parse_rdf(data, media, path.resolve().as_uri())
            except DescriptorError as error:
                faults.append(Fault(name, error.line, error.what, error.hint))
            else:
                files.append(file)
    return files, faults


def _refused(files: list[File], room: Path, before: Knowledge) -> list[Fault]:
    """What keeps the ontology's files from being loaded: the one without which they can be, or all
    of them.
    """
    error = _refusal(files, room, before)
    if error is None:
        return []
    others = ([one for one in files if one is not file] for file in files)
    alone = (few for few in others if _refusal(few, room, before) is None)
    kept = next(alone, [])
    return [
        Fault(file.path, _line_told(file.text, error.what), error.what, error.hint)
        for file in files
        if file not in kept
    ]


def _refusal(files: list[File], room: Path, before: Knowledge) -> KnowledgeError | None:
    """Why files of an ontology cannot be loaded, if they cannot."""
    try:
        vocabularies.load([*before.roots, _laid(files, room)])
    except KnowledgeError as error:
        return error
    return None


def _laid(files: Iterable[File], room: Path) -> Path:
    """A folder of its own that holds the files: what is loaded from one is remembered by its
    name.
    """
    made = Path(mkdtemp(dir=room))
    (made / ONTOLOGY).mkdir()
    for file in files:
        (made / file.path).parent.mkdir(parents=True, exist_ok=True)
        (made / file.path).write_text(file.text, encoding="utf-8")
    return made


def _line_told(text: str, told: str) -> int | None:
    """The line of the first term of a file that an error names."""
    for word in re.findall(r"<([^>]+)>|([\w-]+:[\w-]+)", told):
        line = line_of(text, word[0] or iri(word[1]))
        if line:
            return line
    return None


def _fault_of_predicate(file: File, path: Path, vocabulary: Vocabulary) -> Fault | None:
    """Why a predicate cannot be run, if it cannot."""
    try:
        predicate = catalogues.read(path)
        catalogues.check(predicate, vocabulary, catalogues.mismatches(vocabulary))
        variables = outline(query_of(predicate)).variables
        absent = [f"?{name}" for name in ("subject", "verdict") if name not in variables]
        if absent:
            raise PredicateMalformed(
                f"The query does not select {' and '.join(absent)}",
                "Say what the verdict is about, and what it is",
            )
        ready_for(predicate)
    except KgError as error:
        what = error.what.replace(f"{path}: ", "").replace(str(path), file.path)
        return Fault(file.path, _line_of_fault(file, error), what, error.hint)
    return None


def _line_of_fault(file: File, error: KgError) -> int | None:
    """The line that an error about a predicate speaks of: of the query, the front matter, or the
    word that it quotes.
    """
    cause = error.__cause__
    if isinstance(cause, DescriptorError) and cause.line:
        return line_of_front_matter(file.text, cause.line)
    if found := re.search(r"Line (\d+) of the query", error.what):
        return int(found[1])
    for word in re.findall(r"`([\w-]+)`", error.what):
        line = line_of_word(file.text, word) or line_of_value(file.text, word)
        if line:
            return line
    return 1
