"""Which element a statement belongs to, where its source does not say.

Statements whose source names no element belong to the only element of their kind. An element is
named by the source (`name:`), its folder (a model folder), its workload, or else its file. Several
of a kind stay apart until `mismatch.yaml` says which source means which.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from kg.projects.settings import FILE, IGNORE, Settings
from kg.statements import Node, Reading, Statement
from kg.vocabulary import Vocabulary

DATA = "Data"
"""The class of data whose role in the system is not known."""

_MANIFESTS = frozenset({"azureml", "kubernetes"})

Move = Callable[[Node], Node]


@dataclass(frozen=True, slots=True)
class Entry:
    """One source of a project with what was read from it; `via` is the place that sent us to the
    source.
    """

    path: PurePosixPath
    digest: str
    importer: str
    reading: Reading
    via: str | None = None


def settle(
    entries: Iterable[Entry], settings: Settings, vocabulary: Vocabulary
) -> tuple[list[Entry], list[str]]:
    """The entries with every node's element settled, and in words what was guessed on the way."""
    notes: list[str] = []
    known = [_with_role(entry, settings, vocabulary, notes) for entry in entries]
    claimed = _with_claims(_deployments_apart(known))
    names = _names(claimed)
    return [replace(e, reading=moved(e.reading, names)) for e in claimed], notes


def moved(reading: Reading, move: Move) -> Reading:
    """The reading with each node's element put through `move`."""

    def put(found: Node) -> Node:
        element = found.element
        to = move(element)
        return found if to == element else replace(to, parts=found.parts)

    node = once(put)

    def statement(found: Statement) -> Statement:
        value = node(found.value) if isinstance(found.value, Node) else found.value
        owner = node(found.node)
        stays = owner is found.node and value is found.value
        return found if stays else replace(found, node=owner, value=value)

    return replace(
        reading,
        statements=tuple(map(statement, reading.statements)),
        links=tuple(
            replace(link, subject=node(link.subject), object=node(link.object))
            for link in reading.links
        ),
        claims=tuple(replace(claim, node=node(claim.node)) for claim in reading.claims),
        complete=tuple((node(owner), attribute) for owner, attribute in reading.complete),
        elements=tuple(map(node, reading.elements)),
        types=tuple((node(owner), kind) for owner, kind in reading.types),
    )


def once(work: Move) -> Move:
    """The same work, done once for each object: to compare nodes takes as long as most of it."""
    known: dict[int, tuple[Node, Node]] = {}

    def done(node: Node) -> Node:
        found = known.get(id(node))
        if found is None:
            # The node is kept, or another could get its identity.
            found = known[id(node)] = node, work(node)
        return found[1]

    return done


def types(entries: Iterable[Entry]) -> dict[Node, tuple[str, ...]]:
    """The narrower classes that sources give each element, wherever they do."""
    found: dict[Node, dict[str, None]] = defaultdict(dict)
    for entry in entries:
        for element, kind in entry.reading.types:
            found[element][kind] = None
    return {element: tuple(kinds) for element, kinds in found.items()}


def elements(entries: Iterable[Entry]) -> dict[Node, None]:
    """Every element that something is stated about, in the order of sources."""
    return {
        element: None
        for entry in entries
        for element in (
            *entry.reading.elements,
            *(node.element for node in described(entry.reading)),
        )
    }


def described(reading: Reading) -> Iterable[Node]:
    """What something is stated about; what is one object, once."""
    return {id(statement.node): statement.node for statement in reading.statements}.values()


def _with_role(entry: Entry, settings: Settings, vocabulary: Vocabulary, notes: list[str]) -> Entry:
    role = settings.role(entry.path)
    name = settings.element(entry.path)
    guess = None if role else _guess(entry, vocabulary)
    if guess:
        notes.append(
            f"{entry.path} is taken for {guess} because of its name; `roles:` in {FILE} decides"
        )
    said = role[0] if role else guess
    kind = vocabulary.base(said) if said else None

    def move(node: Node) -> Node:
        if _is_of_another_file(node, entry):
            return _with_own_role(node, settings, vocabulary)
        if kind and (node.kind == DATA or (role and not node.named)):
            node = replace(node, kind=kind)
        if name:
            node = replace(node, name=name[0], named=True, iri=None, mentioned=False)
        return node

    others = any(_is_of_another_file(node, entry) for node in elements([entry]))
    if not (kind or name or others):
        return entry
    reading = moved(entry.reading, move)
    if said and said != kind:
        named = [node for node in map(move, elements([entry])) if node.kind == kind]
        reading = replace(reading, types=(*reading.types, *((node, said) for node in named)))
    return replace(entry, reading=reading)


def _is_of_another_file(node: Node, entry: Entry) -> bool:
    """Whether a source speaks of data that it knows by the path of their file."""
    return node.kind == DATA and not node.named and node.name not in {"", str(entry.path)}


