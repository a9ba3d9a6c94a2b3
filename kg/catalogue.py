"""The catalogue: the study's mismatches, and every predicate with its words, its form and what it
reads.

A predicate is one file in `queries/predicates/` (SPARQL with front matter) or in
`shapes/predicates/` (SHACL with the same words as annotations). This module reads and checks the
files; `kg.detect` runs them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from kg.errors import NotFound, PredicateMalformed
from kg.extensions import knowledge_files
from kg.findings import ALL, Severity
from kg.namespaces import iri, local, namespace, prefixes
from kg.paths import knowledge_roots
from kg.patterns import outline
from kg.queries import front_matter
from kg.triples import Triples, read_triples
from kg.vocabulary import Vocabulary

KINDS = ("comparison", "completeness", "statistical", "lineage", "cross-project", "runtime")
_TEXTS = ("label", "when", "message", "hurts", "remedy", "because", "formal", "source")
_REQUIRED = (*_TEXTS, "kind", "detects", "ask", "severity")
_OPTIONAL = ("study", "tec", "statistic", "threshold", "reads", "tags", "replaces")
_ANNOTATIONS = {
    "label": "rdfs:label",
    "message": "sh:message",
    "source": "dcterms:source",
    **{key: f"mm:{key}" for key in ("kind", "when", "hurts", "remedy", "because", "formal")},
}


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One of the paper's subcategories, or of ours, with the study's evidence for it."""

    code: str
    name: str
    label: str
    definition: str
    category: str
    interviews: int | None
    ratings: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Predicate:
    """One formal way to detect a mismatch: its words, and a query or the text of a shape."""

    id: str
    label: str
    kind: str
    detects: tuple[str, ...]
    when: str
    message: str
    hurts: str
    remedy: str
    ask: Mapping[str, str]
    severity: Severity
    because: str
    formal: str
    source: str
    form: str
    text: str
    file: Path
    study: tuple[str, ...] = ()
    tec: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    statistics: tuple[str, ...] = ()

    @property
    def references(self) -> tuple[str, ...]:
        """TEC's rules and the study's mismatches that the predicate covers, as reports name
        them.
        """
        return (*(f"tec:{rule}" for rule in self.tec), *(f"study:{case}" for case in self.study))


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Mismatches by code, and predicates by id in alphabetical order."""

    mismatches: Mapping[str, Mismatch]
    predicates: Mapping[str, Predicate]

    @property
    def statistics(self) -> frozenset[str]:
        """The names of the statistics whose results some predicate reads."""
        return frozenset(name for p in self.predicates.values() for name in p.statistics)

    def predicate(self, name: str) -> Predicate:
        """The predicate of that id; raises NotFound."""
        try:
            return self.predicates[name]
        except KeyError:
            raise NotFound(
                f"There is no predicate {name}", f"There are: {', '.join(self.predicates)}"
            ) from None


def load(vocabulary: Vocabulary, extra: Iterable[Path] = ()) -> Catalogue:
    """The catalogue of our knowledge folder with others laid over it; raises PredicateMalformed."""
    roots = tuple(knowledge_roots(tuple(extra)))
    known = mismatches(vocabulary)
    files = (
        *knowledge_files(roots, "queries/predicates", "rq"),
        *knowledge_files(roots, "shapes/predicates", "ttl"),
    )
    found = {path.stem: read(path) for path in files}
    for name, predicate in found.items():
        check(predicate, vocabulary, known)
        reads = tuple(_expanded(term, vocabulary) for term in predicate.reads)
        found[name] = replace(predicate, reads=reads)
    return Catalogue(known, dict(sorted(found.items())))


def terms(predicate: Predicate) -> frozenset[str]:
    """Local names of our terms that the predicate reads, and IRIs of an extension's; not those of
    the vocabularies that we use ourselves, such as RDF's.
    """
    return _named(predicate.form, predicate.text, predicate.file).union(predicate.reads)


@cache
def _named(form: str, text: str, file: Path) -> frozenset[str]:
    """The names of terms that a query names, or a shape."""
    if form == "sparql":
        try:
            read = {local(term) for term in outline(text).terms}
        except PredicateMalformed as error:
            raise PredicateMalformed(f"{file}: {error.what}", error.hint) from error
    else:
        shape = read_triples([file])
        read = {local(term.value) for _, verb, term in shape if verb == iri("sh:path")}
    used = prefixes().values()
    return frozenset(term for term in read if namespace(term) not in used)


def _expanded(term: str, vocabulary: Vocabulary) -> str:
    """The name of a term of which the front matter gives a prefixed name."""
    prefix, colon, name = term.partition(":")
    return vocabulary.prefixes[prefix] + name if colon and prefix in vocabulary.prefixes else term


def mismatches(vocabulary: Vocabulary) -> dict[str, Mismatch]:
    """The mismatches that the ontology declares, by code."""
    return {found.code: found for found in _mismatches(vocabulary.triples)}


def _mismatches(triples: Triples) -> Iterator[Mismatch]:
    ratings = _ratings(triples)
    for name in triples.subjects("rdf:type", "mm:Mismatch"):
        count = triples.value(name, "mm:interviewCount")
        yield Mismatch(
            code=triples.value(name, "skos:notation"),
            name=name,
            label=triples.value(name, "skos:prefLabel"),
            definition=triples.value(name, "skos:definition"),
            category=triples.value(triples.value(name, "skos:broader"), "skos:prefLabel"),
            interviews=int(count) if count else None,
            ratings=ratings.get(name, {}),
        )


def _ratings(triples: Triples) -> dict[str, dict[str, tuple[int, int]]]:
    found: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for rating in triples.subjects("rdf:type", "mm:SurveyRating"):
        of = local(triples.value(rating, "mm:rates"))
        role = local(triples.value(rating, "mm:ratedBy")) or ALL
        important = int(triples.value(rating, "mm:ratedImportant"))
        found[of][role] = (important, int(triples.value(rating, "mm:respondents")))
    return found


def read(path: Path) -> Predicate:
    """The predicate that a file holds, by how it ends a query or a shape; raises
    PredicateMalformed.
    """
    if path.suffix == ".rq":
        return _query(path, path.read_text(encoding="utf-8"))
    return _shape(path)


@lru_cache(maxsize=512)
def _query(path: Path, text: str) -> Predicate:
    return _predicate(path, front_matter(path, text, PredicateMalformed), "sparql", text)


def _shape(path: Path) -> Predicate:
    shape = read_triples([path])
    subject = f"mms:{path.stem}"
    if not shape.values(subject, "rdf:type"):
        raise PredicateMalformed(
            f"{path}: It holds no shape {subject}", "Call the shape by the name of its file"
        )
    words: dict[str, Any] = {
        key: shape.value(subject, predicate)
        for key, predicate in _ANNOTATIONS.items()
        if shape.values(subject, predicate)
    }
    words["severity"] = local(shape.value(subject, "sh:severity").replace(iri("sh:"), "")).lower()
    words["detects"] = shape.values(subject, "mm:detects")
    asked = (text.partition(": ") for text in shape.values(subject, "mm:ask"))
    words["ask"] = {role: question for role, _, question in asked}
    for reference in shape.values(subject, "dcterms:references"):
        scheme, _, name = reference.partition(":")
        words.setdefault(scheme, []).append(name)
    return _predicate(path, words, "shacl", path.read_text(encoding="utf-8"))


def _predicate(path: Path, words: Mapping[str, Any], form: str, text: str) -> Predicate:
    absent = [key for key in _REQUIRED if not words.get(key)]
    unknown = [key for key in words if key not in (*_REQUIRED, *_OPTIONAL)]
    if absent or unknown:
        faults = [f"`{key}` is not stated" for key in absent]
        faults += [f"`{key}` is not a known word" for key in unknown]
        raise PredicateMalformed(
            f"{path}: {', '.join(faults)}", f"The words are {', '.join((*_REQUIRED, *_OPTIONAL))}"
        )
    if not isinstance(words["ask"], Mapping) or not all(words["ask"].values()):
        raise PredicateMalformed(
            f"{path}: `ask` is not a question for each role", "Write `role: question` below it"
        )
    return Predicate(
        id=path.stem,
        **{key: str(words[key]) for key in _TEXTS},
        kind=str(words["kind"]),
        detects=_texts(words["detects"]),
        ask={str(role): str(question) for role, question in words["ask"].items()},
        severity=_severity(path, words["severity"]),
        form=form,
        text=text,
        file=path,
        study=_texts(words.get("study", ())),
        tec=_texts(words.get("tec", ())),
        reads=_texts(words.get("reads", ())),
        statistics=_texts(words.get("statistic", ())),
    )


def _severity(path: Path, word: object) -> Severity:
    try:
        return Severity(str(word))
    except ValueError:
        raise PredicateMalformed(
            f"{path}: `{word}` is no severity", f"Use one of {', '.join(Severity)}"
        ) from None


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list | tuple) else (str(value),)


def check(predicate: Predicate, vocabulary: Vocabulary, known: Mapping[str, Mismatch]) -> None:
    """Raises PredicateMalformed where the predicate names what there is not."""
    if predicate.kind not in KINDS:
        raise PredicateMalformed(
            f"{predicate.file}: `{predicate.kind}` is no kind", f"Use one of {', '.join(KINDS)}"
        )
    roles = vocabulary.lists.get("Role", {})
    for role in predicate.ask:
        if role not in roles:
            raise PredicateMalformed(
                f"{predicate.file}: `{role}` is no role", f"Ask one of {', '.join(roles)}"
            )
    for code in predicate.detects:
        if code not in known:
            raise PredicateMalformed(
                f"{predicate.file}: it detects `{code}`, which is no mismatch",
                "Use a code of ontology/mismatches.ttl, or add the mismatch there",
            )
