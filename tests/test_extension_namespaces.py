"""Two extensions at once, each with a namespace of its own, through every door of the house."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from rdflib import RDF, SH, Dataset, Graph, Literal, URIRef

from kg import catalogue, derive, vocabulary
from kg.catalogue import terms
from kg.cli import run
from kg.errors import KnowledgeError, PredicateMalformed
from kg.findings import Verdict
from kg.namespaces import iri
from kg.reading import read_yaml
from kg.translation import query_of
from kg.vocabulary import Vocabulary
from tests.extending import SOUND, project_of, reported, sound, told_by, vision, written

EYE, EAR = "https://example.org/vision#", "https://example.org/sound/"
MODEL = "element: ImageModel\nname: finder\nvision:channel_order: bgr\nmodel_name: f\n"
SPEECH = "element: sound:SpeechModel\nname: ear\nsound:channelOrder: left first\n"


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    below = tmp_path_factory.mktemp("knowledge")
    return vision(below), sound(below)


@pytest.fixture(scope="module")
def known(folders: tuple[Path, Path]) -> Vocabulary:
    return vocabulary.load(folders)


# -- names -----------------------------------------------------------------------------------------


def test_a_name_that_is_alone_is_a_key_and_one_that_is_not_has_its_prefix(
    known: Vocabulary,
) -> None:
    keys = {name: attribute.key for name, attribute in known.attributes.items()}

    assert keys[f"{EYE}cardMemory"] == "card_memory"
    assert keys[f"{EYE}channelOrder"] == "vision:channelOrder"
    assert keys[f"{EAR}channelOrder"] == "sound:channelOrder"
    assert (keys["modelName"], keys[f"{EAR}modelName"]) == ("model_name", "sound:modelName")
    assert len(set(keys.values())) == len(keys)


def test_alone_either_extension_has_the_short_name(tmp_path: Path) -> None:
    for folder, space in ((vision(tmp_path), EYE), (sound(tmp_path), EAR)):
        assert vocabulary.load([folder]).attribute(f"{space}channelOrder").key == "channel_order"


def test_the_order_of_the_folders_changes_no_name(folders: tuple[Path, Path]) -> None:
    assert vocabulary.load(folders).keys == vocabulary.load(folders[::-1]).keys


def test_our_names_stay_as_they_are(known: Vocabulary) -> None:
    ours = vocabulary.load()

    assert {name: known.key(name) for name in ours.keys} == dict(ours.keys)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (SOUND.replace("sound:", "unit:"), "`unit:`"),
        (SOUND.replace("sound:", "vision:"), "`vision:`"),
        (SOUND.replace("sound:", ":"), "has no prefix"),
        (SOUND.replace(EAR, f"{iri('mm:')}sound#"), "inside ours"),
    ],
)
def test_a_prefix_or_namespace_that_is_taken_is_refused(
    text: str, told: str, tmp_path: Path
) -> None:
    with pytest.raises(KnowledgeError, match=told):
        vocabulary.load([vision(tmp_path), sound(tmp_path, text)])


def test_a_preferred_prefix_is_taken_before_that_of_the_file(tmp_path: Path) -> None:
    stated = """
        <https://example.org/vision> a owl:Ontology ;
            <http://purl.org/vocab/vann/preferredNamespacePrefix> "eye" ;
            <http://purl.org/vocab/vann/preferredNamespaceUri> "https://example.org/vision#" .
        """

    known = vocabulary.load([vision(tmp_path, stated)])

    assert known.curie(f"{EYE}cardMemory") == "eye:cardMemory"


def test_a_folder_that_is_named_twice_is_one(folders: tuple[Path, Path]) -> None:
    assert vocabulary.load([*folders, folders[0]]) is vocabulary.load(folders)


def test_to_declare_a_term_of_ours_describes_nothing(tmp_path: Path) -> None:
    known = vocabulary.load([vision(tmp_path, "mm:requiredMemory a owl:DatatypeProperty .")])

    assert known.attribute("requiredMemory").unit_name == "BYTE"


def test_a_term_that_two_folders_describe_is_refused(tmp_path: Path) -> None:
    first = vision(tmp_path)
    text = (first / "ontology/vision.ttl").read_text(encoding="utf-8")
    other = written(tmp_path / "other", {"ontology/a.ttl": text})

    with pytest.raises(KnowledgeError, match=r"is described in .*vision and in .*other"):
        vocabulary.load([first, other])


# -- descriptors -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "key",
    ["vision:channel_order", "vision:channelOrder", "https://example.org/vision#channelOrder"],
)
def test_an_attribute_may_be_called_with_its_prefix_or_by_its_iri(
    key: str, folders: tuple[Path, Path], tmp_path: Path
) -> None:
    said = f'element: vision:ImageModel\nname: finder\n"{key}": BGR\n'
    project, _ = project_of({"model.yaml": said}, tmp_path, *folders)

    assert project.problems == ()
    ((statement,),) = (entry.reading.statements for entry in project.entries)
    assert (statement.attribute, statement.value) == (f"{EYE}channelOrder", f"{EYE}bgr")


def test_a_short_name_that_two_extensions_have_is_asked_about(
    folders: tuple[Path, Path], tmp_path: Path
) -> None:
    said = "element: ImageModel\nname: finder\nchannel_order: bgr\n"
    project, _ = project_of({"model.yaml": said}, tmp_path, *folders)

    (problem,) = project.problems
    assert problem.line == 3
    assert "write `vision:channelOrder`." in problem.message


def test_an_attribute_of_the_other_extension_is_no_attribute_of_the_class(
    folders: tuple[Path, Path], tmp_path: Path
) -> None:
    said = "element: ImageModel\nname: finder\nsound:channelOrder: left\n"
    project, _ = project_of({"model.yaml": said}, tmp_path, *folders)

    (problem,) = project.problems
    assert "It is stated of any speech model" in problem.message


def test_classes_of_one_name_are_told_apart_by_their_prefixes(tmp_path: Path) -> None:
    text = SOUND.replace("SpeechModel", "ImageModel")
    folders = vision(tmp_path), sound(tmp_path, text)
    files = {
        "eye.yaml": "element: vision:ImageModel\nname: eye\ncard_memory: 16 GB\n",
        "ear.yaml": "element: sound:ImageModel\nname: ear\nsound:modelName: Echo\n",
        "which.yaml": "element: ImageModel\nname: which\n",
    }

    project, _ = project_of(files, tmp_path, *folders)

    assert {node.name: kinds for node, kinds in project.types.items()} == {
        "eye": (f"{EYE}ImageModel",),
        "ear": (f"{EAR}ImageModel",),
    }
    (problem,) = project.problems
    assert "Did you mean vision:ImageModel or sound:ImageModel?" in problem.message


def test_json_that_names_our_context_is_read_with_the_extensions_terms(
    folders: tuple[Path, Path], tmp_path: Path
) -> None:
    said = {
        "@context": iri("mm:context.jsonld"),
        "@id": "#finder",
        "element": "ImageModel",
        "vision:channelOrder": "bgr",
        "card_memory": 16000000000,
    }
    project, _ = project_of({"model.jsonld": json.dumps(said)}, tmp_path, *folders)

    assert project.problems == ()
    assert project.statements == 2


# -- what is derived -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made(known: Vocabulary, folders: tuple[Path, Path]) -> dict[str, str]:
    return derive.derive(known, catalogue.load(known, folders))


def test_the_context_turns_both_into_their_terms(made: dict[str, str]) -> None:
    said = json.loads(made["ontology/derived/context.jsonld"]) | {
        "@graph": [
            {"@id": "urn:a", "@type": "ImageModel", "vision:channelOrder": "bgr", "card_memory": 1},
            {"@id": "urn:b", "@type": "SpeechModel", "sound:channelOrder": "left first"},
        ]
    }
    graph = Dataset().parse(data=json.dumps(said), format="json-ld")

    found = {(str(s), str(p), str(o)) for s, p, o, _ in graph.quads()}
    assert ("urn:a", str(RDF.type), f"{EYE}ImageModel") in found
    assert ("urn:a", f"{EYE}channelOrder", f"{EYE}bgr") in found
    assert ("urn:a", f"{EYE}cardMemory", "1") in found
    assert ("urn:b", f"{EAR}channelOrder", "left first") in found


@pytest.mark.parametrize(
    ("said", "faults"),
    [
        ({"element": "ImageModel", "vision:channelOrder": "bgr", "card_memory": "16 GB"}, 0),
        ({"element": "ImageModel", "vision:channelOrder": "gbr"}, 1),
        ({"element": "ImageModel", "channel_order": "bgr"}, 1),
    ],
)
def test_the_schema_takes_what_can_be_read(
    said: dict[str, str], faults: int, made: dict[str, str]
) -> None:
    schema = json.loads(made["ontology/derived/schemas/ImageModel.json"])

    Draft202012Validator.check_schema(schema)
    assert len(list(Draft202012Validator(schema).iter_errors(said))) == faults


def test_the_shapes_name_the_terms_of_each(made: dict[str, str]) -> None:
    graph = Graph()
    for name, text in made.items():
        if name.endswith(".ttl"):
            graph.parse(data=text)

    paths = {str(path) for path in graph.objects(None, SH.path)}
    assert {f"{EYE}channelOrder", f"{EAR}channelOrder", f"{EAR}modelName"} <= paths
    shape = URIRef(iri("mms:vision-ImageModel-vision-cardMemory"))
    assert (shape, SH.maxCount, Literal(1)) in graph
    assert (URIRef(iri("mms:TrainedModel")), SH.targetClass, URIRef(f"{EAR}SpeechModel")) in graph


def test_the_pages_tell_of_both(made: dict[str, str]) -> None:
    page = made["docs/vocabulary.md"]

    assert "### Image model" in page
    assert "| `vision:channelOrder` |" in page
    assert "| `sound:channelOrder` |" in page
    assert "`colours-turned`" in made["docs/mismatches.md"]


def test_derived_files_are_written_beside_the_extension(
    folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    eye, ear = folders
    code = run(["derive", "--knowledge", str(eye), "--knowledge", str(ear)])
    capsys.readouterr()
    again = run(["derive", "--check", "--knowledge", str(eye), "--knowledge", str(ear)])

    assert (code, again) == (0, 0)
    assert (ear / "ontology/derived/schemas/SpeechModel.json").is_file()
    # What is derived is no source, and changes nothing when it is loaded.
    assert vocabulary.load([eye, ear]).keys == vocabulary.load(folders).keys


# -- commands --------------------------------------------------------------------------------------


@pytest.fixture
def option(folders: tuple[Path, Path]) -> list[str]:
    return [word for folder in folders for word in ("--knowledge", str(folder))]


def test_forms_ask_for_what_each_extension_adds_and_read_back(
    option: list[str],
    folders: tuple[Path, Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run(["new", str(tmp_path / "shop"), *option])
    capsys.readouterr()
    path = tmp_path / "shop/descriptors/image-model.yaml"
    text = path.read_text()

    assert read_yaml(text).value == {"element": "ImageModel"}
    assert "# vision:channelOrder: rgb" in text
    assert "sound:" not in text
    path.write_text(text.replace("# vision:channelOrder: rgb", "vision:channelOrder: rgb"))
    (finding,) = told_by(reported(tmp_path / "shop", *folders), "colours-turned")
    assert finding.verdict is Verdict.CLEAR


@pytest.mark.parametrize("name", ["vision:channelOrder", f"{EYE}channelOrder"])
def test_explain_knows_an_attribute_by_its_prefix_and_by_its_iri(
    name: str, option: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(["explain", name, *option])
    told = " ".join(capsys.readouterr().out.split())

    assert code == 0
    assert "attribute of ImageModel" in told
    assert "In which order the colours of a pixel stand." in told
    assert "microphones" not in told
    assert "colours-turned" in told


def test_explain_tells_what_a_narrower_attribute_counts_for(
    option: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    run(["explain", "card_memory", *option])

    assert "required_memory" in capsys.readouterr().out


@pytest.mark.parametrize(
    "as_", ["text", "json", "html", "csv", "markdown", "sarif", "junit", "jsonld"]
)
def test_a_report_in_any_format_tells_of_the_extensions_terms(
    as_: str, option: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = written(tmp_path / "shop", {"eye.yaml": MODEL, "ear.yaml": SPEECH})

    code = run(["check", str(project), "--as", as_, *option])
    told = capsys.readouterr().out

    assert code == 0
    assert "colours-turned" in told
    assert "The model wants bgr." in told


def test_reports_for_programs_name_terms_by_their_iris(
    option: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = written(tmp_path / "shop", {"eye.yaml": MODEL, "ear.yaml": SPEECH})

    run(["check", str(project), "--as", "json", *option])
    (told,) = json.loads(capsys.readouterr().out)["projects"]
    run(["check", str(project), "--as", "jsonld", *option])
    graph = Dataset().parse(data=capsys.readouterr().out, format="json-ld")

    (finding,) = (f for f in told["findings"] if f["predicate"] == "colours-turned")
    assert finding["subject"]["element"] == f"{EYE}ImageModel"
    assert [e["attribute"] for e in finding["evidence"]] == [f"{EYE}channelOrder"]
    assert told["problems"] == []
    attributes = {str(o) for o in graph.objects(None, URIRef(iri("ofAttribute")))}
    assert f"{EYE}channelOrder" in attributes


def test_a_shape_may_be_about_terms_of_an_extension(
    folders: tuple[Path, Path], tmp_path: Path
) -> None:
    said = "element: ImageModel\nname: finder\ncard_memory: 300 GB\n"
    project = written(tmp_path / "shop", {"model.yaml": said})

    (finding,) = told_by(reported(project, *folders), "card-too-large")

    assert (finding.verdict, finding.message) == (Verdict.MISMATCH, "The model takes 300 GB.")
    assert [o.line for e in finding.evidence for o in e.sources] == [3]


def test_a_shape_of_two_paths_of_one_name_is_refused(tmp_path: Path) -> None:
    eye, ear = vision(tmp_path), sound(tmp_path)
    path = eye / "shapes/predicates/card-too-large.ttl"
    text = path.read_text(encoding="utf-8").replace("vision:cardMemory", "vision:channelOrder")
    other = """
        mms:card-too-large sh:property mms:card-too-large-other .
        mms:card-too-large-other a sh:PropertyShape ; sh:path sound:channelOrder ; sh:minCount 1 .
        """
    space = "@prefix sound: <https://example.org/sound/> ."
    path.write_text(f"{space}\n{text}{other}", encoding="utf-8")
    predicate = catalogue.load(vocabulary.load([eye, ear]), [eye, ear]).predicate("card-too-large")

    with pytest.raises(PredicateMalformed, match="would both be called channelOrder"):
        query_of(predicate)


def test_what_a_predicate_reads_is_known_by_its_terms(
    known: Vocabulary, folders: tuple[Path, Path]
) -> None:
    predicate = catalogue.load(known, folders).predicate("colours-turned")

    assert terms(predicate) == {f"{EYE}ImageModel", f"{EYE}channelOrder", f"{EYE}rgb"}