def _with_own_role(node: Node, settings: Settings, vocabulary: Vocabulary) -> Node:
    """The data of a file with the role and name that they have, whichever source speaks of them."""
    path = PurePosixPath(node.name)
    name, role = settings.element(path), settings.role(path)
    kind = role[0] if role and role[0] != IGNORE else _guessed(path, vocabulary)
    kind = vocabulary.base(kind) if kind else None
    if name:
        node = replace(node, name=name[0], named=True)
    return replace(node, kind=kind or DATA)


def _guess(entry: Entry, vocabulary: Vocabulary) -> str | None:
    data = (node for node in elements([entry]) if node.kind == DATA)
    if all(_is_of_another_file(node, entry) for node in data):
        return None
    return _guessed(entry.path, vocabulary)


def _guessed(path: PurePosixPath, vocabulary: Vocabulary) -> str | None:
    """The kind of data that the words of a path speak for; those of the file's name come first."""
    words = {
        word: element.name
        for element in vocabulary.concrete()
        for word in vocabulary.triples.values(element.name, "skos:hiddenLabel")
    }
    for text in (path.stem, *reversed(path.parent.parts)):
        kinds = {words[word] for word in re.split(r"[^a-z]+", text.lower()) if word in words}
        if kinds:
            return kinds.pop() if len(kinds) == 1 else None
    return None


def _deployments_apart(entries: list[Entry]) -> list[Entry]:
    """Workloads of one name in several manifests (stages, overlays) as an element for each file."""
    files: dict[Node, set[PurePosixPath]] = defaultdict(set)
    for entry in entries:
        if entry.importer in _MANIFESTS:
            for node in elements([entry]):
                if not node.mentioned:
                    files[node].add(entry.path)

    def apart(entry: Entry) -> Move:
        def move(node: Node) -> Node:
            several = len(files.get(node, ())) > 1
            return replace(node, name=f"{entry.path}/{node.name}") if several else node

        return move

    return [
        replace(entry, reading=moved(entry.reading, apart(entry)))
        if entry.importer in _MANIFESTS
        else entry
        for entry in entries
    ]


def _with_claims(entries: list[Entry]) -> list[Entry]:
    present = {str(entry.path) for entry in entries}
    claims: dict[str, dict[Node, str]] = defaultdict(dict)
    for entry in entries:
        for claim in entry.reading.claims:
            path = next((path for path in claim.paths if path in present), None)
            if path:
                line = f":{claim.place.line}" if claim.place.line else ""
                claims[path].setdefault(claim.node, f"{entry.path}{line}")
    return [_claimed(entry, claims) for entry in entries]


def _claimed(entry: Entry, claims: Mapping[str, Mapping[Node, str]]) -> Entry:
    """The entry as the elements that claim it would state it; as it is where none does."""
    owners = list(_owners(entry, claims))
    if not owners:
        return entry
    readings = [moved(entry.reading, _to(owner, str(entry.path))) for owner, _ in owners]
    merged = replace(
        entry.reading,
        statements=tuple(s for reading in readings for s in reading.statements),
        links=tuple(link for reading in readings for link in reading.links),
        complete=tuple(c for reading in readings for c in reading.complete),
        elements=tuple(node for reading in readings for node in reading.elements),
        types=tuple(one for reading in readings for one in reading.types),
    )
    return replace(entry, reading=merged, via=owners[0][1])


def _owners(entry: Entry, claims: Mapping[str, Mapping[Node, str]]) -> Iterator[tuple[Node, str]]:
    waiting = list(claims.get(str(entry.path), {}).items())
    seen = set()
    for owner, via in waiting:
        further = claims.get(owner.name, {}) if not owner.named else {}
        if owner in seen:
            continue
        seen.add(owner)
        if further:
            waiting += [(node, via) for node in further]
        else:
            yield owner, via


def _to(owner: Node, path: str) -> Move:
    return lambda node: owner if not node.named and node.name == path else node


def _names(entries: Iterable[Entry]) -> Move:
    by_kind: dict[str, dict[Node, None]] = defaultdict(dict)
    for node in elements(entries):
        if not node.mentioned:
            by_kind[node.kind][node] = None
    only = {kind: _only(nodes) for kind, nodes in by_kind.items() if kind != DATA}

    def move(node: Node) -> Node:
        one = None if node.mentioned else only.get(node.kind)
        return one if one and (node in by_kind[node.kind] or not node.named) else node

    return move


def _only(nodes: Iterable[Node]) -> Node | None:
    """The one element that all the nodes mean, or None where they may mean several."""
    named = [node for node in nodes if node.named]
    filed = [node for node in nodes if not node.named and node.name]
    if len(named) > 1 or len(filed) > 1:
        return None
    return next(iter((*named, *filed, *nodes)))
