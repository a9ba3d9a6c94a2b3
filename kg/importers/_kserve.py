"""States what KServe's resources say: where a model is served, which model, and what it needs."""

from collections.abc import Mapping
from typing import TypeAlias

from kg.importers._environments import FRAMEWORKS, Packages, shortened
from kg.importers._images import take_image
from kg.importers._manifests import Manifest, Steps, listed, take_container, take_resources
from kg.importers._mappings import table
from kg.importers._workloads import environment, frameworks
from kg.statements import Node

ATTRIBUTES = {
    "platform": "deploymentPlatform",
    "framework": "requiredFramework",
    "present framework": "availableFramework",
    "code": "modelCode",
    "memory": "requiredMemory",
    "style": "serviceInterfaceStyle",
    "log": "collectedLog",
    "rule": "captureRule",
    "how": "implementation",
    "time": "requiredInferenceTime",
    "requests": "admittedRequests",
}
KINDS = {"InferenceService", "TrainedModel", "InferenceGraph"}

Settings: TypeAlias = Mapping[str, object]

# The packages of the frameworks, by what KServe calls their formats.
_FORMATS = {
    "catboost": "catboost",
    "lightgbm": "lightgbm",
    "onnx": "onnxruntime",
    "paddle": "paddlepaddle",
    "pytorch": "torch",
    "sklearn": "scikit-learn",
    "tensorflow": "tensorflow",
    "xgboost": "xgboost",
}
_SERVERS = {*_FORMATS, "huggingface", "mlflow", "pmml", "triton"}
_STYLES = {"v1": "rest", "v2": "rest", "grpc-v1": "grpc", "grpc-v2": "grpc"}
_OF_PREDICTOR = {"containers", "model", "logger", "timeout", "containerConcurrency"}


def take_kserve(manifest: Manifest) -> None:
    """Take down what one of KServe's resources says."""
    if manifest.kind == "InferenceService":
        _take_service(manifest)
    elif manifest.kind == "TrainedModel":
        _take_model(manifest)
    else:
        because = "the graph says in which order services call each other"
        manifest.pass_over(because, manifest.start)


def take_formats(manifest: Manifest, node: Node) -> None:
    """Take down the frameworks whose models a runtime can serve."""
    for name, steps in frameworks(manifest):
        if name in _FORMATS:
            _framework(manifest, node, "present framework", name, steps)


def _take_service(manifest: Manifest) -> None:
    predictor = manifest.inner("spec", "predictor")
    if not predictor:
        manifest.notes.problem("The InferenceService has no predictor", manifest.start.line)
        return
    node = environment(manifest, {}, alone=True)
    manifest.state(node, ATTRIBUTES["platform"], "KServe", manifest.start, manifest.kind)
    for number, container in listed(predictor.get("containers")):
        if number == 0 or container.get("name") == "kserve-container":
            steps: Steps = ("spec", "predictor", "containers", number)
            take_container(manifest, node, steps, container)
            break
    for server in [key for key in predictor if key in {*_SERVERS, "model"}]:
        _take_server(manifest, node, server)
    _take_calls(manifest, node)
    for other in ("transformer", "explainer"):
        if manifest.inner("spec", other):
            because = f"the {other} runs beside the model, in a container of its own"
            manifest.pass_over(because, manifest.at("spec", other))
    rest = [key for key in predictor if key not in {*_SERVERS, *_OF_PREDICTOR}]
    if rest:
        because = f"{', '.join(map(shortened, rest))} say how the model is run, not what it has"
        manifest.pass_over(because, manifest.at("spec", "predictor"))


def _take_server(manifest: Manifest, node: Node, server: str) -> None:
    """Take down the model that a server of KServe's own loads, and what it may use."""
    steps = ("spec", "predictor", server)
    settings = manifest.inner(*steps)
    name, version = server, ""
    named_at: Steps = steps
    if server == "model":
        name = manifest.text(*steps, "modelFormat", "name")
        version = manifest.text(*steps, "modelFormat", "version")
        named_at = (*steps, "modelFormat", "name")
    take_resources(manifest, node, (*steps, "resources"))
    _take_protocol(manifest, node, (*steps, "protocolVersion"))
    uri = manifest.text(*steps, "storageUri") or manifest.text(*steps, "storage", "path")
    if uri or version:
        model = Node("TrainedModel", manifest.name or manifest.file, named=False)
        _code(manifest, model, uri, (*steps, "storageUri"))
        _framework(manifest, model, "framework", name, named_at)
        if version and name in _FORMATS:
            at = manifest.at(*steps, "modelFormat", "version")
            Packages(manifest.notes, model).add(_FORMATS[name], version, "tag", at=at)
        because, line = "the service loads the model", manifest.at(*steps).line
        manifest.notes.link("deployedIn", model, node, because, line)
    _framework(manifest, node, "present framework", name, named_at)
    _take_runtime(manifest, node, name, (*steps, "runtimeVersion"))
    if isinstance(settings.get("image"), str):
        at = manifest.at(*steps, "image")
        take_image(Packages(manifest.notes, node), manifest.text(*steps, "image"), at)


