"""Says in PROV-O where the current revision of a project comes from."""

from collections.abc import Collection, Iterator
from urllib.parse import quote

from kg.history.projects import KeptProject
from kg.history.revisions import Revision
from kg.identifiers import project_iri
from kg.names import slug
from kg.writing import literal, reference, triple


def provenance(
    project: KeptProject,
    revision: Revision,
    files: dict[str, str],
    graphs: Collection[str],
    base: str,
) -> Iterator[str]:
    """Who made the revision, when, why and from what; after which other; from which file, of which
    digest, each graph of the project is derived. Lines of N-Triples.
    """
    root = project_iri(base, project.id)
    name = f"{root}/revisions/{revision.number}"
    if project.title:
        yield triple(root, "dcterms:title", literal(project.title))
    yield triple(name, "rdf:type", reference("prov:Entity"))
    yield triple(name, "prov:specializationOf", reference(root))
    yield triple(name, "prov:generatedAtTime", literal(revision.made, "xsd:dateTime"))
    if revision.number > 1:
        earlier = f"{root}/revisions/{revision.number - 1}"
        yield triple(name, "prov:wasRevisionOf", reference(earlier))
    if revision.author:
        person = f"{base}people/{slug(revision.author)}"
        yield triple(name, "prov:wasAttributedTo", reference(person))
        yield triple(person, "rdf:type", reference("prov:Agent"))
        yield triple(person, "rdfs:label", literal(revision.author))
    if revision.message:
        yield triple(name, "dcterms:description", literal(revision.message))
    if revision.origin:
        yield triple(name, "dcterms:source", literal(revision.origin))
    for path, digest in files.items():
        descriptor = f"{root}/descriptors/{quote(path)}"
        known = [one for one in (descriptor, f"{descriptor}#observed") if one in graphs]
        if known:
            file = f"{root}/artefacts/{quote(path)}"
            yield triple(file, "rdf:type", reference("prov:Entity"))
            yield triple(file, "mm:digest", literal(digest))
            yield triple(name, "prov:hadMember", reference(file))
            for graph in known:
                yield triple(graph, "prov:wasDerivedFrom", reference(file))
