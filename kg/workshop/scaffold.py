"""What an extension begins with: files with one attribute, two predicates, and all that shows them.

They are the files of `template/`, with the extension's name put in.
"""

import re
from pathlib import Path
from string import Template

from kg.errors import NotAllowed
from kg.namespaces import prefixes

_TEMPLATE = Path(__file__).parent / "template"
_NAME = "NAME"
_KEBAB = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def scaffold(name: str) -> dict[str, str]:
    """The files of an extension of that name, by their paths; raises NotAllowed for a name that
    cannot be a prefix.
    """
    if not _KEBAB.fullmatch(name):
        raise NotAllowed(
            f"An extension cannot be called {name}: its terms carry the name as their prefix",
            "Use small letters, digits and hyphens, such as energy-use",
        )
    if name in prefixes():
        raise NotAllowed(
            f"An extension cannot be called {name}: that prefix stands for <{prefixes()[name]}>",
            "Give it another name",
        )
    words = {
        "name": name,
        "title": name.replace("-", " ").capitalize(),
    }
    return {
        path.relative_to(_TEMPLATE).as_posix().replace(_NAME, name): Template(
            path.read_text(encoding="utf-8")
        ).substitute(words)
        for path in sorted(_TEMPLATE.rglob("*"))
        if path.is_file()
    }
