"""Walks through the jobs of a CI configuration, whichever host runs it: versions of Python, images,
machines, commands, and what deploys.

Hosts nest jobs, stages and steps in many ways, but their keys tell what stands under them, so the
walk looks at every mapping for keys that it knows.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from kg.importers._environments import place, shortened
from kg.importers._installs import Install, installs
from kg.importers._shell import Command, commands
from kg.reading import Tree
from kg.statements import Notes, Place

Steps: TypeAlias = tuple[str | int, ...]
Said: TypeAlias = tuple[str, Place]
"""A text as it is written, and where it stands."""

_COMMANDS = {"run", "script", "bash", "pwsh", "powershell", "before_script", "after_script"}
_MACHINES = {"runs-on", "vmImage"}
_PYTHON_ACTION = re.compile(r"[\w.-]+/setup-(?:python|miniconda|micromamba|uv)@.*")
_PYTHON_TASK = re.compile(r"UsePythonVersion@\d+|CondaEnvironment@\d+")
_PYTHON_KEYS = ("python-version", "versionSpec")
_DEPLOYING_ACTION = re.compile(
    r"(?:[\w.-]+/)?[\w.-]*deploy[\w.-]*(?:@.*)?|azure/(?:k8s-bake|webapps-container).*"
    r"|akhileshns/heroku.*|superfly/flyctl.*|Kubernetes\w*@\d+|Helm\w*@\d+|Azure(?:WebApp|Function|RmWeb)\w*@\d+",
    re.IGNORECASE,
)
_DEPLOYING = {
    "az": {"webapp", "ml", "containerapp", "functionapp"},
    "cdk": {"deploy"},
    "eb": {"deploy"},
    "fly": {"deploy"},
    "flyctl": {"deploy"},
    "gcloud": {"run", "app", "functions", "ai-platform"},
    "helm": {"install", "upgrade"},
    "kubectl": {"apply", "rollout", "set"},
    "oc": {"apply", "rollout"},
    "sam": {"deploy"},
    "serverless": {"deploy"},
    "sls": {"deploy"},
}
# `${{ matrix.python-version }}`, `$(python.version)`, `$PYTHON_VERSION`, `${PYTHON_VERSION}`
_VARIABLE = re.compile(
    r"\$(?:\{\{\s*(?:\w+\.)*(?P<github>[\w-]+)\s*\}\}|\((?P<azure>[\w.-]+)\)|\{?(?P<shell>\w+)\}?)"
)
_MOST = 20_000


@dataclass(slots=True)
class Jobs:
    """What the jobs of a file say, in its order."""

    pythons: list[Said] = field(default_factory=list)
    images: list[Said] = field(default_factory=list)
    machines: list[Said] = field(default_factory=list)
    files: list[Said] = field(default_factory=list)
    installed: list[tuple[Install, str]] = field(default_factory=list)
    deploying: list[Said] = field(default_factory=list)


def walk(tree: Tree, notes: Notes) -> Jobs:
    """All that the jobs say; what cannot be followed is passed over."""
    walker = _Walker(tree, notes)
    walker.gather()
    walker.go()
    return walker.found


class _Walker:
    """One pass over the mappings of a configuration."""

    def __init__(self, tree: Tree, notes: Notes) -> None:
        self.found = Jobs()
        self._tree = tree
        self._notes = notes
        self._values: dict[str, list[Said]] = {}

    def gather(self) -> None:
        """Take note of the values of variables and matrices, by name."""
        for steps, settings in self._mappings():
            above = str(steps[-1]) if steps else ""
            if above in {"env", "variables"} or "matrix" in map(str, steps[-3:]):
                for name, value in settings.items():
                    at = (*steps, name)
                    several = value if isinstance(value, list) else [value]
                    for number, one in enumerate(several):
                        if isinstance(one, str | int | float):
                            self._note(name, (*at, number) if isinstance(value, list) else at)

    def go(self) -> None:
        """Look at every mapping."""
        for steps, settings in self._mappings():
            for key, value in settings.items():
                at = (*steps, key)
                if key in _COMMANDS:
                    self._commands(value, at, settings)
                elif key in _MACHINES:
                    self.found.machines += self._texts(value, at)
                elif key in {"image", "container"}:
                    self._image(value, at)
                elif key in {"uses", "task"}:
                    self._action(str(value), steps, settings)

    def _mappings(self) -> Iterator[tuple[Steps, Mapping[str, object]]]:
        """Every mapping with the steps to it, those before and above first."""
        waiting: list[tuple[Steps, object]] = [((), self._tree.value)]
        for _ in range(_MOST):
            if not waiting:
                return
            steps, value = waiting.pop()
            if isinstance(value, dict):
                yield steps, value
                waiting += [((*steps, key), one) for key, one in reversed(value.items())]
            elif isinstance(value, list):
                waiting += [((*steps, n), one) for n, one in reversed(list(enumerate(value)))]
        self._notes.pass_over("the rest of the file is longer than is looked at")

    def _note(self, name: str, steps: Steps) -> None:
        self._values.setdefault(name, []).append(self._said(steps))

    def _said(self, steps: Steps) -> Said:
        at = place(self._tree, *steps)
        return self._tree.text(at.pointer or "") or "", at

    def _texts(self, value: object, steps: Steps) -> list[Said]:
        """A text or a list of them; a variable gives all the values that it may have."""
        if isinstance(value, list):
            said = [self._said((*steps, number)) for number in range(len(value))]
        elif isinstance(value, dict):
            return []
        else:
            said = [self._said(steps)]
        return [one for text, at in said for one in self._filled(text, at)]

    def _filled(self, text: str, at: Place) -> list[Said]:
        found = _VARIABLE.fullmatch(text.strip())
        if not found:
            return [(text.strip(), at)] if "$" not in text else self._unknown(text, at)
        name = found["github"] or found["azure"] or found["shell"]
        known = [one for one in self._values.get(name, []) if "$" not in one[0]]
        return known or self._unknown(text, at)

    def _unknown(self, text: str, at: Place) -> list[Said]:
        because = f"{shortened(text)} is filled in when the job runs"
        self._notes.pass_over(because, at.line, at.pointer)
        return []

    def _image(self, value: object, steps: Steps) -> None:
        if isinstance(value, dict):
            key = "name" if "name" in value else "image"
            if isinstance(value.get(key), str):
                self.found.images += self._texts(value[key], (*steps, key))
        elif isinstance(value, str):
            self.found.images += self._texts(value, steps)

    def _action(self, name: str, steps: Steps, settings: Mapping[str, object]) -> None:
        """What a ready-made step is given."""
        inner = "with" if "uses" in settings else "inputs"
        given = settings.get(inner)
        given = given if isinstance(given, dict) else {}
        if _PYTHON_ACTION.fullmatch(name) or _PYTHON_TASK.fullmatch(name):
            for key in _PYTHON_KEYS:
                if key in given:
                    self._pythons(given[key], (*steps, inner, key))
            for key in ("environment-file", "python-version-file"):
                if key in given:
                    self.found.files += self._texts(given[key], (*steps, inner, key))
        elif _DEPLOYING_ACTION.fullmatch(name):
            self._deploys(name.partition("@")[0], steps)

    def _pythons(self, value: object, steps: Steps) -> None:
        for text, at in self._texts(value, steps):
            self.found.pythons += [(line.strip(), at) for line in text.split("\n") if line.strip()]

    def _commands(self, value: object, steps: Steps, settings: Mapping[str, object]) -> None:
        listed = isinstance(value, list)
        for number, text in enumerate(value if isinstance(value, list) else [value]):
            if not isinstance(text, str):
                continue
            at = place(self._tree, *steps, number) if listed else place(self._tree, *steps)
            # What spans lines begins behind the line of its key.
            first = (at.line or 1) + ("\n" in text and not listed)
            starts, position = list[tuple[int, int]](), 0
            for offset, line in enumerate(text.split("\n")):
                starts.append((position, first + offset))
                position += len(line) + 1
            folder = str(
                settings.get("working-directory") or settings.get("workingDirectory") or "."
            )
            for command in commands(text, starts):
                self._command(command, folder, steps)

    def _command(self, command: Command, folder: str, steps: Steps) -> None:
        self.found.installed += [(install, folder) for install in installs(command)]
        words = [word.text for word in command if not word.text.startswith("-")]
        if len(words) > 1 and words[1] in _DEPLOYING.get(words[0], ()):
            self._deploys(f"{words[0]} {words[1]}", steps[:-1], command[0].line)

    def _deploys(self, what: str, steps: Steps, line: int | None = None) -> None:
        job = next((str(step) for step in steps[1:2] if isinstance(step, str)), "")
        at = place(self._tree, *steps)
        told = f"{what} in the job {job}" if job else what
        self.found.deploying.append((told, Place(line or at.line, at.pointer)))
