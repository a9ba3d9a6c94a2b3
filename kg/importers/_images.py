"""What the name and tag of a container image tell of the software in it.

Knows a few images that everybody builds on; of any other it heeds only a Python version written out
in its name (`…-py39-…`). No registry is asked.
"""

import re
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from kg.importers._environments import Packages, model, shortened
from kg.statements import Place, Subject

ATTRIBUTES = {"name": "imageName", "tag": "imageTag", "accelerator": "imageAccelerator"}

_REFERENCE = re.compile(
    r"(?:(?P<registry>[^/@\s]+[.:][^/@\s]*|localhost)/)?(?P<path>[^:@\s]+)(?::(?P<tag>[^@\s]*))?(?:@(?P<digest>\S+))?"
)
_PYTHON = re.compile(r"(?<![A-Za-z0-9])py(?:thon)?-?(\d)\.?(\d{1,2})?(?![0-9A-Za-z])")
_VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)(?:(:?[-+?])((?:[^{}]|\{[^{}]*\})*))?\})")


@dataclass(frozen=True, slots=True)
class Base:
    """What is in an image: language, package whose version the tag begins with, framework."""

    language: str = ""
    package: str = ""
    framework: str = ""


_PYTHON_BASE = Base("Python")
# By the end of the image's path, the longest first.
_KNOWN = {
    "continuumio/anaconda3": _PYTHON_BASE,
    "continuumio/miniconda3": _PYTHON_BASE,
    "condaforge/mambaforge": _PYTHON_BASE,
    "condaforge/miniforge3": _PYTHON_BASE,
    "distroless/python3": _PYTHON_BASE,
    "distroless/python3-debian12": _PYTHON_BASE,
    "huggingface/transformers-pytorch-cpu": Base("Python", "transformers", "Transformers"),
    "huggingface/transformers-pytorch-gpu": Base("Python", "transformers", "Transformers"),
    "jupyter/base-notebook": _PYTHON_BASE,
    "jupyter/minimal-notebook": _PYTHON_BASE,
    "jupyter/pyspark-notebook": Base("Python", framework="Spark MLlib"),
    "jupyter/scipy-notebook": Base("Python", framework="scikit-learn"),
    "jupyter/tensorflow-notebook": Base("Python", framework="TensorFlow"),
    "mlflow/mlflow": _PYTHON_BASE,
    "nvidia/pytorch": Base("Python", framework="PyTorch"),
    "nvidia/tensorflow": Base("Python", framework="TensorFlow"),
    "pytorch/pytorch": Base("Python", "torch", "PyTorch"),
    "pytorch/torchserve": Base("Python", framework="PyTorch"),
    "rocker/r-ver": Base("R", "r"),
    "tensorflow/serving": Base(framework="TensorFlow"),
    "tensorflow/tensorflow": Base("Python", "tensorflow", "TensorFlow"),
    "amazoncorretto": Base("Java", "java"),
    "eclipse-temurin": Base("Java", "java"),
    "golang": Base("Go", "go"),
    "julia": Base("Julia", "julia"),
    "node": Base("JavaScript", "node"),
    "openjdk": Base("Java", "java"),
    "python": Base("Python", "python"),
    "r-base": Base("R", "r"),
    "rust": Base("Rust", "rust"),
}
# Databases, brokers, proxies, monitors, and pages to look at them.
_NO_MODEL = frozenset(
    [
        *("adminer", "alertmanager", "apache-airflow", "cadvisor", "cassandra"),
        *("clickhouse-server", "consul", "cp-kafka", "cp-zookeeper", "elasticsearch"),
        *("envoy", "etcd", "evidently-service", "filebeat", "flower"),
        *("fluent-bit", "fluentd", "grafana", "haproxy", "httpd"),
        *("influxdb", "istio-proxy", "jaeger", "kafka", "kibana"),
        *("logstash", "loki", "mailhog", "mariadb", "mc"),
        *("memcached", "minio", "mlflow", "mongo", "mongo-express", "mysql"),
        *("nats", "nginx", "nginx-unprivileged", "node-exporter", "opensearch"),
        *("pgadmin4", "portainer", "portainer-ce", "postgis", "postgres"),
        *("postgresql", "prometheus", "promtail", "proxyv2", "pushgateway"),
        *("rabbitmq", "redis", "redis-stack", "tempo", "traefik"),
        *("vault", "zipkin", "zookeeper"),
    ]
)
# What a name or tag says of the accelerators that an image is made for.
_FAMILIES = {"cuda": "cuda", "-gpu": "cuda", "rocm": "rocm"}
_MODEL_FILES = frozenset(
    [
        *(".bin", ".bst", ".cbm", ".h5", ".hdf5", ".joblib", ".keras"),
        *(".lgb", ".onnx", ".pb", ".pickle", ".pkl", ".pt", ".pth"),
        *(".safetensors", ".skops", ".tflite", ".ubj", ".xgb"),
    ]
)
_LONGEST = 300
# A variable may hold itself twice, and so a few lines a terabyte.
_LONGEST_VALUE = 4096


