"""Gives every element and part of a project its IRI, and finds the element or part behind an IRI.

An IRI is made of names alone, so two sources that use one name speak of one thing. A part that no
name tells apart, such as a distribution, also carries the digest of its source's path: it is one
node a source.
"""

import re
from dataclasses import replace
from hashlib import sha256
from urllib.parse import unquote

from kg.names import slug
from kg.namespaces import kebab
from kg.statements import Node
from kg.vocabulary import Vocabulary

# What slug and mint write at a name's end or head, and what is therefore not encoded once more.
_CUT = re.compile(r".+~[0-9a-f]{16}", re.DOTALL)
_OF_A_SOURCE = re.compile(r"[0-9a-f]{8}-")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://|urn:")


def project_iri(base: str, project: str) -> str:
    """The IRI of a project below `base`, which ends in a slash or is empty for relative IRIs.

    >>> project_iri("http://localhost:8000/", "loan approval")
    'http://localhost:8000/projects/loan%20approval'
    """
    return f"{base}projects/{slug(project)}"


def public_iri(base: str) -> str:
    """The graph with each statement of every project that everybody may see, once."""
    return f"{base}statements"


def private_iri(base: str, project: str) -> str:
    """The graph with each statement of a project that not everybody may see, once."""
    return f"{project_iri(base, project)}/statements"


def knowledge_iri(base: str) -> str:
    """The graph of what we know beside the projects: the ontology and the catalogue."""
    return f"{base}knowledge"


def kept_iri(base: str) -> str:
    """The graph that says which revision of each project is in the store; no query sees it."""
    return f"{base}kept"


def mint(base: str, project: str, node: Node, vocabulary: Vocabulary, source_path: str) -> str:
    """The IRI of an element or part of a project.

    An element that has an IRI of its own keeps it, and its parts stand below that. Raises
    TermUndefined for a part that is held by no attribute of the vocabulary.

    >>> from kg.vocabulary import load
    >>> package = Node("TrainedModel", "churn").part("requiredSoftware", "scikit-learn")
    >>> mint("http://localhost:8000/", "loan", package, load(), "model.yaml")
    'http://localhost:8000/projects/loan/trained-model/churn/required-software/scikit-learn'
    """
    steps = [node.iri or f"{project_iri(base, project)}/{_element_path(node, vocabulary)}"]
    for name, part in of_source(node, source_path, vocabulary).parts:
        steps += [kebab(vocabulary.attribute(name).key), _segment(part)]
    return "/".join(steps)


def of_source(node: Node, source_path: str, vocabulary: Vocabulary) -> Node:
    """The node with the parts that no name tells apart marked as those of one source.

    >>> from kg.vocabulary import load
    >>> field = Node("TrainingData").part("field", "age")
    >>> of_source(field.part("distribution", "profile"), "train.csv", load()).parts[-1]
    ('distribution', 'eba6f1d5-profile')
    """
    if not node.parts:
        return node
    digest = sha256(source_path.encode()).hexdigest()[:8]
    parts = tuple(
        (name, part if _stands_alone(name, part, vocabulary) else f"{digest}-{part}")
        for name, part in node.parts
    )
    return node if parts == node.parts else replace(node, parts=parts)


def _stands_alone(attribute: str, part: str, vocabulary: Vocabulary) -> bool:
    named = known_by_name(vocabulary.attribute(attribute).range.name, vocabulary)
    return named or bool(_OF_A_SOURCE.match(part))


def node_of(iri: str, base: str, vocabulary: Vocabulary) -> Node | None:
    """The element or part whose IRI was minted below `base`; None for an IRI of another making.

    Minting the node again gives the same IRI, whatever its source.

    >>> from kg.vocabulary import load
    >>> found = node_of("projects/loan/training-data/churn/fields/age", "", load())
    >>> found.kind, found.name, found.parts
    ('TrainingData', 'churn', (('field', 'age'),))
    """
    root = f"{base}projects/"
    if not iri.startswith(root):
        return None
    _, *steps = iri.removeprefix(root).split("/")
    kinds = {kebab(element.key): name for name, element in vocabulary.elements.items()}
    if len(steps) < 2 or len(steps) % 2 or steps[0] not in kinds or "" in steps:  # noqa: PLR2004
        return None
    name = "" if steps[1] == steps[0] else _name(steps[1])
    node, kind = Node(kinds[steps[0]], name, named=bool(name)), kinds[steps[0]]
    for key, segment in zip(steps[2::2], steps[3::2], strict=True):
        attributes = {kebab(a.key): a for a in vocabulary.attributes_of(kind).values()}
        if key not in attributes or attributes[key].range.kind != "part":
            return None
        node, kind = node.part(attributes[key].name, _name(segment)), attributes[key].range.name
    return node


def referred(text: str, kind: str, vocabulary: Vocabulary, base: str = "") -> Node:
    """The element that a source refers to by an IRI of ours, by one of its own, or by its name.

    >>> from kg.vocabulary import load
    >>> referred("loan-service", "OperationalEnvironment", load()).name
    'loan-service'
    >>> referred("https://example.org/host#a", "OperationalEnvironment", load()).iri
    'https://example.org/host#a'
    """
    found = node_of(text, base, vocabulary)
    if found:
        return found.element
    name = text.removeprefix(base)
    if _ABSOLUTE.match(name):
        return Node(kind, unquote(re.split("[/#:]", name.rstrip("/#"))[-1]), iri=name)
    name = unquote(name.lstrip("#")) if base else name
    return Node(kind, name, named=bool(name))


def known_by_name(part: str, vocabulary: Vocabulary) -> bool:
    """Whether parts of the class are known by their name, so that two sources speak of one part.

    >>> from kg.vocabulary import load
    >>> known_by_name("Software", load()), known_by_name("Distribution", load())
    (True, False)
    """
    return any(
        vocabulary.parts[name].named
        for name in vocabulary.ancestors(part)
        if name in vocabulary.parts
    )


def _element_path(node: Node, vocabulary: Vocabulary) -> str:
    kind = kebab(vocabulary.key(node.kind))
    return f"{kind}/{_segment(node.name) if node.name else kind}"


def _segment(name: str) -> str:
    return name if _CUT.fullmatch(name) else slug(name)


def _name(segment: str) -> str:
    """The name that a segment was made of; one that was cut short stays as it stands."""
    if _CUT.fullmatch(segment):
        return segment
    return unquote(segment.removeprefix("~"), errors="surrogatepass")
