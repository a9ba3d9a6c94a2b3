"""What files hold, known by digest and kept once, compressed."""

import json
import zlib
from collections.abc import Iterable
from hashlib import sha256

from kg.history import Connection

_FAST = 1


def keep(connection: Connection, data: bytes) -> str:
    """Keep what a file holds; its digest, the SHA-256 in hexadecimal digits."""
    digest = sha256(data).hexdigest()
    there = connection.execute("SELECT 1 FROM content WHERE digest = ?", (digest,)).fetchone()
    if there is None:
        values = digest, len(data), zlib.compress(data, _FAST)
        connection.execute("INSERT INTO content VALUES (?, ?, ?)", values)
    return digest


def content(connection: Connection, digest: str) -> bytes:
    """What a file of that digest holds."""
    asked = connection.execute("SELECT packed FROM content WHERE digest = ?", (digest,))
    return zlib.decompress(asked.fetchone()["packed"])


def sizes(connection: Connection, digests: Iterable[str]) -> dict[str, int]:
    """How many bytes each has."""
    rows = connection.execute(
        "SELECT digest, size FROM content WHERE digest IN (SELECT value FROM json_each(?))",
        (json.dumps(list(digests)),),
    )
    return {row["digest"]: row["size"] for row in rows}


def sweep(connection: Connection) -> None:
    """Forget what no file of any revision holds any more."""
    connection.execute("DELETE FROM content WHERE digest NOT IN (SELECT digest FROM file)")
