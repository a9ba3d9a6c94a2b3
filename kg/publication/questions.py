"""Competency questions: what the ontology must be able to answer, each with the query that does.

A question is a file in `queries/competency/`, ours or an extension's, with the words of a saved
question: its summary is the question, its description says who asks, and its tags what it goes
over. It takes no parameters, and is plain SPARQL 1.1.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kg.errors import KnowledgeError
from kg.queries import body, front_matter

OVER = ("ontology", "study", "catalogue", "descriptors")
"""What a question may go over."""

_WORDS = {"summary", "description", "tags"}


@dataclass(frozen=True, slots=True)
class CompetencyQuestion:
    """A question, who asks it, what it goes over, and the query."""

    id: str
    question: str
    description: str
    over: tuple[str, ...]
    query: str


def read_questions(files: Iterable[Path]) -> tuple[CompetencyQuestion, ...]:
    """The questions in the files, by their names; raises KnowledgeError where one lacks words."""
    return tuple(sorted(map(_read, files), key=lambda one: one.id))


def _read(file: Path) -> CompetencyQuestion:
    text = file.read_text(encoding="utf-8")
    words = front_matter(file, text, KnowledgeError)
    if words.keys() != _WORDS:
        raise KnowledgeError(
            f"{file}: its front matter does not say what it should",
            f"Say {', '.join(sorted(_WORDS))}, and nothing else",
        )
    over = words["tags"] if isinstance(words["tags"], list) else [words["tags"]]
    if not set(over) <= set(OVER):
        raise KnowledgeError(
            f"{file}: it is over {', '.join(map(str, over))}", f"Use {', '.join(OVER)}"
        )
    return CompetencyQuestion(
        id=file.stem,
        question=str(words["summary"]),
        description=str(words["description"]),
        over=tuple(map(str, over)),
        query=body(text),
    )
