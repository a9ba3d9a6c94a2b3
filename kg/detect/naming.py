"""Names what findings are about: elements, projects, and the one of several parts."""

import re
from dataclasses import replace
from urllib.parse import unquote

from kg.detect.batch import Batch
from kg.detect.terms import is_node
from kg.findings import Participant
from kg.namespaces import kebab, local
from kg.sparql import Term
from kg.sparql.values import text_of
from kg.writing import reference

_TYPE, _NAME, _LABEL = map(reference, ("rdf:type", "mm:name", "rdfs:label"))


class Namer:
    """Names what the findings of one batch are about; each thing is looked up once."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._participants: dict[Term, Participant] = {}
        self._pairs: dict[tuple[Term, Term], tuple[Participant, Participant | None]] = {}
        self._items: dict[Term, str] = {}

    def participants(self, subject: Term, target: Term) -> tuple[Participant, Participant | None]:
        """The element or project, and the other where there is one; each with its project's name
        where they are of two projects.
        """
        pair = subject, target
        if pair not in self._pairs:
            self._pairs[pair] = self._named(self._known(subject), target)
        return self._pairs[pair]

    def _named(self, first: Participant, target: Term) -> tuple[Participant, Participant | None]:
        if not target:
            return first, None
        second = self._known(target)
        if self._project(first) == self._project(second):
            return first, second
        return self._of_project(first), self._of_project(second)

    def item(self, term: Term) -> str:
        """What a finding is about among several: a part's name, a term's label, or a text."""
        if not is_node(term):
            return text_of(term)
        if term not in self._items:
            names = sorted(map(text_of, self._batch.objects(term, _NAME)))
            labels = map(text_of, self._batch.objects(term, _LABEL))
            keys = self._batch.vocabulary.keys
            called = [keys[name]] if (name := local(text_of(term))) in keys else []
            last = unquote(text_of(term).rpartition("/")[2])
            self._items[term] = next(iter((*names, *labels, *called)), last)
        return self._items[term]

    def _known(self, term: Term) -> Participant:
        if term not in self._participants:
            self._participants[term] = self._participant(text_of(term), self._class(term))
        return self._participants[term]

    def _project(self, participant: Participant) -> str:
        return self._batch.projects.get(participant.iri, "")

    def _of_project(self, participant: Participant) -> Participant:
        project = unquote(self._project(participant).rpartition("/")[2])
        label, name = f"{participant.label} of {project}", f"{project}/{participant.name}"
        return replace(participant, label=label, name=name)

    def _participant(self, name: str, element: str) -> Participant:
        project = self._batch.projects.get(name, "")
        if name == project:
            return Participant(name, unquote(name.rpartition("/")[2]), "Project", "project")
        relative = name.removeprefix(f"{project}/")
        if relative == name:
            relative = f"{kebab(element)}/{re.split(r'[/#]', name.rstrip('/#'))[-1]}"
        return Participant(name, unquote(relative.rpartition("/")[2]), element, relative)

    def _class(self, term: Term) -> str:
        """The most special of the element's classes."""
        vocabulary = self._batch.vocabulary
        kinds = [local(text_of(kind)) for kind in self._batch.objects(term, _TYPE)]
        known = [kind for kind in kinds if kind in vocabulary.elements]
        return max(known, key=lambda kind: (len(vocabulary.ancestors(kind)), kind), default="")
