"""Takes Markdown apart: front matter, headings, tables, and passages of text, each with its lines.

Only what stands at the left is read as one of these. Code, comments and pictures are left out, and
of links and emphasis the words remain.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from kg.reading import lines

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?[ \t]*#*[ \t]*")
_UNDERLINE = re.compile(r" {0,3}(?:={3,}|-{3,})[ \t]*")
_RULE = re.compile(r" {0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}")
_ITEM = re.compile(r"\s*(?:[-*+•]|[0-9]{1,3}[.)])[ \t]+(?=\S)")
_DELIMITER = re.compile(r"\s*:?-+:?\s*")
_INDENTED = re.compile(r"(?: {4}|\t)\s*\S")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,500}>")
_PICTURE = re.compile(r"!\[[^\[\]]{0,500}\]\([^()\s]{0,2000}(?:\s[^()]{0,500})?\)")
_LINK = re.compile(r"\[([^\[\]]{1,500})\]\([^()]{0,2000}\)")
_MARKS = re.compile(r"\*\*|__|(?<![\w*])\*(?=\S)|(?<=\S)\*(?![\w*])|`|\\(?=\s*$)")
_MOST_CELLS = 200


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its cells as plain text, and the line on which it stands."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its header; every row has as many cells as the header."""

    header: Row
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph or an item of a list as one line of plain text."""

    text: str
    starts: tuple[int, ...]
    numbers: tuple[int, ...]
    item: bool = False

    def line(self, position: int = 0) -> int:
        """The line of the file on which a position of the text stands."""
        return self.numbers[bisect_right(self.starts, position) - 1]


@dataclass(slots=True)
class Section:
    """What stands under one heading, up to the next; the first has none."""

    title: str = ""
    line: int = 1
    blocks: list[Table | Passage] = field(default_factory=list)

    @property
    def tables(self) -> Iterator[Table]:
        """Its tables."""
        return (block for block in self.blocks if isinstance(block, Table))

    @property
    def passages(self) -> Iterator[Passage]:
        """Its passages of text."""
        return (block for block in self.blocks if isinstance(block, Passage))


@dataclass(frozen=True, slots=True)
class Page:
    """A file in Markdown: its front matter as text on the lines that it has, and its sections."""

    front: str
    sections: tuple[Section, ...]


def read_markdown(text: str) -> Page:
    r"""The page that the text is.

    >>> page = read_markdown("---\na: 1\n---\n# *Card*\nSome\nwords\n\n|A|B|\n|-|-|\n|1|\n")
    >>> page.front, [section.title for section in page.sections]
    ('\na: 1\n', ['', 'Card'])
    >>> passage, table = page.sections[1].blocks
    >>> passage.text, passage.line(5), table.rows[0].cells
    ('Some words', 6, ('1', ''))
    """
    text = _COMMENT.sub(_blanked, text.removeprefix("\ufeff"))
    numbered = list(lines(text))
    front = _front(numbered)
    start = front.count("\n") + 1 if front else 0
    reader = _Reader()
    for number, line in numbered[start:]:
        reader.take(number, line)
    reader.end()
    return Page(front, tuple(reader.sections))


def plain(text: str) -> str:
    """The words of a piece of Markdown, without links, marks and pictures.

    >>> plain("**Alibi** [Detect](https://example.org) `x`")
    'Alibi Detect x'
    """
    text = _LINK.sub(r"\1", _PICTURE.sub(" ", text))
    return " ".join(_MARKS.sub("", _TAG.sub(" ", text)).split())


def _blanked(comment: re.Match[str]) -> str:
    """As many lines as the comment has, so that those after it keep their numbers."""
    return "\n" * len(re.findall(r"\r\n|\r|\n", comment[0]))


def _front(numbered: list[tuple[int, str]]) -> str:
    """The front matter, with an empty line for each before it; empty where there is none."""
    if not numbered or numbered[0][1].rstrip() != "---":
        return ""
    for at, (_, line) in enumerate(numbered[1:], 1):
        if line.rstrip() in {"---", "..."}:
            return "\n" + "".join(f"{text}\n" for _, text in numbered[1:at])
    return ""


class _Reader:
    """Puts lines together to blocks."""

    def __init__(self) -> None:
        self.sections = [Section()]
        self._text: list[tuple[int, str]] = []
        self._item = False
        self._rows: list[tuple[int, str]] = []
        self._fence = ""

    def take(self, number: int, line: str) -> None:
        """Take the next line."""
        if fence := _FENCE.match(line):
            self._toggle(fence[1])
        elif self._fence or (not self._text and not self._rows and _is_code(line)):
            return
        elif heading := _HEADING.fullmatch(line):
            self._begin(plain(heading[2] or ""), number)
        elif self._text and not self._item and _UNDERLINE.fullmatch(line):
            title = plain(" ".join(text for _, text in self._text))
            self._text = []
            self._begin(title, number - 1)
        elif not line.strip() or _RULE.fullmatch(line):
            self._close()
        elif "|" in line and (self._rows or line.lstrip().startswith("|") or not self._text):
            self._close_text()
            self._rows.append((number, line))
        else:
            self._words(number, line)

    def end(self) -> None:
        """Close what is open."""
        self._close()

    def _toggle(self, fence: str) -> None:
        if not self._fence:
            self._close()
            self._fence = fence
        elif fence.startswith(self._fence):
            self._fence = ""

    def _words(self, number: int, line: str) -> None:
        self._close_rows()
        if item := _ITEM.match(line):
            self._close_text()
            self._item = True
            line = line[item.end() :]
        self._text.append((number, line))

    def _begin(self, title: str, number: int) -> None:
        self._close()
        self.sections.append(Section(title, number))

    def _close(self) -> None:
        self._close_rows()
        self._close_text()

    def _close_text(self) -> None:
        pieces, starts, numbers, length = [], [], [], 0
        for number, line in self._text:
            if words := plain(line):
                starts.append(length)
                numbers.append(number)
                pieces.append(words)
                length += len(words) + 1
        if pieces:
            passage = Passage(" ".join(pieces), tuple(starts), tuple(numbers), self._item)
            self.sections[-1].blocks.append(passage)
        self._text, self._item = [], False

    def _close_rows(self) -> None:
        rows, self._rows = self._rows, []
        if len(rows) > 1 and all(_DELIMITER.fullmatch(cell) for cell in _split(rows[1][1])):
            header = Row(rows[0][0], tuple(map(plain, _split(rows[0][1]))))
            wide = len(header.cells)
            body = (Row(number, _filled(_split(line), wide)) for number, line in rows[2:])
            self.sections[-1].blocks.append(Table(header, tuple(body)))
        elif rows:
            self._text = rows
            self._close_text()


def _is_code(line: str) -> bool:
    return bool(_INDENTED.match(line)) and not _ITEM.match(line)


def _split(line: str) -> list[str]:
    """The cells of a row; a sign behind a backslash divides none."""
    inner = line.strip().removeprefix("|")
    if inner.endswith("|") and not inner.endswith("\\|"):
        inner = inner[:-1]
    cells = re.split(r"(?<!\\)\|", inner)[:_MOST_CELLS]
    return [cell.replace("\\|", "|").strip() for cell in cells]


def _filled(cells: list[str], wide: int) -> tuple[str, ...]:
    return tuple(plain(cell) for cell in [*cells, *[""] * wide][:wide])
