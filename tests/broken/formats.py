"""The formats that are read, each with an intact file and the ways in which its files break."""

import gzip
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from typing import TypeAlias

import pyarrow as pa
from pyarrow import parquet

from tests.broken import samples
from tests.broken.damages import DAMAGES, noise

Own: TypeAlias = Mapping[str, Callable[[], bytes]]

MANY = 100_000


@dataclass(frozen=True, slots=True)
class Broken:
    """A broken file: `size` is its length where it is sparse, `told` whether a problem is due."""

    name: str
    make: Callable[[], bytes]
    size: int = 0
    told: bool = True


@dataclass(frozen=True, slots=True)
class Format:
    """A format: where its file lies in a project, an intact one, and how it breaks.

    `at` is a piece of the intact file, behind which damage is done to it, in the middle of a token.
    `own` are the format's own kinds of breakages. `excused` names those of which nothing need be
    said, with the reason.
    """

    name: str
    path: str
    intact: bytes
    at: bytes
    own: Own
    excused: Mapping[str, str] = field(default_factory=dict)

    def broken(self) -> Iterator[Broken]:
        """Every broken file of the format."""
        position = self.intact.index(self.at) + len(self.at)
        for damage in DAMAGES:
            make = partial(damage.make, self.intact, position)
            yield Broken(damage.name, make, damage.size, told=damage.name not in self.excused)
        for name, own in self.own.items():
            yield Broken(name, own, told=name not in self.excused)


_UNKNOWN = dict.fromkeys(
    [damage.name for damage in DAMAGES if damage.whole], "nothing tells that it was one"
)
"""Of a file whose kind its content tells, where the damage leaves nothing of it."""


# -- YAML -----------------------------------------------------------------------------------------


def _yaml(intact: bytes) -> dict[str, Callable[[], bytes]]:
    """How YAML breaks that is a mapping in block style."""

    def beside(text: str) -> Callable[[], bytes]:
        return lambda: intact + text.encode()

    return {
        "lists-never-closed": beside("x: " + "[" * MANY),
        "lists-in-lists": beside("x: " + "[" * 5000 + "]" * 5000),
        "mappings-in-mappings": beside("".join(f"{' ' * n}x:\n" for n in range(1000))),
        "laughs": lambda: intact + _laughs("x{0}: &x{0} [{1}]\n", ", "),
        "laughs-in-mappings": lambda: intact + _laughs("x{0}: &x{0} {{{1}}}\n", ", ", "k{0}: "),
        "laughs-merged": lambda: intact + _laughs("x{0}: &x{0}\n  <<: [{1}]\n", ", "),
        "long-list-often-repeated": beside(f"x: &x [{'0, ' * 10_000}]\ny: [{'*x, ' * 10_000}]\n"),
        "alias-of-itself": beside("x: &x [*x]\n"),
        "alias-of-nothing": beside("x: *nobody\n"),
        "merge-of-a-text": beside("x: {<<: text}\n"),
        "tab-for-indentation": beside("x:\n\t- y\n"),
        "quote-not-closed": beside('x: "y\n'),
        "unknown-escape": beside('x: "\\q"\n'),
        "list-as-key": beside("? [a, b]\n: c\n"),
        "long-key": beside("x" * 5000 + ": y\n"),
        "long-number": beside(f"x: {'9' * 5000}\n"),
        "mapping-in-a-value": beside("x: y: z\n"),
        "template": beside("x: {{ .Values.image }}\n"),
        "anchor-without-name": beside("x: & y\n"),
        "keys-twice": lambda: intact + intact,
        "half-character-escaped": beside('x: "\\ud800"\n'),
        "too-long": beside(f"# {'x' * 100}\n" * MANY),
    }


def _laughs(line: str, joint: str, key: str = "") -> bytes:
    """Ten levels, each of which names the one below it ten times."""
    text = line.format(0, key.format(0) + "{k: lol}")
    for level in range(1, 10):
        named = joint.join(f"{key.format(n)}*x{level - 1}" for n in range(10))
        text += line.format(level, named)
    return text.encode()


def _replaced(**contents: str | bytes) -> dict[str, Callable[[], bytes]]:
    """Files that are something else altogether, or hold a value of the wrong kind."""
    return {
        name.replace("_", "-"): lambda content=content: (  # type: ignore[misc]
            content.encode() if isinstance(content, str) else content
        )
        for name, content in contents.items()
    }


# -- JSON -----------------------------------------------------------------------------------------


def _json(intact: bytes) -> dict[str, Callable[[], bytes]]:
    """How JSON breaks that is one object."""
    inside = intact.rstrip().removesuffix(b"}")

    def beside(text: str) -> Callable[[], bytes]:
        return lambda: inside + b"," + text.encode() + b"}"

    return {
        "lists-never-closed": beside('"x": ' + "[" * MANY),
        "lists-in-lists": beside('"x": ' + "[" * 5000 + "]" * 5000),
        "objects-in-objects": beside('"x": ' + '{"x": ' * 5000 + "1" + "}" * 5000),
        "comma-at-the-end": lambda: inside + b",}",
        "never-closed": lambda: inside,
        "comment": beside('"x": 1 // one\n'),
        "single-quotes": beside("'x': 'y'"),
        "key-without-quotes": beside("x: 1"),
        "value-without-quotes": beside('"x": yes'),
        "no-colon": beside('"x" 1'),
        "no-comma": lambda: inside + b'"x": 1}',
        "more-after-the-end": lambda: intact + intact,
        "line-break-in-a-text": beside('"x": "a\nb"'),
        "unknown-escape": beside('"x": "\\q"'),
        "half-character-escaped": beside('"x": "\\ud800"'),
        "long-key": beside(f'"{"x" * 5000}": 1'),
        "long-number": beside(f'"x": {"9" * 5000}'),
        "number-with-a-zero": beside('"x": 007'),
        "too-long": lambda: inside + b"\n" * (17 << 20) + b"}",
    }


# -- TOML -----------------------------------------------------------------------------------------


def _toml(intact: bytes) -> dict[str, Callable[[], bytes]]:
    """How TOML breaks."""

    def beside(text: str) -> Callable[[], bytes]:
        return lambda: intact + b"\n" + text.encode()

    return {
        "lists-never-closed": beside("x = " + "[" * MANY),
        "lists-in-lists": beside("x = " + "[" * 5000 + "]" * 5000),
        "tables-in-tables": beside("x = " + "{x = " * 1000 + "1" + "}" * 1000),
        "key-with-many-parts": beside(f"{'x.' * MANY}x = 1"),
        "table-with-many-parts": beside(f"[{'x.' * MANY}x]"),
        "quote-not-closed": beside('x = "y\n'),
        "long-quote-not-closed": beside('x = """y\n'),
        "list-not-closed": beside("x = [1,\n"),
        "key-without-value": beside("x =\n"),
        "key-alone": beside("x\n"),
        "key-twice": beside("x = 1\nx = 2\n"),
        "tables-twice": lambda: intact + intact,
        "text-without-quotes": beside("x = y\n"),
        "unknown-escape": beside('x = "\\q"\n'),
        "half-character-escaped": beside('x = "\\ud800"\n'),
        "no-such-date": beside("x = 2024-13-45\n"),
        "long-number": beside(f"x = {'9' * 5000}\n"),
        "two-on-a-line": beside("x = 1 y = 2\n"),
        "too-many-values": beside(f"x = [{'0, ' * 200_000}]\n"),
        "too-long": beside(f"# {'x' * 100}\n" * MANY),
        "indented-by-nul": beside("\0x = 1\n"),
    }


# -- RDF ------------------------------------------------------------------------------------------


