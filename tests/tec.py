"""What the 24 rules of TEC, the SEI's tool, are for.

`fired` tells which of them a system in eight descriptors breaks for a reason that people would
agree with: a whole number is also a number, spelling is no difference, a blank or 0 of an
environment is no statement, a share that differs by a point is the same.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

Json: TypeAlias = Any
System: TypeAlias = dict[str, Json]

RULES = [
    *("1", "2", "3A", "3B", "3C", "4A", "4B", "4C", "5A", "5B", "5C", "6", "7", "8"),
    *("9", "10", "11", "12", "13", "14A", "14B", "14C", "15", "16"),
]

# -- what the rules mean --------------------------------------------------------------------------

_KINDS = {
    "boolean": "bool boolean",
    "integer": "integer int int32 int64 long bigint",
    "number": "float double number decimal real float32 float64",
    "text": "string text str varchar character char",
    "image": "image picture",
    "day": "date",
    "moment": "datetime timestamp",
}
_KIND_OF = {name: kind for kind, names in _KINDS.items() for name in names.split()}
_ALSO = {"boolean": {"integer", "number"}, "integer": {"number"}, "day": {"moment"}}
MILLISECONDS = {"Milliseconds": 1, "Seconds": 1000, "Minutes": 60_000, "Hours": 3_600_000}
FIGURE = re.compile(r"([-+]?\d[\d,]*(?:\.\d+)?(?:[eE][-+]?\d+)?)\s*(\D*)")


def fired(system: System) -> set[str]:
    """The rules that the system breaks."""
    return {rule for rule, breaks in _MEANINGS.items() if any(breaks(system))}


def same(one: str, other: str) -> bool:
    """Whether two names differ in writing at most."""
    return folded(one) == folded(other)


def folded(text: str) -> str:
    """The name without what writers differ in."""
    return re.sub(r"[\s_\-.]", "", text).casefold()


def _lacking(wanted: list[str], given: list[str]) -> Iterator[bool]:
    """Whether each that is wanted is not among those given."""
    there = {folded(one) for one in given}
    return (folded(one) not in there for one in wanted if one.strip())


def _unreadable(given: str, taken: str) -> bool:
    source, target = (_KIND_OF.get(name.strip().lower()) for name in (given, taken))
    return bool(source and target) and target not in {source, *_ALSO.get(str(source), set())}


def column(rows: list[Json], key: str) -> list[str]:
    """What the rows say under the key."""
    return [row[key] for row in rows]


def _goals(s: System) -> Iterator[bool]:
    model = s["trained_model"]
    metrics = model["algorithm_metrics"] + model["business_metrics"]
    goals = [goal["id"] for goal in s["system_context"]["goals"] if goal["goal"].strip()]
    return _lacking(goals, column(metrics, "goal_mapping"))


def _languages(s: System) -> Iterator[bool]:
    components = s["trained_model"]["model_components"]
    wanted = [name for one in components for name in one["programming_languages"]]
    return _lacking(wanted, s["development_environment"]["programming_languages"])


def _frameworks(s: System) -> Iterator[bool]:
    given = s["development_environment"]["ml_frameworks"]
    return _lacking(s["trained_model"]["ml_frameworks"], given)


def _items(components: list[Json], inner: str) -> dict[tuple[str, str], Json]:
    """The items of components by the names of both."""
    return {
        (folded(component["component_name"]), folded(item["item_name"])): item
        for component in components
        for item in component[inner]
        if component["component_name"].strip() and item["item_name"].strip()
    }


def mapped_to(row: Json) -> tuple[str, str]:
    """The component and the item that a row names."""
    mapping = row["component_mapping"]
    return folded(mapping["component"]), folded(mapping["data_item"])


def _leaving(s: System, *, processed: bool) -> list[Json] | None:
    """What the model gives, if it is what the rules of this kind are about."""
    model = s["trained_model"]
    if model["post_processing"] is not processed:
        return None
    return list(model["final_output_spec" if processed else "output_spec"])


def downstream(s: System) -> dict[tuple[str, str], Json]:
    """The items of downstream components by the names of both."""
    return _items(s["development_environment"]["downstream_components"], "input_spec")


def upstream(s: System) -> dict[tuple[str, str], Json]:
    """The items of upstream components by the names of both."""
    return _items(s["development_environment"]["upstream_components"], "output_spec")


def _output_types(s: System, *, processed: bool) -> Iterator[bool]:
    there = downstream(s)
    for row in _leaving(s, processed=processed) or []:
        if row["item_name"].strip() and mapped_to(row) in there:
            yield _unreadable(row["item_type"], there[mapped_to(row)]["item_type"])


def _outputs_unmapped(s: System, *, processed: bool) -> Iterator[bool]:
    rows = _leaving(s, processed=processed) or []
    return (mapped_to(row) not in downstream(s) for row in rows if row["item_name"].strip())


def _inputs_unfed(s: System, *, processed: bool) -> Iterator[bool]:
    rows = _leaving(s, processed=processed)
    if rows is not None:
        fed = set(map(mapped_to, rows))
        yield from (item not in fed for item in downstream(s))


def _pipeline_types(s: System) -> Iterator[bool]:
    there = upstream(s)
    for row in s["data_pipeline"]["input_spec"]:
        if row["item_name"].strip() and mapped_to(row) in there:
            yield _unreadable(there[mapped_to(row)]["item_type"], row["item_type"])


def _pipeline_unmapped(s: System) -> Iterator[bool]:
    rows = s["data_pipeline"]["input_spec"]
    return (mapped_to(row) not in upstream(s) for row in rows if row["item_name"].strip())


def _upstream_unused(s: System) -> Iterator[bool]:
    used = set(map(mapped_to, s["data_pipeline"]["input_spec"]))
    return (item not in used for item in upstream(s))


def _resources(s: System, environment: str) -> Iterator[bool]:
    needs = s["trained_model"]["computing_resource_reqs"]
    has = s[environment]["computing_resources"]
    return (needs[name] > has[name] for name in needs if has[name])


def _runtime(s: System, wanted: tuple[str, str], given: tuple[str, str]) -> Iterator[bool]:
    """Whether what the model's team wants watched is not watched; the pairs name list and key."""
    rows = s["production_environment"][given[0]]
    return _lacking(column(s["trained_model"][wanted[0]], wanted[1]), column(rows, given[1]))


