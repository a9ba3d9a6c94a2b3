"""An extension as its checks see it: its files, what they mean together with what they are laid
over, and what of them cannot be read.

Only files that can be read are copied to where knowledge is loaded from, so one that is broken
keeps no check from the others.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from kg import catalogue as catalogues
from kg import vocabulary as vocabularies
from kg.catalogue import Catalogue, Predicate
from kg.errors import KnowledgeError
from kg.namespaces import iri, local, namespace, prefixes
from kg.parsing import Quad
from kg.triples import Triples, read_triples
from kg.vocabulary import Vocabulary
from kg.workshop.faults import Fault, Weight
from kg.workshop.files import ONTOLOGY, QUERIES, SHAPES, File, laid, readable
from kg.workshop.places import declared, line_of, line_told
from kg.workshop.running import fault_of_predicate
from kg.workshop.surroundings import quads, surroundings

_NAMESPACE = "vann:preferredNamespaceUri"


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Folders laid over ours, and what is known with them."""

    roots: tuple[Path, ...]
    vocabulary: Vocabulary
    catalogue: Catalogue


@dataclass(frozen=True, slots=True)
class Extension:
    """An extension, what is known before it is laid over it and after, what it speaks of that was
    known before, and what of it is not read.
    """

    folder: Path
    files: tuple[File, ...]
    before: Knowledge
    after: Knowledge
    triples: Triples
    surroundings: tuple[Quad, ...]
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
        stated = {uri for one in headers for uri in self.triples.values(one, _NAMESPACE)}
        roots = {one.rstrip("#/") for one in headers}
        found = dict.fromkeys(map(namespace, map(iri, self.subjects)))
        own = [one for one in found if one in stated or one.rstrip("#/") in roots]
        return tuple(one for one in own or found if one and one not in prefixes().values())

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
            for prefix, space in declared(file.text).items():
                if space == namespace(name):
                    return f"{prefix}:{name.removeprefix(space)}"
        return f"mm:{local(name)}" if local(name) != name else f"<{name}>"

    @property
    def predicates(self) -> tuple[Predicate, ...]:
        """The predicates that the extension adds, or puts in the place of others."""
        names = {file.stem for shelf in (QUERIES, SHAPES) for file in self.on(shelf)}
        return tuple(p for name, p in self.after.catalogue.predicates.items() if name in names)

    def file_of(self, predicate: str) -> File:
        """The file of a predicate of the extension."""
        shelves = (file for shelf in (QUERIES, SHAPES) for file in self.on(shelf))
        return next(file for file in shelves if file.stem == predicate)

    def about(self, term: str, what: str, hint: str, weight: Weight = Weight.ERROR) -> Fault:
        """A fault of a term, where the ontology of the extension describes it."""
        for file in self.on(ONTOLOGY):
            line = line_of(file.text, iri(term))
            if line:
                return Fault(file.path, line, what, hint, weight)
        return Fault(ONTOLOGY, None, what, hint, weight)


def read_extension(folder: Path, room: Path, before: Knowledge) -> Extension:
    """The extension in a folder, laid over what is known before; its copies are put into a room."""
    files, unread = readable(folder)
    copy, known, refused = _loaded(files, room, before)
    lost = {fault.file for fault in refused}
    files = [file for file in files if file.path not in lost]
    for file in [file for file in files if file.shelf in {QUERIES, SHAPES}]:
        fault = fault_of_predicate(file, copy / file.path, known)
        if fault:
            unread.append(fault)
            files.remove(file)
            (copy / file.path).unlink()
    roots = (*before.roots, copy)
    ontology = [file for file in files if file.shelf == ONTOLOGY]
    return Extension(
        folder=folder,
        files=tuple(files),
        before=before,
        after=Knowledge(roots, known, catalogues.load(known, roots)),
        triples=read_triples(copy / file.path for file in ontology),
        surroundings=tuple(surroundings(list(quads(ontology)), before.roots)),
        unread=(*unread, *refused),
    )


def _loaded(
    files: list[File], room: Path, before: Knowledge
) -> tuple[Path, Vocabulary, list[Fault]]:
    """A copy of the files whose ontology can be loaded, what is known with it, and what keeps the
    others out: the one without which the rest can be loaded, or all of the ontology.
    """
    # What was loaded from a folder is remembered by its name, so each attempt gets a new one.
    attempts = (laid(few, Path(mkdtemp(dir=room)) / "copy") for few in _fewer(files))
    first: KnowledgeError | None = None
    for copy in attempts:
        try:
            known = vocabularies.load([*before.roots, copy])
        except KnowledgeError as error:
            first = first or error
        else:
            lost = [file for file in files if not (copy / file.path).exists()]
            return copy, known, [_refusal(file, first) for file in lost if first]
    raise first or KnowledgeError("Our own ontology cannot be loaded", "Restore it")


def _fewer(files: list[File]) -> Iterator[list[File]]:
    """All files, all but each of the ontology, and those that are not of the ontology."""
    yield files
    for out in files:
        if out.shelf == ONTOLOGY:
            yield [file for file in files if file is not out]
    yield [file for file in files if file.shelf != ONTOLOGY]


def _refusal(file: File, error: KnowledgeError) -> Fault:
    return Fault(file.path, line_told(file.text, error.what), error.what, error.hint)
