"""What a person sees when something goes wrong: one line, and a code that says whose fault."""

import re
import sys

import typer

from kg.disks import failed, is_full
from kg.errors import (
    DescriptorError,
    KgError,
    KnowledgeError,
    NotAllowed,
    NotFound,
    ParameterInvalid,
    StoreError,
)
from kg.visible import flowing

FOUND, WRONG_USE, UNREADABLE, OURS = 1, 2, 3, 4

_NOISE = re.compile(r" \(env var: '\w+'\)|(?<=: )Value error, ")
_CODES: dict[type[Exception], int] = {
    KnowledgeError: OURS,
    DescriptorError: UNREADABLE,
    StoreError: OURS,
    NotFound: WRONG_USE,
    ParameterInvalid: WRONG_USE,
    NotAllowed: WRONG_USE,
    typer.TyperException: WRONG_USE,
    typer.Abort: 130,
}


def code_of(error: Exception) -> int:
    """The exit code of an error; what nobody foresaw is ours.

    >>> code_of(NotFound("There is no predicate x", "")), code_of(KeyError("x"))
    (2, 4)
    """
    return next((code for kind, code in _CODES.items() if isinstance(error, kind)), OURS)


def tell(error: Exception) -> None:
    """Say on standard error what is wrong and what to do next, in one line."""
    say(_sentence(error))


def say(text: str) -> None:
    """Say on standard error, in one line, what is wrong."""
    print(f"error: {flowing(text)}", file=sys.stderr)  # noqa: T201 - the command line speaks


def _sentence(error: Exception) -> str:
    if isinstance(error, KgError):
        return str(error)
    if isinstance(error, typer.TyperException):
        return _usage(error)
    if isinstance(error, OSError) and is_full(error):
        return str(failed("It could not be written", error, ""))
    fault = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return (
        f"This is a fault of mismatch, not yours ({fault}). Run it again with MISMATCH_DEBUG=1 "
        "and report what it shows."
    )


def _usage(error: typer.TyperException) -> str:
    """What is wrong with the command line, and which help tells more."""
    text = _NOISE.sub("", error.format_message().rstrip())
    command = getattr(getattr(error, "ctx", None), "command_path", "mismatch")
    ended = text if text.endswith((".", "!", "?")) else f"{text}."
    return f"{ended} `{command} --help` tells how it is used."
