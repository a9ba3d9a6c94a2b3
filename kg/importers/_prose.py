"""Finds in sentences what cards and READMEs say in a few usual ways: how data were split, what a
machine must have or has, which software is used and asked for.

What is not said in one of these ways is left alone: a sentence missed costs less than one
misread.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.errors import DescriptorError
from kg.importers._markdown import Passage
from kg.units import quantity
from kg.vocabulary import Value, Vocabulary


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, the words that say it, and their line."""

    what: str
    value: str | float
    given: str
    line: int


_END = re.compile(r"(?<=[.!?;])\s+(?=[A-Z0-9])")
_PART = r"(?<![\d.,%])(\d{1,2}(?:\.\d)?)\s*(?:%|per ?cent)"
_BETWEEN = r"(?:(?!train|test|split)[^.;%\d()]){0,40}?\b"
_TESTS = r"(?:test|tests|testing|held[- ]out|hold-?out)\b"
_TESTED = re.compile(_PART + _BETWEEN + _TESTS, re.IGNORECASE)
_TESTED_AFTER = re.compile(rf"\b{_TESTS}[^.;%\d]{{0,20}}?[(:=]\s*{_PART}", re.IGNORECASE)
_TRAINED = re.compile(_PART + _BETWEEN + r"(?:train|training)\b", re.IGNORECASE)
_TRAINED_AFTER = re.compile(
    rf"\b(?:train|training)\b[^.;%\d]{{0,20}}?[(:=]\s*{_PART}", re.IGNORECASE
)
_RATIO = re.compile(
    r"(?<![\d.,/:-])(\d{2})\s*[/:-]\s*(\d{1,2})(?:\s*[/:-]\s*(\d{1,2}))?(?![\d/:%-]|[.,]\d)"
)
_SIZE = re.compile(r"\btest[_ -]?size\b\W{0,3}(?:of |is )?(0?\.\d{1,3})\b", re.IGNORECASE)
_SPLIT = re.compile(
    r"\b(?:split|splits|splitting|divided|partitioned|reserved|set aside)\b", re.IGNORECASE
)
_TEST = re.compile(r"\btest", re.IGNORECASE)
_TRAIN = re.compile(r"\btrain", re.IGNORECASE)
_VALIDATION = re.compile(r"\b(?:valid|val\b|dev\b)", re.IGNORECASE)
# A share of right answers is none of the data.
_REACHED = re.compile(
    r"\b(?:accura|precision|recall|f1|score|error|auc|loss|perform|achiev)", re.IGNORECASE
)
_WHOLE = 100

_NEED = re.compile(r"\b(?:minimum|at least|requires?|required|needs?|needed)\b", re.IGNORECASE)
_SERVES = re.compile(r"\b(?:deploy\w*|hosted|hosting|production|served)\b", re.IGNORECASE)
_MACHINE = re.compile(r"\b(?:machine|server|instance|vm|vps|droplet|host)\b", re.IGNORECASE)
_NOT_SERVING = re.compile(
    r"\b(?:train\w*|retrain\w*|fine-?tun\w*|experiment\w*|notebooks?|develop\w*|compil\w*)\b",
    re.IGNORECASE,
)
_AMOUNT = r"(?<![\d.])(\d{1,4}(?:\.\d+)?)\s*"
_BYTES = _AMOUNT + r"(GB|GiB|MB|MiB|TB|TiB)\s+(?:of\s+)?"
_OF_GPUS = re.compile(_BYTES + r"(?:GPU memory|GPU RAM|video memory|VRAM)\b", re.IGNORECASE)
_OF_DISK = re.compile(_BYTES + r"(?:free |available )?(?:disk|storage|hard drive)\b", re.IGNORECASE)
_OF_MEMORY = re.compile(
    _BYTES + r"(?:system |main |free |available )?(?:RAM|memory)\b", re.IGNORECASE
)
_CORES = re.compile(_AMOUNT + r"(?:v?CPUs?|(?:CPU )?cores)\b", re.IGNORECASE)
_GPUS = re.compile(r"(?<![\d.])(\d{1,3})\s+GPUs?\b", re.IGNORECASE)
_AMOUNTS = (
    ("memory", _OF_MEMORY, "BYTE"),
    ("storage", _OF_DISK, "BYTE"),
    ("GPU memory", _OF_GPUS, "BYTE"),
    ("processors", _CORES, "MilliProcessor"),
    ("GPUs", _GPUS, "NUM"),
)

