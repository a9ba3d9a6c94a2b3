"""Reads the `MLmodel` file of an MLflow model folder: what made the model, what it takes and gives.

The files beside it (conda.yaml, python_env.yaml, requirements.txt) have readers of their own; the
model itself is never opened. A model without a signature states nothing about what it takes.
"""

import re
from collections.abc import Mapping

from kg.importers._environments import (
    FRAMEWORKS,
    NEEDED,
    Packages,
    model,
    place,
    shortened,
)
from kg.importers._mappings import mapping, table
from kg.importers._signatures import COLUMNS, take_signature
from kg.names import canonical
from kg.reading import Tree, pointer, read_yaml
from kg.statements import Node, Reading, Source
from kg.versions import Dialect

TITLE = "MLflow models (MLmodel)"
FILES = "`MLmodel`"
BY_CONTENT = False

ATTRIBUTES = {"framework": "requiredFramework", "loading": "loadsModel"}
STATES = NEEDED | COLUMNS | frozenset(ATTRIBUTES.values())


# Of each flavour the key of its version, and the package that this is a version of.
_FLAVOURS = {
    "catboost": ("catboost_version", "catboost"),
    "diviner": ("diviner_version", "diviner"),
    "dspy": ("dspy_version", "dspy"),
    "fastai": ("fastai_version", "fastai"),
    "gluon": ("mxnet_version", "mxnet"),
    "h2o": ("h2o_version", "h2o"),
    "johnsnowlabs": ("johnsnowlabs_version", "johnsnowlabs"),
    "keras": ("keras_version", "keras"),
    "langchain": ("langchain_version", "langchain"),
    "lightgbm": ("lgb_version", "lightgbm"),
    "llama_index": ("llama_index_version", "llama-index"),
    "mleap": ("mleap_version", "mleap"),
    "onnx": ("onnx_version", "onnx"),
    "openai": ("openai_version", "openai"),
    "paddle": ("paddle_version", "paddlepaddle"),
    "pmdarima": ("pmdarima_version", "pmdarima"),
    "prophet": ("prophet_version", "prophet"),
    "pytorch": ("pytorch_version", "torch"),
    "sentence_transformers": ("sentence_transformers_version", "sentence-transformers"),
    "sklearn": ("sklearn_version", "scikit-learn"),
    "spacy": ("spacy_version", "spacy"),
    "spark": ("pyspark_version", "pyspark"),
    "statsmodels": ("statsmodels_version", "statsmodels"),
    "tensorflow": ("tensorflow_version", "tensorflow"),
    "transformers": ("transformers_version", "transformers"),
    "xgboost": ("xgb_version", "xgboost"),
}
# Other packages load such models too, or the platform has them.
_LOADED_OTHERWISE = {"johnsnowlabs", "keras", "mleap", "openai", "spark"}
# The package only describes the format; something else runs the model.
_RUN_BY = {"onnx": "ONNX Runtime"}
# Versions that flavours give of packages other than their own.
_OTHER_PACKAGES = {
    "cloudpickle_version": "cloudpickle",
    "keras_version": "keras",
    "torch_version": "torch",
    "torchvision_version": "torchvision",
    "tensorflow_version": "tensorflow",
}
_PYTHON, _R = "python_function", "crate"
_PASSED_OVER = {
    "artifact_path": "where the model lies in the store that tracked it",
    "auth_policy": "who may see what the model reaches",
    "databricks_runtime": "the platform that logged the model, by its own name",
    "is_signature_from_type_hint": "how the signature came about",
    "metadata": "what the authors noted for themselves",
    "model_id": "an identifier that the store chose, no version of its owner's",
    "model_size_bytes": "the size of the files, less than what serving needs",
    "model_uuid": "an identifier that the store chose, no version of its owner's",
    "prompts": "which prompts belong to the model",
    "resources": "what the model reaches on its platform",
    "run_id": "an identifier that the store chose, no version of its owner's",
    "saved_input_example_info": "where an example of the input lies",
    "type_hint_from_example": "how the signature came about",
    "utc_time_created": "when the model was logged, not when its training ended",
}
_TRACKED = re.compile(r"(?:.*/)?(?:mlruns|mlartifacts)/[^/]+/(?:models/)?[^/]+/artifacts(?:/.*)?")


