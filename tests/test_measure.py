"""What is worked out before detection: counterparts, how version ranges relate, tests of
distributions.
"""

import pytest

from kg.measure import Measured, measure
from kg.projects import read_project
from kg.vocabulary import Vocabulary
from tests.conftest import Write

TRAIN = "element: TrainingData\nfields:\n{}"
LIVE = "element: OperationalData\nfields:\n{}"


def fields(*texts: str) -> str:
    return "".join(f"- {text}\n" for text in texts)


def measured(write: Write, known: Vocabulary, files: dict[str, str]) -> Measured:
    return measure(read_project(write(files), known), known)


def pairs(found: Measured) -> set[tuple[str, str]]:
    return {(first.parts[-1][1], second.parts[-1][1]) for first, second in found.pairs}


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


def test_tests_need_counts_on_both_sides(write: Write, known: Vocabulary) -> None:
    table = "x\n" + "".join(f"{n}\n" for n in range(200))
    both = measured(write, known, {"train.csv": table, "live.csv": table}).tests
    assert {test.result.method for test in both} == {
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
    table = "x,y\n" + "".join(f"{n},{n * n % 97}\n" for n in range(200))
    found = measured(write, known, {"train.csv": table, "live.csv": table}).tests
    assert all(
        test.adjusted is not None and test.adjusted >= (test.result.p_value or 0)
        for test in found
        if test.result.p_value is not None
    )


def test_a_field_with_two_stated_distributions_is_not_tested(
    write: Write, known: Vocabulary
) -> None:
    table = "x\n" + "".join(f"{n}\n" for n in range(200))
    text = TRAIN.format(fields("{name: x, distributions: [{value_count: 9, mean: 3.0}]}"))
    files = {"train.csv": table, "live.csv": table, "t.yaml": text}
    assert measured(write, known, files).tests == ()