_COMPOSE = re.compile(r"\bdocker[- ]?compose\b|\bcompose file\b", re.IGNORECASE)
_STARTS = re.compile(
    r"\b(?:start|run|launch|bring|spin|manag|orchestrat|deploy|build)\w*\b", re.IGNORECASE
)
_OWN = re.compile(
    r"\b(?:our|the|this|your|whole|entire|current)\s+(?:\w+\s+){0,2}"
    r"(?:container|application|app|api|service|system|server|model|project)s?\b",
    re.IGNORECASE,
)
# Who starts only what stands beside the project's own service says so.
_BESIDE = re.compile(
    r"\b(?:prometheus|grafana|monitor\w*|databases?|postgres\w*|mysql|mongo\w*|redis|kafka|minio"
    r"|mlflow|airflow|brokers?|tests?|testing|depend\w+|infrastructure)\b",
    re.IGNORECASE,
)
_WATCHED = re.compile(r"\b(?:monitor\w*|drift|watch\w*|track\w*|detect\w*)\b", re.IGNORECASE)
_ASKED = re.compile(
    r"\b(?:recommend\w*|should|must|needs?|requires?|required|advis\w+)\b", re.IGNORECASE
)
_RESULT = re.compile(
    r"\b((?:(?:test|train|training|val|validation|macro|micro|weighted|balanced|overall)[- ]){0,2}"
    r"(?:accuracy|precision|recall|f1(?:[- ]score)?|specificity|(?:roc[- ])?auc|rmse|mae|mse|mape"
    r"|r2(?:[- ]score)?|r²))(?: score)?(?:\s*[:=]\s*|,? (?:of|is|was) (?:about |around )?)"
    r"(\d+(?:\.\d+)?\s?%?)(?![\w.]*\d)",
    re.IGNORECASE,
)
_WISHED = re.compile(
    r"\b(?:should|must|target\w*|goal\w*|at least|at most|baseline|expect\w*|minimum|require\w*"
    r"|previous\w*|human\w*|compar\w*|below|above|threshold|literature|state of the art)\b",
    re.IGNORECASE,
)
_MADE = re.compile(
    r"\b(?:implement|built|build|trained|developed|written|created|uses)\w*\b", re.IGNORECASE
)
# Words of their own, unless they are said to be software.
_WORDS = frozenset(["evidently", "flax", "prophet", "transformers"])
_SOFTWARE = (
    r"(?:(?<=using )|(?<=with )|(?<=via )){0}(?![\w/-])|\b{0}(?= (?:library|framework|package))"
)
_NAME = r"(?<![\w./-]){0}(?![\w/-])"
_LISTED = re.compile(
    r"([A-Za-z][A-Za-z0-9_.+-]*(?: [A-Za-z][A-Za-z0-9_.-]*)?)"
    r"(?: ?(==|>=|~=|<=|≥)| version)? ?v?(\d+(?:\.\d+){1,3})"
    r"(\+| or (?:higher|newer|later|above))?\.?"
)
_LEAST = {">=", "≥"}


def test_shares(passage: Passage) -> Iterator[Found]:
    """The shares of the data, in per cent, that were held back for tests."""
    for text, start in _sentences(passage):
        found = _share(text)
        if found:
            share, given = found
            yield Found("test", share, given.group().strip(), passage.line(start + given.start()))


def needs(passage: Passage) -> Iterator[Found]:
    """What a machine must have to serve the model."""
    for text, start in _sentences(passage):
        if _NEED.search(text) and not _NOT_SERVING.search(text):
            yield from _amounts(passage, text, start)


def machine(passage: Passage) -> Iterator[Found]:
    """What the machine has that serves the model."""
    for text, start in _sentences(passage):
        serves = _SERVES.search(text) and _MACHINE.search(text)
        if (
            serves
            and not _NEED.search(text)
            and not _NOT_SERVING.search(text.replace("develop", ""))
        ):
            yield from _amounts(passage, text, start)


