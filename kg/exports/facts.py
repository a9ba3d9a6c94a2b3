"""Facts in N-Triples: all that predicates see of one project, for engines that are not ours.

What was worked out stands beside what was stated, and the ontology's facts that predicates join on
beside both. Where a statement stands, and who made it, is left out.
"""

from kg.detect.batch import ontology_facts
from kg.projects import Project
from kg.stores import open_store
from kg.vocabulary import Vocabulary
from kg.workspace import Workspace

TITLE = "Facts, as predicates see them (N-Triples)"
SUFFIXES = (".nt",)


def write(project: Project, vocabulary: Vocabulary) -> str:
    """The project's current triples, then those that predicates find in every project."""
    workspace = Workspace(open_store("memory:"), vocabulary)
    workspace.put(project)
    return f"{workspace.facts(project.id).triples}\n{ontology_facts(vocabulary)}\n"
