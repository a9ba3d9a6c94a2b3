"""MLflow's model folders: language, frameworks, packages and the signature, each on its line."""

from pathlib import Path

import pytest

from kg.errors import DescriptorInvalid
from kg.importers import mlflow
from kg.statements import Node
from tests.importing import (
    elements,
    lines,
    problems,
    read_case,
    read_text,
    reasons,
    software,
    source,
    values,
)

SIGNATURE = "signature-over-several-lines"
TRACKED = "mlruns/0/0a1b2c3d4e5f60718293a4b5c6d7e8f9/artifacts/model"


def test_the_model_is_known_by_its_folder() -> None:
    reading = read_case(mlflow, SIGNATURE, "models/churn/MLmodel")

    assert elements(reading) == {("TrainedModel", "models/churn", True)}


def test_a_model_in_the_projects_own_folder_is_called_model(tmp_path: Path) -> None:
    reading = read_text(mlflow, tmp_path, "MLmodel", "flavors:\n  python_function: {}\n")

    assert elements(reading) == {("TrainedModel", "model", True)}


def test_flavours_name_language_framework_and_exact_versions() -> None:
    reading = read_case(mlflow, SIGNATURE, "models/churn/MLmodel")

    assert software(reading) == {
        "python": ["==3.11.6"],
        "scikit-learn": ["==1.4.2"],
        "mlflow": ["==2.12.1"],
    }
    assert lines(reading, "versionRange") == [10, 15, 16]
    assert values(reading, "requiredLanguage") == ["Python"]
    assert values(reading, "requiredFramework") == ["scikit-learn"]


def test_a_python_without_its_third_part_is_every_release_of_it() -> None:
    reading = read_case(mlflow, "tracked-run", f"{TRACKED}/MLmodel")

    assert software(reading)["python"] == ["==3.9.*"]


def test_a_column_stands_on_its_own_line_of_the_signature() -> None:
    reading = read_case(mlflow, SIGNATURE, "models/churn/MLmodel")

    assert values(reading, "name", "age") == ["age"]
    assert lines(reading, "input") == [21, 22, 22, 23]
    assert lines(reading, "output") == [24]


def test_columns_have_types_and_say_whether_they_may_be_missing() -> None:
    reading = read_case(mlflow, SIGNATURE, "models/churn/MLmodel")

    found = {
        name: (values(reading, "dataType", name), values(reading, "typeName", name))
        for name in ("age", "monthly fee", "contract", "signed on")
    }
    assert found == {
        "age": (["integer"], ["long"]),
        "monthly fee": (["double"], ["double"]),
        "contract": (["string"], ["string"]),
        "signed on": (["date-time"], ["datetime"]),
    }
    assert values(reading, "nullable", "contract") == [True]
    assert values(reading, "nullable", "age") == [False]


def test_an_output_without_a_name_is_called_by_its_place() -> None:
    reading = read_case(mlflow, SIGNATURE, "models/churn/MLmodel")

    assert values(reading, "dataType", "output_1") == ["double"]
    assert values(reading, "shape", "output_1") == ["(-1,)"]


def test_a_tensor_of_several_dimensions_is_an_array() -> None:
    reading = read_case(mlflow, "tracked-run", f"{TRACKED}/MLmodel")

    assert values(reading, "dataType", "input_1") == ["array"]
    assert values(reading, "typeName", "input_1") == ["tensor(float32)"]
    assert values(reading, "shape", "input_1") == ["(-1, 3, 224, 224)"]


def test_numpys_object_is_no_type() -> None:
    reading = read_case(mlflow, "tracked-run", f"{TRACKED}/MLmodel")

    assert values(reading, "dataType", "output_1") == []
    assert "tensor(object) may hold anything" in reasons(reading)


def test_a_signature_lists_all_inputs_and_outputs() -> None:
    reading = read_case(mlflow, SIGNATURE, "models/churn/MLmodel")

    model = Node("TrainedModel", "models/churn")
    assert reading.complete == ((model, "input"), (model, "output"))


