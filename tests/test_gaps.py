"""The gaps of the mapping, against relations that are read from the files in another way."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import yaml
from rdflib import OWL, RDF, RDFS, SKOS, Graph, URIRef
from rdflib.collection import Collection

from kg import catalogue as catalogues
from kg import vocabulary as vocabularies
from kg.catalogue import Catalogue
from kg.gaps import analyse, relations
from kg.gaps.coverage import ways
from kg.gaps.mapping import Gap, gaps
from kg.gaps.needs import Needs, needs_of
from kg.gaps.sets import attribute_sets, set_gaps
from kg.gaps.weakness import single_points
from kg.vocabulary import Vocabulary

ROOT = Path(__file__).parent.parent
MM, MMS = "https://w3id.org/ml-mismatch/", "https://w3id.org/ml-mismatch/shapes/"
ABOVE: dict[object, frozenset[object]] = {}
SH_PATH = URIRef("http://www.w3.org/ns/shacl#path")


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return vocabularies.load()


@pytest.fixture(scope="module")
def catalogue(vocabulary: Vocabulary) -> Catalogue:
    return catalogues.load(vocabulary)


@pytest.fixture(scope="module")
def needs(vocabulary: Vocabulary, catalogue: Catalogue) -> dict[str, Needs]:
    comparing = (p for p in catalogue.predicates.values() if p.kind != "completeness")
    return needs_of(vocabulary, comparing)


# -- the oracle: sets of pairs, read with rdflib and regular expressions --------------------------


@dataclass(frozen=True)
class Pairs:
    """The mapping as plain sets."""

    mismatches: frozenset[str]
    attributes: frozenset[str]
    informs: frozenset[tuple[str, str]]
    detects: frozenset[tuple[str, str]]
    reads: frozenset[tuple[str, str]]
    comparing: frozenset[str]
    leads: frozenset[tuple[str, str]]
    excuses: tuple[tuple[str, str, frozenset[str], frozenset[str]], ...]


def name(term: object) -> str:
    return str(term).removeprefix(MMS).removeprefix(MM)


@pytest.fixture(scope="module")
def pairs() -> Pairs:
    graph = Graph()
    for path in (ROOT / "ontology").rglob("*.ttl"):
        graph.parse(path)
    codes = {
        m: str(graph.value(m, SKOS.notation)) for m in graph.subjects(RDF.type, mm("Mismatch"))
    }
    keys = {name(key) for _, cell in graph[: OWL.hasKey] for key in Collection(graph, cell)}
    attributes = {name(a) for a in graph.subjects(RDFS.domain) if stated(graph, a)} - keys
    found = [read_file(path, attributes) for path in predicate_files()]
    excuses = graph.subjects(RDF.type, mm("GapExcuse"))
    return Pairs(
        mismatches=frozenset(codes.values()),
        attributes=frozenset(attributes),
        informs=frozenset((name(a), codes[m]) for a, m in graph[: mm("informs")] if m in codes),
        detects=frozenset((p, code) for p, _, detected, _ in found for code in detected),
        reads=frozenset((p, a) for p, _, _, read in found for a in read),
        comparing=frozenset(p for p, kind, _, _ in found if kind != "completeness"),
        leads=frozenset(leads(graph, attributes)),
        excuses=tuple(
            (
                name(one),
                name(graph.value(one, mm("excusedKind"))),
                frozenset(codes.get(t, name(t)) for t in graph.objects(one, mm("excuses"))),
                frozenset(map(name, graph.objects(one, mm("excusedReader")))),
            )
            for one in excuses
        ),
    )


def mm(local: str) -> URIRef:
    return URIRef(MM + local)


def stated(graph: Graph, attribute: object) -> bool:
    def under(predicate: URIRef, *tops: str) -> bool:
        ends = [e for o in graph.objects(attribute, predicate) for e in above(graph, o)]  # type: ignore[arg-type]
        return any(mm(top) in ends for top in tops)

    return under(RDFS.domain, "SystemElement", "Part") and not under(RDFS.range, "SystemElement")


def above(graph: Graph, kind: object) -> frozenset[object]:
    if kind not in ABOVE:
        ABOVE[kind] = frozenset(graph.transitive_objects(kind, RDFS.subClassOf))  # type: ignore[arg-type]
    return ABOVE[kind]


def leads(graph: Graph, attributes: set[str]) -> Iterator[tuple[str, str]]:
    """Pairs of an attribute that leads to a part, and one that can be stated of such a part."""
    homes = {a: graph.value(mm(a), RDFS.domain) for a in attributes}
    for attribute in attributes:
        part = graph.value(mm(attribute), RDFS.range)
        if mm("Part") in above(graph, part):
            for other, home in homes.items():
                if other != attribute and (
                    part in above(graph, home) or home in above(graph, part)
                ):
                    yield attribute, other


def predicate_files() -> list[Path]:
    queries = sorted((ROOT / "queries/predicates").glob("*.rq"))
    return [*queries, *sorted((ROOT / "shapes/predicates").glob("*.ttl"))]


def read_file(path: Path, attributes: set[str]) -> tuple[str, str, tuple[str, ...], frozenset[str]]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ttl":
        shape = Graph().parse(path)
        subject = URIRef(MMS + path.stem)
        read = {name(end) for end in shape.objects(None, SH_PATH)}
        kind = str(shape.value(subject, mm("kind")))
        detected = tuple(str(code) for code in shape.objects(subject, mm("detects")))
    else:
        head = yaml.safe_load("\n".join(re.findall(r"^#\+ ?(.*)$", text, re.MULTILINE)))
        body = re.sub(r"(?m)^\s*#.*$", "", text)
        read = {*re.findall(r"\bmm:([A-Za-z]+)(?![\w-])", body), *head.get("reads", ())}
        kind, detected = head["kind"], tuple(head["detects"])
    return path.stem, kind, detected, frozenset(read & attributes)


def expected(pairs: Pairs) -> set[tuple[str, str, str, bool]]:
    """Every gap by what it is, its term, its reader, and whether it is excused."""
    informed = {code for _, code in pairs.informs}
    detected = {code for _, code in pairs.detects}
    compared = {code for p, code in pairs.detects if p in pairs.comparing}
    mapped = {a for a, _ in pairs.informs}
    read = {a for _, a in pairs.reads}
    found = {("uninformed-mismatch", code, "") for code in pairs.mismatches - informed}
    found |= {("undetected-mismatch", code, "") for code in pairs.mismatches - detected}
    found |= {("uncompared-mismatch", code, "") for code in detected - compared}
    found |= {("unmapped-attribute", a, "") for a in pairs.attributes - mapped}
    found |= {("unread-attribute", a, "") for a in pairs.attributes & mapped - read}
    found |= {("stray-read", a, p) for a, p in strays(pairs)}
    told = {(*gap, any(covers(excuse, gap) for excuse in pairs.excuses)) for gap in found}
    return told | {("idle-excuse", e[0], "", False) for e in pairs.excuses if is_idle(e, found)}


def grouped(found: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    groups: dict[str, set[str]] = defaultdict(set)
    for one, other in found:
        groups[one].add(other)
    return groups


def strays(pairs: Pairs) -> Iterator[tuple[str, str]]:
    """Attributes and the predicates that read them astray."""
    informs, detects, leads_to = map(grouped, (pairs.informs, pairs.detects, pairs.leads))
    for predicate, read in grouped(pairs.reads).items():
        for attribute in read:
            if not informs[attribute] & detects[predicate] and not leads_to[attribute] & read:
                yield attribute, predicate


def covers(
    excuse: tuple[str, str, frozenset[str], frozenset[str]], gap: tuple[str, str, str]
) -> bool:
    _, kind, terms, readers = excuse
    return kind == gap[0] and gap[1] in terms and (not readers or gap[2] in readers)


def is_idle(
    excuse: tuple[str, str, frozenset[str], frozenset[str]], found: set[tuple[str, str, str]]
) -> bool:
    covered = [gap for gap in found if covers(excuse, gap)]
    return {g[1] for g in covered} < excuse[2] or not excuse[3] <= {g[2] for g in covered}


def told(found: tuple[Gap, ...]) -> set[tuple[str, str, str, bool]]:
    return {(gap.kind, gap.term, gap.reader, bool(gap.excuse)) for gap in found}


# -- the mapping ----------------------------------------------------------------------------------


def test_no_gap_of_ours_is_unintended(vocabulary: Vocabulary, catalogue: Catalogue) -> None:
    found = gaps(relations(vocabulary, catalogue))

    assert [gap for gap in found if not gap.excuse] == []
    assert found


def test_the_gaps_are_those_of_plain_sets(
    vocabulary: Vocabulary, catalogue: Catalogue, pairs: Pairs
) -> None:
    assert told(gaps(relations(vocabulary, catalogue))) == expected(pairs)


@pytest.mark.parametrize("step", [3, pytest.param(1, marks=pytest.mark.long)])
def test_without_any_one_predicate_its_gaps_appear_and_no_others(
    vocabulary: Vocabulary, catalogue: Catalogue, pairs: Pairs, step: int
) -> None:
    opened = 0
    for gone in list(catalogue.predicates)[::step]:
        kept = {n: p for n, p in catalogue.predicates.items() if n != gone}
        less = replace(catalogue, predicates=kept)
        wanted = expected(
            replace(
                pairs,
                detects=frozenset(pair for pair in pairs.detects if pair[0] != gone),
                reads=frozenset(pair for pair in pairs.reads if pair[0] != gone),
            )
        )
        assert told(gaps(relations(vocabulary, less))) == wanted, gone
        opened += wanted != expected(pairs)

    assert opened > len(catalogue.predicates) / step / 3


@pytest.mark.parametrize("step", [5, pytest.param(1, marks=pytest.mark.long)])
def test_without_any_one_attribute_its_gaps_appear_and_no_others(
    vocabulary: Vocabulary, catalogue: Catalogue, pairs: Pairs, step: int
) -> None:
    for gone in sorted(pairs.attributes)[::step]:
        kept = {n: a for n, a in vocabulary.attributes.items() if n != gone}
        less = replace(vocabulary, attributes=kept)
        wanted = expected(
            replace(
                pairs,
                attributes=pairs.attributes - {gone},
                informs=frozenset(pair for pair in pairs.informs if pair[0] != gone),
                reads=frozenset(pair for pair in pairs.reads if pair[1] != gone),
            )
        )
        assert told(gaps(relations(less, catalogue))) == wanted, gone


@pytest.mark.parametrize("step", [11, pytest.param(1, marks=pytest.mark.long)])
def test_without_any_one_statement_of_what_informs_its_gaps_appear_and_no_others(
    vocabulary: Vocabulary, catalogue: Catalogue, pairs: Pairs, step: int
) -> None:
    names = {mismatch.code: mismatch.name for mismatch in catalogue.mismatches.values()}
    for gone in sorted(pairs.informs)[::step]:
        attribute = vocabulary.attributes[gone[0]]
        informs = tuple(n for n in attribute.informs if n != names[gone[1]])
        kept = {**vocabulary.attributes, gone[0]: replace(attribute, informs=informs)}
        wanted = expected(replace(pairs, informs=pairs.informs - {gone}))

        assert told(gaps(relations(replace(vocabulary, attributes=kept), catalogue))) == wanted, (
            gone
        )


def test_a_mismatch_that_only_presence_tells_is_uncompared(
    vocabulary: Vocabulary, catalogue: Catalogue
) -> None:
    kept = {
        n: p
        for n, p in catalogue.predicates.items()
        if p.kind == "completeness" or "OD.DataRates" not in p.detects
    }
    found = gaps(relations(vocabulary, replace(catalogue, predicates=kept)))

    assert Gap("uncompared-mismatch", "OD.DataRates") in found
    assert Gap("undetected-mismatch", "OD.DataRates") not in found


# -- what predicates need -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("predicate", "enough"),
    [
        ("resources-exceed-operations", {"requiredMemory", "availableMemory"}),
        ("inference-too-slow", {"requiredInferenceTime", "observedInferenceTime"}),
        ("numeric-feature-shift", {"field", "distribution", "valueCount", "quantiles"}),
        ("label-distribution-shift", {"labelShare", "share", "numberOfInstances"}),
        ("goal-without-metric", {"goal", "algorithmMetric", "businessMetric"}),
    ],
)
def test_a_predicate_finds_with_what_it_needs_and_not_with_less(
    needs: dict[str, Needs], predicate: str, enough: set[str]
) -> None:
    need = needs[predicate]

    assert need.finds_with(frozenset(enough))
    assert not any(need.finds_with(frozenset(enough - {one})) for one in enough)


def test_whatever_a_case_finds_stands_on_what_the_predicate_needs(
    vocabulary: Vocabulary, needs: dict[str, Needs]
) -> None:
    """What fails here could be found from a set of which we say that it is not enough."""
    checked = 0
    for one in sorted((ROOT / "tests/cases/predicates").glob("*.trig")):
        need = needs.get(one.stem)
        for block in mismatching(one.read_text(encoding="utf-8")) if need else ():
            stated = {*re.findall(r"\bmm:([A-Za-z]+)(?![\w-])", block)}
            held = frozenset(stated & vocabulary.attributes.keys())
            assert need is not None
            assert need.finds_with(held), (one.stem, sorted(held))
            checked += 1

    assert checked > len(needs)


def mismatching(text: str) -> Iterator[str]:
    """The graphs of a case file that are named for a mismatch, sources of one case together."""
    found: dict[str, str] = {}
    for match in re.finditer(
        r"(?m)^case:(mismatch[\w-]*)([.\w-]*)\s*\{(.*?)^\}|^case:(mismatch[\w-]*)([.\w-]*)\s*\{(.*)\}\s*$",
        text,
        re.DOTALL,
    ):
        name, body = match[1] or match[4], match[3] or match[6] or ""
        found[name] = found.get(name, "") + body
    yield from found.values()


def test_a_single_point_of_failure_blocks_what_it_is_needed_for(
    vocabulary: Vocabulary, catalogue: Catalogue, needs: dict[str, Needs]
) -> None:
    known = relations(vocabulary, catalogue)
    points = {one.attribute: one for one in single_points(known, needs)}

    assert points["proxy"].mismatches == ("RD.ProxyData",)
    assert [p.weight for p in points.values()] == sorted(
        (p.weight for p in points.values()), reverse=True
    )
    for one in points.values():
        for name_ in one.predicates:
            ways_ = [ways(known, needs, name_, c) for c in catalogue.predicates[name_].detects]
            assert any(all(one.attribute in way for way in some) for some in ways_), name_


# -- attribute sets -------------------------------------------------------------------------------


def test_what_the_sei_descriptors_cannot_tell_is_as_worked_out_by_hand(
    vocabulary: Vocabulary, catalogue: Catalogue, needs: dict[str, Needs]
) -> None:
    """Version 1.2 has no distributions, policies, proxies, windows or dates of delivery; resources,
    labels and mappings of fields stand on both sides.
    """
    known = relations(vocabulary, catalogue)
    found = set_gaps(known, needs, attribute_sets(vocabulary)["sei"])
    lacking = {
        "RD.Restrictions",
        "RD.ProxyData",
        "RD.Anonymization",
        "DE.Timelines",
        "OD.DataRates",
    }
    able = {one.mismatch.code: one.able for one in found.coverage.reaches}

    assert lacking <= {*found.coverage.undetectable}
    assert "resources-exceed-operations" in able["OE.ComputingResources"]
    assert "label-distribution-shift" in able["OD.DataStatistics"]
    assert "inference-too-slow" in able["OE.InferenceTime"]
    assert len(able) == 34
    assert {"dataRights", "samplingSeed", "digitsAllowed"} <= {*found.unread}
    assert "requiredMemory" not in found.unread


def test_formats_of_others_have_sets(vocabulary: Vocabulary) -> None:
    found = attribute_sets(vocabulary)

    assert {"sei", "mlte", "croissant", "card", "cyclonedx"} <= found.keys()
    assert all(one.attributes <= vocabulary.attributes.keys() for one in found.values())


def test_the_whole_is_reached_by_all_attributes(
    vocabulary: Vocabulary, catalogue: Catalogue
) -> None:
    whole = analyse(vocabulary, catalogue).mapping.coverage

    assert whole.undetectable == ()
    assert (whole.interviews.reached, whole.interviews.whole) == (232, 232)
    assert {one.raters for one in whole.ratings} == {
        *("all", "data-scientist", "software-engineer", "operations"),
    }
