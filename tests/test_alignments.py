"""Both ends of every mapping exist: ours in the vocabulary, theirs in what they have published."""

from pathlib import Path

import pytest

from kg import alignments, vocabulary
from kg.importers import croissant, spdx
from kg.importers._data_facts import ATTRIBUTES as OF_DATA
from kg.namespaces import iri, local
from kg.triples import Triples, read_triples
from kg.vocabulary import Vocabulary

ROOT = Path(__file__).parents[1]
# Terms with their labels, as published: each list says by whom, in which version and where.
PUBLISHED = sorted((ROOT / "tests/cases/alignments").glob("*.txt"))
# Formats that publish no terms: their keys are read by an importer, or are the study's own.
OF_KEYS = {"sei-descriptors", "study"}
RELATIONS = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")


def read(name: str) -> Triples:
    return read_triples([ROOT / "ontology/alignments" / f"{name}.ttl"])


def published(file: Path) -> set[str]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return {line.partition("\t")[0] for line in lines if not line.startswith("#")}


def test_every_alignment_with_a_vocabulary_has_the_list_of_what_it_publishes() -> None:
    names = {path.stem for path in (ROOT / "ontology/alignments").glob("*.ttl")}

    assert {path.stem for path in PUBLISHED} == names - OF_KEYS
    assert len(PUBLISHED) == 10


@pytest.mark.parametrize("file", PUBLISHED, ids=lambda file: file.stem)
def test_what_an_alignment_names_of_others_is_published_by_them(file: Path) -> None:
    named = {term.value for _, _, term in read(file.stem)}

    assert named
    assert named - published(file) == set()


@pytest.mark.parametrize("file", PUBLISHED, ids=lambda file: file.stem)
def test_what_an_alignment_names_of_ours_is_in_the_vocabulary(
    file: Path, known: Vocabulary
) -> None:
    terms = {local(subject) for subject, _, _ in read(file.stem)}
    declared = {local(subject) for subject, verb, _ in known.triples if verb == iri("rdf:type")}

    assert terms - declared == set()
    assert terms & {*known.attributes, *known.elements, *known.parts, *known.links}


@pytest.mark.parametrize("file", PUBLISHED, ids=lambda file: file.stem)
def test_an_alignment_only_maps(file: Path) -> None:
    """No axiom of OWL is in them, so whoever reasons with ours reasons as without them."""
    assert {predicate for _, predicate, _ in read(file.stem)} <= {
        iri(f"skos:{relation}") for relation in RELATIONS
    }


@pytest.mark.parametrize("file", PUBLISHED, ids=lambda file: file.stem)
def test_a_list_says_what_it_is_which_version_and_where_it_is_from(file: Path) -> None:
    head = file.read_text(encoding="utf-8").splitlines()[:3]

    assert all(line.startswith("# ") for line in head)
    assert any(character.isdigit() for character in head[1])
    assert ":" in head[2]


def test_no_two_terms_are_mapped_twice_in_different_strength(known: Vocabulary) -> None:
    seen: dict[tuple[str, str], set[str]] = {}
    for subject, predicate, term in known.triples:
        relation = predicate.removeprefix(iri("skos:"))
        if relation in RELATIONS:
            seen.setdefault((subject, term.value), set()).add(relation)

    assert [pair for pair, relations in seen.items() if len(relations) > 1] == []


@pytest.mark.parametrize(
    ("name", "prefix"),
    [
        ("croissant", "http://mlcommons.org/croissant/RAI/"),
        ("spdx", "https://spdx.org/rdf/3.0.1/terms/Dataset/"),
    ],
)
def test_an_alignment_says_of_a_key_what_its_importer_makes_of_it(name: str, prefix: str) -> None:
    keys = {
        "croissant": croissant.ATTRIBUTES,
        "spdx": {
            "intendedUse": OF_DATA["rights"],
            "dataCollectionProcess": OF_DATA["collection"],
            "dataPreprocessing": OF_DATA["step"],
            "anonymizationMethodUsed": OF_DATA["anonymization"],
            "knownBias": OF_DATA["issue"],
            "datasetNoise": OF_DATA["issue"],
            "sensor": OF_DATA["instrument"],
            "confidentialityLevel": OF_DATA["restriction"],
        },
    }[name]
    assert {*keys.values()} <= {"croissant": croissant, "spdx": spdx}[name].STATES
    mapped = {
        (term.value.removeprefix(prefix), local(subject))
        for subject, _, term in read(name)
        if term.value.startswith(prefix)
    }

    assert {*keys.items()} <= mapped


def test_the_reader_of_the_seis_keys_is_not_misled_by_other_alignments() -> None:
    found = alignments.read_alignment(vocabulary.load())

    assert found.keys["raw_data/dataset_name"].attribute.name == "datasetName"
    assert len(found.keys["raw_data/dataset_name"].attributes) == 1
