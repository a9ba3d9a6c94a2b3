"""Reads what descriptions in the words of schema.org have in common: texts, licences, and software
with its versions. They are read as plain JSON, since no context is ever fetched.
"""

import re
from collections.abc import Iterator, Mapping

from kg.importers._environments import Packages, place, shortened
from kg.importers._pip import require
from kg.reading import Tree
from kg.statements import Place
from kg.versions import Dialect

Steps = tuple[str | int, ...]

_SPDX = re.compile(r"https?://(?:www\.)?spdx\.org/licenses/([\w.+-]+?)(?:\.html|\.json)?/?")
_CREATIVE = re.compile(r"https?://creativecommons\.org/licenses/([a-z-]+)/([\d.]+)(?:/.*)?")
_VERSIONED = re.compile(
    r"([A-Za-z][\w .+-]*?)\s*(?:version\s+)?(==|>=|<=|~=|>|<)?\s*v?(\d[\w.]*)\+?"
)
_MOST = _LONGEST = 2000


def plain_key(key: str) -> str:
    """The key without its prefix, in small letters and without signs.

    >>> plain_key("fair4ml:trainedOn"), plain_key("training_dataset")
    ('trainedon', 'trainingdataset')
    """
    return re.sub(r"[\W_]+", "", key.rpartition(":")[2]).lower()


def items(value: object, steps: Steps) -> Iterator[tuple[object, Steps]]:
    """The value, or each of the values where it is a list, with where it stands."""
    if isinstance(value, list):
        yield from ((item, (*steps, at)) for at, item in enumerate(value[:_MOST]))
    elif value is not None:
        yield value, steps


def text_of(value: object) -> str:
    """What a value is called: itself, its name, or else its identifier; empty where it has none,
    or one longer than any name.
    """
    if isinstance(value, Mapping):
        value = next((value[k] for k in ("name", "@value", "@id", "url") if value.get(k)), "")
    return value.strip() if isinstance(value, str) and len(value) <= _LONGEST else ""


def licence_of(value: object) -> str:
    """The licence that a text, address or node names.

    >>> licence_of({"@id": "https://spdx.org/licenses/MIT.html"})
    'MIT'
    >>> licence_of("https://creativecommons.org/licenses/by/4.0/")
    'CC-BY-4.0'
    """
    address = value.get("@id") or value.get("url") if isinstance(value, Mapping) else value
    for text in (address, text_of(value)):
        if not isinstance(text, str):
            continue
        if found := _SPDX.fullmatch(text):
            return found[1]
        if found := _CREATIVE.fullmatch(text):
            return f"CC-{found[1].upper()}-{found[2]}"
    text = text_of(value)
    return "" if "://" in text else text


class SoftwareList:
    """Takes down the software that a description lists, in texts or nodes."""

    def __init__(self, packages: Packages, tree: Tree) -> None:
        self._packages = packages
        self._tree = tree

    def languages(self, value: object, steps: Steps) -> None:
        """Take down programming languages, and the versions of Python."""
        for item, at in items(value, steps):
            where = place(self._tree, *at)
            version = self._version(item, at)
            name = text_of(item)
            found = _VERSIONED.fullmatch(name)
            if found and not version:
                name, version = found[1], (f"{found[2] or ''}{found[3]}", where)
            if name.lower() == "python":
                self._add("python", version, where)
            elif name and "://" not in name:
                self._packages.language(name, where)

    def packages(self, value: object, steps: Steps) -> None:
        """Take down packages."""
        for item, at in items(value, steps):
            where = place(self._tree, *at)
            name, version = text_of(item), self._version(item, at)
            if isinstance(item, Mapping) and version:
                self._add(name, version, where)
            elif not name or "://" in name or len(name.split()) > 3:  # noqa: PLR2004 - a sentence
                self._packages.pass_over(
                    f"{shortened(name) or 'a thing without a name'}: no package", where
                )
            elif found := _VERSIONED.fullmatch(name):
                self._add(found[1], (f"{found[2] or ''}{found[3]}", where), where)
            else:
                require(self._packages, name, where)

    def _version(self, item: object, steps: Steps) -> tuple[str, Place] | None:
        for key in ("softwareVersion", "version") if isinstance(item, Mapping) else ():
            if isinstance(item, Mapping) and item.get(key) is not None:
                where = place(self._tree, *steps, key)
                return self._tree.text(where.pointer or "") or "", where
        return None

    def _add(self, name: str, version: tuple[str, Place] | None, where: Place) -> None:
        text, at = version or ("", where)
        dialect: Dialect = "pep440" if text[:1] in {"=", "<", ">", "~", "!"} else "tag"
        given = Place(at.line, at.pointer, text or None)
        self._packages.add(name, text, dialect, at=given)
