"""Which ids projects may have, and which paths their files."""

import re
from pathlib import PurePosixPath

from kg.errors import DescriptorInvalid

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
"""What the id of a project is made of."""
_LONGEST = 500
_DEEPEST = 30
_NAME = 255
_DRIVE = re.compile(r"[A-Za-z]:")


def checked_id(text: str) -> str:
    """The id, if a project may have it; raises DescriptorInvalid.

    >>> checked_id("loan-approval")
    'loan-approval'
    """
    if not ID.fullmatch(text):
        raise DescriptorInvalid(
            f"{text[:100]!r} is no id of a project",
            "Use up to 100 letters from A to Z, digits, `.`, `_` and `-`, a letter or digit first",
        )
    return text


def checked_path(text: str) -> str:
    """The path, if a file of a project may have it; raises DescriptorInvalid.

    >>> checked_path("data/train.csv")
    'data/train.csv'
    >>> checked_path("../../etc/passwd")
    Traceback (most recent call last):
    kg.errors.DescriptorInvalid: '../../etc/passwd' leads out of the project. ...
    """
    fault = _fault(text)
    if fault:
        raise DescriptorInvalid(
            f"{text[:200]!r} {fault}",
            "Name files by their path below the project, as in data/train.csv",
        )
    return text


def is_versioning(path: str) -> bool:
    """Whether the path lies in the folder that git keeps its own things in, which nobody reads."""
    return any(part.lower() == ".git" for part in PurePosixPath(path).parts)


def _fault(text: str) -> str:
    parts = text.split("/")
    if text.startswith("/") or "\\" in text or _DRIVE.match(text):
        return "is no path below the project"
    if ".." in parts:
        return "leads out of the project"
    if not text or "" in parts or "." in parts:
        return "is no plain path"
    # What is no UTF-8 in an address arrives as the sign for that.
    if any(ord(sign) < ord(" ") or sign in "\x7f\ufffd" for sign in text):
        return "has signs that cannot be written"
    try:
        lengths = [len(part.encode()) for part in parts]
    except UnicodeEncodeError:
        return "is not Unicode"
    if len(text) > _LONGEST or len(parts) > _DEEPEST or max(lengths) > _NAME:
        return "is too long, or too deep"
    return "is git's own" if is_versioning(text) else ""
