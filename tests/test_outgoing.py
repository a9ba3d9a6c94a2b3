"""Calls of hosts elsewhere: only those that are listed, bounded, and never led astray."""

import asyncio
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme

from kg.errors import CallFailed, NotAllowed
from kg.outgoing import Reach, fetch, place, post, told_host
from kg.outgoing.reach import is_public
from tests.listening import Listener, listening

NAME = "hooks.example.org"


def _answer(body: bytes, status: str = "200 OK", more: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{more}\r\n".encode() + body


def _at_home(*_: object) -> Sequence[str]:
    return ["127.0.0.1"]


def _at(listener: Listener, path: str = "/") -> str:
    return f"http://127.0.0.1:{listener.port}{path}"


def _reach(listener: Listener, **more: float) -> Reach:
    return Reach([f"127.0.0.1:{listener.port}"], seconds=more.get("seconds", 5), most=1000)


def test_what_a_listed_host_has_is_read() -> None:
    with listening(_answer(b"keys")) as host:
        assert fetch(_at(host, "/a%20b?c=d#e"), _reach(host)) == b"keys"
    (asked,) = host.asked
    assert asked.startswith(b"GET /a%20b?c=d HTTP/1.1\r\n")
    assert f"\r\nHost: 127.0.0.1:{host.port}\r\n".encode() in asked


def test_a_body_is_sent_with_its_headers() -> None:
    with listening(_answer(b"", "202 Accepted")) as host:
        sent = post(_at(host), b'{"a":1}', {"Content-Type": "application/json"}, _reach(host))
        assert asyncio.run(sent) == 202
    (asked,) = host.asked
    assert b"\r\nContent-Type: application/json\r\n" in asked
    assert asked.endswith(b'\r\n\r\n{"a":1}')


def test_a_host_that_is_not_listed_sees_no_connection() -> None:
    with listening(_answer(b"")) as host:
        for reach in (Reach([]), Reach(["127.0.0.1:1"]), Reach(["localhost"], ["127.0.0.1"])):
            with pytest.raises(NotAllowed, match="may not be called"):
                fetch(_at(host), reach)
    assert host.calls == 0


def test_a_name_that_leads_to_a_private_address_sees_no_connection() -> None:
    with listening(_answer(b"")) as host:
        url = f"http://{NAME}:{host.port}/"
        with pytest.raises(NotAllowed, match="not public"):
            fetch(url, Reach([NAME], resolve=_at_home))
        with pytest.raises(NotAllowed, match="not public"):
            fetch(url, Reach([NAME], resolve=lambda *_: ["93.184.215.14", "127.0.0.1"]))
    assert host.calls == 0


def test_a_private_host_is_called_by_its_name_where_it_is_listed_as_one() -> None:
    with listening(_answer(b"here")) as host:
        url = f"http://{NAME.upper()}:{host.port}/"
        assert fetch(url, Reach([NAME], [NAME], resolve=_at_home)) == b"here"
    assert f"\r\nHost: {NAME}:{host.port}\r\n".encode() in host.asked[0]


def test_a_name_is_resolved_once_and_called_at_that_address() -> None:
    answers = iter([["127.0.0.1"]])
    with listening(_answer(b"here")) as host:
        reach = Reach([NAME], [NAME], resolve=lambda *_: next(answers))
        assert fetch(f"http://{NAME}:{host.port}/", reach) == b"here"


def test_an_address_that_does_not_answer_makes_room_for_the_next() -> None:
    with listening(_answer(b"here")) as host:
        reach = Reach([NAME], [NAME], resolve=lambda *_: ["127.0.0.2", "127.0.0.1"])
        assert fetch(f"http://{NAME}:{host.port}/", reach) == b"here"


def test_a_redirect_is_not_followed() -> None:
    with listening(_answer(b"")) as other:
        moved = _answer(b"", "302 Found", f"Location: {_at(other)}\r\n")
        with listening(moved) as host:
            reach = Reach(["127.0.0.1"])
            with pytest.raises(CallFailed, match="302 to look elsewhere, which is not done"):
                fetch(_at(host), reach)
            assert asyncio.run(post(_at(host), b"x", {}, reach)) == 302
    assert other.calls == 0


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with listening(_answer(b"proxy")) as proxy, listening(_answer(b"host")) as host:
        monkeypatch.setenv("http_proxy", _at(proxy))
        monkeypatch.setenv("HTTP_PROXY", _at(proxy))
        assert fetch(_at(host), _reach(host)) == b"host"
    assert proxy.calls == 0


@pytest.mark.parametrize(
    "pieces",
    [
        [],
        [b"HTTP/1.1 200 OK\r\n"],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n", *[b"x"] * 100],
        [b"HTTP/1.1 100 Continue\r\n\r\n"] * 100,
    ],
    ids=["silent", "half a head", "a byte at a time", "never begins"],
)
def test_a_slow_host_is_given_up_in_time(pieces: list[bytes]) -> None:
    with (
        listening(*pieces, pause=0.05, stays=True) as host,
        pytest.raises(CallFailed, match=r"took longer than 0\.5 s"),
    ):
        fetch(_at(host), _reach(host, seconds=0.5))


def test_a_name_server_that_is_silent_is_given_up_in_time() -> None:
    told = threading.Event()

    def silent(*_: object) -> Sequence[str]:
        told.wait(20)
        return []

    began = time.monotonic()
    with pytest.raises(CallFailed, match="took longer"):
        fetch(f"http://{NAME}/", Reach([NAME], seconds=0.3, resolve=silent))
    assert time.monotonic() - began < 15
    told.set()


@pytest.mark.parametrize(
    "pieces",
    [
        [_answer(b"x" * 1001)],
        [b"HTTP/1.1 200 OK\r\n\r\n", *[b"x" * 100_000] * 100],
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", *[b"1\r\nx\r\n" * 1000] * 100],
        [b"HTTP/1.1 100 Continue\r\n\r\n" * 1000] * 100,
        [b"HTTP/1.1 200 OK\r\n", *[b"X-More: and more\r\n" * 1000] * 100],
    ],
    ids=["declared", "endless", "in pieces", "never begins", "headers"],
)
def test_an_answer_that_is_too_long_is_not_read(pieces: list[bytes]) -> None:
    with listening(*pieces) as host, pytest.raises(CallFailed, match=r"more than 1,000|no proper"):
        fetch(_at(host), _reach(host))


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"220 mail.example.org ESMTP\r\n",
        b"\x16\x03\x01\x00",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nxxx",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nless",
        b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nmore ",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nless\r\n",
    ],
    ids=["nothing", "mail", "TLS", "upgrade", "cut off", "two lengths", "no last piece"],
)
def test_what_is_no_web_server_is_told(answer: bytes) -> None:
    with listening(answer) as host, pytest.raises(CallFailed, match="no proper HTTP"):
        fetch(_at(host), _reach(host))


