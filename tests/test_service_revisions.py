"""Revisions over HTTP: what was then, how it differs from now, and what got worse since."""

import json
import threading
from collections.abc import Iterator
from contextlib import closing
from itertools import cycle
from pathlib import Path

import httpx2
import pytest

from kg.findings import ProjectReport, Severity, Verdict, Waiver
from kg.history import FILE, History, now, waivers
from tests.browsing import Browser, judged
from tests.remembering import finding, put, report
from tests.serving import served

BASE = "http://kept.example/"
ROOT = f"{BASE}projects/loan"
LOAN = "/projects/loan/revisions"
HTML = {"accept": "text/html"}
SCRIPT = "<script>alert(1)</script>"

FIRST = report(
    finding("resources-exceed-operations", value=16),
    finding("inference-too-slow", Verdict.UNDECIDED),
    finding("numeric-feature-shift", Verdict.CLEAR),
    finding("license-use-forbidden", severity=Severity.INFO),
    finding("conflicting-statements", item="numpy"),
)
SECOND = report(
    finding("resources-exceed-operations", value=32),
    finding("inference-too-slow"),
    finding("numeric-feature-shift", Verdict.CLEAR),
    finding("license-use-forbidden", severity=Severity.VIOLATION),
    finding("conflicting-statements", item="pandas"),
)


def _quads(memory: int) -> str:
    graph = f"<{ROOT}/descriptors/model/a%20b.yaml>"
    statements = f"<http://x.org/memory> {memory}", f"<http://x.org/on> <{ROOT}/host>"
    return "\n".join(f"<{ROOT}/m> {statement} {graph} ." for statement in statements)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    folder = tmp_path_factory.mktemp("store")
    with closing(History(folder / FILE)) as history:
        with history.writing() as connection:
            put(connection, FIRST, files={"model/a b.yaml": b"memory: 16"}, graphs=_quads(16))
            put(connection, report(finding("goal-without-metric"), project="hidden"))
        with history.writing() as connection:
            put(
                connection,
                SECOND,
                author="bob",
                message=SCRIPT,
                files={"model/a b.yaml": b"memory: 32", "ü.txt": SCRIPT.encode()},
                graphs=_quads(32),
            )
            waivers.waive(
                connection,
                "loan",
                finding("inference-too-slow").fingerprint,
                Waiver("known", "ada", now()),
            )
    with served(serves="projects", store=str(folder), base=BASE) as client:
        yield client


def test_revisions_are_listed_the_newest_first_and_in_pages(client: httpx2.Client) -> None:
    first = client.get(f"{LOAN}?limit=1").json()
    rest = client.get(first["next"]).json()
    told = [(one["number"], one["author"], one["mismatches"]) for one in first["revisions"]]
    assert told == [(2, "bob", 4)]
    assert [one["number"] for one in rest["revisions"]] == [1]
    assert rest["next"] is None


def test_a_revision_leads_to_what_belongs_to_it(client: httpx2.Client) -> None:
    one = client.get(f"{LOAN}/2").json()
    assert one["current"]
    assert not client.get(f"{LOAN}/1").json()["current"]
    assert one["revision"]["message"] == SCRIPT
    for name in ("findings", "artefacts", "difference"):
        assert client.get(one[name]).is_success


@pytest.mark.parametrize(
    "path",
    [
        "/projects/none/revisions",
        f"{LOAN}/0",
        f"{LOAN}/3",
        f"{LOAN}/3/findings",
        f"{LOAN}/3/artefacts",
        f"{LOAN}/3/diff",
        f"{LOAN}/1/diff?to=3",
        f"{LOAN}/1/artefacts/none.txt",
        f"{LOAN}/1/artefacts/%C3%BC.txt",
        "/projects/none/worse",
        "/projects/loan/worse?since=7",
    ],
)
def test_what_is_not_there_is_not_found(client: httpx2.Client, path: str) -> None:
    missing = client.get(path)
    assert missing.status_code == 404
    assert missing.headers["content-type"] == "application/problem+json"


