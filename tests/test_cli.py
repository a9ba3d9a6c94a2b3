"""What the commands do, what they leave behind, and the exit codes that scripts rely on."""

import csv
import json
import os
import pty
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import typer

from kg import __version__
from kg.catalogue import Catalogue
from kg.cli import run
from kg.cli._errors import code_of, tell
from kg.cli._output import counted
from kg.errors import (
    DescriptorInvalid,
    NotAllowed,
    NotFound,
    PredicateMalformed,
    QueryRefused,
    StoreUnreachable,
)

MODEL = "element: TrainedModel\nrequired_memory: 16 GB\n"
SMALL = "element: OperationalEnvironment\navailable_memory: 8 GB\nstated_by: operations\n"
LARGE = "element: OperationalEnvironment\navailable_memory: 32 GB\n"
COMMAND = [sys.executable, "-c", "from kg.cli import main; main()"]
FAULT = "resources-exceed-operations"
RATED = re.compile(r"^    (\S.*?) +(\d+) of (\d+) +(\d+) %  rank +\d+ of 34$", re.MULTILINE)


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [*os.environ]:
        if name.startswith("MISMATCH_") or name in ("FORCE_COLOR", "NO_COLOR"):
            monkeypatch.delenv(name)


def project(folder: Path, **files: str) -> Path:
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text)
    return folder


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    return project(tmp_path / "bad", model=MODEL, host=SMALL)


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return project(tmp_path / "good", model=MODEL, host=LARGE)


def report(text: str) -> list[dict[str, object]]:
    projects: list[dict[str, object]] = json.loads(text)["projects"]
    return projects


# -- check ---------------------------------------------------------------------------------------


