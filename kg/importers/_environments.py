"""What the readers of software environments share: whose packages a file lists, and how they are
stated.
"""

from kg.errors import DescriptorInvalid
from kg.names import canonical
from kg.reading import Tree, pointer
from kg.statements import NOWHERE, Node, Notes, Place, Source, Subject
from kg.versions import Dialect, normalise_range

ATTRIBUTES = {
    "needed package": "requiredSoftware",
    "needed language": "requiredLanguage",
    "present package": "availableSoftware",
    "present language": "availableLanguage",
    "present framework": "availableFramework",
    "version": "versionRange",
    "whole list": "packageList",
    "list": "listedIn",
}
NEEDED = frozenset({"name", *(ATTRIBUTES[k] for k in ATTRIBUTES if not k.startswith("present"))})
"""What can be stated of the packages of a model."""
PRESENT = frozenset({"name", *(ATTRIBUTES[k] for k in ATTRIBUTES if not k.startswith("needed"))})
"""What can be stated of the packages of an environment."""

FRAMEWORKS = {
    "catboost": "CatBoost",
    "fastai": "fastai",
    "flax": "Flax",
    "h2o": "H2O",
    "jax": "JAX",
    "johnsnowlabs": "Spark NLP",
    "keras": "Keras",
    "langchain": "LangChain",
    "lightgbm": "LightGBM",
    "lightning": "PyTorch Lightning",
    "llama-index": "LlamaIndex",
    "mxnet": "MXNet",
    "onnxruntime": "ONNX Runtime",
    "onnxruntime-gpu": "ONNX Runtime",
    "paddlepaddle": "PaddlePaddle",
    "paddlepaddle-gpu": "PaddlePaddle",
    "prophet": "Prophet",
    "pyspark": "Spark MLlib",
    "pytorch-lightning": "PyTorch Lightning",
    "scikit-learn": "scikit-learn",
    "sentence-transformers": "Sentence Transformers",
    "spacy": "spaCy",
    "statsmodels": "statsmodels",
    "tensorflow": "TensorFlow",
    "tensorflow-cpu": "TensorFlow",
    "tensorflow-gpu": "TensorFlow",
    "tensorflow-intel": "TensorFlow",
    "tensorflow-macos": "TensorFlow",
    "torch": "PyTorch",
    "transformers": "Transformers",
    "xgboost": "XGBoost",
}
"""The frameworks that packages bring, by the packages' canonical names."""

_MOST = 50_000
_LISTED = 20
_SHORT = 80


