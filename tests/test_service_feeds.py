"""Feeds of new violations: Atom as its readers want it, and never of what a reader may not see."""

import json
import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import httpx2
import pytest
from fastapi import Request

from kg.findings import ProjectReport, Severity
from kg.history import History, events, projects
from kg.service.access import Access, Caller, Dataset, Role
from kg.service.access import Open as Everybody
from kg.service.settings import read_settings
from tests.browsing import Browser, judged
from tests.remembering import emptied, finding, put, report
from tests.serving import served

ATOM = "{http://www.w3.org/2005/Atom}"
XHTML = "{http://www.w3.org/1999/xhtml}"
ALL = "/feeds/violations.atom"
LOAN = "/feeds/projects/loan.atom"
ODD = replace(
    finding("odd"), message='A <b> & "c" \x00\x1b[2J \ufffe ]]> größer', consequence="<i>"
)
VIOLATION = finding("memory")

# What RFC 4287 (4.1) lets stand in a feed and in an entry: how often at least, and at most.
IN_FEED = {
    **dict.fromkeys(("id", "title", "updated"), (1, 1)),
    **dict.fromkeys(("generator", "icon", "logo", "rights", "subtitle"), (0, 1)),
    **dict.fromkeys(("author", "category", "contributor", "link", "entry"), (0, None)),
}
IN_ENTRY = {
    **dict.fromkeys(("id", "title", "updated"), (1, 1)),
    **dict.fromkeys(("content", "published", "rights", "source", "summary"), (0, 1)),
    **dict.fromkeys(("author", "category", "contributor", "link"), (0, None)),
}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
ABSOLUTE = re.compile(r"(https?://[^\s/]+/|urn:uuid:[0-9a-f-]{36}$)\S*")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="module")
def client(store: Path) -> Iterator[httpx2.Client]:
    settings = read_settings(base="http://mismatch.example.org/")
    access: Access = Hiding(settings)
    with served(access, store=str(store), serves="projects", base=settings.base) as client:
        yield client


class Hiding(Everybody):
    """Hides the project `secret` from all who do not say that they know it."""

    def caller(self, request: Request) -> Caller:
        """Who asks, by what they say."""
        return Caller(request.headers.get("knows", ""))

    def role(self, caller: Caller, project: str) -> Role | None:
        """None of what is hidden."""
        return None if project in self.hidden(caller) else Role.READER

    def hidden(self, caller: Caller) -> Collection[str]:
        """One project."""
        return () if caller.name == "secret" else ("secret",)

    def visible(self, caller: Caller) -> Dataset:  # noqa: ARG002 - no query is asked here
        """Nothing."""
        return Dataset((), ())


@pytest.fixture
def history(
    client: httpx2.Client,  # noqa: ARG001 - the service makes it
    store: Path,
) -> Iterator[History]:
    """The history of the service, empty each time."""
    with emptied(store) as made:
        yield made


def _put(history: History, *reports: ProjectReport) -> None:
    before: dict[str, ProjectReport] = {}
    with history.writing() as connection:
        for after in reports:
            number = put(connection, after).number
            events.record(connection, after.id, number, before.get(after.id), after)
            before[after.id] = after


def _feed(client: httpx2.Client, path: str, **headers: str) -> Element:
    """A feed, which is held against what RFC 4287 says that it must be."""
    response = client.get(path, headers={"accept": "application/atom+xml", **headers})
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = fromstring(response.content)  # noqa: S314 - it is ours
    assert feed.tag == f"{ATOM}feed"
    _holds(feed, IN_FEED)
    authored = feed.find(f"{ATOM}author") is not None
    (own,) = [link for link in feed.iter(f"{ATOM}link") if link.get("rel") == "self"]
    assert own.get("href") == f"http://mismatch.example.org{path}"
    for entry in feed.iter(f"{ATOM}entry"):
        _holds(entry, IN_ENTRY)
        assert authored or entry.find(f"{ATOM}author") is not None
        assert entry.find(f"{ATOM}content") is not None or _alternates(entry)
    known = [_text(entry, "id") for entry in feed.iter(f"{ATOM}entry")]
    assert len(known) == len(set(known))
    changed = [_text(entry, "updated") for entry in feed.iter(f"{ATOM}entry")]
    assert [_text(feed, "updated"), *changed] == sorted(
        [_text(feed, "updated"), *changed], reverse=True
    )
    return feed


