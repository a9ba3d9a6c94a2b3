"""Tokens of an issuer of OpenID Connect: by its keys and for this service, or not at all."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from kg.errors import KgError
from kg.service.access import TokenLacking
from kg.service.access.oidc import Issuer
from kg.service.settings import SettingsWrong, read_settings
from kg.service.wire.problems import RequestRefused
from tests.granting import EVERYWHERE, bearer
from tests.listening import Listener, listening
from tests.serving import served

ISSUER, AUDIENCE = "https://login.example.org/", "mismatch"
KEYS: Mapping[str, Any] = {
    "RS256": rsa.generate_private_key(65537, 2048),
    "ES256": ec.generate_private_key(ec.SECP256R1()),
    "EdDSA": ed25519.Ed25519PrivateKey.generate(),
}
WRITTEN: Mapping[str, Callable[..., Any]] = {
    "RS256": RSAAlgorithm.to_jwk,
    "ES256": ECAlgorithm.to_jwk,
    "EdDSA": OKPAlgorithm.to_jwk,
}


def key_set(*algorithms: str, **more: object) -> bytes:
    """The public keys, as an issuer publishes them."""
    keys = [
        {**WRITTEN[one](KEYS[one].public_key(), as_dict=True), "kid": one, "use": "sig", **more}
        for one in algorithms
    ]
    return json.dumps({"keys": keys}).encode()


def signed(algorithm: str = "RS256", *, key: Any = None, **changed: Any) -> str:  # noqa: ANN401
    """A token; a claim that is changed to None is left out."""
    kid = changed.pop("kid", algorithm)
    now = int(time.time())
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": "ada", "exp": now + 300, "iat": now, **changed}
    said = {name: value for name, value in claims.items() if value is not None}
    headers = {} if kid is None else {"kid": kid}
    return jwt.encode(said, key or KEYS[algorithm], algorithm, headers)


def issuer(*texts: bytes) -> tuple[Issuer, list[int]]:
    """An issuer whose keys are what the texts say, one after the other, and how often it was
    asked.
    """
    asked = [0]

    def fetched() -> bytes:
        asked[0] += 1
        text = texts[min(asked[0], len(texts)) - 1]
        if not text:
            raise OSError("nobody answers")
        return text

    settings = read_settings(oidc_issuer=ISSUER, oidc_audience=AUDIENCE, oidc_jwks="keys.json")
    return Issuer(settings, fetched), asked


@pytest.mark.parametrize("algorithm", KEYS)
def test_a_token_names_the_person_it_was_made_for(algorithm: str) -> None:
    name, seconds = issuer(key_set(*KEYS))[0].person(signed(algorithm))
    assert name == "ada"
    assert 0 < seconds <= 331


OTHER = rsa.generate_private_key(65537, 2048)
LONG_AGO = int(time.time()) - 4000
REFUSED: Mapping[str, Callable[[], str]] = {
    "another key": lambda: signed(key=OTHER),
    "no signature": lambda: jwt.encode({"sub": "ada"}, "", "none", {"kid": "RS256"}),
    "a secret for a key": lambda: signed("HS256", key="x" * 40, kid="RS256"),
    "the key of another algorithm": lambda: signed("ES256", kid="RS256"),
    "a key that is unknown": lambda: signed(kid="new"),
    "no id of a key": lambda: signed(kid=None),
    "another issuer": lambda: signed(iss="https://evil.example.org/"),
    "no issuer": lambda: signed(iss=None),
    "another audience": lambda: signed(aud="other"),
    "no audience": lambda: signed(aud=None),
    "no end": lambda: signed(exp=None),
    "an end that is past": lambda: signed(exp=LONG_AGO),
    "a beginning to come": lambda: signed(nbf=int(time.time()) + 4000),
    "nobody": lambda: signed(sub=None),
    "a person who is no text": lambda: signed(sub=["ada"]),
    "a person with a blank": lambda: signed(sub="ada l"),
    "a person who is a machine": lambda: signed(sub="127.0.0.1"),
    "a changed claim": lambda: signed().replace(".", ".e30", 1),
    "no token": lambda: "a.b.c",
    "too few parts": lambda: "a.b",
    "another algorithm": lambda: signed("PS256", key=OTHER, kid="RS256"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_the_issuer_does_not_vouch_for_is_refused(what: str) -> None:
    with pytest.raises(TokenLacking, match="does not count"):
        issuer(key_set("RS256", "ES256"))[0].person(REFUSED[what]())


def test_a_new_key_is_fetched_but_once_a_minute_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    found, asked = issuer(key_set("RS256"), key_set("RS256", "ES256"))
    assert found.person(signed())[0] == "ada"
    for _ in range(3):
        with pytest.raises(TokenLacking):
            found.person(signed("ES256"))
    assert asked == [1]
    later = time.monotonic() + 61
    monkeypatch.setattr("kg.service.access.oidc.monotonic", lambda: later)
    assert found.person(signed("ES256"))[0] == "ada"
    assert asked == [2]


def test_keys_stay_where_they_cannot_be_fetched_again(monkeypatch: pytest.MonkeyPatch) -> None:
    found, asked = issuer(key_set("RS256"), b"")
    assert found.person(signed())[0] == "ada"
    later = time.monotonic() + 4000
    monkeypatch.setattr("kg.service.access.oidc.monotonic", lambda: later)
    assert found.person(signed())[0] == "ada"
    assert asked == [2]


@pytest.mark.parametrize("text", [b"", b"<html>", b"[]", b'{"keys": 1}', b'{"keys": []}'])
def test_without_keys_it_is_told_that_there_are_none(text: bytes) -> None:
    found, asked = issuer(text)
    for _ in range(2):
        with pytest.raises(RequestRefused, match="cannot be read") as told:
            found.person(signed())
        assert told.value.status == 503
    assert asked == [1]


def test_a_key_that_is_none_is_passed_over() -> None:
    keys = json.loads(key_set("RS256"))["keys"]
    broken = [
        1,
        {"kty": "RSA"},
        {"kty": "oct", "k": "eA", "kid": "RS256"},
        {**keys[0], "use": "enc", "kid": "x"},
    ]
    found, _ = issuer(json.dumps({"keys": [*broken, *keys]}).encode())
    assert found.person(signed())[0] == "ada"
    with pytest.raises(TokenLacking):
        found.person(signed(kid="x"))


@pytest.mark.parametrize(
    "given",
    [
        {"oidc_issuer": ISSUER},
        {"oidc_issuer": ISSUER, "oidc_audience": AUDIENCE},
        {"oidc_issuer": ISSUER, "oidc_audience": AUDIENCE, "oidc_jwks": "http://x.org/keys"},
        {"oidc_issuer": ISSUER, "oidc_audience": AUDIENCE, "oidc_jwks": "ftp://x.org/keys"},
    ],
)
def test_settings_of_an_issuer_that_are_wrong_are_told(given: dict[str, str]) -> None:
    with pytest.raises(SettingsWrong, match="oidc"):
        Issuer.of(read_settings(**given))


@pytest.fixture
def host() -> Iterator[Listener]:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
    with listening(head, key_set("RS256")) as host:
        yield host


def test_the_people_of_an_issuer_make_projects_and_their_names_are_kept(host: Listener) -> None:
    with served(
        serves="projects",
        host=EVERYWHERE,
        oidc_issuer=ISSUER,
        oidc_audience=AUDIENCE,
        oidc_jwks=f"http://127.0.0.1:{host.port}/keys",
        operators=("olga",),
    ) as client:
        ada, olga = bearer(signed()), bearer(signed(sub="olga"))
        made = client.put("/projects/p", json={"private": True}, headers=ada)
        assert (made.status_code, made.json()["creator"]) == (201, "ada")
        assert client.get("/projects/p", headers=bearer(signed(sub="bea"))).status_code == 404
        assert client.get("/projects/p", headers=olga).status_code == 200
        assert client.post("/tokens", json={"owner": "bea"}, headers=ada).status_code == 403
        assert client.post("/tokens", json={"owner": "bea"}, headers=olga).status_code == 201
        assert client.get("/projects", headers=bearer(signed(sub="operator"))).status_code == 401
        response = client.get("/projects", headers=bearer(signed(key=OTHER)))
        assert response.status_code == 401
        assert 'error="invalid_token"' in response.headers["www-authenticate"]
    assert host.calls == 1


def test_keys_are_read_from_a_file_too(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    file.write_bytes(key_set("RS256"))
    given = {"oidc_issuer": ISSUER, "oidc_audience": AUDIENCE, "oidc_jwks": str(file)}
    found = Issuer.of(read_settings(**given))
    assert found is not None
    assert found.person(signed())[0] == "ada"
    assert Issuer.of(read_settings()) is None
    with pytest.raises(KgError):
        found.person("x")
