"""Cuts changes into requests that an endpoint takes: one where that can be, so that all of it is
done or nothing.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping

from kg.stores.oxigraph import data

_WHOLE = 6 << 20
"""So many bytes of an update endpoints take; a service of ours takes eight million."""
_LINES = 1000
"""Virtuoso runs out of memory somewhere below five thousand triples in one request."""


def operations(
    verb: str, graphs: Mapping[str, Collection[str]], *, small: bool = False
) -> Iterator[str]:
    """The operations that put lines of N-Triples into graphs, or take them out."""
    for name, lines in graphs.items():
        for piece in cut(sorted(lines), small=small):
            yield data(verb, name, "\n".join(piece))


def cut(lines: Iterable[str], *, small: bool = False) -> Iterator[list[str]]:
    """The lines in pieces that fit into one request each; those with blank nodes, which have their
    names in one request alone, stay together in the first.
    """
    together = sorted(lines, key=lambda line: not has_blank(line))
    piece: list[str] = []
    size = 0
    for line in together:
        is_full = size > _WHOLE or (small and len(piece) >= _LINES)
        if is_full and not has_blank(line):
            yield piece
            piece, size = [], 0
        piece.append(line)
        size += len(line.encode())
    if piece:
        yield piece


def requests(found: Iterable[str]) -> Iterator[str]:
    """The operations, as few requests."""
    held: list[str] = []
    size = 0
    for one in found:
        length = len(one.encode())
        if held and size + length > _WHOLE:
            yield ";\n".join(held)
            held, size = [], 0
        held.append(one)
        size += length
    if held:
        yield ";\n".join(held)


def has_blank(line: str) -> bool:
    """Whether a line of N-Triples names a blank node."""
    return line.startswith("_:") or " _:" in line