def _holds(parent: Element, allowed: dict[str, tuple[int, int | None]]) -> None:
    counted = Counter(child.tag.removeprefix(ATOM) for child in parent)
    assert counted.keys() <= allowed.keys()
    for name, (least, most) in allowed.items():
        assert least <= counted[name]
        assert most is None or counted[name] <= most
    for child in parent:
        _is_as_it_must_be(child)
    alternates = _alternates(parent)
    assert len(alternates) == len(set(alternates))
    assert ABSOLUTE.fullmatch(_text(parent, "id"))


def _is_as_it_must_be(one: Element) -> None:
    match one.tag.removeprefix(ATOM):
        case "updated" | "published":
            assert TIME.fullmatch(one.text or "")
            assert datetime.fromisoformat(one.text or "").tzinfo is not None
        case "author":
            assert [child.tag for child in one] == [f"{ATOM}name"]
            assert _text(one, "name")
        case "link":
            assert ABSOLUTE.fullmatch(one.get("href", ""))
        case "category":
            assert one.get("term")
        case "title" | "generator":
            assert len(one) == 0
            assert one.text
        case "content":
            assert one.get("type") == "xhtml"
            assert [child.tag for child in one] == [f"{XHTML}div"]
            assert all(child.tag.startswith(XHTML) for child in one.iter() if child is not one)
            assert not (one.text or "").strip()


def _alternates(parent: Element) -> list[tuple[str | None, str | None]]:
    links = [link for link in parent if link.tag == f"{ATOM}link"]
    return [(one.get("type"), one.get("hreflang")) for one in links if one.get("rel") != "self"]


def _text(parent: Element, name: str) -> str:
    return parent.findtext(f"{ATOM}{name}", "")


def _titles(feed: Element) -> list[str]:
    return [_text(entry, "title") for entry in feed.iter(f"{ATOM}entry")]


def test_a_feed_tells_what_is_new_and_where_it_stands(
    client: httpx2.Client, history: History
) -> None:
    _put(history, report(), report(finding("drift", severity=Severity.WARNING), VIOLATION))
    (entry,) = _feed(client, LOAN).iter(f"{ATOM}entry")
    assert _text(entry, "title") == "loan: The model needs 16 GB."
    link = entry.find(f"{ATOM}link")
    assert link is not None
    place = f"http://mismatch.example.org/projects/loan/findings/{VIOLATION.fingerprint}"
    assert link.get("href") == place
    author = entry.find(f"{ATOM}author")
    assert author is not None
    assert _text(author, "name") == "ada"
    assert [one.get("term") for one in entry.iter(f"{ATOM}category")] == [
        "memory",
        "OE.ComputingResources",
    ]
    told = " ".join("".join(entry.itertext()).split())
    for part in ("It is killed. Raise the limit.", "model.yaml:3", "Revision 2: because"):
        assert part in told


def test_what_comes_from_outside_is_text_in_a_feed(client: httpx2.Client, history: History) -> None:
    _put(history, report(ODD))
    (entry,) = _feed(client, ALL).iter(f"{ATOM}entry")
    content = entry.find(f"{ATOM}content")
    assert content is not None
    assert {one.tag for one in content.iter()} <= {
        f"{ATOM}content",
        *(f"{XHTML}{name}" for name in ("div", "p", "ul", "li", "code")),
    }
    assert '<b> & "c" \\x00\\x1b[2J \\ufffe ]]> größer' in "".join(content.itertext())


def test_an_entry_keeps_its_id_and_comes_once(client: httpx2.Client, history: History) -> None:
    _put(history, report(), report(VIOLATION), report(VIOLATION, ODD))
    first = {_text(entry, "id") for entry in _feed(client, LOAN).iter(f"{ATOM}entry")}
    assert len(first) == 2
    again = {_text(entry, "id") for entry in _feed(client, ALL).iter(f"{ATOM}entry")}
    assert again == first


def test_what_returns_is_another_entry(client: httpx2.Client, history: History) -> None:
    _put(history, report(VIOLATION), report(), report(VIOLATION))
    assert len(_titles(_feed(client, LOAN))) == 2


