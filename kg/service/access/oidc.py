"""Tokens that an issuer of OpenID Connect signed: who they are for is said by the issuer.

Only signatures by the issuer's own keys count, and only of the algorithms here: none is taken whose
key a client could have.
"""

import json
import logging
from collections.abc import Callable, Mapping
from http import HTTPStatus
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from time import monotonic, time
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from kg.errors import CallFailed, NotAllowed
from kg.outgoing import Reach, fetch, place
from kg.service.access import TokenLacking
from kg.service.access.people import is_person
from kg.service.settings import Settings, SettingsWrong, is_loopback
from kg.service.wire.problems import RequestRefused

Fetch: TypeAlias = Callable[[], bytes]
"""Gives the issuer's keys, as a JSON Web Key Set; raises KgError, OSError."""

_ALGORITHMS = {"RS256": "RSA", "ES256": "EC", "EdDSA": "OKP"}
_NEEDED = ["exp", "iss", "aud"]
_LEEWAY = 30
_PAUSE = 60
_AGE = 3600
_LOG = logging.getLogger(__name__)


class Issuer:
    """Says whom a token of the issuer's was made for."""

    def __init__(self, settings: Settings, keys: Fetch) -> None:
        self._settings = settings
        self._keys = _Keys(keys)

    @classmethod
    def of(cls, settings: Settings) -> "Issuer | None":
        """The issuer that the settings name; raises SettingsWrong."""
        if not settings.oidc_issuer:
            return None
        if find_spec("jwt") is None:
            raise SettingsWrong(
                "Tokens of an issuer are read by a library that is not installed",
                "Install `ml-mismatch[serve,oidc]`, or leave MISMATCH_OIDC_ISSUER out",
            )
        return cls(settings, _keys_of(settings))

    def person(self, shown: str) -> tuple[str, float]:
        """The name of whom a token was made for, and the seconds for which that counts; raises
        TokenLacking.
        """
        import jwt  # noqa: PLC0415 - only where an issuer is named, and in an extra of its own

        try:
            header = jwt.get_unverified_header(shown)
            algorithm = header.get("alg")
            key = self._keys.key(header.get("kid"), algorithm)
            claims = jwt.decode(
                shown,
                key,
                algorithms=[str(algorithm)],
                audience=self._settings.oidc_audience,
                issuer=self._settings.oidc_issuer,
                leeway=_LEEWAY,
                options={"require": [*_NEEDED, self._settings.oidc_claim]},
            )
        except jwt.PyJWTError as error:
            raise _refused(str(error)) from error
        name = claims[self._settings.oidc_claim]
        if not isinstance(name, str) or not is_person(name):
            raise _refused(f"its claim {self._settings.oidc_claim} is no name of a person")
        return name, float(claims["exp"]) + _LEEWAY - time()


class _Keys:
    """The issuer's keys; fetched anew where one is unknown, but at most once a minute."""

    def __init__(self, fetched: Fetch) -> None:
        self._fetched = fetched
        self._turn = Lock()
        self._known: dict[tuple[str | None, str], Any] = {}
        self._at = float("-inf")

    def key(self, number: str | None, algorithm: object) -> Any:  # noqa: ANN401 - PyJWT's
        """The key of that id for an algorithm; raises TokenLacking."""
        kind = _ALGORITHMS.get(algorithm) if isinstance(algorithm, str) else None
        if kind is None:
            raise _refused("it is signed in a way that is not taken here")
        with self._turn:
            since = monotonic() - self._at
            if since > _AGE or ((number, kind) not in self._known and since > _PAUSE):
                self._fetch()
            if not self._known:
                raise RequestRefused(
                    HTTPStatus.SERVICE_UNAVAILABLE,
                    "The keys of the issuer of tokens cannot be read",
                    "Try again in a minute; tell the operator if it stays so",
                )
            found = self._known.get((number, kind))
        if found is None:
            raise _refused("the issuer has no such key")
        return found

    def _fetch(self) -> None:
        """Reads the keys; those that were known stay where they cannot be read."""
        self._at = monotonic()
        try:
            self._known = _read(self._fetched())
        except (CallFailed, NotAllowed, OSError, ValueError) as error:
            _LOG.warning("The keys of the issuer of tokens cannot be read: %s", error)


def _read(text: bytes) -> dict[tuple[str | None, str], Any]:
    """The keys for signatures, each by its id and kind; raises ValueError."""
    import jwt  # noqa: PLC0415 - see above

    found: dict[tuple[Any, Any], Any] = {}
    told = json.loads(text)
    keys = told.get("keys") if isinstance(told, Mapping) else None
    if not isinstance(keys, list):
        raise ValueError("they are no set of keys")  # noqa: TRY004 - the text is wrong, no type
    for one in keys:
        if not isinstance(one, Mapping) or one.get("use", "sig") != "sig":
            continue
        kind = one.get("kty")
        if kind not in _ALGORITHMS.values():
            continue
        try:
            key = jwt.PyJWK.from_dict(dict(one)).key
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            _LOG.warning("A key of the issuer of tokens is passed over: %s", error)
            continue
        found[one.get("kid"), kind] = key
    return found


def _keys_of(settings: Settings) -> Fetch:
    """Where the keys are read: a file, or an address, whose host is listed by naming it; raises
    SettingsWrong.
    """
    where = settings.oidc_jwks
    if "://" not in where:
        return Path(where).read_bytes
    parts = urlsplit(where)
    hosts = [parts.netloc] if parts.scheme == "https" or is_loopback(parts.hostname or "") else []
    reach = Reach(hosts, settings.private_hosts, authorities=settings.authorities)
    try:
        place(where, reach)
    except (NotAllowed, ValueError) as error:
        raise SettingsWrong(
            "The setting oidc_jwks is wrong: it is neither a file nor an https address",
            "Correct MISMATCH_OIDC_JWKS, or oidc_jwks in the file of settings",
        ) from error
    return lambda: fetch(where, reach)


def _refused(why: str) -> TokenLacking:
    plain = "".join(one if one.isprintable() and one not in '"\\' else " " for one in why)
    told = plain.encode("ascii", "replace").decode()[:200]
    return TokenLacking(f"The token does not count: {told}", "Ask for another", shown=True)