def watchers(passage: Passage, vocabulary: Vocabulary) -> Iterator[Found]:
    """The software that is asked for to watch the model or its data."""
    for text, start in _sentences(passage):
        if _WATCHED.search(text) and _ASKED.search(text):
            yield from _called(passage, text, start, vocabulary.lists["MonitoringTool"].values())


def results(passage: Passage) -> Iterator[Found]:
    """The results that the model is said to have reached: measures and values as written."""
    for text, start in _sentences(passage):
        if not _WISHED.search(text):
            for found in _RESULT.finditer(text):
                line = passage.line(start + found.start())
                yield Found(found[1], found[2], found.group(), line)


def frameworks(passage: Passage, vocabulary: Vocabulary) -> Iterator[Found]:
    """The frameworks that the model is said to be made with."""
    for text, start in _sentences(passage):
        if _MADE.search(text):
            yield from _called(passage, text, start, vocabulary.lists["Framework"].values())


def versioned(passage: Passage) -> Found | None:
    """The software and its version, where an item of a list says no more; the version as a range.

    >>> found = versioned(Passage("Python 3.10+", (0,), (7,), item=True))
    >>> found.what, found.value
    ('Python', '>=3.10')
    """
    found = _LISTED.fullmatch(passage.text) if passage.item else None
    if not found:
        return None
    sign = ">=" if found[4] or found[2] in _LEAST else found[2] or ""
    return Found(found[1], f"{sign}{found[3]}", passage.text, passage.line())


def starts(passage: Passage) -> Iterator[Found]:
    """What Compose is said to start of the project's own."""
    for text, start in _sentences(passage):
        found = _COMPOSE.search(text)
        if found and _STARTS.search(text) and _OWN.search(text) and not _BESIDE.search(text):
            yield Found("start", text.strip(), found.group(), passage.line(start + found.start()))


def _sentences(passage: Passage) -> Iterator[tuple[str, int]]:
    start = 0
    for end in _END.finditer(passage.text):
        yield passage.text[start : end.start()], start
        start = end.end()
    yield passage.text[start:], start


def _share(text: str) -> tuple[float, re.Match[str]] | None:
    if size := _SIZE.search(text):
        return float(f"{float(size[1]) * _WHOLE:.6g}"), size
    if not _SPLIT.search(text) or _REACHED.search(text):
        return None
    if tested := _TESTED_AFTER.search(text) or _TESTED.search(text):
        return float(tested[1]), tested
    if trained := _TRAINED_AFTER.search(text) or _TRAINED.search(text):
        whole = not _VALIDATION.search(text) and _TEST.search(text)
        return (_WHOLE - float(trained[1]), trained) if whole else None
    ratio = _RATIO.search(text)
    return _last(ratio, text) if ratio else None


def _last(ratio: re.Match[str], text: str) -> tuple[float, re.Match[str]] | None:
    """The share of the test data: the second of two parts, or the last of three."""
    parts = [float(part) for part in ratio.groups() if part]
    of_validation = len(parts) < len(ratio.groups()) and _VALIDATION.search(text)
    if not _TEST.search(text) and not _TRAIN.search(text):
        return None
    if sum(parts) != _WHOLE or parts[0] < parts[-1] or of_validation:
        return None
    return parts[-1], ratio


def _amounts(passage: Passage, text: str, start: int) -> Iterator[Found]:
    for what, pattern, unit in _AMOUNTS:
        if found := pattern.search(text):
            written = " ".join(group for group in found.groups() if group)
            try:
                amount = quantity(written, unit)
            except DescriptorError:
                continue
            yield Found(what, amount, found.group(), passage.line(start + found.start()))


def _called(passage: Passage, text: str, start: int, values: Iterable[Value]) -> Iterator[Found]:
    """The members of a list that the sentence names."""
    for value in values:
        for name in value.names:
            pattern = _SOFTWARE if name.lower() in _WORDS else _NAME
            if found := re.search(pattern.format(re.escape(name)), text, re.IGNORECASE):
                yield Found("name", value.label, found.group(), passage.line(start + found.start()))
                break
