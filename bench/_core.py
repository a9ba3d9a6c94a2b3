"""What systems usually state, whatever else they are about: fields, packages, metrics, resources.

Most of it agrees; here and there one side says something else, or nothing.
"""

from random import Random

from bench._draft import ROLES, Draft
from kg.statements import Node
from kg.vocabulary import Literal
from tests.judging import VOCABULARY

# Name, type, unit.
_FIELDS = (
    ("age", "integer", "a"),
    ("amount", "double", "EUR"),
    ("balance", "double", "EUR"),
    ("battery", "double", "%"),
    ("calls", "integer", ""),
    ("channel", "string", ""),
    ("country", "string", ""),
    ("distance", "double", "km"),
    ("duration", "double", "s"),
    ("heart_rate", "integer", "/min"),
    ("humidity", "double", "%"),
    ("income", "double", "EUR"),
    ("items", "integer", ""),
    ("latitude", "double", "deg"),
    ("longitude", "double", "deg"),
    ("plan", "string", ""),
    ("pressure", "double", "bar"),
    ("rating", "integer", ""),
    ("speed", "double", "m/s"),
    ("temperature", "double", "Cel"),
    ("tenure", "integer", "mo"),
    ("visits", "integer", ""),
    ("voltage", "double", "V"),
    ("weight", "double", "kg"),
)
_PACKAGES = {
    "fastapi": ("0.104.1", "0.110.0", "0.115.6"),
    "joblib": ("1.3.2", "1.4.2"),
    "lightgbm": ("4.1.0", "4.3.0", "4.5.0"),
    "mlflow": ("2.9.2", "2.14.1", "2.19.0"),
    "numpy": ("1.24.4", "1.26.4", "2.1.3"),
    "onnxruntime": ("1.16.3", "1.19.2"),
    "pandas": ("1.5.3", "2.1.4", "2.2.3"),
    "pyarrow": ("13.0.0", "15.0.2", "18.1.0"),
    "scikit-learn": ("1.2.2", "1.4.2", "1.5.2"),
    "scipy": ("1.10.1", "1.12.0", "1.14.1"),
    "uvicorn": ("0.24.0", "0.30.6"),
    "xgboost": ("1.7.6", "2.0.3", "2.1.3"),
}
_METRICS = ("accuracy", "AUC", "calibration error", "F1 score", "log loss", "precision", "recall")
_BUSINESS = ("approval rate", "churn rate", "complaints", "conversion rate", "cost per case")
_RESOURCES = {
    "Memory": (2_000_000_000, 4_000_000_000, 8_000_000_000, 16_000_000_000),
    "Processors": (500, 1_000, 2_000, 4_000),
    "Storage": (1_000_000_000, 5_000_000_000, 20_000_000_000),
}
# What is told of the elements in passing.
_REMARKS: dict[str, dict[str, Literal]] = {
    "TaskAndPurpose": {
        "task": "Decide what happens next.",
        "problemTypeName": "classification",
        "usageContext": "A clerk sees the result and may overrule it.",
        "dataRightsAndPolicies": "Data stay with us.",
    },
    "RawData": {
        "restrictions": "Internal use only.",
        "datasetName": "Raw records",
        "datasetDescription": "Records as they came in.",
        "numberOfInstances": 1_200_000,
        "collectionDate": "2025-03-31",
    },
    "TrainingData": {
        "datasetName": "Prepared records",
        "datasetDescription": "Records of one year, cleaned.",
        "preparationCode": "prepare.py",
    },
    "OperationalData": {
        "dataRates": "Some 20 records a second.",
        "dataSources": "The order system.",
        "operationalPipelineVersion": "3",
    },
    "DataPipeline": {
        "pipelineVersion": "3",
        "pipelineDescription": "Cleans records and fills gaps.",
        "pipelineCode": "pipeline.py",
    },
    "TrainedModel": {
        "modelName": "next step",
        "trainingDate": "2025-06-15",
        "decisionOrAssumption": "Seasons do not matter.",
        "outputInterpretation": "Share of like cases that went well.",
        "defaultOutput": "unknown",
        "requiredLanguage": "Python",
        "modelCode": "model.py",
        "trainingCode": "train.py",
        "observedInferenceTime": 80_000,
        "bufferingRequirements": "None.",
        "systemDependency": "libgomp",
    },
    "DevelopmentEnvironment": {"availableLanguage": "Python", "availableFramework": "scikit-learn"},
    "OperationalEnvironment": {
        "availableLanguage": "Python",
        "deploymentPlatform": "Kubernetes",
        "requiredInferenceTime": 100_000,
    },
}
_ENOUGH = 20
"""Fields of a system, at least."""
_SHARED = 4
"""How many of them training data and operational data have in common, at least."""
_GOALS = ("answers within a minute", "fewer errors", "fewer losses", "less manual work")
_DATA_SETS = ("applications", "orders")


def state_usual(draft: Draft, random: Random) -> None:
    """State what systems usually state."""
    core = _Core(draft, random)
    core.links()
    core.fields()
    core.packages()
    core.metrics()
    core.resources()
    core.versions()
    core.remarks()


