import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_a_wheel_finds_the_knowledge_inside_itself(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*install, "--target", str(site), str(wheel)], check=True)

    asked = subprocess.run(
        [sys.executable, "-c", "from kg.paths import knowledge_roots; print(*knowledge_roots())"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(site)},
        check=True,
        capture_output=True,
        text=True,
    )

    assert asked.stdout.strip() == str(site / "kg" / "_data")
    assert (site / "bin" / "mismatch").is_file()


def test_a_wheel_carries_every_knowledge_file(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    ours = {
        f"kg/_data/{path.relative_to(ROOT).as_posix()}"
        for shelf in ("ontology", "shapes", "queries")
        for path in (ROOT / shelf).rglob("*")
        if path.is_file()
    }

    assert ours
    assert ours <= inside


def test_a_wheel_carries_the_templates_of_pages(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    templates = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("kg/**/templates/*")}

    assert len(templates) >= 2
    assert templates <= inside


def test_a_wheel_carries_nothing_but_the_package(wheel: Path) -> None:
    top = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}

    assert {name for name in top if not name.endswith(".dist-info")} == {"kg"}
