"""Which addresses a query would make a store call: none may be overlooked."""

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.sparql.reach import addresses

CALLS = [
    "ASK{SERVICE<http://a.org/>{}}",
    "ASK{\tservice\n# <http://b.org/>\n<http://a.org/>{}}",
    "ASK{SERVICE SILENT<http://a.org/>{}}",
    "ASK{SERVICESILENT<http://a.org/>{}}",
    "ASK{?s ?p 1SERVICE<http://a.org/>{}}",
    "ASK{?s ?p 1.SERVICE<http://a.org/>{}}",
    "ASK{?s ?p trueSERVICE<http://a.org/>{}}",
    "ASK{?s ?p ''SERVICE<http://a.org/>{}}",
    "ASK{?s ?p ''''x'''SERVICE<http://a.org/>{}}",
    "ASK{FILTER(?s<'a>b')SERVICE<http://a.org/>{} #'\n}",
    "ASK{FILTER(?s<?x#>'''\n)SERVICE<http://a.org/>{} #'''\n}",
    'ASK{?s ?p "\\"" .SERVICE<http://a.org/>{}}',
    "ASK{?s ?p \"'\" .SERVICE<http://a.org/>{} #'\n}",
]
UNTOLD = [
    "PREFIX x:<http://a.org/> ASK{SERVICE x:{}}",
    "PREFIX x:<http://a.org/> ASK{SERVICEx:{}}",
    "PREFIX x:<http://a.org/> ASK{SERVICEx:y #\n{}}",
    "PREFIX :<http://a.org/> ASK{SERVICE:y{}}",
    "PREFIX x\u0310:<http://a.org/> ASK{SERVICEx\u0310:a\u0310{}}",
    "PREFIX x:<http://a.org/> ASK{SERVICESILENTx:y{}}",
    "PREFIX x:<http://a.org/> ASK{SERVICE SILENTx:y{}}",
    "PREFIX x:<http://a.org/> ASK{?s ?p x:.SERVICEx:{}}",
    "ASK{VALUES ?x{<http://a.org/>}SERVICE?x{}}",
    "ASK{VALUES ?x{<http://a.org/>}SERVICE$x{}}",
    "ASK{FILTER(?s<?o)SERVICE?x#>\n{}}",
    "ASK{SERVICE<http://a.org/\\u0061>{}}",
]
NONE = [
    "ASK{?service ?p ?o . ?s <http://a.org/SERVICE> 'SERVICE' . } # SERVICE <http://a.org/>{}",
    "PREFIX x:<http://a.org/> ASK{?s a x:SERVICE}",
    "PREFIX service:<http://a.org/service#> ASK{?s a service:Thing ; service:port ?p}",
    "ASK{?s <http://a.org/service#a> ?o .\n?s ?p ?o}",
    'ASK{?s ?p """SERVICE <http://a.org/>{} " """}',
    "ASK{?s ?p ?o FILTER(?s<?o && ?o>?p)}",
]


@pytest.mark.parametrize("text", CALLS)
def test_an_address_that_is_written_out_is_found(text: str) -> None:
    assert "http://a.org/" in addresses(text, "SERVICE")


@pytest.mark.parametrize("text", UNTOLD)
def test_an_address_that_cannot_be_told_is_found_as_such(text: str) -> None:
    assert None in addresses(text, "SERVICE")


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_call_is_none(text: str) -> None:
    assert addresses(text, "SERVICE") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("LOAD <http://a.org/>", ["http://a.org/"]),
        ("CLEAR ALL;load silent<http://a.org/>INTO GRAPH<x:g>", ["http://a.org/"]),
        ("PREFIX x:<http://a.org/> LOADx:y", [None]),
        ("PREFIX x:<http://a.org/> LOAD x:y", [None]),
        ("INSERT DATA { <x:a> <x:loads> 'LOAD <http://a.org/>' }", []),
    ],
)
def test_what_updates_load_is_found(text: str, found: list[str | None]) -> None:
    assert addresses(text, "LOAD") == found


# Nobody listens there: a call fails at once, and so gives itself away.
CALLED = "http://127.0.0.1:65123/"
PIECES = [
    *("SERVICE", "SILENT", "service", f"<{CALLED}>", "x:", "x:a", ":", "?x", "$y", "{", "}", "{}"),
    *("(", ")", "FILTER", "FILTER(", "?s<?o", "<", ">", "'", '"', "'''", "'a>b'", "#", "\n", " "),
    *(".", ";", ",", "1", "1.", "true", "'x'@en", "?s ?p ?o", "[]", "OPTIONAL", "UNION", "GRAPH"),
    *(
        "\\",
        "\\'",
        "\\u0027",
        "#>",
        "<?x#>",
        "<'a>",
        "||",
        "EXISTS",
        "BIND(1 AS ?n)",
        "\r",
        "@en",
        "-",
    ),
]


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14), st.sampled_from(["", " "]))
def test_whatever_oxigraph_would_call_is_found(pieces: list[str], between: str) -> None:
    middle = between.join(pieces)
    text = f"PREFIX x:<{CALLED}> PREFIX :<{CALLED}> ASK {{ {middle} }}"
    if _calls(text):
        assert addresses(text, "SERVICE")


def _calls(text: str) -> bool:
    try:
        ox.Store().query(text)
    except SyntaxError:
        return False
    except (OSError, RuntimeError):
        return True
    return False
