"""Makes the JSON-LD context, with which a descriptor in JSON is RDF."""

import json

from kg.catalogue import Catalogue
from kg.context import context
from kg.derive import NOTE
from kg.vocabulary import Vocabulary


def files(vocabulary: Vocabulary, catalogue: Catalogue) -> dict[str, str]:  # noqa: ARG001
    """The one context of all descriptors."""
    document = {"$comment": NOTE, "@context": context(vocabulary)}
    return {"ontology/derived/context.jsonld": json.dumps(document, indent=2) + "\n"}