class _Core:
    """States the usual things of the system's own elements."""

    def __init__(self, draft: Draft, random: Random) -> None:
        self._draft = draft
        self._random = random
        self._own = {kind: draft.element(kind) for kind in ROLES}

    def links(self) -> None:
        """Every link that there is between elements of two kinds."""
        for link in VOCABULARY.links.values():
            if link.domain != link.range:
                self._draft.link(link.name, self._own[link.domain], self._own[link.range])

    def fields(self) -> None:
        """Fields of the training data, half of which the operational data have too: with those that
        topics told of, twenty.
        """
        sides = [self._own[kind] for kind in ("TrainingData", "OperationalData")]
        told = self._draft.held("field")
        missing = max(_ENOUGH - len(told), 2 * _SHARED)
        others = [field for field in _FIELDS if field[0] not in {n.parts[-1][1] for n in told}]
        chosen = self._random.sample(others, missing - _SHARED)
        each = missing // 2
        for side, fields in zip(sides, (chosen[:each], chosen[each - _SHARED :]), strict=True):
            for name, kind, unit in fields:
                field = self._draft.part(side, "field", name)
                if self._often(0.8):
                    read_as = "string" if self._often(0.2) else kind
                    self._draft.state(field, "dataType", read_as)
                if unit and self._often(0.1):
                    self._draft.state(field, "unitOfMeasure", unit)
            self._perhaps_complete(side, "field")

    def packages(self) -> None:
        """What the model needs, and what is installed where it serves."""
        model, host = self._own["TrainedModel"], self._own["OperationalEnvironment"]
        chosen = self._random.sample(sorted(_PACKAGES), 9)
        for name in chosen[:5]:
            needed = self._draft.part(model, "requiredSoftware", name)
            self._draft.state(needed, "versionRange", f"=={self._version(name)}")
        for name in chosen[4:]:
            there = self._draft.part(host, "availableSoftware", name, observed=True)
            self._draft.state(there, "versionRange", f"=={self._version(name)}", observed=True)
        self._perhaps_complete(host, "availableSoftware")

    def metrics(self) -> None:
        """How good the model is, what shows that it helps, and what of that is collected."""
        model, host = self._own["TrainedModel"], self._own["OperationalEnvironment"]
        goal = self._draft.part(self._own["TaskAndPurpose"], "goal", self._random.choice(_GOALS))
        watched, tested, other = self._random.sample(_METRICS, 3)
        for name in (watched, tested):
            metric = self._draft.part(model, "evaluationMetric", name)
            self._draft.state(metric, "result", round(self._random.uniform(0.7, 0.95), 3))
        follows = self._draft.part(model, "algorithmMetric", watched)
        helps = self._draft.part(model, "businessMetric", self._random.choice(_BUSINESS))
        for metric in (follows, helps):
            self._draft.state(metric, "measuredGoal", goal.parts[-1][1])
        collected = watched if self._often(0.7) else other
        self._draft.part(host, "collectedAlgorithmMetric", collected)
        for attribute in ("AlgorithmMetric", "BusinessMetric", "Feedback", "Log"):
            self._perhaps_complete(host, f"collected{attribute}")
        for attribute in ("requiredFeedback", "requiredLog"):
            self._perhaps_complete(model, attribute)

    def resources(self) -> None:
        """What the model needs to run, and what it is given."""
        model, host = self._own["TrainedModel"], self._own["OperationalEnvironment"]
        for name, sizes in _RESOURCES.items():
            needs = self._random.choice(sizes)
            self._draft.state(model, f"required{name}", needs)
            if self._often(0.8):
                self._draft.state(host, f"available{name}", self._random.choice(sizes))

    def versions(self) -> None:
        """Which data the model was trained on, among those of the company."""
        raw, training = self._own["RawData"], self._own["TrainingData"]
        name = self._random.choice(_DATA_SETS)
        version = self._random.choice(("1", "2"))
        self._draft.state(raw, "datasetIdentifier", name)
        self._draft.state(raw, "datasetVersion", version)
        self._draft.state(training, "rawDataIdentifier", name)
        self._draft.state(self._own["TrainedModel"], "modelVersion", f"{version}.0")

    def remarks(self) -> None:
        """Some of what is told in passing."""
        for kind, remarks in _REMARKS.items():
            # Of each element something is told, or nobody would know of it.
            told = [name for name in remarks if self._often(0.6)] or list(remarks)[:1]
            for attribute in told:
                self._draft.state(self._own[kind], attribute, remarks[attribute])

    def _version(self, package: str) -> str:
        """The usual version of the package, or perhaps another."""
        usual, *others = _PACKAGES[package]
        return usual if self._often(0.5) else self._random.choice(others)

    def _perhaps_complete(self, node: Node, attribute: str) -> None:
        """Perhaps say that all is stated, so that what is missing is not there."""
        if self._often(0.7):
            self._draft.complete(node, attribute)

    def _often(self, share: float) -> bool:
        return self._random.random() < share
