"""The gaps in SPARQL, for those with only an endpoint: the same rows as the command's."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions, RdfFormat, Store

from kg import catalogue as catalogues
from kg import vocabulary as vocabularies
from kg.derive import catalogue as derived
from kg.gaps import relations
from kg.gaps.mapping import KINDS, gaps

ROOT = Path(__file__).parent.parent
QUERIES = ROOT / "queries/gaps"
MM, MMS = "https://w3id.org/ml-mismatch/", "https://w3id.org/ml-mismatch/shapes/"

LAMP = """
@prefix mm: <https://w3id.org/ml-mismatch/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

mm:lampColour a owl:DatatypeProperty ;
    rdfs:label "lamp colour"@en ; skos:definition "Colour of the lamp."@en ; skos:example "red" ;
    rdfs:domain mm:Environment ; rdfs:range xsd:string .

mm:lampAge a owl:DatatypeProperty ;
    rdfs:label "lamp age"@en ; skos:definition "Age of the lamp."@en ; skos:example "3" ;
    rdfs:domain mm:Environment ; rdfs:range mm:count ;
    mm:informs mm:operational-environment-lamps .

mm:operational-environment-lamps a mm:Mismatch ;
    skos:notation "OE.Lamps" ; skos:prefLabel "Lamps"@en ; skos:definition "Lamps of the host."@en ;
    skos:broader mm:operational-environment .

mm:operational-environment-shades a mm:Mismatch ;
    skos:notation "OE.Shades" ; skos:prefLabel "Shades"@en ; skos:definition "Shades of lamps."@en ;
    skos:broader mm:operational-environment .

mm:excuse-nothing a mm:GapExcuse ;
    mm:excusedKind mm:unread-attribute ; mm:excuses mm:requiredMemory ;
    mm:because "Nobody would believe that no predicate reads it." .
"""


def ours(folder: Path) -> None:
    """Our knowledge as it is."""


def more(folder: Path) -> None:
    """Attributes, mismatches and an excuse that leave gaps of each kind of theirs."""
    (folder / "ontology/lamps.ttl").write_text(LAMP, encoding="utf-8")


def less(folder: Path) -> None:
    """Without three predicates, one of which alone compares something, and one statement."""
    for name in ("timeline-conflict", "buffering-delivery-mismatch", "proxy-not-revalidated"):
        (folder / f"queries/predicates/{name}.rq").unlink()
    trained = folder / "ontology/elements/trained-model.ttl"
    text = trained.read_text(encoding="utf-8")
    assert "mm:informs mm:trained-model-data-buffering ;" in text
    trained.write_text(text.replace("mm:informs mm:trained-model-data-buffering ;", ""), "utf-8")


def loose(folder: Path) -> None:
    """Without the excuses."""
    (folder / "ontology/gap-excuses.ttl").unlink()


@pytest.mark.parametrize("change", [ours, more, less, loose])
def test_each_query_has_the_rows_of_the_gap_report(
    change: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ontology", "queries", "shapes"):
        shutil.copytree(ROOT / name, tmp_path / name)
    change(tmp_path)
    monkeypatch.setattr(catalogues, "knowledge_roots", lambda extra=(): (tmp_path,))
    monkeypatch.setattr(vocabularies, "knowledge_roots", lambda extra=(): (tmp_path,))
    vocabularies._load.cache_clear()  # noqa: SLF001 - another ontology than ours is read
    vocabulary = vocabularies.load()
    catalogue = catalogues.load(vocabulary)
    store = filled(tmp_path, next(iter(derived.files(vocabulary, catalogue).values())))
    told = gaps(relations(vocabulary, catalogue))

    for kind in KINDS:
        query = (QUERIES / f"{kind}.rq").read_text(encoding="utf-8")
        rows = rows_of(store, query)
        assert rows == {(g.term, g.reader, g.excuse) for g in told if g.kind == kind}, kind


def filled(folder: Path, catalogue: str) -> Store:
    """The ontology and the catalogue as triples, as an endpoint would hold them."""
    store = Store()
    for path in (folder / "ontology").rglob("*.ttl"):
        store.load(path.read_bytes(), format=RdfFormat.TURTLE, base_iri=path.as_uri())
    store.load(catalogue.encode(), format=RdfFormat.TURTLE)
    return store


def rows_of(store: Store, query: str) -> set[tuple[str, str, str]]:
    found = store.query(query)
    assert isinstance(found, QuerySolutions)
    names = [variable.value for variable in found.variables]
    rows = [{n: row[n].value for n in names if row[n] is not None} for row in found]
    return {
        (
            row.get("code") or row["term"].removeprefix(MM),
            row.get("reader", "").removeprefix(MMS),
            row.get("excuse", ""),
        )
        for row in rows
    }


def test_there_is_a_query_for_each_kind_of_gap() -> None:
    assert {path.stem for path in QUERIES.glob("*.rq")} == {*KINDS}
