"""Which data of a project share their fields, so that they may be one data set in two states (raw,
cleaned, split) or in two formats.

Each is compared with those that lie before it: in its own folder, and in the nearest folder before
that. Of each of these, only the data that share most are linked.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from kg.names import LIKELY, aligned, likeness
from kg.projects.identity import Entry
from kg.statements import Link, Node
from kg.vocabulary import Vocabulary

LINK = "sharesFieldsWith"
"""The link that is made."""

_FIELD, _RAW = "field", "RawData"
_LIKE_EACH_OTHER = {"TrainingData", "OperationalData"}
_LEAST_SHARE = 0.5
# Of equals in a folder before, copies in another format mostly, so many are looked at.
_MOST_LIKE = 2
# More tables than people compare, and more fields than say what a table is about.
_MOST_TABLES, _MOST_FIELDS, _MOST_LIKENED = 60, 400, 60


@dataclass(frozen=True, slots=True)
class _Table:
    """Data with the names of their fields, and the folder in which their source lies."""

    node: Node
    folder: str
    names: frozenset[str]

    @property
    def order(self) -> tuple[bool, str, str]:
        """Raw data come first, then what lies in folders of earlier names."""
        return self.node.kind != _RAW, self.folder, self.node.name


def sharing(entries: Iterable[Entry], vocabulary: Vocabulary) -> Iterator[Link]:
    """A link from data to those before them with which they share most, folder by folder."""
    tables = sorted(_tables(entries, vocabulary), key=lambda table: table.order)
    for place, table in enumerate(tables if len(tables) <= _MOST_TABLES else ()):
        before = [other for other in tables[:place] if _may_be_one(table, other)]
        here = [other for other in before if other.folder == table.folder]
        folders = dict.fromkeys(other.folder for other in before if other not in here)
        there = [other for other in before if other.folder in list(folders)[-1:]]
        for found in (*_most_alike(table, here)[:1], *_most_alike(table, there)[:_MOST_LIKE]):
            because = f"they have {_said(table, found)} in common"
            yield Link(LINK, table.node, found.node, because, confidence="likely")


def _tables(entries: Iterable[Entry], vocabulary: Vocabulary) -> Iterator[_Table]:
    names: dict[Node, dict[str, None]] = defaultdict(dict)
    folders: dict[Node, str] = {}
    for entry in entries:
        for statement in entry.reading.current:
            node = statement.node
            is_data = statement.attribute == _FIELD and "Data" in vocabulary.ancestors(node.kind)
            if is_data and isinstance(statement.value, Node) and not node.parts:
                names[node][statement.value.parts[-1][1]] = None
                path = PurePosixPath(node.name) if not node.named else entry.path
                folders.setdefault(node, str(path.parent))
    for node, found in names.items():
        if len(found) <= _MOST_FIELDS:
            yield _Table(node, folders[node], frozenset(found))


def _may_be_one(table: _Table, other: _Table) -> bool:
    """Whether nothing else is said about how the two relate, and they share enough."""
    kinds = {table.node.kind, other.node.kind}
    apart = table.node.name != other.node.name and kinds != _LIKE_EACH_OTHER
    return apart and _share(table, other) >= _LEAST_SHARE


def _most_alike(table: _Table, others: Sequence[_Table]) -> list[_Table]:
    """Those that share most with the table; that of the same name comes first."""
    stem = PurePosixPath(table.node.name).stem

    def likeness_of(other: _Table) -> tuple[float, float]:
        larger = max(len(table.names), len(other.names))
        return _share(table, other), len(_common(table, other)) / larger

    likest = max(map(likeness_of, others), default=(0.0, 0.0))
    found = [other for other in others if likeness_of(other) == likest]
    return sorted(found, key=lambda other: PurePosixPath(other.node.name).stem != stem)


def _share(table: _Table, other: _Table) -> float:
    """The share of the fields of the smaller one that the larger has, too."""
    smaller = min(len(table.names), len(other.names))
    common = _common(table, other)
    # A single field tells nothing, unless it is all there is and has the very same name.
    if len(common) < 2 and not (smaller == 1 and table.names & other.names):  # noqa: PLR2004
        return 0.0
    return len(common) / smaller


def _common(table: _Table, other: _Table) -> frozenset[str]:
    """The names of the smaller one that some name of the larger is, or is very like."""
    smaller, larger = sorted((table.names, other.names), key=len)
    keys = {aligned(name) for name in larger}
    same = frozenset(name for name in smaller if aligned(name) in keys)
    if len(same) == len(smaller) or len(larger) > _MOST_LIKENED:
        return same
    left = keys - {aligned(name) for name in same}
    like = (
        name
        for name in smaller - same
        if any(likeness(aligned(name), key) >= LIKELY for key in left)
    )
    return same | frozenset(like)


def _said(table: _Table, other: _Table) -> str:
    smaller = min(len(table.names), len(other.names))
    return f"{len(_common(table, other))} of {smaller} field{'s' * (smaller > 1)}"
