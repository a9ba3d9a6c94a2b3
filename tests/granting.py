"""People with tokens and projects with roles, at a service that others than this machine reach."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from kg.history import FILE, History
from tests.serving import served

OWN_TOKEN = "the-operators-own-token-0"  # noqa: S105 - of the tests alone
EVERYWHERE = "0.0.0.0"  # noqa: S104 - what the settings say; the test listens on this machine
MINE, THEIRS, SHOWN, MISSING = "mine", "theirs", "shown", "missing"
ROLES = ("reader", "contributor", "maintainer")


@dataclass(frozen=True, slots=True)
class Governed:
    """A service, and the headers that each of its people sends."""

    client: httpx2.Client
    people: Mapping[str, Mapping[str, str]]

    def ask(self, person: str, method: str, path: str, **more: object) -> httpx2.Response:
        """The response to a person's request."""
        headers = {**self.people[person], **_headers(more.pop("headers", None))}
        return self.client.request(method, path, headers=headers, **more)  # type: ignore[arg-type]

    def prepare(self) -> None:
        """Make what a request before may have removed: a private project of the people's, one of
        others, and a public one of others.
        """
        for project, private in ((MINE, True), (THEIRS, True), (SHOWN, False)):
            state = {"private": private}
            assert self.ask("operator", "PUT", f"/projects/{project}", json=state).is_success
        for role in ROLES:
            path = f"/projects/{MINE}/roles/{role}"
            assert self.ask("operator", "PUT", path, json={"role": role}).is_success


@contextmanager
def governed(folder: Path) -> Iterator[Governed]:
    """A service with projects and people, of whom two show tokens that no longer count."""
    with served(
        serves="projects",
        host=EVERYWHERE,
        store=str(folder),
        updates="always",
        operator_token=OWN_TOKEN,
    ) as client:
        people: dict[str, Mapping[str, str]] = {"operator": bearer(OWN_TOKEN), "anonymous": {}}
        found = Governed(client, people)
        for person in ("stranger", *ROLES):
            people[person] = bearer(made(client, person))
        people["maintainer, to read"] = bearer(made(client, "maintainer", scope="read"))
        revoked = client.post("/tokens", json={"owner": "maintainer"}, headers=people["operator"])
        path = f"/tokens/{revoked.json()['id']}"
        assert client.delete(path, headers=people["operator"]).status_code == 204
        people["revoked"] = bearer(revoked.json()["token"])
        people["expired"] = bearer(made(client, "expired"))
        _expire(folder / FILE, "expired")
        found.prepare()
        yield found


def made(client: httpx2.Client, owner: str, *, scope: str = "write", **more: object) -> str:
    """A new token of somebody's."""
    asked = {"owner": owner, "scope": scope, **more}
    response = client.post("/tokens", json=asked, headers=bearer(OWN_TOKEN))
    assert response.status_code == 201, response.text
    return str(response.json()["token"])


def bearer(token: str) -> dict[str, str]:
    """The header that shows a token."""
    return {"authorization": f"Bearer {token}"}


def _headers(given: object) -> dict[str, str]:
    return dict(given) if isinstance(given, Mapping) else {}


def _expire(file: Path, owner: str) -> None:
    history = History(file)
    with history.writing() as connection:
        connection.execute("UPDATE token SET expires = made WHERE owner = ?", (owner,))
    history.close()
