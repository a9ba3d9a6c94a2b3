"""Folders become projects of a service, and no other program puts into the store that it keeps."""

from pathlib import Path

import pytest

from kg.cli import run
from kg.errors import NotFound, StoreUnreachable
from kg.service.engine import check_store
from kg.service.settings import read_settings
from tests.serving import served

HOST = "element: OperationalEnvironment\navailable_memory: {} GB\n"


def folder(at: Path, memory: int, name: str = "shop") -> Path:
    made = at / name
    made.mkdir(exist_ok=True)
    (made / "host.yaml").write_text(HOST.format(memory), encoding="utf-8")
    (made / "notes.bin").write_bytes(b"\0")
    return made


def test_a_folder_is_loaded_as_often_as_it_differs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = str(tmp_path / "store")

    def loaded(path: Path) -> tuple[int, str]:
        return run(["load", str(path), "--store", store]), capsys.readouterr().out

    assert loaded(folder(tmp_path, 8))[1].startswith("shop: revision 1, ")
    assert loaded(folder(tmp_path, 8))[1].startswith("shop: is revision 1 already, ")
    assert loaded(folder(tmp_path, 16))[1].startswith("shop: revision 2, ")
    # Where a service keeps the store, what stands in it follows from its history alone.
    assert run(["check", str(folder(tmp_path, 8)), "--store", store]) == 2
    assert "mismatch load" in capsys.readouterr().err
    question = tmp_path / "all.rq"
    question.write_text(
        "#+ summary: All memory.\nPREFIX mm: <https://w3id.org/ml-mismatch/>\n"
        "SELECT ?memory WHERE { ?host mm:availableMemory ?memory }\n",
        encoding="utf-8",
    )
    run(["ask", "--file", str(question), "--store", store, "--as", "csv"])
    assert capsys.readouterr().out.count("16000000000") == 1
    with pytest.raises(StoreUnreachable, match="was named below"):
        check_store(read_settings(store=store, base="http://x.org/"))


def test_a_project_that_a_check_put_is_taken_in_by_loading(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = str(tmp_path / "store")
    assert run(["check", str(folder(tmp_path, 8)), "--store", store]) == 0
    settings = read_settings(store=store)
    assert check_store(settings) == ["shop"]
    run(["load", str(folder(tmp_path, 16)), "--store", store])
    assert check_store(settings) == []
    capsys.readouterr()


def test_what_cannot_be_a_project_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (folder(tmp_path, 8, "My Shop"), tmp_path / "nowhere"):
        assert run(["load", str(path), "--store", str(tmp_path / "store")]) == 3
        told = capsys.readouterr().err
        assert told.startswith("error: ")
        assert told.count("\n") == 1
    settings = read_settings(load=(tmp_path / "nowhere",))
    with pytest.raises(NotFound, match="is no folder"):
        check_store(settings.model_copy(update={"store": "memory:"}))


def test_a_service_starts_with_the_folders_that_it_is_told(tmp_path: Path) -> None:
    with served(serves="projects", load=(folder(tmp_path, 8),)) as client:
        assert client.get("/projects/shop").json()["revision"] == 1
        listed = client.get("/projects/shop/artefacts").json()["artefacts"]
        assert [one["path"] for one in listed] == ["host.yaml", "notes.bin"]
