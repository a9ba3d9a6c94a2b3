"""Where a SPARQL endpoint is asked, changed and filled graph by graph: as its URL says, or where
endpoints usually are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from kg.errors import StoreUnreachable
from kg.outgoing import told_host
from kg.stores._refusals import SHOW


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where an endpoint is asked, and, as far as that is told, changed and filled graph by graph.

    >>> told("http://a.org/query?update=http://a.org/update")
    Addresses(query='http://a.org/query', update='http://a.org/update', graphs='')
    """

    query: str
    update: str = ""
    graphs: str = ""


def told(url: str) -> Addresses:
    """What the URL of a store says; raises StoreUnreachable where that is no address."""
    if "@" in url.partition("://")[2].partition("/")[0]:
        raise StoreUnreachable("The URL of the store has a name or password in it", SHOW)
    _check(url)
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    named = {name: value for name, value in pairs if name in ("update", "graphs")}
    rest = urlencode([pair for pair in pairs if pair[0] not in named])
    found = Addresses(urlunsplit(parts._replace(query=rest, fragment="")), **named)
    for one in filter(None, (found.update, found.graphs)):
        _check(one)
    return found


def _check(url: str) -> None:
    try:
        told_host(urlsplit(url).netloc)
    except ValueError as error:
        raise StoreUnreachable(
            f"{url[:200]} is no address of an endpoint", "Write it as http://host:port/path"
        ) from error


def beside(url: str, name: str) -> str:
    """The address with another last part.

    >>> beside("http://a.org/ds/query?x=1", "update")
    'http://a.org/ds/update?x=1'
    """
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/').rpartition('/')[0]}/{name}"))


def below(url: str, name: str) -> str:
    """The address with one more part.

    >>> below("http://a.org/", "sparql")
    'http://a.org/sparql'
    """
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{name}"))


def where_queries_go(url: str) -> Iterator[str]:
    """Where an endpoint may be asked, the likeliest first."""
    if urlsplit(url).path.strip("/"):
        yield url
    yield below(url, "sparql")
    yield below(url, "query")


def where_updates_go(url: str) -> Iterator[str]:
    """Where an endpoint that is asked at that address may take updates, the likeliest first."""
    last = urlsplit(url).path.rstrip("/").rpartition("/")[2]
    if last == "query":
        yield beside(url, "update")
    yield url
    if last != "query":
        yield beside(url, "update")
    yield below(url, "statements")
