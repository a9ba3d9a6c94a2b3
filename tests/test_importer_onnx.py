"""ONNX's models, read field by field: as ONNX's own library reads them, without their weights."""

from pathlib import Path

import onnx as library
import pytest

from kg.errors import DescriptorInvalid
from kg.importers import onnx
from tests.broken import samples
from tests.importing import elements, problems, read_case, read_text, reasons, source, values

MODELS = Path(library.__file__).parent / "backend" / "test" / "data"


def test_columns_have_the_types_of_their_values() -> None:
    reading = read_case(onnx, "columns-with-open-batch", "models/churn.onnx")

    assert elements(reading) == {("TrainedModel", "models/churn.onnx", False)}
    assert values(reading, "dataType", "age") == ["integer"]
    assert values(reading, "shape", "age") == ["(-1, 1)"]
    assert values(reading, "modelVersion") == ["3"]
    assert values(reading, "bufferingRequirements") == []
    assert all(statement.observed for statement in reading.statements)


def test_weights_are_no_inputs() -> None:
    reading = read_case(onnx, "columns-with-open-batch", "models/churn.onnx")

    assert values(reading, "name", "W") == []


def test_a_fixed_batch_is_said_in_words() -> None:
    reading = read_case(onnx, "images-in-a-fixed-batch", "detect.onnx")

    assert values(reading, "bufferingRequirements") == ["Each call takes exactly 4 records."]
    assert "labels is no tensor" in reasons(reading)


def test_beside_an_mlmodel_it_is_that_model() -> None:
    reading = read_case(onnx, "beside-an-mlmodel", "model/model.onnx")

    assert elements(reading) == {("TrainedModel", "model", True)}


def test_a_pointer_of_git_lfs_is_no_model(tmp_path: Path) -> None:
    text = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"

    assert "Git LFS" in problems(read_text(onnx, tmp_path, "model.onnx", text))[0][1]


def test_what_is_noted_freely_is_passed_over(tmp_path: Path) -> None:
    noted = samples.ONNX + b"\x72\x0e\n\x06author\x12\x04Anna"

    assert "noted freely: author" in reasons(read_text(onnx, tmp_path, "model.onnx", noted))


def test_a_negative_version_is_read_as_one(tmp_path: Path) -> None:
    negative = samples.ONNX + b"\x28" + b"\xff" * 9 + b"\x01"

    assert values(read_text(onnx, tmp_path, "model.onnx", negative), "modelVersion") == ["-1"]


def test_fixed_numbers_are_stepped_over(tmp_path: Path) -> None:
    fixed = samples.ONNX + b"\x7dabcd" + b"\x79abcdefgh"

    assert values(read_text(onnx, tmp_path, "model.onnx", fixed), "name", "age") == ["age"]
    with pytest.raises(DescriptorInvalid):
        read_text(onnx, tmp_path, "model.onnx", fixed[:-4])


@pytest.mark.parametrize("path", sorted(MODELS.glob("light/*.onnx"))[:4], ids=lambda p: p.stem)
def test_models_are_read_as_the_library_of_onnx_reads_them(path: Path) -> None:
    graph = library.load(path).graph
    weights = {tensor.name for tensor in graph.initializer}
    reading = onnx.read(source(path.parent, path.name))

    names = [v.name for v in graph.input if v.name not in weights]
    read = [s.node.parts[-1][1] for s in reading.statements if s.attribute == "name"]
    assert read == names + [v.name for v in graph.output]
    for value in graph.input:
        sizes = [d.dim_value or -1 for d in value.type.tensor_type.shape.dim]
        if value.name not in weights:
            assert values(reading, "shape", value.name) == [str(tuple(sizes))]
