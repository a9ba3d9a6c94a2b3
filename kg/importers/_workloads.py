"""States what Kubernetes workloads have, and which of their ports services and monitors reach."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kg.importers._images import serves_no_model
from kg.importers._manifests import ATTRIBUTES, Manifest, Steps, listed, take_container
from kg.importers._mappings import table
from kg.statements import Node

# Where the description of the containers lies in each kind of workload.
WORKLOADS: dict[str, tuple[str, ...]] = {
    "ClusterServingRuntime": ("spec",),
    "CronJob": ("spec", "jobTemplate", "spec", "template", "spec"),
    "DaemonSet": ("spec", "template", "spec"),
    "Deployment": ("spec", "template", "spec"),
    "DeploymentConfig": ("spec", "template", "spec"),
    "Job": ("spec", "template", "spec"),
    "Pod": ("spec",),
    "ReplicaSet": ("spec", "template", "spec"),
    "ReplicationController": ("spec", "template", "spec"),
    "ServingRuntime": ("spec",),
    "StatefulSet": ("spec", "template", "spec"),
}
_NAMES = ("app.kubernetes.io/name", "app", "app.kubernetes.io/instance", "name", "k8s-app")
_SCRAPE = "prometheus.io/port"


@dataclass(frozen=True, slots=True)
class Workload:
    """A workload of the file: its environments by their containers, and what finds its pods."""

    labels: Mapping[str, object]
    environments: Mapping[str, Node]
    ports: Mapping[str, Mapping[str, int]]
    beside: bool


def take_workload(manifest: Manifest) -> Workload:
    """Take down every container of a workload that may serve a model."""
    path = WORKLOADS[manifest.kind]
    containers = list(listed(manifest.inner(*path).get("containers")))
    if not containers:
        message = f"The {manifest.kind} has no containers"
        manifest.notes.problem(message, manifest.start.line)
    if manifest.inner(*path).get("initContainers"):
        because = "what runs only before the others does not serve"
        manifest.pass_over(because, manifest.start)
    serving = []
    for index, container in containers:
        if serves_no_model(str(container.get("image"))):
            at = manifest.at(*path, "containers", index)
            manifest.pass_over(f"{container['image']} serves no model", at)
        else:
            serving.append((index, container))
    nodes: dict[str, Node] = {}
    for index, container in serving:
        node = environment(manifest, container, alone=len(serving) == 1)
        nodes[str(container.get("name"))] = node
        manifest.state(node, ATTRIBUTES["platform"], "Kubernetes", manifest.start, manifest.kind)
        if manifest.text("spec", "replicas").isdigit():
            manifest.amount(node, ATTRIBUTES["copies"], "NUM", "spec", "replicas")
        take_container(manifest, node, (*path, "containers", index), container)
        _take_annotations(manifest, node, path[:-1])
    labels = manifest.inner(*path[:-1], "metadata").get("labels")
    return Workload(
        labels=labels if isinstance(labels, dict) else {},
        environments=nodes,
        ports={str(c.get("name")): _ports(c) for _, c in serving},
        beside=len(serving) < len(containers),
    )


def environment(manifest: Manifest, container: Mapping[str, object], *, alone: bool) -> Node:
    """The environment that a container is, known by its workload."""
    if not manifest.name:
        return Node("OperationalEnvironment", manifest.file, named=False)
    called = manifest.name if alone else f"{manifest.name}/{container.get('name') or ''}"
    return Node("OperationalEnvironment", called)


def take_service(manifest: Manifest, workloads: list[Workload]) -> None:
    """Take down to which ports of the pods a service leads."""
    selector = manifest.inner("spec", "selector")
    for number, port in listed(manifest.inner("spec").get("ports")):
        key = "targetPort" if "targetPort" in port else "port"
        steps: Steps = ("spec", "ports", number, key)
        if str(port.get("protocol", "TCP")).upper() != "TCP":
            continue
        for node in _reached(manifest, selector, steps, workloads):
            manifest.port(node, ATTRIBUTES["routed"], *steps)
            if key == "targetPort":
                manifest.port(node, ATTRIBUTES["published"], "spec", "ports", number, "port")


def take_monitor(manifest: Manifest) -> None:
    """Take down from which port a ServiceMonitor or PodMonitor collects metrics."""
    node = _mentioned(manifest.inner("spec", "selector", "matchLabels"))
    for kind in ("endpoints", "podMetricsEndpoints"):
        for number, endpoint in listed(manifest.inner("spec").get(kind)):
            key = "targetPort" if "targetPort" in endpoint else "port"
            if node:
                manifest.port(node, ATTRIBUTES["scraped"], "spec", kind, number, key)
    if node is None:
        manifest.pass_over("nothing tells which service is monitored", manifest.start)


def _take_annotations(manifest: Manifest, node: Node, path: Steps) -> None:
    annotations = manifest.inner(*map(str, path), "metadata", "annotations")
    if _SCRAPE in annotations:
        manifest.port(node, ATTRIBUTES["scraped"], *path, "metadata", "annotations", _SCRAPE)


def _ports(container: Mapping[str, object]) -> dict[str, int]:
    """The container's ports by their names."""
    found = {}
    for _, port in listed(container.get("ports")):
        number = port.get("containerPort")
        if isinstance(number, int):
            found[str(port.get("name") or number)] = number
    return found


def _reached(
    manifest: Manifest, selector: Mapping[str, object], steps: Steps, workloads: list[Workload]
) -> Iterator[Node]:
    """The environments to which a port leads, unless it may lead to another container."""
    wanted = manifest.text(*steps)
    found = [w for w in workloads if selector and selector.items() <= w.labels.items()]
    for workload in found:
        known = {number for ports in workload.ports.values() for number in ports.values()}
        if len(workload.environments) == 1 and not workload.beside:
            if wanted.isdigit():
                yield from workload.environments.values()
        elif wanted.isdigit() and int(wanted) in known:
            for name, ports in workload.ports.items():
                if int(wanted) in ports.values():
                    yield workload.environments[name]
    if not found and (node := _mentioned(selector)):
        yield node


def _mentioned(labels: Mapping[str, object]) -> Node | None:
    """The environment that labels speak of, which another file describes."""
    name = next((labels[key] for key in _NAMES if key in labels), None)
    return (
        Node("OperationalEnvironment", name, mentioned=True)
        if isinstance(name, str) and name
        else None
    )


def frameworks(manifest: Manifest) -> Iterator[tuple[str, Steps]]:
    """The model formats that a serving runtime supports, with the steps to each."""
    formats = table(manifest.value, "spec").get("supportedModelFormats")
    for number, one in listed(formats):
        yield str(one.get("name")), ("spec", "supportedModelFormats", number, "name")
