"""Prefixes and how names become IRIs: ours are read from the header of `ontology/core.ttl`."""

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from kg.paths import knowledge_roots

_PREFIX = re.compile(r"^@prefix\s+([\w-]*):\s+<([^>]+)>\s*\.", re.MULTILINE)
_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NAMESPACE = re.compile(r".*[#/]")


@cache
def prefixes() -> Mapping[str, str]:
    """Every prefix of core.ttl's header and the IRI that it stands for.

    >>> prefixes()["mm"]
    'https://w3id.org/ml-mismatch/'
    """
    text = (knowledge_roots()[0] / "ontology" / "core.ttl").read_text(encoding="utf-8")
    return MappingProxyType(dict(_PREFIX.findall(text)))


def iri(name: str) -> str:
    """The IRI of a prefixed name; without a prefix it is one of our own terms.

    What has no prefix of ours, such as another's IRI or a blank node, stays as it is.

    >>> iri("mm:TrainedModel") == iri("TrainedModel")
    True
    >>> iri("urn:uuid:1"), iri("_:b0")
    ('urn:uuid:1', '_:b0')
    """
    prefix, colon, rest = name.partition(":")
    if not colon:
        return prefixes()["mm"] + name
    return prefixes()[prefix] + rest if prefix in prefixes() else name


def local(term: str) -> str:
    """The local name of one of our own terms; any other IRI is returned as it is.

    >>> local("https://w3id.org/ml-mismatch/requiredMemory")
    'requiredMemory'
    """
    return term.removeprefix(prefixes()["mm"])


def namespace(name: str) -> str:
    """The namespace of a term's IRI; empty for one of our own local names.

    >>> namespace("https://example.org/vision#ImageModel"), namespace("TrainedModel")
    ('https://example.org/vision#', '')
    """
    found = _NAMESPACE.match(name)
    return found[0] if found else ""


def stem(name: str) -> str:
    """The name without its namespace, whoever's it is.

    >>> stem("https://example.org/vision#ImageModel"), stem("TrainedModel")
    ('ImageModel', 'TrainedModel')
    """
    return name.removeprefix(namespace(name))


def snake(name: str) -> str:
    """A name, without its namespace, as JSON and YAML write it.

    >>> snake("requiredMemory")
    'required_memory'
    """
    return _WORDS.sub("_", stem(name)).lower()


def kebab(name: str) -> str:
    """A name, without its namespace, as paths write it.

    >>> kebab("TrainedModel"), kebab("vision:ImageModel")
    ('trained-model', 'vision-image-model')
    """
    return _WORDS.sub("-", stem(name)).lower().replace("_", "-").replace(":", "-")
