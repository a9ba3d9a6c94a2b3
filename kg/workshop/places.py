"""On which line of a file a term is described, or else first spoken of."""

import re
from collections.abc import Iterator

_PREFIX = re.compile(r"^[ \t]*@?prefix[ \t]+([\w-]*):[ \t]*<([^>]*)>", re.IGNORECASE | re.MULTILINE)
_WORD = re.compile(r"^#\+ ?(\w+):")
_IRI = re.compile(r"\b[a-z][a-z0-9+.-]*:[^\s<>]+")
_AFTER = r"(?![\w-])"


def declared(text: str) -> dict[str, str]:
    """The prefixes that a file in Turtle or SPARQL declares, with their namespaces.

    >>> declared("@prefix ext: <urn:x:> .")
    {'ext': 'urn:x:'}
    """
    return dict(_PREFIX.findall(text))


def line_of_prefix(text: str, prefix: str) -> int | None:
    """The line on which a prefix is declared."""
    found = (match for match in _PREFIX.finditer(text) if match[1] == prefix)
    return next((text.count("\n", 0, match.start()) + 1 for match in found), None)


def line_of(text: str, term: str) -> int | None:
    r"""The line on which a block about the term's IRI begins, else the first that names it.

    >>> line_of("@prefix ext: <urn:x:> .\n\next:Model a ext:Thing .", "urn:x:Model")
    3
    """
    written = "|".join(map(re.escape, _writings(text, term)))
    begins = re.search(rf"^(?:{written}){_AFTER}", text, re.MULTILINE)
    found = begins or re.search(rf"(?<![\w:-])(?:{written}){_AFTER}", text)
    return text.count("\n", 0, found.start()) + 1 if found else None


def line_told(text: str, told: str) -> int | None:
    """The line of the first IRI of a file that a sentence names."""
    for word in _IRI.findall(told):
        line = line_of(text, word.rstrip(".,:;>"))
        if line:
            return line
    return None


def line_of_word(text: str, word: str) -> int | None:
    r"""The line of a query's front matter that a word stands on.

    >>> line_of_word("#+ label: It is so\n#+ kind: lineage\n", "kind")
    2
    """
    for number, line in enumerate(text.splitlines(), 1):
        found = _WORD.match(line)
        if found and found[1] == word:
            return number
    return None


def line_of_value(text: str, value: str) -> int | None:
    """The line of a query's front matter, or else of the file, that a word stands on as a value."""
    wanted = re.compile(rf"(?<![\w.-]){re.escape(value)}(?![\w-])")
    numbered = list(enumerate(text.splitlines(), 1))
    first = sorted(numbered, key=lambda one: not one[1].startswith("#+"))
    return next((number for number, line in first if wanted.search(line)), None)


def line_of_front_matter(text: str, number: int) -> int:
    """The line of a file that a line of its front matter is, both counted from 1."""
    lines = [at for at, line in enumerate(text.splitlines(), 1) if line.startswith("#+")]
    return lines[min(number, len(lines)) - 1] if lines else 1


def _writings(text: str, term: str) -> Iterator[str]:
    yield f"<{term}>"
    for prefix, namespace in declared(text).items():
        if namespace and term.startswith(namespace):
            yield f"{prefix}:{term.removeprefix(namespace)}"
