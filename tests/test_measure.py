"""What is worked out before detection: counterparts, how values relate, whether assumptions hold,
tests of distributions.
"""

import re
from dataclasses import replace
from itertools import permutations
from typing import get_args

import pytest

from kg.comparing import ways
from kg.errors import PredicateMalformed
from kg.graphs import ProjectGraphs
from kg.measure import Measured, Pair, measure, questions
from kg.measure.pairings import pairings
from kg.projects import Project, read_project
from kg.statistics import Design, Kind, Result
from kg.vocabulary import Vocabulary
from tests.conftest import Write

TRAIN = "element: TrainingData\nfields:\n{}"
LIVE = "element: OperationalData\nfields:\n{}"


def fields(*texts: str) -> str:
    return "".join(f"- {text}\n" for text in texts)


def measured(write: Write, known: Vocabulary, files: dict[str, str]) -> Measured:
    return measure(read_project(write(files), known), known)


def pairs(found: Measured) -> set[tuple[str, str]]:
    return {names(pair) for pair in found.pairs if pair.is_sure}


def alignments(found: Measured) -> dict[tuple[str, str], str]:
    return {names(pair): pair.alignment for pair in found.pairs}


def names(pair: Pair) -> tuple[str, str]:
    return pair.first.parts[-1][1], pair.second.parts[-1][1]


def by(found: Measured, pairing: str) -> set[tuple[str, str]]:
    """The names of the counterparts that one pairing brought together."""
    return {names(pair) for pair in found.pairs if pair.is_sure and pair.pairing == pairing}


@pytest.mark.parametrize(
    ("train", "live", "expected"),
    [
        (["{name: age}"], ["{name: age}"], {("age", "age")}),
        (["{name: pH Value}"], ["{name: pH_Value}"], {("pH Value", "pH_Value")}),
        (["{name: age}"], ["{name: page}"], set()),
        (["{name: a, counterpart: b}"], ["{name: a}", "{name: b}"], {("a", "b")}),
        (["{name: a}"], ["{name: b, counterpart: a}"], {("a", "b")}),
        (["{name: a, counterpart: c}"], ["{name: a}"], set()),
        (["{name: heart rate}"], ["{name: heart_rate}", "{name: Heart Rate}"], set()),
    ],
)
def test_a_declared_counterpart_decides_else_one_name_else_aligned_names(
    train: list[str],
    live: list[str],
    expected: set[tuple[str, str]],
    write: Write,
    known: Vocabulary,
) -> None:
    files = {"t.yaml": TRAIN.format(fields(*train)), "o.yaml": LIVE.format(fields(*live))}
    assert pairs(measured(write, known, files)) == expected


def test_a_mapping_in_the_settings_pairs_fields(write: Write, known: Vocabulary) -> None:
    files = {
        "mismatch.yaml": "mappings:\n- {from: income, to: salary}\n",
        "t.yaml": TRAIN.format(fields("{name: income}")),
        "o.yaml": LIVE.format(fields("{name: salary}", "{name: income}")),
    }
    assert pairs(measured(write, known, files)) == {("income", "salary")}


def test_a_metric_is_paired_with_the_goal_it_measures_not_with_its_namesake(
    write: Write, known: Vocabulary
) -> None:
    files = {
        "p.yaml": "element: TaskAndPurpose\ngoals: [{name: growth}, {name: accuracy}]\n",
        "m.yaml": "element: TrainedModel\n"
        "algorithm_metrics: [{name: accuracy, measured_goals: [growth]}]\n",
    }
    assert pairs(measured(write, known, files)) == {("accuracy", "growth")}


