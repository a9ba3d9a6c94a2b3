"""RDF from strangers gives quads, or one sentence about what is wrong; nothing is fetched."""

import json
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import DescriptorInvalid
from kg.parsing import Literal, Media, NamedNode, Quad, parse_rdf

BASE = "http://example.org/"
MEDIA: list[Media] = ["turtle", "trig", "ntriples", "nquads", "jsonld", "rdfxml"]
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XML = f'<rdf:RDF xmlns:rdf="{RDF}" xmlns:e="{BASE}">'

SAME: dict[Media, str] = {
    "turtle": "@prefix e: <> . e:s e:p 1 .",
    "trig": "@prefix e: <> . { e:s e:p 1 }",
    "ntriples": f'<{BASE}s> <{BASE}p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .',
    "nquads": f'<{BASE}s> <{BASE}p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .',
    "jsonld": '{"@context": {"@vocab": "http://example.org/"}, "@id": "s", "p": 1}',
    "rdfxml": f'<?xml version="1.0" encoding="utf-16"?>{XML}<rdf:Description rdf:about="s"><e:p '
    'rdf:datatype="http://www.w3.org/2001/XMLSchema#integer">1</e:p></rdf:Description></rdf:RDF>',
}


def refused(text: str | bytes, media: Media, **options: object) -> DescriptorInvalid:
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    with pytest.raises(DescriptorInvalid) as caught:
        parse_rdf(data, media, BASE, **options)  # type: ignore[arg-type]
    assert caught.value.what
    assert caught.value.hint
    return caught.value


def said(document: object, **options: object) -> set[str]:
    quads = parse_rdf(json.dumps(document).encode(), "jsonld", BASE, **options)  # type: ignore[arg-type]
    return {str(quad) for quad in quads}


@pytest.mark.parametrize("media", MEDIA)
def test_each_syntax_says_the_same(media: Media) -> None:
    one = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
    expected = Quad(NamedNode(f"{BASE}s"), NamedNode(f"{BASE}p"), Literal("1", datatype=one))
    assert parse_rdf(SAME[media].encode(), media, BASE) == [expected]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("media", MEDIA)
def test_a_byte_order_mark_is_obeyed(media: Media, encoding: str) -> None:
    assert len(parse_rdf(SAME[media].encode(encoding), media, BASE)) == 1


def test_blank_nodes_keep_their_labels() -> None:
    assert str(parse_rdf(b"_:x <p> _:y .", "turtle", BASE)[0]) == f"_:x <{BASE}p> _:y"


@pytest.mark.parametrize("media", ["turtle", "trig", "ntriples", "nquads"])
def test_an_empty_file_states_nothing(media: Media) -> None:
    assert parse_rdf(b" \n", media, BASE) == []


@pytest.mark.parametrize(
    ("media", "text", "line", "says"),
    [
        ("turtle", "@prefix e: <> .\ne:s e:p e:o", 2, "end"),
        ("turtle", "@prefix e: <> .\nf:s e:p e:o .", 2, "prefix"),
        ("turtle", "\n<a b> <c> <d> .", 2, "IRI"),
        ("turtle", '\n<a> <c> "d', 2, "not valid turtle"),
        ("turtle", "{ <a> <b> <c> }", 1, "not valid turtle"),
        ("trig", "<g> { <a> <b> <c>", 1, "not valid trig"),
        ("ntriples", "<a:a> <a:b> <a:c> .\n<a> <a:b> <a:c> .", 2, "IRI"),
        ("nquads", "<a:a> <a:b> <a:c> .\n<a:a> <a:b> .", 2, "not valid nquads"),
        ("turtle", "\n<< <a> <b> <c> >> <d> 1 .", None, "about a triple"),
        ("turtle", "<a> <b> " + "<<( <a> <b> " * 300, 1, "stand inside others"),
        ("turtle", "<a> <b>\n" + "[" * 100_000, 2, "nested"),
        ("turtle", "<a> <b>\n" + "(" * 100_000, 2, "nested"),
        ("trig", "<a> <b>\n" + "[<p> " * 100_000, 2, "nested"),
        ("jsonld", "[" * 100_000, 1, "nested"),
        ("jsonld", "", None, "empty"),
        ("jsonld", '{"@id": "a",\n"@id": "b"}', 2, "stands twice"),
        ("jsonld", '{"@context": {"a": 1}, "a": 1}', None, "not valid jsonld"),
        ("rdfxml", "", 1, "no element found"),
        ("rdfxml", f"{XML}\n<e:a></rdf:RDF>", 2, "mismatched tag"),
        ("rdfxml", f"{XML}\n<f:a/></rdf:RDF>", None, "not valid rdfxml"),
        ("rdfxml", XML + "\n<e:a>" * 100, 101, "too many levels"),
        ("rdfxml", f"{XML}\n<e:a " + " ".join(f"e:p{i}=''" for i in range(101)) + "/>", 2, "many"),
        ("rdfxml", f"{XML}<e:a e:p='{'x' * 10_001}'/>", 1, "too long"),
        ("rdfxml", '<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY b "c">]>', 2, "entities"),
        ("turtle", "\x00", None, "not text"),
        ("turtle", b"PAR1\x00\x01", None, "a Parquet file"),
        ("turtle", '<a> <b> "\ud800" .', 1, "not UTF-8"),
        ("turtle", "<a> <b> " + "1, " * 200_000 + "1 .", None, "200,000 things"),
        ("turtle", f"@prefix e: <{'x' * 1_000_000}> . <a> <b> " + "e:c, " * 200, None, "very long"),
        ("jsonld", f'{{"e:p": "{"中" * 4_100_000}"}}'.encode("utf-16"), None, "too long"),
        ("turtle", " " * ((8 << 20) + 1), None, "bytes"),
    ],
)
def test_broken_files_are_refused_with_their_line(
    media: Media, text: str | bytes, line: int | None, says: str
) -> None:
    problem = refused(text, media)
    assert says in problem.what
    assert problem.line == line