class Packages:
    """Takes down the packages of one model or environment, at most 50,000.

    A model needs its packages, an environment has them; an environment that has a framework's
    package has the framework too. `open` becomes true where the list asks for packages that it does
    not name.
    """

    def __init__(self, notes: Notes, node: Node, *, prose: bool = False) -> None:
        self.notes = notes
        self.node = node
        self.open = False
        self.needed = node.kind == "TrainedModel"
        self.attribute = ATTRIBUTES["needed package" if self.needed else "present package"]
        self._about = notes.about(node, prose=prose)
        self._said: set[tuple[str, str]] = set()
        self._listed: dict[Subject, Place] = {}
        self._seen = self._refused = 0

    def add(
        self,
        name: str,
        version: str = "",
        dialect: Dialect = "pep440",
        *,
        key: str | None = None,
        at: Place = NOWHERE,
    ) -> None:
        """Take down one package and the versions given for it; `key` is pip's name of it."""
        self._count(at)
        known = canonical(name if key is None else key)
        line, where = at.line, at.pointer
        part = self._about.part(self.attribute, name, key=known, line=line, pointer=where)
        if text := self._range(name, version, dialect, at):
            given = at.given or version.strip()
            part.state(ATTRIBUTES["version"], text, line=line, pointer=where, given=given)
        self._listed.setdefault(part, at)
        if known == "python":
            self.language("Python", at)
        elif known in FRAMEWORKS and not self.needed:
            self.framework(FRAMEWORKS[known], at)

    def limit(self, name: str, version: str, at: Place = NOWHERE) -> None:
        """Take down the versions that a package may have if it is there at all."""
        self._count(at)
        part = self.notes.about(self.node.part(self.attribute, canonical(name)))
        if text := self._range(name, version, "pep440", at):
            part.state(ATTRIBUTES["version"], text, line=at.line, given=version.strip())

    def pass_over(self, because: str, at: Place = NOWHERE) -> None:
        """Take down what the list says and is not stated."""
        self._count(at)
        self.notes.pass_over(because, at.line, at.pointer)

    def refuse(self, message: str, at: Place = NOWHERE) -> None:
        """Take down what is broken in the list; of many such places only the first ones."""
        self._count(at)
        self.open = True
        self._refused += 1
        if self._refused <= _LISTED:
            self.notes.problem(message, at.line)
        elif self._refused == _LISTED + 1:
            self.notes.problem("More that cannot be read follows, and is not listed", at.line)

    def language(self, name: str, at: Place = NOWHERE) -> None:
        """Take down a programming language, once."""
        kind = "needed language" if self.needed else "present language"
        self._once(ATTRIBUTES[kind], name, at)

    def framework(self, name: str, at: Place = NOWHERE) -> None:
        """Take down a framework that an environment has, once."""
        self._once(ATTRIBUTES["present framework"], name, at)

    def list_whole(self, file: str) -> None:
        """Take down that a model's list in `file` names all of its packages, unless it is open."""
        if not self.needed or self.open or not self._listed:
            return
        first = next(iter(self._listed.values()))
        self._about.state(ATTRIBUTES["whole list"], file, line=first.line, pointer=first.pointer)
        for part, at in self._listed.items():
            part.state(ATTRIBUTES["list"], file, line=at.line, pointer=at.pointer)

    def complete(self) -> None:
        """Take down that no other packages are there."""
        self.notes.complete(self.node, self.attribute)

    def _count(self, at: Place) -> None:
        self._seen += 1
        if self._seen > _MOST:
            raise DescriptorInvalid(
                f"The file lists more than {_MOST:,} packages",
                "Give the list of one environment",
                line=at.line,
            )

    def _once(self, attribute: str, value: str, at: Place) -> None:
        if (attribute, value) not in self._said:
            self._said.add((attribute, value))
            self._about.state(attribute, value, line=at.line, pointer=at.pointer, given=value)

    def _range(self, name: str, text: str, dialect: Dialect, at: Place) -> str:
        """The versions in canonical form; empty where any will do, or none can be compared."""
        try:
            return normalise_range(text, dialect)
        except DescriptorInvalid as error:
            if "|" in text or "$" in text:
                because = f"the versions of {name} are not one range: {shortened(text)}"
                self.pass_over(because, at)
            else:
                self.refuse(f"{name}: {error.sentences}", at)
            return ""


def packages_of(source: Source, notes: Notes) -> Packages:
    """The packages that a file lists: a model's in a model folder, else an environment's."""
    return Packages(notes, owner(source))


def owner(source: Source) -> Node:
    """The model in whose folder the file lies, else the development environment it is about."""
    if "MLmodel" in source.neighbours:
        return model(source.folder)
    return Node("DevelopmentEnvironment", str(source.path), named=False)


def claim_companions(source: Source, notes: Notes) -> None:
    """Take down that the lock and interpreter files beside the file are about its environment."""
    node = owner(source)
    if not node.named:
        for name in sorted(_COMPANIONS & source.neighbours):
            notes.claim((str(source.path.with_name(name)),), node)


def model(folder: str) -> Node:
    """The model that lies in a folder below the project, and is known by it.

    >>> model("models/churn").name, model(".").name
    ('models/churn', 'model')
    """
    return Node("TrainedModel", "model" if folder == "." else folder)


def place(tree: Tree, *steps: str | int) -> Place:
    """Where the value that the steps lead to stands, or else what holds it."""
    where = pointer(*steps)
    return Place(tree.line(where) or tree.line(pointer(*steps[:-1])), where)


def report_duplicates(tree: Tree, notes: Notes) -> None:
    """Take down that keys stand twice, of which only the first was read."""
    for where, line in tree.duplicates:
        notes.problem(f"The key {where} stands twice; only the first is read", line)


def shortened(text: str) -> str:
    """The text, or its beginning where it is too long for a sentence."""
    return text if len(text) <= _SHORT else f"{text[: _SHORT - 1]}…"


_COMPANIONS = frozenset(
    {
        ".python-version",
        ".tool-versions",
        "Pipfile.lock",
        "conda-lock.yml",
        "pdm.lock",
        "pixi.lock",
        "poetry.lock",
        "pylock.toml",
        "runtime.txt",
        "uv.lock",
    }
)
