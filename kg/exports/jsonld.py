"""JSON-LD: a named graph a source, with elements and parts as nested objects, and its provenance.

The context is our own, cut to the names that are used, and stands in the file: nothing has to be
fetched. IRIs are relative, so that the file can be loaded under any base.
"""

from datetime import date
from math import isfinite
from typing import Any, TypeAlias

from kg.context import prefix_terms, terms
from kg.exports._branches import (
    NAME,
    Branch,
    Described,
    Names,
    described,
    infinity,
    provenance,
)
from kg.namespaces import iri
from kg.projects import Project
from kg.visible import as_json, whole
from kg.vocabulary import Literal, Vocabulary

TITLE = "JSON-LD"
SUFFIXES = (".jsonld",)

Object: TypeAlias = dict[str, Any]

_HEAD = {"@version": 1.1, "@vocab": "mm:", "mm": "mm:", "xsd": "xsd:"}
_HEAD |= {"dcterms": "dcterms:", "rdf": "rdf:"}
_OWN: Object = {
    "describes": {"@id": "mm:describes", "@type": "@id"},
    "stated_by": {"@id": "mm:statedBy", "@type": "@vocab"},
    "reached_from": {"@id": "mm:reachedFrom"},
    "identifier": {"@id": "dcterms:identifier"},
    "places": {"@id": "mm:places", "@type": "rdf:JSON"},
}
_KEYS = {"statedBy": "stated_by", "reachedFrom": "reached_from"}


def write(project: Project, vocabulary: Vocabulary) -> str:
    """The project's named graphs, as a workspace holds them."""
    maker = _Maker(Names(project, vocabulary), vocabulary)
    found = list(described(project))
    graphs = [maker.source(one) for one in found]
    graphs += [maker.links(project), maker.origins(project, found)]
    document = {"@context": maker.context(), "@graph": [one for one in graphs if one["@graph"]]}
    return as_json(document)


class _Maker:
    """Makes objects, and remembers which names they use."""

    def __init__(self, names: Names, vocabulary: Vocabulary) -> None:
        self._names = names
        self._vocabulary = vocabulary
        self._used: set[str] = set()

    def context(self) -> Object:
        """What the names that were used stand for."""
        known = terms(self._vocabulary) | _OWN
        head = {name: iri(term) if isinstance(term, str) else term for name, term in _HEAD.items()}
        head |= prefix_terms(self._vocabulary)
        return head | {
            name: known[name] for name in sorted(self._used | set(_OWN)) if name in known
        }

    def source(self, one: Described) -> Object:
        """All elements of a source, with their parts inside them."""
        elements = [self._object(element, one) for element in one.elements]
        return {"@id": self._names.graph(one), "@graph": elements}

    def links(self, project: Project) -> Object:
        """Each link, whoever states it."""
        found = []
        for _, link in project.stated_links:
            key = self._vocabulary.links[link.name].key
            self._used.add(key)
            target = [self._names.of(link.object)]
            found.append({"@id": self._names.of(link.subject), key: target})
        return {"@id": f"{self._names.project}/links", "@graph": found}

    def origins(self, project: Project, found: list[Described]) -> Object:
        """What is known of the project and of each source."""
        name = self._names.project
        stated: list[Object] = [{"@id": name, "@type": "mm:Project", "identifier": project.id}]
        for one in found:
            known = {_KEYS.get(key, key): _plain(value) for key, value in provenance(one).items()}
            head = {"@id": self._names.graph(one), "@type": "mm:Descriptor", "describes": name}
            stated.append({**head, **known, "places": self._names.places(one)})
        return {"@id": f"{name}/provenance", "@graph": stated}

    def _object(self, branch: Branch, one: Described) -> Object:
        entry = one.entry
        kind = self._vocabulary.key(self._names.class_of(branch.node, one))
        made: Object = {"@id": self._names.of(branch.node, entry), "@type": kind}
        for name, values in branch.values.items():
            made[self._key(name)] = self._values(name, [value for value, _ in values])
        for name, parts in branch.parts.items():
            made[self._key(name)] = [self._object(part, one) for part in parts.values()]
        if branch.complete:
            made["complete"] = [self._key(name) for name in dict.fromkeys(branch.complete)]
        self._used |= {kind, *made}
        return made

    def _key(self, attribute: str) -> str:
        key = self._vocabulary.attribute(attribute).key
        self._used.add(key)
        return key

    def _values(self, name: str, values: list[Literal]) -> object:
        attribute = self._vocabulary.attribute(name)
        if attribute.range.kind == "list":
            values = [self._vocabulary.key(str(value)) for value in values]
            self._used |= set(map(str, values))
        plain = list(dict.fromkeys(map(_plain, values)))
        return plain[0] if len(plain) == 1 and (attribute.single or name == NAME) else plain


def _plain(value: Literal) -> str | float | bool:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and not isfinite(value):
        return infinity(value)
    return whole(value) if isinstance(value, str) else value
