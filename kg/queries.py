"""Our own queries: files in `queries/`, with `$names` that stand for IRIs."""

import re
from collections.abc import Iterable
from functools import cache

from kg.errors import KnowledgeError
from kg.paths import knowledge_roots
from kg.writing import reference

_NAME = re.compile(r"\$(\w+)")


def query(folder: str, name: str, **iris: str | Iterable[str]) -> str:
    """The text of `queries/<folder>/<name>.rq` with each `$name` replaced by its IRI, or by several
    IRIs; raises KnowledgeError.
    """
    return _NAME.sub(lambda found: _written(iris[found[1]]), _text(folder, name))


def _written(iris: str | Iterable[str]) -> str:
    return " ".join(map(reference, [iris] if isinstance(iris, str) else iris))


@cache
def _text(folder: str, name: str) -> str:
    path = knowledge_roots()[0] / "queries" / folder / f"{name}.rq"
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise KnowledgeError(f"There is no query {path}", "Restore the file") from error
