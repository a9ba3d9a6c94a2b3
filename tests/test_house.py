"""The rules of the house, kept by tools; each tool is shown once to see a fault."""

import ast
import importlib
import inspect
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from itertools import chain
from pathlib import Path
from types import ModuleType
from typing import get_origin

import pytest
import rdflib
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from rdflib.namespace import OWL, RDF

import kg

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
CASES = ROOT / "tests" / "cases"

RUFF_CHECK = [str(BIN / "ruff"), "check", "--quiet", "--no-cache"]
RUFF_FORMAT = [str(BIN / "ruff"), "format", "--check", "--quiet", "--no-cache"]
MYPY = [sys.executable, "-m", "mypy"]
LINT_IMPORTS = [str(BIN / "lint-imports"), "--no-cache"]


def run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def contracts() -> dict[str, str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return {c["id"]: c["name"] for c in settings["tool"]["importlinter"]["contracts"]}


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


# -- lint, format, types, floors -----------------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    [RUFF_CHECK, RUFF_FORMAT, MYPY, LINT_IMPORTS],
    ids=["lint", "format", "types", "doors"],
)
def test_the_code_passes(command: list[str]) -> None:
    told = run(command, ROOT)

    assert told.returncode == 0, told.stdout + told.stderr


@pytest.mark.parametrize(
    ("command", "fault", "complaint"),
    [
        (RUFF_CHECK, "import os\n", "F401"),
        (RUFF_CHECK, "def load() -> None:\n    import json\n", "PLC0415"),
        (RUFF_CHECK, "from typing import TYPE_CHECKING\n", "TID251"),
        (RUFF_FORMAT, "x = {  'a':1 }\n", "planted.py"),
        (MYPY, "def load(path):\n    return path\n", "no-untyped-def"),
    ],
    ids=["unused", "deferred", "type-checking", "format", "types"],
)
def test_a_planted_fault_is_seen(
    command: list[str], fault: str, complaint: str, tmp_path: Path
) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for folder in ("tests", "bench"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "nothing.py").touch()
    planted = tmp_path / "kg" / "planted.py"
    planted.parent.mkdir()
    planted.write_text(fault)

    told = run(command, tmp_path)

    assert told.returncode == 1
    assert complaint in told.stdout


PLANTED_IMPORTS = {
    "floors": ("kg/errors.py", "kg.cli"),
    "reports": ("kg/reports/page.py", "kg.stores.memory"),
    "yaml": ("kg/importers/card.py", "yaml"),
    "oxigraph": ("kg/workspace.py", "pyoxigraph"),
    "pyshacl": ("kg/detect/by_query.py", "pyshacl"),
    "reasoner": ("kg/workspace.py", "owlrl"),
    "numbers": ("kg/measure.py", "scipy.stats"),
    "units": ("kg/importers/sei.py", "pint"),
    "owl": ("kg/workspace.py", "pyhornedowl"),
    "versions": ("kg/importers/environments.py", "packaging.version"),
    "licences": ("kg/workspace.py", "license_expression"),
    "terminal": ("kg/findings.py", "rich.text"),
    "parquet": ("kg/measure.py", "pyarrow"),
    "web": ("kg/cli/serve.py", "fastapi"),
    "pages": ("kg/cli/serve.py", "jinja2"),
    "outgoing": ("kg/cli/serve.py", "ssl"),
    "answering": ("kg/answering/process.py", "kg.errors"),
    "graphs": ("kg/projects.py", "networkx"),
    "figures": ("kg/workspace.py", "prometheus_client"),
    "frames": ("kg/workspace.py", "pandas"),
    "issuers": ("kg/cli/serve.py", "jwt"),
    "mcp": ("kg/workspace.py", "mcp"),
}