@pytest.mark.parametrize(
    ("train", "live", "expected"),
    [
        (["{name: age}"], ["{name: age}"], {("age", "age"): "identical"}),
        (
            ["{name: Customer Age}"],
            ["{name: customer_age}"],
            {("Customer Age", "customer_age"): "aligned"},
        ),
        (["{name: a, counterpart: b}"], ["{name: b}"], {("a", "b"): "declared"}),
        (["{name: age}"], ["{name: age}", "{name: Age}"], {("age", "age"): "identical"}),
        (
            ["{name: heart rate}"],
            ["{name: heart_rate}", "{name: Heart Rate}"],
            {
                ("heart rate", "heart_rate"): "ambiguous",
                ("heart rate", "Heart Rate"): "ambiguous",
            },
        ),
        (
            ["{name: heart_rate}", "{name: Heart Rate}"],
            ["{name: heart rate}"],
            {
                ("heart_rate", "heart rate"): "ambiguous",
                ("Heart Rate", "heart rate"): "ambiguous",
            },
        ),
        (
            ["{name: customer_age}"],
            ["{name: cust_age}"],
            {("customer_age", "cust_age"): "guessed"},
        ),
        (
            ["{name: crop}", "{name: age}"],
            ["{name: Crop Label}", "{name: age}"],
            {("crop", "Crop Label"): "guessed", ("age", "age"): "identical"},
        ),
        (["{name: crop}", "{name: rain}"], ["{name: Crop Label}", "{name: sun}"], {}),
        (["{name: income_2019}"], ["{name: income_2020}"], {}),
        (["{name: age}"], ["{name: page}"], {}),
        (["{name: age, counterpart: years}"], ["{name: age}"], {}),
    ],
)
def test_a_pair_tells_what_makes_it_one(
    train: list[str],
    live: list[str],
    expected: dict[tuple[str, str], str],
    write: Write,
    known: Vocabulary,
) -> None:
    files = {"t.yaml": TRAIN.format(fields(*train)), "o.yaml": LIVE.format(fields(*live))}
    assert alignments(measured(write, known, files)) == expected


def test_what_is_ambiguous_or_guessed_is_no_counterpart(write: Write, known: Vocabulary) -> None:
    live = fields("{name: heart_rate}", "{name: Heart Rate}", "{name: cust_age}")
    files = {
        "t.yaml": TRAIN.format(fields("{name: heart rate}", "{name: customer_age}")),
        "o.yaml": LIVE.format(live),
    }
    project = read_project(write(files), known)
    written = ProjectGraphs(project, known, "").worked_out(measure(project, known))
    assert not [line for line in written if "pairedWith" in line]
    assert len([line for line in written if "alignment" in line]) == 3


def test_a_mapping_of_training_fields_does_not_part_them_from_inputs_and_raw_fields(
    write: Write, known: Vocabulary
) -> None:
    files = {
        "mismatch.yaml": "mappings:\n- {from: income, to: salary}\n",
        "m.yaml": "element: TrainedModel\ninputs: [{name: income}]\n",
        "r.yaml": "element: RawData\nfields: [{name: income}]\n",
        "t.yaml": TRAIN.format(fields("{name: income}")),
        "o.yaml": LIVE.format(fields("{name: salary}")),
    }
    found = measured(write, known, files)
    assert by(found, "fields-of-training-and-operational-data") == {("income", "salary")}
    assert by(found, "inputs-and-operational-fields") == {("income", "salary")}
    assert by(found, "inputs-and-training-fields") == {("income", "income")}
    assert by(found, "fields-of-training-and-raw-data") == {("income", "income")}


COMPONENTS = """element: DevelopmentEnvironment
downstream_components:
- name: dunning
  items: [{name: risk}, {name: score}]
- name: archive
  items: [{name: risk}]
upstream_components:
- name: crm
  items: [{name: born}]
"""


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("{name: score, connected_component: dunning, connected_item: risk}", 1),
        ("{name: score, connected_item: risk}", 2),
        ("{name: risk}", 2),
        ("{name: risk, connected_component: archive}", 1),
        ("{name: score, connected_component: archive, connected_item: score}", 0),
        ("{name: score, connected_component: nobody, connected_item: score}", 0),
        ("{name: score, connected_component: dunning, connected_item: gone}", 0),
    ],
)
def test_an_output_meets_the_item_of_the_component_that_it_names(
    output: str, expected: int, write: Write, known: Vocabulary
) -> None:
    model = f"element: TrainedModel\noutputs: [{output}]\n"
    found = measured(write, known, {"m.yaml": model, "e.yaml": COMPONENTS})
    assert len([pair for pair in found.pairs if pair.is_sure]) == expected


def test_a_part_that_is_said_to_have_no_counterpart_has_none_by_name(
    write: Write, known: Vocabulary
) -> None:
    model = """
        @prefix mm: <https://w3id.org/ml-mismatch/> .
        <model> a mm:TrainedModel ; mm:output
            [ mm:name "score" ; mm:complete mm:connectedItem ] , [ mm:name "risk" ] .
    """
    found = measured(write, known, {"m.ttl": model, "e.yaml": COMPONENTS})
    assert {first for first, _ in pairs(found)} == {"risk"}


