"""The publication tells every term, its links lead somewhere, and its files say what we say."""

import re
from html import unescape
from itertools import chain
from pathlib import Path

import pytest
from rdflib import Graph, URIRef
from rdflib.compare import isomorphic

from kg import catalogue, vocabulary
from kg.catalogue import Catalogue
from kg.cli import run
from kg.namespaces import iri
from kg.publication import published
from kg.vocabulary import Vocabulary
from tests.browsing import Browser, Skeleton, judged
from tests.test_upgrading import RETIRED
from tests.turtle import PREFIXES

ROOT = Path(__file__).parents[1]
FORMATS = {"ontology.ttl": "turtle", "ontology.rdf": "xml", "ontology.jsonld": "json-ld"}


@pytest.fixture(scope="module")
def site(known: Vocabulary, predicates: Catalogue) -> dict[str, str]:
    return published(known, predicates)


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The publication with an extension that gives terms up and adds one."""
    folder = tmp_path_factory.mktemp("mine")
    (folder / "ontology/elements").mkdir(parents=True)
    (folder / "ontology/deprecated.ttl").write_text(PREFIXES + RETIRED, encoding="utf-8")
    (folder / "ontology/elements/carbon.ttl").write_text(
        PREFIXES
        + """mm:emittedCarbon a owl:DatatypeProperty ; rdfs:label "emitted <b>carbon</b>"@en ;
        skos:definition "Carbon dioxide that is emitted, in <i>grams</i> & more."@en ;
        skos:example "120.5" ; rdfs:domain mm:TrainedModel ; rdfs:range mm:quantity .""",
        encoding="utf-8",
    )
    known = vocabulary.load([folder])
    return published(known, catalogue.load(known, [folder]), [folder])


def pages(site: dict[str, str]) -> dict[str, Skeleton]:
    return {name: Skeleton(text) for name, text in site.items() if name.endswith(".html")}


def places(page: Skeleton) -> set[str]:
    return {value for _, given in page.elements for key, value in given if key == "id" and value}


def addresses(page: Skeleton) -> list[str]:
    return [
        value
        for tag, given in page.elements
        if tag == "a"
        for key, value in given
        if key == "href" and value
    ]


# -- files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FORMATS)
def test_the_ontology_is_the_same_in_every_syntax(name: str, site: dict[str, str]) -> None:
    ours = Graph()
    for path in sorted((ROOT / "ontology").rglob("*.ttl")):
        if "derived" not in path.parts:
            ours.parse(path)

    assert isomorphic(Graph().parse(data=site[name], format=FORMATS[name]), ours)


def test_each_alignment_is_a_file_of_its_own(site: dict[str, str]) -> None:
    for path in (ROOT / "ontology/alignments").glob("*.ttl"):
        assert site[f"alignment-{path.stem}.ttl"] == path.read_text(encoding="utf-8")


def test_the_catalogue_names_every_predicate_with_what_it_reads(
    site: dict[str, str], predicates: Catalogue
) -> None:
    graph = Graph().parse(data=site["catalogue.ttl"], format="turtle")
    detecting = set(graph.subjects(URIRef(iri("mm:detects"))))
    reading = set(graph.subjects(URIRef(iri("mm:reads"))))

    assert len(detecting) == len(predicates.predicates)
    assert reading < detecting
    resources = URIRef(iri("mms:resources-exceed-operations"))
    assert (resources, URIRef(iri("mm:reads")), URIRef(iri("mm:requiredMemory"))) in graph


# -- pages ----------------------------------------------------------------------------------------


def test_every_link_within_the_publication_leads_to_a_place_that_is_there(
    site: dict[str, str], extended: dict[str, str]
) -> None:
    for files in (site, extended):
        found = pages(files)
        known = {name: places(page) for name, page in found.items()}
        for name, page in found.items():
            for address in addresses(page):
                file, _, place = address.partition("#")
                if "//" in address:
                    continue
                assert not file or file in files, (name, address)
                assert not place or place in known[file or name], (name, address)


def test_no_place_stands_twice_on_a_page(site: dict[str, str]) -> None:
    for name, page in pages(site).items():
        ids = [v for _, given in page.elements for key, v in given if key == "id"]
        assert len(ids) == len(set(ids)), name


def test_every_term_has_its_place(
    site: dict[str, str], known: Vocabulary, predicates: Catalogue
) -> None:
    told = set(chain.from_iterable(map(places, pages(site).values())))
    listed = {name for members in known.lists.values() for name in members}

    assert {*known.elements, *known.parts, *known.links, *known.attributes} <= told
    assert {*known.lists, *listed} <= told
    assert {mismatch.name for mismatch in predicates.mismatches.values()} <= told
    assert {f"predicate-{name}" for name in predicates.predicates} <= told
    assert {"single", "Descriptor", "Comparison", "count", "Finding"} <= told


def test_an_attribute_is_told_with_all_that_the_ontology_says_of_it(site: dict[str, str]) -> None:
    page = site["trained-model.html"]
    block = page.partition('id="requiredMemory"')[2].partition("</article>")[0]
    text = " ".join(unescape(re.sub(r"<[^>]+>", " ", block)).split())

    for words in (
        "https://w3id.org/ml-mismatch/requiredMemory",
        "required_memory",
        "Values at a time one",
        "Unit BYTE",
        "data scientist",
        "TM.SystemConfiguration",
        "resources-exceed-operations",
        "schema:memoryRequirements",
    ):
        assert words in text, words


def test_an_example_states_in_rdf_what_its_descriptor_says(site: dict[str, str]) -> None:
    page = site["trained-model.html"]
    descriptor, turtle = (
        unescape(text) for text in re.findall(r"<pre.*?><code>(.*?)</code>", page, re.DOTALL)
    )
    graph = Graph().parse(data=turtle, format="turtle")

    assert descriptor.startswith("element: TrainedModel\nname: trained-model-1\n")
    # The class and each line below the name; the name is the element's own.
    assert len(graph) == len(descriptor.strip().splitlines()) - 1


def test_an_extension_is_published_with_ours_and_its_words_are_no_markup(
    extended: dict[str, str],
) -> None:
    page = extended["trained-model.html"]

    assert 'id="emittedCarbon"' in page
    assert "<b>carbon</b>" not in page
    assert "&lt;i&gt;grams&lt;/i&gt; &amp; more" in page


def test_what_was_given_up_is_told_with_what_replaces_it(
    extended: dict[str, str], site: dict[str, str]
) -> None:
    page = extended["given-up.html"]

    assert "Given up in 0.2.0: Sizes are whole bytes." in page
    assert 'href="trained-model.html#requiredMemory"' in page
    assert "given-up.html" not in site
    assert 'id="memoryInGigabytes"' not in extended["trained-model.html"]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(
    "name",
    ["index.html", "training-data.html", "questions.html", "alignment-dcat.html", "asset.html"],
)
def test_axe_finds_nothing_on_a_page(
    name: str, site: dict[str, str], chromium: Browser, tmp_path: Path, *, dark: bool
) -> None:
    width = 500 if dark else 1100
    found = judged(chromium, site[name], tmp_path, dark=dark, width=width)

    assert found["violations"] == []
    assert {"color-contrast", "document-title", "html-has-lang", "region"} <= set(found["passes"])
    assert (found["dark"], found["fetched"]) == (dark, [])
    assert found["needed"] <= found["width"] == width


# -- the command ----------------------------------------------------------------------------------


def test_the_command_writes_a_folder_and_says_where_to_begin(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["publish", "-o", str(tmp_path / "site")]) == 0
    assert (tmp_path / "site/index.html").is_file()
    assert "Begin with" in capsys.readouterr().out


def test_the_command_needs_a_folder() -> None:
    assert run(["publish"]) == 2