def test_every_import_contract_sees_its_fault(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    extended = ("answering", "importers", "reports", "statistics", "stores")
    for package in ("cli", "derive", "detect", "exports", *extended):
        folder = tmp_path / "kg" / package
        folder.mkdir(parents=True)
        (folder / "__init__.py").touch()
    for module in ("__init__.py", "measure.py", "projects.py", "workspace.py", "stores/memory.py"):
        (tmp_path / "kg" / module).touch()
    for file, imported in PLANTED_IMPORTS.values():
        with (tmp_path / file).open("a") as module_file:
            module_file.write(f"import {imported}\n")

    told = run(LINT_IMPORTS, tmp_path)

    unseen = {id_ for id_, name in contracts().items() if f"{name} BROKEN" not in told.stdout}
    assert unseen == set(), told.stdout


def test_every_import_contract_has_a_planted_fault() -> None:
    assert contracts().keys() == PLANTED_IMPORTS.keys()


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def test_every_import_is_a_declared_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = [lines for name, lines in project["optional-dependencies"].items() if name != "dev"]
    lines = chain(project["dependencies"], *extras)
    declared = {canonicalize_name(Requirement(line).name) for line in lines}
    foreign = set().union(*map(imported, python_files("kg"))) - sys.stdlib_module_names - {"kg"}
    carriers = packages_distributions()

    assert [
        name
        for name in sorted(foreign)
        if declared.isdisjoint(map(canonicalize_name, carriers.get(name, [])))
    ] == []


# -- words that stand in no file -----------------------------------------------------------------


def own_files() -> list[Path]:
    listed = run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], ROOT)
    files = [ROOT / name for name in listed.stdout.split("\0") if name]
    assert files, listed.stderr
    return [path for path in files if path.is_file()]


def naming(pattern: str, files: list[Path]) -> list[str]:
    seen = re.compile(pattern.encode())
    return [str(path.relative_to(ROOT)) for path in files if seen.search(path.read_bytes())]


def test_no_file_names_a_path_outside_the_repository() -> None:
    # `.ci/run` looks beside the checkout for the reference data, if there are any.
    files = [path for path in own_files() if path != ROOT / ".ci" / "run"]
    # Beside a checkout at the root stands all that a file may well name: /usr, /tmp.
    beside = ROOT.parent.iterdir() if ROOT.parent != ROOT.parent.parent else [ROOT]
    folders = "|".join(re.escape(str(path)) for path in beside if path.is_dir())

    assert naming(rf"\.\./shared|(?:{folders})\b", files) == []


def test_no_file_names_a_registry() -> None:
    hosts = [
        *("pypi", "npmjs", "yarnpkg", "anaconda", "conda", "pythonhosted", "debian"),
        *("crates", "golang", "jsdelivr", "unpkg"),
    ]

    assert (
        naming(rf"://(?:[\w-]+\.)*(?:{'|'.join(hosts)})\.(?:org|com|io|net)\b", own_files()) == []
    )


# -- knowledge is files; code only moves it ------------------------------------------------------


def strings(path: Path) -> list[str]:
    """The strings that a module computes with: its docstrings are left out."""
    tree = ast.parse(path.read_text())
    told = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told
    ]


def test_no_query_stands_in_python() -> None:
    query = re.compile(r"(?s)\b(SELECT|CONSTRUCT|ASK|INSERT|DELETE)\b.*\{.*[?$]\w")

    assert [path for path in python_files("kg") if any(map(query.search, strings(path)))] == []


def test_no_iri_stands_in_python() -> None:
    # The names of formats are no terms, and the namespaces are read from the ontology.
    named = ("answering/tables.py", "findings.py", "reports/sarif.py")
    formats = {ROOT / "kg" / name for name in named}
    files = [path for path in python_files("kg") if path not in formats]
    term = re.compile(r"https?://[\w.-]+\.\w+/")

    assert [path for path in files if any(map(term.search, strings(path)))] == []


# -- every extension has its case ----------------------------------------------------------------


def modules(package: str) -> list[str]:
    files = (ROOT / "kg" / package).glob("[!_]*.py")
    folders = (ROOT / "kg" / package).glob("[!_]*/__init__.py")
    return sorted([path.stem for path in files] + [path.parent.name for path in folders])


