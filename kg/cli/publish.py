"""`mismatch publish`: writes the ontology as pages to read, with its files to download."""

from pathlib import Path
from typing import Annotated

import typer

from kg import catalogue as catalogues
from kg import vocabulary as vocabularies
from kg.cli._options import Knowledge
from kg.cli._output import write, write_folder
from kg.publication import published


def command(
    *,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="The folder to write into.")
    ],
    knowledge: Knowledge = [],  # noqa: B006 - typer takes the default as it stands, and none changes it
) -> None:
    """Publish the ontology: pages of every term, diagrams, examples, Turtle, RDF/XML and JSON-LD.

    The pages need no script and no server; begin with DIR/index.html. With --knowledge they tell
    the terms of that folder, too.
    """
    vocabulary = vocabularies.load(knowledge)
    files = published(vocabulary, catalogues.load(vocabulary, knowledge), knowledge)
    write_folder(files, output)
    write(f"{len(files)} files are in {output}. Begin with {output / 'index.html'}.\n", None)
