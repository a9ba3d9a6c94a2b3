"""Fills the templates: one page a chapter, one of alignments, one of questions, and the front."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kg.pages import environment
from kg.publication.alignments import Alignment
from kg.publication.diagrams import overview, parts_of
from kg.publication.examples import Example
from kg.publication.questions import CompetencyQuestion
from kg.publication.terms import Chapter
from kg.vocabulary import Vocabulary

_TEMPLATES = Path(__file__).parent / "templates"
_DUBLIN = ("title", "description", "license", "source", "creator", "bibliographicCitation")


@dataclass(frozen=True, slots=True)
class Site:
    """All that the pages tell."""

    vocabulary: Vocabulary
    chapters: tuple[Chapter, ...]
    alignments: tuple[Alignment, ...]
    questions: tuple[CompetencyQuestion, ...]
    examples: Mapping[str, Example]


def written(site: Site, syntaxes: Mapping[str, str]) -> dict[str, str]:
    """The text of each page by the name of its file; `syntaxes` are the files to download."""
    filled = environment(_TEMPLATES)
    shared = {
        "elements": [chapter for chapter in site.chapters if chapter.about],
        "others": [chapter for chapter in site.chapters if not chapter.about],
        "about": _about(site.vocabulary),
    }
    chapter = filled.get_template("chapter.html.jinja")
    pages = {
        one.file: chapter.render(
            **shared,
            here=one.file,
            chapter=one,
            picture=parts_of(site.vocabulary, one.about) if one.about else None,
            example=site.examples.get(one.about),
        )
        for one in site.chapters
    }
    mapped = filled.get_template("alignment.html.jinja")
    pages |= {
        one.file: mapped.render(**shared, here="alignments.html", alignment=one)
        for one in site.alignments
    }
    for name, told in (
        ("index", {"picture": overview(site.vocabulary), "syntaxes": syntaxes}),
        ("alignments", {"alignments": site.alignments}),
        ("questions", {"questions": site.questions}),
    ):
        file = f"{name}.html"
        pages[file] = filled.get_template(f"{file}.jinja").render(**shared, here=file, **told)
    return pages


def _about(vocabulary: Vocabulary) -> dict[str, str]:
    """What the ontology says of itself."""
    triples = vocabulary.triples
    return {
        "iri": triples.value("mm:", "vann:preferredNamespaceUri"),
        "prefix": triples.value("mm:", "vann:preferredNamespacePrefix"),
        "version": triples.value("mm:", "owl:versionInfo"),
        "version_iri": triples.value("mm:", "owl:versionIRI"),
        "profile": triples.value("mm:", "rdfs:comment"),
        **{name: triples.value("mm:", f"dcterms:{name}") for name in _DUBLIN},
    }
