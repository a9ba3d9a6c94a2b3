"""Stored objects: what they are made of is read, and nothing of them is ever loaded."""

import bz2
import gzip
import lzma
import pickle  # noqa: TID251 (to be read, and never loaded)
import pickletools
import zlib
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest

from kg.importers import pickles, skops
from kg.importers._pickled import read_pickle
from kg.statements import Reading
from tests.broken import samples
from tests.importing import elements, problems, read_case, read_text, reasons, software, values

TREE = samples.PICKLE


def pickled(module: str, name: str) -> bytes:
    """A pickle of an object of that class."""
    return f"\x80\x02c{module}\n{name}\n)\x81.".encode("latin-1")


def test_a_model_is_known_by_its_class_and_release() -> None:
    reading = read_case(pickles, "model-of-another-release", "model/model.pkl")

    assert elements(reading) == {("TrainedModel", "model", True)}
    assert software(reading)["scikit-learn"] == ["==1.9.1"]
    assert values(reading, "storedClass") == ["sklearn.pipeline.Pipeline"]
    assert values(reading, "holdsModel") == [True]
    assert all(statement.observed for statement in reading.statements)


def test_a_record_is_no_model() -> None:
    reading = read_case(pickles, "record-in-place-of-a-model", "model/model.pkl")

    assert values(reading, "holdsModel") == [False]


def test_a_scaler_is_what_a_pipeline_needs() -> None:
    reading = read_case(pickles, "scaler-and-table", "artefacts/scaler.pkl")

    assert elements(reading) == {("DataPipeline", "", False)}


def test_a_list_is_passed_over() -> None:
    reading = read_case(pickles, "scaler-and-table", "artefacts/names.pickle")

    assert reading.statements == ()
    assert "list, which is no model" in reasons(reading)


def test_classes_behind_the_arrays_of_joblib_are_found() -> None:
    reading = read_case(pickles, "packed-by-joblib", "churn.joblib")

    assert elements(reading) == {("TrainedModel", "churn.joblib", False)}
    assert values(reading, "holdsModel") == [True]


@pytest.mark.parametrize(
    "pack",
    [bytes, zlib.compress, gzip.compress, bz2.compress, lzma.compress],
    ids=lambda f: f.__module__,
)
def test_however_it_is_packed_it_is_read(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    reading = read_text(pickles, tmp_path, "tree.pkl", pack(TREE))

    assert software(reading) == {"scikit-learn": ["==1.4.2"]}
    assert problems(reading) == []


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_every_protocol_is_read(protocol: int) -> None:
    value = {"of": Decimal(1), "_sklearn_version": "1.4.2", "again": "_sklearn_version"}
    found = read_pickle(BytesIO(pickle.dumps(value, protocol)))

    assert found.root == "dict"
    assert "decimal.Decimal" in found.names
    assert list(found.versions) == ["1.4.2"]
    assert (found.ended, found.broken) == (True, False)


def test_long_data_are_stepped_over() -> None:
    long = pickle.dumps([b"x" * 10**6, "y" * 10**6, Decimal(1)], 4)
    found = read_pickle(BytesIO(long))

    assert found.names == {"decimal.Decimal": None}
    assert found.ended
    assert read_pickle(BytesIO(long[: 10**6])).broken


def test_a_text_that_was_noted_names_a_class_again() -> None:
    twice = pickletools.optimize(pickle.dumps([Decimal(1), Decimal(2), "decimal"], 4))

    assert list(read_pickle(BytesIO(twice)).names) == ["decimal.Decimal"]


def test_a_version_is_found_behind_what_cannot_be_read() -> None:
    found = read_pickle(BytesIO(TREE[:60] + b"\xff" + TREE[60:]))

    assert found.broken
    assert list(found.versions) == ["1.4.2"]


@pytest.mark.parametrize(
    ("module", "name", "predicts"),
    [
        ("churn.model", "Score", []),
        ("pandas.core.frame", "DataFrame", [False]),
        ("xgboost.sklearn", "XGBClassifier", [True]),
        ("sklearn.preprocessing._data", "StandardScaler", [True]),
    ],
)
def test_of_an_own_class_nobody_knows_whether_it_predicts(
    tmp_path: Path, module: str, name: str, predicts: list[bool]
) -> None:
    (tmp_path / "MLmodel").touch()
    reading = read_text(pickles, tmp_path, "model.pkl", pickled(module, name))

    assert values(reading, "holdsModel") == predicts


def test_a_class_that_the_pickle_brings_along_may_predict(tmp_path: Path) -> None:
    (tmp_path / "MLmodel").touch()
    brought = b"\x80\x02ccloudpickle.cloudpickle\n_make_skeleton_class\ncbuiltins\ntype\n)\x81."

    assert values(read_text(pickles, tmp_path, "model.pkl", brought), "holdsModel") == []


def test_a_pickle_that_runs_a_program_is_a_problem(tmp_path: Path) -> None:
    reading = read_text(pickles, tmp_path, "model.pkl", pickled("posix", "system"))

    assert "runs `posix.system`" in problems(reading)[0][1]


def test_a_pointer_of_git_lfs_is_no_pickle(tmp_path: Path) -> None:
    text = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"

    assert "Git LFS" in problems(read_text(pickles, tmp_path, "model.pkl", text))[0][1]


def _stored(folder: Path, schema: bytes) -> Reading:
    return read_text(skops, folder, "tree.skops", samples.skops(schema))


def test_skops_names_classes_and_release() -> None:
    reading = read_case(skops, "tree-beside-a-model", "model/model.skops")

    assert elements(reading) == {("TrainedModel", "model", True)}
    assert software(reading)["scikit-learn"] == ["==1.9.1"]


@pytest.mark.parametrize("version", [b"7", b"{", b"[" * 5000])
def test_a_version_that_is_no_text_is_none(tmp_path: Path, version: bytes) -> None:
    schema = samples.SKOPS_SCHEMA.replace(rb"\"1.4.2\"", version)

    assert software(_stored(tmp_path, schema)) == {"scikit-learn": []}
