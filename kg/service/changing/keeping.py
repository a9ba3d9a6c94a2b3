"""Which graphs are not written by anybody, because they follow from the projects that are kept."""

from kg.identifiers import kept_iri, knowledge_iri, public_iri


def is_kept(graph: str, base: str) -> bool:
    """Whether a graph follows from the projects below that base, or from the knowledge.

    >>> is_kept("http://a.org/projects/loan/statements", "http://a.org/")
    True
    >>> is_kept("http://a.org/graphs/mine", "http://a.org/")
    False
    """
    if not graph.startswith(base):
        return False
    below = graph.removeprefix(base)
    return (
        below == "projects"
        or below.startswith("projects/")
        or graph in (public_iri(base), knowledge_iri(base), kept_iri(base))
    )
