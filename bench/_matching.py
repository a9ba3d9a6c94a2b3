"""When what was reported is what a ground truth holds: rules that know no system.

An item of a truth has *places*: a file, and mostly a line. Where none is carried, every file that
its texts name is a place. Evidence meets a place in one of five ways, and no other:

  exactly   it stands in the file at the line, or the place has no line;
  alike     it stands in the file at another line that says the same, word by word;
  entry     the line belongs to the same entry of a JSON or YAML file: the lines around it that are
            indented as far as it, or farther;
  whole     it speaks of the file as a whole, as what is said of something not in it does;
  table     the file is a table, where a line is an example of what its columns hold.

A finding is *about* an item if the words of its own item, or those of all its values, are among the
words of the truth's item: of its title, its texts and the headings of its tables. Where it has no
item, one value is enough, or that it meets a place exactly or is of the same subcategory.
Where all places of an item are lines of tables, which are about many things, it has to be of the
same subcategory. Then

  a mismatch is found     if mismatches about it, each with evidence in two of its files where it
                          has two, together meet every place of it, or two of those that only its
                          texts name;
  a control is reported   if one mismatch about it meets two of its places, or its only one;
  a gap is found          if an undecided finding of the same subcategory has evidence in one of its
                          files, or is about an element whose folder holds one of them or that has
                          no folder. Where nothing is stated of an element, the finding that says so
                          stands for all subcategories of the element.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

TABLES = (".csv", ".tsv", ".jsonl", ".parquet")
ENTRIES = (".json", ".yaml", ".yml", ".lock", ".dvc", "MLmodel")
WAYS = ("exactly", "alike", "entry", "whole", "table")
NAMED = re.compile(r"[\w./-]+\.\w+")

Finding = Mapping[str, Any]
"""A finding as the JSON report has it."""


@dataclass(frozen=True, slots=True)
class Place:
    """A file below a project, and the line that a truth gives, if it gives one."""

    file: str
    line: int | None = None

    def __str__(self) -> str:
        return self.file if self.line is None else f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Item:
    """A mismatch, gap or control of a truth, with its places in files that are there, which are
    `carried` where not only its texts name them.
    """

    id: str
    kind: str
    detect: str
    subcategory: str
    title: str
    scored: bool
    because: str
    places: tuple[Place, ...]
    carried: bool
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Match:
    """What was found of an item: by which findings, and how each of its places was met."""

    item: Item
    findings: tuple[Finding, ...] = ()
    met: Mapping[Place, str] = field(default_factory=dict)

    @property
    def found(self) -> bool:
        """Whether there are findings, and none of its places was left out."""
        least = len(self.item.places) if self.item.carried else min(2, len(self.item.places))
        return bool(self.findings) and (self.item.kind != "mismatch" or len(self.met) >= least)

    @property
    def exactly(self) -> bool:
        """Whether it was found, and each of its places was met in its line."""
        return self.found and set(self.met.values()) == {"exactly"}


def item(entry: Mapping[str, Any], root: Path, within: str) -> Item:
    """An item of a truth, whose files lie below `within`, which lies below the root."""
    folder = root / within
    texts = [entry["title"], *(e.get("text", "") for e in entry["evidence"])]
    computed = [e["computed"] for e in entry["evidence"] if "computed" in e]
    carried = [
        Place(e["file"].removeprefix(f"{within}/"), e.get("line"))
        for e in entry["evidence"]
        if "file" in e and (root / e["file"]).is_file()
    ]
    headings = [_heading(folder / place.file) for place in carried if place.file.endswith(".csv")]
    return Item(
        entry["id"],
        entry["kind"],
        entry["detect"],
        entry["subcategory"],
        entry["title"],
        entry.get("scored", True),
        entry.get("because", ""),
        tuple(carried or _named(" ".join([entry["title"], *computed]), folder)),
        bool(carried),
        _words(" ".join([*texts, *computed, *headings])),
    )


def match(wanted: Item, findings: Sequence[Finding], folder: Path) -> Match:
    """What of the findings of a project is this item."""
    if wanted.kind == "gap":
        told = [f for f in findings if f["verdict"] == "undecided" and _asks(f, wanted, folder)]
        return Match(wanted, tuple(told))
    found: list[Finding] = []
    met: dict[Place, str] = {}
    for finding in findings:
        how = _met(finding, wanted, folder)
        if finding["verdict"] == "mismatch" and _enough(finding, wanted, how):
            found.append(finding)
            met |= {place: way for place, way in how.items() if met.get(place) != "exactly"}
    return Match(wanted, tuple(found), met)


def places(finding: Finding) -> Iterator[Place]:
    """Where the evidence of a finding stands."""
    for evidence in finding["evidence"]:
        for source in evidence["sources"]:
            yield Place(source["file"], source.get("line"))


def _enough(finding: Finding, wanted: Item, how: Mapping[Place, str]) -> bool:
    """Whether a mismatch meets enough of an item to count, and is about it."""
    if wanted.kind == "control":
        enough = len(how) >= min(2, len(wanted.places))
    else:
        files = {place.file for place in wanted.places}
        least = min(2, len(files)) if wanted.carried else 1
        enough = len(files & {place.file for place in places(finding)}) >= least
    return enough and bool(how) and _about(finding, wanted, how)


def _met(finding: Finding, wanted: Item, folder: Path) -> dict[Place, str]:
    stated = list(places(finding))
    met = ((place, [_way(place, one, folder) for one in stated]) for place in wanted.places)
    return {place: min(filter(None, how), key=WAYS.index) for place, how in met if any(how)}


def _way(place: Place, stated: Place, folder: Path) -> str | None:
    if place.file != stated.file:
        return None
    if place.line is None or place.line == stated.line:
        return "exactly"
    if place.file.endswith(TABLES):
        return "table"
    if stated.line is None:
        return "whole"
    lines = _lines(folder / place.file)
    if lines[place.line - 1 : place.line] == lines[stated.line - 1 : stated.line]:
        return "alike"
    if place.file.endswith(ENTRIES) and stated.line in _entry(lines, place.line):
        return "entry"
    return None


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8", errors="replace").splitlines()


def _entry(lines: list[str], line: int) -> range:
    """The lines of the entry that a line belongs to."""
    indents = [len(text) - len(text.lstrip()) if text.strip() else 10**6 for text in lines]
    own = indents[line - 1] or 1
    first = last = line - 1
    while first and indents[first - 1] >= own and indents[line - 1]:
        first -= 1
    while last + 1 < len(lines) and indents[last + 1] >= own:
        last += 1
    return range(first + 1, last + 2)


def _about(finding: Finding, wanted: Item, how: Mapping[Place, str]) -> bool:
    same = wanted.subcategory in finding["mismatches"]
    if all(place.line and place.file.endswith(TABLES) for place in wanted.places) and not same:
        return False
    values = [_words(str(e["value"])) for e in finding["evidence"] if e["value"] is not None]
    if finding["item"] is not None:
        # A file is called by its name.
        named = _words(PurePosixPath(finding["item"]).name) <= wanted.words
        return named or (len(values) > 1 and all(one and one <= wanted.words for one in values))
    return same or "exactly" in how.values() or any(one and one <= wanted.words for one in values)


def _asks(finding: Finding, wanted: Item, folder: Path) -> bool:
    category = wanted.subcategory.partition(".")[0]
    if not finding["evidence"]:
        return _initials(str(finding["item"])) == category
    if wanted.subcategory not in finding["mismatches"]:
        return False
    files = {place.file for place in wanted.places}
    if files & {place.file for place in places(finding)}:
        return True
    return any(
        not (folder / one["label"]).exists() or any(_holds(one["label"], file) for file in files)
        for one in (finding["subject"], finding["object"])
        if one is not None
    )


def _holds(label: str, file: str) -> bool:
    return file == label or file.startswith(f"{label}/")


def _named(text: str, folder: Path) -> list[Place]:
    """The files of a project that a text names, by the end of their paths."""
    files = [str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()]
    names = {name.rstrip(".") for name in NAMED.findall(text)}
    return [Place(f) for f in sorted(files) if any(f"/{f}".endswith(f"/{name}") for name in names)]


def _heading(path: Path) -> str:
    with path.open(encoding="utf-8", errors="replace") as lines:
        return lines.readline()


def _words(text: str) -> frozenset[str]:
    """The words of a text in small letters, those of more than three without the s of a plural."""
    found = re.findall(r"[^\W_]+", text.casefold())
    return frozenset(word[:-1] if word[3:] and word[-1] == "s" else word for word in found)


def _initials(item: str) -> str:
    return "".join(word[0] for word in item.split() if word != "and").upper()