def test_a_revision_shows_what_was_found_then(client: httpx2.Client) -> None:
    (project,) = client.get(f"{LOAN}/1/findings").json()["projects"]
    assert project["summary"] == {"mismatch": 3, "clear": 1, "undecided": 1}
    messages = {one["predicate"]: one["message"] for one in project["findings"]}
    assert messages["resources-exceed-operations"] == "The model needs 16 GB."
    first = client.get(f"{LOAN}/1/findings?limit=3").json()
    rest = client.get(first["next"]).json()
    both = first["projects"][0]["findings"] + rest["projects"][0]["findings"]
    assert both == project["findings"]


def test_files_are_given_back_as_they_were_and_as_nothing_that_runs(client: httpx2.Client) -> None:
    (one,) = client.get(f"{LOAN}/1/artefacts").json()["artefacts"]
    assert (one["path"], one["size"]) == ("model/a b.yaml", 10)
    assert client.get(one["address"]).content == b"memory: 16"
    script = client.get(f"{LOAN}/2/artefacts/%C3%BC.txt", headers=HTML)
    assert script.content == SCRIPT.encode()
    assert script.headers["content-type"] == "application/octet-stream"
    assert script.headers["content-disposition"] == "attachment"
    assert script.headers["x-content-type-options"] == "nosniff"


# -- differences ---------------------------------------------------------------------------------


def test_a_difference_tells_statements_by_file_and_findings(client: httpx2.Client) -> None:
    told = client.get(f"{LOAN}/1/diff").json()
    assert (told["before"], told["after"]) == (1, 2)
    assert told["statements"] == [
        {
            "file": "model/a b.yaml",
            "standing": "declared",
            "graph": f"{ROOT}/descriptors/model/a%20b.yaml",
            "added": [f"<{ROOT}/m> <http://x.org/memory> 32"],
            "removed": [f"<{ROOT}/m> <http://x.org/memory> 16"],
        }
    ]
    found = told["findings"]
    assert [one["item"] for one in found["new"]] == ["pandas"]
    assert [one["item"] for one in found["gone"]] == ["numpy"]
    changed = {
        one["after"]["predicate"]: (
            one["what"],
            one["before"]["verdict"],
            one["before"]["severity"],
        )
        for one in found["changed"]
    }
    assert changed == {
        "resources-exceed-operations": (["evidence"], "mismatch", "violation"),
        "inference-too-slow": (["verdict"], "undecided", "violation"),
        "license-use-forbidden": (["severity"], "mismatch", "info"),
    }


def test_a_difference_goes_back_too_and_from_nothing(client: httpx2.Client) -> None:
    back = client.get(f"{LOAN}/2/diff?to=1").json()
    assert [one["item"] for one in back["findings"]["new"]] == ["numpy"]
    assert back["statements"][0]["added"] == [f"<{ROOT}/m> <http://x.org/memory> 16"]
    whole = client.get(f"{LOAN}/0/diff?to=1").json()
    assert len(whole["findings"]["new"]) == len(FIRST.findings)
    same = client.get(f"{LOAN}/2/diff").json()
    assert same["statements"] == same["findings"]["changed"] == same["findings"]["new"] == []


def test_statements_beyond_the_limit_are_counted(client: httpx2.Client) -> None:
    told = client.get(f"{LOAN}/0/diff?to=1&limit=1").json()
    assert sum(len(one["added"]) for one in told["statements"]) == 1
    assert told["untold"] == 1


def test_an_rdf_patch_has_all_statements(client: httpx2.Client) -> None:
    graph = f"<{ROOT}/descriptors/model/a%20b.yaml>"
    for asked, headers in (("?format=rdfpatch", {}), ("", {"accept": "application/rdf-patch"})):
        told = client.get(f"{LOAN}/1/diff{asked}", headers=headers)
        assert told.headers["content-type"] == "application/rdf-patch; charset=utf-8"
        assert told.text.splitlines() == [
            "TX .",
            f"D <{ROOT}/m> <http://x.org/memory> 16 {graph} .",
            f"A <{ROOT}/m> <http://x.org/memory> 32 {graph} .",
            "TC .",
        ]


# -- what got worse ------------------------------------------------------------------------------


def _worse(found: httpx2.Response) -> dict[str, tuple[object, bool]]:
    assert found.is_success, found.text
    return {
        one["finding"]["predicate"]: (one["before"], "waived" in one["finding"])
        for one in found.json()["worse"]
    }