def test_a_training_field_without_a_live_counterpart_still_has_a_raw_one(
    write: Write, known: Vocabulary
) -> None:
    train = """
        @prefix mm: <https://w3id.org/ml-mismatch/> .
        <train> a mm:TrainingData ; mm:field [ mm:name "age" ; mm:complete mm:counterpart ] .
    """
    files = {
        "t.ttl": train,
        "o.yaml": LIVE.format(fields("{name: age}")),
        "r.yaml": "element: RawData\nfields: [{name: age}]\n",
    }
    found = measured(write, known, files)
    assert by(found, "fields-of-training-and-operational-data") == set()
    assert by(found, "fields-of-training-and-raw-data") == {("age", "age")}


def test_a_pipeline_meets_data_and_environments_through_the_model(
    write: Write, known: Vocabulary
) -> None:
    files = {
        "p.yaml": "element: DataPipeline\npipeline_software: [pandas]\n"
        "pipeline_inputs: [{name: age, connected_component: crm, connected_item: born}]\n"
        "pipeline_outputs: [{name: age_scaled}]\n",
        "m.yaml": "element: TrainedModel\ninputs: [{name: age}, {name: age_scaled}]\n",
        "e.yaml": COMPONENTS,
        "o.yaml": LIVE.format(fields("{name: age}")),
        "requirements.txt": "pandas==2.1\n",
    }
    found = measured(write, known, files)
    assert by(found, "pipeline-inputs-and-upstream-items") == {("age", "born")}
    assert by(found, "pipeline-inputs-and-operational-fields") == {("age", "age")}
    assert by(found, "pipeline-outputs-and-model-inputs") == {("age_scaled", "age_scaled")}
    assert by(found, "software-of-pipeline-and-environment") == {("pandas", "pandas")}


def test_figures_correspond_where_their_fields_do_and_tell_the_same(
    write: Write, known: Vocabulary
) -> None:
    figures = "stated_figures:\n- {{figure_field: {0}, figure_property: Mean, figure_value: '4'}}\n"
    figures += "- {{figure_field: {0}, figure_property: Median, figure_value: '3'}}\n"
    files = {
        "t.yaml": TRAIN.format(fields("{name: age, counterpart: years}")) + figures.format("age"),
        "o.yaml": LIVE.format(fields("{name: years}")) + figures.format("Years"),
    }
    found = measured(write, known, files)
    told = [pair for pair in found.pairs if pair.first.parts[-1][0] == "statedFigure"]
    assert len(told) == 2
    assert {pair.alignment for pair in told} == {"declared"}


def test_figures_of_fields_that_are_no_pair_do_not_correspond(
    write: Write, known: Vocabulary
) -> None:
    figure = "stated_figures:\n- {figure_field: age, figure_property: Mean, figure_value: '4'}\n"
    files = {
        "t.yaml": TRAIN.format(fields("{name: age, counterpart: years}")) + figure,
        "o.yaml": LIVE.format(fields("{name: age}", "{name: years}")) + figure,
    }
    assert pairs(measured(write, known, files)) == {("age", "years")}
    files["t.yaml"] = TRAIN.format(fields("{name: income}")) + figure
    found = measured(write, known, files)
    assert by(found, "figures-of-training-and-operational-data") != set()


def test_a_declared_name_means_who_is_called_so_before_who_is_called_alike(
    write: Write, known: Vocabulary
) -> None:
    files = {
        "t.yaml": TRAIN.format(fields("{name: mass, counterpart: weight (kg)}")),
        "o.yaml": LIVE.format(fields("{name: weight (kg)}", "{name: weight (lb)}")),
    }
    assert pairs(measured(write, known, files)) == {("mass", "weight (kg)")}


GLOSSARY = """element: TaskAndPurpose
planned_contexts: [{name: Bavaria}, {name: Norway}]
glossary:
- {name: Bavaria, broader_terms: [Germany]}
- {name: Germany, broader_terms: [Europe, Bavaria]}
"""


def test_a_context_meets_the_broader_one_but_not_the_narrower(
    write: Write, known: Vocabulary
) -> None:
    model = "element: TrainedModel\nvalidated_contexts: [{name: europe}, {name: Oslo}]\n"
    live = "element: OperationalData\ncontexts: [{name: Munich}, {name: Germany}]\n"
    found = measured(write, known, {"p.yaml": GLOSSARY, "m.yaml": model, "o.yaml": live})
    assert by(found, "planned-and-validated-contexts") == {("Bavaria", "europe")}
    assert by(found, "operational-and-validated-contexts") == {("Germany", "europe")}
    assert set(alignments(found).values()) == {"broader"}


