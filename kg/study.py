"""The study behind the ontology: its examples and ratings, the paper's figures made again from
them, and what the paper prints.

Figures are queries in `queries/study/` over `ontology/study/` and `ontology/mismatches.ttl`; here
their rows become records.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from kg.extensions import knowledge_files
from kg.findings import ALL
from kg.namespaces import iri, local
from kg.paths import knowledge_roots
from kg.queries import query
from kg.stores import Row, Store, open_store
from kg.triples import n_triples, read_triples

_GRAPH = "mm:study"
_NEAR = 0.5
"""How far a share may be from what the paper prints in whole percent."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, and what the paper prints of it, if anything, in whole percent.

    `group` is the category of a mismatch; `among` the role whose respondents are counted.
    """

    code: str
    label: str
    count: int
    of: int
    percent: float
    printed: int | None = None
    group: str = ""
    among: str = ALL

    @property
    def agrees(self) -> bool:
        """Whether the share rounds to what the paper prints, where it prints one."""
        return self.printed is None or abs(self.percent - self.printed) <= _NEAR


@dataclass(frozen=True, slots=True)
class Answers:
    """How respondents rated one mismatch: how many gave each of the `LEVELS`."""

    share: Share
    levels: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the paper and the data differ, what it is about, and why."""

    name: str
    where: str
    why: str
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """An example of mismatch, in our words."""

    id: str
    interview: int
    gist: str
    codes: tuple[str, ...]


LEVELS = ("not important", "somewhat important", "important", "very important")
"""The levels of the survey's answers."""


class Study:
    """The study as our knowledge folder states it; it is read, and each figure asked for, when it
    is first wanted.
    """

    @cached_property
    def totals(self) -> Mapping[str, int]:
        """How many examples, interviews, codes, mismatches and respondents there are."""
        (row,) = self._rows("totals")
        return {name: int(text) for name, text in row.items()}

    @cached_property
    def categories(self) -> tuple[Share, ...]:
        """Figure 2: categories among all codes, the largest first."""
        return tuple(map(_share, self._rows("figure-2")))

    @cached_property
    def subcategories(self) -> tuple[Share, ...]:
        """Figure 3: mismatches among the codes of their category, largest first in each."""
        return tuple(map(_share, self._rows("figure-3")))

    @cached_property
    def answers(self) -> tuple[Answers, ...]:
        """Figure 5: the answers of all respondents, the most important mismatch first."""
        levels = ("not", "somewhat", "important", "very")
        return tuple(
            Answers(_share(row), tuple(int(row[level]) for level in levels))
            for row in self._rows("figure-5")
        )

    @cached_property
    def importance(self) -> tuple[Share, ...]:
        """Table II: to how many of all, and of each role, each mismatch is important."""
        return tuple(map(_share, self._rows("table-2")))

    def by_role(self) -> tuple[tuple[str, ...], Mapping[str, tuple[Share, ...]]]:
        """Table II as a table: the roles, all together first, and each mismatch's shares."""
        shares = {(one.code, one.among): one for one in self.importance}
        roles = tuple(dict.fromkeys([ALL, *(role for _, role in shares)]))
        codes = dict.fromkeys(code for code, _ in shares)
        return roles, {code: tuple(shares[code, role] for role in roles) for code in codes}

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """Where the paper and the data differ."""
        found: dict[str, Difference] = {}
        for row in self._rows("differences"):
            name = row["difference"].removeprefix(iri("study:difference-"))
            about = (*(found[name].about if name in found else ()), *_code(row))
            found[name] = Difference(name, row["where"], row["why"], about)
        return tuple(found.values())

    @cached_property
    def examples(self) -> tuple[Example, ...]:
        """The examples, in the order of the interviews."""
        found: dict[str, Example] = {}
        for row in self._rows("examples"):
            name = row["example"].removeprefix(iri("study:"))
            codes = (*(found[name].codes if name in found else ()), *_code(row))
            found[name] = Example(name, int(row["interview"]), row["gist"], codes)
        return tuple(found.values())

    def _rows(self, name: str) -> Sequence[Row]:
        return self._store.select(query("study", name, study=_GRAPH))

    @cached_property
    def _store(self) -> Store:
        store = open_store("memory:")
        store.put(iri(_GRAPH), "\n".join(_lines()))
        return store


def figures(study: Study) -> Mapping[str, tuple[Share, ...]]:
    """The shares of each figure and table of the paper that is made again, by its name."""
    return {
        "figure-2": study.categories,
        "figure-3": study.subcategories,
        "figure-5": tuple(one.share for one in study.answers),
        "table-2": study.importance,
    }


def _lines() -> Iterator[str]:
    root = knowledge_roots()[0]
    mismatches = root / "ontology" / "mismatches.ttl"
    return n_triples(read_triples([mismatches, *knowledge_files([root], "ontology/study", "ttl")]))


def _share(row: Row) -> Share:
    return Share(
        code=row["code"],
        label=row["label"],
        count=int(row["count"]),
        of=int(row["of"]),
        percent=float(row["percent"]),
        printed=int(row["printed"]) if "printed" in row else None,
        group=row.get("group", ""),
        among=local(row["role"]) if "role" in row else ALL,
    )


def _code(row: Row) -> tuple[str, ...]:
    return (row["code"],) if "code" in row else ()
