"""The ontology as a publication: a page for each kind of term, diagrams, examples, and the ontology
in three syntaxes with each alignment by itself.

The pages are one folder without a script, to be served anywhere or read from disk. An extension
that is laid over our knowledge is published with it.
"""

from collections.abc import Iterable
from pathlib import Path

from kg.catalogue import Catalogue
from kg.derive.catalogue import PATH
from kg.derive.catalogue import files as catalogued
from kg.extensions import knowledge_files
from kg.paths import knowledge_roots
from kg.publication.alignments import read_alignments
from kg.publication.chapters import chapters
from kg.publication.describing import Describer
from kg.publication.examples import examples
from kg.publication.questions import read_questions
from kg.publication.references import References
from kg.publication.site import Site, written
from kg.publication.syntaxes import syntaxes
from kg.vocabulary import Vocabulary

__all__ = ["published", "read_questions"]

_SYNTAXES = {
    "ontology.ttl": "Turtle",
    "ontology.rdf": "RDF/XML",
    "ontology.jsonld": "JSON-LD",
    "catalogue.ttl": "Catalogue of predicates, in Turtle",
}


def published(
    vocabulary: Vocabulary, catalogue: Catalogue, knowledge: Iterable[Path] = ()
) -> dict[str, str]:
    """The text of every file of the publication, by its name."""
    folders = tuple(knowledge)
    roots = knowledge_roots(folders)
    found = knowledge_files(roots, "ontology", "ttl")
    ontology = [path for path in found if "derived" not in path.parts]
    alignments = {path.stem: path for path in ontology if path.parent.name == "alignments"}
    references = References(vocabulary, catalogue, alignments)
    site = Site(
        vocabulary,
        chapters(vocabulary, catalogue, Describer(vocabulary, catalogue, references)),
        read_alignments(alignments, references),
        read_questions(knowledge_files(roots, "queries/competency", "rq")),
        examples(vocabulary, catalogue, folders),
    )
    return {
        **written(site, _SYNTAXES),
        **syntaxes(ontology),
        "catalogue.ttl": catalogued(vocabulary, catalogue)[PATH],
        **{f"alignment-{n}.ttl": p.read_text(encoding="utf-8") for n, p in alignments.items()},
    }
