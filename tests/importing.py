"""How the tests of importers read their cases, and look at what was read."""

from pathlib import Path, PurePosixPath
from types import ModuleType

from kg.statements import Node, Reading, Source

CASES = Path(__file__).parent / "cases" / "importers"


def source(folder: Path, path: str) -> Source:
    """A file below a project's folder, as the walk over a project hands it out."""
    location = folder / path
    neighbours = frozenset(p.name for p in location.parent.iterdir() if p.is_file())
    head = location.read_bytes()[:4096]
    return Source(PurePosixPath(path), location, head, "", neighbours)


def read_case(importer: ModuleType, case: str, path: str) -> Reading:
    """What the importer reads from a file of one of its cases, which it must claim."""
    name = importer.__name__.rpartition(".")[2]
    given = source(CASES / name / case, path)
    assert importer.claims(given)
    reading = importer.read(given)
    assert isinstance(reading, Reading)
    return reading


def read_text(importer: ModuleType, folder: Path, path: str, text: str | bytes) -> Reading:
    """What the importer reads from a file of that content, written below the folder."""
    location = folder / path
    location.parent.mkdir(parents=True, exist_ok=True)
    location.write_bytes(text.encode() if isinstance(text, str) else text)
    reading = importer.read(source(folder, path))
    assert isinstance(reading, Reading)
    return reading


def software(reading: Reading) -> dict[str, list[str]]:
    """The packages by the names they are compared by, each with its version ranges."""
    found: dict[str, list[str]] = {}
    for statement in reading.statements:
        if isinstance(statement.value, Node) and statement.attribute.endswith("Software"):
            found.setdefault(statement.value.parts[-1][1], [])
        if statement.attribute == "versionRange":
            found.setdefault(statement.node.parts[-1][1], []).append(str(statement.value))
    return found


def values(reading: Reading, attribute: str, part: str | None = None) -> list[object]:
    """The values of an attribute, of the element or of the part of that name."""
    return [
        statement.value
        for statement in reading.statements
        if statement.attribute == attribute
        and (statement.node.parts[-1][1] if statement.node.parts else None) == part
    ]


def lines(reading: Reading, attribute: str) -> list[int | None]:
    """The lines on which the attribute is stated."""
    return [s.place.line for s in reading.statements if s.attribute == attribute]


def elements(reading: Reading) -> set[tuple[str, str, bool]]:
    """Kind, name and whether the name is the element's own, of every element spoken of."""
    nodes = [statement.node for statement in reading.statements]
    return {(node.kind, node.name, node.named) for node in nodes}


def reasons(reading: Reading) -> str:
    """All that was passed over, one reason a line with its line number."""
    return "\n".join(f"{passed.line}: {passed.because}" for passed in reading.passed_over)


def problems(reading: Reading) -> list[tuple[int | None, str]]:
    """Line and message of every problem."""
    return [(problem.line, problem.message) for problem in reading.problems]