def test_what_got_worse_is_told_with_what_it_was_and_who_did_it(client: httpx2.Client) -> None:
    told = client.get("/projects/loan/worse")
    undecided = {"verdict": "undecided", "severity": "violation"}
    info = {"verdict": "mismatch", "severity": "info"}
    assert _worse(told) == {
        "inference-too-slow": (undecided, True),
        "license-use-forbidden": (info, False),
        "conflicting-statements": (None, False),
    }
    assert {
        (one["revision"]["number"], one["revision"]["author"]) for one in told.json()["worse"]
    } == {(2, "bob")}
    assert _worse(client.get("/projects/loan/worse?since=2")) == {}


def test_what_got_worse_is_told_since_a_time(client: httpx2.Client) -> None:
    (second, first) = client.get(LOAN).json()["revisions"]
    between = _worse(client.get("/projects/loan/worse", params={"since": first["made"]}))
    assert between == _worse(client.get("/projects/loan/worse?since=1"))
    assert _worse(client.get("/worse", params={"since": second["made"]})) == {}
    assert _worse(client.get("/worse?since=2999-01-01")) == {}
    everything = client.get("/worse?since=2001-01-01T00:00:00%2B02:00").json()
    assert everything["since"] == "2000-12-31T22:00:00.000+00:00"
    assert {one["project"] for one in everything["worse"]} == {"loan", "hidden"}
    assert all(one["before"] is None for one in everything["worse"])


def test_what_got_worse_comes_in_pages(client: httpx2.Client) -> None:
    whole = client.get("/worse?since=2001").status_code
    assert whole == 400
    expected = client.get("/worse?since=2001-01-01").json()["worse"]
    found, address = [], "/worse?since=2001-01-01&limit=2"
    while address:
        page = client.get(address).json()
        found += page["worse"]
        address = page["next"]
    assert found == expected


def test_two_revisions_never_mix_in_an_answer(tmp_path: Path) -> None:
    def made(value: int) -> ProjectReport:
        found = (finding(item=f"item {number}", value=value) for number in range(value))
        return report(*found)

    with closing(History(tmp_path / FILE)) as history:
        with history.writing() as connection:
            put(connection, made(1))
        with served(serves="projects", store=str(tmp_path), base=BASE) as client:
            stop = threading.Event()

            def write() -> None:
                for number in cycle(range(1, 40)):
                    with history.writing() as connection:
                        put(connection, made(number))
                    if stop.is_set():
                        return

            writing = threading.Thread(target=write)
            writing.start()
            try:
                answers = [client.get("/projects/loan/findings").json() for _ in range(40)]
                diffs = [client.get(f"{LOAN}/1/diff").json() for _ in range(10)]
            finally:
                stop.set()
                writing.join()
    for answer in answers:
        (project,) = answer["projects"]
        values = {one["evidence"][0]["value"] for one in project["findings"]}
        assert values == {project["summary"]["mismatch"]} == {len(project["findings"])}
    for diff in diffs:
        after = len(diff["findings"]["new"]) + 1
        assert after == (diff["after"] - 2) % 39 + 1 or diff["after"] == 1
    assert len({json.dumps(answer) for answer in answers}) > 1


# -- pages ---------------------------------------------------------------------------------------


def test_axe_finds_nothing_on_the_pages(
    chromium: Browser, client: httpx2.Client, tmp_path: Path
) -> None:
    paths = (LOAN, f"{LOAN}/1/diff", "/projects/loan/worse", f"{LOAN}/2")
    for path, dark in zip(paths, cycle([True, False]), strict=False):
        page = client.get(path, headers=HTML).text
        assert "<script" not in page
        found = judged(chromium, page, tmp_path, dark=dark, width=500 if dark else 1100)
        assert found["violations"] == [], path
        assert found["fetched"] == []
        assert found["needed"] <= found["width"]


def test_pages_tell_what_the_data_tell(client: httpx2.Client) -> None:
    difference = client.get(f"{LOAN}/1/diff", headers=HTML).text
    assert "- &lt;http://kept.example/projects/loan/m&gt;" in difference
    assert "before: The model needs 16 GB." in difference
    worse = client.get("/projects/loan/worse", headers=HTML).text
    assert "Waived by ada" in worse
    assert "bob" in worse
