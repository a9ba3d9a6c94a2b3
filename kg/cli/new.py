"""`mismatch new`: writes the files to fill in, with what could be guessed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from kg import vocabulary as vocabularies
from kg.cli._found import known_of
from kg.cli._options import Knowledge, Role, known_role
from kg.cli._output import write, write_new
from kg.measure import measure
from kg.namespaces import kebab
from kg.projects import Project, read_project
from kg.projects.linking import name_of
from kg.projects.settings import FILE
from kg.statements import Node
from kg.templates import Guess, descriptor_file, project_file
from kg.visible import visible
from kg.vocabulary import Vocabulary

_FOLDER = "descriptors"
_FIELDS = "fields-of-training-and-operational-data"
_DATA = "Data"


def command(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DIR",
            file_okay=False,
            help="The project's folder, new or not.",
            show_default=False,
        ),
    ],
    *,
    role: Role = None,
    knowledge: Knowledge = [],  # noqa: B006 - typer takes the default as it stands, and none changes it
) -> None:
    """Write descriptors to fill in.

    Writes mismatch.yaml, with what could be guessed from the files that are there, and a descriptor
    of each element. It explains what can be stated and no file states; what files state already
    stands at its end, in comments. A file that is there already is kept.
    """
    vocabulary = vocabularies.load(knowledge)
    chosen = known_role(role, vocabulary)
    project = read_project(folder, vocabulary, knowledge) if folder.is_dir() else None
    known = known_of(project, vocabulary) if project else {}
    guess = _guess(project, vocabulary) if project else Guess(folder.resolve().name)
    texts = {FILE: project_file(guess)}
    for element in vocabulary.concrete():
        texts[f"{_FOLDER}/{kebab(element.key)}.yaml"] = descriptor_file(
            vocabulary, element.name, chosen, known.get(element.name)
        )
    told = write_new(texts, folder)
    told.append(f"Fill in what you know, then run `mismatch check {visible(str(folder))}`.")
    write("\n".join(told) + "\n", None)


def _guess(project: Project, vocabulary: Vocabulary) -> Guess:
    return Guess(
        id=project.id,
        roles=tuple(_roles(project, vocabulary)),
        mappings=tuple(_mappings(project, vocabulary)),
        links=tuple(_links(project, vocabulary)),
    )


def _roles(project: Project, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """Files that hold data, with the kind of data that their names say."""
    for entry in project.entries:
        nodes = dict.fromkeys(s.node.element for s in entry.reading.statements)
        for node in nodes:
            is_data = node.kind != _DATA and _DATA in vocabulary.ancestors(node.kind)
            if is_data and not node.named and node.name == str(entry.path):
                yield str(entry.path), node.kind


def _mappings(project: Project, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """Fields of both data sets whose names differ only in how they are written."""
    for pair in measure(project, vocabulary).pairs:
        if pair.alignment == "aligned" and pair.pairing == _FIELDS:
            yield pair.first.parts[-1][1], pair.second.parts[-1][1]


def _links(project: Project, vocabulary: Vocabulary) -> Iterator[tuple[str, str, str]]:
    """Links that no file states: they are guessed because both are the only ones of their kinds."""
    present = [link for file, link in project.stated_links if not file]
    names = [
        name_of(node) for node in dict.fromkeys(n for k in present for n in (k.subject, k.object))
    ]

    def called(node: Node) -> str:
        name = name_of(node)
        return name if names.count(name) == 1 else f"{kebab(node.kind)}/{name}"

    for link in present:
        yield vocabulary.links[link.name].key, called(link.subject), called(link.object)
