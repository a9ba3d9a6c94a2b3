"""What tables of packages have in common, in pyproject.toml, Pipfile and Pixi's files."""

from collections.abc import Mapping

from kg.importers._environments import Packages, place
from kg.importers._mappings import table
from kg.importers.conda import PIP_NAMES
from kg.reading import Tree
from kg.statements import Place
from kg.versions import Dialect

# With one of these the package is wanted on some machines only.
_CONDITIONS = ("markers", "platform", "python", "sys_platform", "platform_machine", "os_name")
_ADDRESSES = ("git", "path", "url", "file", "hg", "svn", "editable", "workspace")


def take_table(packages: Packages, tree: Tree, steps: tuple[str, ...], dialect: Dialect) -> None:
    """Take down the packages of the table at `steps`, their versions in the table's dialect."""
    for name, wanted in table(tree.value, *steps).items():
        at = place(tree, *steps, name)
        taking = _Taking(packages, name, dialect, at)
        if isinstance(wanted, str):
            taking.versions(wanted)
        elif isinstance(wanted, dict):
            taking.details(wanted)
        elif isinstance(wanted, list):
            taking.versions("", "which versions are wanted depends on the machine")
        else:
            packages.refuse(f"What is wanted of {name} is no text and no table", at)


class _Taking:
    """One package of a table."""

    def __init__(self, packages: Packages, name: str, dialect: Dialect, at: Place) -> None:
        self._packages = packages
        self._name = name
        self._dialect = dialect
        self._at = at

    def versions(self, text: str, unsaid: str = "") -> None:
        """Take down the package with its versions, or why these are not stated."""
        key = PIP_NAMES.get(self._name.lower()) if self._dialect == "conda" else None
        self._packages.add(self._name, text, self._dialect, key=key, at=self._at)
        if unsaid:
            self._packages.pass_over(f"{self._name}: {unsaid}", self._at)

    def details(self, wanted: Mapping[str, object]) -> None:
        """Take down the package, unless it is wanted only with an extra or on some machines."""
        conditions = [str(wanted[key]) for key in _CONDITIONS if wanted.get(key)]
        version = wanted.get("version")
        if wanted.get("optional"):
            self._packages.pass_over(f"{self._name} is wanted only with an extra", self._at)
        elif conditions:
            because = f"{self._name} is wanted only where {' and '.join(conditions)}"
            self._packages.pass_over(because, self._at)
        elif isinstance(version, str):
            self.versions(version)
        else:
            address = next((str(wanted[key]) for key in _ADDRESSES if wanted.get(key)), "")
            self.versions("", f"its version is that of {address}" if address else "")
