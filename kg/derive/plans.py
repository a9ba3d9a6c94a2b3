"""Makes the plans of our predicates: what each query says, without parsing it at every start.

A query is known by the digest of its text, so one that was edited since is parsed again; all are
when what makes the plans has changed.
"""

import json
from hashlib import sha256
from pathlib import Path

from kg.catalogue import Catalogue
from kg.derive import NOTE
from kg.patterns import KEPT, digest, kept_plans
from kg.sparql import plans
from kg.translation import query_of
from kg.vocabulary import Vocabulary

_PLANNER = "$planner"


def files(vocabulary: Vocabulary, catalogue: Catalogue) -> dict[str, str]:
    """One file, in which each plan has a line, in the order of the predicates' names."""
    del vocabulary
    kept, planner = kept_plans(), sha256(Path(plans.__file__).read_bytes()).hexdigest()
    if kept.get(_PLANNER) != planner:
        kept = {}
    made = {"$comment": NOTE, _PLANNER: planner}
    for query in map(query_of, catalogue.predicates.values()):
        made[digest(query)] = kept.get(digest(query)) or plans.planned(query)
    lines = [f"{json.dumps(name)}: {json.dumps(plan)}" for name, plan in made.items()]
    return {KEPT: "{\n" + ",\n".join(lines) + "\n}\n"}
