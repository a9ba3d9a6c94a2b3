"""Makes the catalogue as triples, so that predicates can be asked about like anything else: what
each detects, what it reads, how it decides, and its words.
"""

from kg.catalogue import Catalogue, Predicate, terms
from kg.derive import NOTE
from kg.derive._turtle import Block, document, english, plain
from kg.vocabulary import Vocabulary

PATH = "queries/derived/catalogue.ttl"
"""Where the catalogue stands as triples, below the knowledge folder."""

_NOTE = f"""{NOTE}
Every predicate of queries/predicates/ and shapes/predicates/ in its own words. What it reads is
read off its query; all else stands in its file: edit it there.
"""
_WORDS = ("when", "hurts", "remedy", "because")


def files(vocabulary: Vocabulary, catalogue: Catalogue) -> dict[str, str]:
    """One file, in which each predicate has a block, in the order of the predicates' names."""
    predicates = catalogue.predicates.values()
    blocks = (_block(predicate, vocabulary) for predicate in predicates)
    return {PATH: document(_NOTE, blocks, vocabulary.prefixes)}


def _block(one: Predicate, vocabulary: Vocabulary) -> Block:
    read = sorted(terms(one) & vocabulary.attributes.keys())
    found = [
        ("a", ["mm:Predicate"]),
        ("rdfs:label", [english(one.label)]),
        ("mm:kind", [plain(one.kind)]),
        ("sh:severity", [f"sh:{one.severity.capitalize()}"]),
        ("mm:detects", [plain(code) for code in one.detects]),
        ("mm:reads", [vocabulary.curie(name) for name in read]),
        ("sh:message", [english(one.message)]),
        *((f"mm:{word}", [_said(word, getattr(one, word))]) for word in _WORDS),
        ("mm:ask", [plain(f"{role}: {question}") for role, question in one.ask.items()]),
        ("mm:formal", [plain(one.formal)]),
        ("dcterms:source", [english(one.source)]),
        ("dcterms:references", [plain(name) for name in one.references]),
    ]
    return f"mms:{one.id}", [(verb, objects) for verb, objects in found if objects]


def _said(word: str, text: str) -> str:
    # `mm:because` is a text without a language wherever it stands.
    return plain(text) if word == "because" else english(text)
