"""Reads Compose files: which services run, from which image or Dockerfile, and what they may use.

A service that runs a well-known database, broker, proxy or monitor serves no model, and is passed
over.
"""

import re
from collections.abc import Iterator, Mapping
from posixpath import join, normpath

from kg.errors import DescriptorError
from kg.importers._environments import PRESENT, Packages, shortened
from kg.importers._images import ATTRIBUTES as OF_IMAGES
from kg.importers._images import link_model, serves_no_model, substituted, take_image
from kg.importers._mappings import mapping, table
from kg.reading import Tree, pointer, read_yaml
from kg.statements import Node, Notes, Place, Reading, Source, Subject
from kg.units import quantity

TITLE = "Compose services (compose.yaml, docker-compose.yml)"
FILES = "`compose.yaml`, `docker-compose.yml`, and those with a word before or after"
BY_CONTENT = False

ATTRIBUTES = {
    "platform": "deploymentPlatform",
    "processors": "availableProcessors",
    "memory": "availableMemory",
    "graphics processors": "availableGpus",
    "storage": "availableStorage",
    "port": "servedPort",
    "routed": "routedPort",
    "published": "publishedPort",
    "started": "startedService",
    "beside": "sideService",
}
STATES = PRESENT | frozenset([*ATTRIBUTES.values(), OF_IMAGES["accelerator"]])
# Where a service says what it may use at most, with the attribute and the unit of plain numbers.
_LIMITS = {
    ("deploy", "resources", "limits", "cpus"): ("processors", "MilliProcessor"),
    ("deploy", "resources", "limits", "memory"): ("memory", "BYTE"),
    ("cpus",): ("processors", "MilliProcessor"),
    ("mem_limit",): ("memory", "BYTE"),
    ("storage_opt", "size"): ("storage", "BYTE"),
}
_MINIMA = {
    ("deploy", "resources", "reservations", "cpus"),
    ("deploy", "resources", "reservations", "memory"),
    ("mem_reservation",),
}
_DEVICES = (("deploy", "resources", "reservations", "devices"), ("gpus",))
_READ = {
    "image",
    "build",
    "volumes",
    "deploy",
    "cpus",
    "mem_limit",
    "mem_reservation",
    "gpus",
    "storage_opt",
    "expose",
    "ports",
}
_NAME = re.compile(r"(?:(?:docker|podman)-)?compose(?:[-_.].*)?\.ya?ml", re.IGNORECASE)
_PORT = re.compile(
    r"(?:(?:\d+(?:\.\d+){3}|\[[^\]]*\]|localhost):)?(?:(?P<published>\d+):)?(?P<target>\d+)(?:/tcp)?"
)
_LAST_PORT = 65_535
_ELSEWHERE = re.compile(r"[a-z]+://|git@|\$")


def claims(source: Source) -> bool:
    """Whether the file is called so."""
    return bool(_NAME.fullmatch(source.name))


def read(source: Source) -> Reading:
    """The services as operational environments, known by their names."""
    tree = read_yaml(source.text())
    whole, notes = mapping(
        tree, "The file is not a mapping with `services`", "Write it as Compose expects it"
    )
    services = table(whole, "services")
    if not services and "include" not in whole:
        notes.problem("The file has no `services`", tree.line("/services"))
    around = Node("DevelopmentEnvironment", mentioned=True)
    for name in services:
        service = _Service(tree, source.folder, notes, name)
        _take_service(service, notes.about(around))
    if services and "include" not in whole:
        notes.complete(around, ATTRIBUTES["started"])
    for key in whole:
        if key != "services":
            because = f"`{shortened(key)}` says nothing about a service"
            notes.pass_over(because, tree.line(pointer(key)), pointer(key))
    return notes.reading(source.path)


class _Service:
    """One service, with what is needed to say where in the file something of it stands."""

    def __init__(self, tree: Tree, folder: str, notes: Notes, name: str) -> None:
        self.name = name
        self.settings = table(tree.value, "services", name)
        self.folder = folder
        self.notes = notes
        self.packages = Packages(notes, Node("OperationalEnvironment", name))
        self.about = notes.about(self.packages.node)
        self._tree = tree

    def where(self, *steps: str | int) -> tuple[int | None, str]:
        """The line and the pointer of something within the service."""
        at = pointer("services", self.name, *steps)
        return self._tree.line(at), at

    def text(self, *steps: str | int) -> str | None:
        """A scalar with its variables filled in; None if there is none, or one is not known."""
        *outer, last = steps
        held = self.inner(*outer).get(str(last))
        written = self._tree.text(pointer("services", self.name, *steps))
        if held is None or written is None:
            return None
        filled = substituted(written, {})
        if filled is None:
            line, at = self.where(*steps)
            because = f"{shortened(written)} is decided by the variables of whoever starts it"
            self.notes.pass_over(because, line, at)
        return filled

    def inner(self, *steps: str | int) -> Mapping[str, object]:
        """A mapping within the service, empty where there is none."""
        return table(self.settings, *map(str, steps))


