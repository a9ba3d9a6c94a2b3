"""Reads Kubernetes manifests: what the containers of a workload may use, which images they run, on
which ports they listen and are reached; and the services of KServe, with the models they load.

Only limits are stated: a request is the least that a container gets. What is no workload and leads
to none (routes, autoscalers, other custom resources) is passed over.
"""

import re
from collections.abc import Iterator, Mapping

from kg.importers import _kserve, _manifests
from kg.importers._environments import report_duplicates, shortened
from kg.importers._images import ATTRIBUTES as OF_IMAGES
from kg.importers._kserve import KINDS, take_formats, take_kserve
from kg.importers._manifests import Manifest, Steps
from kg.importers._workloads import (
    WORKLOADS,
    Workload,
    take_monitor,
    take_service,
    take_workload,
)
from kg.reading import Tree, read_json, read_yaml_all
from kg.statements import Notes, Reading, Source

TITLE = "Kubernetes and KServe (manifests in YAML or JSON)"
BY_CONTENT = True
FILES = "YAML and JSON files with `apiVersion` and `kind`"
STATES = frozenset(
    {
        *_manifests.ATTRIBUTES.values(),
        *_kserve.ATTRIBUTES.values(),
        *OF_IMAGES.values(),
        *("availableLanguage", "availableSoftware", "name", "requiredSoftware", "versionRange"),
    }
)

_SUFFIXES = {".yaml", ".yml", ".json"}
_VERSION = re.compile(r"""(?:^|[{,])[ \t-]*["']?apiVersion["']?\s*:""", re.MULTILINE)
_KIND = re.compile(r"""(?:^|[{,])[ \t-]*["']?kind["']?\s*:""", re.MULTILINE)
_MONITORS = {"ServiceMonitor", "PodMonitor"}


def claims(source: Source) -> bool:
    """Whether the first bytes name an API version and a kind."""
    if source.suffix not in _SUFFIXES:
        return False
    if b"apiVersion" not in source.plain:
        return False
    head = source.plain.decode(errors="ignore")
    return bool(_VERSION.search(head) and _KIND.search(head))


def read(source: Source) -> Reading:
    """The containers as operational environments, known by their workload.

    Where a workload has several, each is known by its own name too.
    """
    text = source.text()
    in_json = source.suffix == ".json"
    notes = Notes()
    workloads: list[Workload] = []
    services: list[Manifest] = []
    for tree in (read_json(text),) if in_json else read_yaml_all(text):
        report_duplicates(tree, notes)
        for steps, value in _manifests_of(tree):
            manifest = Manifest(tree, steps, value, notes, str(source.path))
            if manifest.kind in WORKLOADS:
                workloads.append(take_workload(manifest))
                for node in workloads[-1].environments.values():
                    take_formats(manifest, node)
            elif manifest.kind == "Service":
                services.append(manifest)
            else:
                _take_other(manifest)
    # A service may stand before what it leads to.
    for service in services:
        take_service(service, workloads)
    return notes.reading(source.path)


def _take_other(manifest: Manifest) -> None:
    if manifest.kind in KINDS:
        take_kserve(manifest)
    elif manifest.kind in _MONITORS:
        take_monitor(manifest)
    elif manifest.kind == "HorizontalPodAutoscaler":
        because = "how many copies run depends on the load"
        manifest.pass_over(because, manifest.start)
    else:
        because = f"the kind {shortened(manifest.kind)} is no workload"
        manifest.pass_over(because, manifest.start)


def _manifests_of(tree: Tree) -> Iterator[tuple[Steps, Mapping[str, object]]]:
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
