"""What an attribute's values look like, in words: for the messages of shapes and for the pages."""

from kg.vocabulary import Attribute, Range, Vocabulary

_DATATYPES = {
    "integer": "a whole number",
    "double": "a number",
    "boolean": "true or false",
    "string": "text",
    "dateTime": "a moment",
}
_FEW = 8


def expected(vocabulary: Vocabulary, attribute: Attribute) -> str:
    """What may be stated for the attribute.

    >>> from kg.vocabulary import load
    >>> expected(load(), load().attribute("requiredMemory"))
    'a whole number, 0 or more, in BYTE'
    """
    wanted = attribute.range
    if wanted.kind == "part":
        return vocabulary.parts[wanted.name].label
    if wanted.kind == "list":
        names = [value.key for value in vocabulary.lists[wanted.name].values()]
        more = f" and {len(names) - _FEW} more" if len(names) > _FEW else ""
        return f"one of {', '.join(names[:_FEW])}{more}"
    unit = f", in {attribute.unit_name}" if attribute.unit else ""
    if wanted.is_day:
        return "a day"
    form = f" of the form {wanted.pattern}" if wanted.pattern else ""
    return _DATATYPES[wanted.name] + form + _bounds(wanted) + unit


def sentence(text: str) -> str:
    """The text with a capital at its head."""
    return text[:1].upper() + text[1:]


def _bounds(wanted: Range) -> str:
    low, high = wanted.minimum, wanted.maximum
    if low is not None and high is not None:
        return f" from {low:g} to {high:g}"
    return "" if low is None else f", {low:g} or more"
