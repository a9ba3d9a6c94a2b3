"""The layout of the folder of a store, by a number that stands in it.

A version raises the number when an older one could no longer read what it leaves there. It brings
what it finds up to its own layout when it starts; the history takes its own steps.
"""

from pathlib import Path

from kg.errors import StoreUnreachable

LAYOUT = 1
FILE = "layout"


def require_layout(folder: Path) -> None:
    """Mark a folder that has no mark; raises StoreUnreachable where a newer version left it."""
    file = folder / FILE
    try:
        found = int(file.read_text(encoding="ascii"))
    except FileNotFoundError:
        found = _mark(file)
    except (OSError, ValueError) as error:
        raise StoreUnreachable(
            f"{file} cannot be read: {error}", f"Write the number {LAYOUT} into it"
        ) from error
    if found > LAYOUT:
        raise StoreUnreachable(
            f"The store in {folder} was left by a newer version, with layout {found}",
            "Install that version, or restore a backup of this one",
        )


def _mark(file: Path) -> int:
    try:
        file.write_text(f"{LAYOUT}\n", encoding="ascii")
    except OSError as error:
        raise StoreUnreachable(
            f"{file} cannot be written: {error}", "See to the folder, its permissions and its disk"
        ) from error
    return LAYOUT
