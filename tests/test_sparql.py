"""Our own evaluation of queries gives what Oxigraph gives, and refuses what it does not know."""

import pytest

from kg.errors import PredicateMalformed
from kg.sparql import Index, Query, planned, relations
from kg.writing import literal
from tests.engines import Peers, Rows

PREFIXES = """PREFIX : <urn:t:>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
TRIPLES = "\n".join(
    f"<urn:t:{subject}> <urn:t:{predicate}> {value} ."
    for subject, predicate, value in [
        *((one, "to", f"<urn:t:{other}>") for one, other in ("ab", "bc", "ca", "cd", "ee")),
        *((one, "via", f"<urn:t:{other}>") for one, other in ("ad", "bd")),
        ("a", "n", literal(3)),
        ("b", "n", literal(3.5)),
        ("c", "n", literal(-2)),
        ("d", "n", literal("three")),
        ("a", "name", literal('Ann, the "first"\n')),
        ("b", "name", literal("Bob é")),
        ("c", "name", literal("")),
        ("d", "on", literal("true", "xsd:boolean")),
        ("e", "on", literal("false", "xsd:boolean")),
        ("a", "day", literal("2024-02-29T23:30:00+02:00", "xsd:dateTime")),
        ("b", "day", literal("2023-12-31T00:00:00+00:00", "xsd:dateTime")),
    ]
)

PATTERNS = [
    "?a :to ?b",
    "?a :to ?a",
    ":a ?p ?b",
    "?a ?p :d",
    ":a :to :b . ?a :n ?b",
    "?a :to|:via ?b",
    "?a :to/:to ?b",
    "?a ^:to ?b",
    "?a (:to/:via)? ?b . ?a :n ?c",
    "?a :to+ ?b",
    ":a :to* ?b",
    "?b :to+ :d",
    "?a :to ?b OPTIONAL { ?b :name ?c }",
    "?a :to ?b OPTIONAL { ?b :name ?c } OPTIONAL { ?c :to ?p }",
    "?a :to ?b OPTIONAL { ?b :n ?c FILTER(?c > 0) }",
    "?a :to ?b OPTIONAL { ?b :via ?c . ?c :n ?p }",
    "?a :to ?b OPTIONAL { ?b :via ?c OPTIONAL { ?c :n ?p } }",
    "{ ?a :to ?b } UNION { ?a :via ?c }",
    "?a :to ?b . { ?b :via ?c } UNION { ?b :name ?c }",
    "{ BIND(1 AS ?c) } UNION { BIND(2 AS ?c) } ?a :via ?b",
    "?a :to ?b FILTER NOT EXISTS { ?b :via ?c }",
    "?a :to ?b FILTER EXISTS { ?b :via ?c . FILTER EXISTS { ?c :on true } }",
    "?a :to ?b FILTER(EXISTS { ?a :via ?x } || ?b = :e)",
    "?a ?p ?b FILTER(?p = :via)",
    "?a ?p ?b FILTER(?p IN (:via, :on))",
    "?a :n ?c FILTER(?c IN (3, 3.5))",
    "?a :n ?b , ?c",
    "?a :on true",
    '?a :name ""',
    "?a :to ?b BIND(?b AS ?c)",
    "?a :to ?b BIND(IF(?b = :c, :x, ?nothing) AS ?c)",
    "{ SELECT ?a (COUNT(?x) AS ?b) { ?a :to ?x } GROUP BY ?a }",
    """?a :via ?p { SELECT ?a (MAX(?x) AS ?b) (COUNT(DISTINCT ?y) AS ?c)
    { ?a :to ?y . ?z :n ?x FILTER(?x > 0) } GROUP BY ?a HAVING(COUNT(?x) > 1) }""",
    "{ SELECT (SUM(?x) AS ?b) (MIN(?x) AS ?c) { ?z :n ?x FILTER(isNumeric(?x)) } }",
    "{ SELECT (COUNT(*) AS ?b) { ?z :never ?x } }",
    "BIND(:via AS ?p) ?a ?p ?b",
    "BIND(:via AS ?p) ?a :to ?b OPTIONAL { ?b ?p ?c }",
    "?a :to ?b FILTER(?p = :via) ?b ?p ?c",
    "?a :to ?b OPTIONAL { ?b :via ?c } ?c :n ?x BIND(?x AS ?p)",
    "?a :to ?b OPTIONAL { ?b :via ?c } OPTIONAL { ?c :n ?p }",
    "?a :to ?b OPTIONAL { ?b :via ?c } ?a ?p ?c",
    "?a :to ?b OPTIONAL { ?b :via ?c } FILTER EXISTS { ?b ?p ?c }",
    "?a :to ?b { ?b :via ?c } UNION { ?b :to ?x } OPTIONAL { ?x :name ?c }",
    "?a ?p ?a",
    "?a ?p ?b FILTER((?p = :n && ?b > 1) || ?p IN (:via, :on))",
    "?a :to ?b { BIND(:via AS ?p) } UNION { BIND(:name AS ?p) } OPTIONAL { ?b ?p ?c }",
]

EXPRESSIONS = [
    *(f"?n {sign} 3" for sign in ("=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/")),
    "?n / 0",
    "?n / 0e0 > 1",
    "-?n",
    "0.1 + 0.2 = 0.3",
    "1 = 1.0",
    "1 / 3 * 3 < 1",
    "ABS(?n)",
    "FLOOR(?n)",
    "CEIL(?n)",
    "ROUND(?n)",
    "isNumeric(?n)",
    "isLiteral(?a)",
    "isIRI(?a)",
    "BOUND(?name)",
    "!BOUND(?name) || STRLEN(?name) > 3",
    "BOUND(?name) && ?nothing",
    "?nothing || true",
    "?nothing && false",
    "!?nothing",
    "COALESCE(?nothing, ?name, 7)",
    'IF(?name, "full", "empty")',
    "STR(?a)",
    "STR(?n)",
    "DATATYPE(?n)",
    "sameTerm(?n, 3)",
    "LCASE(?name)",
    "UCASE(?name)",
    "STRLEN(?name)",
    'CONCAT(?name, "-", STR(?n))',
    "CONCAT(?name, ?n)",
    'CONTAINS(?name, "o")',
    'STRSTARTS(?name, "A")',
    'STRENDS(?name, "é")',
    'STRBEFORE(?name, ",")',
    'STRAFTER(?name, ",")',
    'STRAFTER(?name, "")',
    "SUBSTR(?name, 2)",
    "SUBSTR(?name, 2, 2)",
    "SUBSTR(?name, 0, 2)",
    'REGEX(?name, "^a", "i")',
    r'REGEX(?name, "\\s")',
    'REPLACE(?name, "([nb])", "<$1>")',
    'REPLACE(?name, "B", "x", "i")',
    "xsd:integer(?n)",
    "xsd:double(?n)",
    'xsd:integer("07")',
    'xsd:integer("seven")',
    "xsd:string(?n)",
    *(f"{part}(?day)" for part in ("YEAR", "MONTH", "DAY", "HOURS", "MINUTES", "SECONDS")),
    '?day > "2024-01-01T00:00:00Z"^^xsd:dateTime',
    "?a = ?name",
    "?a IN (:a, ?nothing)",
    "?a IN (:b, ?nothing)",
    "?a NOT IN (:a, :b)",
    '?name = "Bob é"',
    '?name < "B"',
    "?on = true",
    "?on",
]


def evaluated(query: str) -> Rows:
    return {cells[:-1] for cells, _ in Query(planned(query)).rows(Index(relations(TRIPLES)))}


@pytest.fixture(scope="module")
def peer() -> Peers:
    return Peers(None, TRIPLES)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_has_the_solutions_that_oxigraph_finds(pattern: str, peer: Peers) -> None:
    query = f"{PREFIXES} SELECT DISTINCT ?a ?b ?c ?p {{ {pattern} }}"

    assert evaluated(query) == peer.rows(query)


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_an_expression_has_the_value_that_oxigraph_gives_it(expression: str, peer: Peers) -> None:
    query = (
        f"{PREFIXES} SELECT DISTINCT ?a ?value {{ ?a :to|:via|:on|:n ?any OPTIONAL {{ ?a :n ?n }}"
        " OPTIONAL { ?a :name ?name } OPTIONAL { ?a :on ?on } OPTIONAL { ?a :day ?day }"
        f" BIND({expression} AS ?value) }}"
    )

    assert evaluated(query) == peer.rows(query)


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("SELECT ?a { ?a :to ?b MINUS { ?a :via ?b } }", "MinusGraphPattern"),
        ("SELECT ?a { VALUES ?a { :a } }", "InlineData"),
        ("SELECT ?a { GRAPH :g { ?a :to ?b } }", "GraphGraphPattern"),
        ("SELECT ?a { ?a :to ?b } LIMIT 1", "limitoffset"),
        ("SELECT (COUNT(?a) AS ?b) { ?a :to ?c }", "not a variable"),
        ("SELECT ?a { ?a :to ?b BIND(NOW() AS ?c) }", "NOW"),
        ("SELECT ?a { ?a :name 'x'@en }", "language"),
        ("ASK { ?a :to ?b }", "AskQuery"),
    ],
)
def test_what_is_not_understood_is_named(query: str, named: str) -> None:
    with pytest.raises(PredicateMalformed, match=named):
        Query(planned(PREFIXES + query))


@pytest.mark.parametrize("asked", [". {}", "FILTER EXISTS {{ {} }}", "FILTER NOT EXISTS {{ {} }}"])
def test_patterns_may_be_more_than_python_nests(asked: str, peer: Peers) -> None:
    many = " ".join(f"OPTIONAL {{ ?b :name ?n{number} }}" for number in range(40))
    pattern = f"?a :to ?b {asked.format(f'?b :to ?c {many}')}"
    query = f"{PREFIXES} SELECT DISTINCT ?a ?b ?c {{ {pattern} }}"

    assert evaluated(query) == peer.rows(query)


def test_an_arm_is_not_tried_where_a_predicate_that_it_needs_is_not_stated() -> None:
    query = Query(planned(f"{PREFIXES} SELECT ?a {{ {{ ?a :to ?b }} UNION {{ ?a :never ?b }} }}"))

    assert {arm for _, arm in query.rows(Index(relations(TRIPLES)))} == {0}
    assert query.rows(Index({})) == []


def test_triples_above_are_read_together_with_those_below() -> None:
    below = Index(relations('<urn:a> <urn:p> "1" .'))
    above = Index(relations('<urn:a> <urn:p> "2" .\n<urn:b> <urn:q> "3" .'), below)

    assert above.objects("<urn:a>", "<urn:p>") == ['"1"', '"2"']
    assert above.subjects("<urn:p>", '"1"') == ["<urn:a>"]
    assert dict(above.about("<urn:b>")) == {"<urn:q>": '"3"'}
    assert below.objects("<urn:a>", "<urn:p>") == ['"1"']
