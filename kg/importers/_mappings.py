"""What readers of YAML and JSON share: the mapping that a file is, and what lies inside values."""

from collections.abc import Iterator, Mapping

from kg.errors import DescriptorInvalid
from kg.importers._environments import report_duplicates
from kg.reading import Tree
from kg.statements import Notes


def mapping(tree: Tree, wrong: str, advice: str) -> tuple[dict[str, object], Notes]:
    """The mapping that a file is, and notes that tell which of its keys stand twice; raises
    DescriptorInvalid, in these words, for any other file.
    """
    if not isinstance(tree.value, dict):
        raise DescriptorInvalid(wrong, advice)
    notes = Notes()
    report_duplicates(tree, notes)
    return tree.value, notes


def table(value: object, *steps: str) -> Mapping[str, object]:
    """The mapping that the steps lead to, empty where there is none."""
    for step in steps:
        value = value.get(step) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def reached(value: object, steps: tuple[str | int, ...]) -> object:
    """What the keys and positions lead to, None where there is nothing of the kind."""
    for step in steps:
        if isinstance(value, dict):
            value = value.get(str(step))
        elif isinstance(value, list) and isinstance(step, int):
            value = value[step] if step < len(value) else None
        else:
            return None
    return value


def mappings(value: object, without: str | None = None) -> Iterator[dict[str, object]]:
    """Every mapping inside a value, but for what stands under one key."""
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            yield part
            waiting += [one for key, one in part.items() if key != without]
        elif isinstance(part, list):
            waiting += part