def serves_no_model(reference: str) -> bool:
    """Whether the image is that of a well-known database, broker, proxy or monitor.

    >>> serves_no_model("prom/prometheus:latest"), serves_no_model("registry.example.org/churn:2")
    (True, False)
    """
    found = _REFERENCE.fullmatch(reference[:_LONGEST])
    return found is not None and found["path"].rpartition("/")[2] in _NO_MODEL


def take_image(packages: Packages, reference: str, at: Place) -> None:
    """Take down what an image's name and tag tell of its software."""
    found = _REFERENCE.fullmatch(reference) if len(reference) <= _LONGEST else None
    if not found:
        packages.refuse(f'"{shortened(reference)}" is not the name of an image', at)
        return
    path, tag = found["path"], found["tag"] or ""
    base = _base(path)
    if base:
        _take_base(packages, base, tag, at)
    written = None if base and base.package == "python" else _PYTHON.search(f"{path}:{tag}")
    if written:
        series = ".".join(filter(None, (written[1], written[2])))
        packages.add("python", f"=={series}.*", at=replace(at, given=written[0]))
    family = next((name for sign, name in _FAMILIES.items() if sign in f"{path}:{tag}"), "")
    if family and packages.node.kind == "OperationalEnvironment":
        about = packages.notes.about(packages.node)
        line, where = at.line, at.pointer
        about.state(ATTRIBUTES["accelerator"], family, line=line, pointer=where, given=reference)
    elif family:
        because = f"the image {reference} needs a graphics processor, which is the host's to give"
        packages.pass_over(because, at)
    elif not base and not written:
        packages.pass_over(f"what the image {reference} holds is not known", at)


def take_reference(about: Subject, reference: str, at: Place) -> None:
    """Take down the name and tag of the image that an environment is started from."""
    found = _REFERENCE.fullmatch(reference) if len(reference) <= _LONGEST else None
    if not found:
        return
    tag = found["tag"]
    name = (
        reference.partition("@")[0].removesuffix(f":{tag}") if tag else reference.partition("@")[0]
    )
    line, where = at.line, at.pointer
    about.state(ATTRIBUTES["name"], name, line=line, pointer=where, given=reference)
    if tag:
        about.state(ATTRIBUTES["tag"], tag, line=line, pointer=where, given=reference)


def link_model(packages: Packages, path: str, because: str, line: int | None) -> None:
    """Take down that the model at a path, if there is one, is deployed in the environment."""
    folder = PurePosixPath(path)
    if folder.name == "MLmodel" or folder.suffix in _MODEL_FILES or "*" in folder.name:
        folder = folder.parent
    # What copies the whole project says nothing about any one model in it.
    if str(folder) != "." and packages.node.kind == "OperationalEnvironment":
        packages.notes.link("deployedIn", model(str(folder)), packages.node, because, line)


def substituted(text: str, variables: dict[str, str]) -> str | None:
    """The text with `$NAME` and `${NAME:-default}` filled in; None if a value comes from outside.

    >>> substituted("python:${TAG:-3.11}-slim", {}), substituted("python:$TAG", {})
    ('python:3.11-slim', None)
    """
    unknown = len(text) > _LONGEST_VALUE

    def value(found: re.Match[str]) -> str:
        nonlocal unknown
        known = variables.get(found[1] or found[2], "")
        if found[3] in {"+", ":+"}:
            return found[4] if known else ""
        if known or found[3] in {"-", ":-"}:
            return known or found[4]
        unknown = True
        return ""

    filled = "" if unknown else _VARIABLE.sub(value, text)
    return None if unknown or len(filled) > _LONGEST_VALUE else filled


def _base(path: str) -> Base | None:
    """The known image that the path ends in."""
    parts = path.lower().split("/")
    return _KNOWN.get("/".join(parts[-2:])) or _KNOWN.get(parts[-1])


def _take_base(packages: Packages, base: Base, tag: str, at: Place) -> None:
    if base.package:
        packages.add(base.package, tag, "tag", at=at)
    if base.language:
        packages.language(base.language, at)
    if base.framework:
        packages.framework(base.framework, at)
