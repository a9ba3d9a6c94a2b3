"""Writes the solutions of a SELECT and the truth of an ASK in the four formats of SPARQL 1.1.

Where rows were cut off, the end of the text says so: as the member `truncated` in JSON, as a
comment in XML, and as a last line that begins with `# ` in CSV and TSV.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolution, Triple

from kg.answering.cuts import Cut

Rows: TypeAlias = Cut[QuerySolution]
Term: TypeAlias = NamedNode | BlankNode | Literal | Triple

_STRING = Literal("").datatype
# To make an encoder for each text takes ten times as long as to write it.
_quoted = json.JSONEncoder(ensure_ascii=False).encode
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_QUOTED = re.compile('[",\r\n]')
_XML_TEXT = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;"}
_XML = str.maketrans(_XML_TEXT)


class Unwritable(Exception):
    """The format has no way to write what is to be written."""


def json_rows(names: Sequence[str], rows: Rows) -> Iterator[str]:
    """Rows as JSON."""
    keys = [_text(name) for name in names]
    yield f'{{"head":{{"vars":[{",".join(keys)}]}},"results":{{"bindings":['
    for number, row in enumerate(rows):
        cells = ",".join(
            f"{key}:{_json(term)}" for key, term in zip(keys, row, strict=True) if term is not None
        )
        yield f"{',' if number else ''}\n{{{cells}}}"
    end = f',"truncated":{json.dumps(rows.cut)}' if rows.cut else ""
    yield f"\n]}}{end}}}\n"


def xml_rows(names: Sequence[str], rows: Rows) -> Iterator[str]:
    """Rows as XML; raises Unwritable for characters that XML cannot hold."""
    yield _XML_START
    yield "".join(f'<variable name="{_xml(name)}"/>' for name in names)
    yield "</head>\n<results>\n"
    for row in rows:
        cells = "".join(
            f'<binding name="{_xml(name)}">{_xml_term(term)}</binding>'
            for name, term in zip(names, row, strict=True)
            if term is not None
        )
        yield f"<result>{cells}</result>\n"
    yield "</results>\n</sparql>\n"
    if rows.cut:
        yield f"<!-- {rows.cut} -->\n"


def csv_rows(names: Sequence[str], rows: Rows) -> Iterator[str]:
    """Rows as CSV: values without their types."""
    yield ",".join(map(_csv, names)) + "\r\n"
    for row in rows:
        yield ",".join("" if term is None else _csv(_plain(term)) for term in row) + "\r\n"
    if rows.cut:
        yield f"# {rows.cut.replace(',', ';')}\r\n"


def tsv_rows(names: Sequence[str], rows: Rows) -> Iterator[str]:
    """Rows as TSV: terms as SPARQL writes them."""
    yield "\t".join(f"?{name}" for name in names) + "\n"
    for row in rows:
        yield "\t".join("" if term is None else _tsv(term) for term in row) + "\n"
    if rows.cut:
        yield f"# {rows.cut}\n"


ROWS: Mapping[str, Callable[[Sequence[str], Rows], Iterator[str]]] = {
    "json": json_rows,
    "xml": xml_rows,
    "csv": csv_rows,
    "tsv": tsv_rows,
}


def truth(value: bool, form: str) -> str:  # noqa: FBT001 - the truth is what it is about
    """The answer to an ASK."""
    word = "true" if value else "false"
    if form == "json":
        return f'{{"head":{{}},"boolean":{word}}}\n'
    if form == "xml":
        return f"{_XML_START}</head>\n<boolean>{word}</boolean>\n</sparql>\n"
    return f"{word}\n"


_XML_START = (
    '<?xml version="1.0"?>\n<sparql xmlns="http://www.w3.org/2005/sparql-results#">\n<head>'
)


def _json(term: Term) -> str:
    if isinstance(term, NamedNode):
        return f'{{"type":"uri","value":{_text(term.value)}}}'
    if isinstance(term, BlankNode):
        return f'{{"type":"bnode","value":{_text(term.value)}}}'
    if isinstance(term, Triple):
        parts = ",".join(f'"{name}":{_json(part)}' for name, part in _parts(term))
        return f'{{"type":"triple","value":{{{parts}}}}}'
    more = ""
    if term.language is not None:
        more = f',"xml:lang":{_text(term.language)}'
        if term.direction is not None:
            more += f',"its:dir":{_text(term.direction.value)}'
    elif term.datatype != _STRING:
        more = f',"datatype":{_text(term.datatype.value)}'
    return f'{{"type":"literal","value":{_text(term.value)}{more}}}'


def _xml_term(term: Term) -> str:
    if isinstance(term, NamedNode):
        return f"<uri>{_xml(term.value)}</uri>"
    if isinstance(term, BlankNode):
        return f"<bnode>{_xml(term.value)}</bnode>"
    if isinstance(term, Triple):
        parts = "".join(f"<{name}>{_xml_term(part)}</{name}>" for name, part in _parts(term))
        return f"<triple>{parts}</triple>"
    more = ""
    if term.language is not None:
        more = f' xml:lang="{_xml(term.language)}"'
        if term.direction is not None:
            more += (
                f' its:dir="{term.direction.value}" xmlns:its="http://www.w3.org/2005/11/its"'
                ' its:version="2.0"'
            )
    elif term.datatype != _STRING:
        more = f' datatype="{_xml(term.datatype.value)}"'
    return f"<literal{more}>{_xml(term.value)}</literal>"


def _parts(triple: Triple) -> list[tuple[str, Term]]:
    return [
        ("subject", triple.subject),
        ("predicate", triple.predicate),
        ("object", triple.object),
    ]


def _text(text: str) -> str:
    return _quoted(text)


def _xml(text: str) -> str:
    if _UNWRITABLE.search(text):
        raise Unwritable("XML has no way to write a character of the answer")
    return text.translate(_XML)


def _plain(term: Term) -> str:
    return str(term) if isinstance(term, BlankNode | Triple) else term.value


def _csv(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def _tsv(term: Term) -> str:
    text = f"<<( {term} )>>" if isinstance(term, Triple) else str(term)
    return text.replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
