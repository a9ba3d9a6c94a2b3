"""What subclasses and sub-properties of an extension mean for predicates that know none of them."""

from pathlib import Path

import pytest
from owlrl import DeductiveClosure, OWLRL_Semantics, RDFS_Semantics
from pyoxigraph import RdfFormat, parse
from rdflib import OWL, RDF, RDFS, Graph, URIRef

from kg import vocabulary
from kg.errors import KnowledgeError
from kg.exports import exporter_for
from kg.findings import Verdict
from kg.graphs import ProjectGraphs
from kg.measure import measure
from kg.namespaces import iri
from kg.projects import Project
from kg.stores import open_store
from kg.vocabulary import Vocabulary
from kg.workspace import BASE, Workspace
from tests.extending import project_of, reported, told_by, vision, written

SPACE = "https://example.org/vision#"
MODEL = "element: ImageModel\nname: finder\n"
HOST = "element: OperationalEnvironment\nname: camera\navailable_memory: 8 GB\n"
SCHEMA = (
    *(RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range),
    *(OWL.equivalentClass, OWL.equivalentProperty, OWL.inverseOf, OWL.intersectionOf),
    *(RDF.first, RDF.rest),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return vision(tmp_path_factory.mktemp("knowledge"))


@pytest.fixture(scope="module")
def known(folder: Path) -> Vocabulary:
    return vocabulary.load([folder])


def graphs_of(project: Project, known: Vocabulary) -> dict[str, set[tuple[str, str, str]]]:
    """The triples of each named graph, by what follows the project's IRI."""
    made = ProjectGraphs(project, known, BASE)
    found = {
        **dict(made.descriptors()),
        f"{made.iri}/derived": made.worked_out(measure(project, known)),
    }
    return {
        name.removeprefix(made.iri): {
            (str(q.subject), str(q.predicate), str(q.object))
            for q in parse(input="\n".join(lines), format=RdfFormat.N_TRIPLES)
        }
        for name, lines in found.items()
    }


# -- the hierarchy ---------------------------------------------------------------------------------


def test_a_class_is_below_what_its_definition_says(known: Vocabulary) -> None:
    assert known.ancestors(f"{SPACE}Detector")[:3] == (
        f"{SPACE}Detector",
        f"{SPACE}ImageModel",
        "TrainedModel",
    )
    assert known.base(f"{SPACE}Detector") == "TrainedModel"


def test_a_class_that_an_extension_narrows_can_be_described_all_the_same(known: Vocabulary) -> None:
    ours = [element.name for element in vocabulary.load().concrete()]

    assert len(ours) == 8
    assert [element.name for element in known.concrete()][:8] == ours


def test_a_sub_property_has_what_it_does_not_say_from_the_nearest_above_it(
    known: Vocabulary,
) -> None:
    memory = known.attribute("requiredMemory")
    card = known.attribute(f"{SPACE}cardMemory")
    gigabytes = known.attribute(f"{SPACE}cardMemoryInGigabytes")

    assert (card.range, card.unit, card.single) == (memory.range, memory.unit, True)
    assert (card.informs, card.asked_of) == (memory.informs, memory.asked_of)
    assert card.domain == gigabytes.domain == f"{SPACE}ImageModel"
    assert gigabytes.unit_name == "GigaBYTE"
    assert set(gigabytes.above) == {f"{SPACE}cardMemory", "requiredMemory"}


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        ("rdfs:domain mm:OperationalEnvironment", "which leads from mm:TrainedModel"),
        ("rdfs:range xsd:string", "cannot be a sub-property of mm:requiredMemory"),
        ("rdfs:range vision:ChannelOrder", "cannot be a sub-property of mm:requiredMemory"),
    ],
)
def test_an_attribute_that_could_not_count_for_the_wider_one_is_refused(
    tmp_path: Path, stated: str, told: str
) -> None:
    more = f"vision:odd a owl:DatatypeProperty ; rdfs:subPropertyOf mm:requiredMemory ; {stated} ."

    with pytest.raises(KnowledgeError, match=told):
        vocabulary.load([vision(tmp_path, more)])


# -- what follows from statements ------------------------------------------------------------------


@pytest.mark.parametrize("said", ["card_memory: 16 GB", "card_memory_in_gigabytes: 16"])
def test_a_value_counts_for_the_wider_attribute_in_its_unit_and_says_so(
    said: str, folder: Path, tmp_path: Path
) -> None:
    files = {"model.yaml": f"{MODEL}{said}\nedge_host: camera\n", "host.yaml": HOST}
    project = written(tmp_path / "shop", files)

    found = reported(project, folder)
    (finding,) = told_by(found, "resources-exceed-operations")

    assert found.problems == ()
    assert found.statements == 2
    assert finding.verdict is Verdict.MISMATCH
    assert finding.subject.element == f"{SPACE}ImageModel"
    needs = next(one for one in finding.evidence if one.name == "needs")
    assert (needs.attribute, needs.value, needs.status) == (
        "requiredMemory",
        16 * 10**9,
        "inferred",
    )
    assert {(o.file, o.line) for o in needs.sources} == {("model.yaml", 3)}
    assert all(str(o.inferred_from).startswith(f"{SPACE}cardMemory") for o in needs.sources)


