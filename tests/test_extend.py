"""Extensions are begun, examined, and found wanting exactly where they are."""

import inspect
import json
import re
import shutil
from pathlib import Path

import pytest

from kg.cli import run
from kg.extensions import modules
from kg.workshop.checks import Check
from kg.workshop.examination import Examined, examine
from kg.workshop.scaffold import scaffold

CASES = Path(__file__).parent / "cases" / "extensions"
BAD = sorted(CASES.glob("bad-*"))
NAME = "lamp"
BRIGHTNESS = "https://example.org/lamp#brightness"
FOUND_BY = re.compile(r"^# Found by (\w+)(?: on line (\d+))?: (.+)$", re.MULTILINE)


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """An extension as it begins."""
    return begun(tmp_path / NAME)


def begun(folder: Path) -> Path:
    for name, text in scaffold(folder.name).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def examined(folder: Path) -> Examined:
    (one,) = examine([folder]).extensions
    return one


def spoilt(fresh: Path, case: Path) -> tuple[str, str, int | None, str]:
    """Lays a case over a fresh extension; tells by what, where and in which words it is found."""
    shutil.copytree(case, fresh, dirs_exist_ok=True)
    for path in sorted(case.rglob("*.*")):
        if found := FOUND_BY.search(path.read_text(encoding="utf-8")):
            check, line, words = found.groups()
            number = int(line) if line else None
            return check, path.relative_to(case).as_posix(), number, words
    raise AssertionError(case)


@pytest.mark.parametrize("case", BAD, ids=lambda path: path.name)
def test_a_fault_is_found_by_its_check_alone(case: Path, fresh: Path) -> None:
    check, file, line, words = spoilt(fresh, case)

    found = examined(fresh).faults

    # The grammar may say of one slip in two ways what is wrong.
    assert {(name, fault.line) for name, fault in found} == {(check, line)}
    assert all(file.startswith(fault.file) for _, fault in found)
    assert any(words in fault.what for _, fault in found)


def test_every_check_was_seen_to_find_a_fault() -> None:
    texts = (path.read_text(encoding="utf-8") for path in CASES.rglob("*.*"))
    found = {match[0] for text in texts for match in FOUND_BY.findall(text)}

    assert found == set(modules("kg.workshop.checks"))


def test_every_check_follows_the_protocol() -> None:
    asked = inspect.signature(Check.examine)
    own = asked.replace(parameters=list(asked.parameters.values())[1:])
    for name, module in modules("kg.workshop.checks").items():
        assert isinstance(module.TITLE, str), name
        assert inspect.signature(module.examine) == own, name


# -- an extension as it begins --------------------------------------------------------------------


def test_an_extension_begins_with_nothing_to_mend(fresh: Path) -> None:
    found = examine([fresh])
    (one,) = found.extensions

    assert one.faults == ()
    assert (one.attributes, one.predicates, one.cases) == (1, 2, 6)
    assert found.effect.opened == found.effect.closed == ()
    assert [(gain.code, gain.new) for gain in found.effect.gains] == [("OE.InferenceTime", False)]


def test_a_begun_extension_shows_its_mismatch_in_its_example(
    fresh: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["check", str(fresh / "example"), "--knowledge", str(fresh), "--as", "json"])
    (told,) = json.loads(capsys.readouterr().out)["projects"]

    (found,) = (f for f in told["findings"] if f["verdict"] == "mismatch")
    assert found["predicate"] == "first-answer-too-late"


def test_a_file_that_is_there_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = begun(tmp_path / NAME)
    (folder / "README.md").write_text("mine", encoding="utf-8")
    (folder / "example/host.yaml").unlink()

    code = run(["extend", "new", str(folder)])

    told = capsys.readouterr().out
    assert code == 0
    assert (folder / "README.md").read_text(encoding="utf-8") == "mine"
    assert f"kept   {folder}/README.md" in told
    assert f"wrote  {folder}/example/host.yaml" in told


