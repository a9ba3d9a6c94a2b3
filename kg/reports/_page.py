"""A page of text: paragraphs wrapped to a width, with something at the right, and colours or none.

The only door to the terminal library in this package. Text is never read as markup.
"""

from collections.abc import Iterable, Sequence
from io import StringIO
from typing import TypeAlias

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

Part: TypeAlias = str | tuple[str, str]
"""A piece of a line, or one with its style, such as `bold red`."""

_NARROWEST = 20
_APART = 2


class Page:
    """Collects lines; what is added is not looked at before, so make it `visible` first."""

    def __init__(self, width: int, *, colour: bool) -> None:
        self.width = width
        self._colour = colour
        self._lines: list[Text] = []
        self._console = self._printer(StringIO())

    def gap(self, lines: int = 1) -> None:
        """Add empty lines."""
        self._lines += [Text()] * lines

    def row(self, *parts: Part, indent: int = 0) -> None:
        """Add one line, whatever its width, so that a path in it can be copied."""
        self._add(Text(" " * indent) + Text.assemble(*parts))

    def between(self, *left: Part, right: Part) -> None:
        """Add one line with something at its right end, or two where both do not fit into one."""
        self._with_end(Text.assemble(*left), Text.assemble(right))

    def paragraph(self, *parts: Part, indent: int = 0, hanging: int = 0) -> None:
        """Add text wrapped to the width; its lines but the first are indented by `hanging` more."""
        for number, line in enumerate(self._wrapped(Text.assemble(*parts), indent + hanging)):
            self._add(Text(" " * (indent + (hanging if number else 0))) + line)

    def entry(self, head: str, *body: Part, right: Part = "") -> None:
        """Add text wrapped beside a head, with something at the right end of the first line."""
        end, indent = Text.assemble(right), cell_len(head)
        taken = indent + end.cell_len + (_APART if end else 0)
        first, *others = self._wrapped(Text.assemble(*body), taken)
        self._with_end(Text(head) + first, end)
        for line in others:
            self._add(Text(" " * indent) + line)

    def closing(self, *body: Part, right: Part, indent: int = 0) -> None:
        """Add wrapped text with something at the right end of its last line, or below it."""
        end, margin = Text.assemble(right), Text(" " * indent)
        *others, last = self._wrapped(Text.assemble(*body), indent)
        for line in others:
            self._add(margin + line)
        if indent + last.cell_len + _APART + end.cell_len <= self.width:
            self._with_end(margin + last, end)
        else:
            self._add(margin + last)
            self._add(margin + end)

    def table(self, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Add a table, at most as wide as the page; long cells take several lines."""
        table = Table(box=None, pad_edge=False, padding=(0, _APART, 0, 0), header_style="bold")
        for head in heads:
            table.add_column(Text(head), overflow="fold")
        for row in rows:
            table.add_row(*map(Text, row))
        for line in self._console.render_lines(table, pad=False):
            self._add(Text.assemble(*((part.text, part.style or "") for part in line)))

    def text(self) -> str:
        """All lines, with colours where they are wanted."""
        out = StringIO()
        self._printer(out).print(Text("\n").join(self._lines), soft_wrap=True)
        return out.getvalue()

    def _wrapped(self, text: Text, taken: int) -> list[Text]:
        return list(text.wrap(self._console, max(self.width - taken, _NARROWEST))) or [Text()]

    def _with_end(self, left: Text, right: Text) -> None:
        left.rstrip()
        room = self.width - left.cell_len - right.cell_len
        if right and room < _APART:
            self._add(left)
            left, room = Text(), max(self.width - right.cell_len, 0)
        self._add(left + Text(" " * max(room, 0)) + right)

    def _add(self, line: Text) -> None:
        line.rstrip()
        self._lines.append(line)

    def _printer(self, out: StringIO) -> Console:
        return Console(
            file=out,
            width=self.width,
            color_system="standard" if self._colour else None,
            force_terminal=self._colour,
            no_color=not self._colour,
            markup=False,
            highlight=False,
            emoji=False,
            legacy_windows=False,
        )


def padded(text: str, width: int) -> str:
    """The text with spaces up to a width in columns of a terminal.

    >>> padded("重さ", 6)
    '重さ  '
    """
    return text + " " * max(width - cell_len(text), 0)


def cut(text: str, width: int) -> str:
    """The text, or as much of it as fits into a width, with a mark that there is more.

    >>> cut("a very long value", 7)
    'a very…'
    """
    if cell_len(text) <= width:
        return text
    kept = Text(text)
    kept.truncate(width, overflow="ellipsis")
    return kept.plain


def widest(texts: Iterable[str]) -> int:
    """The width of the widest text in columns of a terminal, 0 if there is none.

    >>> widest(["has", "needs"])
    5
    """
    return max(map(cell_len, texts), default=0)