def _take_service(service: _Service, around: Subject) -> None:
    line, at = service.where()
    image = service.text("image")
    builds = service.settings.get("build") is not None
    if image and not builds and serves_no_model(image):
        because = f"{service.name} runs {shortened(image)}, which serves no model"
        service.notes.pass_over(because, line, at)
        around.state(ATTRIBUTES["beside"], service.name, line=line, pointer=at, given=image)
        return
    around.state(ATTRIBUTES["started"], service.name, line=line, pointer=at)
    platform = "Docker Compose"
    service.about.state(ATTRIBUTES["platform"], platform, line=line, pointer=at, given=service.name)
    if builds:
        _take_build(service)
    elif image:
        take_image(service.packages, image, Place(*service.where("image")))
    _take_limits(service)
    _take_devices(service)
    _take_volumes(service)
    _take_ports(service)
    rest = [key for key in service.settings if key not in _READ]
    if rest:
        because = f"{service.name}: {', '.join(rest)} say how it is run, not what it has"
        service.notes.pass_over(because, line, at)


def _take_build(service: _Service) -> None:
    """Say that the Dockerfile named, or else the one in the context, is about this service."""
    build = service.settings["build"]
    line, at = service.where("build")
    context = service.text("build") if isinstance(build, str) else service.text("build", "context")
    named = service.text("build", "dockerfile") if isinstance(build, dict) else None
    if isinstance(build, dict) and "dockerfile_inline" in build:
        service.notes.pass_over("the Dockerfile within is not read", line, at)
    elif context is not None and _ELSEWHERE.match(context):
        service.notes.pass_over(f"{shortened(context)} is not in this project", line, at)
    else:
        if isinstance(build, dict) and (rest := build.keys() & {"args", "target"}):
            because = f"the Dockerfile is read as it is built without {' and '.join(sorted(rest))}"
            service.notes.pass_over(because, line, at)
        inside = join(service.folder, context or ".", named or "Dockerfile")
        service.notes.claim((normpath(inside),), service.packages.node, line)


def _take_limits(service: _Service) -> None:
    for steps, (kind, unit) in _LIMITS.items():
        given = service.text(*steps)
        if given is None:
            continue
        line, at = service.where(*steps)
        try:
            amount = quantity(given, unit, dialect="compose")
        except DescriptorError as error:
            service.notes.problem(error.sentences, line)
            continue
        if amount:
            service.about.state(ATTRIBUTES[kind], amount, line=line, pointer=at, given=given)
        else:
            service.notes.pass_over("a limit of 0 is no limit", line, at)
    for steps in _MINIMA:
        if service.inner(*steps[:-1]).get(steps[-1]) is not None:
            line, at = service.where(*steps)
            because = "a reservation is the least that the service gets, not the most"
            service.notes.pass_over(because, line, at)


def _take_devices(service: _Service) -> None:
    for steps in _DEVICES:
        devices = service.inner(*steps[:-1]).get(steps[-1])
        listed = devices if isinstance(devices, list) else []
        counts = [_graphics(device) for device in listed if isinstance(device, dict)]
        wanted = [count for count in counts if count != 0]
        line, at = service.where(*steps)
        if wanted and all(wanted):
            total = sum(count for count in wanted if count)
            name = ATTRIBUTES["graphics processors"]
            service.about.state(name, total, line=line, pointer=at, given=str(total))
        elif devices is not None:
            because = "how many graphics processors these are, if any, the host decides"
            service.notes.pass_over(because, line, at)


def _graphics(device: Mapping[str, object]) -> int | None:
    """How many graphics processors a device stands for; None where that is not said."""
    capabilities = device.get("capabilities", ["gpu"])
    if not isinstance(capabilities, list) or "gpu" not in capabilities:
        return 0
    named = device.get("device_ids")
    if isinstance(named, list):
        return len(named) or None
    count = device.get("count")
    return count if isinstance(count, int) and count > 0 else None


def _take_ports(service: _Service) -> None:
    """Where the service listens, to which of its ports others are led, and from where."""
    for key in ("expose", "ports"):
        listed = service.settings.get(key)
        for number, port in enumerate(listed if isinstance(listed, list) else []):
            line, at = service.where(key, number)
            if isinstance(port, dict):
                ends = str(port.get("published") or ""), str(port.get("target") or "")
            else:
                found = _PORT.fullmatch(substituted(str(port), {}) or "")
                ends = (found["published"] or "", found["target"]) if found else ("", "")
            inside = "port" if key == "expose" else "routed"
            for kind, end in (("published", ends[0]), (inside, ends[1])):
                if end.isascii() and end.isdigit() and 0 < int(end[:6]) <= _LAST_PORT:
                    name = ATTRIBUTES[kind]
                    service.about.state(name, int(end), line=line, pointer=at, given=str(port))
            if not any(ends):
                service.notes.pass_over(f"{shortened(str(port))} is no single port", line, at)


def _take_volumes(service: _Service) -> None:
    for at, origin in _mounted(service):
        if origin.startswith("."):
            line, _ = service.where("volumes", at)
            path = normpath(join(service.folder, origin))
            if not path.startswith(".."):
                link_model(service.packages, path, "the service mounts the model", line)


def _mounted(service: _Service) -> Iterator[tuple[int, str]]:
    volumes = service.settings.get("volumes")
    for at, volume in enumerate(volumes if isinstance(volumes, list) else []):
        if isinstance(volume, str):
            yield at, volume.split(":")[0]
        elif isinstance(volume, dict):
            yield at, str(volume.get("source") or "")