def claims(source: Source) -> bool:
    """Whether the file has the name that MLflow gives it."""
    return source.name == "MLmodel"


def read(source: Source) -> Reading:
    """The model's language, frameworks, packages, inputs and outputs; its name is its folder."""
    text = source.text()
    tree = read_yaml(text)
    _, notes = mapping(tree, "The file is not a mapping", "Let MLflow save the model again")
    node = model(source.folder)
    _take_top(Packages(notes, node), tree, text)
    if _TRACKED.fullmatch(source.folder):
        environment = Node("DevelopmentEnvironment", named=False)
        because = "the project tracked the run, so its development environment made the model"
        notes.link("integratedIn", node, environment, because)
    return notes.reading(source.path)


def _take_top(packages: Packages, tree: Tree, text: str) -> None:
    top, notes = table(tree.value), packages.notes
    if not isinstance(top.get("flavors"), dict):
        notes.problem("The model has no `flavors`, so what it was made with is not known")
    for name, settings in table(top, "flavors").items():
        if not isinstance(settings, dict | None):
            line = tree.line(pointer("flavors", name))
            notes.problem(f"The flavour {shortened(name)} is not a mapping", line)
        _take_flavour(packages, tree, name, settings if isinstance(settings, dict) else {})
    for key, value in top.items():
        at = place(tree, key)
        if key == "flavors" or value is None:
            continue
        if key == "mlflow_version":
            packages.add("mlflow", tree.text(at.pointer or "") or "", "exact", at=at)
        elif key == "signature":
            take_signature(notes.about(packages.node), tree, text)
        else:
            because = _PASSED_OVER.get(key, "nothing that is known of MLflow")
            packages.pass_over(f"{shortened(key)}: {because}", at)


def _take_flavour(
    packages: Packages, tree: Tree, name: str, settings: Mapping[str, object]
) -> None:
    at = place(tree, "flavors", name)
    taken = _take_versions(packages, tree, name, settings)
    if name == _PYTHON:
        packages.language("Python", at)
    elif name == _R:
        packages.language("R", at)
    elif name not in _FLAVOURS:
        packages.pass_over(f"the flavour {shortened(name)} is not known", at)
    else:
        key, package = _FLAVOURS[name]
        if key not in taken:
            packages.add(package, at=at)
        if name not in _LOADED_OTHERWISE:
            _take_loading(packages, tree, name, package)
        if framework := _RUN_BY.get(name) or FRAMEWORKS.get(package):
            about, named = packages.notes.about(packages.node), ATTRIBUTES["framework"]
            about.state(named, framework, line=at.line, pointer=at.pointer, given=name)
    left = [key for key, value in settings.items() if key not in taken and value is not None]
    if left:
        because = f"{shortened(name)}: how MLflow stores and loads the model ({', '.join(left)})"
        packages.pass_over(because, at)


def _take_loading(packages: Packages, tree: Tree, name: str, package: str) -> None:
    """State that nothing can load the model without the package, where MLflow says how to load."""
    loader = place(tree, "flavors", _PYTHON, "loader_module")
    named = tree.text(loader.pointer or "") == f"mlflow.{name}"
    at = loader if named else place(tree, "flavors", name)
    part = packages.node.part(packages.attribute, canonical(package))
    about = packages.notes.about(part)
    about.state(ATTRIBUTES["loading"], value=True, line=at.line, pointer=at.pointer, given=name)


def _take_versions(
    packages: Packages, tree: Tree, name: str, settings: Mapping[str, object]
) -> set[str]:
    """The keys of a flavour that gave a version, which is then stated."""
    known = dict(_OTHER_PACKAGES)
    if name in _FLAVOURS:
        key, package = _FLAVOURS[name]
        known[key] = package
    if name == _PYTHON:
        known["python_version"] = "python"
    taken = {key for key in known if settings.get(key) is not None}
    for key in settings:
        if key in taken:
            at = place(tree, "flavors", name, key)
            # A Python without a third part stands for all of its releases.
            dialect: Dialect = "tag" if known[key] == "python" else "exact"
            written = tree.text(at.pointer or "")
            if written is None:
                packages.refuse(f"`{key}` is not a version", at)
            packages.add(known[key], written or "", dialect, at=at)
    return taken