def test_a_metric_meets_the_criterion_that_names_it(write: Write, known: Vocabulary) -> None:
    files = {
        "p.yaml": "element: TaskAndPurpose\n"
        "acceptance_criteria: [{name: A-1, criterion_metric: Recall}, {name: precision}]\n",
        "m.yaml": "element: TrainedModel\nevaluation_metrics: [{name: recall}]\n"
        "test_metrics: [{name: precision}]\n",
    }
    found = measured(write, known, files)
    assert by(found, "metrics-and-criteria") == {("recall", "A-1"), ("precision", "precision")}


@pytest.mark.parametrize("term", ["first", "second", "first_within", "within"])
def test_a_pairing_is_between_parts_that_the_vocabulary_has(term: str, known: Vocabulary) -> None:
    for pairing in pairings(known.triples):
        for name in getattr(pairing, term):
            assert known.attribute(name).range.kind == "part", pairing.name


def test_a_pairing_goes_along_links_from_and_to_what_has_the_parts(known: Vocabulary) -> None:
    for pairing in pairings(known.triples):
        assert pairing.along
        for along in pairing.along:
            begin, end = known.links[along].domain, known.links[along].range
            if pairing.first_along:
                assert known.links[pairing.first_along].domain == begin, pairing.name
                begin = known.links[pairing.first_along].range
            if pairing.then_along:
                assert known.links[pairing.then_along].domain == end, pairing.name
                end = known.links[pairing.then_along].range
            ends = (end, begin) if pairing.backwards else (begin, end)
            held = pairing.first_within or pairing.first, pairing.within or pairing.second
            for element, attributes in zip(ends, held, strict=True):
                for name in attributes:
                    domain = known.attribute(name).domain
                    assert domain in known.ancestors(element), (pairing.name, name)


def test_a_pairing_names_counterparts_by_attributes_of_their_parts(known: Vocabulary) -> None:
    for pairing in pairings(known.triples):
        kinds = {known.attribute(name).range.name for name in (*pairing.first, *pairing.second)}
        above = {name for kind in kinds for name in known.ancestors(kind)}
        terms = (pairing.named_by, pairing.within_named_by, pairing.called_by, pairing.same_in)
        for name in filter(None, terms):
            assert known.attribute(name).domain in above, (pairing.name, name)
        assert pairing.named_by or pairing.by_name, pairing.name


# -- comparisons ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("need", "have", "relation"),
    [
        ("==1.4.2", "==1.4.2", "within"),
        (">=1.4", "==1.4.2", "within"),
        ("==1.4.2", ">=1.4", "overlaps"),
        ("==2.4", "==2.4.2", "disjoint"),
        ("==3.11.6", "==3.11.*", "overlaps"),
        ("<1,>=2", "==1.5", "impossible"),
    ],
)
def test_ranges_of_paired_packages_are_compared(
    need: str, have: str, relation: str, write: Write, known: Vocabulary
) -> None:
    files = {
        "m.yaml": "element: TrainedModel\nrequired_software:\n"
        f"- {{name: x, version_range: '{need}'}}\n",
        "requirements.txt": f"x{have}\n",
    }
    found = measured(write, known, files).comparisons
    assert [c.relation for c in found if c.first != c.second] == [relation]


def test_ranges_of_one_package_are_compared_both_ways(write: Write, known: Vocabulary) -> None:
    found = measured(write, known, {"requirements.txt": "x==1.0\nx==2.0\n"}).comparisons
    assert {(c.first_value, c.second_value, c.relation) for c in found} == {
        ("==1.0", "==2.0", "disjoint"),
        ("==2.0", "==1.0", "disjoint"),
    }


def related(found: Measured, attribute: str) -> set[tuple[str, str, str]]:
    """How values of an attribute relate, with the kinds of the two elements."""
    return {
        (c.first.kind, c.second.kind, c.relation)
        for c in found.comparisons
        if c.attribute == attribute
    }


def test_units_of_paired_fields_are_compared_with_their_factor(
    write: Write, known: Vocabulary
) -> None:
    field = "{{name: income, unit_of_measure: {}}}"
    files = {
        "t.yaml": TRAIN.format(fields(field.format("EUR/year"))),
        "o.yaml": LIVE.format(fields(field.format("EUR/month"))),
    }
    (found,) = measured(write, known, files).comparisons
    assert (found.attribute, found.relation, found.method) == (
        "unitOfMeasure",
        "convertible",
        "unitName",
    )
    assert found.factor == pytest.approx(1 / 12)


