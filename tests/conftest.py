"""What several test files need: the knowledge as shipped, a way to check a folder, the reference
data; and what keeps the whole run short.
"""

import gc
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery

from kg import catalogue, vocabulary
from kg.catalogue import Catalogue
from kg.detect import check
from kg.findings import ProjectReport
from kg.projects import read_project
from kg.stores import open_store
from kg.vocabulary import Vocabulary
from kg.workspace import Workspace
from tests.browsing import Browser, browsing

# As the Makefile has it: where a machine of Debian's runs the tests, and may install.
INSTALLS = bool(os.environ.get("CI")) and os.getuid() == 0 and Path("/etc/debian_version").is_file()

Check = Callable[[Path], ProjectReport]
Write = Callable[[Mapping[str, str]], Path]

# The files that take longest begin first, so that no worker ends long after the others.
LONGEST = (
    "test_predicates.py",
    "test_service_kill.py",
    "test_extension_guide.py",
    "test_docker.py",
    "test_wrapped.py",
    "test_derive.py",
    "test_broken_inputs.py",
)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One worker more than there are cores: tests wait for services, for a browser, for the end of
    a pause.
    """
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of the longest files before all others."""
    turn = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: turn.get(item.path.name, len(turn)))


def pytest_collection_finish() -> None:
    """Look for garbage no more among what was collected: it stays until the end."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def parsed_once() -> Iterator[None]:
    """Rdflib parses a query each time it is run, which takes most of the time: here once each."""
    kept: dict[tuple[str, str | None, frozenset[tuple[str, str]]], object] = {}

    def translated(query: str, base: str | None, prefixes: Mapping[str, str] | None) -> object:
        named = {one for one in (prefixes or {}).items() if f"{one[0]}:" in query}
        key = query, base, frozenset(named)
        if key not in kept:
            kept[key] = translateQuery(parseQuery(query), base, prefixes)
        return kept[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("rdflib.plugins.sparql.processor.parseQuery", lambda query: query)
        patch.setattr("rdflib.plugins.sparql.processor.translateQuery", translated)
        yield


@pytest.fixture(scope="session")
def known() -> Vocabulary:
    """The vocabulary as shipped."""
    return vocabulary.load()


@pytest.fixture(scope="session")
def predicates(known: Vocabulary) -> Catalogue:
    """The catalogue as shipped."""
    return catalogue.load(known)


@pytest.fixture
def check_folder(known: Vocabulary, predicates: Catalogue) -> Check:
    """Checks one project's folder."""

    def checked(folder: Path) -> ProjectReport:
        workspace = Workspace(open_store("memory:"), known)
        return check([read_project(folder, known)], workspace, predicates).projects[0]

    return checked


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a project's files and gives its folder."""

    def written(files: Mapping[str, str]) -> Path:
        folder = tmp_path / "project"
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        return folder

    return written


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """The browser that judges pages; skips where there is none, unless `make test` installs it."""
    found = shutil.which("chromium")
    if found is None and INSTALLS:
        pytest.fail("chromium is not there, and `make test` should have installed it")
    if found is None:
        pytest.skip("chromium is not installed: pages are not opened in a browser")
    with browsing(found, tmp_path_factory.mktemp("chromium")) as browser:
        yield browser


@pytest.fixture(scope="session")
def reference() -> Path:
    """The folder with the reference data; skips where there is none."""
    folder = os.environ.get("MISMATCH_REFERENCE")
    if not folder:
        pytest.skip("MISMATCH_REFERENCE is not set: no reference data on this machine")
    return Path(folder)


@pytest.fixture
def hostile_folder(write: Write) -> Path:
    """A project with markup, formulas and controls wherever a text of its own can stand."""
    image, formula = "<img src=x onerror=alert(1)>", "=HYPERLINK(1)"
    return write(
        {
            "mismatch.yaml": f"""
id: '<b>loan</b> & {formula}'
mappings:
  - {{from: '{image}', to: '<u>age</u>'}}
""",
            f"{image}.yaml": f"""
element: TrainedModel
name: '{image}'
required_memory: 16 GB
model_version: '</td></tr></table>{formula}'
required_software:
  - {{name: '@SUM(1)', version_range: '==1.0'}}
  - {{name: '</script><script>alert(1)</script>', version_range: '==1.0'}}
required_languages: ['{formula}']
""",
            "<svg onload=alert(1)>.yaml": f"""
element: OperationalEnvironment
name: "-2+3;{formula}\\u202e\\x1b[2J"
available_memory: 8 GB
available_software:
  - {{name: '@SUM(1)', version_range: '==2.0'}}
""",
            "train.csv": f'"{image}","{formula}",label\n' + "1,2,a\n" * 9,
            "live.csv": '"<u>age</u>","+plus"\n' + "1,2\n" * 9,
            "<script>.yaml": "element: TrainedModel\nname: [<script>",
        }
    )
