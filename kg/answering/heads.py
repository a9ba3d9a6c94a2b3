"""Requests that ask a query, as their bytes: all of it but the query is the *head*.

Two requests of one head differ in their queries alone, so whoever judged one request by its head
has judged all of them.
"""

import re
from urllib.parse import unquote_to_bytes

LENGTH = 32 << 10
"""How many bytes such a request may have."""

_END = b"\r\n\r\n"
_GET = re.compile(
    rb"(GET /sparql\?(?:[!-~]*&)?query=)([!-\"$-%'-~]*)((?:&[!-~]*)? HTTP/1\.1\r\n.*)", re.DOTALL
)
_POST = re.compile(rb"(POST /sparql(?:\?[!-~]*)? HTTP/1\.1\r\n.*\r\n)", re.DOTALL)
_SIZE = re.compile(rb"(?<=\ncontent-length:)[ \t]*(\d{1,6})(?=\r\n)", re.IGNORECASE)
_MARK = b"\xef\xbb\xbf"
# Whatever looks like one of these may name graphs or call other services; and any of them may be
# written with an escape.
_FAR = ("FROM", "GRAPH", "SERVICE", "\\U")


def parted(data: bytes) -> tuple[bytes, str] | None:
    r"""The head of a request, and its query; None where that is not plain to see.

    >>> parted(b"GET /sparql?query=ASK+%7B%7D HTTP/1.1\r\nHost: a\r\n\r\n")
    (b'GET /sparql?query= HTTP/1.1\r\nHost: a\r\n\r\n', 'ASK {}')
    >>> parted(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n") is None
    True
    """
    if len(data) > LENGTH:
        return None
    return _got(data) if data.startswith(b"GET ") else _posted(data)


def is_near(text: str) -> bool:
    """Whether a query looks at nothing but the graphs that it is given.

    >>> is_near("SELECT * { ?s ?p ?o }"), is_near("select * from <http://a.org/> {}")
    (True, False)
    """
    upper = text.upper()
    return not any(word in upper for word in _FAR)


def _got(data: bytes) -> tuple[bytes, str] | None:
    found = _GET.fullmatch(data)
    if found is None or data.find(_END) != len(data) - len(_END):
        return None
    before, query, after = found.groups()
    return _told(before + after, unquote_to_bytes(query.replace(b"+", b" ")))


def _posted(data: bytes) -> tuple[bytes, str] | None:
    before, _, body = data.partition(_END)
    found = _POST.fullmatch(before + b"\r\n")
    if found is None:
        return None
    sizes = list(_SIZE.finditer(found[1]))
    if len(sizes) != 1 or int(sizes[0][1]) != len(body) or body.startswith(_MARK):
        return None
    start, end = sizes[0].span(1)
    return _told(found[1][:start] + found[1][end:], body)


def _told(head: bytes, query: bytes) -> tuple[bytes, str] | None:
    try:
        return head, query.decode()
    except UnicodeDecodeError:
        return None