def test_a_model_without_a_signature_states_nothing_of_its_inputs() -> None:
    reading = read_case(mlflow, "unknown-flavour", "model/MLmodel")

    assert reading.complete == ()
    assert values(reading, "input") == []
    assert problems(reading) == []


def test_a_tracked_run_links_its_model_to_the_development_environment() -> None:
    reading = read_case(mlflow, "tracked-run", f"{TRACKED}/MLmodel")

    (link,) = reading.links
    assert (link.name, link.subject.name, link.object.kind) == (
        "integratedIn",
        TRACKED,
        "DevelopmentEnvironment",
    )


def test_a_model_outside_a_tracking_folder_is_not_linked() -> None:
    assert read_case(mlflow, SIGNATURE, "models/churn/MLmodel").links == ()


def test_what_is_not_known_is_passed_over_with_its_line() -> None:
    said = reasons(read_case(mlflow, "unknown-flavour", "model/MLmodel"))

    assert "2: the flavour astrology is not known" in said
    assert "6: colour: nothing that is known of MLflow" in said


def test_identifiers_and_sizes_are_passed_over() -> None:
    said = reasons(read_case(mlflow, SIGNATURE, "models/churn/MLmodel"))

    for key in ("model_size_bytes", "model_uuid", "run_id", "utc_time_created", "artifact_path"):
        assert f"{key}: " in said


@pytest.mark.parametrize(
    ("flavour", "package", "version", "framework"),
    [
        ("lightgbm:\n    lgb_version: 3.3.2", "lightgbm", "==3.3.2", "LightGBM"),
        ("xgboost:\n    xgb_version: 1.7.6", "xgboost", "==1.7.6", "XGBoost"),
        ("tensorflow:\n    keras_version: 2.15.0", "keras", "==2.15.0", "TensorFlow"),
        ("spark:\n    pyspark_version: 3.5.0", "pyspark", "==3.5.0", "Spark MLlib"),
        ("onnx:\n    onnx_version: 1.15.0", "onnx", "==1.15.0", "ONNX Runtime"),
        ("pytorch:\n    pytorch_version: 2.0", "torch", "==2.0", "PyTorch"),
    ],
)
def test_each_flavour_names_its_package_and_framework(
    flavour: str, package: str, version: str, framework: str, tmp_path: Path
) -> None:
    reading = read_text(mlflow, tmp_path, "model/MLmodel", f"flavors:\n  {flavour}\n")

    assert software(reading)[package] == [version]
    assert values(reading, "requiredFramework") == [framework]


@pytest.mark.parametrize(
    "inputs",
    [
        """|\n    [{"name": "a", "type": "long"},\n     {"name": "b c", "type": "long"}]""",
        """"[{\\"name\\": \\"a\\", \\"type\\": 1},\\\n   \\ {\\"name\\":\\\n   \\ \\"b c\\"}]\"""",
        """>-\n    [{"name": "a", "type": "long"},\n    {"name": "b c", "type": "long"}]""",
        """\n  - {name: a, type: long}\n  - {name: b c, type: long}""",
        """'[{"name":"a","type":"long"},{"name":"b c","type":"long"}]'""",
        """'[{"name":"a",\n    "type":"long"},{"name":"b c","type":"long"}]'""",
        """'[{"type":"long","name":"a"},{"type":\n\n    "long","name":"b c"}]'""",
    ],
    ids=["literal", "double-quoted", "folded", "no-text", "one-word", "words", "blank-line"],
)
def test_a_signature_is_read_in_every_style_of_yaml(inputs: str, tmp_path: Path) -> None:
    text = f"flavors: {{}}\nsignature:\n  inputs: {inputs}\n"

    reading = read_text(mlflow, tmp_path, "model/MLmodel", text)

    written = text.split("\n")
    for name, line in zip(("a", "b c"), lines(reading, "input"), strict=True):
        assert line is not None
        assert name in written[line - 1]


