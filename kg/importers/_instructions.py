"""Splits a Dockerfile into instructions, each with the lines it stands on.

Follows Docker's reference: the escape directive, comments within continued instructions,
here-documents, instructions written as JSON lists.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.errors import DescriptorError, DescriptorInvalid
from kg.importers._shell import Command, Word, commands
from kg.reading import Limits, lines, read_json

_LIMITS = Limits(size=100_000, depth=2, nodes=10_000)
_MOST = 2000
_DIRECTIVE = re.compile(r"#\s*(\w+)\s*=\s*(\S+)\s*")
_INSTRUCTION = re.compile(r"\s*([A-Za-z]+)(?:\s+|$)")
_HEREDOC = re.compile(r"""<<-?\s*(["']?)([A-Za-z_]\w*)\1""")
# A here-document of its own is a script; one given to another program is that program's.
_SHELL = re.compile(r"(?:(?:\S*/)?(?:ba|da|z)?sh\b.*)?\s*")
_FLAG = re.compile(r"--([a-z-]+)(?:=(\S*))?\s+")


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction, its name in capitals; `script` is what its here-documents hold.

    `lines` tells from which position on the text stands on which line.
    """

    name: str
    line: int
    text: str
    lines: tuple[tuple[int, int], ...]
    flags: tuple[tuple[str, str], ...] = ()
    script: str = ""
    script_line: int = 0

    def flag(self, name: str) -> str:
        """The value of a flag, empty where it is not given."""
        return dict(self.flags).get(name, "")

    def words(self) -> list[Word]:
        """The words of the text, or of the JSON list that it is."""
        listed = self._listed()
        if listed is not None:
            return listed
        return [word for command in commands(self.text, self.lines) for word in command]

    def commands(self) -> Iterator[Command]:
        """The commands that a RUN runs, those of its here-documents included."""
        listed = self._listed()
        if listed is not None:
            yield listed
        else:
            yield from commands(self.text, self.lines)
        if self.script and _SHELL.fullmatch(self.text):
            starts, at = list[tuple[int, int]](), 0
            for number, line in enumerate(self.script.split("\n"), self.script_line):
                starts.append((at, number))
                at += len(line) + 1
            yield from commands(self.script, starts)

    def _listed(self) -> list[Word] | None:
        """The words of a JSON list; None where the text is none, though it may begin like one."""
        if not self.text.startswith("["):
            return None
        try:
            listed = read_json(self.text, _LIMITS).value
        except DescriptorError:
            return None
        return [Word(str(item), self.line) for item in listed] if isinstance(listed, list) else None


def instructions(text: str) -> list[Instruction]:
    """All instructions of a Dockerfile, in their order."""
    numbered = list(lines(text))
    escape = "\\"
    for _, line in numbered:
        directive = _DIRECTIVE.fullmatch(line.strip())
        if not directive:
            break
        if directive[1].lower() == "escape" and directive[2] in {"\\", "`"}:
            escape = directive[2]
    found: list[Instruction] = []
    at = 0
    while at < len(numbered):
        parts, at = _logical(numbered, at, escape)
        if parts:
            instruction = _instruction(parts)
            instruction, at = _with_script(instruction, numbered, at)
            found.append(instruction)
        if len(found) > _MOST:
            raise DescriptorInvalid(
                f"The file has more than {_MOST:,} instructions",
                "Split it",
                line=numbered[at - 1][0],
            )
    return found


def _logical(
    numbered: list[tuple[int, str]], at: int, escape: str
) -> tuple[list[tuple[int, str]], int]:
    """The parts of the next instruction, and where the one after it begins."""
    parts: list[tuple[int, str]] = []
    while at < len(numbered):
        number, line = numbered[at]
        at += 1
        if not line.strip() or line.lstrip().startswith("#"):
            if parts or at == len(numbered):
                continue
            return [], at
        stripped = line.rstrip()
        if not stripped.endswith(escape):
            return [*parts, (number, line)], at
        parts.append((number, stripped[:-1]))
    return parts, at


def _instruction(parts: list[tuple[int, str]]) -> Instruction:
    text = "".join(part for _, part in parts)
    starts, length = list[tuple[int, int]](), 0
    for number, part in parts:
        starts.append((length, number))
        length += len(part)
    found = _INSTRUCTION.match(text)
    begin = found.end() if found else 0
    flags = list[tuple[str, str]]()
    while flag := _FLAG.match(text, begin):
        flags.append((flag[1], flag[2] or ""))
        begin = flag.end()
    shifted = tuple((max(start - begin, 0), number) for start, number in starts)
    name = found[1].upper() if found else ""
    return Instruction(name, parts[0][0], text[begin:].strip(), shifted, tuple(flags))


def _with_script(
    instruction: Instruction, numbered: list[tuple[int, str]], at: int
) -> tuple[Instruction, int]:
    """The instruction with the here-documents that follow it, and where the next one begins."""
    if instruction.name not in {"RUN", "COPY", "ADD"}:
        return instruction, at
    ends = [found[2] for found in _HEREDOC.finditer(instruction.text)]
    if not _closed(ends, numbered, at):
        # A shift (`1<<n`), or a script that is cut off: its lines are no instructions.
        return instruction, at
    taken: list[str] = []
    first = numbered[at][0] if at < len(numbered) else 0
    for end in ends:
        while at < len(numbered) and numbered[at][1].strip() != end:
            taken.append(numbered[at][1])
            at += 1
        taken.append("")
        at += 1
    if not ends:
        return instruction, at
    script = "\n".join(taken) if instruction.name == "RUN" else ""
    return Instruction(
        instruction.name,
        instruction.line,
        _HEREDOC.sub("", instruction.text).strip(),
        instruction.lines,
        instruction.flags,
        script,
        first,
    ), at


def _closed(ends: list[str], numbered: list[tuple[int, str]], at: int) -> bool:
    """Whether the here-documents end, one after the other, on lines of their own."""
    left = (line.strip() for _, line in numbered[at:])
    return all(end in left for end in ends)