def _too_slow(s: System) -> Iterator[bool]:
    takes = s["trained_model"]["inference_time"]
    allows = s["production_environment"]["required_inference_time"]
    if takes["time"] and allows["time"] and takes["unit"] and allows["unit"]:
        one, other = (time["time"] * MILLISECONDS[time["unit"]] for time in (takes, allows))
        yield one > other


def learnt(s: System) -> list[Json]:
    """The fields of the training data that are no labels."""
    return [row for row in s["training_data"]["schema"] if not row["label_field"]]


def live_fields(s: System) -> dict[str, Json]:
    """The fields of the production data by their names."""
    return {folded(row["field_name"]): row for row in s["production_data"]["schema"]}


def _field_types(s: System) -> Iterator[bool]:
    for row in learnt(s):
        there = live_fields(s).get(folded(row["mapping_production_data"]))
        if there:
            yield _unreadable(there["field_type"], row["field_type"])


def _fields_unmapped(s: System) -> Iterator[bool]:
    return (folded(row["mapping_production_data"]) not in live_fields(s) for row in learnt(s))


def _live_unmapped(s: System) -> Iterator[bool]:
    mapped = column(s["training_data"]["schema"], "mapping_production_data")
    return _lacking(column(s["production_data"]["schema"], "field_name"), mapped)


def _figures(s: System) -> Iterator[bool]:
    fields = {
        folded(row["field_name"]): folded(row["mapping_production_data"])
        for row in s["training_data"]["schema"]
    }
    for one in s["training_data"]["statistics"]:
        for other in s["production_data"]["statistics"]:
            mapped = fields.get(folded(one["field"])) == folded(other["field"])
            if mapped and same(one["property"], other["property"]):
                yield _apart(one["value"], other["value"])


def _apart(trained: str, live: str) -> bool:
    one, other = (FIGURE.fullmatch(text.strip()) for text in (trained, live))
    if one and other:
        first, second = (float(match[1].replace(",", "")) for match in (one, other))
        return abs(first - second) > abs(first) * 0.05 * (1 + 1e-9)
    return not (one or other) and not same(trained, live)


def _shares(s: System) -> Iterator[bool]:
    live = {folded(row["label"]): row for row in s["production_data"]["distribution"]}
    for row in s["training_data"]["distribution"]:
        there = live.get(folded(row["mapping_production_data"]))
        if row["mapping_production_data"].strip() and there:
            yield abs(row["percentage"] - there["percentage"]) > 5 + 1e-9


_MEANINGS: dict[str, Callable[[System], Iterator[bool]]] = {
    "1": _goals,
    "2": _languages,
    "3A": lambda s: _output_types(s, processed=False),
    "3B": lambda s: _outputs_unmapped(s, processed=False),
    "3C": lambda s: _inputs_unfed(s, processed=False),
    "4A": lambda s: _output_types(s, processed=True),
    "4B": lambda s: _outputs_unmapped(s, processed=True),
    "4C": lambda s: _inputs_unfed(s, processed=True),
    "5A": _pipeline_types,
    "5B": _pipeline_unmapped,
    "5C": _upstream_unused,
    "6": lambda s: _resources(s, "development_environment"),
    "7": lambda s: _resources(s, "production_environment"),
    "8": _frameworks,
    "9": lambda s: _runtime(s, ("business_metrics", "metric"), ("business_metrics", "metric")),
    "10": lambda s: _runtime(s, ("algorithm_metrics", "metric"), ("algorithm_metrics", "metric")),
    "11": lambda s: _runtime(s, ("log_data", "log"), ("model_logs", "log")),
    "12": _too_slow,
    "13": lambda s: _runtime(
        s, ("user_system_feedback", "short_name"), ("user_system_feedback", "feedback")
    ),
    "14A": _field_types,
    "14B": _fields_unmapped,
    "14C": _live_unmapped,
    "15": _figures,
    "16": _shares,
}