def test_licences_are_compared_from_what_is_made_to_what_it_is_made_of(
    write: Write, known: Vocabulary
) -> None:
    files = {
        "m.yaml": "element: TrainedModel\nlicence: MIT License\n",
        "t.yaml": "element: TrainingData\nlicence: CC-BY-4.0\n",
        "r.yaml": "element: RawData\nlicence: CC BY-NC 4.0\n",
        "o.yaml": "element: OperationalData\nlicence: MIT\n",
    }
    assert related(measured(write, known, files), "licence") == {
        ("TrainedModel", "TrainingData", "compatible"),
        ("TrainingData", "RawData", "incompatible"),
    }


def test_intervals_are_compared_over_any_number_of_links_and_within_an_element(
    write: Write, known: Vocabulary
) -> None:
    files = {
        "p.yaml": "element: TaskAndPurpose\ndecision_interval: monthly\n"
        "temporal_granularity: 1 month\n",
        "m.yaml": "element: TrainedModel\nmodel_name: churn\n",
        "t.yaml": "element: TrainingData\nnumber_of_instances: 5\n",
        "r.yaml": "element: RawData\nrecording_interval: every 2 weeks\n",
    }
    found = measured(write, known, files)
    assert related(found, "recordingInterval") == {("RawData", "TaskAndPurpose", "incommensurable")}
    assert related(found, "temporalGranularity") == {("TaskAndPurpose", "TaskAndPurpose", "same")}


def test_elements_that_no_link_joins_are_not_compared(write: Write, known: Vocabulary) -> None:
    files = {
        "p.yaml": "element: TaskAndPurpose\ndecision_interval: monthly\n",
        "o.yaml": "element: OperationalData\nrecording_interval: P1M\n",
    }
    assert measured(write, known, files).comparisons == ()


def test_concepts_are_compared_by_the_glossary_where_a_contrast_names_parts(
    write: Write, known: Vocabulary
) -> None:
    files = {
        "p.yaml": "element: TaskAndPurpose\ntarget_quantity: churn\nrequired_inputs: [tariff]\n"
        "glossary: [{name: churn probability, broader_terms: [churn]}]\n",
        "m.yaml": "element: TrainedModel\n"
        "outputs: [{name: score, semantic_type: Churn Probability}]\n"
        "inputs: [{name: age, semantic_type: churn}]\n",
        "o.yaml": "element: OperationalData\nsources: [{name: crm, provided_concepts: [Tariff]}]\n",
    }
    found = measured(write, known, files)
    assert related(found, "semanticType") == {("TrainedModel", "TaskAndPurpose", "narrower")}
    assert related(found, "requiredInput") == {("TaskAndPurpose", "OperationalData", "same")}


def test_a_contrast_compares_values_of_a_way_and_looks_only_into_parts(known: Vocabulary) -> None:
    triples = known.triples
    for name in triples.subjects("rdf:type", "mm:Contrast"):
        first, second = (
            known.attribute(triples.locals(name, term)[0])
            for term in ("mm:comparedAttribute", "mm:secondAttribute")
        )
        assert first.range.datatype in ways(), name
        assert second.range.name == first.range.name == "string", name
        for parts, attribute in (("mm:firstParts", first), ("mm:secondParts", second)):
            holders = triples.locals(name, parts)
            assert bool(holders) is not any(
                attribute.domain in known.ancestors(element) for element in known.elements
            ), name
            for holder in holders:
                kind = known.attribute(holder).range.name
                assert attribute.domain in known.ancestors(kind), name


def test_two_units_of_one_field_are_compared_both_ways(write: Write, known: Vocabulary) -> None:
    unit = TRAIN.format(fields("{{name: x, unit_of_measure: {}}}"))
    found = measured(write, known, {"a.yaml": unit.format("kg"), "b.yaml": unit.format("g")})
    assert {(c.first_value, c.second_value, c.relation) for c in found.comparisons} == {
        ("kg", "g", "convertible"),
        ("g", "kg", "convertible"),
    }


# -- assumptions ---------------------------------------------------------------------------------

ASSUMED = (
    "element: TrainedModel\nassumptions:\n"
    "- {{assumed_attribute: {}, assumption_operator: {}, assumed_value: '{}'}}\n"
)


