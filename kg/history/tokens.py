"""The tokens that people show: made once, told once, and kept so that nobody can read them again.

A token is `mismatch_`, an id that is no secret, and a secret of 256 bits. Only the secret's hash is
kept, so who has the file has no token.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from hashlib import scrypt
from hmac import compare_digest
from os import urandom
from secrets import token_hex, token_urlsafe
from sqlite3 import Row

from kg.history import Connection, now

_SHOWN = re.compile(r"mismatch_([0-9a-f]{16})_([A-Za-z0-9_-]{43})")
_COST, _BLOCK = 1 << 14, 8
_MINUTE = timedelta(minutes=1)


class Scope(IntEnum):
    """What a token is good for, whatever its owner may do; each is good for those before it."""

    READ = 1
    """Seeing what its owner may see."""
    WRITE = 2
    """Changing what its owner may change."""
    OPERATE = 3
    """All that the operator of the service may do."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token without its secret."""

    id: str
    name: str
    owner: str
    scope: Scope
    project: str | None
    made: str
    expires: str
    revoked: str | None
    used: str | None

    @property
    def lives(self) -> bool:
        """Whether it still counts."""
        return self.revoked is None and now() < self.expires

    @property
    def left(self) -> float:
        """The seconds until it expires."""
        return (datetime.fromisoformat(self.expires) - datetime.now(UTC)).total_seconds()


_COLUMNS = ", ".join(Token.__slots__)


def make(  # noqa: PLR0913 - each is a word about the same token
    connection: Connection, *, name: str, owner: str, scope: Scope, project: str | None, days: int
) -> tuple[Token, str]:
    """A new token, and the text that its owner shows, which nobody can be told again."""
    number, secret, salt = token_hex(8), token_urlsafe(32), urandom(16)
    made = datetime.now(UTC)
    times = [
        moment.isoformat(timespec="milliseconds") for moment in (made, made + timedelta(days=days))
    ]
    connection.execute(
        f"INSERT INTO token ({_COLUMNS}, salt, hash) "  # noqa: S608 - our own
        "VALUES (?, ?, ?, ?, ?, ?, ?, NULL, NULL, ?, ?)",
        (number, name, owner, int(scope), project, *times, salt, _hashed(secret, salt)),
    )
    token = get(connection, number)
    assert token is not None  # noqa: S101 - it was made just now
    return token, f"mismatch_{number}_{secret}"


def parted(shown: str) -> tuple[str, str] | None:
    """The id and the secret of what somebody shows; None where it is no token of ours."""
    found = _SHOWN.fullmatch(shown)
    return (found[1], found[2]) if found else None


def get(connection: Connection, number: str) -> Token | None:
    """The token of that id."""
    rows = connection.execute(f"SELECT {_COLUMNS} FROM token WHERE id = ?", (number,))  # noqa: S608
    row = rows.fetchone()
    return None if row is None else _token(row)


def listed(connection: Connection, owner: str | None = None) -> Sequence[Token]:
    """All tokens, or those of one owner, the newest first."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM token WHERE ? IS NULL OR owner = ? "  # noqa: S608 - our own
        "ORDER BY made DESC, id",
        (owner, owner),
    )
    return [_token(row) for row in rows]


def revoke(connection: Connection, number: str) -> None:
    """Make a token count no longer."""
    connection.execute(
        "UPDATE token SET revoked = ? WHERE id = ? AND revoked IS NULL", (now(), number)
    )


def is_of(connection: Connection, number: str, secret: str) -> bool:
    """Whether that is the secret of a token; takes a twentieth of a second and more."""
    row = connection.execute("SELECT salt, hash FROM token WHERE id = ?", (number,)).fetchone()
    return row is not None and compare_digest(_hashed(secret, row["salt"]), row["hash"])


def was_used_lately(token: Token) -> bool:
    """Whether it is known that the token was used within the last minute."""
    if token.used is None:
        return False
    return datetime.now(UTC) - datetime.fromisoformat(token.used) < _MINUTE


def use(connection: Connection, number: str) -> None:
    """Remember that a token was used now."""
    connection.execute("UPDATE token SET used = ? WHERE id = ?", (now(), number))


def _hashed(secret: str, salt: bytes) -> bytes:
    return scrypt(secret.encode(), salt=salt, n=_COST, r=_BLOCK, p=1)


def _token(row: Row) -> Token:
    values = dict(zip(Token.__slots__, row, strict=True))
    return Token(**{**values, "scope": Scope(row["scope"])})
