"""The tools for assistants, as a client of the official SDK meets them over standard streams."""

import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from shutil import copytree
from typing import Any

import anyio
import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.types import CallToolResult, TextContent

ROOT = Path(__file__).parents[1]
CODE = "import sys; from kg.cli import main; sys.argv[0] = 'mismatch'; main()"


@asynccontextmanager
async def _client(root: Path, *options: str) -> AsyncIterator[Client]:
    arguments = ["-c", CODE, "mcp", "--root", str(root), *options]
    parameters = StdioServerParameters(command=sys.executable, args=arguments)
    async with Client(stdio_client(parameters)) as client:
        yield client


def _asked(root: Path, work: Callable[[Client], Coroutine[Any, Any, None]], *options: str) -> None:
    async def run() -> None:
        with anyio.fail_after(120):
            async with _client(root, *options) as client:
                await work(client)

    anyio.run(run)


def _text(result: CallToolResult) -> str:
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


async def _call(client: Client, tool: str, **given: object) -> CallToolResult:
    result = await client.call_tool(tool, given)
    assert isinstance(result, CallToolResult)
    return result


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("root")
    copytree(ROOT / "docs" / "example", made / "loan-approval")
    (made / "empty").mkdir()
    return made


def test_every_tool_says_that_it_only_reads_and_what_it_is_told(root: Path) -> None:
    async def work(client: Client) -> None:
        found = {tool.name: tool for tool in (await client.list_tools()).tools}

        assert set(found) == {"check", "ask", "questions", "explain", "gaps"}
        for tool in found.values():
            assert tool.annotations is not None
            assert tool.annotations.read_only_hint is True
            assert tool.description
            for about in tool.input_schema.get("properties", {}).values():
                assert about.get("description"), (tool.name, about)

    _asked(root, work)


def test_the_tools_answer_in_words_and_as_data(root: Path) -> None:
    async def work(client: Client) -> None:
        checked = await _call(client, "check", path="loan-approval", most=3)
        assert "resources-exceed-operations" in _text(checked)
        assert "more findings are not told here" in _text(checked)
        assert checked.structured_content is not None
        (project,) = checked.structured_content["projects"]
        assert project["path"] == "loan-approval"
        assert len(project["findings"]) == 3
        told = project["summary"]["mismatch"] + project["summary"]["undecided"]
        assert checked.structured_content["left_out"] == told - 3

        asked = await _call(
            client,
            "ask",
            question="who-uses-package",
            parameters={"package": "scikit-learn"},
            paths=["loan-approval"],
        )
        assert asked.structured_content is not None
        rows = asked.structured_content["rows"]
        assert {row["project"] for row in rows} == {"loan-approval"}

        own = await _call(
            client,
            "ask",
            question="SELECT ?m ?need { ?m a mm:TrainedModel ; mm:requiredMemory ?need }",
            paths=["loan-approval"],
            most=1,
        )
        assert own.structured_content is not None
        assert own.structured_content["rows"][0]["need"] == 16_000_000_000

        explained = await _call(client, "explain", name="OE.ComputingResources")
        assert "What detects it" in _text(explained)
        listed = await _call(client, "questions")
        assert "who-uses-package(package)" in _text(listed)
        assert "undecided" in _text(await _call(client, "gaps", path="loan-approval"))
        assert "gap" in _text(await _call(client, "gaps")).lower()

    _asked(root, work)


WRONG: dict[str, tuple[str, dict[str, object], str]] = {
    "a folder outside": ("check", {"path": ".."}, "is not below"),
    "an absolute folder": ("check", {"path": "/etc"}, "is not below"),
    "a folder that is not there": ("check", {"path": "nowhere"}, "does not exist"),
    "an empty folder": ("check", {"path": "empty"}, "could be read"),
    "an unknown name": ("explain", {"name": "required memry"}, "required_memory"),
    "an unknown question": ("ask", {"question": "who-uses-it"}, "no question"),
    "a parameter left out": ("ask", {"question": "who-uses-package"}, "has to be told"),
    "no SPARQL": ("ask", {"question": "SELECT {", "paths": ["loan-approval"]}, "refused"),
    "no SELECT": ("ask", {"question": "ASK {}", "paths": ["loan-approval"]}, "SELECT"),
    "a call to another host": (
        "ask",
        {
            "question": "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
            "paths": ["loan-approval"],
        },
        "SERVICE",
    ),
    "too many findings": ("check", {"path": "loan-approval", "most": 9999}, "500"),
}


def test_what_is_wrong_is_told_and_no_traceback(root: Path) -> None:
    async def work(client: Client) -> None:
        for name, (tool, given, told) in WRONG.items():
            result = await _call(client, tool, **given)
            assert result.is_error, name
            assert told in _text(result), (name, _text(result))
            assert "Traceback" not in _text(result), name

    _asked(root, work)


def test_a_question_that_runs_on_is_stopped_and_others_are_answered(root: Path) -> None:
    async def work(client: Client) -> None:
        runaway = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(?c < ?i) }"
        stopped = await _call(client, "ask", question=runaway, paths=["loan-approval"])
        assert stopped.is_error
        assert "took longer than 12 s" in _text(stopped)
        explained = await _call(client, "explain", name="OE.ComputingResources")
        assert not explained.is_error

    _asked(root, work, "--seconds", "12")
