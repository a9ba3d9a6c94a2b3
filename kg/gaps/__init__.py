"""Finds gaps: mismatches that nothing informs or detects, attributes that no predicate reads, and
what a project would have to state.

The only door to the library of graph algorithms.
"""

from kg.gaps.relations import Relations, relations

__all__ = ["Relations", "relations"]
