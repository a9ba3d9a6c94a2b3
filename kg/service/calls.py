"""Refuses queries that would make the store call hosts that the operator did not list."""

from collections.abc import Collection
from urllib.parse import urlsplit

from kg.errors import NotAllowed
from kg.sparql.reach import addresses

_CALLED = ("http", "https", "file", "ftp", "ftps", "data")


def refuse_calls(text: str, word: str, hosts: Collection[str]) -> None:
    """Raises NotAllowed where SERVICE or LOAD may call another host than those.

    >>> refuse_calls("ASK { SERVICE <http://a.org/sparql> { ?s ?p ?o } }", "SERVICE", ["a.org"])
    """
    for address in addresses(text, word):
        if address is None:
            raise NotAllowed(
                f"{word} calls an address that is known only when the query runs",
                f"Write it in full behind {word}, as in {word} <http://host/path>",
            )
        if _is_callable(address) and not _listed(address, hosts):
            raise NotAllowed(
                f"{word} may not call {address[:200]}",
                "Ask the operator, who may list its host in MISMATCH_HOSTS",
            )


def _is_callable(address: str) -> bool:
    """Whether anything might be called there: of other schemes Oxigraph knows nothing to call."""
    scheme, colon, _ = address.partition(":")
    return not (colon and scheme.isalnum()) or scheme.lower() in _CALLED


def _listed(address: str, hosts: Collection[str]) -> bool:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    name = (parts.hostname or "").lower()
    if parts.scheme not in ("http", "https") or parts.username or "@" in parts.netloc:
        return False
    return name in hosts or (port is not None and f"{name}:{port}" in hosts)
