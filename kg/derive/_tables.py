"""Pages and tables in Markdown, as the derived pages are written."""

from collections.abc import Iterable, Iterator


def page(note: str, lines: Iterable[str]) -> str:
    """The lines below a note that says where the page comes from."""
    return "\n".join([f"<!-- {note} -->", "", *lines]).rstrip("\n") + "\n"


def head(*cells: str) -> Iterator[str]:
    """The two rows at the top of a table."""
    yield row(*cells)
    yield row(*["---"] * len(cells))


def row(*cells: str) -> str:
    """One row; a bar within a cell is escaped."""
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"
