"""Which graphs an update writes is known before it runs, or it is refused."""

from collections.abc import Mapping

import pyoxigraph as ox
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kg.errors import KgError
from kg.service.changing.written import written_graphs

BASE = "http://localhost:8000/"
KEPT = "http://localhost:8000/projects/p/statements"
TRIPLE = "<x:s> <x:p> <x:o>"

TOLD: dict[str, set[str | None]] = {
    f"INSERT DATA {{ GRAPH <{KEPT}> {{ {TRIPLE} }} }}": {KEPT},
    f"INSERT DATA {{ {TRIPLE} }}": {None},
    f"insert data{{graph<x:g>{{{TRIPLE}}}}}": {"x:g"},
    f"DELETE DATA {{ {TRIPLE} . GRAPH <x:g> {{ {TRIPLE} }} GRAPH <x:h> {{}} }}": {
        None,
        "x:g",
        "x:h",
    },
    f'INSERT DATA {{ <x:s> <x:p> "GRAPH <{KEPT}> {{" }}': {None},
    f"INSERT DATA {{ # GRAPH <{KEPT}> {{\n {TRIPLE} }}": {None},
    f"INSERT DATA {{ <x:s> <x:p> '''GRAPH <{KEPT}> {{ ' ''' }}": {None},
    f"WITH <x:g> DELETE {{ ?s ?p ?o }} INSERT {{ GRAPH <x:h> {{ ?s ?p ?o }} }} USING <{KEPT}> "
    f"WHERE {{ GRAPH <{KEPT}> {{ ?s ?p ?o }} }}": {"x:g", "x:h"},
    f"INSERT {{ ?s ?p ?o }} WHERE {{ {{ GRAPH <{KEPT}> {{ ?s ?p ?o }} }} UNION {{}} }}": {None},
    f"DELETE WHERE {{ GRAPH <{KEPT}> {{ ?s ?p ?o }} }}": {KEPT},
    f"LOAD SILENT <http://x.org/> INTO GRAPH <{KEPT}>": {KEPT},
    "LOAD <http://x.org/>": {None},
    f"CLEAR SILENT GRAPH <{KEPT}>": {KEPT},
    "DROP DEFAULT": {None},
    f"COPY <{KEPT}> TO <x:g>": {"x:g"},
    f"ADD DEFAULT TO GRAPH <{KEPT}>": {KEPT},
    f"MOVE SILENT GRAPH <{KEPT}> TO DEFAULT": {KEPT, None},
    f"CREATE GRAPH <x:g>; DROP SILENT GRAPH <{KEPT}> ;": {"x:g", KEPT},
    "CREATE GRAPH <projects/p/statements>": {KEPT},
    "PREFIX p: <projects/p/> CREATE GRAPH p:statements": {KEPT},
    f"PREFIX : <{BASE}projects/p/> INSERT DATA {{ GRAPH :statements {{ {TRIPLE} }} }}": {KEPT},
    "INSERT { ?s ?p 1 } WHERE { ?s ?p ?o FILTER(?o <3 && ?o> 1) }; CREATE GRAPH <x:g>": {
        None,
        "x:g",
    },
}


@pytest.mark.parametrize("text", TOLD)
def test_the_graphs_that_an_update_writes_are_told(text: str) -> None:
    assert written_graphs(text, BASE) - {None} == TOLD[text] - {None}
    assert written_graphs(text, BASE) >= TOLD[text]


