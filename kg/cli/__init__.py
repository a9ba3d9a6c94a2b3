"""The command `mismatch`: one module a command, found by being in this folder.

A module's `command` is what runs, its signature is the command's options and its docstring the
help. It returns the exit code, or nothing where all went well. A package is a group of commands:
its modules are the commands, and its docstring the help.
"""

import gc
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from itertools import takewhile
from types import ModuleType
from typing import Annotated, Any, Protocol, cast

import typer

from kg import __version__
from kg.cli._errors import code_of, tell
from kg.extensions import modules, names

_RARELY = 50_000
_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class Command(Protocol):
    """A module with this name is a command, and is called as the module is."""

    command: Callable[..., int | None]
    """Does it; its parameters are typer's."""


def main() -> None:
    """Run the command line and leave with its exit code."""
    # A command makes many objects and few circles: the collector need not look so often.
    gc.set_threshold(_RARELY, 20, 50)
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """The exit code of one command; whatever goes wrong is told in one line on standard error.

    0 nothing was found, 1 something was, 2 wrong use, 3 a path cannot be read, 4 our fault or the
    store's.
    """
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError):  # a test's or a notebook's stream may be none of ours
            cast("Any", stream).reconfigure(errors="backslashreplace")
    try:
        app = application(arguments)
        code = app(list(arguments), prog_name="mismatch", standalone_mode=False)
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # noqa: BLE001 - no traceback reaches a user unasked
        if _debugging(arguments):
            traceback.print_exception(error)
        tell(error)
        return code_of(error)
    return int(code or 0)


def application(arguments: Sequence[str] = ()) -> typer.Typer:
    """The command line with the command that the arguments name, or with all: each brings much that
    the others do without.
    """
    app = typer.Typer(
        help="Find mismatches between what teams assume about each other's parts of a system "
        "with machine learning.",
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings=_SETTINGS,
    )
    app.callback(invoke_without_command=True)(_before)
    first = next((one for one in arguments if not one.startswith("-")), "")
    named = [name for name in names(__name__) if _called(name) == first]
    if [*arguments] == ["--version"]:
        return app
    if named:
        _add(app, named[0], import_module(f"{__name__}.{named[0]}"))
    else:
        _add_all(app, __name__)
    return app


def _add_all(app: typer.Typer, package: str) -> None:
    for name, module in modules(package).items():
        _add(app, name, module)


def _add(app: typer.Typer, name: str, module: ModuleType) -> None:
    """Add a command, or a package of commands as a group."""
    if hasattr(module, "__path__"):
        group = typer.Typer(help=module.__doc__, context_settings=_SETTINGS)
        _add_all(group, module.__name__)
        app.add_typer(group, name=_called(name))
    else:
        command = cast("Command", module).command
        app.command(_called(name), context_settings=_SETTINGS)(command)


def _called(name: str) -> str:
    """What the command of a module is called."""
    return name.strip("_").replace("_", "-")


def _before(
    context: typer.Context,
    *,
    version: Annotated[bool, typer.Option("--version", help="Say the version, and leave.")] = False,
    debug: Annotated[  # noqa: ARG001 - `run` looks for it, because it must know before anything fails
        bool,
        typer.Option(
            "--debug", envvar="MISMATCH_DEBUG", help="Show where in the program an error arose."
        ),
    ] = False,
) -> None:
    if version:
        typer.echo(f"mismatch {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(2)


def _debugging(arguments: Sequence[str]) -> bool:
    before = takewhile(lambda argument: argument.startswith("-"), arguments)
    return "--debug" in before or os.environ.get("MISMATCH_DEBUG", "") not in ("", "0")
