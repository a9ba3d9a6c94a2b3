"""What the ontology must be able to answer: each question on a case of its own, on two engines, and
on the knowledge as shipped.
"""

import csv
from pathlib import Path
from typing import TypeAlias

import pyoxigraph
import pytest
import rdflib

from kg.catalogue import Catalogue
from kg.cli import run
from kg.derive.catalogue import PATH, files
from kg.errors import KnowledgeError
from kg.namespaces import local
from kg.publication import read_questions
from kg.publication.questions import CompetencyQuestion
from kg.vocabulary import Vocabulary

Rows: TypeAlias = list[tuple[str, ...]]

ROOT = Path(__file__).parents[1]
CASES = ROOT / "tests/cases/competency"
QUESTIONS = read_questions((ROOT / "queries/competency").glob("*.rq"))
# What our knowledge answers with no row: nothing is wrong, given up, or described.
ANSWERED_BY_NONE = {
    "mismatches-found-only-by-completeness",
    "mismatches-that-nothing-detects",
    "terms-that-were-given-up",
}


def expected(question: CompetencyQuestion) -> Rows:
    with (CASES / f"{question.id}.csv").open(encoding="utf-8", newline="") as file:
        return [tuple(row) for row in csv.reader(file)]


def by_rdflib(question: CompetencyQuestion) -> Rows:
    found = rdflib.Graph().parse(CASES / f"{question.id}.ttl").query(question.query)
    assert found.vars is not None
    rows = [[*row] for row in found if isinstance(row, tuple)]
    head = tuple(str(variable) for variable in found.vars)
    return [head, *(tuple("" if t is None else local(str(t)) for t in row) for row in rows)]


def by_oxigraph(question: CompetencyQuestion, *data: tuple[bytes, pyoxigraph.RdfFormat]) -> Rows:
    store = pyoxigraph.Store()
    for text, form in data:
        store.load(text, form, base_iri="http://localhost/")
    found = store.query(question.query)
    assert isinstance(found, pyoxigraph.QuerySolutions)
    head = tuple(variable.value for variable in found.variables)
    return [head, *(tuple(_text(term) for term in row) for row in found)]


def _text(term: object) -> str:
    return local(str(getattr(term, "value", "")))


def test_there_are_at_least_fifteen_questions_each_with_a_case() -> None:
    assert len(QUESTIONS) >= 15
    names = {question.id for question in QUESTIONS}
    assert {path.stem for path in CASES.glob("*.ttl")} == names
    assert {path.stem for path in CASES.glob("*.csv")} == names


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: one.id)
def test_a_question_has_the_rows_of_its_case(question: CompetencyQuestion) -> None:
    text = (CASES / f"{question.id}.ttl").read_bytes()

    assert len(expected(question)) > 1
    assert by_oxigraph(question, (text, pyoxigraph.RdfFormat.TURTLE)) == expected(question)
    assert by_rdflib(question) == expected(question)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: one.id)
def test_our_knowledge_answers_a_question(
    question: CompetencyQuestion, known: Vocabulary, predicates: Catalogue
) -> None:
    paths = (p for p in (ROOT / "ontology").rglob("*.ttl") if "derived" not in p.parts)
    ontology = [(path.read_bytes(), pyoxigraph.RdfFormat.TURTLE) for path in paths]
    catalogue = files(known, predicates)[PATH].encode(), pyoxigraph.RdfFormat.TURTLE
    # Nothing is described there, so what asks of descriptors finds nothing.
    empty = "descriptors" in question.over or question.id in ANSWERED_BY_NONE

    assert (len(by_oxigraph(question, *ontology, catalogue)) == 1) is empty


def test_a_question_without_its_words_is_refused_with_its_file(tmp_path: Path) -> None:
    (tmp_path / "mute.rq").write_text("#+ summary: Why?\nSELECT * WHERE {}", encoding="utf-8")

    with pytest.raises(KnowledgeError, match=r"mute\.rq"):
        read_questions(tmp_path.glob("*.rq"))


def test_a_question_over_what_there_is_not_is_refused(tmp_path: Path) -> None:
    text = "#+ summary: Why?\n#+ description: Asked by nobody.\n#+ tags: [the web]\n"
    (tmp_path / "far.rq").write_text(text, encoding="utf-8")

    with pytest.raises(KnowledgeError, match="the web"):
        read_questions(tmp_path.glob("*.rq"))


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("attributes-in-a-unit", "requiredMemory"),
        ("predicates-that-read-an-attribute", "resources-exceed-operations"),
    ],
)
def test_a_question_can_be_asked_as_any_question(
    name: str, answer: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = ROOT / "queries" / "competency" / f"{name}.rq"

    assert run(["ask", "-f", str(file), str(ROOT / "docs/example"), "--as", "csv"]) == 0
    assert answer in capsys.readouterr().out