def test_a_mismatch_is_told_with_both_sides(bad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = run(["check", str(bad)])
    text = capsys.readouterr().out

    assert code == 1
    assert re.search(rf"x {FAULT} .* violation\n", text)
    assert "needs  16 GB  model.yaml:2\n" in text
    assert "has    8 GB   host.yaml:2   declared by operations\n" in text


def test_where_nothing_is_wrong_the_code_is_zero(good: Path) -> None:
    assert run(["check", str(good)]) == 0


@pytest.mark.parametrize(
    ("level", "code"),
    [("violation", 1), ("warning", 1), ("info", 1), ("undecided", 1), ("never", 0)],
)
def test_a_violation_fails_at_every_level_but_never(level: str, code: int, bad: Path) -> None:
    assert run(["check", str(bad), "--fail-on", level]) == code


@pytest.mark.parametrize(("level", "code"), [("info", 0), ("undecided", 1)])
def test_what_is_undecided_fails_only_where_that_is_asked_for(
    level: str, code: int, good: Path
) -> None:
    assert run(["check", str(good), "--fail-on", level]) == code


@pytest.mark.parametrize("name", ["nowhere", "file"])
def test_a_path_that_is_no_folder_is_told_in_one_line(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()

    assert run(["check", str(tmp_path / name)]) == 3
    assert re.fullmatch(r"error: .*(exist|folder)\. .*\.\n", capsys.readouterr().err)


def test_the_highest_code_wins_and_the_rest_is_reported(
    bad: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", str(bad), str(tmp_path / "nowhere")]) == 3
    assert FAULT in capsys.readouterr().out


def test_a_project_of_which_nothing_can_be_read_is_unreadable(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = project(tmp_path / "empty")
    (folder / "notes.txt").write_text("nothing of ours")

    assert run(["check", str(folder)]) == 3
    assert "Nothing in" in capsys.readouterr().err


def test_one_broken_file_changes_no_code(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (good / "broken.yaml").write_text("element: TrainedModel\nname: [")

    assert run(["check", str(good), "--as", "json"]) == 0
    assert report(capsys.readouterr().out)[0]["problems"]


def test_each_folder_below_is_a_project(
    good: Path, bad: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(["check", "--each", str(good.parent), "--as", "json"])
    projects = report(capsys.readouterr().out)

    assert code == 1
    assert [(one["id"], one["path"]) for one in projects] == [
        ("bad", str(bad)),
        ("good", str(good)),
    ]


def test_a_folder_without_folders_has_no_projects(
    good: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", "--each", str(good)]) == 3
    assert "Without --each it is a project itself" in capsys.readouterr().err


def test_two_projects_of_one_name_are_not_mixed(
    good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = project(tmp_path / "other" / "good", model=MODEL, host=SMALL)

    assert run(["check", str(good), str(other)]) == 2
    assert f"so is {good}" in capsys.readouterr().err


def test_a_project_named_twice_is_read_once(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["check", str(good), str(good), "--as", "json"])

    assert len(report(capsys.readouterr().out)) == 1


def test_the_ending_of_the_file_says_the_format(bad: Path, tmp_path: Path) -> None:
    for name, start in (
        *(("a.json", '{\n  "schema"'), ("a.jsonld", '{\n  "@context"'), ("a.csv", "project,")),
        *(("a.html", "<!doctype html>"), ("a.md", "# "), ("a.txt", "bad"), ("a.out", "bad")),
    ):
        run(["check", str(bad), "-o", str(tmp_path / name)])

        assert (tmp_path / name).read_text().startswith(start)


def test_the_format_named_wins_over_the_ending(bad: Path, tmp_path: Path) -> None:
    run(["check", str(bad), "-o", str(tmp_path / "a.md"), "--as", "json"])

    assert (tmp_path / "a.md").read_text().startswith("{")


def test_a_file_that_cannot_be_written_is_wrong_use(
    good: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", str(good), "-o", str(good / "no" / "where")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_all_verdicts_are_listed_when_asked_for(
    good: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["check", str(good), "--as", "json", "--verdicts", "all"])
    found = report(capsys.readouterr().out)[0]

    assert {one["verdict"] for one in found["findings"]} == {"clear", "undecided"}  # type: ignore[attr-defined]


@pytest.mark.parametrize("role", ["operations", "OPS"])
def test_a_role_is_told_everything_in_its_own_order(
    role: str, bad: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["check", str(bad), "--as", "json"])
    plain = json.loads(capsys.readouterr().out)
    run(["check", str(bad), "--role", role, "--as", "json"])
    own = json.loads(capsys.readouterr().out)
    prints, for_role = (
        [one["fingerprint"] for one in found["projects"][0]["findings"]] for found in (plain, own)
    )

    assert plain["ranking"] == {"role": None, "raters": "all", "respondents": 31}
    assert own["ranking"] == {"role": "operations", "raters": "operations", "respondents": 5}
    assert sorted(for_role) == sorted(prints)
    assert for_role != prints


def test_a_role_without_figures_of_its_own_is_told_so(
    bad: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["check", str(bad), "--role", "business owner"])
    text = " ".join(capsys.readouterr().out.split())

    assert "Ranked for business owners by severity" in text
    assert "all 31 respondents of the study's survey, which has no figures for business o" in text


def test_a_role_hides_nothing_from_the_exit_code(bad: Path) -> None:
    assert run(["check", str(bad), "--role", "end-user"]) == 1


def test_environment_variables_stand_for_options(
    bad: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MISMATCH_AS", "json")
    monkeypatch.setenv("MISMATCH_FAIL_ON", "never")

    assert run(["check", str(bad)]) == 0
    assert report(capsys.readouterr().out)[0]["id"] == "bad"


def test_knowledge_folders_are_separated_as_in_path(
    tmp_path: Path, good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = [tmp_path / "first", tmp_path / "second"]
    for folder in folders:
        (folder / "queries").mkdir(parents=True)
    monkeypatch.setenv("MISMATCH_KNOWLEDGE", os.pathsep.join(map(str, folders)))
    assert run(["check", str(good)]) == 0

    monkeypatch.setenv("MISMATCH_KNOWLEDGE", os.pathsep.join([str(folders[0]), "nowhere"]))
    assert run(["check", str(good)]) == 2


def test_a_store_in_a_folder_keeps_what_was_read(bad: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"

    assert run(["check", str(bad), "--store", str(store)]) == 1
    assert any(store.iterdir())
    assert run(["check", str(bad), "--store", str(store)]) == 1


@pytest.mark.parametrize(("name", "coloured"), [("FORCE_COLOR", True), ("NO_COLOR", False)])
def test_colours_can_be_asked_for_and_refused(
    name: str,
    coloured: bool,  # noqa: FBT001 - the expected outcome
    bad: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(name, "1")
    run(["check", str(bad)])

    assert ("\x1b" in capsys.readouterr().out) is coloured


def test_a_pipe_gets_neither_colours_nor_bars(bad: Path) -> None:
    done = subprocess.run(
        [*COMMAND, "check", str(bad)], capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert "\x1b" not in done.stdout
    assert done.stderr == ""


def test_a_terminal_gets_colours(bad: Path) -> None:
    ours, theirs = pty.openpty()
    environment = {k: v for k, v in os.environ.items() if k != "NO_COLOR"} | {"TERM": "xterm"}
    with subprocess.Popen([*COMMAND, "check", str(bad)], stdout=theirs, env=environment) as process:
        os.close(theirs)
        shown = read_all(ours)
        process.wait()

    assert "\x1b[1;31m" in shown


def read_all(descriptor: int) -> str:
    pieces = [b""]
    with suppress(OSError):  # how Linux says that a terminal was closed
        while piece := os.read(descriptor, 65536):
            pieces.append(piece)
    os.close(descriptor)
    return b"".join(pieces).decode()


def test_a_bar_is_shown_on_a_terminal_when_it_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = pty.openpty()
    monkeypatch.setenv("TERM", "xterm")
    with os.fdopen(theirs, "w") as stream:
        monkeypatch.setattr(sys, "stderr", stream)
        for _ in counted([1, 2], 2, "Counting"):
            time.sleep(0.7)
        monkeypatch.undo()
    shown = read_all(ours)

    assert "Counting" in shown
    assert "1/2" in shown


def test_a_reader_who_leaves_early_meets_no_traceback(tmp_path: Path) -> None:
    many = "".join(f"---\n{MODEL}name: m{number}\n" for number in range(300))
    folder = project(tmp_path / "many", models=many)
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*COMMAND, "check", str(folder), "--verdicts", "all"],
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writing)

    assert done.stderr == ""
    assert done.returncode == 141


# -- errors --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["chekc"],
        ["check"],
        ["check", ".", "--as", "xml"],
        ["check", ".", "--fail-on", "sometimes"],
        ["check", ".", "--role", "boss"],
        ["check", ".", "--store", "nothing://x"],
        ["check", ".", "--knowledge", "/nowhere"],
        ["check", ".", "--nonsense"],
        ["explain"],
        ["explain", "xyzzy"],
        ["import", ".", "-o", "x.xlsx"],
    ],
    ids=" ".join,
)
def test_wrong_use_is_told_in_one_line(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 2
    told = capsys.readouterr()
    if arguments:
        assert re.fullmatch(r"error: .+\n", told.err)
        assert told.out == ""


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (PredicateMalformed("", ""), 4),
        (DescriptorInvalid("", ""), 3),
        (StoreUnreachable("", ""), 4),
        (QueryRefused("", ""), 4),
        (NotFound("", ""), 2),
        (NotAllowed("", ""), 2),
        (typer.BadParameter(""), 2),
        (KeyError("x"), 4),
        (RecursionError(), 4),
    ],
)
def test_the_code_says_whose_fault_it_is(error: Exception, code: int) -> None:
    assert code_of(error) == code


def test_what_nobody_foresaw_is_ours_and_takes_one_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    tell(KeyError("two\nlines \x1b[31m"))

    assert re.fullmatch(
        r"error: This is a fault of mismatch, not yours .*\n", capsys.readouterr().err
    )


def test_a_malformed_predicate_is_told_with_its_file(
    tmp_path: Path, good: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    query = tmp_path / "mine" / "queries" / "predicates" / "broken.rq"
    query.parent.mkdir(parents=True)
    query.write_text("#+ label: Broken\nSELECT * WHERE {}\n")
    arguments = ["check", str(good), "--knowledge", str(tmp_path / "mine")]

    assert run(arguments) == 4
    assert re.fullmatch(r"error: .*broken\.rq.*\n", capsys.readouterr().err)

    monkeypatch.setenv("MISMATCH_DEBUG", "1")
    assert run(arguments) == 4
    assert "Traceback" in capsys.readouterr().err


def test_debugging_is_asked_for_before_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--debug", "explain", "xyzzy"]) == 2
    assert "Traceback" in capsys.readouterr().err


class Interrupted(list[str]):
    """Arguments in whose midst somebody presses Ctrl-C."""

    def __iter__(self) -> Iterator[str]:
        raise KeyboardInterrupt


def test_whoever_interrupts_meets_no_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(Interrupted(["check"])) == 130
    assert capsys.readouterr().err == ""


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"mismatch {__version__}\n"


def test_every_command_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("check", "derive", "explain", "import", "new"):
        assert run([name, "-h"]) == 0
        assert f"Usage: mismatch {name}" in capsys.readouterr().out


# -- explain -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (
            FAULT,
            ["Formally", "operations", "OE.ComputingResources", "of the 140 examples", "16 GB"],
        ),
        (
            "oe.computingresources",
            [FAULT, "What the study found", "available_memory", "29 of 31   94 %"],
        ),
        ("requiredMemory", ["required_memory: 16 GB", "data scientists", "bytes", FAULT]),
        ("required_memory", ["mm:requiredMemory"]),
        ("inputs", ["interface item with", "data_type"]),
        ("operator", ["Any number of values: ", "less-than"]),
    ],
)
def test_a_name_is_explained(
    name: str, told: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["explain", name]) == 0
    text = capsys.readouterr().out

    assert [one for one in told if one not in text] == []


def test_the_figures_of_a_mismatch_stand_in_a_row_for_each_kind_of_raters(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run(["explain", "OE.InferenceTime"])
    text = capsys.readouterr().out

    assert (
        "  Named in 5 of the 140 examples from interviews. Important or very important to\n"
        "    all                 29 of 31   94 %  rank 12 of 34\n"
        "    data scientists     14 of 16   88 %  rank 21 of 34\n"
        "    software engineers  10 of 10  100 %  rank 10 of 34\n"
        "    operations            5 of 5  100 %  rank  9 of 34\n"
        "  Ranked by share, then by examples; equals share a rank. Other roles rank as all do.\n"
    ) in text


def test_a_predicates_findings_are_said_to_rank_by_the_first_of_several_mismatches(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run(["explain", FAULT])
    several = capsys.readouterr().out
    run(["explain", "log-capture-insufficient"])
    single = capsys.readouterr().out

    assert several.index("OE.ComputingResources: ") < several.index("TM.SystemConfiguration: ")
    assert "findings rank by the first of these" in several
    assert "OE.RuntimeMetrics: " in single
    assert "findings rank by the first of these" not in single


def test_every_figure_that_is_told_is_the_studys(
    reference: Path, predicates: Catalogue, capsys: pytest.CaptureFixture[str]
) -> None:
    with (reference / "study/subcategories.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    raters = {
        "all": ("vi_i_all_n31", 31),
        "data scientists": ("vi_i_data_science_n16", 16),
        "software engineers": ("vi_i_software_engineering_n10", 10),
        "operations": ("vi_i_operations_other_n5", 5),
    }
    assert {row["code"] for row in rows} == set(predicates.mismatches)
    for row in rows:
        run(["explain", row["code"]])
        text = capsys.readouterr().out
        told = re.findall(
            r"^    (\S.*?) +(\d+) of (\d+) +(\d+) %  rank +\d+ of 34$", text, re.MULTILINE
        )

        assert f"Named in {row['interview_count']} of the 140 examples" in text
        assert told == [
            (who, row[column], str(n), str(round(100 * int(row[column]) / n)))
            for who, (column, n) in raters.items()
        ]


def test_every_predicate_mismatch_and_attribute_is_explained(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    for name in ("resources-exceed-operations", "TM.ApiSpecifications", "documentation"):
        assert run(["explain", name, "-o", str(page)]) == 0
        assert max(map(len, page.read_text().splitlines())) <= 100


def test_a_mismatch_that_nothing_detects_yet_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (
        "@prefix mm: <https://w3id.org/ml-mismatch/> .\n"
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        'mm:trained-model-taste a mm:Mismatch ; skos:notation "TM.Taste" ;\n'
        '    skos:prefLabel "Taste"@en ; skos:definition "What the model likes."@en ;\n'
        "    skos:broader mm:trained-model .\n"
    )
    (tmp_path / "ontology").mkdir()
    (tmp_path / "ontology" / "taste.ttl").write_text(text, encoding="utf-8")

    assert run(["explain", "TM.Taste", "--knowledge", str(tmp_path)]) == 0
    text = capsys.readouterr().out
    assert "No predicate detects it yet." in text
    assert "What the study found" not in text
    assert "Ranked by share" not in text


def test_a_name_that_is_nearly_right_is_answered_with_what_is_near(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["explain", "resource-exceeds-operations"]) == 2
    assert FAULT in capsys.readouterr().err


# -- import --------------------------------------------------------------------------------------


def test_what_was_read_is_shown_with_its_source(
    bad: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["import", str(bad)]) == 0
    assert "required_memory: 16 GB  # model.yaml:2" in capsys.readouterr().out


@pytest.mark.parametrize("suffix", [".yaml", ".trig", ".jsonld"])
def test_the_ending_says_in_which_format_descriptors_are_written(
    suffix: str, bad: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()

    assert run(["import", str(bad), "-o", str(copy / f"all{suffix}")]) == 0
    assert capsys.readouterr().out == ""
    assert run(["check", str(copy)]) == 1


def test_the_report_tells_what_was_read_linked_broken_and_passed_over(
    bad: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (bad / "notes.txt").touch()
    (bad / "more.yaml").write_text("element: TrainedModel\nmodel_version:\nno_such_key: 1\n")

    assert run(["import", str(bad), "--report"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "element:" not in text
    for told in (
        "model.yaml",
        "descriptor",
        "the only ones of their kinds",
        "notes.txt",
        "`model_version` has no value",
        "`no_such_key` is not stated of a trained model",
    ):
        assert told in text


def test_importing_nothing_is_unreadable(tmp_path: Path) -> None:
    assert run(["import", str(tmp_path / "nowhere")]) == 3
    assert run(["import", str(project(tmp_path / "empty"))]) == 3


# -- new -----------------------------------------------------------------------------------------


def test_new_writes_files_that_can_be_read_and_state_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "new"

    assert run(["new", str(folder)]) == 0
    written = sorted(str(path.relative_to(folder)) for path in folder.rglob("*.yaml"))
    assert len(written) == 9
    assert "mismatch.yaml" in written
    assert "descriptors/trained-model.yaml" in written

    capsys.readouterr()
    assert run(["check", str(folder), "--as", "json"]) == 0
    found = report(capsys.readouterr().out)[0]
    assert (found["statements"], found["problems"]) == (0, [])


def test_new_keeps_what_is_there_and_says_so(bad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (bad / "mismatch.yaml").write_text("id: mine\n")

    assert run(["new", str(bad)]) == 0
    assert (bad / "mismatch.yaml").read_text() == "id: mine\n"
    assert f"kept   {bad / 'mismatch.yaml'}" in capsys.readouterr().out


def test_new_fills_in_what_can_be_guessed_and_marks_it(bad: Path) -> None:
    (bad / "train.csv").write_text("Heart Rate,age\n60,1\n70,2\n")
    (bad / "live.csv").write_text("heart_rate,age\n60,1\n70,2\n")

    assert run(["new", str(bad)]) == 0
    text = (bad / "mismatch.yaml").read_text()
    assert "id: bad  # guessed" in text
    assert re.search(r"train\.csv: TrainingData +# guessed", text)
    assert re.search(r"link: deployed_in, .*# guessed", text)
    assert re.search(r"from: Heart Rate, to: heart_rate.*# guessed", text)
    assert run(["check", str(bad)]) == 1


def test_new_asks_only_for_what_no_file_states(bad: Path) -> None:
    assert run(["new", str(bad)]) == 0
    model = (bad / "descriptors" / "trained-model.yaml").read_text()
    asked, read = model.split("Read from files already")

    assert "# trained_model_name:" not in read
    assert "# required_memory: 16 GB" in read
    assert "# required_memory:" not in asked
    assert re.search(r"##   16 GB  \S+:\d+\n# required_memory: 16 GB", read)
    assert re.search(r"##   \S.*\n# deployed_in: ", asked)


def test_new_in_the_place_of_a_file_is_wrong_use(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert run(["new", str(tmp_path / "file")]) == 2
    assert run(["new", str(tmp_path / "file" / "below")]) == 2


# -- derive --------------------------------------------------------------------------------------


def test_derive_writes_what_check_then_finds_current(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / "mine"
    (mine / "ontology").mkdir(parents=True)
    arguments = ["derive", "--knowledge", str(mine)]

    assert run([*arguments, "--check"]) == 1
    assert "context.jsonld is stale" in capsys.readouterr().err
    assert run(arguments) == 0
    assert (mine / "ontology" / "derived" / "context.jsonld").is_file()
    assert run([*arguments, "--check"]) == 0


def test_a_command_loads_nothing_that_only_others_need() -> None:
    code = (
        "import sys; from kg.cli import run; run(['explain', 'required_memory']); "
        "print(*{'scipy.stats', 'networkx', 'fastapi'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == ""
