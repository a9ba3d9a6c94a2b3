"""States what Azure Machine Learning's deployments, environments and models say."""

import re
from posixpath import join, normpath

from kg.importers._environments import Packages, model, shortened
from kg.importers._images import link_model, take_image
from kg.importers._manifests import Manifest, take_resources
from kg.importers._mappings import table
from kg.statements import Node, Place

ATTRIBUTES = {
    "platform": "deploymentPlatform",
    "copies": "availableNodes",
    "time": "requiredInferenceTime",
    "requests": "admittedRequests",
    "port": "servedPort",
    "probed": "probedPort",
    "log": "collectedLog",
    "how": "implementation",
    "name": "modelName",
    "version": "modelVersion",
}

_REGISTERED = re.compile(r"azureml:(?://registries/[^/]+/\w+/)?([\w.-]+)(?:[:@/].*)?")
_ROUTES = {"scoring_route": "port", "liveness_route": "probed", "readiness_route": "probed"}
_READ = {
    *("$schema", "name", "endpoint_name", "type", "description", "tags"),
    *("model", "environment", "instance_count", "resources", "request_settings"),
    *("app_insights_enabled", "data_collector", "instance_type", "compute", "settings"),
}


def take_deployment(manifest: Manifest, folder: str) -> None:
    """Take down a deployment as an operational environment, known by its endpoint and name."""
    parts = [manifest.text(key) for key in ("endpoint_name", "name")]
    called = "/".join(part for part in parts if part)
    node = Node("OperationalEnvironment", called or manifest.file, named=bool(called))
    at = manifest.at("$schema")
    manifest.state(node, ATTRIBUTES["platform"], "Azure Machine Learning", at, "azureml")
    _take_environment(manifest, node, folder)
    _take_model(manifest, node, folder)
    for steps in (("instance_count",), ("resources", "instance_count")):
        if manifest.text(*steps).isdigit():
            manifest.amount(node, ATTRIBUTES["copies"], "NUM", *steps)
    take_resources(manifest, node, ("resources",))
    _take_requests(manifest, node)
    _take_logs(manifest, node)
    for key, because in (
        ("instance_type", "what such a machine has is not in the file"),
        ("compute", "which machines these are is not in the file"),
        ("settings", "how batches are cut up and run"),
    ):
        if key in manifest.value:
            said = shortened(manifest.text(key) or key)
            manifest.pass_over(f"{said}: {because}", manifest.at(key))
    if rest := [key for key in manifest.value if key not in _READ]:
        because = f"{', '.join(map(shortened, rest))} say how it is run, not what it has"
        manifest.pass_over(because, Place(1))


def take_environment(manifest: Manifest, folder: str) -> None:
    """Take down an environment that jobs and deployments use by its name."""
    node = Node("DevelopmentEnvironment", manifest.file, named=False)
    _take_software(manifest, node, folder)


def take_model(manifest: Manifest, folder: str) -> None:
    """Take down under which name and version a model in the project is registered."""
    path = manifest.text("path")
    if not path or ":" in path:
        manifest.pass_over("the model is not in this project", manifest.at("path"))
        return
    node = model(normpath(join(folder, path)))
    for key in ("name", "version"):
        if text := manifest.text(key):
            manifest.state(node, ATTRIBUTES[key], text, manifest.at(key))


def registered(text: str) -> str:
    """The name under which something is registered; empty where the text is none.

    >>> registered("azureml:churn@latest"), registered("azureml:churn:3"), registered("./model")
    ('churn', 'churn', '')
    """
    found = _REGISTERED.fullmatch(text)
    return found[1] if found else ""


def _take_environment(manifest: Manifest, node: Node, folder: str) -> None:
    environment = manifest.value.get("environment")
    if isinstance(environment, dict):
        _take_software(manifest, node, folder, "environment")
        for route, kind in _ROUTES.items():
            steps = ("environment", "inference_config", route, "port")
            if manifest.text(*steps):
                manifest.port(node, ATTRIBUTES[kind], *steps)
        return
    text, at = manifest.text("environment"), manifest.at("environment")
    if registered(text):
        manifest.pass_over(f"what {shortened(text)} holds is registered elsewhere", at)
    elif text:
        path = normpath(join(folder, text.removeprefix("file:")))
        manifest.notes.claim((path,), node, at.line)


def _take_software(manifest: Manifest, node: Node, folder: str, *steps: str) -> None:
    """Take down the image of an environment, and claim its list of packages."""
    settings = table(manifest.value, *steps)
    image, at = manifest.text(*steps, "image"), manifest.at(*steps, "image")
    if image:
        take_image(Packages(manifest.notes, node), image, at)
    conda, at = settings.get("conda_file"), manifest.at(*steps, "conda_file")
    if isinstance(conda, str):
        manifest.notes.claim((normpath(join(folder, conda)),), node, at.line)
    elif conda is not None:
        manifest.pass_over("packages that are listed within are not read", at)
    build = table(settings, "build")
    if isinstance(build.get("path"), str):
        file = str(build.get("dockerfile_path") or "Dockerfile")
        path = normpath(join(folder, str(build["path"]), file))
        manifest.notes.claim((path,), node, manifest.at(*steps, "build").line)


def _take_model(manifest: Manifest, node: Node, folder: str) -> None:
    """Take down which model is deployed: the one at a path, or the one of a name."""
    packages, at = Packages(manifest.notes, node), manifest.at("model")
    because = "the deployment names the model"
    path = manifest.text("model", "path") or manifest.text("model")
    name = registered(path) or ("" if path else manifest.text("model", "name"))
    if name:
        mention = Node("TrainedModel", name, mentioned=True)
        manifest.notes.link("deployedIn", mention, node, because, at.line)
    elif path and ":" not in path:
        link_model(packages, normpath(join(folder, path)), because, at.line)
    elif path:
        manifest.pass_over(f"{shortened(path)} is not in this project", at)


def _take_requests(manifest: Manifest, node: Node) -> None:
    settings = "request_settings"
    time = manifest.text(settings, "request_timeout_ms")
    if time.isascii() and time.isdigit():
        at = manifest.at(settings, "request_timeout_ms")
        manifest.state(node, ATTRIBUTES["time"], int(time[:12]) * 1000, at, f"{time} ms")
    if manifest.text(settings, "max_concurrent_requests_per_instance").isdigit():
        steps = (settings, "max_concurrent_requests_per_instance")
        manifest.amount(node, ATTRIBUTES["requests"], "NUM", *steps)


def _take_logs(manifest: Manifest, node: Node) -> None:
    """Take down which calls are recorded, and where."""
    about = manifest.notes.about(node)
    if manifest.value.get("app_insights_enabled") is True:
        at = manifest.at("app_insights_enabled")
        log = about.part(ATTRIBUTES["log"], "calls", line=at.line, pointer=at.pointer)
        log.state(ATTRIBUTES["how"], "Application Insights", line=at.line, pointer=at.pointer)
    for name, settings in table(manifest.value, "data_collector", "collections").items():
        enabled = table(settings).get("enabled")
        if str(enabled).lower() == "true":
            at = manifest.at("data_collector", "collections", name)
            log = about.part(ATTRIBUTES["log"], name, line=at.line, pointer=at.pointer)
            log.state(ATTRIBUTES["how"], "data collector", line=at.line, pointer=at.pointer)
