"""Where knowledge lives: the folders that hold `ontology/`, `shapes/` and `queries/`.

Only finds the folders; what stands in them is read, and judged, on the floor above.
"""

from collections.abc import Iterable
from pathlib import Path

from kg.errors import KnowledgeError

_SHELVES = ("ontology", "shapes", "queries")


def knowledge_roots(extra: Iterable[Path] = ()) -> list[Path]:
    """Our own knowledge folder, then each extra one, which is laid over those before it.

    Raises KnowledgeError if an extra folder is not there, or holds no knowledge.

    >>> [root.joinpath("ontology", "core.ttl").is_file() for root in knowledge_roots()]
    [True]
    """
    # A folder that is named twice, by an option and by the environment, is one.
    return [*dict.fromkeys([_own_root(), *(_checked(folder).resolve() for folder in extra)])]


def _own_root() -> Path:
    # A wheel carries the files inside the package; in a checkout they stand beside it.
    package = Path(__file__).resolve().parent
    inside = package / "_data"
    return inside if inside.is_dir() else package.parent


def _checked(folder: Path) -> Path:
    if not folder.is_dir():
        raise KnowledgeError(
            f"The knowledge folder {folder} does not exist", "Name a folder that does"
        )
    if not any((folder / shelf).is_dir() for shelf in _SHELVES):
        raise KnowledgeError(
            f"The folder {folder} holds no knowledge",
            "Put files into ontology/, shapes/ or queries/ below it",
        )
    return folder
