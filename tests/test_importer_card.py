"""Cards and READMEs: front matter and tables as they stand, and of sentences only usual ones."""

from pathlib import Path

import pytest

from kg.importers import card
from kg.importers._markdown import read_markdown
from kg.statements import Reading
from tests.importing import elements, lines, problems, read_case, read_text, reasons, values

PROJECT = "cards-of-a-project"
MODEL = "models/MODEL_CARD.md"


def _said(folder: Path, text: str, title: str = "Model card") -> Reading:
    return read_text(card, folder, "docs/card.md", f"# {title}\n\n{text}\n")


def _prose(reading: Reading) -> set[str]:
    return {statement.attribute for statement in reading.statements if statement.prose}


def test_what_is_taken_from_sentences_is_marked_and_tables_are_not() -> None:
    reading = read_case(card, PROJECT, MODEL)

    said = _prose(reading)
    assert {"holdoutPercentage", "monitoringSoftware", "modelVersion", "limitationText"} <= said
    plain = {s.attribute for s in reading.statements if not s.prose}
    assert {"evaluationMetric", "result", "input", "dataType", "modelName"} <= plain
    assert not any(statement.observed for statement in reading.statements)


def test_a_statement_stands_on_its_line() -> None:
    reading = read_case(card, PROJECT, MODEL)

    assert lines(reading, "result") == [29, 30]
    assert lines(reading, "holdoutPercentage") == [23]
    assert lines(reading, "monitoringSoftware") == [44]


def test_a_card_is_about_a_model_of_its_own_or_the_one_in_its_folder(tmp_path: Path) -> None:
    named = ("TrainedModel", MODEL, False)
    assert named in elements(read_case(card, PROJECT, MODEL))
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "MLmodel").write_text("flavors: {}\n")
    text = "# Model Card for Churn\n\n- **Version**: 2\n"
    beside = read_text(card, tmp_path, "model/README.md", text)
    assert elements(beside) == {("TrainedModel", "model", True)}
    top = read_text(card, tmp_path, "README.md", text)
    assert elements(top) == {("TrainedModel", "", False)}


def test_a_readme_that_is_no_card_states_little(tmp_path: Path) -> None:
    text = "# Shop\n\n| Metric | Value |\n|---|---|\n| Accuracy | 0.9 |\n\nAn 80/20 split.\n"
    assert read_text(card, tmp_path, "README.md", text).statements == ()


def test_headings_of_the_usual_template_make_a_card(tmp_path: Path) -> None:
    text = (
        "# Flats\n## Intended Use:\nx\n## Hyperparameters\n## 3. Performance\n\n"
        "| MAE | R2 |\n|---|---|\n| 3 | 0.5 |\n"
    )
    found = read_text(card, tmp_path, "README.md", text)
    assert values(found, "result", "MAE") == [3.0]
    assert values(found, "result", "R2") == [0.5]


@pytest.mark.parametrize(
    ("sentence", "share"),
    [
        ("The data was split into 70% training data and 30% test data.", 30.0),
        ("We split the data: train (80%) and test (20%).", 20.0),
        ("Random Forest with an 80-20 train-test split.", 20.0),
        ("Train/validation/test split: 70/15/15.", 15.0),
        ("We used test_size=0.25 throughout.", 25.0),
        ("The records were divided: 90 % for training, the rest for testing.", 10.0),
        ("It was reserved: 10 per cent of the rows for the test.", 10.0),
    ],
)
def test_shares_of_tests_are_read(sentence: str, share: float, tmp_path: Path) -> None:
    assert values(_said(tmp_path, sentence), "holdoutPercentage", "test data") == [share]


@pytest.mark.parametrize(
    "sentence",
    [
        "It reached 95% accuracy on the test split.",
        "The split is 80/20 into training and validation data.",
        "Every 24/7 service splits its logs.",
        "The data were split by 90/20 for training.",
        "80 % of the users split their tests.",
        "A train-test split was made on 2024-10-20.",
    ],
)
def test_other_numbers_are_no_shares(sentence: str, tmp_path: Path) -> None:
    assert values(_said(tmp_path, sentence), "holdoutPercentage", "test data") == []


@pytest.mark.parametrize(
    ("sentence", "attribute", "value"),
    [
        ("The minimum is 2GB Memory and 2 CPUs.", "requiredMemory", 2 * 10**9),
        ("The minimum is 2GB Memory and 2 CPUs.", "requiredProcessors", 2000),
        ("It requires 512 MiB of RAM.", "requiredMemory", 512 * 2**20),
        ("Serving needs 8 GB of GPU memory.", "requiredGpuMemory", 8 * 10**9),
        ("At least 1.5 GB disk space.", "requiredStorage", 1_500_000_000),
    ],
)
def test_what_a_machine_must_have_is_read(
    sentence: str, attribute: str, value: int, tmp_path: Path
) -> None:
    assert values(_said(tmp_path, sentence), attribute) == [value]


@pytest.mark.parametrize(
    "sentence",
    [
        "Training needs 64 GB of RAM.",
        "We tried it on a laptop with 16 GB of RAM.",
        "A GPU with 8 GB of VRAM is recommended.",
        "It requires 3 GB more.",
    ],
)
def test_what_serving_does_not_need_is_not_stated(sentence: str, tmp_path: Path) -> None:
    stated = {s.attribute for s in _said(tmp_path, sentence).statements}
    assert not {name for name in stated if name.startswith("required")}


