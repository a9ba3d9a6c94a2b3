"""Prefixes of namespaces that are not ours, as extensions give them, and the names that people
write for terms.

A term of ours is known by its local name, any other by its IRI: so two extensions may use one local
name. In descriptors a term is called by its key; where two terms would have one key, an extension's
is called by its prefixed name.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from kg.errors import KnowledgeError
from kg.namespaces import namespace, prefixes, stem
from kg.triples import Triples

_DECLARED = re.compile(r"^\s*@?prefix\s+([\w-]*):\s*<([^>]+)>", re.MULTILINE | re.IGNORECASE)
_NAME = re.compile(r"\w[\w-]*")
_PREFIX = re.compile(r"[A-Za-z][\w-]*")


def own_prefixes(files: Iterable[Path], triples: Triples, terms: Iterable[str]) -> dict[str, str]:
    """The prefix of each namespace that is not ours and of which there are terms.

    It is the `vann:preferredNamespacePrefix` of the namespace's ontology, or else the one that the
    files' headers give. Raises KnowledgeError where there is none, or one has two meanings.
    """
    wanted = dict.fromkeys(space for term in terms if (space := _space_of(term)))
    given = _given(files) if wanted else {}
    found: dict[str, str] = {}
    for space in wanted:
        if space in prefixes().values():
            continue
        prefix = _preferred(triples, space) or next(iter(given.get(space, ())), "")
        _check(prefix, space, found)
        found[prefix] = space
    return found


def keys(plain: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
    """What each term is called in descriptors, given what it would be called if it were alone."""
    sharing: dict[str, set[str]] = defaultdict(set)
    for name, key in plain.items():
        sharing[key].add(name)
    return {
        name: curie(name, known) if namespace(name) and len(sharing[key]) > 1 else key
        for name, key in plain.items()
    }


def curie(name: str, known: Mapping[str, str]) -> str:
    """The prefixed name of a term.

    >>> curie("requiredMemory", {})
    'mm:requiredMemory'
    >>> curie("https://example.org/vision#ImageModel", {"vision": "https://example.org/vision#"})
    'vision:ImageModel'
    """
    space = namespace(name)
    if not space:
        return f"mm:{name}"
    for prefix, one in (*known.items(), *prefixes().items()):
        if one == space:
            return f"{prefix}:{stem(name)}"
    return f"<{name}>"


def _space_of(term: str) -> str:
    space = namespace(term)
    if space and ":" not in space:
        raise KnowledgeError(
            f"<{prefixes()['mm']}{space}> is a namespace inside ours",
            "Use one of your own",
        )
    if space and not _NAME.fullmatch(stem(term)):
        raise KnowledgeError(
            f"<{term}> has no name that could be written with a prefix",
            "End its IRI in a name of letters, digits, `_` and `-` behind a `#` or `/`",
        )
    return space


def _given(files: Iterable[Path]) -> dict[str, list[str]]:
    """The prefixes that files give each namespace; none may mean another than ours do."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in files:
        for prefix, space in _DECLARED.findall(path.read_text(encoding="utf-8")):
            ours = prefixes().get(prefix)
            if ours not in {None, space}:
                raise KnowledgeError(
                    f"{path}: the prefix `{prefix}:` stands for <{space}>, and for us for <{ours}>",
                    "Give your namespace a prefix of its own",
                )
            if prefix and prefix not in found[space]:
                found[space].append(prefix)
    return found


def _preferred(triples: Triples, space: str) -> str:
    for ontology in triples.subjects("rdf:type", "owl:Ontology"):
        spaces = triples.values(ontology, "vann:preferredNamespaceUri") or [ontology]
        if space in spaces or space.rstrip("#/") in spaces:
            return triples.value(ontology, "vann:preferredNamespacePrefix")
    return ""


def _check(prefix: str, space: str, found: Mapping[str, str]) -> None:
    if not _PREFIX.fullmatch(prefix):
        raise KnowledgeError(
            f"The namespace <{space}> has no prefix",
            "State vann:preferredNamespacePrefix of its owl:Ontology, or declare one with @prefix",
        )
    other = found.get(prefix) or prefixes().get(prefix)
    if other:
        raise KnowledgeError(
            f"The prefix `{prefix}:` stands for <{space}> and for <{other}>",
            "Two extensions cannot share a prefix: give one of the namespaces another",
        )