@pytest.mark.parametrize(
    ("attribute", "operator", "value", "stated", "expected"),
    [
        ("available_memory", ">=", "16 GB", "available_memory: 16 GB", "holds"),
        ("available_memory", ">", "16 GB", "available_memory: 16 GB", "contradicted"),
        ("availableMemory", ">=", "16000000000", "available_memory: 8 GiB", "contradicted"),
        ("mm:availableMemory", "!=", "8 GB", "available_memory: 8 GB", "contradicted"),
        ("available_memory", ">=", "much", "available_memory: 8 GB", "unknown"),
        ("available_languages", "=", "python", "available_languages: [R, Python]", "holds"),
        ("available_languages", "=", "Go", "available_languages: [R, Python]", "unknown"),
        (
            "available_languages",
            "=",
            "Go",
            "available_languages: [R]\ncomplete: [available_languages]",
            "contradicted",
        ),
        ("deployment_platform", "=", "on premises", "deployment_platform: On premises", "holds"),
        ("deployment_platform", "<", "b", "deployment_platform: a", "unknown"),
        ("environment_class", "=", "On Premises", "environment_class: on-premises", "holds"),
    ],
)
def test_an_assumption_is_held_against_what_is_stated(  # noqa: PLR0913, PLR0917 (a table's columns)
    attribute: str,
    operator: str,
    value: str,
    stated: str,
    expected: str,
    write: Write,
    known: Vocabulary,
) -> None:
    files = {
        "m.yaml": ASSUMED.format(attribute, f"'{operator}'", value),
        "e.yaml": f"element: OperationalEnvironment\n{stated}\n",
    }
    found = measured(write, known, files).comparisons
    assert {c.relation for c in found} == {expected}
    assert {(c.first.parts[-1][0], c.second.kind) for c in found} == {
        ("assumption", "OperationalEnvironment")
    }


@pytest.mark.parametrize(
    ("attribute", "value"), [("available_memory", "16 GB"), ("no_such_thing", "16 GB")]
)
def test_an_assumption_about_what_nobody_states_is_held_against_nothing(
    attribute: str, value: str, write: Write, known: Vocabulary
) -> None:
    files = {
        "m.yaml": ASSUMED.format(attribute, "'>='", value),
        "e.yaml": "element: OperationalEnvironment\ndeployment_platform: any\n",
    }
    assert measured(write, known, files).comparisons == ()


def test_whole_cycles_are_counted_on_the_calendar(write: Write, known: Vocabulary) -> None:
    days = "coverage_start: {}\ncoverage_end: {}\n"
    files = {
        "t.yaml": "element: TrainingData\nseasonal_period: yearly\n"
        + days.format("2022-01-01", "2023-12-30"),
        "r.yaml": "element: RawData\n" + days.format("2022-01-01", "2023-12-31"),
    }
    found = measured(write, known, files).comparisons
    assert {(c.first.kind, c.second.kind, c.cycles) for c in found} == {
        ("TrainingData", "TrainingData", 1),
        ("RawData", "TrainingData", 2),
    }


# -- whatever the order --------------------------------------------------------------------------


def reordered(project: Project) -> list[Project]:
    return [replace(project, entries=entries) for entries in permutations(project.entries)]


def test_the_order_of_sources_changes_nothing_that_is_worked_out(
    write: Write, known: Vocabulary
) -> None:
    field = "{{name: {}, unit_of_measure: {}}}"
    files = {
        "a.yaml": TRAIN.format(fields(field.format("heart rate", "bpm"), "{name: customer_age}")),
        "b.yaml": TRAIN.format(fields(field.format("heart rate", "Hz"), "{name: Heart_Rate}")),
        "c.yaml": LIVE.format(
            fields("{name: heart-rate}", "{name: cust_age}", "{name: customage}")
        ),
        "d.yaml": ASSUMED.format("number_of_instances", "'>'", "3"),
        "e.yaml": "element: TrainingData\nnumber_of_instances: 5\nlicence: MIT\n",
    }
    project = read_project(write(files), known)
    worked_out = {
        frozenset(ProjectGraphs(each, known, "").worked_out(measure(each, known)))
        for each in reordered(project)
    }
    assert len(worked_out) == 1


def test_what_is_worked_out_says_what_it_was_made_from(write: Write, known: Vocabulary) -> None:
    files = {
        "t.yaml": TRAIN.format(fields("{name: x, unit_of_measure: kg}")),
        "o.yaml": LIVE.format(fields("{name: X, unit_of_measure: g}")),
    }
    project = read_project(write(files), known)
    written = ProjectGraphs(project, known, "").worked_out(measure(project, known))
    told = [line.split(" ", 2)[1].rpartition("/")[2].rstrip(">") for line in written]
    assert {"firstPart", "secondPart", "comparedAttribute", "firstValue", "secondValue"} <= set(
        told
    )
    assert {"method", "relation", "factor", "alignment", "pairing", "pairedWith"} <= set(told)


