"""Solutions as tables: each term as it is, or in short where that says the same."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlencode

from kg.namespaces import iri, local
from kg.prefixes import curie

_ABOUT = "/questions/what-is-stated-about-this"
_PLAIN = 1e15
# What questions call the columns that hold names of what has a page.
_NAMED = {
    "project": "/projects/",
    "predicate": "/predicates/",
    "mismatch": "/mismatches/",
    "code": "/mismatches/",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as it is shown, with an address where it leads somewhere."""

    text: str
    address: str = ""
    number: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Solutions as they are shown."""

    names: list[str]
    rows: list[list[Cell]]


def table(found: Mapping[str, Any], cell: Callable[[str, Mapping[str, str]], Cell]) -> Table:
    """The results of a SELECT query in JSON, each term as `cell` shows it in its column."""
    names = [str(name) for name in found["head"]["vars"]]
    solutions = found["results"]["bindings"]
    return Table(
        names,
        [
            [cell(name, row[name]) if name in row else Cell("") for name in names]
            for row in solutions
        ],
    )


def whole(_column: str, term: Mapping[str, str]) -> Cell:
    """A term as it is.

    >>> whole("x", {"type": "literal", "value": "8.5E0"})
    Cell(text='8.5E0', address='', number=False)
    """
    value = term["value"] if term["type"] != "triple" else "<<( … )>>"
    return Cell(value, _followed(value) if term["type"] == "uri" else "")


def short(column: str, term: Mapping[str, str], base: str) -> Cell:
    """A term in short: names of ours without their namespace, those of projects without the base.

    >>> short("kind", {"type": "uri", "value": iri("mm:TrainedModel")}, "http://a.org/")
    Cell(text='TrainedModel', address='/vocabulary/TrainedModel', number=False)
    >>> short("project", {"type": "literal", "value": "loan"}, "http://a.org/").address
    '/projects/loan'
    """
    value = term["value"]
    if term["type"] == "literal" and "datatype" in term:
        return _amount(term)
    if term["type"] == "literal" and column in _NAMED:
        return Cell(value, f"{_NAMED[column]}{quote(value, safe='')}")
    if term["type"] != "uri":
        return whole(column, term)
    if local(value) != value:
        return Cell(local(value), f"/vocabulary/{quote(local(value), safe='')}")
    projects = f"{base}projects/"
    if value.startswith(projects):
        return Cell(
            unquote(value.removeprefix(projects)), f"{_ABOUT}?{urlencode({'thing': value})}"
        )
    name = curie(value, {})
    return Cell(value if name.startswith("<") else name, _followed(value))


def _amount(term: Mapping[str, str]) -> Cell:
    """A number as people write it; what is none stays as it is.

    >>> [_amount({"value": n, "datatype": iri("xsd:double")}).text for n in ("1.6E10", "INF")]
    ['16000000000', 'INF']
    """
    value = term["value"]
    if term["datatype"] not in {iri(f"xsd:{name}") for name in ("integer", "double", "decimal")}:
        return Cell(value)
    if "E" not in value.upper():
        return Cell(value, number=True)
    number = float(value)
    plain = number.is_integer() and abs(number) < _PLAIN
    return Cell(str(int(number)) if plain else f"{number:.10g}", number=True)


def _followed(value: str) -> str:
    """The address that an IRI is, if a browser can follow it."""
    return value if value.startswith(("http://", "https://")) else ""