def test_an_own_value_and_an_inferred_one_that_disagree_contradict_each_other(
    folder: Path, tmp_path: Path
) -> None:
    files = {
        "model.yaml": f"{MODEL}card_memory: 16 GB\n",
        "card.yaml": f"{MODEL}required_memory: 8 GB\n",
    }
    project = written(tmp_path / "shop", files)

    (finding,) = told_by(reported(project, folder), "conflicting-statements")

    assert finding.verdict is Verdict.MISMATCH
    assert {(e.value, e.status) for e in finding.evidence} == {
        (16 * 10**9, "inferred"),
        (8 * 10**9, "declared"),
    }


def test_an_own_value_and_an_inferred_one_that_agree_do_not(folder: Path, tmp_path: Path) -> None:
    files = {"model.yaml": f"{MODEL}card_memory: 16 GB\nrequired_memory: 16 GB\n"}

    (finding,) = told_by(
        reported(written(tmp_path / "shop", files), folder), "conflicting-statements"
    )

    assert finding.verdict is Verdict.CLEAR


def test_a_part_held_by_a_narrower_attribute_is_held_by_the_wider_one(
    folder: Path, tmp_path: Path
) -> None:
    files = {
        "model.yaml": f"{MODEL}needed_packages:\n  - {{name: pillow, version_range: '>=10'}}\n",
        "host.yaml": f"{HOST}available_software:\n  - {{name: pillow, version_range: '==9.0'}}\n",
    }

    (finding,) = told_by(
        reported(written(tmp_path / "shop", files), folder), "version-range-unsatisfied"
    )

    assert (finding.verdict, finding.item) == (Verdict.MISMATCH, "pillow")


def test_a_narrower_link_is_a_wider_one_and_an_inverse_one(folder: Path, tmp_path: Path) -> None:
    files = {"model.yaml": f"{MODEL}edge_host: camera\n", "host.yaml": HOST}
    project, _ = project_of(files, tmp_path, folder)

    found = {(link.name, link.subject.name, link.inferred_from) for _, link in project.links}

    assert (f"{SPACE}edgeHost", "finder", "") in found
    assert ("deployedIn", "finder", f"{SPACE}edgeHost") in found
    assert (f"{SPACE}hosts", "camera", "deployedIn") in found
    assert [one.name for _, one in project.stated_links] == [f"{SPACE}edgeHost"]


def test_a_narrower_link_is_never_guessed(folder: Path, tmp_path: Path) -> None:
    project, _ = project_of(
        {"model.yaml": MODEL + "findsBoxes: true\n", "host.yaml": HOST}, tmp_path, folder
    )

    assert "deployedIn" in {link.name for _, link in project.links}
    assert f"{SPACE}edgeHost" not in {link.name for _, link in project.links}


def test_nothing_gets_a_class_for_what_is_stated_of_it(folder: Path, tmp_path: Path) -> None:
    turtle = f"""
        @prefix mm: <https://w3id.org/ml-mismatch/> . @prefix vision: <{SPACE}> .
        <finder> a mm:TrainedModel ; vision:cardMemory 1000000000 ."""
    project, _ = project_of({"model.ttl": turtle}, tmp_path, folder)

    assert project.types == {}
    assert project.statements == 0
    assert "stated of any image model" in project.problems[0].message


def test_a_class_that_one_source_states_holds_for_what_others_say(
    folder: Path, tmp_path: Path
) -> None:
    files = {
        "model.yaml": MODEL + "card_memory: 16 GB\n",
        "other.yaml": "element: TrainedModel\nname: finder\nmodel_name: f\n",
    }
    project, _ = project_of(files, tmp_path, folder)

    (node,) = project.types
    assert (node.kind, node.name, project.types[node]) == (
        "TrainedModel",
        "finder",
        (f"{SPACE}ImageModel",),
    )


def test_what_is_inferred_stands_in_graphs_of_its_own(folder: Path, tmp_path: Path) -> None:
    files = {"model.yaml": f"{MODEL}card_memory: 16 GB\nedge_host: camera\n", "host.yaml": HOST}
    project, known = project_of(files, tmp_path, folder)
    graphs = graphs_of(project, known)
    memory, kind = f"<{iri('requiredMemory')}>", f"<{RDF.type}>"

    stated = graphs["/descriptors/model.yaml"]
    assert {verb for _, verb, _ in stated} == {kind, f"<{SPACE}cardMemory>"}
    assert {value for _, verb, value in stated if verb == kind} == {f"<{SPACE}ImageModel>"}
    assert {verb for _, verb, _ in graphs["/descriptors/model.yaml#inferred"]} == {memory}
    assert {verb for _, verb, _ in graphs["/links"]} == {f"<{SPACE}edgeHost>"}
    assert f"<{iri('deployedIn')}>" in {verb for _, verb, _ in graphs["/links#inferred"]}