# -- tests of distributions ----------------------------------------------------------------------


def test_tests_need_counts_on_both_sides(write: Write, known: Vocabulary) -> None:
    table = "x\n" + "".join(f"{n}\n" for n in range(200))
    both = measured(write, known, {"train.csv": table, "live.csv": table}).tests
    assert {test.result.method for test in both} >= {
        "kolmogorov_smirnov",
        "population_stability",
        "wasserstein",
    }
    declared = LIVE.format(fields("{name: x}"))
    (write({}) / "live.csv").unlink()
    assert measured(write, known, {"train.csv": table, "o.yaml": declared}).tests == ()


def test_label_shares_become_counts_where_the_number_of_instances_is_stated(
    write: Write, known: Vocabulary
) -> None:
    text = "element: {}\nnumber_of_instances: 400\nlabel_shares:\n{}"
    files = {
        "t.yaml": text.format(
            "TrainingData", fields("{name: a, share: 50}", "{name: b, share: 50}")
        ),
        "o.yaml": text.format(
            "OperationalData", fields("{name: a, share: 80}", "{name: b, share: 20}")
        ),
    }
    found = {test.result.method: test for test in measured(write, known, files).tests}
    test = found["chi_square"]
    assert (test.first.kind, test.result.n_left, test.result.holds) == ("TrainingData", 400, True)
    assert test.result.statistic == pytest.approx(79.12, abs=0.01)


def test_p_values_are_corrected_over_one_pair_of_data_sets(write: Write, known: Vocabulary) -> None:
    rows = [(n, n * n % 97, "red" if n % 3 else "blue") for n in range(200)]
    train = "".join(f"{x},{y},{z}\n" for x, y, z in rows)
    live = "".join(f"{x + 60},{y},{z}\n" for x, y, z in rows)
    files = {"train.csv": f"x,y,z\n{train}", "live.csv": f"x,y,z\n{live}"}
    tests = measured(write, known, files).tests
    found = {
        (test.first.parts[-1][1], test.result.method): test
        for test in tests
        if test.result.p_value is not None
    }
    assert {name for name, _ in found} == {"x", "y", "z"}
    # Three fields, of which one differs, whatever number of tests each of them is put to.
    moved = found["x", "kolmogorov_smirnov"]
    assert moved.adjusted == pytest.approx(3 * (moved.result.p_value or 0))
    assert {test.adjusted for name, test in found.items() if name[0] != "x"} == {1.0}
    assert {method for name, method in found if name == "z"} == {"chi_square", "g_test"}


def test_a_field_with_two_stated_distributions_is_not_tested(
    write: Write, known: Vocabulary
) -> None:
    table = "x\n" + "".join(f"{n}\n" for n in range(200))
    text = TRAIN.format(fields("{name: x, distributions: [{value_count: 9, mean: 3.0}]}"))
    files = {"train.csv": table, "live.csv": table, "t.yaml": text}
    assert measured(write, known, files).tests == ()


# -- tests of figures ----------------------------------------------------------------------------

MODEL = "element: TrainedModel\n"
HOST = "element: OperationalEnvironment\n"


def judged(write: Write, known: Vocabulary, *texts: str) -> dict[tuple[str, ...], list[Result]]:
    """The results by statistic and by what the two parts are called."""
    found: dict[tuple[str, ...], list[Result]] = {}
    files = {f"{place}.yaml": text for place, text in enumerate(texts)}
    for test in measured(write, known, files).tests:
        parts = (part.parts[-1][1] for part in (test.first, test.second) if part)
        found.setdefault((test.result.method, *parts), []).append(test.result)
    return found


def test_a_share_of_hits_gets_an_interval_and_no_second_part(
    write: Write, known: Vocabulary
) -> None:
    metric = "evaluation_metrics:\n- {name: recall, successes: 81, sample_size: 263}\n"
    violation = "input_violations:\n- {name: age, violation_count: 15, checked_count: 148}\n"
    found = judged(write, known, MODEL + metric, HOST + violation)
    assert found.keys() == {("wilson_interval", "recall"), ("wilson_interval", "age")}
    ends = [result.interval for (result,) in found.values()]
    assert ends == [
        pytest.approx((0.2553, 0.3662), abs=1e-4),
        pytest.approx((0.0624, 0.1605), abs=1e-4),
    ]