def test_brackets_in_texts_names_and_comments_are_not_nesting() -> None:
    text = f"""# {"(" * 200}
@prefix e: <http://example.org/#'(> .
e:s e:p "{"[" * 200}", '{"{" * 200}\\'', ''' {"(" * 200}' '''@en ; # '
    e:q\\( e:r, 1 .
e:s e:p {'"' * 3}{"[" * 200}\\" {'"' * 3}, (1 2), [ e:p 3 ] .
"""
    assert len(parse_rdf(text.encode(), "turtle", BASE)) == 13


# -- contexts --------------------------------------------------------------------------------------

PINS = {f"{BASE}context.jsonld": {"@context": {"p": f"{BASE}p"}}}
SAID = {f'<{BASE}s> <{BASE}p> "x"'}


@pytest.mark.parametrize(
    "context",
    [
        f"{BASE}context.jsonld",
        "context.jsonld",
        [{"q": f"{BASE}q"}, "context.jsonld"],
        {"@import": "context.jsonld", "q": f"{BASE}q"},
        [{"@import": "context.jsonld"}],
    ],
)
def test_a_pinned_context_stands_for_its_address(context: object) -> None:
    assert said({"@context": context, "@id": "s", "p": "x"}, pinned=PINS) == SAID


def test_a_pinned_context_may_be_a_list_and_stay_as_it_is() -> None:
    pins = {"c": {"@context": [{"p": f"{BASE}p"}, {"q": f"{BASE}q"}]}}
    before = json.dumps(pins)
    assert said({"@context": ["c", {"r": f"{BASE}r"}], "@id": "s", "p": "x"}, pinned=pins) == SAID
    assert json.dumps(pins) == before


def test_pinned_contexts_are_found_inside_nodes_and_terms() -> None:
    inner = {"@id": "s", "p": "x", "@context": "context.jsonld"}
    assert said({"@graph": [inner]}, pinned=PINS) >= SAID
    scoped = {"t": {"@id": f"{BASE}t", "@context": "context.jsonld"}}
    assert said({"@context": scoped, "t": {"@id": "s", "p": "x"}}, pinned=PINS) >= SAID


def test_a_given_context_is_read_before_the_files_own() -> None:
    context = {"@context": {"p": f"{BASE}p", "q": f"{BASE}wrong"}}
    own = {"@context": {"q": f"{BASE}q"}, "@id": "s", "p": "x", "q": "y"}
    assert said(own, context=context) == {*SAID, f'<{BASE}s> <{BASE}q> "y"'}
    assert said([{"@id": "s", "p": "x"}, "not a node"], context=context) == SAID


@pytest.mark.parametrize(
    "document",
    [
        {"@context": "https://schema.org/"},
        {"@context": ["context.jsonld", "https://schema.org/"]},
        {"@context": {"@import": "https://schema.org/"}},
        {"@graph": [{"p": [{"@context": "https://schema.org/"}]}]},
        {"@context": {"t": {"@id": "x:t", "@context": {"u": {"@context": "https://schema.org/"}}}}},
    ],
)
def test_an_unpinned_context_is_refused_by_its_name_wherever_it_stands(document: object) -> None:
    problem = refused(json.dumps(document, indent=1), "jsonld", pinned=PINS)
    assert "<https://schema.org/>" in problem.what
    lines = json.dumps(document, indent=1).splitlines()
    assert problem.line is not None
    assert "https://schema.org/" in lines[problem.line - 1]


def test_an_address_that_cannot_be_resolved_is_refused() -> None:
    assert "http://[" in refused('{"@context": "http://["}', "jsonld").what