def predicates() -> list[str]:
    files = [
        *(ROOT / "queries" / "predicates").glob("*.rq"),
        *(ROOT / "shapes" / "predicates").glob("*.ttl"),
    ]
    return sorted(path.stem for path in files)


@pytest.mark.parametrize(
    ("kind", "names", "case"),
    [
        ("comparing", modules("comparing"), "{}.csv"),
        ("importers", modules("importers"), "{}/*/*"),
        ("reports", modules("reports"), "{}.golden"),
        ("statistics", modules("statistics"), "{}.csv"),
        ("stores", modules("stores"), "{}.py"),
        ("predicates", predicates(), "{}.trig"),
    ],
    ids=["comparing", "importers", "reports", "statistics", "stores", "predicates"],
)
def test_every_extension_has_its_case(kind: str, names: list[str], case: str) -> None:
    assert names
    assert [name for name in names if not any((CASES / kind).glob(case.format(name)))] == []


def test_no_case_outlives_what_it_shows() -> None:
    packages = ("comparing", "importers", "reports", "statistics", "stores")
    known = {kind: modules(kind) for kind in packages}
    known["predicates"] = predicates()

    assert [
        str(case.relative_to(ROOT))
        for kind, names in known.items()
        for case in (CASES / kind).glob("[!_.]*")
        if case.stem not in names
    ] == []


# -- every extension follows its protocol --------------------------------------------------------


def departures(module: ModuleType, protocol: type) -> list[str]:
    """What the protocol asks for and the module has not, or has with another signature."""
    methods = {name: value for name, value in vars(protocol).items() if inspect.isfunction(value)}
    values = inspect.get_annotations(protocol)
    return [
        *(name for name, type_ in values.items() if not is_a(getattr(module, name, 0), type_)),
        *(
            name
            for name, method in methods.items()
            if not name.startswith("_") and not same_signature(getattr(module, name, None), method)
        ),
    ]


def is_a(value: object, annotation: type) -> bool:
    """Whether the value is of the annotated type, whatever a collection holds."""
    origin: object = get_origin(annotation)
    return isinstance(value, origin if isinstance(origin, type) else annotation)


def statistical_protocol(name: str) -> str:
    """Which of the two a module means to follow, by the function that it has."""
    return (
        "Trial"
        if hasattr(importlib.import_module(f"kg.statistics.{name}"), "judge")
        else "Statistic"
    )


def same_signature(function: object, method: object) -> bool:
    if not (inspect.isfunction(function) and inspect.isfunction(method)):
        return False
    own, asked = inspect.signature(function), inspect.signature(method)
    without_self = asked.replace(parameters=list(asked.parameters.values())[1:])
    return own == without_self


@pytest.mark.parametrize(
    ("package", "protocol", "name"),
    [
        (package, protocol, name)
        for package, protocol in (
            ("comparing", "Way"),
            ("importers", "Importer"),
            ("reports", "Reporter"),
        )
        for name in modules(package)
    ]
    + [("statistics", statistical_protocol(name), name) for name in modules("statistics")],
)
def test_an_extension_follows_its_protocol(package: str, protocol: str, name: str) -> None:
    module = importlib.import_module(f"kg.{package}.{name}")
    asked = getattr(importlib.import_module(f"kg.{package}"), protocol)

    assert departures(module, asked) == []


def test_a_departure_from_the_protocol_is_seen() -> None:
    asked = importlib.import_module("kg.importers").Importer

    assert {"TITLE", "claims", "read"} <= set(departures(ModuleType("planted"), asked))


# -- one version ---------------------------------------------------------------------------------


def test_the_version_is_the_same_everywhere() -> None:
    changes = (ROOT / "docs" / "changes.md").read_text()
    newest = re.search(r"^## \[?(\d+\.\d+\.\d+)", changes, flags=re.MULTILINE)
    core = rdflib.Graph().parse(ROOT / "ontology" / "core.ttl")
    ontology = core.value(predicate=RDF.type, object=OWL.Ontology)

    assert newest is not None
    assert newest[1] == kg.__version__
    assert str(core.value(ontology, OWL.versionInfo)) == kg.__version__
