"""Licences: whether something under the first may be made from what is under the second.

The table of licences stands in `ontology/values/licence.ttl`, with its sources. A licence that is
not in it, one with an exception, and a text that is no SPDX expression tell nothing.
"""

from collections.abc import Iterable
from functools import cache
from typing import TypeAlias

from license_expression import (
    AND,
    OR,
    ExpressionError,
    LicenseExpression,
    LicenseSymbol,
    Licensing,
    ParseError,
)

from kg.comparing import UNKNOWN, Known, Related
from kg.vocabulary import Vocabulary

DATATYPE = "licenceExpression"
RELATIONS = ("compatible", "incompatible", "unknown")

_LIST = "Licence"
_LONGEST = 200
Told: TypeAlias = bool | None
"""Whether it may be, or None where the table does not tell."""

_VERDICTS = {True: "compatible", False: "incompatible", None: UNKNOWN}


def normalise(text: str, vocabulary: Vocabulary) -> str:
    """The expression with SPDX's identifiers where it names licences of our table, else the text.

    >>> from kg.vocabulary import load
    >>> normalise("MIT license or apache 2.0", load())
    'MIT OR Apache-2.0'
    """
    plain = " ".join(text.split())
    expression = _parsed(plain, vocabulary)
    return plain if expression is None else str(expression.render())


def related(first: str, second: str, known: Known) -> Related:
    """Whether what is under the second may be built into, or trained into, what is under the first.

    Whoever is given a choice (`OR`) takes the licence that suits; whoever offers one must be able
    to keep each promise. Of what is under several at once (`AND`) all must be let in, and one of
    those of the whole has to let it in.
    """
    whole, part = (_parsed(text, known.vocabulary) for text in (first, second))
    if whole is None or part is None:
        return Related(UNKNOWN)
    return Related(_VERDICTS[_of_part(part, whole, known.vocabulary)])


def _of_part(part: LicenseExpression, whole: LicenseExpression, vocabulary: Vocabulary) -> Told:
    if isinstance(part, OR):
        return _any(_of_part(one, whole, vocabulary) for one in part.args)
    if isinstance(part, AND):
        return _all(_of_part(one, whole, vocabulary) for one in part.args)
    return _of_whole(part, whole, vocabulary)


def _of_whole(part: LicenseExpression, whole: LicenseExpression, vocabulary: Vocabulary) -> Told:
    if isinstance(whole, OR):
        return _all(_of_whole(part, one, vocabulary) for one in whole.args)
    if isinstance(whole, AND):
        return _any(_of_whole(part, one, vocabulary) for one in whole.args)
    return _enters(str(part.render()), str(whole.render()), vocabulary)


def _any(told: Iterable[Told]) -> Told:
    found = set(told)
    return True if True in found else None if None in found else False


def _all(told: Iterable[Told]) -> Told:
    found = set(told)
    return False if False in found else None if None in found else True


def _enters(part: str, whole: str, vocabulary: Vocabulary) -> Told:
    """Whether what is under `part` may be built into what is under `whole`."""
    names = {member.label: name for name, member in vocabulary.lists.get(_LIST, {}).items()}
    if part not in names or whole not in names:
        return None
    name, target = names[part], names[whole]
    told = _tells(name, target, vocabulary)
    if told is None:
        group, home = (vocabulary.triples.locals(n, "mm:ofGroup")[0] for n in (name, target))
        return _tells(group, home, vocabulary)
    return told


def _tells(name: str, target: str, vocabulary: Vocabulary) -> Told:
    """What a licence, or a group of them, says of another."""
    if target in vocabulary.triples.locals(name, "mm:passesInto"):
        return True
    return False if target in vocabulary.triples.locals(name, "mm:keptOutOf") else None


def _parsed(text: str, vocabulary: Vocabulary) -> LicenseExpression | None:
    if not text.strip() or len(text) > _LONGEST:
        return None
    members = vocabulary.lists.get(_LIST, {}).values()
    try:
        return _licensing(tuple((m.label, *m.names) for m in members)).parse(text)
    except (ExpressionError, ParseError):
        return None


@cache
def _licensing(names: tuple[tuple[str, ...], ...]) -> Licensing:
    """A reader that knows licences by these names; the first is the identifier."""
    symbols = [LicenseSymbol(first, aliases=tuple(set(names) - {first})) for first, *names in names]
    return Licensing(symbols)
