"""Reads Kubernetes manifests: what the containers of a workload may use, and which images they run.

Only limits are stated: a request is the least that a container gets. What is no workload (services,
routes, autoscalers, custom resources) is passed over.
"""

import re
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from kg.errors import DescriptorError
from kg.importers._environments import PRESENT, Packages, place, report_duplicates, shortened
from kg.importers._images import serves_no_model, take_image
from kg.importers._tables import table
from kg.reading import Tree, read_json, read_yaml_all
from kg.statements import Node, Notes, Place, Reading, Source
from kg.units import quantity

TITLE = "Kubernetes workloads (manifests in YAML or JSON)"
FILES = "any `.yaml`, `.yml` or `.json` file that names an `apiVersion` and a `kind`"
BY_CONTENT = True

ATTRIBUTES = {
    "platform": "deploymentPlatform",
    "cpu": "availableProcessors",
    "memory": "availableMemory",
    "ephemeral-storage": "availableStorage",
    "nvidia.com/gpu": "availableGpus",
    "amd.com/gpu": "availableGpus",
    "gpu.intel.com/i915": "availableGpus",
    "gpu.intel.com/xe": "availableGpus",
}
STATES = PRESENT | frozenset(ATTRIBUTES.values())
Steps: TypeAlias = tuple[str | int, ...]

_PIECES = "NUM"
_UNITS = {
    "cpu": "MilliProcessor",
    "memory": "BYTE",
    "ephemeral-storage": "BYTE",
    "nvidia.com/gpu": _PIECES,
    "amd.com/gpu": _PIECES,
    "gpu.intel.com/i915": _PIECES,
    "gpu.intel.com/xe": _PIECES,
}
# Where the description of the containers lies in each kind of workload.
_WORKLOADS: dict[str, tuple[str, ...]] = {
    "CronJob": ("spec", "jobTemplate", "spec", "template", "spec"),
    "DaemonSet": ("spec", "template", "spec"),
    "Deployment": ("spec", "template", "spec"),
    "DeploymentConfig": ("spec", "template", "spec"),
    "Job": ("spec", "template", "spec"),
    "Pod": ("spec",),
    "ReplicaSet": ("spec", "template", "spec"),
    "ReplicationController": ("spec", "template", "spec"),
    "StatefulSet": ("spec", "template", "spec"),
}
_SUFFIXES = {".yaml", ".yml", ".json"}
_VERSION = re.compile(r"""(?:^|[{,])[ \t-]*["']?apiVersion["']?\s*:""", re.MULTILINE)
_KIND = re.compile(r"""(?:^|[{,])[ \t-]*["']?kind["']?\s*:""", re.MULTILINE)
_TEMPLATE = re.compile(r"\{\{|\$\{|\$\(|<%")
_READ = {"name", "image", "resources"}


def claims(source: Source) -> bool:
    """Whether the first bytes name an API version and a kind."""
    if source.path.suffix.lower() not in _SUFFIXES:
        return False
    # Without its zero bytes, what matters of UTF-16 reads as plain letters.
    head = source.head.replace(b"\0", b"").decode(errors="ignore")
    return bool(_VERSION.search(head) and _KIND.search(head))


def read(source: Source) -> Reading:
    """The containers as operational environments, known by their workload.

    Where a workload has several, each is known by its own name too.
    """
    text = source.text()
    in_json = source.path.suffix.lower() == ".json"
    notes = Notes()
    for tree in (read_json(text),) if in_json else read_yaml_all(text):
        report_duplicates(tree, notes)
        for steps, manifest in _manifests(tree):
            _Workload(tree, steps, manifest, notes).take(str(source.path))
    return notes.reading(source.path)


def _manifests(tree: Tree) -> Iterator[tuple[Steps, Mapping[str, object]]]:
    """The manifests of a document with where they lie: itself, or the items of a list."""
    value = tree.value
    if not isinstance(value, dict):
        return
    items = value.get("items")
    if isinstance(items, list) and str(value.get("kind", "")).endswith("List"):
        for at, item in enumerate(items):
            if isinstance(item, dict):
                yield ("items", at), item
    else:
        yield (), value


