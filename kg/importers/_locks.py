"""What lock files have in common: every package once with its exact version, and no others."""

from collections import defaultdict
from dataclasses import dataclass, field

from kg.importers._environments import Packages
from kg.importers.conda import PIP_NAMES
from kg.statements import NOWHERE, Place


@dataclass(slots=True)
class Locked:
    """A package of a lock file, as it is being read; `unless` says why it may not be installed."""

    name: str = ""
    version: str = ""
    at: Place = NOWHERE
    conda: bool = False
    unless: str = ""


@dataclass(slots=True)
class Lock:
    """The packages of a lock file, gathered first: a platform may have a version of its own."""

    packages: dict[str, list[Locked]] = field(default_factory=lambda: defaultdict(list))

    def add(self, package: Locked) -> None:
        """Take a package in."""
        self.packages[package.name].append(package)

    def state(self, taken: Packages) -> None:
        """Take down every package, with its version where all platforms have the same."""
        for name, entries in self.packages.items():
            sure = [entry for entry in entries if not entry.unless]
            first = (sure or entries)[0]
            versions = list(dict.fromkeys(entry.version for entry in sure))
            if not sure:
                taken.pass_over(f"{name}: {first.unless}", first.at)
                continue
            one = versions[0] if len(versions) == 1 else ""
            key = PIP_NAMES.get(name) if first.conda else None
            taken.add(name, one, "exact", key=key, at=first.at)
            if len(versions) > 1:
                because = f"{name} is locked to {' or '.join(versions)}, depending on the machine"
                taken.pass_over(because, first.at)
        taken.complete()
