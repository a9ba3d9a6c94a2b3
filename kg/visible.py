"""Makes text that came from outside harmless to look at: what terminals obey is spelled out."""

import json
import re

DRIVING = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"
)
"""Controls (C0, C1), invisible and turning characters, separators, halves of characters and what is
none.
"""

_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def visible(text: str) -> str:
    r"""The text with each character that a terminal obeys, or nobody can see, written as an escape.

    >>> visible("\x1b[2Jmodel"), visible("a\tb"), visible("größe")
    ('\\x1b[2Jmodel', 'a\\tb', 'größe')
    """
    return DRIVING.sub(_escape, text)


def flowing(text: str) -> str:
    r"""The text as one line of prose: line breaks become spaces, and the rest is made visible.

    >>> flowing("It fails\n  at night.\n")
    'It fails at night.'
    """
    return visible(" ".join(text.split()))


def capital(text: str) -> str:
    """The text with a capital at its beginning, and the rest as it is.

    >>> capital("API and specifications")
    'API and specifications'
    """
    return text[:1].upper() + text[1:]


def whole(text: str) -> str:
    r"""The text with halves of characters, which no file can hold, as question marks.

    >>> whole("a\udcff")
    'a?'
    """
    return text.encode(errors="replace").decode()


def as_json(value: object) -> str:
    """JSON to read and to keep, with what some terminals obey written as escapes."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return DRIVING.sub(_json_escape, text) + "\n"


def _json_escape(match: re.Match[str]) -> str:
    # A line break that is no part of a text is how JSON is laid out.
    return match[0] if match[0] == "\n" else json.dumps(match[0])[1:-1]


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    code = ord(character)
    wide = r"\x{:02x}" if code <= 0xFF else r"\u{:04x}" if code <= 0xFFFF else r"\U{:08x}"  # noqa: PLR2004
    return _SHORT.get(character) or wide.format(code)
