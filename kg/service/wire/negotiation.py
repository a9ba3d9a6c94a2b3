"""Which of the formats that there are a client gets, by its `Accept` and their quality values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus

from kg.service.wire.problems import RequestRefused


@dataclass(frozen=True, slots=True)
class Form:
    """A format: its name, the media type that it is sent as, and others that ask for it."""

    name: str
    media_type: str
    others: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All media types by which it is asked for, without parameters."""
        return (self.media_type.partition(";")[0], *self.others)


ROWS = (
    Form("json", "application/sparql-results+json", ("application/json",)),
    Form("xml", "application/sparql-results+xml", ("application/xml", "text/xml")),
    Form("csv", "text/csv; charset=utf-8"),
    Form("tsv", "text/tab-separated-values; charset=utf-8"),
)
TRIPLES = (
    Form("turtle", "text/turtle; charset=utf-8", ("application/x-turtle",)),
    Form("ntriples", "application/n-triples; charset=utf-8", ("text/plain",)),
    Form("rdfxml", "application/rdf+xml; charset=utf-8", ("application/xml", "text/xml")),
    Form("jsonld", "application/ld+json", ("application/json",)),
    Form("trig", "application/trig; charset=utf-8"),
    Form("nquads", "application/n-quads; charset=utf-8"),
)
PAGE = Form("html", "text/html; charset=utf-8", ("application/xhtml+xml",))
_SHORT = 300
_KEPT = 256
_ALL = (*ROWS, *TRIPLES, PAGE)


@dataclass(frozen=True, slots=True)
class Forms:
    """In which formats a query may be answered, before it is known what it asks for."""

    rows: str | None
    triples: str | None
    page: bool = False

    @classmethod
    def of(cls, name: str | None, accept: str | None) -> "Forms":
        """The formats of a name, such as csv, or else those that a client accepts; raises
        RequestRefused.
        """
        # Clients say the same again and again; what is longer than they say is not worth keeping.
        short = len(accept or "") <= _SHORT
        return cls._known(name, accept) if short else cls._told(name, accept)

    @classmethod
    @lru_cache(_KEPT)
    def _known(cls, name: str | None, accept: str | None) -> "Forms":
        return cls._told(name, accept)

    @classmethod
    def _told(cls, name: str | None, accept: str | None) -> "Forms":
        if name is not None:
            accept = next((one.names[0] for one in _ALL if name in (one.name, *one.names)), None)
            if accept is None:
                known = ", ".join(form.name for form in _ALL)
                raise RequestRefused(
                    HTTPStatus.BAD_REQUEST, f"{name[:80]} is no format", f"Use one of {known}"
                )
        rows, triples = preferred(accept, (*ROWS, PAGE)), preferred(accept, (*TRIPLES, PAGE))
        if rows is None and triples is None:
            raise not_acceptable(_ALL)
        if rows is PAGE and triples in (PAGE, None):
            return cls("json", "turtle", page=True)
        return cls(
            rows.name if rows not in (PAGE, None) else None,
            triples.name if triples not in (PAGE, None) else None,
        )


def preferred(accept: str | None, forms: Sequence[Form]) -> Form | None:
    """The format that a client likes best, the first of equals; None where it takes none of them.

    >>> preferred("text/csv;q=0.5, application/json;q=0.4, */*;q=0.1", ROWS).name
    'csv'
    >>> preferred("text/csv, */*;q=0", ROWS[:2]) is None
    True
    """
    if accept is None or not accept.strip():
        return forms[0]
    ranges = dict(_ranges(accept))
    qualities = [_quality(form, ranges) for form in forms]
    best = max(qualities)
    return forms[qualities.index(best)] if best > 0 else None


def chosen(accept: str | None, forms: Sequence[Form]) -> Form:
    """The same; raises RequestRefused where it takes none."""
    form = preferred(accept, forms)
    if form is None:
        raise not_acceptable(forms)
    return form


def not_acceptable(forms: Iterable[Form]) -> RequestRefused:
    """The refusal of a client that takes none of the formats."""
    there = ", ".join(form.names[0] for form in forms)
    return RequestRefused(
        HTTPStatus.NOT_ACCEPTABLE,
        "There is no format that both you and this resource know",
        f"Accept one of {there}",
    )


def _ranges(accept: str) -> Iterable[tuple[str, float]]:
    for part in accept.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if "/" in name or name == "*":
            yield ("*/*" if name == "*" else name), _q(parameters)


def _q(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0


def _quality(form: Form, ranges: Mapping[str, float]) -> float:
    """How much is liked: one of its names if it is told, else the most specific range that covers
    what it is sent as.
    """
    told = [ranges[name] for name in form.names if name in ranges]
    if told:
        return max(told)
    kind = form.names[0].partition("/")[0]
    return next((ranges[one] for one in (f"{kind}/*", "*/*") if one in ranges), 0.0)
