"""Saved questions: SPARQL across projects that somebody wrote once and all can ask.

A question is a file in `queries/questions/`. Its front matter is grlc's, and so are its parameters:
a variable that begins with an underscore is one, its last word is its type, and two underscores say
that it may be left out. This module reads and checks the files, and puts values in place of
parameters; it asks nobody.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from kg.errors import NotFound, ParameterInvalid, QuestionMalformed
from kg.extensions import knowledge_files
from kg.namespaces import iri, prefixes
from kg.paths import knowledge_roots
from kg.queries import front_matter
from kg.vocabulary import Literal, Vocabulary
from kg.writing import literal, reference

CHARTS = ("bar", "line")
"""What a chart hint may ask for."""

_WORDS = ("summary", "description", "tags", "defaults", "enumerate", "chart", "params")
# What is no variable though it looks like one comes first: comments, IRIs, texts. A text that does
# not end goes on to where nothing more of it can be, so that none is gone through again and again.
_TOKEN = re.compile(
    r"""\#[^\n]* | <[^<>"{}|^`\\\x00-\x20]*>
    | \"{3}(?:[^"\\]|\\.|"{1,2}(?!"))*(?:\"{3})? | '{3}(?:[^'\\]|\\.|'{1,2}(?!'))*(?:'{3})?
    | "(?:[^"\\\n]|\\.)*"? | '(?:[^'\\\n]|\\.)*'?
    | (?P<bound>\bBOUND\s*\(\s*)?[?$](?P<variable>\w+)(?(bound)\s*\))""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_SELECT = re.compile(r"\bSELECT\b", re.IGNORECASE)
