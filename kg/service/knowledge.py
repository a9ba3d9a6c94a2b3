"""What the service knows beside projects, made once for each format: it does not change while the
service runs.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path

from kg import catalogue as catalogues
from kg import matrix as matrices
from kg import vocabulary as vocabularies
from kg.catalogue import Catalogue
from kg.derive import context, predicates, schemas, shapes
from kg.extensions import knowledge_files
from kg.gaps import Analysis, analyse
from kg.namespaces import iri, prefixes
from kg.parsing import BlankNode, Media, NamedNode, Quad, parse_rdf, write_rdf
from kg.paths import knowledge_roots
from kg.pictures import Shown
from kg.publication.chapters import chapters
from kg.publication.describing import Describer
from kg.publication.references import PREDICATE, PREDICATES, References
from kg.publication.terms import Chapter, Fact, Reference, Term
from kg.study import Study
from kg.vocabulary import Vocabulary

_DERIVED = ("ontology/derived", "shapes/derived")


@dataclass(frozen=True)
class Knowledge:
    """All that is known, with folders laid over our knowledge; each part is made when it is asked
    for.
    """

    folders: tuple[Path, ...]
    vocabulary: Vocabulary
    catalogue: Catalogue

    @cached_property
    def shown(self) -> Shown:
        """What the matrix and the study are told of."""
        matrix = matrices.build(self.vocabulary, self.catalogue)
        return Shown(matrix, Study(), self.vocabulary, self.catalogue, self.folders)

    @cached_property
    def analysis(self) -> Analysis:
        """The gaps of the mapping."""
        return analyse(self.vocabulary, self.catalogue)

    @cached_property
    def chapters(self) -> tuple[Chapter, ...]:
        """Every term, in the order in which pages tell them."""
        found = knowledge_files(knowledge_roots(self.folders), "ontology", "ttl")
        aligned = {path.stem: path for path in found if path.parent.name == "alignments"}
        references = References(self.vocabulary, self.catalogue, aligned)
        told = chapters(
            self.vocabulary, self.catalogue, Describer(self.vocabulary, self.catalogue, references)
        )
        return tuple(self._led(chapter) for chapter in told)

    @cached_property
    def terms(self) -> Mapping[str, Term]:
        """Terms by the name that stands in their address, or `predicate-` and the id."""
        return {
            self.place(term.place): term
            for chapter in self.chapters
            for section in chapter.sections
            for term in section.terms
        }

    @cached_property
    def derived(self) -> Mapping[str, str]:
        """The derived files below `ontology/derived` and `shapes/derived`, by path."""
        if self.folders:
            known = self.vocabulary, self.catalogue
            made = (maker.files(*known) for maker in (context, predicates, schemas, shapes))
            return {path: text for files in made for path, text in files.items()}
        root = knowledge_roots()[0]
        return {
            path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
            for folder in _DERIVED
            for path in sorted((root / folder).rglob("*.*"))
        }

    @cached_property
    def ontology(self) -> tuple[Quad, ...]:
        """What the files of the ontology state."""
        found = knowledge_files(knowledge_roots(self.folders), "ontology", "ttl")
        files = (path for path in found if "derived" not in path.parts)
        return tuple(
            quad
            for path in files
            for quad in parse_rdf(path.read_bytes(), "turtle", base=iri("mm:"))
        )

    @cached_property
    def shapes(self) -> tuple[Quad, ...]:
        """What the derived shapes state."""
        return tuple(
            quad
            for path, text in self.derived.items()
            if path.startswith("shapes/")
            for quad in parse_rdf(text.encode(), "turtle", base=iri("mm:"))
        )

    @cached_property
    def _by_subject(self) -> Mapping[NamedNode | BlankNode, list[Quad]]:
        found: dict[NamedNode | BlankNode, list[Quad]] = defaultdict(list)
        for quad in self.ontology:
            if isinstance(quad.subject, NamedNode | BlankNode):
                found[quad.subject].append(quad)
        return found

    def about(self, term: Term) -> Iterator[Quad]:
        """What the ontology states of a term, with the nodes without a name behind it."""
        todo: list[NamedNode | BlankNode] = [NamedNode(term.iri)]
        for node in todo:
            for quad in self._by_subject.get(node, ()):
                yield quad
                if isinstance(quad.object, BlankNode) and quad.object not in todo:
                    todo.append(quad.object)

    def written(self, quads: Iterable[Quad], media: Media) -> bytes:
        """Statements in a syntax, with those of our prefixes and the folders' that are used."""
        triples = [quad.triple for quad in quads]
        text = " ".join(map(str, triples))
        known = sorted({**prefixes(), **self.vocabulary.prefixes}.items())
        return write_rdf(triples, media, {name: one for name, one in known if f"<{one}" in text})

    def place(self, name: str) -> str:
        """How a term is called in addresses: its local name, or with the prefix of its own."""
        return self.vocabulary.curie(name).removeprefix("mm:")

    def _led(self, chapter: Chapter) -> Chapter:
        """The chapter with what stands in it leading to this service's own pages."""
        sections = (
            replace(section, terms=tuple(self._leading(term) for term in section.terms))
            for section in chapter.sections
        )
        return replace(chapter, sections=tuple(sections))

    def _leading(self, term: Term) -> Term:
        return replace(
            term,
            facts=tuple(
                Fact(fact.heading, tuple(self._to(one) for one in fact.values))
                for fact in term.facts
            ),
        )

    def _to(self, one: Reference) -> Reference:
        page, sign, name = one.address.partition("#")
        if not sign or "//" in page:
            return one
        if page == PREDICATES:
            return Reference(one.text, f"/predicates/{name.removeprefix(PREDICATE)}")
        return Reference(one.text, f"/vocabulary/{self.place(name)}")


@cache
def knowledge(folders: tuple[Path, ...]) -> Knowledge:
    """What is known with these folders laid over ours."""
    vocabulary = vocabularies.load(folders)
    return Knowledge(folders, vocabulary, catalogues.load(vocabulary, folders))