class _Workload:
    """One manifest, with what is needed to say where in the file something of it stands."""

    def __init__(
        self, tree: Tree, steps: Steps, manifest: Mapping[str, object], notes: Notes
    ) -> None:
        self._tree = tree
        self._steps = steps
        self._manifest = manifest
        self._notes = notes
        self._kind = str(manifest.get("kind"))
        self._at = place(tree, *steps, "kind")

    def take(self, file: str) -> None:
        """Take down every container of a workload; `file` stands for a name that is not given."""
        path = _WORKLOADS.get(self._kind)
        if path is None:
            self._pass_over(f"the kind {shortened(self._kind)} is no workload", self._at)
            return
        pod = table(self._manifest, *path)
        listed = pod.get("containers")
        containers = list(enumerate(listed if isinstance(listed, list) else []))
        if not containers:
            self._notes.problem(f"The {self._kind} has no containers", self._at.line)
        if pod.get("initContainers"):
            self._pass_over("what runs only before the others does not serve", self._at)
        serving = []
        for index, container in containers:
            at = place(self._tree, *self._steps, *path, "containers", index)
            if serves_no_model(str(table(container).get("image"))):
                self._pass_over(f"{container['image']} serves no model", at)
            else:
                serving.append((index, table(container)))
        for index, container in serving:
            node = self._environment(container, file, alone=len(serving) == 1)
            self._take(node, (*self._steps, *path, "containers", index), container)

    def _environment(self, container: Mapping[str, object], file: str, *, alone: bool) -> Node:
        name = table(self._manifest, "metadata").get("name")
        if not isinstance(name, str) or _TEMPLATE.search(name):
            return Node("OperationalEnvironment", file, named=False)
        called = name if alone else f"{name}/{container.get('name') or ''}"
        return Node("OperationalEnvironment", called)

    def _take(self, node: Node, steps: Steps, container: Mapping[str, object]) -> None:
        packages, image = Packages(self._notes, node), container.get("image")
        self._state(node, "platform", "Kubernetes", self._kind, self._at)
        at = place(self._tree, *steps, "image")
        if isinstance(image, str) and _TEMPLATE.search(image):
            self._pass_over(f"which image {shortened(image)} means is filled in later", at)
        elif isinstance(image, str):
            take_image(packages, image, at)
        limits = table(container, "resources", "limits")
        for name in limits:
            self._take_limit(node, name, place(self._tree, *steps, "resources", "limits", name))
        for name in table(container, "resources", "requests"):
            beside = "the limit is stated" if name in limits else "there is no limit"
            because = f"a request is the least that the container gets, and {beside}"
            self._pass_over(because, place(self._tree, *steps, "resources", "requests", name))
        if rest := [key for key in container if key not in _READ]:
            because = f"{', '.join(rest)} say how the container is run, not what it has"
            self._pass_over(because, place(self._tree, *steps))

    def _take_limit(self, node: Node, name: str, at: Place) -> None:
        given = self._tree.text(at.pointer or "")
        if name not in _UNITS:
            self._pass_over(f"a limit of {shortened(name)} is not compared", at)
        elif given is None or _TEMPLATE.search(given):
            self._pass_over(f"the limit of {name} is filled in later", at)
        else:
            try:
                amount = quantity(given, _UNITS[name], dialect="kubernetes")
            except DescriptorError as error:
                self._notes.problem(error.sentences, at.line)
                return
            if amount or _UNITS[name] == _PIECES:
                self._state(node, name, amount, given, at)
            else:
                self._pass_over("a limit of 0 is no limit", at)

    def _state(self, node: Node, kind: str, value: str | float, given: str, at: Place) -> None:
        about = self._notes.about(node)
        about.state(ATTRIBUTES[kind], value, line=at.line, pointer=at.pointer, given=given)

    def _pass_over(self, because: str, at: Place) -> None:
        self._notes.pass_over(because, at.line, at.pointer)