def test_half_a_share_is_not_judged(write: Write, known: Vocabulary) -> None:
    metrics = "evaluation_metrics:\n- {name: recall, successes: 81}\n- {name: f, sample_size: 9}\n"
    assert judged(write, known, MODEL + metrics) == {}


def test_a_port_is_judged_by_the_cases_that_only_one_got_right(
    write: Write, known: Vocabulary
) -> None:
    port = "element: DevelopmentEnvironment\nmodel_ports:\n"
    port += "- {name: java, discordant_original: 9, discordant_port: 2, compared_cases: 44}\n"
    port += "- {name: go, discordant_original: 0, discordant_port: 0}\n"
    found = judged(write, known, port)
    (java,), (go,) = found["mcnemar", "java"], found["mcnemar", "go"]
    assert java.n_left == 44
    assert java.p_value == pytest.approx(0.0654, abs=1e-4)
    assert (go.holds, go.p_value) == (True, 1.0)


GROUPS = """evaluation_metrics:
- name: accuracy
  slices:
  - {name: young, slice_successes: 80, slice_cases: 100}
  - {name: old, slice_successes: 90, slice_cases: 100}
  - {name: rural, slice_successes: 85, slice_cases: 100}
"""
SINGLED_OUT = """element: TaskAndPurpose
acceptance_criteria:
- {name: fair, criterion_context: young}
"""


def test_only_a_group_that_a_criterion_names_is_compared_with_the_others(
    write: Write, known: Vocabulary
) -> None:
    found = judged(write, known, MODEL + GROUPS, SINGLED_OUT)
    of_shares = {name[1:] for name in found if name[0] == "two_proportions"}
    assert of_shares == {("young", "old"), ("young", "rural")}
    assert judged(write, known, MODEL + GROUPS, "element: TaskAndPurpose\n") == {}


SCORES = "- {{value_count: {}, mean: {}, standard_deviation: 0.1}}\n"


def test_means_of_scores_are_compared_where_nothing_more_is_stated(
    write: Write, known: Vocabulary
) -> None:
    texts = (
        f"{MODEL}score_distributions:\n{SCORES.format(100, 0.8)}",
        f"{HOST}live_score_distributions:\n{SCORES.format(100, 0.7)}",
    )
    tests = measured(write, known, {"m.yaml": texts[0], "h.yaml": texts[1]}).tests
    found = {test.result.method: test.result for test in tests}
    assert found.keys() == {"welch", "tost"}
    assert found["welch"].effect_size == pytest.approx(-1)
    assert found["tost"].p_value is None
    assert found["tost"].holds


def test_every_combination_of_what_sources_count_is_judged(write: Write, known: Vocabulary) -> None:
    violation = "input_violations:\n- {{name: age, violation_count: {}, checked_count: 1000}}\n"
    texts = {f"{n}.yaml": HOST + violation.format(n) for n in (9, 10)}
    project = read_project(write(texts), known)
    found = measure(project, known)
    assert {test.result.statistic for test in found.tests} == {0.009, 0.01}
    written = ProjectGraphs(project, known, "").worked_out(found)
    assert sum("#Test>" in line or "/Test>" in line for line in written) == 2


def test_only_the_statistics_asked_for_are_worked_out(write: Write, known: Vocabulary) -> None:
    project = read_project(write({"m.yaml": MODEL + GROUPS, "t.yaml": SINGLED_OUT}), known)
    found = measure(project, known, {"two_proportions", "chi_square"}).tests
    assert {test.result.method for test in found} == {"two_proportions"}
    assert measure(project, known, ()).tests == ()


def test_a_statistic_that_there_is_not_is_told_with_those_there_are(
    write: Write, known: Vocabulary
) -> None:
    project = read_project(write({"m.yaml": MODEL}), known)
    with pytest.raises(PredicateMalformed, match=r"no statistic chi_squared.*chi_square,"):
        measure(project, known, {"chi_squared"})


def test_what_is_judged_is_named_by_attributes_of_the_vocabulary(known: Vocabulary) -> None:
    named = {
        text
        for name, value in vars(questions).items()
        if name.startswith("_") and name[1:].isupper()
        for text in re.findall(r"'(\w+)'", repr(value))
    }
    links = {link.name for link in known.links.values()}
    kinds = {name for kind in (Kind, Design) for name in get_args(kind)}
    assert len(named) > 10
    assert named - links - {word for kind in kinds for word in kind.split()} <= {*known.attributes}
