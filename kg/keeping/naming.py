"""Gives what a report says of findings names that stay, so that a store can replace it in part.

A finding is named by its fingerprint, and what it is made of by the way that leads there from it.
"""

from collections import defaultdict
from collections.abc import Iterator

from kg.namespaces import kebab
from kg.sparql import Term
from kg.writing import reference

_BLANK = "_:"


def named(triples: str, root: str, findings: str = "") -> Iterator[str]:
    r"""The lines of N-Triples without blank nodes: what nothing leads to gets the name of the
    root; findings stand below it, or where they are said to.

    >>> list(named('_:a <http://x.org/at> _:b .\n_:b <x:value> "1" .', "x:root"))
    ['<x:root> <http://x.org/at> <x:root#at-1> .', '<x:root#at-1> <x:value> "1" .']
    """
    said = [_parts(line) for line in triples.split("\n")]
    names = _names(said, root, findings or root)
    for subject, predicate, value in said:
        yield f"{names.get(subject, subject)} {predicate} {names.get(value, value)} ."


def _parts(line: str) -> tuple[Term, Term, Term]:
    subject, predicate, value = line[:-2].split(" ", 2)
    return subject, predicate, value


def _names(said: list[tuple[Term, Term, Term]], root: str, findings: str) -> dict[Term, Term]:
    about: dict[Term, list[tuple[Term, Term]]] = defaultdict(list)
    fingerprints: dict[Term, str] = {}
    for subject, predicate, value in said:
        about[subject].append((predicate, value))
        if predicate == reference("mm:fingerprint"):
            fingerprints[subject] = value.strip('"')
    led_to = {value for _, _, value in said}
    first = [one for one in about if one.startswith(_BLANK) and one not in led_to]
    names = {one: root if number == 0 else f"{root}#{number}" for number, one in enumerate(first)}
    waiting = list(first)
    for subject in waiting:
        counts: dict[str, int] = defaultdict(int)
        for predicate, value in about[subject]:
            if not value.startswith(_BLANK):
                continue
            word = kebab(predicate[1:-1])
            counts[word] += 1
            if value not in names:
                waiting.append(value)
                way = f"{names[subject]}{'.' if '#' in names[subject] else '#'}"
                known = fingerprints.get(value)
                names[value] = f"{findings}/{known}" if known else f"{way}{word}-{counts[word]}"
    return {one: f"<{name}>" for one, name in names.items()}