REFUSED = [
    "DROP ALL",
    "CLEAR SILENT NAMED",
    "DROPALL",
    f"CREATEGRAPH<{KEPT}>",
    f"INSERTDATA{{GRAPH<{KEPT}>{{{TRIPLE}}}}}",
    "DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }",
    "DELETE WHERE { GRAPH ?g { ?s ?p ?o } }",
    f"PREFIX : <{BASE}projects/p/> INSERT DATA {{ <x:s> <x:p> 1.GRAPH:statements {{ {TRIPLE} }} }}",
    r"CREATE GRAPH <http://localhost:8000/\u0070rojects/p/statements>",
    "CREATE GRAPH <x/../projects/p/statements>",
    "CREATE GRAPH <http://localhost:8000/x/../projects/p/statements>",
    "BASE <http://localhost:8000/projects/> CREATE GRAPH <p/statements>",
    "CREATE GRAPH </projects/p/statements>",
    "CREATE GRAPH <//localhost:8000/projects/p/statements>",
    "CREATE GRAPH <?x:y>",
    "PREFIX p: <x:a> PREFIX p: <x:b> CREATE GRAPH p:g",
    "CREATE GRAPH p:g",
    'VERSION "1.2" CREATE GRAPH <x:g>',
    "INSERT { ?s ?p 1 } WHERE { ?s ?p ?o FILTER(?o <?p#> \n) } ; DROP ALL",
    f"INSERT {{ <x:a> <x:b> 1 }} WHERE {{ FILTER(1<2#>{{'\n) }} ; DROP GRAPH <{KEPT}> # ' }}",
    f"INSERT {{ <x:a> <x:b> 1 }} WHERE {{ FILTER(?a<?b#>{{\n) }} ; # }}\n DROP GRAPH <{KEPT}>",
    "INSERT DATA { <x:s> <x:p> <x:o> {| <x:q> 1 |} }",
    "CREATE GRAPH",
    "INSERT DATA {",
    "SELECT * { ?s ?p ?o }",
]


@pytest.mark.parametrize("text", REFUSED)
def test_what_cannot_be_told_is_refused(text: str) -> None:
    with pytest.raises(KgError):
        written_graphs(text, BASE)


def changed(update: str) -> set[str | None]:
    """The graphs that an update changes in a store with some in it; nothing where it fails."""
    store = ox.Store()
    for name in (None, KEPT, "x:g"):
        graph = ox.DefaultGraph() if name is None else ox.NamedNode(name)
        store.add(ox.Quad(ox.NamedNode("x:s"), ox.NamedNode("x:p"), ox.Literal("1"), graph))
    before = _graphs(store)
    try:
        store.update(update, base_iri=BASE)
    except (SyntaxError, OSError, RuntimeError, ValueError):
        return set()
    after = _graphs(store)
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def _graphs(store: ox.Store) -> Mapping[str | None, set[str]]:
    found: dict[str | None, set[str]] = {None: set()}
    for graph in store.named_graphs():
        found[graph.value] = set()
    for quad in store:
        graph = quad.graph_name
        found[graph.value if isinstance(graph, ox.NamedNode) else None].add(str(quad.triple))
    return found


PIECES = [
    *("INSERT", "DELETE", "DATA", "WHERE", "WITH", "GRAPH", "DROP", "CLEAR", "CREATE", "MOVE"),
    *("COPY", "ADD", "TO", "DEFAULT", "ALL", "NAMED", "SILENT", "USING", "FILTER", "PREFIX p:"),
    *("{", "}", "{", "}", "(", ")", ";", ";", ".", "<", ">", "#", "\n", "'", '"', '"""', "\\"),
    *(" ", " ", " ", "?g", "?s ?p ?o", TRIPLE, f"<{KEPT}>", "<x:g>", "<x:", "p:g", "p:statements"),
    *(f"<{BASE}projects/p/>", "<projects/p/>", "1<2", "?a<?b", "1.", "'#'", "<x:#>", "$g", "a"),
    "INSERT DATA {",
    f"GRAPH <{KEPT}> {{ {TRIPLE} }}",
    f"DROP GRAPH <{KEPT}>",
    "INSERT { <x:a> <x:b> 1 } WHERE {",
    "DELETE { GRAPH <x:g> { ?s ?p ?o } } WHERE { GRAPH <x:g> { ?s ?p ?o FILTER(",
    "} } ;",
]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
@example(f"INSERT {{ <x:a> <x:b> 1 }} WHERE {{ FILTER(1<2#>{{'\n) }} ; DROP GRAPH <{KEPT}> # ' }}")
@example("DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }")
@example("PREFIX p:<projects/p/>INSERT DATA {<x:s> <x:p> 1.GRAPH p:statements{<x:s> <x:p> <x:o>}}")
def test_no_update_changes_a_graph_that_was_not_told(text: str) -> None:
    try:
        told = written_graphs(text, BASE)
    except KgError:
        return
    assert changed(text) <= told


def test_the_texts_above_change_what_they_say() -> None:
    """Else the test above would say nothing."""
    assert changed("DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }")
    assert changed(f"INSERT DATA {{ GRAPH <{KEPT}> {{ {TRIPLE} }} }}") == {KEPT}
    assert KEPT in changed("DROPALL")
