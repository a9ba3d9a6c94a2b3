"""Runs statistics on all that there is to test in a project, and corrects their p-values.

The p-values of one family, such as those of all fields of two data sets, are corrected together;
how, and that a hypothesis counts once however many tests it is put to, `kg.statistics.corrected`
says.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType

from kg.errors import PredicateMalformed
from kg.extensions import modules
from kg.measure.current import Current
from kg.measure.questions import MADE_OF, Paired, Question, questions
from kg.statements import Node
from kg.statistics import Distribution, Result, Sample, Statistic, Trial, corrected


@dataclass(frozen=True, slots=True)
class Test:
    """A statistic over two parts or elements, or one, and its p-value corrected over the family.

    `figures` are those that it judged, by which tests of one part are told apart.
    """

    first: Node
    second: Node | None
    result: Result
    adjusted: float | None
    figures: str = ""


def tested(current: Current, paired: Paired, asked_for: Collection[str] | None) -> Iterator[Test]:
    """Every test of the project by the statistics asked for, or by all, family by family.

    Raises PredicateMalformed where there is no such statistic.
    """
    chosen = _chosen(asked_for)
    families: dict[Hashable, list[tuple[Question, Result]]] = defaultdict(list)
    for question in questions(current, paired):
        families[question.family] += [(question, result) for result in _results(question, chosen)]
    for found in families.values():
        p_values = corrected([(question.hypothesis, result) for question, result in found])
        for (question, result), p_value in zip(found, p_values, strict=True):
            yield Test(question.first, question.second, result, p_value, question.figures)


def made_of(method: str) -> Sequence[frozenset[str]]:
    """What has to be stated for a test by the statistic, in the ways that there are; nothing where
    no statistic is called so.

    >>> [sorted(way) for way in made_of("mcnemar")]
    [['discordantOriginal', 'discordantPort']]
    """
    module = modules("kg.statistics").get(method)
    return [way for kind in module.KINDS for way in MADE_OF[kind]] if module else []


def _chosen(asked_for: Collection[str] | None) -> Mapping[str, ModuleType]:
    """The statistics of these names; all where none is named."""
    known = modules("kg.statistics")
    if asked_for is None:
        return known
    for name in sorted(set(asked_for) - set(known)):
        raise PredicateMalformed(f"There is no statistic {name}", f"There are: {', '.join(known)}")
    return {name: module for name, module in known.items() if name in asked_for}


def _results(question: Question, chosen: Mapping[str, ModuleType]) -> Iterable[Result]:
    for module in chosen.values():
        if question.kind not in module.KINDS:
            continue
        if isinstance(question.left, Distribution) and isinstance(question.right, Distribution):
            statistic: Statistic = module
            yield statistic.test(question.left, question.right)
        elif isinstance(question.left, Sample) and not isinstance(question.right, Distribution):
            trial: Trial = module
            yield trial.judge(question.left, question.right)