def test_a_host_that_is_not_there_is_told() -> None:
    with listening(b"") as host:
        pass
    with pytest.raises(CallFailed, match="cannot be reached"):
        fetch(_at(host), _reach(host))


def test_a_name_that_nobody_knows_is_told() -> None:
    def unknown(*_: object) -> Sequence[str]:
        raise OSError

    with pytest.raises(CallFailed, match=f"No address of {NAME}"):
        fetch(f"http://{NAME}/", Reach([NAME], resolve=unknown))


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.org/",
        "file:///etc/passwd",
        "//a.org/",
        "a.org",
        "http://",
        "http://user@a.org/",
        "http://a.org@b.org/",
        "http://a.org:0/",
        "http://a.org:99999/",
        "http://a.org\r\nX: y/",
        "http://a.org/\t",
        "http://a.org/ x",
        "http://bücher.example/",
        "http://[::1/",
        "http://a.org/" + "x" * 2000,
    ],
)
def test_what_is_no_plain_address_of_the_web_is_refused(url: str) -> None:
    with pytest.raises(NotAllowed, match="is no address that is called from here"):
        place(url, Reach(["a.org", "b.org"]))


def test_a_host_is_listed_with_or_without_its_port() -> None:
    assert place("https://a.org./", Reach(["A.ORG:443"])).host == "a.org"
    assert place("http://[0:0::1]:80/", Reach(["[::1]"])).host == "[::1]"
    for url in ("http://a.org/", "https://a.org:444/", "https://b.a.org/", "https://a.org.b/"):
        with pytest.raises(NotAllowed):
            place(url, Reach(["a.org:443"]))


@pytest.mark.parametrize("text", ["", "http://a.org", "a.org/x", "u@a.org", "a.org:x", ":80"])
def test_what_is_no_host_cannot_be_listed(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        told_host(text)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.0.1"),  # noqa: S104 - refused
        *("169.254.169.254", "100.64.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "::127.0.0.1"),
        *("::ffff:127.0.0.1", "::ffff:93.184.215.14", "64:ff9b::7f00:1", "64:ff9b:1::1"),
        *("2002:7f00:1::", "2001:0:1::1", "2001:db8::1"),
    ],
)
def test_an_address_that_is_not_everybodys_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:4700::1111", "64:ff9b::5db8:d70e"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@contextmanager
def _proving(name: str, seen: list[str | None]) -> Iterator[ssl.SSLContext]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    AUTHORITY.issue_cert(name).configure_cert(context)
    context.sni_callback = lambda _, asked, __: seen.append(asked)
    yield context


AUTHORITY = trustme.CA()


@pytest.fixture
def authorities(tmp_path: Path) -> Path:
    AUTHORITY.cert_pem.write_to_path(tmp_path / "authority.pem")
    return tmp_path / "authority.pem"


def test_a_host_proves_the_name_that_was_called(authorities: Path) -> None:
    seen: list[str | None] = []
    with _proving(NAME, seen) as context, listening(_answer(b"safe"), context=context) as host:
        reach = Reach([NAME], [NAME], authorities=authorities, resolve=_at_home)
        assert fetch(f"https://{NAME}:{host.port}/", reach) == b"safe"
    assert seen == [NAME]


def test_a_host_that_proves_another_name_is_told_nothing(authorities: Path) -> None:
    with _proving("b.org", []) as context, listening(_answer(b"x"), context=context) as host:
        reach = Reach([NAME], [NAME], authorities=authorities, resolve=_at_home)
        with pytest.raises(CallFailed, match="does not prove who it is"):
            fetch(f"https://{NAME}:{host.port}/", reach)
    assert host.asked == []


def test_a_host_that_nobody_vouches_for_is_told_nothing() -> None:
    reach = Reach([NAME], [NAME], resolve=_at_home)
    with (
        _proving(NAME, []) as context,
        listening(_answer(b"x"), context=context) as host,
        pytest.raises(CallFailed, match="does not prove who it is"),
    ):
        fetch(f"https://{NAME}:{host.port}/", reach)
    assert host.asked == []
