"""What the service remembers: whole or not at all, read back as it was, upgraded step by step."""

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg import catalogue as catalogues
from kg import vocabulary as vocabularies
from kg.detect import check
from kg.errors import NotFound, StoreError, StoreUnreachable
from kg.findings import ProjectReport
from kg.history import FILE, Connection, History, contents, projects, revisions
from kg.history.records import finding, packed, unpacked
from kg.history.revisions import Made
from kg.projects import read_project
from kg.stores import open_store
from kg.workspace import BASE, Workspace

EXAMPLE = Path(__file__).parent.parent / "docs" / "example"


@pytest.fixture(scope="module")
def report() -> ProjectReport:
    vocabulary = vocabularies.load()
    catalogue = catalogues.load(vocabulary)
    workspace = Workspace(open_store("memory:"), vocabulary, BASE, catalogue.statistics)
    return check([read_project(EXAMPLE, vocabulary)], workspace, catalogue).projects[0]


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    made = History(tmp_path / FILE)
    yield made
    made.close()


def _put(
    connection: Connection, report: ProjectReport, files: dict[str, bytes], graphs: str = ""
) -> revisions.Revision:
    digests = {path: contents.keep(connection, data) for path, data in files.items()}
    made = Made("ada", "because", "by hand", digests, graphs, report)
    return revisions.add(connection, "loan", made)


def _project(connection: Connection) -> None:
    projects.create(connection, "loan", title="Loans", private=False, creator="ada")


def test_a_report_is_read_back_as_it_was(report: ProjectReport) -> None:
    assert unpacked(packed(report)) == report
    for one in report.findings:
        assert finding(packed(one)) == one
        assert [type(evidence.value) for evidence in finding(packed(one)).evidence] == [
            type(evidence.value) for evidence in one.evidence
        ]


def test_a_revision_has_the_files_that_it_was_made_of(
    history: History, report: ProjectReport
) -> None:
    trees: list[dict[str, bytes]] = [
        {"a.yaml": b"1", "b.yaml": b"2"},
        {"a.yaml": b"1", "b.yaml": b"3"},
        {"b.yaml": b"3"},
        {"a.yaml": b"1", "b.yaml": b"2", "c/d.csv": b""},
    ]
    with history.writing() as connection:
        _project(connection)
        for tree in trees:
            _put(connection, report, tree)
    with history.reading() as connection:
        for number, tree in enumerate(trees, start=1):
            found = revisions.files(connection, "loan", number)
            assert found.keys() == tree.keys()
            for path, data in tree.items():
                assert revisions.content(connection, "loan", number, path) == data
        assert [one.number for one in revisions.listed(connection, "loan")] == [4, 3, 2, 1]
        assert [one.number for one in revisions.listed(connection, "loan", before=3, most=1)] == [2]
        assert projects.get(connection, "loan").revision == len(trees)


def test_a_revision_tells_its_graphs_its_report_and_its_counts(
    history: History, report: ProjectReport
) -> None:
    with history.writing() as connection:
        _project(connection)
        made = _put(connection, report, {}, graphs="<a> <b> <c> <d> .")
    assert (made.number, made.author, made.message, made.origin) == (
        1,
        "ada",
        "because",
        "by hand",
    )
    assert {
        "mismatch": made.mismatches,
        "clear": made.clear,
        "undecided": made.undecided,
    } == report.summary
    with history.reading() as connection:
        assert revisions.graphs(connection, "loan", 1) == "<a> <b> <c> <d> ."
        assert revisions.report(connection, "loan", 1) == report
        with pytest.raises(NotFound, match="no revision 2"):
            revisions.report(connection, "loan", 2)


def test_what_a_file_holds_is_kept_once_and_forgotten_with_its_last_file(
    history: History, report: ProjectReport
) -> None:
    with history.writing() as connection:
        _project(connection)
        _put(connection, report, {"a": b"same", "b": b"same"})
        assert _count(connection, "content") == 1
        projects.remove(connection, "loan")
        contents.sweep(connection)
        assert [_count(connection, name) for name in ("content", "file", "revision")] == [0, 0, 0]


def test_a_change_that_fails_leaves_nothing(history: History) -> None:
    with pytest.raises(sqlite3.IntegrityError), history.writing() as connection:
        _twice(connection)
    with history.reading() as connection:
        assert projects.ids(connection) == []


def test_who_reads_sees_one_state(history: History) -> None:
    with history.reading() as reader:
        assert not projects.has(reader, "loan")
        with history.writing() as writer:
            _project(writer)
        assert not projects.has(reader, "loan")
    with history.reading() as reader:
        assert projects.has(reader, "loan")


def test_ids_come_in_pages_without_those_that_are_hidden(history: History) -> None:
    with history.writing() as connection:
        for name in ("d", "a", "c", "b"):
            projects.create(connection, name, title="", private=name == "b", creator="ada")
        assert projects.ids(connection) == ["a", "b", "c", "d"]
        assert projects.ids(connection, after="a", most=2) == ["b", "c"]
        assert projects.ids(connection, after="a", most=2, hidden=["b"]) == ["c", "d"]
        assert projects.private_ones(connection) == ["b"]


def test_a_history_of_a_newer_version_is_not_opened(tmp_path: Path) -> None:
    History(tmp_path / FILE).close()
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("INSERT INTO step VALUES ('999-later', '2999-01-01')")
    with pytest.raises(StoreUnreachable, match="newer version"):
        History(tmp_path / FILE)


def test_a_file_that_is_no_history_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"no database at all, but long enough to look like one" * 100)
    with pytest.raises(StoreUnreachable, match="cannot be opened"):
        History(tmp_path / FILE)


def test_a_copy_is_a_history(history: History, tmp_path: Path) -> None:
    with history.writing() as connection:
        _project(connection)
    history.copy(tmp_path / "copy.sqlite")
    with History(tmp_path / "copy.sqlite").reading() as connection:
        assert projects.has(connection, "loan")


def test_a_history_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    History(tmp_path / FILE).close()
    history = History(tmp_path / FILE)
    shutil.rmtree(tmp_path)
    with pytest.raises(StoreError), history.writing() as connection:
        _project(connection)


def _twice(connection: Connection) -> None:
    _project(connection)
    _project(connection)


def _count(connection: Connection, table: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