@pytest.mark.parametrize("inputs", ["'[{'", "'5'", "'[1]'", "{a: 1}", "'[{}, []]'"])
def test_a_broken_signature_is_a_problem_of_its_line(inputs: str, tmp_path: Path) -> None:
    text = f'flavors: {{}}\nsignature:\n  inputs: {inputs}\n  outputs: \'[{{"type": "long"}}]\'\n'

    reading = read_text(mlflow, tmp_path, "model/MLmodel", text)

    assert [line for line, _ in problems(reading)] == [3]
    assert values(reading, "dataType", "output_1") == ["integer"]


@pytest.mark.parametrize("text", ["", "- 1", "5", "a: {", "\x00\x01\x02"])
def test_a_file_that_is_no_mapping_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(DescriptorInvalid):
        read_text(mlflow, tmp_path, "model/MLmodel", text)


def test_a_signature_that_is_no_mapping_is_a_problem(tmp_path: Path) -> None:
    reading = read_text(mlflow, tmp_path, "model/MLmodel", "flavors: {}\nsignature: yes\n")

    assert problems(reading) == [(2, "The signature is not a mapping")]


def test_parameters_of_a_call_are_passed_over(tmp_path: Path) -> None:
    text = "flavors: {}\nsignature:\n  params: '[]'\n"

    reading = read_text(mlflow, tmp_path, "model/MLmodel", text)

    assert "3: params belong to a call" in reasons(reading)


def test_a_model_of_r_needs_r(tmp_path: Path) -> None:
    text = "flavors:\n  crate:\n    version: 0.3.0\n    model: crate.bin\n"

    reading = read_text(mlflow, tmp_path, "model/MLmodel", text)

    assert values(reading, "requiredLanguage") == ["R"]


def test_a_flavour_without_its_version_needs_its_package_all_the_same(tmp_path: Path) -> None:
    reading = read_text(mlflow, tmp_path, "model/MLmodel", "flavors:\n  sklearn: {}\n")

    assert software(reading) == {"scikit-learn": []}


@pytest.mark.parametrize(
    "inputs",
    [
        """{inputs: '[{"name": "a"},\n  {"name": "b"}]'}""",
        """{"inputs": '{"name": "a"}'}""",
        """\n  inputs: "[{\\"name\\": \\"a\\x20b\\"}]\"""",
    ],
)
def test_where_words_cannot_be_counted_the_line_is_the_keys(inputs: str, tmp_path: Path) -> None:
    text = f"flavors: {{}}\nsignature: {inputs}\n"

    reading = read_text(mlflow, tmp_path, "model/MLmodel", text)

    assert set(lines(reading, "input")) <= {2, 3}


def test_a_model_without_flavours_is_a_problem(tmp_path: Path) -> None:
    reading = read_text(mlflow, tmp_path, "model/MLmodel", "mlflow_version: 2.0.1\n")

    assert len(problems(reading)) == 1
    assert software(reading) == {"mlflow": ["==2.0.1"]}


def test_every_real_model_states_its_columns_where_they_stand(reference: Path) -> None:
    folder = reference / "artefacts"
    files = sorted(folder.rglob("MLmodel"))
    assert len(files) > 8
    for file in files:
        path = str(file.relative_to(folder))
        reading = mlflow.read(source(folder, path))
        assert problems(reading) == []
        written = file.read_text().split("\n")
        for statement in reading.statements:
            if statement.attribute == "name" and statement.node.parts[-1][0] == "input":
                assert statement.place.line is not None
                assert str(statement.value) in written[statement.place.line - 1]


@pytest.mark.parametrize(
    ("flavour", "loader", "line"),
    [
        ("sklearn", "mlflow.sklearn", 3),
        ("sklearn", "own.loader", 4),
        ("keras", "mlflow.keras", None),
    ],
)
def test_a_flavour_says_what_loads_the_model(
    tmp_path: Path, flavour: str, loader: str, line: int | None
) -> None:
    text = f"flavors:\n  python_function:\n    loader_module: {loader}\n  {flavour}: {{}}\n"
    reading = read_text(mlflow, tmp_path, "MLmodel", text)

    assert lines(reading, "loadsModel") == ([line] if line else [])
