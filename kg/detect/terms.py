"""Terms as reports know them; each text is read once."""

from functools import lru_cache
from typing import TypeAlias

from kg.namespaces import local
from kg.sparql import Term
from kg.sparql import values as sparql

Value: TypeAlias = str | int | float | bool


def is_node(term: Term) -> bool:
    """Whether the term is an IRI; no batch holds a blank node.

    >>> is_node("<urn:a>"), is_node('"urn:a"')
    (True, False)
    """
    return term.startswith("<")


@lru_cache(1 << 16)
def value_of(term: Term) -> Value:
    """A term as a report holds it: a number, a truth value, a text, the local name of our term, or
    an IRI.
    """
    if is_node(term):
        return local(term[1:-1])
    value = sparql.value_of(term)
    return value if isinstance(value, bool | int | float) else sparql.text_of(term)
