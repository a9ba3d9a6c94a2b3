"""Whether a predicate can be run at all, and on which line it says why not."""

import re
from pathlib import Path

from kg import catalogue as catalogues
from kg.catalogue import Predicate
from kg.detect.by_query import ready_for
from kg.errors import DescriptorError, KgError, PredicateMalformed
from kg.extensions import modules
from kg.patterns import outline
from kg.translation import query_of
from kg.vocabulary import Vocabulary
from kg.workshop.faults import Fault
from kg.workshop.files import File
from kg.workshop.places import line_of_front_matter, line_of_value, line_of_word, line_told

_QUOTED = re.compile(r"`([\w.-]+)`")
_LINE = re.compile(r"Line (\d+) of the query")


def fault_of_predicate(file: File, path: Path, vocabulary: Vocabulary) -> Fault | None:
    """Why the predicate in a copy of a file cannot be run, if it cannot."""
    try:
        predicate = catalogues.read(path)
        catalogues.check(predicate, vocabulary, catalogues.mismatches(vocabulary))
        _require_variables(predicate)
        _require_statistics(predicate)
        ready_for(predicate)
    except KgError as error:
        what = error.what.replace(f"{path}: ", "").replace(str(path), file.path)
        return Fault(file.path, _line(file, error), what, error.hint)
    return None


def _require_variables(predicate: Predicate) -> None:
    variables = outline(query_of(predicate)).variables
    absent = [f"?{name}" for name in ("subject", "verdict") if name not in variables]
    if absent:
        raise PredicateMalformed(
            f"The `SELECT` of the query names no {' and no '.join(absent)}",
            "A query gives what its verdict is about, and the verdict",
        )


def _require_statistics(predicate: Predicate) -> None:
    known = modules("kg.statistics")
    for name in predicate.statistics:
        if name not in known:
            raise PredicateMalformed(
                f"There is no statistic `{name}`", f"Use one of {', '.join(known)}"
            )


def _line(file: File, error: KgError) -> int:
    """The line that the error speaks of: of the query, of the front matter, or of what it
    names; else the first.
    """
    cause = error.__cause__
    if isinstance(cause, DescriptorError) and cause.line:
        return line_of_front_matter(file.text, cause.line)
    if found := _LINE.search(error.what):
        return int(found[1])
    for word in _QUOTED.findall(error.what):
        line = line_of_word(file.text, word) or line_of_value(file.text, word)
        if line:
            return line
    return line_told(file.text, error.what) or 1
