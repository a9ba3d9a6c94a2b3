"""The text of one Python function, as it is being written.

Nothing of a query stands in the text: terms, and whatever else a function needs, are objects that
it knows by a name, so no text of a query is ever run.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any, NamedTuple, TypeAlias

from kg.sparql.index import NOTHING, Term

Function: TypeAlias = Callable[..., Any]


class Name(NamedTuple):
    """What a variable is called in a function, and whether it is sure to be bound: what is not
    may be None. `term` is what it is always bound to, if that is known.
    """

    text: str
    is_sure: bool
    term: Term = ""


Known: TypeAlias = Mapping[str, Name]
"""The variables that are bound at some place of a function, or may be."""

_DEEPEST = 16
"""Loops within loops before the rest becomes a function of its own; Python allows twenty blocks."""


class Source:
    """A function of an index and further parameters, line by line."""

    def __init__(self, parameters: Sequence[str]) -> None:
        self._parameters = ", ".join(("index", *parameters))
        self._lines: list[str] = []
        self._depth = 1
        self._loops = 0
        self._numbers = count()
        self._objects: dict[str, object] = {"nothing": NOTHING}
        self._terms: dict[object, str] = {}
        self._relations: dict[Term, str] = {}

    def fresh(self) -> str:
        """A name that nothing has yet."""
        return f"v{next(self._numbers)}"

    def held(self, thing: object) -> str:
        """The name of an object that the function knows."""
        name = f"k{next(self._numbers)}"
        self._objects[name] = thing
        return name

    def term(self, term: Term) -> str:
        """The name of a constant."""
        if term not in self._terms:
            self._terms[term] = self.held(term)
        return self._terms[term]

    def relation(self, predicate: Term) -> str:
        """The name of what a predicate relates each subject to, looked up once in each run."""
        if predicate not in self._relations:
            self._relations[predicate] = f"r{len(self._relations)}"
        return self._relations[predicate]

    def line(self, text: str) -> None:
        """One line at the depth that is reached."""
        self._lines.append(f"{' ' * self._depth}{text}")

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """What is written inside belongs to the line."""
        self.line(f"{head}:")
        self._depth += 1
        yield
        self._depth -= 1

    @contextmanager
    def loop(self, head: str) -> Iterator[None]:
        """What is written inside is done again and again; where that lies too deep for Python, it
        becomes a function within the function.
        """
        self._loops += 1
        with self.block(head):
            if self._loops % _DEEPEST:
                yield
            else:
                yield from self._apart()
        self._loops -= 1

    def _apart(self) -> Iterator[None]:
        name = f"rest{next(self._numbers)}"
        with self.block(f"def {name}()"):
            yield
        with self.block(f"if {name}()"):
            self.line("return True")

    @property
    def text(self) -> str:
        """The whole function in Python."""
        relations = [
            f" {name} = forward.get({self.term(predicate)}, nothing)"
            for predicate, name in self._relations.items()
        ]
        head = f"def written({self._parameters}):"
        found = " forward, backward = index.forward, index.backward"
        return "\n".join((head, found, *relations, *self._lines))

    def function(self) -> Function:
        """The function, ready to be called."""
        exec(compile(self.text, "<query>", "exec"), self._objects)  # noqa: S102 - see above
        written: Function = self._objects["written"]  # type: ignore[assignment]
        return written
