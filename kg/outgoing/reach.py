"""Which hosts may be called, and at which of their addresses."""

import asyncio
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network, ip_address
from pathlib import Path
from threading import Thread
from typing import TypeAlias
from urllib.parse import urlsplit

from kg.errors import CallFailed, NotAllowed

Resolve: TypeAlias = Callable[[str, int], Sequence[str]]
"""Gives the addresses of a name, for a port; raises OSError."""

_PORTS = {"http": 80, "https": 443}
_LONGEST = 2000
# Networks whose addresses stand for addresses of IPv4, which is how they are judged.
_TRANSLATED = IPv6Network("64:ff9b::/96")
_UNICAST = IPv6Network("2000::/3")
# Of these, what stands for addresses of IPv4 and leads where the network here sends it.
_DETOURS = (IPv6Network("2002::/16"), IPv6Network("2001::/32"))


def resolved(name: str, port: int) -> Sequence[str]:
    """The addresses of a name, as this machine knows them."""
    found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


@dataclass(frozen=True, slots=True)
class Reach:
    """Which hosts may be called, as `host` or `host:port`, and which of them may have an address
    that is not public; how many seconds a call may take, and how many bytes its answer may have;
    and a file of certificates that are trusted beside those of this machine.

    A host that is listed as an address may be called there, whatever that address is.
    """

    hosts: Sequence[str]
    private: Sequence[str] = ()
    seconds: float = 10
    most: int = 1 << 20
    authorities: Path | None = None
    resolve: Resolve = resolved


@dataclass(frozen=True, slots=True)
class Place:
    """What an address of the web says: where to call, and what to ask for there."""

    scheme: str
    name: str
    port: int
    target: str

    @property
    def host(self) -> str:
        """Name and port as they stand in an address; the port only where it is not the usual one.

        >>> Place("http", "::1", 8080, "/").host, Place("https", "a.org", 443, "/").host
        ('[::1]:8080', 'a.org')
        """
        name = f"[{self.name}]" if ":" in self.name else self.name
        return name if self.port == _PORTS[self.scheme] else f"{name}:{self.port}"


def place(url: str, reach: Reach) -> Place:
    """Where an address leads; raises NotAllowed unless its host is listed.

    >>> place("https://A.org/x?y#z", Reach(["a.org"]))
    Place(scheme='https', name='a.org', port=443, target='/x?y')
    """
    there = _read(url)
    if there is None:
        raise NotAllowed(
            f"{url[:200]!a} is no address that is called from here",
            "Write it as http://host/path or https://host/path, in ASCII and without a password",
        )
    if not _listed(there, reach.hosts):
        raise NotAllowed(
            f"{there.host} may not be called from here", "Ask the operator, who may list it"
        )
    return there


async def addresses(there: Place, reach: Reach) -> Sequence[str]:
    """The addresses of a place, each of which may be called; raises NotAllowed, CallFailed."""
    try:
        found = await _aside(reach.resolve, there.name, there.port)
    except (OSError, UnicodeError) as error:
        raise CallFailed(f"No address of {there.name} is known", "Check its name") from error
    allowed = there.name == _address(there.name) or _listed(there, reach.private)
    if not allowed and not all(map(is_public, found)):
        raise NotAllowed(
            f"{there.name} has an address that is not public",
            "Ask the operator, who may list it among the private hosts",
        )
    return found


def told_host(text: str) -> tuple[str, int | None]:
    """The name and port of a host as an operator lists it; raises ValueError.

    >>> told_host("A.org:8080"), told_host("::1"), told_host("[::1]:80")
    (('a.org', 8080), ('::1', None), ('::1', 80))
    """
    if _address(text) is not None:
        return _spelled(text), None
    parts = urlsplit(f"//{text}")
    if not parts.hostname or parts.netloc != text or "@" in text:
        raise ValueError(f"{text} is no host or host:port")
    return _spelled(parts.hostname), parts.port


def is_public(text: str) -> bool:
    """Whether an address is one that anybody on the internet may have.

    >>> [is_public(one) for one in ("93.184.215.14", "10.0.0.1", "::ffff:93.184.215.14")]
    [True, False, False]
    """
    address = ip_address(text)
    if isinstance(address, IPv6Address):
        if address in _TRANSLATED:
            return is_public(str(ip_address(int(address) & 0xFFFFFFFF)))
        if address not in _UNICAST or any(address in network for network in _DETOURS):
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


def _read(url: str) -> Place | None:
    if (
        len(url) > _LONGEST
        or not url.isascii()
        or any(sign <= " " or sign == "\x7f" for sign in url)
    ):
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not parts.hostname or "@" in parts.netloc or port == 0:
        return None
    target = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    return Place(parts.scheme, _spelled(parts.hostname), port or _PORTS[parts.scheme], target)


def _listed(there: Place, hosts: Sequence[str]) -> bool:
    return any(
        name == there.name and port in (None, there.port) for name, port in map(told_host, hosts)
    )


def _spelled(name: str) -> str:
    return _address(name) or name.rstrip(".").lower()


def _address(name: str) -> str | None:
    """An address in the one way that it is written; None for a name."""
    try:
        return str(ip_address(name))
    except ValueError:
        return None


async def _aside(resolve: Resolve, name: str, port: int) -> Sequence[str]:
    """Resolves in a thread that nobody waits for at the end: a name server may be silent long."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Sequence[str]] = loop.create_future()

    def settle(found: Sequence[str] | Exception) -> None:
        if future.done():
            return
        if isinstance(found, Exception):
            future.set_exception(found)
        else:
            future.set_result(found)

    def work() -> None:
        found: Sequence[str] | Exception
        try:
            found = resolve(name, port)
        except (OSError, UnicodeError) as error:
            found = error
        with suppress(RuntimeError):  # The loop has ended meanwhile.
            loop.call_soon_threadsafe(settle, found)

    Thread(target=work, daemon=True, name="resolving").start()
    return await future
