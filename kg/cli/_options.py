"""Options that several commands share, each with the environment variable that stands for it."""

from contextlib import closing
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import typer

from kg.errors import NotFound
from kg.history import FILE, History
from kg.history.shared import base
from kg.identifiers import kept_iri
from kg.reports import names, reporter
from kg.stores import Store, open_store
from kg.stores.sparql import SparqlStore
from kg.telling import tellers
from kg.vocabulary import Vocabulary
from kg.workspace import BASE

_MEMORY = "memory:"


def _format(name: str | None) -> str | None:
    if name is not None:
        try:
            reporter(name)
        except NotFound as error:
            raise typer.BadParameter(str(error)) from error
    return name


Paths: TypeAlias = Annotated[
    list[Path], typer.Argument(metavar="PATH", help="A project's folder.", show_default=False)
]
As: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--as",
        metavar="FORMAT",
        envvar="MISMATCH_AS",
        callback=_format,
        help=f"How to tell it: {', '.join(names())}. Without it as FILE's name ends, or text.",
    ),
]
Output: TypeAlias = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Write to FILE, not to standard output."),
]
Knowledge: TypeAlias = Annotated[
    list[Path],
    typer.Option(
        "--knowledge",
        metavar="DIR",
        envvar="MISMATCH_KNOWLEDGE",
        exists=True,
        file_okay=False,
        show_default=False,
        help="Lay this folder's ontology/, shapes/ and queries/ over ours; can be repeated.",
    ),
]
StoreUrl: TypeAlias = Annotated[
    str,
    typer.Option(
        "--store",
        metavar="URL",
        envvar="MISMATCH_STORE",
        help="Where to keep what is read: memory:, a folder, or http(s)://… of an endpoint.",
    ),
]
Mismatches: TypeAlias = Annotated[
    list[str],
    typer.Option(
        "--mismatch",
        metavar="CODE",
        show_default=False,
        help="Only this mismatch (OE.ComputingResources), or category (OE); can be repeated.",
    ),
]
Elements: TypeAlias = Annotated[
    list[str],
    typer.Option(
        "--element",
        metavar="NAME",
        show_default=False,
        help="Only this element (TrainedModel, TM); can be repeated.",
    ),
]
Role: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--role",
        metavar="ROLE",
        envvar="MISMATCH_ROLE",
        help="Only what this role knows, such as operations.",
    ),
]
Reader: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--role",
        metavar="ROLE",
        envvar="MISMATCH_ROLE",
        help="Rank for this role, such as operations, and list the questions that it can answer.",
    ),
]


def opened(url: str, *, putting: bool) -> Store:
    """The store that `--store` names; into one that a service keeps nothing is put beside it."""
    if putting and url != _MEMORY and (Path(url) / FILE).is_file():
        raise _served(url)
    try:
        store = open_store(url)
    except NotFound as error:
        raise typer.BadParameter(str(error), param_hint="--store") from error
    if putting and isinstance(store, SparqlStore) and store.has(kept_iri(BASE)):
        raise _served(url)
    return store


def _served(url: str) -> typer.BadParameter:
    return typer.BadParameter(
        f"A service keeps {url}. Put projects into it with `mismatch load`.", param_hint="--store"
    )


def base_of(url: str) -> str:
    """Below which IRI the names in a store were made."""
    file = Path(url) / FILE
    if url == _MEMORY or not file.is_file():
        return BASE
    with closing(History(file)) as history, history.writing() as connection:
        return base(connection, BASE)


def known_role(role: str | None, vocabulary: Vocabulary) -> str | None:
    """The role that `--role` names, by any of its names."""
    if role is None:
        return None
    found = vocabulary.value("Role", role)
    if found is None:
        choices = ", ".join(vocabulary.lists["Role"])
        raise typer.BadParameter(f"{role} is no role. Use one of {choices}.", param_hint="--role")
    return found.name


def telling_as(thing: str) -> Any:  # noqa: ANN401 - what typer makes of an option has no type of its own
    """The option `--as` of a command that tells the thing."""
    known = tellers(thing)

    def checked(name: str | None) -> str | None:
        if name is not None and name not in known:
            raise typer.BadParameter(f"There is no format {name}. Use one of {', '.join(known)}.")
        return name

    return typer.Option(
        "--as",
        metavar="FORMAT",
        envvar="MISMATCH_AS",
        callback=checked,
        help=f"How to tell it: {', '.join(known)}. Without it as FILE's name ends, or text.",
    )
