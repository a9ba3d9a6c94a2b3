"""Brings the store to what the history says: the graphs of each project, and those of all together.

Beside its graphs, the store notes in a graph of its own what each project was made from. All of a
project changes in one step, that note too, so what is noted is so. A triple stands in the graph of
all public projects as long as one of them states it.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from hashlib import sha256

from kg.errors import StoreUnreachable
from kg.history import Connection, History, projects, revisions, shared
from kg.history.projects import KeptProject
from kg.identifiers import kept_iri, knowledge_iri, private_iri, project_iri, public_iri
from kg.keeping.normal import as_kept
from kg.keeping.provenance import provenance
from kg.queries import query
from kg.stores import ServedStore
from kg.writing import literal, reference, triple

_PUBLIC, _PRIVATE = "public", "private"

Graphs = dict[str, set[str]]
"""The lines of N-Triples of each named graph."""


@dataclass(frozen=True, slots=True)
class State:
    """The graphs of a project, and what they were made from; nothing where there is no project."""

    mark: str = ""
    graphs: Graphs = field(default_factory=dict)

    @property
    def is_public(self) -> bool:
        """Whether everybody may see it."""
        return self.mark.startswith(_PUBLIC)

    @property
    def triples(self) -> set[str]:
        """All that its graphs state."""
        return set().union(*self.graphs.values())


def settle(history: History, store: ServedStore, project: str, base: str) -> None:
    """Bring the store to what the history says of one project; raises StoreError, and has changed
    nothing then.
    """
    with history.reading() as connection:
        wanted = _wanted(connection, project, base)
    _Change(store, base, project).make(wanted)


def settle_all(history: History, store: ServedStore, base: str) -> list[str]:
    """Settle whatever project differs, and tell which; raises StoreError."""
    with history.reading() as connection:
        wanted = {
            project_iri(base, one.id): (one.id, _mark(connection, one)) for one in _all(connection)
        }
    asked = query("keeping", "marks", kept=kept_iri(base))
    kept: dict[str, set[str]] = {}
    for row in store.select(asked):
        kept.setdefault(row["project"], set()).add(row["mark"])
    ids = [name for iri, (name, mark) in wanted.items() if kept.get(iri) != {mark}]
    root = project_iri(base, "x").removesuffix("x")
    others = kept.keys() - wanted.keys() - {knowledge_iri(base)}
    ids += [iri.removeprefix(root) for iri in others]
    for name in sorted(ids):
        settle(history, store, name, base)
    return ids


def require_base(history: History, base: str) -> None:
    """Raises StoreUnreachable where what is kept was named below another IRI."""
    with history.writing() as connection:
        kept = shared.base(connection, base)
    if kept != base:
        raise StoreUnreachable(
            f"What is in this store was named below {kept}, not {base}",
            f"Set MISMATCH_BASE to {kept}, or load the projects into a new store",
        )


def strangers(history: History, store: ServedStore) -> list[str]:
    """The ids of projects in the store that the history does not know, because another program put
    them there: nothing of them is kept, and the graph of all has none of it.
    """
    with history.reading() as connection:
        known = set(projects.ids(connection))
    rows = store.select(query("workspace", "projects"))
    return sorted({row["id"] for row in rows} - known)


def settle_knowledge(store: ServedStore, triples: str, base: str) -> None:
    """Put the knowledge that stands beside the projects; what is there already stays."""
    name, kept = knowledge_iri(base), kept_iri(base)
    # The triples themselves cannot be compared: some have blank nodes.
    mark = literal(sha256(triples.encode()).hexdigest())
    noted = triple(name, "mm:written", mark)
    before = {line for line in store.triples(kept) if line.startswith(f"{reference(name)} ")}
    if noted not in before:
        store.replace(name, [triples])
        store.change({kept: before}, {kept: {noted}})


def _all(connection: Connection) -> Iterator[KeptProject]:
    for name in projects.ids(connection):
        yield projects.get(connection, name)


def _mark(connection: Connection, project: KeptProject) -> str:
    """What stands for all that the graphs of a project are made from."""
    made, across = revisions.made(connection, project), shared.found_at(connection, project.id)
    seen = _PRIVATE if project.private else _PUBLIC
    title = sha256(project.title.encode()).hexdigest()[:8]
    return f"{seen} {project.revision} {made} {title} {across}"


def _wanted(connection: Connection, name: str, base: str) -> State:
    """What the history says of a project."""
    if not projects.has(connection, name):
        return State()
    project = projects.get(connection, name)
    mark = _mark(connection, project)
    if not project.revision:
        return State(mark)
    revision = revisions.get(connection, name, project.revision)
    files = revisions.files(connection, name, project.revision)
    graphs = graphs_of(revisions.graphs(connection, name, project.revision))
    told = f"{project_iri(base, name)}/provenance"
    said = provenance(project, revision, files, graphs.keys(), base)
    across = shared.across(connection, name)
    if across is not None:
        graphs |= graphs_of(across.graphs)
    graphs.setdefault(told, set()).update(graphs_of(as_kept({told: said}))[told])
    return State(mark, graphs)


def graphs_of(quads: str) -> Graphs:
    """The graphs of lines of N-Quads."""
    found: Graphs = {}
    for line in filter(None, quads.split("\n")):
        # A name has no blanks, whatever stands before it.
        triple_, graph, _ = line.rsplit(" ", 2)
        found.setdefault(graph[1:-1], set()).add(f"{triple_} .")
    return found


class _Change:
    """Takes the store from what it holds of a project to what is wanted, in one step."""

    def __init__(self, store: ServedStore, base: str, project: str) -> None:
        self._store = store
        self._kept = kept_iri(base)
        self._public = public_iri(base)
        self._private = private_iri(base, project)
        self._project = project_iri(base, project)

    def make(self, wanted: State) -> None:
        before = self._before() or self._mended()
        if wanted.mark == before.mark:
            return
        old, new = self._placed(before), self._placed(wanted)
        gone = {name: lines - new.get(name, set()) for name, lines in old.items() if name in new}
        come = {name: lines - old.get(name, set()) for name, lines in new.items()}
        stated = before.triples if before.is_public else set()
        states = wanted.triples if wanted.is_public else set()
        gone[self._public] = self._unstated(stated - states, set(old))
        come[self._public] = states - stated
        gone[self._kept], come[self._kept] = self._noted(before, old), self._noted(wanted, new)
        # What is dropped goes before anything comes.
        self._store.change(gone, come, sorted(old.keys() - new.keys()), note=self._kept)

    def _before(self) -> State | None:
        """What the store holds of the project; None where that cannot be told, because a change was
        not finished or another program put graphs of the project there.
        """
        marks, names = self._noted_there()
        if len(marks) == 1:
            graphs = {name: self._store.triples(name) for name in names if name != self._private}
            return State(marks[0], graphs)
        return None if marks or names or self._strange() else State()

    def _noted_there(self) -> tuple[list[str], list[str]]:
        """The marks of the project, and the graphs that are noted to be of it."""
        asked = query("keeping", "graphs", kept=self._kept, project=self._project)
        rows = self._store.select(asked)
        return [row["mark"] for row in rows if "mark" in row], [
            row["graph"] for row in rows if "graph" in row
        ]

    def _strange(self) -> list[str]:
        """All graphs of the project, whoever put them into the store."""
        root = f"{self._project}/"
        return [name for name in self._store.names() if name.startswith(root)]

    def _mended(self) -> State:
        """Takes all that there may be of the project out of the store."""
        marks, names = self._noted_there()
        names = sorted({*names, *self._strange()})
        noted = {line for mark in marks for line in self._noted(State(mark), names)}
        noted |= {triple(name, "mm:describes", reference(self._project)) for name in names}
        gone = {self._public: self._unstated(self._store.triples(self._public), set(names))}
        # The note goes last, so that who is interrupted here begins anew.
        self._store.change({**gone, self._kept: noted}, {}, names)
        return State()

    def _placed(self, state: State) -> Graphs:
        """Its graphs, and that of all that a private project states."""
        if not state.mark or state.is_public or not state.graphs:
            return state.graphs
        return {**state.graphs, self._private: state.triples}

    def _noted(self, state: State, graphs: Collection[str]) -> set[str]:
        if not state.mark:
            return set()
        about = {triple(name, "mm:describes", reference(self._project)) for name in graphs}
        return {*about, triple(self._project, "mm:written", literal(state.mark))}

    def _unstated(self, triples: set[str], own: set[str]) -> set[str]:
        """Those that no other public project states."""
        stating = dict(self._store.stating(triples))
        others = {name for names in stating.values() for name in names} - own
        public = self._public_ones(sorted(others - {self._public}))
        return {line for line, names in stating.items() if public.isdisjoint(set(names) - own)}

    def _public_ones(self, graphs: list[str]) -> set[str]:
        if not graphs:
            return set()
        rows = self._store.select(query("keeping", "owners", graphs=graphs, kept=self._kept))
        return {row["graph"] for row in rows if row["mark"].startswith(_PUBLIC)}
