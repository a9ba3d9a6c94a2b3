"""The example shows the extension at work, if there is one."""

from collections.abc import Iterator

from kg.catalogue import Catalogue
from kg.detect import check
from kg.errors import KgError
from kg.findings import Verdict
from kg.projects import read_project
from kg.stores import open_store
from kg.workshop.extension import Extension
from kg.workshop.faults import Fault, Weight
from kg.workshop.files import EXAMPLE
from kg.workspace import BASE, Workspace

TITLE = "The example shows the extension at work"


def examine(extension: Extension) -> Iterator[Fault]:
    """What of the example cannot be read, and whether it shows a mismatch."""
    folder = extension.folder / EXAMPLE
    own = {predicate.id: predicate for predicate in extension.predicates}
    if not folder.is_dir() or not own:
        return
    known = extension.after
    catalogue = Catalogue(known.catalogue.mismatches, own)
    workspace = Workspace(open_store("memory:"), known.vocabulary, BASE, catalogue.statistics)
    try:
        project = read_project(folder, known.vocabulary, known.roots)
        found = check([project], workspace, catalogue).findings()
    except KgError as error:
        yield Fault(EXAMPLE, None, error.what, error.hint)
        return
    for problem in project.problems:
        yield Fault(f"{EXAMPLE}/{problem.file}", problem.line, problem.message, "")
    quiet = project.problems or extension.unread
    if not quiet and not any(finding.verdict is Verdict.MISMATCH for finding in found):
        yield Fault(
            EXAMPLE,
            None,
            "The example has none of the mismatches that the extension detects",
            "Show what it is for",
            Weight.WARNING,
        )
