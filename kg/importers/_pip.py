"""What pip is asked to install, however it is asked: in a file of its own, in a list, in a command.

Follows no address and no file: what another file asks for is read from that file.
"""

import re
from posixpath import join, normpath
from urllib.parse import unquote

from kg.importers._environments import Packages, shortened
from kg.statements import Place

_LONGEST = 2000
_REQUIREMENT = re.compile(
    r"(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*"
    r"(?:\[[^\[\]]*\])?\s*"
    r"(?:@\s*(?P<address>.+)|(?P<range>\(?\s*[<>=!~].*)|)",
    re.DOTALL,
)
# What holds wherever the package can be had: a lower bound, or an upper one that is out of reach.
_HARMLESS = re.compile(
    r"""python_(?:full_)?version\s*(?:>=?\s*["'][\d.]+["']|<=?\s*["'](?:[4-9]|\d\d)[\d.]*["'])"""
)
_WHEEL = re.compile(r"([A-Za-z0-9._]+)-([A-Za-z0-9._!+]+)(?:-\d[^-/]*)?-[^-/]+-[^-/]+-[^-/]+\.whl")
_EGG = re.compile(r"#(?:.*&)?egg=([A-Za-z0-9._-]+)")
_ADDRESS = re.compile(
    r"[./~].*|[A-Za-z]:\\.*|.*\.(?:whl|zip|tar\.gz)|[a-z+]+(?:://|@).*", re.DOTALL
)
_OPTION = re.compile(r"(--?[A-Za-z][\w-]*)(?:[\s=]+(.*))?|(-[rce])(\S.*)", re.DOTALL)
_INCLUDE = {"-r", "--requirement", "-c", "--constraint"}
_EDITABLE = {"-e", "--editable"}
# What `conda list --export` writes into files of this kind.
_CONDA_LIST = re.compile(r"([A-Za-z0-9._-]+)=([^=\s]+)=[^=\s]+")


def take_line(packages: Packages, text: str, folder: str, at: Place) -> None:
    """Take down one line of a requirements file in `folder`."""
    if option := _OPTION.fullmatch(text):
        name, value = option[1] or option[3], (option[2] or option[4] or "").strip()
        _take_option(packages, name, value, folder, at)
        return
    # Hashes, and settings for the build, stand behind the requirement.
    asked = re.split(r"\s--[a-z]", text, maxsplit=1)[0].strip()
    if exported := _CONDA_LIST.fullmatch(asked):
        packages.add(exported[1], exported[2], "exact", at=at)
    else:
        require(packages, asked, at)


def require(packages: Packages, text: str, at: Place) -> None:
    """Take down one requirement (PEP 508), address or path."""
    needed, marker = _without_marker(text[: _LONGEST + 1].strip())
    found = _REQUIREMENT.fullmatch(needed)
    if len(text) > _LONGEST or not (found or _ADDRESS.fullmatch(needed)):
        packages.refuse(f'"{shortened(text)}" is not a requirement that pip can read', at)
    elif marker and not all(map(_HARMLESS.fullmatch, re.split(r"\s+and\s+", marker))):
        because = f"{shortened(needed)} is asked for only where {shortened(marker)}"
        packages.open = True
        packages.pass_over(because, at)
    elif found and found["address"]:
        fetch(packages, found["address"], found["name"], at)
    elif not found or _ADDRESS.fullmatch(needed):
        fetch(packages, needed, "", at)
    else:
        packages.add(found["name"], found["range"] or "", at=at)


def fetch(packages: Packages, address: str, name: str, at: Place) -> None:
    """Take down a package that comes from an address or a path, as far as these name it."""
    wheel, egg = _WHEEL.search(unquote(address)), _EGG.search(address)
    known = name or (egg[1] if egg else "")
    if wheel:
        packages.add(known or wheel[1], wheel[2], "exact", at=at)
        return
    if known:
        packages.add(known, at=at)
    packages.open = packages.open or not known
    what = f"the version of {known}" if known else "which package comes"
    packages.pass_over(f"{what} from {shortened(address)} is not stated here", at)


def _take_option(packages: Packages, name: str, value: str, folder: str, at: Place) -> None:
    if name in _EDITABLE:
        fetch(packages, value, "", at)
    elif name in _INCLUDE:
        packages.open = True
        packages.pass_over(f"{shortened(value)} is read on its own", at)
        included = normpath(join(folder, value))
        # A model's packages are told from an environment's by the folder alone.
        if not packages.needed and not included.startswith(("..", "/")):
            packages.notes.claim((included,), packages.node, at.line)
    else:
        packages.pass_over(f"the option {shortened(name)} says how to install, not what", at)


def _without_marker(text: str) -> tuple[str, str]:
    """The requirement, and the condition after its semicolon; an address may hold one."""
    needed, _, marker = text.partition(" ;" if "://" in text else ";")
    return needed.strip(), marker.strip(" ()")