def test_a_project_that_is_made_anew_begins_with_entries_of_its_own(
    client: httpx2.Client, history: History
) -> None:
    _put(history, report(VIOLATION))
    before = {_text(entry, "id") for entry in _feed(client, LOAN).iter(f"{ATOM}entry")}
    with history.writing() as connection:
        projects.remove(connection, "loan")
    _put(history, report(VIOLATION))
    after = {_text(entry, "id") for entry in _feed(client, LOAN).iter(f"{ATOM}entry")}
    assert len(before) == len(after) == 1
    assert before.isdisjoint(after)


def test_a_feed_has_the_newest_hundred(client: httpx2.Client, history: History) -> None:
    many = report(*(finding("memory", item=f"{number:03}") for number in range(70)))
    more = report(*(finding("storage", item=f"{number:03}") for number in range(70)))
    _put(history, many, more)
    terms = [
        category.get("term")
        for category in _feed(client, ALL).iter(f"{ATOM}category")
        if category.get("term") in ("memory", "storage")
    ]
    assert terms == ["storage"] * 70 + ["memory"] * 30


def test_an_empty_feed_is_a_feed(client: httpx2.Client, history: History) -> None:
    assert _titles(_feed(client, ALL)) == []
    _put(history, report())
    assert _titles(_feed(client, LOAN)) == []


def test_a_reader_sees_nothing_of_a_project_that_is_hidden(
    client: httpx2.Client, history: History
) -> None:
    _put(history, report(VIOLATION), report(VIOLATION, project="secret"))
    hidden = "/feeds/projects/secret.atom"
    assert [title.partition(":")[0] for title in _titles(_feed(client, ALL))] == ["loan"]
    known = _titles(_feed(client, ALL, knows="secret"))
    assert [title.partition(":")[0] for title in known] == ["secret", "loan"]
    assert len(_titles(_feed(client, hidden, knows="secret"))) == 1
    refused, none = client.get(hidden), client.get("/feeds/projects/none.atom")
    assert refused.status_code == none.status_code == 404
    told = [{**one.json(), "request": ""} for one in (refused, none)]
    assert json.dumps(told[0]).replace("secret", "none") == json.dumps(told[1])


def test_whoever_has_a_feed_is_told_so(client: httpx2.Client, history: History) -> None:
    _put(history, report(VIOLATION))
    tag = client.get(LOAN).headers["etag"]
    assert client.get(LOAN, headers={"if-none-match": tag}).status_code == 304
    with history.writing() as connection:
        connection.execute("UPDATE event SET made = '2025-05-05T05:05:05.678+00:00'")
    changed = client.get(LOAN, headers={"if-none-match": tag})
    assert changed.status_code == 200
    since = changed.headers["last-modified"]
    assert since == "Mon, 05 May 2025 05:05:05 GMT"
    assert client.get(LOAN, headers={"if-modified-since": since}).status_code == 304
    for other in ("Mon, 05 May 2025 05:05:04 GMT", "yesterday"):
        assert client.get(LOAN, headers={"if-modified-since": other}).status_code == 200
    both = {"if-modified-since": since, "if-none-match": tag}
    assert client.get(LOAN, headers=both).status_code == 200
    _put(history, report(VIOLATION, ODD))
    assert client.get(LOAN, headers={"if-modified-since": since}).status_code == 200
    assert "last-modified" not in client.get(LOAN).headers


def test_a_reader_that_takes_no_feed_is_told(client: httpx2.Client, history: History) -> None:
    _put(history, report())
    assert client.get(LOAN, headers={"accept": "application/json"}).status_code == 406
    assert client.get(f"{LOAN}?format=atom", headers={"accept": "text/html"}).text.startswith("<?x")
    assert client.head(LOAN).headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert client.post(LOAN).status_code == 405


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_browser_gets_a_page_in_which_axe_finds_nothing(
    client: httpx2.Client, history: History, chromium: Browser, tmp_path: Path, *, dark: bool
) -> None:
    _put(history, report(VIOLATION), report(ODD, project="other"))
    page = client.get(ALL, headers={"accept": "text/html,*/*;q=0.8"}).text
    found = judged(chromium, page, tmp_path, dark=dark, width=500 if dark else 1100)
    assert found["violations"] == []
    assert found["fetched"] == []
    assert found["needed"] <= found["width"]