@pytest.mark.parametrize("name", ["Lamp", "my lamp", "7", "mm", "skos", "-x"])
def test_a_name_that_can_be_no_prefix_is_refused(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(["extend", "new", str(tmp_path / name)])

    assert code == 2
    assert f"cannot be called {name}" in capsys.readouterr().err
    assert not (tmp_path / name).exists()


# -- several faults, several extensions -----------------------------------------------------------


def test_a_file_that_is_broken_keeps_no_check_from_the_others(fresh: Path) -> None:
    cases = ("bad-turtle", "bad-query", "bad-message", "bad-case-of-no-predicate", "bad-example")
    wanted = {spoilt(fresh, CASES / case)[:2] for case in cases}
    found = examined(fresh).faults

    assert {(check, fault.file) for check, fault in found} == wanted


def test_two_extensions_are_laid_over_one_another(tmp_path: Path) -> None:
    lamp, torch = begun(tmp_path / "lamp"), begun(tmp_path / "torch")
    for shelf, suffix in (("queries/predicates", ".rq"), ("cases", ".trig")):
        first = torch / shelf / f"first-answer-too-late{suffix}"
        first.rename(first.with_name(f"torch-too-late{suffix}"))

    below, above = examine([lamp, torch]).extensions

    assert below.faults == ()
    assert {(name, fault.file) for name, fault in above.faults} == {
        ("collisions", "ontology/torch.ttl"),
        ("collisions", "shapes/predicates/warm-up-too-long.ttl"),
        ("example", "example/model.yaml"),  # `warm_up_time` may now mean either's
    }


def test_a_mismatch_of_ones_own_becomes_detectable_as_its_predicate_comes(fresh: Path) -> None:
    declared = """@prefix lamp: <https://example.org/lamp#> .
@prefix mm: <https://w3id.org/ml-mismatch/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
lamp:darkness a mm:Mismatch ; skos:notation "OE.Darkness" ; skos:prefLabel "Darkness"@en ;
    skos:definition "It is dark."@en ;
    skos:broader mm:operational-environment ; skos:inScheme mm:mismatches .
lamp:warmUpTime mm:informs lamp:darkness .
"""
    (fresh / "ontology/more.ttl").write_text(declared, encoding="utf-8")
    before = examine([fresh]).effect
    query = fresh / "queries/predicates/first-answer-too-late.rq"
    text = query.read_text(encoding="utf-8").replace("[OE.", "[OE.Darkness, OE.")
    query.write_text(text, encoding="utf-8")
    after = examine([fresh]).effect

    assert {(gap.kind, gap.term) for gap in before.opened} == {
        ("undetected-mismatch", "OE.Darkness")
    }
    assert after.opened == ()
    assert {gain.code for gain in after.gains if gain.new} == {"OE.Darkness"}


# -- the command ----------------------------------------------------------------------------------


def test_the_command_tells_errors_with_file_and_line_and_leaves_with_1(
    fresh: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, file, line, words = spoilt(fresh, CASES / "bad-case")

    assert run(["extend", "check", str(fresh)]) == 1
    told = capsys.readouterr().out
    assert f"{fresh / file}:{line}" in told
    assert words in " ".join(told.split())


def test_warnings_are_advice(fresh: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spoilt(fresh, CASES / "bad-quantity-without-unit")

    assert run(["extend", "check", str(fresh), "--as", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    (fault,) = told["extensions"][0]["faults"]
    assert (fault["check"], fault["severity"], fault["line"]) == ("pitfalls", "warning", 10)
    assert told["sound"]
    assert told["checks"]["pitfalls"] == "Nothing means what nobody meant"
    assert told["gaps"]["opened"] == [
        {"kind": "unread-attribute", "term": BRIGHTNESS, "reader": "", "excuse": ""}
    ]


@pytest.mark.parametrize("name", ["nowhere", "a-file"])
def test_what_is_no_folder_is_refused(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a-file").touch()

    assert run(["extend", "check", str(tmp_path / name)]) == 3
    assert str(tmp_path / name) in capsys.readouterr().err


def test_an_empty_folder_is_no_extension(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["extend", "check", str(tmp_path)]) == 1
    assert "holds no knowledge" in capsys.readouterr().out


def test_a_group_alone_tells_its_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["extend"]) == 2
    assert "mismatch extend --help" in capsys.readouterr().err
    assert run(["extend", "--help"]) == 0
    assert {"check", "new"} <= set(capsys.readouterr().out.split())
