"""What a pickle holds, read as the list of instructions that it is: nothing is ever loaded.

Long pieces of data are stepped over. Arrays that joblib writes between instructions end the
reading; further classes, and the release of scikit-learn, are then looked for in the bytes.
"""

import re
from dataclasses import dataclass, field
from pickletools import genops
from typing import BinaryIO, Self

SKLEARN_VERSION = "_sklearn_version"

_MOST_INSTRUCTIONS = 2_000_000
_MOST_CLASSES = 2000
_MOST_NOTED = 200_000
_LONGEST = 200
_LONG = 1 << 16
_LONGEST_LINE = 1 << 23
_PIECE = 1 << 20
# A text of the key, perhaps noted for later use, then a text with its length before it.
_VERSION = re.compile(
    rb"_sklearn_version(?:\x94|q.|r.{4})?(?:[\x8cU](?P<short>.)|X(?P<long>.{4}))(?P<text>[0-9].{,30})",
    re.DOTALL,
)
_CLASS = re.compile(
    rb"\x8c.([A-Za-z_][\w.]{1,100})\x94?\x8c.([A-Za-z_]\w{0,100})\x94?\x93|"
    rb"c([A-Za-z_][\w.]{1,100})\n([A-Za-z_]\w{0,100})\n",
    re.DOTALL,
)
_TEXTS = {"SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8", "UNICODE"}
_TEXTS |= {"SHORT_BINSTRING", "BINSTRING", "STRING"}
_NOTES = {"MEMOIZE", "PUT", "BINPUT", "LONG_BINPUT"}
_RECALLS = {"GET", "BINGET", "LONG_BINGET"}
_SILENT = {"PROTO", "FRAME", "MARK", *_NOTES}
_PLAIN = {"EMPTY_DICT": "dict", "DICT": "dict", "EMPTY_LIST": "list", "LIST": "list"}
_PLAIN |= {"EMPTY_TUPLE": "tuple", "NONE": "None"}
# What other objects are rebuilt by, and no objects themselves.
_BUILDERS = {"copyreg._reconstructor", "copy_reg._reconstructor", "copyreg.__newobj__"}


@dataclass(slots=True)
class Pickled:
    """The object's class, all classes and functions that it names, and versions of scikit-learn.

    `ended` is true where the instructions came to their end, `broken` where they make no sense.
    """

    root: str = ""
    names: dict[str, None] = field(default_factory=dict)
    versions: dict[str, None] = field(default_factory=dict)
    ended: bool = False
    broken: bool = False

    def name(self, text: str) -> None:
        """Take down a class or function."""
        if text not in _BUILDERS and len(self.names) < _MOST_CLASSES:
            self.names[text] = None
            if not text.startswith("cloudpickle."):
                self.root = self.root or text

    @property
    def has_arrays(self) -> bool:
        """Whether joblib wrote arrays between the instructions."""
        return "joblib.numpy_pickle.NumpyArrayWrapper" in self.names


def read_pickle(stream: BinaryIO) -> Pickled:
    """What the instructions name, up to their end or to the first place that makes no sense.

    Raises OSError and EOFError of the stream.
    """
    found = Pickled()
    start = stream.tell()
    try:
        _follow(stream, found)
    except (ValueError, UnicodeError, IndexError, OverflowError):
        found.broken = True
    if not found.ended:
        stream.seek(start)
        _search(stream, found)
    return found


def _follow(stream: BinaryIO, found: Pickled) -> None:
    texts = _Texts()
    # What genops calls a file is whatever reads like one.
    for count, (code, value, _) in enumerate(genops(_Skipping(stream))):  # type: ignore[arg-type]
        if count > _MOST_INSTRUCTIONS:
            return
        if texts.take(code.name, value):
            if texts.before == SKLEARN_VERSION and texts.last:
                found.versions[texts.last] = None
        elif code.name == "GLOBAL":
            found.name(str(value).replace(" ", ".", 1)[:_LONGEST])
        elif code.name == "STACK_GLOBAL":
            found.name(f"{texts.before}.{texts.last}")
        elif code.name == "STOP":
            found.ended = True
        if not found.root and code.name not in _SILENT:
            found.root = _plain(code.name)


class _Texts:
    """The last two texts that were put down, also those that were noted and are recalled."""

    def __init__(self) -> None:
        self.last = self.before = ""
        self._noted: dict[int, str] = {}
        self._memoized = 0
        self._is_text = False

    def take(self, code: str, value: object) -> bool:
        """Follow one instruction; true where it put down a text."""
        if code in _NOTES:
            place = self._memoized if code == "MEMOIZE" else int(str(value))
            self._memoized += 1
            if self._is_text and len(self._noted) < _MOST_NOTED:
                self._noted[place] = self.last
            return False
        text = str(value)[:_LONGEST] if code in _TEXTS else None
        if code in _RECALLS:
            text = self._noted.get(int(str(value)))
        self._is_text = text is not None
        if text is not None:
            self.before, self.last = self.last, text
        return self._is_text


def _plain(code: str) -> str:
    """The plain value that an instruction begins with; a text may yet name a class."""
    if code in _PLAIN:
        return _PLAIN[code]
    return "" if code in _TEXTS or "GLOBAL" in code else "a plain value"


def _search(stream: BinaryIO, found: Pickled) -> None:
    end = b""
    while piece := stream.read(_PIECE):
        for match in _VERSION.finditer(end + piece):
            length = int.from_bytes(match["short"] or match["long"], "little")
            version = match["text"][:length]
            if length == len(version) and version.isascii():
                found.versions[version.decode()] = None
        for match in _CLASS.finditer(end + piece) if found.has_arrays else ():
            found.name(b".".join(part for part in match.groups() if part).decode())
        end = piece[-_LONGEST:]


class _Skipped(bytes):
    """A piece of data that was stepped over, as long as it says."""

    def __new__(cls, length: int) -> Self:
        made = super().__new__(cls)
        made.length = length
        return made

    length: int

    def __len__(self) -> int:
        return self.length


class _Skipping:
    """A stream whose long pieces are not read."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.tell = stream.tell

    def read(self, size: int) -> bytes:
        """The next bytes, or as much as nothing in their place."""
        if size <= _LONG:
            return self._stream.read(size)
        at = self._stream.tell()
        self._stream.seek(at + size - 1)
        # The last byte tells whether there are so many.
        return _Skipped(size) if self._stream.read(1) else b""

    def readline(self) -> bytes:
        """The next line, or as much of it as is read."""
        return self._stream.readline(_LONGEST_LINE)