def _turtle(intact: bytes) -> dict[str, Callable[[], bytes]]:
    """How Turtle and TriG break."""

    def beside(text: str) -> Callable[[], bytes]:
        return lambda: intact + text.encode()

    return {
        "nodes-never-closed": beside("<a> <p:b> " + "[ <p:c> " * MANY),
        "nodes-in-nodes": beside("<a> <p:b> " + "[ <p:c> " * 5000 + "1" + "]" * 5000 + " ."),
        "lists-in-lists": beside("<a> <p:b> " + "(" * 5000 + ")" * 5000 + " ."),
        "triples-in-triples": beside("<a> <p:b> " + "<< <a> <p:b> " * 5000),
        "no-full-stop": beside("<a> <p:b> 1"),
        "no-object": beside("<a> <p:b> ."),
        "prefix-not-declared": beside("<a> ex:b 1 ."),
        "prefix-without-iri": beside("@prefix ex: ex ."),
        "iri-not-closed": beside("<a> <p:b"),
        "iri-with-a-space": beside("<a> <p:b c> 1 ."),
        "iri-with-an-unknown-escape": beside("<a> <p:\\q> 1 ."),
        "text-not-closed": beside('<a> <p:b> "c .'),
        "long-text-not-closed": beside('<a> <p:b> """c .'),
        "unknown-escape": beside('<a> <p:b> "\\q" .'),
        "text-as-subject": beside('"a" <p:b> 1 .'),
        "text-as-predicate": beside('<a> "b" 1 .'),
        "blank-node-as-predicate": beside("<a> _:b 1 ."),
        "type-of-nothing": beside('<a> <p:b> "1"^^ .'),
        "language-of-nothing": beside('<a> <p:b> "c"@ .'),
        "bracket-closed-twice": beside("<a> <p:b> [ ] ] ."),
        "base-that-is-no-iri": beside("@base <:::> ."),
        "a-rule-of-n3": beside("{ <a> <p:b> 1 } => { <a> <p:c> 1 } ."),
        "too-many-triples": beside("<a> <p:b> " + ",".join(map(str, range(250_000))) + " ."),
        "too-long": beside("# nothing\n" * 1_000_000),
    }


def _ntriples(intact: bytes) -> dict[str, Callable[[], bytes]]:
    """How N-Triples and N-Quads break."""

    def beside(text: str) -> Callable[[], bytes]:
        return lambda: intact + text.encode()

    return {
        "prefixes": beside("@prefix ex: <p:> .\n"),
        "short-names": beside("ex:a ex:b ex:c .\n"),
        "number-without-quotes": beside("<p:a> <p:b> 1 .\n"),
        "relative-iri": beside("<a> <p:b> <c> .\n"),
        "no-full-stop": beside("<p:a> <p:b> <p:c>\n<p:a> <p:b> <p:c>\n"),
        "no-object": beside("<p:a> <p:b> .\n"),
        "five-terms": beside("<p:a> <p:b> <p:c> <p:d> <p:e> .\n"),
        "semicolon": beside("<p:a> <p:b> <p:c> ; <p:d> <p:e> .\n"),
        "anonymous-node": beside("<p:a> <p:b> [] .\n"),
        "text-as-subject": beside('"a" <p:b> <p:c> .\n'),
        "blank-node-as-predicate": beside("<p:a> _:b <p:c> .\n"),
        "text-not-closed": beside('<p:a> <p:b> "c .\n'),
        "line-break-in-a-text": beside('<p:a> <p:b> "c\nd" .\n'),
        "unknown-escape": beside('<p:a> <p:b> "\\q" .\n'),
        "iri-with-a-space": beside("<p:a b> <p:b> <p:c> .\n"),
        "iri-not-closed": beside("<p:a <p:b> <p:c> .\n"),
        "triples-in-triples": beside("<< <p:a> <p:b> " * 5000),
        "too-many-triples": lambda: intact + b"<p:a> <p:b> <p:c> .\n" * 250_000,
        "too-long": beside("# nothing\n" * 1_000_000),
    }


def _jsonld(intact: bytes) -> dict[str, Callable[[], bytes]]:
    """How linked data in JSON break beside what breaks any JSON."""

    def within(context: object, **more: object) -> Callable[[], bytes]:
        whole = {**json.loads(intact), **more}
        whole["@context"] = [whole["@context"], context]
        return lambda: json.dumps(whole).encode()

    nested: object = {}
    for _ in range(150):
        nested = {"required_software": nested}
    return _json(intact) | {
        "context-from-elsewhere": within("https://example.org/context.jsonld"),
        "context-from-a-file": within("../other.jsonld"),
        "context-imported": within({"@import": "https://example.org/context.jsonld"}),
        "context-is-a-number": within(7),
        "context-of-a-term-from-elsewhere": within({"x": {"@id": "p:x", "@context": "p:y"}}),
        "terms-that-define-each-other": within({"x": "y:z", "y": "x:z"}),
        "term-is-a-list": within({"x": []}),
        "keyword-redefined": within({"@id": "p:x"}),
        "version-of-tomorrow": within({"@version": 7}),
        "vocabulary-is-a-number": within({"@vocab": 7}),
        "base-is-a-list": within({"@base": []}),
        "many-terms-in-many-contexts": within(
            {f"x{n}": f"p:{n}" for n in range(5000)},
            **{"@graph": [{"@context": {"y": "p:y"}} for _ in range(5000)]},
        ),
        "chain-of-terms": within({f"x{n}": f"x{n + 1}:y" for n in range(5000)}),
        "identifier-is-a-number": within({}, **{"@id": 7}),
        "type-is-a-number": within({}, **{"@type": 7}),
        "value-of-two-kinds": within({}, y={"@value": 1, "@id": "p:x"}),
        "list-of-lists-as-value": within({}, y={"@value": [[1]]}),
        "parts-in-parts": within({}, required_software=nested),
    }


# -- tables ---------------------------------------------------------------------------------------


def _table(columns: Mapping[str, object], **options: object) -> bytes:
    stream = BytesIO()
    parquet.write_table(pa.table(columns), stream, **options)
    return stream.getvalue()


def _footer(change: Callable[[bytes], bytes]) -> bytes:
    """The intact Parquet file with another footer, whose length is right."""
    length = int.from_bytes(samples.PARQUET[-8:-4], "little")
    footer = change(samples.PARQUET[-8 - length : -8])
    return samples.PARQUET[: -8 - length] + footer + len(footer).to_bytes(4, "little") + b"PAR1"


def _records(number: bytes) -> bytes:
    """The intact Parquet file whose footer counts other records."""
    # Thrift writes the field after the schema, and zigzags the three records to a six.
    return _footer(lambda footer: footer.replace(b"\x16\x06\x19", b"\x16" + number + b"\x19"))


def _columns_twice() -> bytes:
    stream = BytesIO()
    column = pa.array([1, 2])
    parquet.write_table(pa.Table.from_arrays([column, column], names=["x", "x"]), stream)
    return stream.getvalue()