@pytest.mark.parametrize("suffix", ["yaml", "trig", "jsonld"])
def test_what_is_written_holds_what_is_stated_and_reads_back_the_same(
    suffix: str, folder: Path, tmp_path: Path
) -> None:
    said = "card_memory: 16 GB\nchannel_order: BGR\nedge_host: camera\n"
    files = {"model.yaml": MODEL + said, "host.yaml": HOST}
    project, known = project_of(files, tmp_path, folder)
    text = exporter_for(f"a.{suffix}").write(project, known)
    again, _ = project_of({f"all.{suffix}": text}, tmp_path / "again", folder)

    def facts(one: Project) -> set[tuple[str, str, str]]:
        return {
            (s.node.element.name, s.attribute, str(s.value))
            for entry in one.entries
            for s in entry.reading.statements
        }

    assert again.problems == ()
    assert facts(again) == facts(project)
    assert set(again.types.values()) == {(f"{SPACE}ImageModel",)}
    assert {one.name for _, one in again.stated_links} >= {f"{SPACE}edgeHost"}


# -- the oracle ------------------------------------------------------------------------------------


@pytest.mark.parametrize("semantics", [RDFS_Semantics, OWLRL_Semantics])
def test_the_reasoner_infers_the_same_from_all_that_is_stated(
    semantics: type, folder: Path, tmp_path: Path
) -> None:
    files = {
        "model.yaml": f"{MODEL}card_memory: 16 GB\nmodel_name: finder\nedge_host: camera\n"
        "needed_packages:\n  - {name: pillow, version_range: '>=10'}\n",
        "host.yaml": HOST,
        "task.yaml": "element: TaskAndPurpose\nname: find\ntask: find boxes\n",
        "mismatch.yaml": "links:\n  - {link: pursues, from: finder, to: find}\n",
    }
    project, known = project_of(files, tmp_path, folder)
    graphs = graphs_of(project, known)
    stated = {
        triple
        for name, graph in graphs.items()
        if name != "/derived" and "#" not in name
        for triple in graph
    }
    workspace = Workspace(open_store("memory:"), known)
    workspace.put(project)
    ours = _restricted(_graph(_lines(workspace.facts("project").triples)), known)

    closed = _graph(stated) + _schema(folder)
    DeductiveClosure(semantics, axiomatic_triples=False, datatype_axioms=False).expand(closed)
    theirs = _restricted(closed, known)
    if semantics is RDFS_Semantics:
        # RDFS has no inverse properties.
        hosts = URIRef(f"{SPACE}hosts")
        ours = {one for one in ours if one[1] != hosts}

    assert ours == theirs
    assert len(ours) > len(stated)


def _lines(text: str) -> set[tuple[str, str, str]]:
    found = parse(input=text, format=RdfFormat.N_TRIPLES)
    return {(str(q.subject), str(q.predicate), str(q.object)) for q in found}


def _graph(triples: set[tuple[str, str, str]]) -> Graph:
    text = "\n".join(f"{s} {p} {o} ." for s, p, o in triples)
    return Graph().parse(data=text, format="nt")


def _schema(folder: Path) -> Graph:
    """The axioms of our classes and properties, and of the extension's."""
    found = Graph()
    files = [*Path("ontology").rglob("*.ttl"), *folder.rglob("*.ttl")]
    for path in (path for path in files if "derived" not in path.parts):
        found.parse(path)
    axioms = Graph()
    wanted = (URIRef(iri(term)) for term in _used())
    named = set(wanted)
    for s, p, o in found:
        if p in SCHEMA and (
            str(s).startswith(SPACE) or s in named or p not in {RDFS.domain, RDFS.range}
        ):
            axioms.add((s, p, o))
    return axioms


def _used() -> tuple[str, ...]:
    return (
        *("requiredMemory", "availableMemory", "modelName", "requiredSoftware", "versionRange"),
        *("deployedIn", "pursues", "name", "task"),
    )


def _restricted(graph: Graph, known: Vocabulary) -> set[tuple[object, object, object]]:
    """What is said of the project's nodes in terms of the vocabulary."""
    classes = {URIRef(iri(name)) for name in (*known.elements, *known.parts)}
    verbs = {URIRef(iri(name)) for name in (*known.attributes, *known.links)}
    return {
        (s, p, o)
        for s, p, o in graph
        if str(s).startswith(BASE) and (p in verbs or (p == RDF.type and o in classes))
    }