def test_tools_are_asked_for_only_where_somebody_asks(tmp_path: Path) -> None:
    asked = _said(tmp_path, "We recommend monitoring data drift using Alibi Detect.")
    assert [s.node.parts for s in asked.statements if s.attribute == "name"] == [
        (("monitoringSoftware", "alibi-detect"),)
    ]
    for text in ("Alibi Detect is software.", "Users should evidently monitor drift."):
        assert "monitoringSoftware" not in {s.attribute for s in _said(tmp_path, text).statements}


def test_words_that_name_software_too_are_not_taken_for_it(tmp_path: Path) -> None:
    vision = _said(tmp_path, "The model is built from vision transformers.")
    assert values(vision, "requiredFramework") == []
    library = _said(tmp_path, "It was implemented with Transformers on PyTorch.")
    assert sorted(map(str, values(library, "requiredFramework"))) == ["PyTorch", "Transformers"]


def test_versions_of_listed_software_are_ranges(tmp_path: Path) -> None:
    text = "# App\n## Technologies\n- Python 3.10+\n- numpy 1.26.4\n- Section 2 of the book\n"
    reading = read_text(card, tmp_path, "README.md", text)
    assert values(reading, "versionRange", "python") == [">=3.10"]
    assert values(reading, "versionRange", "numpy") == ["==1.26.4"]
    assert _prose(reading) >= {"versionRange", "availableSoftware"}


def test_results_of_several_data_sets_keep_apart() -> None:
    reading = read_case(card, "hub-model-card", "README.md")

    assert values(reading, "result", "accuracy on Support mails") == [0.9125]
    assert values(reading, "result", "accuracy on Old mails") == [0.79]
    assert "pending is no number" in reasons(reading)


def test_a_measure_with_two_values_in_one_card_is_not_stated(tmp_path: Path) -> None:
    table = "| Metric | Value |\n|---|---|\n| Accuracy | {} |\n| MAE | 3 |\n\n"
    reading = _said(tmp_path, table.format("0.9") + "Words.\n\n" + table.format("0.8"))
    assert values(reading, "result", "accuracy") == []
    assert values(reading, "result", "MAE") == [3.0]
    assert "one of several values" in reasons(reading)


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("- Precision: 0.7349\n- Recall: 0.6142", "precision", 0.7349),
        ("The model reached a test accuracy of 91 % on the held-out data.", "accuracy", 0.91),
        ("Results: macro F1 = 0.83, RMSE: 21.4.", "macro F1", 0.83),
        ("The R2 score is 0.87.", "R2", 0.87),
    ],
)
def test_results_in_sentences_are_prose(text: str, name: str, value: float, tmp_path: Path) -> None:
    reading = _said(tmp_path, text)
    assert values(reading, "result", name) == [value]
    assert "result" in _prose(reading)


def test_what_tables_give_needs_no_sentence_and_wishes_are_no_results(tmp_path: Path) -> None:
    table = "| Metric | Value |\n|---|---|\n| Accuracy | 0.9 |\n\nAn accuracy of 0.8 once.\n"
    assert values(_said(tmp_path, table), "result", "accuracy") == [0.9]
    for text in (
        "It must reach an accuracy of 0.9.",
        "An accuracy of 0.9 is the baseline.",
        "Versions: accuracy of 1.2.3",
        "- Accuracy: 0.9\n- Accuracy: 0.7",
    ):
        assert values(_said(tmp_path, text), "result", "accuracy") == []


def test_front_matter_that_is_none_is_a_problem(tmp_path: Path) -> None:
    found = read_text(card, tmp_path, "README.md", "---\n- a\n---\n# Model card\n")
    assert problems(found) == [(2, "The front matter is no mapping of keys to values")]
    broken = read_text(
        card, tmp_path, "README.md", "---\na: b: c\n---\n# Model card\n- Version: 1\n"
    )
    assert problems(broken)[0][0] == 2
    assert values(broken, "modelVersion") == ["1"]
    twice = read_text(card, tmp_path, "README.md", "---\nlicense: mit\nlicense: mit\n---\n")
    assert problems(twice) == [(3, "The key /license stands twice; only the first is read")]


def test_licences_are_written_as_spdx_does(tmp_path: Path) -> None:
    for given, stated in (("apache-2.0", ["Apache-2.0"]), ("other", []), ("[mit, gpl-3.0]", [])):
        text = f"---\nlicense: {given}\nlibrary_name: sklearn\n---\n"
        assert values(read_text(card, tmp_path, "README.md", text), "licence") == stated


def test_several_configurations_are_passed_over(tmp_path: Path) -> None:
    text = "---\ndataset_info: [{config_name: a}, {config_name: b}]\n---\n"
    assert "several configurations" in reasons(read_text(card, tmp_path, "README.md", text))
    one = "---\ndataset_info: [{features: [{name: a, dtype: int8}]}]\n---\n"
    assert values(read_text(card, tmp_path, "README.md", one), "dataType", "a") == ["integer"]


def test_markdown_keeps_code_and_pictures_out() -> None:
    text = "# A\n```sh\n# no heading\n```\n    code\n![x](y) *B* <br> `c`\n\n***\n~~~\nx\n"
    page = read_markdown(text)
    assert [section.title for section in page.sections] == ["", "A"]
    assert [passage.text for passage in page.sections[1].passages] == ["B c"]
