"""Marks: where a page of a list ended, as a part of the address of the next."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence

from kg.errors import NotFound
from kg.visible import whole

_LARGEST = 1 << 63


def mark(position: Sequence[str | int]) -> str:
    """A position as a text that an address can hold.

    >>> mark(("loan", 3))
    'WyJsb2FuIiwzXQ'
    """
    text = json.dumps(list(position), ensure_ascii=False, separators=(",", ":"))
    return urlsafe_b64encode(text.encode(errors="replace")).decode().rstrip("=")


def position(text: str, *kinds: type[str | int]) -> list[str | int]:
    """The position of a mark, whose parts are of these kinds; raises NotFound where it is none.

    >>> position("WyJsb2FuIiwzXQ", str, int)
    ['loan', 3]
    """
    try:
        data = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
        parts = json.loads(data)
    except (ValueError, RecursionError):
        parts = None
    if isinstance(parts, list) and [type(part) for part in parts] == [*kinds] and _fit(parts):
        return parts
    raise NotFound(
        "`after` does not say after what", "Take it from the address in `next`, as it stands there"
    )


def _fit(parts: list[str | int]) -> bool:
    """Whether the file can be asked for the parts: of halves of characters it knows nothing."""
    return all(
        part == whole(part) if isinstance(part, str) else abs(part) < _LARGEST for part in parts
    )
