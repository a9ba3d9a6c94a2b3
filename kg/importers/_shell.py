"""Splits what a Dockerfile runs into commands and words, each word with its line.

Knows quotes, continued lines, operators and redirections, and no more of a shell: no loops, no
functions.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a command; `cut` is what a redirection right behind it took, as in `numpy>=1.2`."""

    text: str
    line: int
    cut: str = ""


Command = list[Word]

_TOKEN = re.compile(
    r"""(?P<space>(?:[ \t\r\f\v]|\\\n)++)
    |(?P<redirection>[0-9]*+(?:<<<|<<-?|>>|[<>])&?)
    |(?P<operator>&&|\|\||;;|[;|&()\n])
    |(?P<word>(?:[^\s;|&()<>'"\\]|\\.|'[^']*+'|"(?:[^"\\]|\\.)*+")++)
    |(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_STRETCH = re.compile(r"\S{0,80}")
_QUOTED = re.compile(r"""\\\n|\\(.)|'([^']*+)'|"((?:[^"\\]|\\.)*+)\"""", re.DOTALL)


def commands(text: str, lines: Sequence[tuple[int, int]]) -> Iterator[Command]:
    """The commands of a script; `lines` tells from which position on a text stands on which line.

    >>> found = commands("pip install 'a>=1' && rm -r x", [(0, 1)])
    >>> [[word.text for word in command] for command in found]
    [['pip', 'install', 'a>=1'], ['rm', '-r', 'x']]
    """
    splitter = _Splitter(text, lines)
    for token in _TOKEN.finditer(text):
        yield from splitter.take(token)
    yield from splitter.end()


class _Splitter:
    """Gathers the words of a command until it ends."""

    def __init__(self, text: str, lines: Sequence[tuple[int, int]]) -> None:
        self._text = text
        self._lines = lines or [(0, 1)]
        self._at = 0
        self._words: Command = []
        self._comment = self._skipping = False

    def take(self, token: re.Match[str]) -> Iterator[Command]:
        """Take the next token; gives the command that it ends, if it ends one."""
        kind, written = token.lastgroup, token[0]
        if kind == "operator" and (written == "\n" or not self._comment):
            self._comment = False
            yield from self.end()
        elif self._comment or kind not in {"redirection", "word"}:
            return
        elif kind == "redirection":
            self._redirect(token)
        elif written.startswith("#"):
            self._comment = True
        elif self._skipping:
            self._skipping = False
        else:
            self._words.append(Word(_plain(written), self._line(token.start())))

    def end(self) -> Iterator[Command]:
        """Give the command that was gathered, if it has a word."""
        words, self._words, self._skipping = self._words, [], False
        if words:
            yield words

    def _redirect(self, token: re.Match[str]) -> None:
        """The next word is a file; what stands right behind a word was hardly meant for one."""
        self._skipping = True
        start = token.start()
        if self._words and not token[0][0].isdigit() and not self._text[start - 1].isspace():
            cut = _STRETCH.match(self._text, start)
            self._words[-1] = replace(self._words[-1], cut=cut[0] if cut else "")

    def _line(self, position: int) -> int:
        """The line of a position; positions are asked for in rising order."""
        while self._at + 1 < len(self._lines) and self._lines[self._at + 1][0] <= position:
            self._at += 1
        return self._lines[self._at][1]


def _plain(written: str) -> str:
    """The word without quotes and backslashes."""
    if not any(sign in written for sign in "'\"\\"):
        return written
    return _QUOTED.sub(_inner, written)


def _inner(found: re.Match[str]) -> str:
    if found[3] is not None:
        return re.sub(r'\\(["\\$`])', r"\1", found[3].replace("\\\n", ""))
    return found[1] or found[2] or ""
