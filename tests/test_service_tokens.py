"""Tokens and roles: made, shown, refused, revoked; and who is who without one."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx2
import pytest

from kg.history import FILE, History, tokens
from kg.history.tokens import Scope
from kg.service.access import TokenLacking
from kg.service.access.bearers import Bearers
from kg.service.settings import SettingsWrong, operated, read_settings
from tests.granting import EVERYWHERE, MINE, OWN_TOKEN, SHOWN, THEIRS, Governed, bearer, governed
from tests.serving import served


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tokens")


@pytest.fixture(scope="module")
def service(folder: Path) -> Iterator[Governed]:
    with governed(folder) as service:
        yield service


def new(service: Governed, **asked: object) -> httpx2.Response:
    return service.ask("operator", "POST", "/tokens", json={"owner": "ada", **asked})


def test_a_token_is_told_once_and_kept_as_a_hash(service: Governed, folder: Path) -> None:
    response = new(service, name="of the laptop", days=3)
    assert response.status_code == 201
    assert response.headers["cache-control"] == "no-store"
    made = response.json()
    number, secret = made["token"].removeprefix("mismatch_").split("_", 1)
    kept = service.ask("operator", "GET", f"/tokens/{number}").json()
    assert made == {**kept, "token": made["token"]}
    assert (kept["owner"], kept["scope"], kept["name"]) == ("ada", "read", "of the laptop")
    files = b"".join(file.read_bytes() for file in folder.glob(f"{FILE}*"))
    assert number.encode() in files
    assert secret.encode() not in files


def test_a_revoked_token_counts_no_longer_though_it_was_just_shown(service: Governed) -> None:
    made = new(service).json()
    headers = bearer(made["token"])
    assert service.client.get("/tokens", headers=headers).status_code == 200
    assert service.client.delete(f"/tokens/{made['id']}", headers=headers).status_code == 204
    response = service.client.get("/tokens", headers=headers)
    assert response.status_code == 401
    assert 'error="invalid_token"' in response.headers["www-authenticate"]
    assert service.ask("operator", "GET", f"/tokens/{made['id']}").json()["revoked"]


def test_people_see_their_own_tokens_and_no_others(service: Governed) -> None:
    ours = new(service, owner="bea").json()
    other = new(service, owner="cid").json()
    headers = bearer(ours["token"])
    listed = service.client.get("/tokens", headers=headers).json()["tokens"]
    assert [one["id"] for one in listed] == [ours["id"]]
    for method in ("GET", "DELETE"):
        path = f"/tokens/{other['id']}"
        assert service.client.request(method, path, headers=headers).status_code == 404
    everybody = service.ask("operator", "GET", "/tokens").json()["tokens"]
    assert {ours["id"], other["id"]} <= {one["id"] for one in everybody}


def test_when_a_token_was_used_is_remembered(service: Governed) -> None:
    made = new(service).json()
    assert made["used"] is None
    service.client.get("/projects", headers=bearer(made["token"]))
    assert service.ask("operator", "GET", f"/tokens/{made['id']}").json()["used"]


@pytest.mark.parametrize(
    "asked",
    [
        {"owner": "operator"},
        {"owner": "Ada L."},
        {"owner": "127.0.0.1"},
        {"owner": ""},
        {"scope": "all"},
        {"days": 0},
        {"days": 10_000},
        {"project": "none"},
        {"scope": "operate", "project": SHOWN},
        {"secret": "mine"},
    ],
)
def test_a_token_that_cannot_be_made_is_told_why(
    service: Governed, asked: dict[str, object]
) -> None:
    response = new(service, **asked)
    assert response.status_code in (400, 404)
    assert response.json()["hint"]


@pytest.mark.parametrize(
    "shown",
    [
        "Bearer mismatch_0000000000000000_" + "x" * 43,
        "Bearer x",
        "Bearer",
        "Bearer a b",
        f"Basic {OWN_TOKEN}",
        OWN_TOKEN,
        f"Bearer {OWN_TOKEN}x",
        "Bearer ä",
        "Bearer " + "x" * 9000,
    ],
)
def test_what_is_no_token_of_ours_is_refused_everywhere(service: Governed, shown: str) -> None:
    headers = [("authorization", shown.encode("latin-1"))]
    for path in ("/projects", "/sparql?query=ASK{}", "/openapi.json", "/nothing"):
        response = service.client.get(path, headers=headers)  # type: ignore[arg-type]
        assert response.status_code == 401
        assert response.headers["www-authenticate"].startswith("Bearer realm=")
        assert response.headers["content-type"] == "application/problem+json"


def test_two_tokens_at_once_are_refused(service: Governed) -> None:
    shown = [("authorization", f"Bearer {OWN_TOKEN}")] * 2
    assert service.client.get("/projects", headers=shown).status_code == 401


def test_a_token_in_an_address_is_no_token(service: Governed) -> None:
    for name in ("access_token", "token", "authorization"):
        response = service.client.get("/tokens", params={name: OWN_TOKEN})
        assert response.status_code == 401


def test_a_token_for_one_project_shows_no_other_private_one(service: Governed) -> None:
    for project in (MINE, THEIRS):
        path = f"/projects/{project}/roles/dan"
        assert service.ask("operator", "PUT", path, json={"role": "maintainer"}).is_success
    made = new(service, owner="dan", scope="write", project=MINE).json()
    headers = bearer(made["token"])
    found = {
        project: service.client.get(f"/projects/{project}", headers=headers).status_code
        for project in (MINE, THEIRS, SHOWN)
    }
    assert found == {MINE: 200, THEIRS: 404, SHOWN: 200}
    assert service.client.get(f"/projects/{MINE}/roles", headers=headers).status_code == 200
    response = service.client.post("/projects", json={"id": "dans"}, headers=headers)
    assert response.status_code == 403


def test_a_token_to_read_changes_nothing_and_says_which_would(service: Governed) -> None:
    response = service.ask("maintainer, to read", "DELETE", f"/projects/{MINE}")
    assert response.status_code == 403
    assert 'error="insufficient_scope", scope="write"' in response.headers["www-authenticate"]


def test_who_makes_a_project_maintains_it(service: Governed) -> None:
    made = service.ask("stranger", "POST", "/projects", json={"id": "strangers", "private": True})
    assert made.status_code == 201
    roles = service.ask("stranger", "GET", "/projects/strangers/roles").json()["roles"]
    assert [(one["person"], one["role"]) for one in roles] == [("stranger", "maintainer")]
    assert service.ask("reader", "GET", "/projects/strangers").status_code == 404
    assert service.ask("stranger", "DELETE", "/projects/strangers").status_code == 204


def test_a_private_project_keeps_a_maintainer(service: Governed) -> None:
    path = "/projects/lonely"
    state = {"private": True}
    assert service.ask("stranger", "PUT", path, json=state).status_code == 201
    own = f"{path}/roles/stranger"
    assert service.ask("stranger", "DELETE", own).status_code == 409
    assert service.ask("stranger", "PUT", own, json={"role": "reader"}).status_code == 409
    given = service.ask("stranger", "PUT", f"{path}/roles/eve", json={"role": "maintainer"})
    assert given.json() == {**given.json(), "person": "eve", "granter": "stranger"}
    assert service.ask("stranger", "DELETE", own).status_code == 204
    assert service.ask("stranger", "GET", path).status_code == 404
    assert service.ask("operator", "DELETE", f"{path}/roles/eve").status_code == 204
    assert service.ask("operator", "DELETE", path).status_code == 204


def test_roles_go_with_their_project(service: Governed) -> None:
    path = "/projects/again"
    assert service.ask("stranger", "PUT", path, json={}).status_code == 201
    assert service.ask("stranger", "DELETE", path).status_code == 204
    assert service.ask("operator", "PUT", path, json={"private": True}).status_code == 201
    assert service.ask("stranger", "GET", path).status_code == 404
    assert service.ask("operator", "DELETE", path).status_code == 204


def test_a_role_that_is_none_is_told(service: Governed) -> None:
    path = f"/projects/{MINE}/roles"
    assert service.ask("operator", "PUT", f"{path}/x", json={"role": "owner"}).status_code == 400
    assert service.ask("operator", "DELETE", f"{path}/nobody").status_code == 404


def test_ten_wrong_secrets_a_minute_are_looked_at_and_lock_nobody_else_out(tmp_path: Path) -> None:
    with closing(History(tmp_path / FILE)) as history:
        with history.writing() as connection:
            token, shown = tokens.make(
                connection, name="", owner="ada", scope=Scope.READ, project=None, days=1
            )
            _, other = tokens.make(
                connection, name="", owner="bea", scope=Scope.READ, project=None, days=1
            )
        bearers = Bearers(read_settings(), history)
        wrong = f"mismatch_{token.id}_{'x' * 43}"
        for _ in range(10):
            with pytest.raises(TokenLacking, match="not known"):
                bearers.recognise(wrong, "10.0.0.1")
        for secret in (wrong, shown):
            with pytest.raises(TokenLacking, match="for a minute"):
                bearers.recognise(secret, "10.0.0.1")
        assert bearers.recognise(other, "10.0.0.1").name == "bea"
        assert bearers.recognise(shown, "10.0.0.2").name == "ada"
        assert bearers.recognise(shown, "10.0.0.1").name == "ada", "it was right a moment ago"


@pytest.mark.parametrize(
    ("near", "far"),
    [("2001:db8::1", "2001:db8:0:1::1"), ("::ffff:10.0.0.1", "::ffff:10.0.0.2"), ("", "10.0.0.1")],
)
def test_whoever_has_many_addresses_of_one_network_has_no_more_tries(
    tmp_path: Path, near: str, far: str
) -> None:
    with closing(History(tmp_path / FILE)) as history:
        with history.writing() as connection:
            token, shown = tokens.make(
                connection, name="", owner="ada", scope=Scope.READ, project=None, days=1
            )
        bearers = Bearers(read_settings(), history)
        wrong = f"mismatch_{token.id}_{'x' * 43}"
        for number in range(10):
            address = f"{near}{number}" if near.endswith("::1") else near
            with pytest.raises(TokenLacking, match="not known"):
                bearers.recognise(wrong, address)
        with pytest.raises(TokenLacking, match="for a minute"):
            bearers.recognise(shown, near)
        assert bearers.recognise(shown, far).name == "ada"


def test_on_this_machine_everybody_may_do_everything_unless_they_show_a_token() -> None:
    with served(serves="projects") as client:
        asked = {"owner": "ada", "scope": "write"}
        made = client.post("/tokens", json=asked).json()
        assert client.put("/projects/p", json={"private": True}).status_code == 201
        headers = bearer(made["token"])
        assert client.get("/projects/p", headers=headers).status_code == 404
        assert client.post("/tokens", json=asked, headers=headers).status_code == 403
        assert client.get("/projects", headers=bearer("x")).status_code == 401
        assert client.get("/projects/p").status_code == 200


def test_elsewhere_a_service_that_takes_no_updates_changes_nothing_for_its_operator() -> None:
    given = {"host": EVERYWHERE, "updates": "never", "operator_token": OWN_TOKEN}
    with served(None, serves="projects", **given) as client:
        headers = bearer(OWN_TOKEN)
        response = client.put("/projects/p", json={}, headers=headers)
        assert response.status_code == 403
        assert "MISMATCH_UPDATES" in response.json()["hint"]
        made = client.post("/tokens", json={"owner": "ada"}, headers=headers)
        assert made.status_code == 403
        assert client.get("/projects", headers=headers).status_code == 200


def test_without_an_operators_token_a_service_for_others_is_read_only() -> None:
    settings, fresh = operated(read_settings(host=EVERYWHERE))
    assert fresh is not None
    assert settings.read_only
    assert settings.operator_token is not None
    assert settings.operator_token.get_secret_value() == fresh
    assert operated(read_settings(host=EVERYWHERE))[1] != fresh
    for given in (
        {"host": "127.0.0.1"},
        {"host": EVERYWHERE, "operator_token": OWN_TOKEN},
        {"host": EVERYWHERE, "serves": "graphs"},
    ):
        asked = read_settings(**given)
        assert operated(asked) == (asked, None)


def test_the_operators_token_is_nowhere_to_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MISMATCH_OPERATOR_TOKEN", OWN_TOKEN)
    assert OWN_TOKEN not in f"{read_settings()!r} {read_settings()}"
    for weak in ("changeme", "x" * 19, "a token with blanks in it"):
        monkeypatch.setenv("MISMATCH_OPERATOR_TOKEN", weak)
        with pytest.raises(SettingsWrong, match="at least 20 characters") as told:
            read_settings()
        assert weak not in str(told.value)


def test_a_fresh_token_is_told_once_where_others_reach_the_service(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from kg.cli import main; main()", "serve", "--port", "0"]
    process = subprocess.Popen(
        [*command, "--host", EVERYWHERE, "--store", str(tmp_path / "store")],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    first, *_, fresh = (process.stdout.readline() for _ in range(4))
    port = first.split(":")[2].split("/")[0]
    headers = bearer(fresh.strip())
    transport = httpx2.HTTPTransport(retries=20)
    with httpx2.Client(base_url=f"http://127.0.0.1:{port}", transport=transport) as client:
        assert client.get("/tokens").status_code == 401
        assert client.get("/tokens", headers=headers).status_code == 200
        assert client.put("/projects/p", json={}, headers=headers).status_code == 403
    process.kill()
    rest, _ = process.communicate()
    assert fresh.strip() not in rest
