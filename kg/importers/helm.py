"""Reads the values of Helm charts: which image each component runs, and what it may use.

What is commented out is no statement. A chart's templates decide what its values do; here they are
taken as charts use them by convention. `Chart.yaml` only tells versions of the chart.
"""

import re
from collections.abc import Iterator, Mapping

from kg.importers import _manifests
from kg.importers._environments import Packages, shortened
from kg.importers._images import ATTRIBUTES as OF_IMAGES
from kg.importers._images import serves_no_model, take_image
from kg.importers._manifests import ATTRIBUTES, Manifest, Steps, take_resources
from kg.importers._mappings import mapping, table
from kg.reading import read_yaml
from kg.statements import Node, Reading, Source

TITLE = "Helm charts (values.yaml, Chart.yaml)"
BY_CONTENT = False
FILES = "`Chart.yaml`, `values.yaml`, and `values-*.yaml` of an overlay"
STATES = frozenset(
    {
        *_manifests.ATTRIBUTES.values(),
        *OF_IMAGES.values(),
        *("availableFramework", "availableLanguage", "availableSoftware", "name", "versionRange"),
    }
) - {"probedPort", "publishedPort", "routedPort", "scrapedPort"}

_VALUES = re.compile(r"values(?:[-_.][\w.-]+)?\.ya?ml|[\w.-]+[-_.]values\.ya?ml", re.IGNORECASE)
_CHART = re.compile(r"chart\.ya?ml", re.IGNORECASE)
_DEEPEST = 4
_BLANK = "(blank)"
# Where charts say on which port the container listens; `service.port` is that of the service.
_PORTS = (
    ("image", "port"),
    ("containerPort",),
    ("service", "targetPort"),
    ("service", "containerPort"),
)


def claims(source: Source) -> bool:
    """Whether the file is called so."""
    return bool(_VALUES.fullmatch(source.name) or _CHART.fullmatch(source.name))


def read(source: Source) -> Reading:
    """The components with an image as operational environments, known by the chart's folder."""
    tree = read_yaml(source.text())
    whole, notes = mapping(
        tree, "The file is not a mapping of values", "Write it as Helm expects it"
    )
    if _CHART.fullmatch(source.name):
        notes.pass_over("the file tells versions of the chart, not of what it deploys")
        return notes.reading(source.path)
    components = list(_components(whole, ()))
    for steps, settings in components:
        manifest = Manifest(tree, steps, settings, notes, str(source.path))
        name, alone = _called(source), len(components) == 1
        node = Node("OperationalEnvironment", name if alone else "/".join((name, *map(str, steps))))
        _take(manifest, node)
    if not components:
        notes.pass_over("no component with an image of its own is named")
    return notes.reading(source.path)


def _called(source: Source) -> str:
    """The chart's folder; an overlay is an environment of its own."""
    whole = source.path.stem.lower() == "values" and source.folder != "."
    return source.folder if whole else str(source.path)


def _components(
    settings: Mapping[str, object], steps: Steps
) -> Iterator[tuple[Steps, Mapping[str, object]]]:
    """The mappings that name an image, unless it is one that serves no model."""
    image = settings.get("image")
    named = image if isinstance(image, str) else table(image).get("repository")
    if isinstance(named, str) and named:
        if not serves_no_model(named):
            yield steps, settings
        return
    for key, inner in settings.items():
        if isinstance(inner, dict) and key != "global" and len(steps) < _DEEPEST:
            yield from _components(inner, (*steps, key))


def _take(manifest: Manifest, node: Node) -> None:
    manifest.state(node, ATTRIBUTES["platform"], "Kubernetes", manifest.at("image"), "Helm")
    _take_image(manifest, node)
    take_resources(manifest, node, ("resources",))
    for steps in _PORTS:
        if steps[-1] in table(manifest.value, *steps[:-1]):
            manifest.port(node, ATTRIBUTES["port"], *steps)
    scaled = table(manifest.value, "autoscaling").get("enabled") is True
    for key in ("replicaCount", "replicas"):
        if manifest.text(key).isdigit() and not scaled:
            manifest.amount(node, ATTRIBUTES["copies"], "NUM", key)
    read = {"image", "resources", "replicaCount", "replicas", "containerPort"}
    if rest := [key for key in manifest.value if key not in read]:
        because = f"{', '.join(map(shortened, rest))} say how it is run, not what it has"
        manifest.pass_over(because, manifest.at())


def _take_image(manifest: Manifest, node: Node) -> None:
    """Take down name and tag as they are set apart, and what they tell together."""
    packages = Packages(manifest.notes, node)
    if isinstance(manifest.value.get("image"), str):
        take_image(packages, manifest.text("image"), manifest.at("image"))
        return
    image = table(manifest.value, "image")
    name, tag = manifest.text("image", "repository"), manifest.text("image", "tag")
    at = manifest.at("image", "repository")
    if name:
        manifest.state(node, OF_IMAGES["name"], name, at)
        take_image(packages, f"{name}:{tag}" if tag and ":" not in name else name, at)
    if image.get("tag") is not None and (tag or not image["tag"]):
        where = manifest.at("image", "tag")
        about = manifest.notes.about(node)
        told = tag or _BLANK
        about.state(OF_IMAGES["tag"], told, line=where.line, pointer=where.pointer, given=tag)
