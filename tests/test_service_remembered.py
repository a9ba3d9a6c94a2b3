"""Answers that are given again: only to the same question, only until something is written."""

from collections.abc import Iterator
from dataclasses import replace

import httpx2
import pytest

from kg.answering.remembered import Remembered
from kg.service.access import EVERYTHING, Dataset
from kg.service.readers import Answer, Limits, Question
from tests.serving import fill, query, served, update

ASKED = Question(EVERYTHING, Limits(1, 1, 1, 1), "json", None, "ASK {}")
ANSWER = Answer("truth", "json", 10, "digest", "", b"x" * 10)


def keep(remembered: Remembered[Answer], question: Question, epoch: int) -> None:
    remembered.keep(question, epoch, question.text, ANSWER, ANSWER.size)


@pytest.fixture(scope="module")
def client() -> Iterator[httpx2.Client]:
    # Where connections are lent, borrowers remember answers too.
    with served(borrowers=0) as found:
        fill(found, 10)
        yield found


def test_the_same_question_gets_the_same_answer_until_something_is_written(
    client: httpx2.Client,
) -> None:
    text = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    before = _remembered(client)
    first, second = query(client, text), query(client, text)
    assert first.content == second.content
    assert first.headers["etag"] == second.headers["etag"]
    assert first.headers["query-id"] != second.headers["query-id"]
    assert _remembered(client) == before + 1
    update(client, "INSERT DATA { <x:new> <x:new> 1 }")
    (row,) = query(client, text).json()["results"]["bindings"]
    assert row["n"]["value"] == "11"


@pytest.mark.parametrize("call", ["RAND()", "NOW()", "UUID()", "STRUUID()", "BNODE()"])
def test_what_differs_each_time_is_not_remembered(client: httpx2.Client, call: str) -> None:
    text = f"SELECT ({call} AS ?v) {{}}"
    before = _remembered(client)
    query(client, text)
    query(client, text)
    assert _remembered(client) == before


@pytest.mark.parametrize(
    "other",
    [
        replace(ASKED, text="ASK { }"),
        replace(ASKED, dataset=Dataset((), ("x:g",))),
        replace(ASKED, rows_as="csv"),
        replace(ASKED, union=True),
        replace(ASKED, limits=replace(ASKED.limits, rows=2)),
    ],
)
def test_another_question_is_another_question(other: Question) -> None:
    remembered: Remembered[Answer] = Remembered(1 << 20)
    keep(remembered, ASKED, 1)
    assert remembered.find(replace(ASKED), 1) is ANSWER
    assert remembered.find(other, 1) is None


@pytest.mark.parametrize(
    ("text", "is_kept"),
    [
        ("ASK { ?s <x:knowledge> ?service ; a <x:InferenceService> }", True),
        ("SELECT (1 AS ?n) {} GROUP BYrand ()", False),
        ("SELECT (NOW# ()\n() AS ?n) {}", False),
        ("ASK { SERVICE <x:s> {} }", False),
        ("ASK { serviceSILENT<x:s> {} }", False),
        ("ASK { SERVICEx:s {} }", False),
    ],
)
def test_only_what_has_one_answer_is_kept(text: str, is_kept: bool) -> None:  # noqa: FBT001
    remembered: Remembered[Answer] = Remembered(1 << 20)
    keep(remembered, replace(ASKED, text=text), 1)
    assert (remembered.find(replace(ASKED, text=text), 1) is not None) is is_kept


def test_another_epoch_forgets_and_an_answer_of_one_before_is_not_kept() -> None:
    remembered: Remembered[Answer] = Remembered(1 << 20)
    keep(remembered, ASKED, 1)
    assert remembered.find(ASKED, 2) is None
    keep(remembered, replace(ASKED, text="ASK { }"), 2)
    keep(remembered, ASKED, 1)
    assert remembered.find(ASKED, 2) is None


def test_what_was_asked_longest_ago_is_forgotten_first() -> None:
    remembered: Remembered[Answer] = Remembered(3500)
    texts = [f"ASK {{ {number} }}" for number in range(4)]
    for text in texts:
        keep(remembered, replace(ASKED, text=text), 1)
        remembered.find(replace(ASKED, text=texts[0]), 1)
    known = [remembered.find(replace(ASKED, text=text), 1) is not None for text in texts]
    assert known == [True, False, True, True]


def _remembered(client: httpx2.Client) -> float:
    lines = client.get("/metrics").text.splitlines()
    name = 'mismatch_queries_ended_total{how="remembered"} '
    return next((float(line.removeprefix(name)) for line in lines if line.startswith(name)), 0)
