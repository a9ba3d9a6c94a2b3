"""Tools for assistants, by the Model Context Protocol: check, ask, explain, gaps.

They read what stands below one folder and write nothing. Each call runs in a process of its own,
which is killed when it takes too long, so that no question keeps the others from being answered.
"""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import anyio
from anyio import to_process
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import CallToolResult, TextContent, ToolAnnotations
from pydantic import Field

from kg import __version__
from kg.errors import KgError
from kg.mcp import tools
from kg.mcp.tools import Desk, Told

_ABOUT = """\
Finds mismatches between what teams assume about each other's parts of a system with machine
learning: the model needs 16 GB and the host has 8. `check` reads a project's folder and tells what
does not fit, and what cannot be decided because something is not stated. `explain` tells what a
finding means. `ask` puts a saved question, or SPARQL, to projects; `questions` lists the saved
ones. `gaps` tells what to state next. What is undecided is not clear: no finding is no proof."""

Below = Annotated[str, Field(description="A folder below the root, as a relative path.")]


def server(desk: Desk, seconds: float) -> MCPServer:
    """A server whose tools see what is on the desk, and have that many seconds for each call."""
    made = MCPServer("ml-mismatch", version=__version__, instructions=_ABOUT, log_level="WARNING")
    caller = _Caller(desk, seconds)
    for call in (caller.check, caller.ask, caller.questions, caller.explain, caller.gaps):
        made.tool(
            annotations=ToolAnnotations(
                read_only_hint=True, idempotent_hint=True, open_world_hint=False
            )
        )(call)
    return made


def serve(root: Path, knowledge: tuple[Path, ...], seconds: float) -> None:
    """Answer on standard input and output until the client leaves."""
    logging.getLogger().setLevel(logging.WARNING)
    server(Desk(root.resolve(), knowledge), seconds).run("stdio")


class _Caller:
    """The tools as a client sees them; what they say of themselves is their docstring."""

    def __init__(self, desk: Desk, seconds: float) -> None:
        self._desk = desk
        self._seconds = seconds

    async def check(
        self,
        path: Below = ".",
        verdicts: Annotated[
            Literal["open", "all"], Field(description="`all` tells clear verdicts, too.")
        ] = "open",
        most: Annotated[int, Field(ge=1, le=500, description="How many findings to give.")] = 50,
    ) -> CallToolResult:
        """Find mismatches in a project: a folder of descriptors and artefacts, or a repository.

        Mismatches come first, then what could not be decided, with the questions that would decide
        it; each with the files and lines that it rests on.
        """
        return await self._told(tools.check, path, verdicts == "all", most)

    async def ask(
        self,
        question: Annotated[
            str, Field(description="The id of a saved question, or a SELECT query in SPARQL 1.1.")
        ],
        parameters: Annotated[
            dict[str, str] | None, Field(description="What a saved question has to be told.")
        ] = None,
        paths: Annotated[
            list[str] | None, Field(description="Projects' folders below the root.")
        ] = None,
        most: Annotated[int, Field(ge=1, le=1000, description="How many rows to give.")] = 100,
    ) -> CallToolResult:
        """Ask a saved question, or one in SPARQL, about projects and the ontology.

        Prefixes such as mm: need not be declared.
        """
        return await self._told(tools.ask, question, parameters or {}, paths or ["."], most)

    async def questions(self) -> CallToolResult:
        """List the saved questions with what each has to be told."""
        return await self._told(tools.questions)

    async def explain(
        self,
        name: Annotated[
            str,
            Field(
                description="A predicate (resources-exceed-operations), a mismatch "
                "(OE.ComputingResources) or an attribute (required_memory)."
            ),
        ],
    ) -> CallToolResult:
        """Explain a predicate, mismatch or attribute: what it means, what it rests on, how often
        the study met it, and what to do.
        """
        return await self._told(tools.explain, name)

    async def gaps(
        self,
        path: Annotated[
            str | None, Field(description="A project's folder; without it, the mapping itself.")
        ] = None,
    ) -> CallToolResult:
        """Find what is not stated in a project, what each statement would decide, and who knows it;
        or what is missing in the mapping of mismatches, predicates and attributes.
        """
        return await self._told(tools.gaps, path)

    async def _told(self, tool: Callable[..., Told], *given: object) -> CallToolResult:
        try:
            with anyio.fail_after(self._seconds):
                told = await to_process.run_sync(tool, self._desk, *given, cancellable=True)
        except KgError as error:
            raise ToolError(str(error)) from error
        except TimeoutError as error:
            raise ToolError(
                f"It took longer than {self._seconds:g} s and was stopped. Ask for less at a time."
            ) from error
        return CallToolResult(
            content=[TextContent(type="text", text=told.text)], structured_content=told.data
        )