_PARQUET: Own = {
    "only-the-magic": lambda: b"PAR1",
    "only-the-magic-twice": lambda: b"PAR1PAR1",
    "no-magic-at-the-end": lambda: samples.PARQUET[:-4] + b"XXXX",
    "encrypted": lambda: samples.PARQUET[:-4] + b"PARE",
    "no-magic-at-the-beginning": lambda: b"XXXX" + samples.PARQUET[4:],
    "footer-longer-than-the-file": lambda: samples.PARQUET[:-8] + b"\xff\xff\xff\x7fPAR1",
    "footer-of-negative-length": lambda: samples.PARQUET[:-8] + b"\xff\xff\xff\xffPAR1",
    "footer-without-length": lambda: samples.PARQUET[:-8] + bytes(4) + b"PAR1",
    "footer-of-the-whole-file": lambda: (
        samples.PARQUET[:-8] + (len(samples.PARQUET) - 12).to_bytes(4, "little") + b"PAR1"
    ),
    "footer-of-noise": lambda: _footer(lambda footer: noise(len(footer))),
    "footer-of-zeros": lambda: _footer(lambda footer: bytes(len(footer))),
    "footer-cut-off": lambda: _footer(lambda footer: footer[: len(footer) // 2]),
    "footer-of-a-long-list": lambda: _footer(lambda _: b"\x15\x02\x19\xfc\xff\xff\xff\xff\x0f"),
    "footer-of-a-long-text": lambda: _footer(lambda _: b"\x15\x02\x18\xff\xff\xff\xff\x0f"),
    "footer-of-deep-structures": lambda: _footer(lambda _: b"\x1c" * MANY),
    "values-of-noise": lambda: samples.PARQUET[:4] + noise(300) + samples.PARQUET[304:],
    "values-of-zeros": lambda: samples.PARQUET[:4] + bytes(300) + samples.PARQUET[304:],
    "values-missing": lambda: samples.PARQUET[:4] + samples.PARQUET[300:],
    "more-records-than-values": lambda: _records(b"\xfe\xff\xff\xff\x0f"),
    "negative-records": lambda: _records(b"\x05"),
    "a-table-of-text": lambda: samples.CSV,
    "one-text-a-hundred-thousand-times": lambda: _table(
        {"x": pa.DictionaryArray.from_arrays(pa.array([0] * MANY, pa.int32()), ["x" * 10**6])}
    ),
    "text-of-a-hundred-megabytes": lambda: _table({"x": ["x" * 10**8]}, compression="zstd"),
    "columns-twice": _columns_twice,
    "too-many-columns": lambda: _table({f"x{n}": [n] for n in range(2500)}),
}


_CSV: Own = {
    **_replaced(
        parquet=samples.PARQUET,
        spreadsheet=b"PK\x03\x04\x14\x00\x06\x00" + noise(500),
        json='{"age": 34, "income": 41000.5}\n',
        json_in_a_list='[{"age": 34}]\n',
        xml='<?xml version="1.0"?>\n<rows/>\n',
        utf_16_cut_off=samples.CSV.decode().encode("utf-16")[:-1],
        columns_twice="age,age,plan\n1,2,x\n3,4,y\n",
        columns_without_names="age,,\n1,2,3\n",
        no_header="1,2.5,true\n3,4.5,false\n5,6.5,true\n",
        rows_too_long="a,b\n" + "1,2,3,4\n" * 10,
        rows_too_short="a,b,c\n" + "1\n" * 10,
        some_rows_too_long="a,b\n" + "1,2\n" * 10 + "1,2,3,4\n",
        long_column_name=f"{'x' * 5000},b\n1,2\n",
    ),
    "quote-not-closed": lambda: samples.CSV + b'1,"2,basic,2021-03-01,true\n' + samples.CSV,
    "quote-never-closed": lambda: samples.CSV + b'1,"' + b"x\n" * 2_000_000,
    "too-many-columns": lambda: b",".join(b"x%d" % n for n in range(3000)) + b"\n" + b"1," * 3000,
    "header-too-long": lambda: b"x," * 1_000_000,
    "value-too-long": lambda: samples.CSV + b"1," + b"x" * 3_000_000 + b",basic,2021-03-01,true\n",
    "nul-far-inside": lambda: samples.CSV + samples.CSV[30:] * 5000 + b"\0",
    "other-encoding-far-inside": lambda: (
        "größe,b\n".encode() + b"1,2\n" * 50_000 + "größe,b\n".encode("latin-1")
    ),
}


# -- stored objects -------------------------------------------------------------------------------


_PICKLE: Own = {
    "only-the-protocol": lambda: b"\x80\x04",
    "protocol-of-tomorrow": lambda: b"\x80\x99" + samples.PICKLE[2:20],
    "no-end": lambda: samples.PICKLE[:-1],
    "unknown-instruction": lambda: samples.PICKLE[:2] + b"\xff" + samples.PICKLE[2:],
    "text-longer-than-the-file": lambda: samples.PICKLE[:-1] + b"X\xff\xff\xff\x7fabc",
    "bytes-longer-than-the-file": lambda: samples.PICKLE[:-1] + b"\x8e" + b"\xff" * 8,
    "frame-longer-than-the-file": lambda: b"\x80\x04\x95" + b"\xff" * 7 + b"\x00",
    "a-note-of-nothing": lambda: b"\x80\x04h\x07",
    "a-class-of-nothing": lambda: b"\x80\x04\x93",
    "a-program": lambda: b"cos\nsystem\n(S'true'\ntR.",
    "an-expression": lambda: b"\x80\x02c__builtin__\neval\n(X\x01\x00\x00\x001tR.",
    "no-version": lambda: samples.PICKLE.replace(b"1.4.2", b"today"),
    "many-classes": lambda: b"\x80\x02" + b"".join(b"cm%d\nC\n0" % n for n in range(MANY)) + b"N.",
    "many-texts": lambda: b"\x80\x04" + b"\x8c\x03abc\x94" * (MANY * 5) + b".",
    "deep": lambda: b"\x80\x04" + b"]" * MANY,
    "zlib-cut-off": lambda: zlib.compress(samples.PICKLE)[:30],
    "zlib-broken": lambda: zlib.compress(samples.PICKLE)[:20] + noise(40),
    "gzip-cut-off": lambda: gzip.compress(samples.PICKLE, mtime=0)[:30],
    "gzip-of-zeros": lambda: gzip.compress(bytes(10**8), mtime=0),
    "bz2-broken": lambda: b"BZh9" + noise(100),
    "xz-broken": lambda: b"\xfd7zXZ\x00" + noise(100),
    "a-table": lambda: b"\x80\x04]\x94(K\x01K\x02e.",
    **_replaced(json='{"model": 1}\n', yaml="model: 1\n"),
}

_SKOPS: Own = {
    "no-schema": lambda: samples.skops(samples.SKOPS_SCHEMA, "other.json"),
    "schema-of-noise": lambda: samples.skops(noise(500)),
    "schema-is-empty": lambda: samples.skops(b""),
    "schema-is-a-list": lambda: samples.skops(b"[]"),
    "schema-without-class": lambda: samples.skops(b'{"content": {}}'),
    "schema-of-numbers": lambda: samples.skops(b'{"__class__": 1, "__module__": 2}'),
    "schema-nested": lambda: samples.skops(b'{"x": ' * 5000 + b"1" + b"}" * 5000),
    "schema-too-long": lambda: samples.skops(b" " * (20 << 20)),
    "no-version": lambda: samples.skops(samples.SKOPS_SCHEMA.replace(b"1.4.2", b"today")),
    "directory-missing": lambda: samples.SKOPS[:-30],
    "directory-of-zeros": lambda: samples.SKOPS[:-30] + bytes(30),
    "data-of-zeros": lambda: samples.SKOPS[:45] + bytes(40) + samples.SKOPS[85:],
    "data-of-noise": lambda: samples.SKOPS[:45] + noise(40) + samples.SKOPS[85:],
    "only-the-magic": lambda: b"PK\x03\x04",
    "another-way-of-packing": lambda: samples.SKOPS.replace(b"\x08\x00", b"\x63\x00"),
}


_ONNX: Own = {
    "no-graph": lambda: b"\x08\x08\x12\x07example",
    "no-release": lambda: samples.ONNX[2:],
    "graph-longer-than-the-file": lambda: b"\x08\x08\x3a\xff\xff\xff\x7f" + samples.ONNX_INPUT,
    "graph-of-endless-length": lambda: b"\x08\x08\x3a" + b"\xff" * 20,
    "graph-of-noise": lambda: samples.onnx(noise(100)),
    "graph-of-zeros": lambda: samples.onnx(bytes(100)),
    "field-without-number": lambda: samples.ONNX + b"\x02\x01x",
    "field-of-another-kind": lambda: samples.ONNX + b"\x0b",
    "number-without-end": lambda: samples.ONNX + b"\x08\xff",
    "number-too-long": lambda: samples.ONNX + b"\x08" + b"\xff" * 12,
    "input-without-name": lambda: samples.onnx(b"\x5a\x00"),
    "input-cut-off": lambda: samples.onnx(samples.ONNX_INPUT[:-3]),
    "too-many-inputs": lambda: b"\x08\x08\x3a\xd0\xe8\x0c" + b"\x5a\x03\n\x01x" * 41_984,
    "too-many-fields": lambda: b"\x08\x08" * 2_100_000,
    **_replaced(json='{"graph": {}}\n', text="a model\n"),
}


# -- the formats ----------------------------------------------------------------------------------

_WEB_PAGE = {"web-page": "nothing tells that it was a descriptor"}


_OF_CARDS = {
    "web-page": "Markdown may hold HTML",
    "cut-off": "a page may end anywhere",
    "front-matter-never-closed": "three dashes are a rule too",
    "values-of-no-kind": "they are passed over",
    **dict.fromkeys(
        [
            *("brackets-never-closed", "stars-never-closed", "comments-never-closed"),
            *("quotes-in-quotes", "cells-without-end", "rows-without-end", "fence-never-closed"),
            *("shares-without-end",),
        ],
        "only its cost is of interest",
    ),
}


def _within_the_front_matter(make: Callable[[], bytes]) -> bytes:
    """A card whose front matter is the broken file."""
    return b"---\n" + make() + b"\n---\n\n# Model Card for Churn\n"


FORMATS = [
    Format(
        "descriptor-yaml",
        "descriptors/trained-model.yaml",
        samples.DESCRIPTOR,
        b"required_memory: 1.5",
        _yaml(samples.DESCRIPTOR)
        | _replaced(
            too_many_values=samples.DESCRIPTOR + b"x: [" + b"0, " * 300_000 + b"]\n",
            a_list_of_texts="- element: TrainedModel\n- text\n",
            an_unknown_element="element: TrainedModle\nname: x\n",
            an_attribute_of_another="element: TrainedModel\navailable_memory: 8 GB\n",
            a_list_for_a_size="element: TrainedModel\nrequired_memory: [[1 GB]]\n",
            a_mapping_for_a_name="element: TrainedModel\nname: {a: b}\n",
            a_number_for_a_part="element: TrainedModel\ninputs: [[1]]\n",
            an_unknown_role="element: TrainedModel\nstated_by: [nobody]\n",
        ),
        _WEB_PAGE,
    ),
    Format(
        "descriptor-json",
        "descriptors/trained-model.json",
        samples.DESCRIPTOR_JSON,
        b'"required_mem',
        _json(samples.DESCRIPTOR_JSON)
        | _replaced(
            a_size_without_unit='{"element": "TrainedModel", "required_memory": "much"}',
            a_number_for_a_part='{"element": "TrainedModel", "inputs": [[1]]}',
            an_attribute_of_another='{"element": "TrainedModel", "available_memory": "8 GB"}',
            an_infinite_size='{"element": "TrainedModel", "required_memory": Infinity}',
        ),
    ),
    Format(
        "turtle",
        "churn.ttl",
        samples.TURTLE,
        b"mm:requiredSoft",
        _turtle(samples.TURTLE)
        | {"a-graph": lambda: samples.TURTLE + b"<g> { <a> <p:b> 1 }"}
        | {"xml": lambda: b"<rdf:RDF xmlns:mm='https://w3id.org/ml-mismatch/'/>"},
        _WEB_PAGE,
    ),
    Format(
        "trig",
        "churn.trig",
        samples.TRIG,
        b"mm:numberOf",
        _turtle(samples.TRIG)
        | {"graph-never-closed": lambda: samples.TRIG + b"<g> { <a> <p:b> 1"}
        | {"graph-in-a-graph": lambda: samples.TRIG + b"<g> { <h> { <a> <p:b> 1 } }"}
        | {"text-as-graph": lambda: samples.TRIG + b'"g" { <a> <p:b> 1 }'},
        _WEB_PAGE,
    ),
    Format(
        "n-triples",
        "churn.nt",
        samples.NTRIPLES,
        b"requiredSoft",
        _ntriples(samples.NTRIPLES)
        | {"graph": lambda: samples.NTRIPLES + b"<p:a> <p:b> <p:c> <p:d> .\n"},
        _WEB_PAGE,
    ),
    Format(
        "n-quads",
        "churn.nq",
        samples.NQUADS,
        b"requiredSoft",
        _ntriples(samples.NQUADS)
        | {"text-as-graph": lambda: samples.NQUADS + b'<p:a> <p:b> <p:c> "d" .\n'},
        _WEB_PAGE,
    ),
    Format(
        "json-ld",
        "churn.jsonld",
        samples.JSONLD,
        b'"required_mem',
        _jsonld(samples.JSONLD),
        _WEB_PAGE,
    ),
    Format(
        "sei",
        "production_environment.json",
        samples.SEI,
        b'"computing_res',
        _json(samples.SEI)
        | _replaced(
            too_many_values=samples.SEI.replace(b"1,", b"[" + b"0, " * 300_000 + b"0],"),
            a_list_for_a_text='{"version": "1.2", "deployment_platform": [["Kubernetes"]]}',
            words_for_numbers='{"version": "1.2", "computing_resources": {"cpu": "many"}}',
            a_text_for_a_group='{"version": "1.2", "computing_resources": "many"}',
        ),
    ),
    Format(
        "mlmodel",
        "model/MLmodel",
        samples.MLMODEL,
        b"flavors:\n  python_function:\n    en",
        _yaml(samples.MLMODEL)
        | _replaced(
            a_list="- flavors\n",
            a_text="a model\n",
            flavors_that_are_a_list="flavors: [sklearn]\n",
            no_flavors="run_id: 0a1b\n",
            a_signature_that_is_a_text="flavors: {}\nsignature: none\n",
            inputs_that_are_no_json="flavors: {}\nsignature: {inputs: '[{'}\n",
            inputs_that_are_no_list="flavors: {}\nsignature: {inputs: '{}'}\n",
            inputs_that_are_numbers="flavors: {}\nsignature: {inputs: '[1, 2]'}\n",
            inputs_nested=f"flavors: {{}}\nsignature: {{inputs: '{'[' * 5000}'}}\n",
            flavours_that_are_texts="flavors: {sklearn: yes}\n",
            a_version_that_is_a_list="flavors: {sklearn: {sklearn_version: [1, [2]]}}\n",
        ),
    ),
    Format(
        "conda",
        "model/conda.yaml",
        samples.CONDA,
        b"  - conda-forge\ndep",
        _yaml(samples.CONDA)
        | _replaced(
            a_list="- numpy\n",
            dependencies_that_are_a_text="dependencies: numpy\n",
            dependencies_missing="name: churn\n",
            pip_beside_the_dependencies="dependencies: [python]\npip: [numpy]\n",
            pip_that_is_a_text="dependencies: [pip: numpy]\n",
            no_package="dependencies: ['???', '=1.2']\n",
            lists_as_packages="dependencies: [[numpy]]\n",
            no_version="dependencies: ['numpy >=one']\n",
        ),
    ),
    Format(
        "python-env",
        "model/python_env.yaml",
        samples.PYTHON_ENV,
        b"build_dependencies:\n  - pip==23.3\ndep",
        _yaml(samples.PYTHON_ENV)
        | _replaced(
            a_list="- numpy\n",
            no_requirement="dependencies: ['???']\n",
            lists_as_packages="dependencies: [[numpy]]\n",
        ),
    ),
    Format(
        "requirements",
        "requirements.txt",
        samples.REQUIREMENTS,
        b"uvicorn[stan",
        _replaced(
            one_equals_sign="numpy=1.26.4\n",
            version_missing="numpy==\n",
            no_version="numpy>=one\n",
            versions_without_comma="numpy>=1 <2\n",
            two_on_a_line="numpy pandas\n",
            bracket_not_closed="uvicorn[standard\n",
            signs="???\n",
            a_caret="numpy^1.2\n",
            code="import numpy\n",
            yaml="dependencies:\n  - numpy\n",
            toml='[packages]\nnumpy = "*"\n',
            json='{"numpy": "1.26"}\n',
            error_of_a_shell="bash: pip: command not found\n",
            too_many_packages="".join(f"x{n}\n" for n in range(60_000)),
            too_long=f"# {'x' * 100}\n" * MANY,
            endless_continuation="numpy \\\n" * MANY,
            brackets_nested=f"numpy{'[' * 1900}\n",
            opened_markers=f"numpy ; {'(' * 1900}\n",
            long_version=f"numpy=={'1.' * 900}\n",
        ),
        {"opened-markers": "what it depends on is passed over, not judged"},
    ),
    Format(
        "pyproject",
        "pyproject.toml",
        samples.PYPROJECT,
        b'"scikit-learn==1.4',
        _toml(samples.PYPROJECT)
        | _replaced(
            dependencies_that_are_a_text='[project]\ndependencies = "numpy"\n',
            no_requirement='[project]\ndependencies = ["???"]\n',
            no_version='[project]\nrequires-python = "of today"\n',
            numbers_as_versions="[tool.poetry.dependencies]\nnumpy = 1.26\n",
        ),
    ),
    Format(
        "pipfile",
        "Pipfile",
        samples.PIPFILE,
        b'scikit-learn = "==1',
        _toml(samples.PIPFILE)
        | _replaced(
            numbers_as_versions="[packages]\nnumpy = 1.26\n",
            no_version='[packages]\nnumpy = "of today"\n',
        ),
    ),
    Format(
        "pipfile-lock",
        "Pipfile.lock",
        samples.PIPFILE_LOCK,
        b'"scikit-learn": {"ha',
        _json(samples.PIPFILE_LOCK)
        | _replaced(
            too_many_values=samples.PIPFILE_LOCK.replace(b"[]", b"[" + b"{}, " * 500_000 + b"0]"),
            list="[]",
            nothing="null",
            locks_nothing="{}",
            no_version='{"default": {"numpy": {"version": "==of today"}}}',
        ),
    ),
    Format(
        "pixi",
        "pixi.toml",
        samples.PIXI,
        b'python = "3.',
        _toml(samples.PIXI) | _replaced(numbers_as_versions="[dependencies]\nnumpy = 1.26\n"),
    ),
    Format(
        "poetry-lock",
        "poetry.lock",
        samples.POETRY_LOCK,
        b'version = "1.',
        _replaced(
            of_no_package='name = "x"\n',
            a_package_without_name='[[package]]\nversion = "1"\n[metadata]\nlock-version = "2"\n',
            no_version=samples.POETRY_LOCK.replace(b"1.4.2", b"of today"),
            json='{"package": []}\n',
            yaml="package:\n  - name: x\n",
            too_many_packages="".join(f'[[package]]\nname = "x{n}"\n' for n in range(60_000)),
            too_long=samples.POETRY_LOCK + b"# nothing\n" * 4_000_000,
        ),
    ),
    Format(
        "uv-lock",
        "uv.lock",
        samples.UV_LOCK,
        b'name = "scikit-learn"\nversion = "1.',
        _replaced(
            of_no_package='name = "x"\n',
            list_never_closed=samples.UV_LOCK + b"wheels = [\n",
            a_package_without_name='version = 1\n[[package]]\nversion = "1"\n',
            no_version=samples.UV_LOCK.replace(b"1.4.2", b"of today"),
            json='{"package": []}\n',
            too_long=samples.UV_LOCK + b"# nothing\n" * 4_000_000,
        ),
    ),
    Format(
        "conda-lock",
        "conda-lock.yml",
        samples.CONDA_LOCK,
        b"- linux-64\npackage",
        _yaml(samples.CONDA_LOCK)
        | _replaced(
            too_many_values=samples.CONDA_LOCK + b"x:\n" + b"- a: b\n" * 200_000,
            packages_that_are_a_text="package: numpy\n",
            a_package_without_name="package: [{version: 1}]\n",
            numbers_as_packages="package: [1, 2]\n",
        ),
        {"too-long": "it may be longer"},
    ),
    Format(
        "dockerfile",
        "Dockerfile",
        samples.DOCKERFILE,
        b"AS build\nWORKDIR /app\nENV PIP_NO_CACHE_DIR=1\nCO",
        _replaced(
            no_from="RUN pip install numpy\n",
            no_image="FROM\n",
            an_unknown_instruction="FROM python:3.11\nINSTALL numpy\n",
            yaml="services:\n  api:\n    image: python\n",
            code="import os\nprint(os.environ)\n",
            comments_only="# FROM python:3.11\n",
            a_redirection="FROM python:3.11\nRUN pip install numpy>=1.26\n",
            too_long="FROM python:3.11\n" + f"# {'x' * 100}\n" * MANY,
            long_image=f"FROM {'x' * 1000}\n",
            a_version_that_is_none="FROM python:3.11\nRUN pip install 'numpy==of today'\n",
            here_document_never_closed="FROM python:3.11\nRUN <<EOF\npip install numpy\n",
            variables_that_double="FROM python:3.11\nENV A=xxxxxxxxxx\n" + "ENV A=$A$A\n" * 60,
            stages_that_double="FROM python:3.11 AS s0\nRUN pip install numpy\n"
            + "".join(
                f"FROM python:3.11 AS s{n}\nCOPY --from=s{n - 1} / /\nCOPY --from=s{n - 1} / /\n"
                for n in range(1, 60)
            ),
            copies_that_double="FROM python:3.11 AS s0\nCOPY model /x/model\n"
            + "".join(
                f"FROM python:3.11 AS s{n}\nCOPY --from=s{n - 1} /x /x/y /x/\n"
                for n in range(1, 60)
            ),
            nested_variables="FROM python:3.11\nENV A=" + "${A:-" * 50_000 + "\n",
            substitutions="FROM python:3.11\nRUN echo " + "$(" * 50_000 + "\n",
        ),
        dict.fromkeys(
            ["variables-that-double", "copies-that-double", "nested-variables", "substitutions"],
            "only its cost is of interest",
        ),
    ),
    Format(
        "compose",
        "compose.yaml",
        samples.COMPOSE,
        b"    mem_limit: 512m\n    cpu",
        _yaml(samples.COMPOSE)
        | _replaced(
            a_list="- services\n",
            no_services="volumes: {}\n",
            services_that_are_a_list="services: [api]\n",
            a_size_that_is_none="services: {api: {mem_limit: much}}\n",
        ),
    ),
    Format(
        "kubernetes",
        "deployment.yaml",
        samples.KUBERNETES,
        b"metadata:\n  name: churn\nsp",
        _yaml(samples.KUBERNETES)
        | _replaced(
            no_containers="apiVersion: v1\nkind: Pod\nspec: {}\n",
            containers_that_are_a_text="apiVersion: v1\nkind: Pod\nspec: {containers: api}\n",
            a_size_that_is_none="apiVersion: v1\nkind: Pod\nspec: {containers: [{image: python, "
            "resources: {limits: {memory: much}}}]}\n",
        ),
        _UNKNOWN,
    ),
    Format(
        "json-lines",
        "data/train.jsonl",
        samples.JSON_LINES,
        b'{"age": 51, "inc',
        _replaced(
            numbers="1\n2\n3\n",
            one_list=b"[" + samples.JSON_LINES.strip().replace(b"\n", b",\n") + b"]",
            half_of_the_lines=b'{"age": 1\n{"age": 2}\n' * 50,
            keys_without_quotes="{age: 1}\n",
            lists_never_closed=samples.JSON_LINES + b'{"age": ' + b"[" * MANY + b"\n",
            objects_in_objects=samples.JSON_LINES + b'{"age": ' * MANY + b"\n",
            a_long_number=samples.JSON_LINES + b'{"age": ' + b"9" * 5000 + b"}\n",
            a_record_without_end=samples.JSON_LINES + b'{"age": "' + b"x" * (2 << 20) + b'"}\n',
            parquet=samples.PARQUET,
        )
        | {
            "a-key-a-record": lambda: (
                b"".join(b'{"key %d": 1}\n' % number for number in range(5000)) + b"{\n"
            ),
        },
    ),
    Format(
        "croissant",
        "croissant.json",
        samples.CROISSANT,
        b'"recordSet": [{"@',
        _json(samples.CROISSANT)
        | _replaced(
            no_data_set=samples.CROISSANT.replace(b"sc:Dataset", b"sc:Person"),
            of_another_kind=samples.CROISSANT.replace(b"sc:Dataset", b"cr:Dataset"),
            no_prefix=samples.CROISSANT.replace(b'"sc": ', b'"schema": '),
            no_version=samples.CROISSANT.replace(b"conformsTo", b"follows"),
            a_context_of_nonsense=samples.CROISSANT.replace(b'"cr:field"', b'{"@id": 7}'),
            a_context_of_its_own=samples.CROISSANT.replace(b'"cr:field"', b'"field:field"'),
            names_that_are_lists=samples.CROISSANT.replace(b'"@id": "r",', b'"@id": ["r"],'),
            a_size_of_nothing=samples.CROISSANT.replace(
                b'"https://example.org/t.csv"', b'"t.csv", "contentSize": "many"'
            ),
        ),
        _WEB_PAGE,
    ),
    Format(
        "frictionless",
        "datapackage.json",
        samples.FRICTIONLESS,
        b'"path": "data/tr',
        _json(samples.FRICTIONLESS)
        | _replaced(
            a_list="[]",
            no_resources='{"name": "churn"}',
            resources_that_are_texts='{"resources": ["a", "b"]}',
            fields_that_are_texts='{"fields": ["a", "b"]}',
            a_schema_without_fields='{"path": "a.csv", "schema": {}}',
        ),
    ),
    Format(
        "great-expectations",
        "gx/expectations/churn.json",
        samples.EXPECTATIONS,
        b'"kwargs": {"col',
        _json(samples.EXPECTATIONS)
        | _replaced(
            no_expectations='{"expectation_suite_name": "x", "expectations": []}',
            expectations_that_are_texts='{"expectations": ["expect", "more"]}',
            an_expectation_without_type='{"expectations": [{"kwargs": {}}]}',
            a_list='[{"expectations": []}]',
        ),
        _WEB_PAGE,
    ),
    Format(
        "evidently",
        "reports/drift.json",
        samples.EVIDENTLY,
        b'"metric_id": "MinV',
        _json(samples.EVIDENTLY)
        | _replaced(
            metrics_that_are_a_text='{"metrics": "metric", "metric_id": "RowCount()"}',
            a_list='[{"metric_id": "RowCount()"}]',
        ),
        {d.name: "nothing tells that it was a report" for d in DAMAGES if d.whole}
        | {"cut-off-in-a-wide-character": "nothing tells that it was a report"},
    ),
    Format(
        "dvc",
        "dvc.yaml",
        samples.DVC,
        b"stages:\n  train:\n    cm",
        _yaml(samples.DVC)
        | _replaced(
            a_list="- stages\n",
            a_text="stages\n",
            stages_that_are_a_list="stages: [train]\n",
            a_stage_that_is_a_text="stages: {train: python train.py}\n",
            a_stage_without_command="stages: {train: {deps: [train.py]}}\n",
            a_command_that_is_filled_in="stages: {train: {cmd: 'python ${script}'}}\n",
        ),
        {"a-command-that-is-filled-in": "DVC fills it in"},
    ),
    Format(
        "dvc-lock",
        "dvc.lock",
        samples.DVC_LOCK,
        b"stages:\n  train:\n    cm",
        _yaml(samples.DVC_LOCK)
        | _replaced(
            a_list="- stages\n",
            stages_that_are_a_list="schema: '2.0'\nstages: [train]\n",
            a_run_that_is_a_text="schema: '2.0'\nstages: {train: done}\n",
            a_run_without_command="schema: '2.0'\nstages: {train: {}}\n",
            files_that_are_a_text="schema: '2.0'\nstages: {train: {cmd: a, deps: b}}\n",
            files_without_a_path="schema: '2.0'\nstages: {train: {cmd: a, deps: [{size: 1}]}}\n",
            no_digest=samples.DVC_LOCK.replace(b"37a7", b"of today"),
            no_size=samples.DVC_LOCK.replace(b"1729", b"large"),
            an_endless_size=samples.DVC_LOCK.replace(b"1729", b"9" * 300),
        ),
    ),
    Format(
        "dvc-file",
        "train.csv.dvc",
        samples.DVC_FILE,
        b"outs:\n- md5: 0b",
        _yaml(samples.DVC_FILE)
        | _replaced(
            a_list="- outs\n",
            no_files="frozen: true\n",
            files_that_are_a_text="outs: train.csv\n",
            files_without_a_path="outs: [{md5: 0beb88d13295d0158f3e8285fc6e7d33}]\n",
            no_digest="outs: [{md5: of today, path: a.csv}]\n",
            no_size="outs: [{size: -1, path: a.csv}]\n",
        ),
    ),
    Format(
        "kserve",
        "service.yaml",
        samples.INFERENCE_SERVICE,
        b"metadata:\n  name: churn\nsp",
        _yaml(samples.INFERENCE_SERVICE)
        | _replaced(
            no_predictor="apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\n",
            a_size_that_is_none="apiVersion: serving.kserve.io/v1alpha1\nkind: TrainedModel\n"
            "spec: {model: {memory: much}}\n",
        ),
        _UNKNOWN,
    ),
    Format(
        "workflow",
        ".github/workflows/test.yml",
        samples.WORKFLOW,
        b'python-version: "3',
        _yaml(samples.WORKFLOW)
        | _replaced(
            a_list="- jobs\n",
            a_package_that_is_none="jobs: {a: {steps: [{run: pip install '@@'}]}}\n",
            an_image_that_is_none="a: {image: ' :: '}\n",
        ),
        {"endless-line": "a version may be called anything"},
    ),
    Format(
        "azureml",
        "deployment.yml",
        samples.AZUREML,
        b"name: blue\nend",
        _yaml(samples.AZUREML)
        | _replaced(
            an_image_that_is_none=samples.AZUREML.replace(b"python:3.11-slim", b"': :'"),
            a_size_that_is_none=samples.AZUREML + b"resources: {limits: {memory: much}}\n",
            a_component_without_name=samples.AZUREML.split(b"managed")[0]
            + b"commandComponent.schema.json\ninputs: {}\n",
        ),
        _UNKNOWN,
    ),
    Format(
        "prometheus",
        "prometheus.yml",
        samples.PROMETHEUS,
        b"- job_name: api\n    st",
        _yaml(samples.PROMETHEUS)
        | _replaced(
            jobs_that_are_a_text="scrape_configs: api\n",
            groups_that_are_a_text=samples.PROMETHEUS.split(b"groups")[0] + b"groups: model\n",
        ),
        _UNKNOWN,
    ),
    Format(
        "grafana",
        "dashboard.json",
        samples.GRAFANA,
        b'"datasource": "prom',
        _json(samples.GRAFANA) | _replaced(a_list='[{"panels": [{"datasource": "x"}]}]'),
        {
            "endless-line": "a source may be called anything",
            **_UNKNOWN,
        },
    ),
    Format(
        "openapi",
        "openapi.yaml",
        samples.OPENAPI,
        b"info: {title: churn, ver",
        _yaml(samples.OPENAPI)
        | _replaced(
            no_paths="openapi: 3.0.3\n",
            paths_that_are_a_list="openapi: 3.0.3\npaths: [/predict]\n",
            a_version_alone="openapi: 3.1.0\npaths:\n",
        ),
        _UNKNOWN,
    ),
    Format(
        "helm",
        "chart/values.yaml",
        samples.HELM,
        b'tag: "1',
        _yaml(samples.HELM)
        | _replaced(
            a_list="- image: x\n",
            a_size_that_is_none="image: x\nresources: {limits: {memory: much}}\n",
            a_name_that_is_none="image: {repository: '..//::x y'}\n",
        ),
        {"web-page": "any text may be a value"},
    ),
    Format(
        "request-sample",
        "input_example.json",
        samples.REQUEST_SAMPLE,
        b'"columns": ["ag',
        _json(samples.REQUEST_SAMPLE)
        | _replaced(
            nothing_sent='{"instances": []}',
            a_text_sent='{"instances": "rows"}',
            columns_that_are_a_text='{"dataframe_split": {"columns": "age", "data": [[1]]}}',
            rows_too_long='{"dataframe_split": {"columns": ["age"], "data": [[1, 2]]}}',
            a_number_for_data='{"dataframe_split": {"columns": ["age"], "data": 7}}',
        ),
    ),
    Format(
        "mlflow-meta",
        "mlruns/0/0a1b2c3d4e5f60718293a4b5c6d7e8f9/meta.yaml",
        samples.MLFLOW_META,
        b"end_time: 1689541454814\nexp",
        _yaml(samples.MLFLOW_META)
        | _replaced(
            a_list="- end_time\n",
            a_text="the end\n",
            an_endless_time="end_time: " + "9" * 40 + "\n",
        ),
    ),
    Format(
        "mlflow-metric",
        "mlruns/0/0a1b2c3d4e5f60718293a4b5c6d7e8f9/metrics/accuracy",
        samples.MLFLOW_METRIC,
        b"1689541451000 0.74 2\n16895",
        _replaced(
            a_word="good\n",
            a_time_alone="1689541450000\n",
            a_value_that_is_a_word="1689541450000 good 0\n",
            a_hexadecimal_value="1689541450000 0x1p3 0\n",
            json='{"accuracy": 0.83}\n',
            commas="1689541450000,0.83,0\n",
            a_decimal_comma="1689541450000 0,83 0\n",
            a_step_that_is_a_word=samples.MLFLOW_METRIC + b"1689541453000 0.8 last\n",
            a_mark_and_no_text=b"\x00\x00\xfe\xff",
            too_long="1689541450000 0.61 1\n" * (MANY * 5),
        ),
        {"a-step-that-is-a-word": "newer releases write more behind the value"},
    ),
    Format(
        "pickle",
        "model.pkl",
        samples.PICKLE,
        samples.PICKLE[:60],
        _PICKLE,
        {
            "packed": "joblib packs, too",
            "nuls-at-the-end": "nothing behind the end is read",
            "noise-at-the-end": "nothing behind the end is read",
            "sparse-end": "nothing behind the end is read",
            "many-classes": "only its cost is of interest",
            "many-texts": "only its cost is of interest",
            "a-table": "it is no model",
        },
    ),
    Format(
        "skops",
        "model.skops",
        samples.SKOPS,
        samples.SKOPS[:70],
        _SKOPS,
        {"noise-at-the-end": "the archive is whole", "nuls-at-the-end": "the archive is whole"},
    ),
    Format(
        "onnx",
        "model.onnx",
        samples.ONNX,
        samples.ONNX[:20],
        _ONNX,
        {"surrogate": "a text may be broken"},
    ),
    Format(
        "emissions",
        "emissions.csv",
        samples.EMISSIONS,
        samples.EMISSIONS[:140],
        _replaced(
            no_run=samples.EMISSIONS.partition(b"\n")[0],
            no_version=samples.EMISSIONS.replace(b"3.11.9", b"of today"),
            a_whole_number=samples.EMISSIONS.replace(b"3.11.9", b"3"),
            an_endless_version=samples.EMISSIONS.replace(b"3.11.9", b"9" * 300 + b".1"),
            a_row_too_short=samples.EMISSIONS + b"2025-03-03T10:00:00,churn\n",
            a_row_too_long=samples.EMISSIONS + b"," * 40 + b"\n",
            too_long=samples.EMISSIONS + samples.EMISSIONS.splitlines()[1] * 200_000,
        ),
        {
            "escape-sequence": "a cell may hold any sign",
            "surrogate": "the cell is not read",
            "two-encodings": "the cell is not read",
        },
    ),
    Format(
        "csv",
        "train.csv",
        samples.CSV,
        b"51,,p",
        _CSV,
        {"escape-sequence": "a cell may hold any sign"},
    ),
    Format(
        "card",
        "README.md",
        samples.CARD,
        b"library_name: skl",
        {
            f"front-matter-{name}": partial(_within_the_front_matter, make)
            for name, make in _yaml(b"library_name: sklearn\n").items()
        }
        | _replaced(
            a_list="---\n- mit\n---\n# Card\n",
            a_template="---\nlicense: {license}\n---\n# Card\n",
            a_template_of_jinja="---\nlicense: {{ license }}\n---\n# Card\n",
            front_matter_never_closed="---\nlicense: mit\n# Card\n",
            values_of_no_kind="---\nlicense: [[1]]\nmodel-index: {a: 1}\ndatasets: [1, {b: c}]\n"
            "library_name: 1.5\ndataset_info: {features: {a: b}, splits: [1]}\n---\n",
            brackets_never_closed="[" * MANY,
            stars_never_closed="*" * MANY,
            comments_never_closed="<!--" * MANY,
            quotes_in_quotes="> " * (MANY // 4),
            cells_without_end="|" * (MANY - 1),
            rows_without_end="|a|b|\n|-|-|\n" + "|1|2|\n" * MANY,
            fence_never_closed="# Card\n```\n" + "| a |\n" * MANY,
            shares_without_end="split " + "10 % of test " * (MANY // 20),
            too_long=f"# {'x' * 100}\n" * MANY,
        ),
        _OF_CARDS,
    ),
    Format(
        "metrics",
        "metrics.json",
        samples.METRICS,
        b'"accuracy": 0.9',
        _json(samples.METRICS)
        | _replaced(
            results_that_are_texts='{"accuracy": 0.9, "f1": "high", "recall": {"value": "x"}}',
            numbers_that_are_none='{"accuracy": NaN, "recall": 1}',
            classes_without_end='{"accuracy": 0.9'
            + "".join(f', "{n}": {{"recall": 1, "support": 2}}' for n in range(20_000))
            + "}",
            splits_in_splits='{"accuracy": 0.9, "x": ' + '{"test": ' * 90 + "1" + "}" * 91,
        ),
        _UNKNOWN
        | {
            "classes-without-end": "only its cost is of interest",
            "splits-in-splits": "only its cost is of interest",
            "too-long": "it may be longer",
        },
    ),
    Format(
        "classification-report",
        "report.txt",
        samples.REPORT,
        b"        left       0.9",
        _replaced(
            a_header_alone="   precision    recall  f1-score   support\n",
            numbers_that_are_none=samples.REPORT.replace(b"0.91 ", b"0.9.1"),
            rows_without_end=samples.REPORT + b"  a  0.1  0.2  0.3  4\n" * MANY,
            lines_without_end=samples.REPORT + b"accuracy: 0.5\n" * MANY,
            spaces_without_end=samples.REPORT + b" " * 99_000 + b"x\n",
            dots_without_end=samples.REPORT + b"a  " + b"." * 90_000 + b"  1\n",
        ),
        _UNKNOWN
        | dict.fromkeys(
            ["cut-off", "escape-sequence", "merge-conflict"], "a line may hold any sign"
        )
        | dict.fromkeys(
            [f"{kind}-without-end" for kind in ("rows", "lines", "spaces", "dots")],
            "only its cost is of interest",
        ),
    ),
    Format(
        "fair4ml",
        "fair4ml-churn.json",
        samples.FAIR4ML,
        b'"library": "scikit-le',
        _json(samples.FAIR4ML)
        | _replaced(
            a_list="[]",
            no_version='{"software": {"library": "numpy", "version": "of today"}}',
            no_requirement='{"softwareRequirements": ["???", "numpy==of today"]}',
            results_that_are_texts='{"evaluation": "good"}',
            values_of_no_kind='{"name": [1], "license": [[]], "features": {"a": 1}, "target": 3, '
            '"software": [1], "hyperparameters": 5, "trained_on": [null], "evaluation": "x"}',
        ),
        {"endless-line": "what is longer than any name is passed over"},
    ),
    Format(
        "mlte",
        "card.default.json",
        samples.MLTE,
        b'"task": "Tell lea',
        _json(samples.MLTE)
        | _replaced(
            no_body='{"artifact_type": "card"}',
            a_body_that_is_a_list='{"artifact_type": "card", "body": []}',
            sides_that_are_texts='{"artifact_type": "card", "system": "x", "data": "y"}',
            items_of_no_kind='{"artifact_type": "card", "system": {"goals": [1, []], "risks": 3}, '
            '"data": [[]], "model": {"input_specification": {"name": "a"}}}',
            no_amount='{"artifact_type": "card", "model": {"production_compute_resources": '
            '{"cpu": "many", "main_memory": 7, "storage": ["1 GB"], "gpu": "9" }}}',
        ),
        _UNKNOWN
        | {
            "no-amount": "what is no amount is passed over",
            "endless-line": "a text that is too long is passed over",
        },
    ),
    Format(
        "cyclonedx",
        "model.cdx.json",
        samples.CYCLONEDX,
        b'"name": "chu',
        _json(samples.CYCLONEDX)
        | _replaced(
            components_that_are_an_object='{"bomFormat": "CycloneDX", "components": {}}',
            components_that_are_texts='{"bomFormat": "CycloneDX", "components": ["a", [1]]}',
            values_of_no_kind='{"bomFormat": "CycloneDX", "metadata": [], "components": [{"type": '
            '"machine-learning-model", "name": [1], "version": {}, "licenses": {"license": 1}, '
            '"hashes": ["x", {"alg": 1}], "modelCard": {"modelParameters": {"datasets": [1, []]}, '
            '"quantitativeAnalysis": {"performanceMetrics": [1, {}]}, "considerations": "x"}}, '
            '{"type": "data", "name": 1, "data": [[], {"sensitiveData": {}}]}]}',
            components_in_components='{"bomFormat": "CycloneDX", "components": '
            + '[{"type": "data", "components": ' * 50
            + "0"
            + "}]" * 50
            + "}",
        ),
        _UNKNOWN
        | {
            "endless-line": "a text that is too long is passed over",
            "components-in-components": "what lies too deep is not looked into",
        },
    ),
    Format(
        "spdx",
        "bom.spdx3.json",
        samples.SPDX,
        b'"name": "chu',
        _json(samples.SPDX)
        | _replaced(
            no_graph='{"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"}',
            elements_that_are_texts='{"@context": "https://spdx.org/rdf/3.0.1/x", "@graph": ["a"]}',
            values_of_no_kind='{"@context": "https://spdx.org/rdf/3.0.1/x", "@graph": [[], '
            '{"type": ["ai_AIPackage"], "spdxId": 1}, '
            '{"type": "ai_AIPackage", "spdxId": [2], "name": {}, '
            '"ai_metric": [1, {"key": 2}], "ai_typeOfModel": [3, {}], "verifiedUsing": [{}, 4]}, '
            '{"type": "Relationship", "relationshipType": "trainedOn", "from": "", '
            '"to": [[], 5]}]}',
        ),
        _UNKNOWN | {"endless-line": "a text that is too long is passed over"},
    ),
    Format(
        "model-card-toolkit",
        "card.json",
        samples.MODEL_CARD_TOOLKIT,
        b'"description": "Priv',
        _json(samples.MODEL_CARD_TOOLKIT)
        | _replaced(
            results_of_no_kind='{"model_details": {"name": [1], "version": "1", "licenses": [[]]}, '
            '"model_parameters": {"data": [1, {"name": 2}]}, "quantitative_analysis": '
            '{"performance_metrics": [3, {"type": "F1"}]}, "considerations": {"users": 4}}',
            keys_twice='{"model_details": {"name": "a", "name": "b"}}',
        ),
        _UNKNOWN | {"endless-line": "a text that is too long is passed over"},
    ),
    Format(
        "factsheets",
        "payload.json",
        samples.FACTSHEETS,
        b'"name": "Cre',
        _json(samples.FACTSHEETS)
        | _replaced(
            no_fields='{"schemas": {"input": [{"type": "struct", "fields": {"name": "a"}}]}}',
            fields_of_no_kind='{"schemas": {"input": [{"fields": ["name", [1], {"name": 2}, '
            '{"name": ""}, {"name": "a", "type": 3, "nullable": "x", "metadata": []}]}]}}',
            a_schema_that_is_a_text='{"schemas": {"input": [{"fields": [], "name": 1}], '
            '"output": "x"}}',
        ),
        dict.fromkeys(
            [*(damage.name for damage in DAMAGES if damage.whole), "cut-off"],
            "nothing tells that it was one",
        )
        | {"endless-line": "a text that is too long is passed over"},
    ),
    Format(
        "codemeta",
        "codemeta.json",
        samples.CODEMETA,
        b'"numpy==1.2',
        _json(samples.CODEMETA)
        | _replaced(
            a_list="[]",
            no_version='{"softwareRequirements": [{"name": "numpy", "version": ">=of today"}]}',
            no_requirement='{"softwareRequirements": ["???"]}',
            texts_without_end='{"softwareRequirements": ["???", "' + "a " * 50_000 + '"]}',
        ),
        {"endless-line": "what is longer than any name is passed over"},
    ),
    Format(
        "ro-crate",
        "ro-crate-metadata.json",
        samples.RO_CRATE,
        b'"name": "tor',
        _json(samples.RO_CRATE)
        | _replaced(
            a_list="[]",
            a_graph_that_is_an_object='{"@graph": {}}',
            things_that_are_texts='{"@graph": ["a", ["b"]]}',
            no_version='{"@graph": [{"@type": "SoftwareApplication", "name": "numpy", '
            '"version": ">=of today"}]}',
        ),
        {"endless-line": "what is longer than any name is passed over"},
    ),
    Format("parquet", "train.parquet", samples.PARQUET, samples.PARQUET[:-100], _PARQUET),
    Format(
        "settings",
        "mismatch.yaml",
        samples.SETTINGS,
        b"mappings:\n  - {from: age",
        _yaml(samples.SETTINGS)
        | _replaced(
            a_list="- id\n",
            a_text="churn\n",
            an_unknown_key="rolls: {}\n",
            roles_that_are_a_list="roles: [TrainingData]\n",
            an_unknown_role="roles: {a.csv: Data of ours}\n",
            an_unknown_link="links: [{link: beside, from: a, to: b}]\n",
            a_link_to_nothing="links: [{link: trained_on, from: a, to: b}]\n",
            a_mapping_without_end="mappings: [{from: a}]\n",
        ),
        {"endless-line": "a name may be long"},
    ),
]