_SELECTED = re.compile(r"\bFROM\b|\bWHERE\b|\{", re.IGNORECASE)
_COLUMN = re.compile(r"[()]|(?:\bAS\s+)?[?$](\w+)", re.IGNORECASE)
_PARAMETER = re.compile(r"(?P<marks>__?)(?P<name>[A-Za-z][A-Za-z0-9]*)(?:_(?P<type>[A-Za-z]+))?")
_NO_IRI = re.compile(r'[\x00-\x20<>"{}|\\^`]')
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a question has to be told: `variable` stands for it in the text; `type` is text, iri,
    integer, double, boolean, date or dateTime.

    Where there are `values`, it is one of them; those of a list of the vocabulary are its members.
    """

    name: str
    variable: str
    type: str
    label: str
    optional: bool = False
    default: str | None = None
    values: tuple[str, ...] = ()
    list: str = ""
    example: str = ""

    @property
    def required(self) -> bool:
        """Whether the question cannot be asked without it."""
        return not self.optional and self.default is None


@dataclass(frozen=True, slots=True)
class Chart:
    """How the answers may be drawn: the columns along the axes."""

    kind: str
    x: str
    y: str


@dataclass(frozen=True, slots=True)
class SavedQuestion:
    """A question that can be asked by its id; `columns` are the variables of its answers."""

    id: str
    summary: str
    description: str
    tags: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    columns: tuple[str, ...]
    chart: Chart | None
    text: str
    file: Path

    @property
    def told(self) -> str:
        """What it is told, as people read it: a parameter with ? may be left out."""
        return " ".join(f"{p.name}{'' if p.required else '?'}" for p in self.parameters)

    def bound(self, given: Mapping[str, str], vocabulary: Vocabulary) -> str:
        """The query with what was given in place of its parameters; raises ParameterInvalid.

        A value becomes a term of its parameter's type and is written as one, so no text that is
        given can become anything else in the query.
        """
        known = {one.name: one for one in self.parameters}
        for name in given:
            if name not in known:
                raise ParameterInvalid(
                    f"{self.id} has no parameter {name}", f"It has: {', '.join(known) or 'none'}"
                )
        terms = {
            one.variable: _term(one, value, vocabulary)
            for one in self.parameters
            if (value := given.get(one.name, one.default)) is not None
        }
        for one in self.parameters:
            if one.variable not in terms and one.required:
                raise ParameterInvalid(f"{self.id} has to be told {one.name}", _advice(one))
        return _TOKEN.sub(lambda found: _replaced(found, terms), self.text)

    def likely(self) -> dict[str, str]:
        """A value for each parameter that has to be told, to try the question with."""
        return {one.name: _likely(one) for one in self.parameters if not one.optional}


def _replaced(found: re.Match[str], terms: Mapping[str, str]) -> str:
    term = terms.get(found["variable"])
    if term is None:
        return found[0]
    # Of a term nobody can ask whether it is bound.
    return "true" if found["bound"] else term


def load(vocabulary: Vocabulary, extra: Iterable[Path] = ()) -> dict[str, SavedQuestion]:
    """The saved questions of our knowledge folder with others laid over it, by id; raises
    QuestionMalformed.
    """
    roots = knowledge_roots(tuple(extra))
    found = (
        _question(path, vocabulary) for path in knowledge_files(roots, "queries/questions", "rq")
    )
    return dict(sorted((one.id, one) for one in found))


def question(known: Mapping[str, SavedQuestion], name: str) -> SavedQuestion:
    """The question of that id; raises NotFound with those like it, or all."""
    if name not in known:
        words = set(name.split("-"))
        like = [one for one in known if len(words & set(one.split("-"))) > len(words) / 2]
        raise NotFound(
            f"There is no question {name}", f"There are: {', '.join(like or known) or 'none'}"
        )
    return known[name]


def meant(
    text: str,
    given: Mapping[str, str],
    known: Mapping[str, SavedQuestion],
    vocabulary: Vocabulary,
) -> str:
    """The query that is meant by the id of a saved question, or by SPARQL of one's own, for which
    our prefixes and the extensions' need not be declared; raises NotFound, ParameterInvalid.
    """
    # An id has no braces, and a query has.
    if "{" not in text:
        return question(known, text.strip()).bound(given, vocabulary)
    spaces = {**prefixes(), **vocabulary.prefixes}
    # On one line, so that the lines of errors are those of the query.
    declared = "".join(f"PREFIX {name}: <{space}> " for name, space in spaces.items())
    return f"{declared}{text}"


def own(path: Path, vocabulary: Vocabulary) -> SavedQuestion:
    """A question in a file of somebody's own, which need not have front matter; raises
    QuestionMalformed.
    """
    return _question(path, vocabulary, required=())


def written(name: str, text: str, vocabulary: Vocabulary, *, summary: str = "") -> SavedQuestion:
    """A question that stands in no file, with a summary in case it has none of its own; raises
    QuestionMalformed.
    """
    return _read(Path(f"{name}.rq"), text, vocabulary, summary, required=())


def _question(
    path: Path, vocabulary: Vocabulary, required: tuple[str, ...] = _WORDS[:2]
) -> SavedQuestion:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise QuestionMalformed(f"{path} is not UTF-8", "Save it as UTF-8") from error
    return _read(path, text, vocabulary, path.stem, required)


def _read(
    path: Path, text: str, vocabulary: Vocabulary, summary: str, required: tuple[str, ...]
) -> SavedQuestion:
    words = front_matter(path, text, QuestionMalformed)
    faults = [f"`{key}` is not stated" for key in required if not words.get(key)]
    faults += [f"`{key}` is not a known word" for key in words if key not in _WORDS]
    columns = _columns(text)
    faults += [] if columns else ["it is no SELECT query that names its columns"]
    parameters = tuple(_parameters(text, words, vocabulary))
    variables = {one.variable for one in parameters}
    faults += [f"?{p.variable} is of no type we know" for p in parameters if p.type not in _KNOWN]
    faults += [
        f"?{name} is a parameter, and cannot be selected" for name in columns if name in variables
    ]
    chart = _chart(words.get("chart"))
    if chart and not (chart.kind in CHARTS and {chart.x, chart.y} <= set(columns)):
        faults.append(f"its chart is not one of {', '.join(CHARTS)} over two columns")
    faults += [
        f"?{p.variable} is of the list {p.list}, which there is not"
        for p in parameters
        if p.list and p.list not in vocabulary.lists
    ]
    faults += [
        f"what `params` says of {name} is no mapping"
        for name, said in _settings(words.get("params")).items()
        if said and not isinstance(said, dict)
    ]
    named = {one.name for one in parameters}
    for key in ("defaults", "enumerate", "params"):
        others = set(_settings(words.get(key))) - named
        faults += [f"`{key}` speaks of {name}, which is no parameter" for name in sorted(others)]
    if faults:
        raise QuestionMalformed(f"{path}: {'; '.join(faults)}", "queries/README.md has the form")
    return SavedQuestion(
        id=path.stem,
        summary=str(words.get("summary") or summary),
        description=str(words.get("description") or ""),
        tags=_texts(words.get("tags")),
        parameters=parameters,
        columns=columns,
        chart=chart,
        text=text,
        file=path,
    )


def _parameters(text: str, words: Mapping[str, Any], vocabulary: Vocabulary) -> Iterator[Parameter]:
    defaults, values = _settings(words.get("defaults")), _settings(words.get("enumerate"))
    about = _settings(words.get("params"))
    for variable in dict.fromkeys(found["variable"] or "" for found in _TOKEN.finditer(text)):
        if not (match := _PARAMETER.fullmatch(variable)):
            continue
        name = match["name"]
        said = about.get(name)
        said = said if isinstance(said, dict) else {}
        listed = str(said.get("list", ""))
        members = tuple(vocabulary.lists.get(listed, ()))
        default = defaults.get(name)
        yield Parameter(
            name=name,
            variable=variable,
            type=match["type"] or "text",
            label=str(said.get("label", name)),
            optional=match["marks"] == "__",
            default=None if default is None else str(default),
            values=members or _texts(values.get(name)),
            list=listed,
            example=str(said.get("example", "")),
        )


def _columns(text: str) -> tuple[str, ...]:
    """The variables that the query selects, in their order."""
    plain = _TOKEN.sub(lambda found: found[0] if found["variable"] else " ", text)
    begin = _SELECT.search(plain)
    end = _SELECTED.search(plain, begin.end()) if begin else None
    depth, found = 0, []
    for token in _COLUMN.finditer(plain[begin.end() : end.start()] if begin and end else ""):
        depth += {"(": 1, ")": -1}.get(token[0], 0)
        # A variable in an expression is no column; what the expression is called, is.
        if token[1] and (depth == 0 or (depth == 1 and token[0][0] in "Aa")):
            found.append(token[1])
    return tuple(found)


def _settings(stated: object) -> dict[str, Any]:
    """What grlc writes as a list of mappings, or as one mapping."""
    if isinstance(stated, dict):
        return {str(key): value for key, value in stated.items()}
    parts = [part for part in stated if isinstance(part, dict)] if isinstance(stated, list) else []
    return {str(key): value for part in parts for key, value in part.items()}


def _texts(stated: object) -> tuple[str, ...]:
    """One text or several."""
    if stated is None:
        return ()
    return tuple(map(str, stated)) if isinstance(stated, list) else (str(stated),)


def _chart(stated: object) -> Chart | None:
    if not stated:
        return None
    kind, axes = next(iter(stated.items())) if isinstance(stated, dict) else ("", ())
    x, y = axes if isinstance(axes, list) and len(axes) == 2 else ("", "")  # noqa: PLR2004
    return Chart(str(kind), str(x), str(y))


def _term(parameter: Parameter, text: str, vocabulary: Vocabulary) -> str:
    """The value as a term of SPARQL; raises ParameterInvalid."""
    if parameter.list:
        member = vocabulary.value(parameter.list, text)
        if member is None:
            raise _refused(parameter, text)
        return reference(member.name)
    if parameter.values and text not in parameter.values:
        raise _refused(parameter, text)
    if parameter.type == "iri":
        return _reference(parameter, text)
    try:
        value = _TYPES[parameter.type](text)
    except ValueError as error:
        raise _refused(parameter, text) from error
    # In its short form it may stand behind LIMIT, too.
    return str(value) if parameter.type == "integer" else literal(value)


def _reference(parameter: Parameter, text: str) -> str:
    name = iri(text) if ":" in text else text
    if _NO_IRI.search(name) or not _SCHEME.match(name):
        raise _refused(parameter, text)
    return reference(name)


def _truth(text: str) -> bool:
    if text.lower() not in {"true", "false"}:
        raise ValueError(text)
    return text.lower() == "true"


def _day(text: str) -> str:
    """A day, which is a text of the calendar in our data."""
    return date.fromisoformat(text).isoformat()


_TYPES: Mapping[str, Callable[[str], Literal]] = MappingProxyType(
    {
        "text": str,
        "integer": int,
        "double": float,
        "boolean": _truth,
        "date": _day,
        "dateTime": datetime.fromisoformat,
    }
)
_KNOWN = {*_TYPES, "iri"}


def _likely(parameter: Parameter) -> str:
    stated = (parameter.default, parameter.example, *parameter.values[:1], _LIKELY[parameter.type])
    return next(text for text in stated if text)


_LIKELY: Mapping[str, str] = MappingProxyType(
    {
        "text": "text",
        "integer": "1",
        "double": "1",
        "boolean": "true",
        "date": "2000-01-01",
        "dateTime": "2000-01-01T00:00:00",
        "iri": "urn:x",
    }
)


def _refused(parameter: Parameter, text: str) -> ParameterInvalid:
    return ParameterInvalid(f"{parameter.name} cannot be `{text}`", _advice(parameter))


def _advice(parameter: Parameter) -> str:
    if parameter.values:
        return f"Use one of: {', '.join(parameter.values)}"
    like = f", for example `{parameter.name}={parameter.example}`" if parameter.example else ""
    return f"{parameter.label}: give it as {parameter.type}{like}"
