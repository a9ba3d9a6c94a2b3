"""One Kubernetes manifest, and the containers that a workload runs."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from kg.errors import DescriptorError
from kg.importers._environments import Packages, place, shortened
from kg.importers._images import take_image, take_reference
from kg.importers._mappings import reached, table
from kg.reading import Tree
from kg.statements import Node, Notes, Place
from kg.units import quantity

ATTRIBUTES = {
    "platform": "deploymentPlatform",
    "copies": "availableNodes",
    "port": "servedPort",
    "probed": "probedPort",
    "routed": "routedPort",
    "scraped": "scrapedPort",
    "published": "publishedPort",
    "accelerator": "availableAccelerator",
    "cpu": "availableProcessors",
    "memory": "availableMemory",
    "ephemeral-storage": "availableStorage",
    "nvidia.com/gpu": "availableGpus",
    "amd.com/gpu": "availableGpus",
    "gpu.intel.com/i915": "availableGpus",
    "gpu.intel.com/xe": "availableGpus",
}
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
_FAMILIES = {"nvidia.com/gpu": "cuda", "amd.com/gpu": "rocm"}
_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_TEMPLATE = re.compile(r"\{\{|\$\{|\$\(|<%")
_READ = {"name", "image", "resources", "ports", *_PROBES}
_PORTS = 65_535


@dataclass(frozen=True, slots=True)
class Manifest:
    """One manifest of a file, with what is needed to say where in the file something stands."""

    tree: Tree
    steps: Steps
    value: Mapping[str, object]
    notes: Notes
    file: str

    @property
    def kind(self) -> str:
        """What the manifest describes."""
        return str(self.value.get("kind"))

    @property
    def name(self) -> str:
        """The name of what is described; empty where it is not given, or filled in later."""
        name = table(self.value, "metadata").get("name")
        return name if isinstance(name, str) and not is_template(name) else ""

    @property
    def start(self) -> Place:
        """Where the kind stands."""
        return self.at("kind")

    def inner(self, *steps: str) -> Mapping[str, object]:
        """A mapping of the manifest, empty where there is none."""
        return table(self.value, *steps)

    def at(self, *steps: str | int) -> Place:
        """Where something of the manifest stands."""
        return place(self.tree, *self.steps, *steps)

    def text(self, *steps: str | int) -> str:
        """A scalar as it is written; empty where there is none, or it is filled in later."""
        written = self.tree.text(self.at(*steps).pointer or "") or ""
        return "" if is_template(written) else written

    def state(
        self, node: Node, attribute: str, value: str | float, at: Place, given: str = ""
    ) -> None:
        """Take down one value of an element."""
        about = self.notes.about(node)
        line, where = at.line, at.pointer
        about.state(attribute, value, line=line, pointer=where, given=given or str(value))

    def port(self, node: Node, attribute: str, *steps: str | int) -> None:
        """Take down a port that is given as a number; a port's name is passed over."""
        at, written = self.at(*steps), self.text(*steps)
        if written.isascii() and written.isdigit() and 0 < int(written[:6]) <= _PORTS:
            self.state(node, attribute, int(written), at)
        elif written:
            self.pass_over(f"which port {shortened(written)} is, is said elsewhere", at)

    def amount(self, node: Node, attribute: str, unit: str, *steps: str | int) -> None:
        """Take down an amount, unless it is none."""
        at, given = self.at(*steps), self.text(*steps)
        try:
            value = quantity(given, unit, dialect="kubernetes")
        except DescriptorError as error:
            self.notes.problem(error.sentences, at.line)
            return
        if value or unit == _PIECES:
            self.state(node, attribute, value, at, given)
        else:
            self.pass_over("a limit of 0 is no limit", at)

    def pass_over(self, because: str, at: Place) -> None:
        """Take down what is not stated, and why."""
        self.notes.pass_over(because, at.line, at.pointer)


def is_template(text: str) -> bool:
    """Whether another program fills in the text, or a part of it."""
    return bool(_TEMPLATE.search(text))


def listed(value: object) -> Iterator[tuple[int, Mapping[str, object]]]:
    """The mappings of a list, with their places."""
    for at, one in enumerate(value if isinstance(value, list) else []):
        if isinstance(one, dict):
            yield at, one


def take_container(
    manifest: Manifest, node: Node, steps: Steps, container: Mapping[str, object]
) -> None:
    """Take down what a container runs, what it may use, and where it listens."""
    packages, image = Packages(manifest.notes, node), container.get("image")
    at = manifest.at(*steps, "image")
    if isinstance(image, str) and is_template(image):
        manifest.pass_over(f"which image {shortened(image)} means is filled in later", at)
    elif isinstance(image, str):
        take_image(packages, image, at)
        take_reference(manifest.notes.about(node), image, at)
    take_resources(manifest, node, (*steps, "resources"))
    for number, port in listed(container.get("ports")):
        if str(port.get("protocol", "TCP")).upper() == "TCP":
            manifest.port(node, ATTRIBUTES["port"], *steps, "ports", number, "containerPort")
    for probe in _PROBES:
        for way in ("httpGet", "tcpSocket", "grpc"):
            if "port" in table(container, probe, way):
                manifest.port(node, ATTRIBUTES["probed"], *steps, probe, way, "port")
    if rest := [key for key in container if key not in _READ]:
        because = f"{', '.join(rest)} say how the container is run, not what it has"
        manifest.pass_over(because, manifest.at(*steps))


def take_resources(manifest: Manifest, node: Node, steps: Steps) -> None:
    """Take down the limits; a request is the least that a container gets."""
    resources = reached(manifest.value, steps)
    limits = table(resources, "limits")
    for name in limits:
        _take_limit(manifest, node, name, (*steps, "limits", name))
    if limits and not any(_UNITS.get(name) == _PIECES for name in limits):
        # A graphics processor is had only by asking for it.
        manifest.notes.complete(node, ATTRIBUTES["nvidia.com/gpu"])
    for name in table(resources, "requests"):
        beside = "the limit is stated" if name in limits else "there is no limit"
        because = f"a request is the least that the container gets, and {beside}"
        manifest.pass_over(because, manifest.at(*steps, "requests", name))


def _take_limit(manifest: Manifest, node: Node, name: str, steps: Steps) -> None:
    at = manifest.at(*steps)
    given = manifest.tree.text(at.pointer or "")
    if name not in _UNITS:
        manifest.pass_over(f"a limit of {shortened(name)} is not compared", at)
    elif given is None or is_template(given):
        manifest.pass_over(f"the limit of {name} is filled in later", at)
    else:
        manifest.amount(node, ATTRIBUTES[name], _UNITS[name], *steps)
        if name in _FAMILIES and given.strip("0"):
            manifest.state(node, ATTRIBUTES["accelerator"], _FAMILIES[name], at, name)
