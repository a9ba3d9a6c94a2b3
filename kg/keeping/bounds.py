"""Keeps each project to its own: of what another project is, no source of this one states anything,
nor of a term of the vocabulary.

Where many write, who may change one project must not speak for the others. Links to what others
have are theirs to make.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias
from unicodedata import normalize
from urllib.parse import unquote, urlsplit

from kg.errors import JudgementError
from kg.identifiers import kept_iri, knowledge_iri, project_iri, public_iri
from kg.namespaces import iri
from kg.projects.identity import Entry, described
from kg.statements import Node, Problem
from kg.vocabulary import Vocabulary

IsStrange: TypeAlias = Callable[[str], bool]
"""Whether an IRI is that of what no source of the project may state anything about."""

_PORTS = {"http": 80, "https": 443}


def strange(base: str, project: str) -> IsStrange:
    """What tells whether an IRI lies below the projects of a base, and not in the one of that id,
    however it is spelled.

    >>> is_strange = strange("http://localhost:8000/", "loans")
    >>> is_strange("http://localhost:8000/projects/loans/trained-model/model")
    False
    >>> is_strange("HTTP://localhost:8000/projects/loans/%2E./churn/trained-model/model")
    True

    What is kept beside the projects belongs to none of them.
    """
    where, own = _place(project_iri(base, project))
    above = own[:-1]
    beside = {kept_iri(base), knowledge_iri(base), public_iri(base)}

    def is_strange(name: str) -> bool:
        if name in beside:
            return True
        try:
            there, steps = _place(name)
            _, plainly = _place(name, parting=False)
        except ValueError:
            return False
        # An element of ours may have slashes in its name, which are escaped.
        if there == where and plainly[: len(own)] == own:
            return False
        # What is said of all projects together would lie, with its parts, in one of them.
        return there == where and steps[: len(above)] == above and steps[: len(own)] != own

    return is_strange


def _place(
    name: str, *, parting: bool = True
) -> tuple[tuple[str, str | None, int | None], list[str]]:
    """Scheme, host and port of an IRI, and the steps of its path, which slashes part that are
    escaped, too, or do not.
    """
    parts = urlsplit(name)
    place = parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)
    steps: list[str] = []
    path = normalize("NFC", unquote(parts.path)) if parting else parts.path
    for written in path.split("/"):
        step = written if parting else normalize("NFC", unquote(written))
        if step == "..":
            del steps[-1:]
        elif step not in {"", "."}:
            steps.append(step)
    return place, steps


def of_knowledge(vocabulary: Vocabulary) -> IsStrange:
    """What tells whether an IRI is that of a term, or of something else that is known beside the
    projects.
    """
    known = frozenset(subject for subject, _, _ in vocabulary.triples)
    predicates = iri("mms:")
    return lambda name: name in known or name.startswith(predicates)


def within(entry: Entry, is_strange: IsStrange) -> Entry:
    """The entry without what it states about what is strange, which is told among its problems."""
    known: dict[str, bool] = {}

    def own(node: Node) -> bool:
        if node.iri is None:
            return True
        if node.iri not in known:
            known[node.iri] = is_strange(node.iri)
        return not known[node.iri]

    said = entry.reading
    nodes = (*described(said), *said.elements, *(link.subject for link in said.links))
    more = (*(c.node for c in said.claims), *(n for n, _ in said.complete), *dict(said.types))
    strangers = {node.iri: None for node in (*nodes, *more) if not own(node)}
    if not strangers:
        return entry
    reading = replace(
        said,
        statements=tuple(one for one in said.statements if own(one.node)),
        links=tuple(one for one in said.links if own(one.subject)),
        claims=tuple(one for one in said.claims if own(one.node)),
        complete=tuple(one for one in said.complete if own(one[0])),
        elements=tuple(filter(own, said.elements)),
        types=tuple(one for one in said.types if own(one[0])),
        problems=(*said.problems, _told(entry, list(strangers), own)),
    )
    return replace(entry, reading=reading)


def _told(entry: Entry, strangers: list[str | None], own: Callable[[Node], bool]) -> Problem:
    """The problem of a file that states something about what is strange."""
    lines = [one.place.line for one in entry.reading.statements if not own(one.node)]
    lines += [one.place.line for one in entry.reading.links if not own(one.subject)]
    others = f" and {len(strangers) - 1} more" if len(strangers) > 1 else ""
    message = (
        f"It states something about <{strangers[0]}>{others}, of another project or of what is"
        " known beside them, which is not taken. State it there, or of an element of this project."
    )
    return Problem(str(entry.path), message, min(filter(None, lines), default=None))


def require_own(quads: str, project: str, base: str) -> None:
    """Raises JudgementError where lines of N-Quads state something about another project, or in a
    graph of another.
    """
    is_strange = strange(base, project)
    lines = list(filter(None, quads.split("\n")))
    names = {line.split(" ", 1)[0] for line in lines} | {line.rsplit(" ", 2)[1] for line in lines}
    wrong = next((name for name in sorted(names) if is_strange(name[1:-1])), None)
    if wrong is not None:
        raise JudgementError(f"they would state something about {wrong[:200]}", "")
