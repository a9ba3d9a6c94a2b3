"""Reads the names and values of measures as tables, reports and sentences write them.

Two sources mean one measure where the words agree, however they are joined: `F1_Class_1` is the
`F1-Score (Class 1)`. What tells results of one measure apart (the class, the way of averaging, the
part of the data) stays in the name; results on held-out test data have no such word.
"""

import math
import re
from dataclasses import dataclass

from kg.statements import Subject

ATTRIBUTES = {
    "measure": "evaluationMetric",
    "tried": "triedModel",
    "measure of a tried one": "trialMetric",
    "result": "result",
    "measured": "measuredResult",
    "cases": "sampleSize",
    "data": "evaluatedDatasetIdentifier",
    "version of the data": "evaluatedDatasetVersion",
}

# Each measure with its other names; signs and spaces do not count.
_NAMES = {
    "accuracy": "acc accuracyscore overallaccuracy",
    "average precision": "averageprecisionscore",
    "balanced accuracy": "balancedaccuracyscore",
    "BLEU": "sacrebleu bleuscore",
    "character error rate": "cer",
    "Cohen's kappa": "cohenkappa cohenskappa kappa cohenkappascore",
    "exact match": "exactmatch em",
    "F1": "f1score fscore fmeasure f1measure",
    "IoU": "meaniou miou intersectionoverunion",
    "log loss": "crossentropy crossentropyloss",
    "MAE": "meanabsoluteerror",
    "MAPE": "meanabsolutepercentageerror",
    "mAP": "meanaverageprecision",
    "MCC": "matthewscorrelation matthewscorrelationcoefficient matthewscorrcoef",
    "MSE": "meansquarederror meansquareerror",
    "NPV": "negativepredictivevalue",
    "perplexity": "ppl",
    "PR AUC": "aucpr auprc",
    "precision": "precisionscore ppv positivepredictivevalue",
    "R2": "r2score rsquared rsquare coefficientofdetermination",
    "recall": "recallscore sensitivity tpr truepositiverate",
    "RMSE": "rootmeansquarederror rootmeansquareerror",
    "ROC AUC": "auc aucroc auroc rocaucscore areaunderroccurve areaunderthecurve areaundercurve",
    "ROUGE-1": "", "ROUGE-2": "", "ROUGE-L": "",
    "silhouette": "silhouettescore silhouettecoefficient",
    "specificity": "tnr truenegativerate",
    "word error rate": "wer",
}  # fmt: skip
_SHARES = frozenset(
    [
        *("accuracy", "average precision", "balanced accuracy", "F1", "IoU", "mAP", "NPV"),
        *("PR AUC", "precision", "recall", "ROC AUC", "specificity"),
    ]
)
"""Measures that lie between 0 and 1, and are often given in per cent."""

_QUALIFIERS = {
    "train": "training", "training": "training",
    "val": "validation", "valid": "validation", "validation": "validation", "dev": "validation",
    "cv": "cross-validated", "crossval": "cross-validated",
    "macro": "macro", "micro": "micro", "weighted": "weighted",
    "mean": "mean", "avg": "", "average": "", "averaged": "",
    "test": "", "testing": "", "holdout": "", "eval": "", "evaluation": "", "set": "", "on": "",
    "the": "", "overall": "", "score": "", "value": "", "data": "", "final": "",
}  # fmt: skip
_CLASS = re.compile(r"(?i)(?:\b|_)(?:class|label)[\s_:=-]*([\w.+-]{1,60})")
_WORDS = re.compile(r"[^\W_]+(?:²)?")
_NUMBER = re.compile(r"([-+]?(?:\d+(?:[.,]\d+)?|\.\d+)(?:[eE][-+]?\d+)?)\s*(%?)")
_LONGEST = 120
_HUNDRED = 100.0


def _joined(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.lower().replace("²", "2"))


_MEASURES = {
    called: name for name, others in _NAMES.items() for called in (_joined(name), *others.split())
}


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure by its name in all sources, and what it is without its qualifiers."""

    name: str
    kind: str

    def value(self, text: str) -> float | None:
        """The value that the text gives: a share in per cent is one of 1; None where it is no
        number.

        >>> measure_of("Accuracy").value("97.1 %"), measure_of("RMSE").value("119.51")
        (0.971, 119.51)
        """
        found = _NUMBER.fullmatch(text.strip())
        if not found:
            return None
        number = float(found[1].replace(",", "."))
        if self.kind in _SHARES and (found[2] or 1 < number <= _HUNDRED):
            number = float(f"{number / _HUNDRED:.12g}")
        return number if math.isfinite(number) else None


def measure_of(text: str) -> Measure | None:
    """The measure that the text names, or None where it is no measure that is known.

    >>> measure_of("F1_Class_1").name == measure_of("F1-Score (Class 1)").name
    True
    >>> measure_of("Test accuracy").name, measure_of("macro avg precision").name
    ('accuracy', 'macro precision')
    >>> measure_of("Nitrogen") is None
    True
    """
    if len(text) > _LONGEST:
        return None
    of_class = _CLASS.search(text)
    rest = text[: of_class.start()] + text[of_class.end() :] if of_class else text
    if kind := _MEASURES.get(_joined(rest)):
        return _named(kind, [], of_class)
    words = [word.lower() for word in _WORDS.findall(rest)]
    known = [word for word in words if word not in _QUALIFIERS]
    kind = _MEASURES.get(_joined("".join(known)))
    if not kind:
        return None
    qualifiers = [_QUALIFIERS[word] for word in words if _QUALIFIERS.get(word)]
    return _named(kind, sorted(set(qualifiers)), of_class)


def state_result(  # noqa: PLR0913 - a result, and all that tells where it was measured
    model: Subject,
    measure: Measure,
    value: float,
    *,
    line: int | None = None,
    pointer: str | None = None,
    given: str | None = None,
    cases: int | None = None,
    kind: str = "measure",
) -> Subject:
    """State that the model reached the value, and on how many cases; an observed one is stated as
    what was measured, too, to be held against what people say.
    """
    part = model.part(ATTRIBUTES[kind], measure.name, line=line, pointer=pointer)
    for told in ("result", "measured") if model.observed else ("result",):
        part.state(ATTRIBUTES[told], value, line=line, pointer=pointer, given=given)
    if cases is not None:
        part.state(ATTRIBUTES["cases"], cases, line=line, pointer=pointer)
    return part


def _named(kind: str, qualifiers: list[str], of_class: re.Match[str] | None) -> Measure:
    name = " ".join([*qualifiers, kind])
    return Measure(f"{name} of class {of_class[1]}" if of_class else name, kind)
