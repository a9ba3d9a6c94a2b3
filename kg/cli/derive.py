"""`mismatch derive`: writes the files that are made from the ontology, or says which are stale."""

from pathlib import Path
from typing import Annotated

import typer

from kg import catalogue as catalogues
from kg import vocabulary as vocabularies
from kg.cli._errors import FOUND, say
from kg.cli._options import Knowledge
from kg.cli._output import write
from kg.derive import stale
from kg.derive import write as write_derived
from kg.paths import knowledge_roots
from kg.visible import visible


def command(
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; leave with 1 if a file is stale.")
    ] = False,
    knowledge: Knowledge = [],  # noqa: B006 - typer takes the default as it stands, and none changes it
) -> int:
    """Write the files made from the ontology.

    They are the context, the schemas, the shapes and the pages to read. With --knowledge they are
    written into the last folder named, and hold its terms and ours.
    """
    vocabulary = vocabularies.load(knowledge)
    catalogue = catalogues.load(vocabulary, knowledge)
    root = knowledge_roots(knowledge)[-1]
    if not check:
        changed = write_derived(root, vocabulary, catalogue)
        write("".join(f"{visible(path)}\n" for path in changed) or "Nothing was stale.\n", None)
        return 0
    found = stale(root, vocabulary, catalogue)
    for path in found:
        say(f"{Path(path)} is stale. `mismatch derive` writes it anew.")
    return FOUND if found else 0