def _take_runtime(manifest: Manifest, node: Node, name: str, steps: Steps) -> None:
    """The version of a server is that of the framework only where both are one."""
    version, at = manifest.text(*steps), manifest.at(*steps)
    if version and name == "tensorflow":
        packages = Packages(manifest.notes, node)
        take_image(packages, f"tensorflow/serving:{version}", at)
        packages.add("tensorflow", version, "tag", at=at)
    elif version:
        because = f"{shortened(version)} is the version of the server, not of {shortened(name)}"
        manifest.pass_over(because, at)


def _take_protocol(manifest: Manifest, node: Node, steps: Steps) -> None:
    version, at = manifest.text(*steps), manifest.at(*steps)
    if version in _STYLES:
        manifest.state(node, ATTRIBUTES["style"], _STYLES[version], manifest.at(*steps))
    elif version:
        manifest.pass_over(f"the protocol {shortened(version)} is not known", at)


def _take_calls(manifest: Manifest, node: Node) -> None:
    """How long and how many calls are let in, and which are recorded."""
    predictor = ("spec", "predictor")
    for key, kind, factor in (
        ("timeout", "time", 1_000_000),
        ("containerConcurrency", "requests", 1),
    ):
        at, written = manifest.at(*predictor, key), manifest.text(*predictor, key)
        if written.isascii() and written.isdigit() and int(written[:9]):
            manifest.state(node, ATTRIBUTES[kind], int(written[:9]) * factor, at, written)
        elif written:
            manifest.pass_over(f"{key}: nothing is limited", at)
    logger = manifest.inner(*predictor, "logger")
    if logger:
        at = manifest.at(*predictor, "logger")
        about = manifest.notes.about(node)
        log = about.part(ATTRIBUTES["log"], "calls", line=at.line, pointer=at.pointer)
        mode = manifest.text(*predictor, "logger", "mode") or "all"
        how = f"KServe's logger ({mode}) to {manifest.text(*predictor, 'logger', 'url')}"
        log.state(ATTRIBUTES["how"], how, line=at.line, pointer=at.pointer, given=mode)
        if mode == "all":
            log.state(ATTRIBUTES["rule"], "all-calls", line=at.line, pointer=at.pointer, given=mode)


def _take_model(manifest: Manifest) -> None:
    """Take down a model that is loaded into a service beside others."""
    model = Node("TrainedModel", manifest.name or manifest.file, named=bool(manifest.name))
    steps = ("spec", "model")
    _code(manifest, model, manifest.text(*steps, "storageUri"), (*steps, "storageUri"))
    name = manifest.text(*steps, "framework")
    _framework(manifest, model, "framework", name, (*steps, "framework"))
    if "memory" in table(manifest.value, *steps):
        at = manifest.at(*steps, "memory")
        if manifest.text(*steps, "memory"):
            manifest.amount(model, ATTRIBUTES["memory"], "BYTE", *steps, "memory")
        else:
            manifest.pass_over("how much memory the model needs is filled in later", at)
    service = manifest.text("spec", "inferenceService")
    if service:
        node = Node("OperationalEnvironment", service, mentioned=True)
        because, at = "the service loads the model", manifest.at("spec", "inferenceService")
        manifest.notes.link("deployedIn", model, node, because, at.line)


def _code(manifest: Manifest, model: Node, uri: str, steps: Steps) -> None:
    if uri:
        manifest.state(model, ATTRIBUTES["code"], uri, manifest.at(*steps))


def _framework(manifest: Manifest, node: Node, kind: str, name: str, steps: Steps) -> None:
    if name in _FORMATS:
        framework = FRAMEWORKS[_FORMATS[name]]
        manifest.state(node, ATTRIBUTES[kind], framework, manifest.at(*steps), name)
