"""Finds out who shows a token: the operator's own, one that was made here, or an issuer's.

What was found out is remembered for a minute at most, by the token's SHA-256, because the hash that
a token is kept by takes long to work out on purpose. A token that was revoked is forgotten at once.

Wrong secrets are counted by the address that they come from, so that nobody who knows the id of a
token locks its owner out; and a secret that was right once is not put to the slow test again.
"""

import logging
from collections import deque
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest
from ipaddress import IPv6Address, ip_address
from threading import Lock
from time import monotonic

from kg.errors import StoreError
from kg.history import History, tokens
from kg.service.access import Caller, Scope, TokenLacking
from kg.service.access.oidc import Issuer
from kg.service.access.people import OPERATOR
from kg.service.settings import Settings

_REMEMBERED = 60
_MOST = 10_000
_TRIES = 10
_WINDOW = 60
_NETWORK = 64
_LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class _Recognised:
    """Who showed a token, until when that is remembered, and after how many changes of the history
    it was last seen that the token of that id counts.
    """

    caller: Caller
    until: float
    number: str | None = None
    changes: int = 0


class Bearers:
    """Knows who shows which token."""

    def __init__(self, settings: Settings, history: History) -> None:
        own = settings.operator_token
        self._own = None if own is None else _digest(own.get_secret_value())
        self._issuer = Issuer.of(settings)
        self._operators = frozenset(settings.operators)
        self._history = history
        self._recognised: dict[bytes, _Recognised] = {}
        self._turn = Lock()
        self._wrong: deque[tuple[float, str, str]] = deque()

    def known(self, shown: str) -> Caller | None:
        """Who shows the token, if it was recognised a short time ago and still counts."""
        found = self._recognised.get(_digest(shown))
        if found is None or monotonic() >= found.until:
            return None
        if found.number is not None and found.changes != self._history.changes:
            found.changes = self._history.changes
            with self._history.reading() as connection:
                token = tokens.get(connection, found.number)
            if token is None or not token.lives:
                found.until = 0
                return None
        return found.caller

    def recognise(self, shown: str, address: str) -> Caller:
        """Who shows the token, from the address of a machine; raises TokenLacking."""
        digest = _digest(shown)
        if self._own is not None and compare_digest(digest, self._own):
            found = _Recognised(Caller(OPERATOR, operator=True, known=True), _soon())
        elif parted := tokens.parted(shown):
            found = self._made_here(digest, *parted, address)
        elif self._issuer is not None:
            name, seconds = self._issuer.person(shown)
            found = _Recognised(self._person(name), min(_soon(), monotonic() + seconds))
        else:
            raise _unknown()
        if len(self._recognised) >= _MOST:
            self._recognised.clear()
        self._recognised[digest] = found
        return found.caller

    def _made_here(self, digest: bytes, number: str, secret: str, address: str) -> _Recognised:
        changes = self._history.changes
        with self._history.reading() as connection:
            token = tokens.get(connection, number)
        if token is None or not token.lives:
            raise _unknown()
        if digest not in self._recognised:
            self._test(number, secret, address)
        if not tokens.was_used_lately(token):
            self._use(number)
        caller = Caller(
            token.owner,
            operator=token.scope is Scope.OPERATE,
            known=True,
            scope=token.scope,
            project=token.project,
        )
        return _Recognised(caller, min(_soon(), monotonic() + token.left), number, changes)

    def _person(self, name: str) -> Caller:
        if name == OPERATOR:
            raise _unknown()
        operator = name in self._operators
        scope = Scope.OPERATE if operator else Scope.WRITE
        return Caller(name, operator=operator, known=True, scope=scope)

    def _test(self, number: str, secret: str, address: str) -> None:
        """Raises TokenLacking where a secret is wrong, or too many wrong ones came from there."""
        # One at a time, so that no crowd of wrong tokens takes all processors.
        with self._turn:
            # How long a test takes bounds how many there are within a minute.
            while self._wrong and self._wrong[0][0] < monotonic() - _WINDOW:
                self._wrong.popleft()
            place = _place(address)
            tries = sum(one[1:] == (number, place) for one in self._wrong)
            if tries >= _TRIES:
                raise TokenLacking(
                    "Wrong secrets of this token came from your address, and for a minute none is "
                    "looked at",
                    "Wait a minute; revoke the token if it was not you",
                    shown=True,
                )
            with self._history.reading() as connection:
                right = tokens.is_of(connection, number, secret)
            if not right:
                self._wrong.append((monotonic(), number, place))
                raise _unknown()

    def _use(self, number: str) -> None:
        try:
            with self._history.writing() as connection:
                tokens.use(connection, number)
        except StoreError as error:
            # Whoever only reads is served from a disk that is full, too.
            _LOG.warning("When a token was used could not be kept: %s", error)


def _digest(shown: str) -> bytes:
    return sha256(shown.encode()).digest()


def _place(address: str) -> str:
    """Where an address counts as being from: with IPv6 whoever has one has all of its network."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if not isinstance(known, IPv6Address):
        return address
    # Both kinds come so to who listens on both.
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)
    return str(int(known) >> _NETWORK)


def _soon() -> float:
    return monotonic() + _REMEMBERED


def _unknown() -> TokenLacking:
    return TokenLacking(
        "The token is not known here, or counts no longer", "Ask for another", shown=True
    )
