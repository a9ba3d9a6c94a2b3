"""Files in `queries/`: our own, with `$names` that stand for IRIs, and the front matter of all."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from kg.errors import DescriptorError, KnowledgeError
from kg.paths import knowledge_roots
from kg.reading import read_yaml
from kg.writing import reference

_NAME = re.compile(r"\$(\w+)")
_HEADER = re.compile(r"^#\+ ?(.*)$", re.MULTILINE)


def query(folder: str, name: str, **iris: str | Iterable[str]) -> str:
    """The text of `queries/<folder>/<name>.rq` with each `$name` replaced by its IRI, or by several
    IRIs; raises KnowledgeError.
    """
    return _NAME.sub(lambda found: _written(iris[found[1]]), _text(folder, name))


def front_matter(path: Path, text: str, fault: type[KnowledgeError]) -> dict[str, Any]:
    """What the lines of a query's text that begin with `#+` say; nothing where they are no mapping.
    Raises the fault, which names the file, where they are no YAML.
    """
    try:
        words = read_yaml("\n".join(_HEADER.findall(text))).value
    except DescriptorError as error:
        raise fault(f"{path}: its front matter is not YAML: {error}", "Correct it") from error
    return words if isinstance(words, dict) else {}


def body(text: str) -> str:
    """The query without its front matter."""
    return _HEADER.sub("", text).strip()


def _written(iris: str | Iterable[str]) -> str:
    return " ".join(map(reference, [iris] if isinstance(iris, str) else iris))


@cache
def _text(folder: str, name: str) -> str:
    path = knowledge_roots()[0] / "queries" / folder / f"{name}.rq"
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise KnowledgeError(f"There is no query {path}", "Restore the file") from error
