"""States what stored objects need, and whether they are models, by the classes they are made of.

A scaler or an encoder prepares data, so what it needs its pipeline needs. What is neither is passed
over: tables, arrays, plain values, and objects of the project's own code.
"""

import re
from collections.abc import Collection, Iterable, Mapping

from kg.errors import DescriptorInvalid
from kg.importers._environments import FRAMEWORKS, model
from kg.names import canonical
from kg.statements import Node, Notes, Source, Subject
from kg.versions import normalise_range

ATTRIBUTES = {
    "language": "requiredLanguage",
    "framework": "requiredFramework",
    "needed package": "requiredSoftware",
    "package of a pipeline": "pipelineSoftware",
    "version": "versionRange",
    "loading": "loadsModel",
    "class": "storedClass",
    "is a model": "holdsModel",
}
STATES = frozenset(ATTRIBUTES.values()) | {"name"}

_SKLEARN = "scikit-learn"

# What packages are called where Python imports them, if not as pip calls them.
_PACKAGES = {
    "PIL": "Pillow",
    "category_encoders": "category-encoders",
    "cv2": "opencv-python",
    "imblearn": "imbalanced-learn",
    "sentence_transformers": "sentence-transformers",
    "sklearn": _SKLEARN,
    "skopt": "scikit-optimize",
    "sksurv": "scikit-survival",
    "surprise": "scikit-surprise",
    "umap": "umap-learn",
}
_SAME_NAME = frozenset(
    {
        "catboost",
        "cloudpickle",
        "fastai",
        "flax",
        "gensim",
        "h2o",
        "hdbscan",
        "jax",
        "joblib",
        "keras",
        "lifelines",
        "lightgbm",
        "mxnet",
        "nltk",
        "numpy",
        "pandas",
        "pmdarima",
        "prophet",
        "pyspark",
        "scipy",
        "spacy",
        "statsmodels",
        "tensorflow",
        "torch",
        "transformers",
        "xgboost",
    }
)
# Modules whose objects prepare data, hold others together, or are only parts of models.
_PREPARING = frozenset(
    {
        "base",
        "compose",
        "decomposition",
        "externals",
        "feature_extraction",
        "feature_selection",
        "impute",
        "metrics",
        "model_selection",
        "pipeline",
        "preprocessing",
        "random_projection",
        "utils",
    }
)
_MODELS = frozenset(FRAMEWORKS) | {
    "gensim",
    "hdbscan",
    "lifelines",
    "pmdarima",
    "scikit-surprise",
    "scikit-survival",
}
# Whose objects are records, tables and values.
_NO_MODELS = re.compile(
    r"(?:mlflow\.entities|pandas|numpy|builtins|__builtin__|_?codecs|collections|datetime|decimal)\..+"
)


def take_objects(
    source: Source, notes: Notes, root: str, names: Collection[str], releases: Collection[str]
) -> None:
    """State what the object needs; `releases` are those of scikit-learn that it was made with."""
    known = {name: package for name in names if (package := _package(name))}
    models = any(_is_model(name, package) for name, package in known.items())
    beside = "MLmodel" in source.neighbours and source.path.stem == "model"
    if not (models or beside or known.get(root, "") in _MODELS):
        notes.pass_over(f"it holds {root or 'nothing that is known'}, which is no model")
        return
    node = Node("DataPipeline", named=False)
    if models or beside:
        in_folder = "MLmodel" in source.neighbours
        path = str(source.path)
        node = model(source.folder) if in_folder else Node("TrainedModel", path, named=False)
    about = notes.about(node, observed=True)
    for package in dict.fromkeys(known.values()):
        _take_package(about, package, releases if package == _SKLEARN else ())
    if models or beside:
        _take_model(about, root, known)
        predicts = models or known.get(root, "") in _MODELS
        if predicts or all(map(_NO_MODELS.fullmatch, names)):
            about.state(ATTRIBUTES["is a model"], value=predicts)


def _take_package(about: Subject, package: str, releases: Iterable[str]) -> None:
    kind = "needed package" if about.node.kind == "TrainedModel" else "package of a pipeline"
    part = about.part(ATTRIBUTES[kind], package, key=canonical(package))
    for release in releases:
        try:
            text = normalise_range(release, "exact")
            part.state(ATTRIBUTES["version"], text, given=release)
        except DescriptorInvalid as error:
            about.notes.problem(f"{package}: {error.sentences}")


def _take_model(about: Subject, root: str, known: Mapping[str, str]) -> None:
    about.state(ATTRIBUTES["language"], "Python")
    packages = dict.fromkeys(known.values())
    for framework in dict.fromkeys(FRAMEWORKS[p] for p in packages if p in FRAMEWORKS):
        about.state(ATTRIBUTES["framework"], framework)
    if root:
        about.state(ATTRIBUTES["class"], root)
    own = known.get(root, "")
    if own in _MODELS:
        part = about.part(ATTRIBUTES["needed package"], own, key=canonical(own))
        part.state(ATTRIBUTES["loading"], value=True)


def _package(name: str) -> str:
    """The package that a class or function is of, by pip's name; empty where it is not known."""
    top = name.partition(".")[0]
    return _PACKAGES.get(top, top if top in _SAME_NAME else "")


def _is_model(name: str, package: str) -> bool:
    """Whether objects of the class predict, as far as its module tells."""
    steps = name.split(".")
    prepares = package == _SKLEARN and len(steps) > 1 and steps[1].lstrip("_") in _PREPARING
    return package in _MODELS and not prepares
