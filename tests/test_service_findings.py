"""Findings over HTTP: filtered, in pages and formats, waived and talked about."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from xml.etree import ElementTree as ET

import httpx2
import pytest

from kg.findings import Finding, Severity, Verdict
from kg.history import FILE, History
from tests.browsing import Browser, judged
from tests.remembering import finding, put, report
from tests.serving import served

MEMORY = finding(item="memory")
SHIFT = replace(
    finding("numeric-feature-shift", severity=Severity.WARNING, item="income"),
    mismatches=("OD.DataStatistics",),
    kind="statistical",
)
WAITS = finding("inference-too-slow", Verdict.UNDECIDED)
CLEAR = finding("license-use-forbidden", Verdict.CLEAR)
FOUND = (MEMORY, SHIFT, WAITS, CLEAR)
LOAN = "/projects/loan/findings"
MISSING = f"{LOAN}/{'0' * 32}"
HTML = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    folder = tmp_path_factory.mktemp("store")
    with closing(History(folder / FILE)) as history, history.writing() as connection:
        put(connection, report(*FOUND))
        for name in ("fraud", "churn", "a/b ü"):
            put(connection, report(*FOUND, project=name))
    with served(serves="projects", store=str(folder)) as client:
        yield client


def _of(one: Finding) -> str:
    return f"{LOAN}/{one.fingerprint}"


def _predicates(found: httpx2.Response) -> list[tuple[str, str]]:
    assert found.is_success, found.text
    return [
        (project["id"], one["predicate"])
        for project in found.json()["projects"]
        for one in project["findings"]
    ]


def test_findings_are_told_as_the_command_line_tells_them(client: httpx2.Client) -> None:
    document = client.get(LOAN).json()
    (project,) = document["projects"]
    assert list(document) == ["schema", "projects", "ranking"]
    assert (project["id"], project["path"]) == ("loan", "loan")
    assert project["summary"] == {"mismatch": 2, "clear": 1, "undecided": 1}
    assert [one["verdict"] for one in project["findings"]] == ["mismatch", "mismatch", "undecided"]
    assert project["findings"][0]["fingerprint"] == MEMORY.fingerprint
    assert "waived" not in project["findings"][0]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("verdict=all", FOUND),
        ("verdict=clear", [CLEAR]),
        ("predicate=inference-too-slow&predicate=numeric-feature-shift", [SHIFT, WAITS]),
        ("mismatch=OD.DataStatistics", [SHIFT]),
        ("mismatch=OD", [SHIFT]),
        ("severity=warning", [SHIFT]),
        ("severity=violation&verdict=mismatch", [MEMORY]),
        ("kind=statistical", [SHIFT]),
        ("role=operations&verdict=mismatch", [MEMORY, SHIFT]),
        ("role=data-scientist", []),
        ("waived=true", []),
    ],
)
def test_filters_narrow_what_is_told(
    client: httpx2.Client, asked: str, found: list[Finding]
) -> None:
    names = [("loan", one.predicate) for one in found]
    assert _predicates(client.get(f"{LOAN}?{asked}")) == names
    assert _predicates(client.get(f"/findings?project=loan&{asked}")) == names
    assert _predicates(client.get(f"/projects/loan/revisions/1/findings?{asked}")) == names


@pytest.mark.parametrize(
    ("asked", "status", "told"),
    [
        ("predicate=inference-to-slow", 422, "inference-too-slow"),
        ("mismatch=OE.ComputingResource", 422, "OE.ComputingResources"),
        ("role=boss", 422, "There is no role boss"),
        ("severity=grave", 422, "severity"),
        ("limit=0", 422, "limit"),
        ("limit=1001", 422, "limit"),
        ("after=nonsense", 404, "next"),
        ("after=WzFd", 404, "next"),
        ("format=pdf", 400, "csv"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(
    client: httpx2.Client, asked: str, status: int, told: str
) -> None:
    refused = client.get(f"{LOAN}?{asked}")
    assert refused.status_code == status
    assert refused.headers["content-type"] == "application/problem+json"
    assert told in refused.text


def test_pages_lead_through_all_projects(client: httpx2.Client) -> None:
    found = []
    address = "/findings?limit=2&verdict=all"
    for _ in range(8):
        page = client.get(address)
        found += _predicates(page)
        if "next" not in page.json():
            assert "link" not in page.headers
            break
        address = page.json()["next"]
        assert page.headers["link"] == f'<{address}>; rel="next"'
    names = ["a/b ü", "churn", "fraud", "loan"]
    assert found == [(name, one.predicate) for name in names for one in FOUND]


@pytest.mark.parametrize("path", ["/projects/none/findings", "/findings?project=none", MISSING])
def test_what_is_not_there_is_not_found(client: httpx2.Client, path: str) -> None:
    missing = client.get(path)
    assert missing.status_code == 404
    assert "lists" in missing.json()["hint"]


def test_a_project_is_named_by_its_id_whatever_it_holds(client: httpx2.Client) -> None:
    asked = client.get("/findings", params={"project": "a/b ü", "limit": 1})
    assert _predicates(asked) == [("a/b ü", MEMORY.predicate)]


@pytest.mark.parametrize(
    ("name", "accept", "begins"),
    [
        ("json", "application/json", "{"),
        ("csv", "text/csv", "project,verdict"),
        ("markdown", "text/markdown", "# Mismatch report"),
        ("sarif", "application/sarif+json", "{"),
        ("junit", "text/xml", "<?xml"),
        ("jsonld", "application/ld+json", "{"),
        ("text", "text/plain", "loan"),
        ("html", "text/html", "<!doctype html>"),
    ],
)
def test_a_format_is_chosen_by_its_name_or_by_accept(
    client: httpx2.Client, name: str, accept: str, begins: str
) -> None:
    by_name = client.get(f"{LOAN}?format={name}")
    by_accept = client.get(LOAN, headers={"accept": accept})
    assert by_name.text.lstrip().startswith(begins)
    if name != "html":  # A page leads to its other formats by its own address.
        assert by_name.text == by_accept.text
    assert by_name.headers["content-type"] == by_accept.headers["content-type"]
    assert "Accept" in by_accept.headers["vary"].split(", ")


def test_nobody_is_told_again_what_they_have(client: httpx2.Client) -> None:
    tag = client.get(LOAN).headers["etag"]
    assert client.get(LOAN, headers={"if-none-match": tag}).status_code == 304
    assert client.get(f"{LOAN}?limit=1", headers={"if-none-match": tag}).status_code == 200


# -- waivers and comments ------------------------------------------------------------------------


@pytest.fixture
def waived(client: httpx2.Client) -> Iterator[httpx2.Client]:
    kept = client.put(
        f"{_of(MEMORY)}/waiver",
        json={"reason": "A larger host comes", "until": "2999-01-01T01:00:00+01:00"},
    )
    assert kept.is_success, kept.text
    yield client
    client.delete(f"{_of(MEMORY)}/waiver")


def test_a_waived_finding_says_so_in_every_format_for_people(waived: httpx2.Client) -> None:
    for name in ("text", "markdown", "csv", "html", "junit", "sarif"):
        told = waived.get(f"{LOAN}?format={name}").text
        assert "until 2999-01-01: A larger host comes" in told, name
    (one,) = waived.get(f"{LOAN}?waived=true").json()["projects"][0]["findings"]
    assert one["waived"]["reason"] == "A larger host comes"
    assert one["waived"]["until"] == "2999-01-01T00:00:00.000+00:00"
    assert set(one["waived"]) == {"reason", "by", "at", "until"}
    assert one["fingerprint"] == MEMORY.fingerprint


def test_a_waived_mismatch_fails_no_build(waived: httpx2.Client) -> None:
    told = waived.get(f"{LOAN}?format=junit").content
    suite = ET.fromstring(told)[0]  # noqa: S314 - written by us
    run = waived.get(f"{LOAN}?format=sarif").json()["runs"][0]
    assert (suite.get("failures"), suite.get("skipped")) == ("1", "2")
    assert [
        one["suppressions"][0]["status"] for one in run["results"] if "suppressions" in one
    ] == ["accepted"]


def test_a_waiver_is_taken_back_and_kept(waived: httpx2.Client) -> None:
    assert waived.delete(f"{_of(MEMORY)}/waiver").status_code == 204
    assert waived.delete(f"{_of(MEMORY)}/waiver").status_code == 404
    (last, *_) = waived.get(f"{_of(MEMORY)}/waiver").json()["waivers"]
    assert last["reason"] == "A larger host comes"
    assert last["ended"] is not None
    assert _predicates(waived.get(f"{LOAN}?waived=true")) == []


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({}, "reason"),
        ({"reason": "   "}, "reason"),
        ({"reason": "x" * 2001}, "reason"),
        ({"reason": "x", "until": "2001-01-01T00:00:00Z"}, "is over"),
        ({"reason": "x", "until": "2999-01-01T00:00:00"}, "until"),
        ({"reason": "x", "until": "9999-12-31T23:59:59-14:00"}, "until"),
        ({"reason": "x", "untill": None}, "untill"),
        ([], "body"),
    ],
)
def test_a_waiver_without_a_reason_or_a_time_to_come_is_refused(
    client: httpx2.Client, body: object, told: str
) -> None:
    refused = client.put(f"{_of(WAITS)}/waiver", json=body)
    assert refused.status_code == 400
    assert told in refused.json()["detail"]
    assert client.get(f"{_of(WAITS)}/waiver").json() == {"waivers": []}


def test_only_what_was_found_and_is_not_clear_is_waived(client: httpx2.Client) -> None:
    reason = {"reason": "because"}
    assert client.put(f"{_of(CLEAR)}/waiver", json=reason).status_code == 409
    assert client.put(f"{MISSING}/waiver", json=reason).status_code == 404
    assert client.post(f"{MISSING}/comments", json={"text": "x"}).status_code == 404
    elsewhere = f"/projects/none/findings/{MEMORY.fingerprint}/waiver"
    assert client.put(elsewhere, json=reason).status_code == 404


def test_comments_are_listed_in_pages(client: httpx2.Client) -> None:
    for text in ("one", "two", "three"):
        made = client.post(f"{_of(SHIFT)}/comments", json={"text": text})
        assert made.status_code == 201
    first = client.get(f"{_of(SHIFT)}/comments?limit=2").json()
    rest = client.get(first["next"]).json()
    assert [one["text"] for one in first["comments"] + rest["comments"]] == ["one", "two", "three"]
    assert rest["next"] is None
    assert client.post(f"{_of(SHIFT)}/comments", json={"text": ""}).status_code == 400


def test_a_finding_is_told_with_all_that_is_known_of_it(waived: httpx2.Client) -> None:
    one = waived.get(_of(MEMORY)).json()
    assert (one["project"], one["revision"], one["shown"]) == ("loan", 1, True)
    assert one["finding"]["waived"]["reason"] == "A larger host comes"
    assert [turn["verdict"] for turn in one["turns"]] == ["mismatch"]
    assert one["waivers"][0]["reason"] == "A larger host comes"


def test_nothing_is_waived_where_nothing_may_be_written(tmp_path: Path) -> None:
    with closing(History(tmp_path / FILE)) as history, history.writing() as connection:
        put(connection, report(MEMORY))
    with served(serves="projects", store=str(tmp_path), updates="never") as client:
        assert client.get(LOAN).is_success
        for refused in (
            client.put(f"{_of(MEMORY)}/waiver", json={"reason": "x"}),
            client.delete(f"{_of(MEMORY)}/waiver"),
            client.post(f"{_of(MEMORY)}/comments", json={"text": "x"}),
        ):
            assert refused.status_code == 403


# -- pages ---------------------------------------------------------------------------------------


def test_axe_finds_nothing_on_the_pages(
    chromium: Browser, waived: httpx2.Client, tmp_path: Path
) -> None:
    waived.post(f"{_of(MEMORY)}/comments", json={"text": "<script>alert(1)</script>\nA line."})
    paths = (f"{LOAN}?limit=2&verdict=all", _of(MEMORY))
    for path, dark in zip(paths, cycle([True, False]), strict=False):
        page = waived.get(path, headers=HTML).text
        assert "<script" not in page
        found = judged(chromium, page, tmp_path, dark=dark, width=500 if dark else 1100)
        assert found["violations"] == []
        assert found["fetched"] == []
        assert found["needed"] <= found["width"]


def test_what_is_left_empty_in_a_form_narrows_nothing(client: httpx2.Client) -> None:
    names = ("predicate", "mismatch", "severity", "verdict", "role", "kind", "waived", "after")
    empty = "&".join(f"{name}=" for name in names)
    assert client.get(f"{LOAN}?{empty}").json() == client.get(LOAN).json()
    page = client.get(f"{LOAN}?{empty}&severity=warning", headers=HTML).text
    assert '<option value="warning" selected>' in page
    assert page.count("<form") == 1


def test_a_page_leads_to_the_next_and_to_each_finding(client: httpx2.Client) -> None:
    page = client.get(f"{LOAN}?limit=1", headers=HTML).text
    onward = client.get(f"{LOAN}?limit=1").json()["next"]
    assert f'<a rel="next" href="{onward.replace("&", "&amp;")}">' in page
    assert f'href="{_of(MEMORY)}"' in page


def test_every_path_of_findings_is_in_the_description(client: httpx2.Client) -> None:
    paths = json.loads(client.get("/openapi.json").text)["paths"]
    names = {one["name"] for one in paths["/findings"]["get"]["parameters"]}
    assert {
        "predicate",
        "mismatch",
        "severity",
        "verdict",
        "role",
        "kind",
        "waived",
        "limit",
    } < names
    told = paths["/findings"]["get"]["responses"]["200"]["content"]
    assert {"application/json", "application/sarif+json", "text/html"} < set(told)
    body = paths["/projects/{project}/findings/{fingerprint}/waiver"]["put"]["requestBody"]
    assert "WantedWaiver" in json.dumps(body)


def test_a_day_counts_to_its_end(client: httpx2.Client) -> None:
    until = {"reason": "because", "until": "2999-01-01"}
    assert client.put(f"{_of(WAITS)}/waiver", json=until).status_code == 200
    (kept,) = client.get(f"{_of(WAITS)}/waiver").json()["waivers"][:1]
    assert kept["expires"].startswith("2999-01-01T23:59:59")
    client.delete(f"{_of(WAITS)}/waiver")
