"""Makes the plans of our predicates: what each query says, without parsing it at every start.

A query is known by the digest of its text, so one that was edited since is parsed again.
"""

import json

from kg.catalogue import Catalogue
from kg.derive import NOTE
from kg.patterns import KEPT, digest
from kg.sparql import planned
from kg.translation import query_of
from kg.vocabulary import Vocabulary


def files(vocabulary: Vocabulary, catalogue: Catalogue) -> dict[str, str]:
    """One file, in which each plan has a line, in the order of the predicates' names."""
    del vocabulary
    queries = map(query_of, catalogue.predicates.values())
    lines = [f"{json.dumps('$comment')}: {json.dumps(NOTE)}"]
    lines += [f"{json.dumps(digest(q))}: {json.dumps(planned(q))}" for q in queries]
    return {KEPT: "{\n" + ",\n".join(lines) + "\n}\n"}