def chain(length: int) -> object:
    terms = {f"t{number}": f"t{number + 1}:x" for number in range(length)}
    return {"@context": {**terms, f"t{length}": BASE}, "t0": "x"}


def scoping(terms: int, uses: int) -> object:
    scoped = {"T": {"@id": f"{BASE}T", "@context": {"x": f"{BASE}x"}}}
    context = {f"t{number}": f"{BASE}t{number}" for number in range(terms)}
    return {"@context": {**context, **scoped}, "@graph": [{"@type": "T", "x": 1}] * uses}


def test_terms_defined_through_a_few_others_are_followed() -> None:
    assert len(said(chain(20))) == 1


@pytest.mark.parametrize(
    "document",
    [
        chain(100),
        chain(50_000),
        scoping(1000, 5000),
        {"@context": ["c"] * 60},
        {"@context": {f"t{n}": {"@context": {"x": None}} for n in range(3000)}},
    ],
)
def test_contexts_that_cost_too_much_are_refused(document: object) -> None:
    pins = {"c": {"@context": {f"t{number}": None for number in range(1000)}}}
    assert "contexts" in refused(json.dumps(document), "jsonld", pinned=pins).what


def test_a_long_name_that_would_be_written_often_is_refused() -> None:
    document = {"@context": {"@vocab": BASE + "x" * 10_000}, "@id": "s", "p": [1] * 5000}
    assert "would be written" in refused(json.dumps(document), "jsonld").what
    assert len(said({"@id": "s", f"{BASE}p": ["a long text " * 10_000] * 50})) == 1


def test_nan_in_json_is_no_number_of_rdf() -> None:
    refused('{"http://example.org/p": NaN}', "jsonld")


# -- anything --------------------------------------------------------------------------------------

PIECES: dict[Media, list[str]] = {
    "turtle": [*"[](){};,. \n", "<a>", "e:b", "@prefix e: <> .", '"x"', "@en", "^^", "<<(", ")>>"],
    "jsonld": [*'{}[]:,"', '"@context":', '"@id":', '"@type":', '"@list":', '"x":', '"a:b"', "1"],
    "rdfxml": [XML, "</rdf:RDF>", "<e:a>", "</e:a>", "<e:b/>", "x", "&a;", "<!--", "-->"],
}
PIECES["trig"] = [*PIECES["turtle"], "GRAPH", "{", "}"]
PIECES["ntriples"] = PIECES["nquads"] = [*PIECES["turtle"], "<a:a>", "_:b"]


@pytest.mark.parametrize("media", MEDIA)
@settings(deadline=None)
@given(st.data())
def test_whatever_the_bytes_are_they_are_parsed_or_refused(
    media: Media, data: st.DataObject
) -> None:
    pieces = st.lists(st.sampled_from(PIECES[media])).map(lambda parts: "".join(parts).encode())
    given_bytes = data.draw(pieces | st.binary())
    try:
        parse_rdf(given_bytes, media, BASE)
    except DescriptorInvalid as problem:
        assert problem.what  # noqa: PT017 - both outcomes are right


COSTLY: list[tuple[Media, str]] = [
    ("turtle", 'b"<a> <b> " + b"<<( <a> <b> " * 100 + b"1" + b")>>" * 100 + b"."'),
    ("turtle", 'b"<a> <b> " + b"[]," * (2 << 20)'),
    ("turtle", 'b"<http://a/" + b"a" * 50 + b"> <b> " + b"1," * (4 << 20)'),
    (
        "jsonld",
        """b'{"@context":{' + b",".join(b'"t%d":"a:t"' % i for i in range(99_000)) + b'}}'""",
    ),
    ("jsonld", """b'{"@id":"a:b","a:p":{"@list":[' + b"[1]," * 60_000 + b'1]}}'"""),
    ("rdfxml", f"b'''{XML}''' + b'<e:a/>' * 199_000 + b'</rdf:RDF>'"),
]
MEASURED = """
import sys, time
from kg.errors import DescriptorInvalid
from kg.parsing import parse_rdf
def most():
    return int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0])
data = eval(sys.argv[2])
open("/proc/self/clear_refs", "w").write("5")
before, start = most(), time.process_time()
try:
    parse_rdf(data, sys.argv[1], "http://example.org/")
except DescriptorInvalid:
    pass
print(time.process_time() - start, (most() - before) / 1024)
"""


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured through /proc")
@pytest.mark.parametrize(("media", "data"), COSTLY)
def test_the_costliest_file_takes_under_five_seconds_and_200_megabytes(
    media: Media, data: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, media, data], capture_output=True, text=True, check=True
    )
    seconds, megabytes = map(float, done.stdout.split())
    assert seconds < 5
    assert megabytes < 200
