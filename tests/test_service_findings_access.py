"""Findings and revisions of a project that is not theirs are, for a caller, not there."""

from collections.abc import Collection, Iterator
from contextlib import closing
from itertools import product

import httpx2
import pytest
from fastapi import Request

from kg.history import FILE, History
from kg.service.access import Caller, Open, Role
from kg.service.settings import read_settings
from tests.remembering import finding, put, report
from tests.serving import served

ONE = finding()
ROLES = {"reader": Role.READER, "contributor": Role.CONTRIBUTOR, "stranger": None}
READ = (
    "/findings",
    f"/findings/{ONE.fingerprint}",
    f"/findings/{ONE.fingerprint}/waiver",
    f"/findings/{ONE.fingerprint}/comments",
    "/revisions",
    "/revisions/1",
    "/revisions/1/findings",
    "/revisions/1/artefacts",
    "/revisions/1/artefacts/a.txt",
    "/revisions/0/diff?to=1",
    "/worse",
)
WRITTEN = (
    ("PUT", f"/findings/{ONE.fingerprint}/waiver", {"reason": "x"}),
    ("DELETE", f"/findings/{ONE.fingerprint}/waiver", None),
    ("POST", f"/findings/{ONE.fingerprint}/comments", {"text": "x"}),
)


class BySaying(Open):
    """A caller has, in the project `theirs`, the role that they say; nobody sees `others`."""

    def caller(self, request: Request) -> Caller:
        return Caller(request.headers.get("x-role", "stranger"))

    def role(self, caller: Caller, project: str) -> Role | None:
        return ROLES[caller.name] if project == "theirs" else None

    def hidden(self, caller: Caller) -> Collection[str]:
        return ("others",) if ROLES[caller.name] else ("others", "theirs")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    folder = tmp_path_factory.mktemp("store")
    with closing(History(folder / FILE)) as history, history.writing() as connection:
        for name in ("theirs", "others"):
            put(connection, report(ONE, project=name), files={"a.txt": b"a"}, private=True)
    settings = read_settings(updates="always")
    with served(BySaying(settings), serves="projects", store=str(folder)) as client:
        yield client


def _as(role: str) -> dict[str, str]:
    return {"x-role": role}


def test_what_is_read_is_there_for_readers_alone(client: httpx2.Client) -> None:
    for path, role in product(READ, ROLES):
        for project in ("theirs", "others", "none"):
            told = client.get(f"/projects/{project}{path}", headers=_as(role))
            there = project == "theirs" and role != "stranger"
            assert told.status_code == (200 if there else 404), (path, role, project)
            if not there:
                assert told.json()["detail"] == f"There is no project {project}"


def test_what_is_written_takes_a_contributor(client: httpx2.Client) -> None:
    for method, path, body in WRITTEN:
        # Who is not known by a token is asked for one first.
        for role, statuses in {"stranger": {404}, "reader": {401, 403}}.items():
            told = client.request(method, f"/projects/theirs{path}", json=body, headers=_as(role))
            assert told.status_code in statuses, (method, path, role)
        for project in ("others", "none"):
            told = client.request(
                method, f"/projects/{project}{path}", json=body, headers=_as("contributor")
            )
            assert told.status_code == 404
    written = [
        client.request(method, f"/projects/theirs{path}", json=body, headers=_as("contributor"))
        for method, path, body in WRITTEN
    ]
    assert [one.status_code for one in written] == [200, 204, 201]
    comments = f"/projects/theirs/findings/{ONE.fingerprint}/comments"
    (comment,) = client.get(comments, headers=_as("reader")).json()["comments"]
    assert comment["author"] == "contributor"


@pytest.mark.parametrize(("role", "seen"), [("reader", ["theirs"]), ("stranger", [])])
def test_lists_over_projects_leave_out_what_is_hidden(
    client: httpx2.Client, role: str, seen: list[str]
) -> None:
    found = client.get("/findings", headers=_as(role)).json()
    assert [project["id"] for project in found["projects"]] == seen
    worse = client.get("/worse?since=2001-01-01", headers=_as(role)).json()
    assert [one["project"] for one in worse["worse"]] == seen
    assert client.get("/findings?project=others", headers=_as(role)).status_code == 404
    page = client.get("/findings", headers={**_as(role), "accept": "text/html"}).text
    assert "/projects/others" not in page
