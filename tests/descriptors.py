"""Whole systems in the SEI's descriptors 1.2, as people would write them: sound ones, and ones in
which something is wrong.
"""

from collections.abc import Callable, Mapping
from random import Random

from tests.tec import (
    FIGURE,
    MILLISECONDS,
    Json,
    System,
    column,
    downstream,
    folded,
    learnt,
    live_fields,
    mapped_to,
    same,
    upstream,
)

# -- a system of which nothing is wrong -----------------------------------------------------------

_WORDS = {
    "field": "customer age|call count|heart rate|monthly income|tenure|zip code|region|pressure|"
    "shaft speed|oil temperature|last login|pixel mean|word count|plate image|contract type",
    "output": "risk|score|class|certainty|forecast|lower bound|upper bound|plate text|reason",
    "component": "call list|desk|mailer|dashboard|billing|gate control|ticket system|archive",
    "producer": "crm|sensor hub|camera|web shop|ledger|weather service|text feed",
    "algorithm": "recall|false alarm rate|f1 score|drift|calibration error|coverage",
    "business": "customers kept|revenue per call|hours saved|complaints|parts scrapped",
    "log": "requests|answers|input vector|model version|latency|alarms raised",
    "feedback": "call result|operator override|user rating|repair report|thumbs down",
}
_LANGUAGES = ["Python", "R", "Java", "C++", "Julia", "Scala", "Go", "Rust"]
_FRAMEWORKS = ["scikit-learn", "TensorFlow", "PyTorch", "XGBoost", "Keras", "LightGBM", "MXNet"]
_STYLES: list[Callable[[str], str]] = [
    lambda words: words.replace(" ", "_"),
    lambda words: words.title(),
    lambda words: words.title().replace(" ", "")[:1].lower() + words.title().replace(" ", "")[1:],
    lambda words: words.upper().replace(" ", "-"),
    lambda words: words,
]
# What each side may call a type that the other reads.
_FREE = {
    "Integer": ["Integer", "int", "int64", "Float", "number"],
    "Float": ["Float", "double", "number", "Decimal"],
    "String": ["String", "Text", "varchar", "Character"],
    "Image": ["Image"],
    "Other": ["Other", "GeoJSON"],
}
_FIELD_TYPES = [
    ("Integer", "int32"),
    ("Float", "number"),
    ("string", "Text"),
    ("Boolean", "bool"),
    ("date", "Date"),
    ("timestamp", "datetime"),
]
_BAD = {"Integer": "String", "Float": "Integer", "String": "Boolean", "Image": "String"}
_BAD_FIELD = {"string": "integer", "Text": "integer", "date": "Boolean", "Date": "Boolean"}
_PROPERTIES = ["Mean", "Median", "Standard deviation", "Maximum"]
_NONE = {"component": "", "data_item": ""}
_LIMITS = {
    **dict.fromkeys(("min_value", "max_value", "min_length", "max_length", "channels"), 0),
    **dict.fromkeys(("resolution_x", "resolution_y"), 0),
    **dict.fromkeys(("empty", "numeric", "slashes", "spaces", "special"), False),
    "other_value": "",
    "image_format": "",
}


def draws(seed: int) -> Random:
    """Chance that is the same each time; nothing is kept secret with it."""
    return Random(seed)  # noqa: S311


class _Writer:
    """Draws what people write; `exact` people spell and count alike on both sides."""

    def __init__(self, seed: int, *, exact: bool) -> None:
        self.random = draws(seed)
        self._exact = exact
        self._styles = self.random.sample(_STYLES, 2)

    def names(self, kind: str, least: int, most: int) -> list[str]:
        """Different names, in the style of the first author."""
        pool = _WORDS[kind].split("|")
        chosen = self.random.sample(pool, self.random.randint(least, most))
        return list(map(self._styles[0], chosen))

    def again(self, name: str) -> str:
        """The name as somebody else writes it."""
        if self._exact or self.random.random() < 0.7:
            return name
        return self.random.choice([name.upper(), name.replace("_", " "), name.title()])

    def beside(self, name: str) -> str:
        """A name of the other author's for the same thing, which only a mapping tells."""
        return self._styles[1](f"{self.random.choice(['live', 'raw', 'src'])} {name.lower()}")

    def type_beside(self, name: str, *, given: bool) -> str:
        """A type that reads what is given, or that is read."""
        if self._exact:
            return name
        names = _FREE[name]
        return self.random.choice(
            names if given else [n for n in names if n[0] not in "Fn"] or names
        )

    def near(self, amount: float, tolerance: float) -> float:
        """The amount as somebody else measures it."""
        shift = 0 if self._exact else self.random.uniform(-tolerance, tolerance)
        return round(amount + shift, 3)


def sound(seed: int, *, exact: bool = False) -> System:
    """A system that breaks no rule."""
    writer = _Writer(seed, exact=exact)
    parts = (_context, _raw, _interfaces, _data, _runtime_of_both, _software)
    system: System = {kind: {"version": "1.2", "documentation": []} for kind in KINDS}
    for part in parts:
        part(system, writer)
    return system


KINDS = (
    "system_context",
    "raw_data",
    "data_pipeline",
    "training_data",
    "trained_model",
    "development_environment",
    "production_environment",
    "production_data",
)


def _context(s: System, w: _Writer) -> None:
    wanted = ["keep customers", "save time", "fewer faults", "sell more"]
    s["system_context"] |= {
        "task": "Tell what will happen next.",
        "ml_problem_type": {"ml_problem": "Classification", "other_problem": ""},
        "goals": [
            {"id": f"G-{n:02}", "goal": goal, "metric": "", "baseline": ""}
            for n, goal in enumerate(wanted[: w.random.randint(1, 4)], 1)
        ],
        "available_data": "Two years of records.",
        "usage_context": "Clerks look at a list.",
        "data_rights_policies": "",
        "risks": {"risk_fp": "A call too many", "risk_fn": "A customer lost", "risk_other": ""},
    }


def _raw(s: System, w: _Writer) -> None:
    fields = w.names("field", 2, 5)
    s["raw_data"] |= {
        **dict.fromkeys(("dataset_identifier", "dataset_version", "dataset_name"), "raw-1"),
        "dataset_description": "As exported.",
        "data_sources": [{"data_source": "Enterprise Data", "other_source": ""}],
        "instance_type": "customer",
        "number_of_instances": w.random.randint(1000, 90_000),
        "labels_distribution": [{"label": "yes", "percentage": 30}],
        "schema": [
            {
                **dict.fromkeys(("field_description", "expected_values"), "See the dictionary."),
                **dict.fromkeys(("interpret_missing", "interpret_special"), ""),
                "field_name": name,
                "field_type": "String",
            }
            for name in fields
        ],
        "metadata": {
            "collection_date": "2023-05-01",
            **dict.fromkeys(("geographic_location", "timeframe", "known_issues"), ""),
        },
        **dict.fromkeys(("restrictions", "data_rights", "data_policies"), ""),
        **dict.fromkeys(("anonymization", "proxy_data"), ""),
    }


def _interfaces(s: System, w: _Writer) -> None:
    outputs, down = _connected(w, "component", "output", "input_spec", given=True)
    inputs, up = _connected(w, "producer", "field", "output_spec", given=False)
    for row in inputs:
        row["error_handling"] = {"error_type": "Return none", "error_code_value": 0}
    processed = w.random.random() < 0.5
    inner = [_row(name, "Float") for name in w.names("output", 1, 2)]
    # Only what leaves the model counts; what else is mapped says nothing.
    for row in inner:
        row["component_mapping"] = w.random.choice([outputs[0]["component_mapping"], dict(_NONE)])
    s["trained_model"] |= {
        "output_spec": inner if processed else outputs,
        "post_processing": processed,
        "post_processing_process": ["Round."] if processed else [],
        "final_output_spec": outputs if processed else inner * w.random.randint(0, 1),
    }
    s["data_pipeline"] |= {
        **dict.fromkeys(("pipeline_identifier", "pipeline_version"), "p-1"),
        "pipeline_description": "Cleans and joins.",
        "input_spec": inputs,
        "test_cases": [],
        "pipeline_steps": [{"data_processing_step": "clean", "data_processing_detail": "Trim."}],
        "pipeline_code": "https://git.example.org/p",
    }
    s["development_environment"] |= {"upstream_components": up, "downstream_components": down}


def _connected(
    w: _Writer, holder: str, kind: str, inner: str, *, given: bool
) -> tuple[list[Json], list[Json]]:
    """What a model or pipeline gives or takes, and the components at its border."""
    rows: list[Json] = []
    components: list[Json] = []
    for name in w.names(holder, 1, 3):
        items: list[Json] = []
        for name_of_row in w.names(kind, 1, 3):
            # One result may go to several components.
            again = given and rows and not items and w.random.random() < 0.4
            called = rows[-1]["item_name"] if again else name_of_row
            item = w.beside(called) if w.random.random() < 0.5 else called
            if item in column(items, "item_name"):
                continue
            written = w.random.choice(["Integer", "Float", "String", "Image", "Other"])
            written = rows[-1]["item_type"] if again else written
            free = w.type_beside(written, given=given)
            items.append(
                {
                    "item_name": item,
                    "item_description": "",
                    "item_type": free,
                    "expected_values": "",
                }
            )
            mapping = {"component": w.again(name), "data_item": w.again(item)}
            rows.append(_row(called, written) | {"component_mapping": mapping})
            if w.random.random() < 0.2:
                rows.append(_row(f"{called} again", written) | {"component_mapping": mapping})
        components.append({"component_name": name, inner: items, "ml_component": False})
    w.random.shuffle(rows)
    return rows, components


def _row(name: str, written: str) -> Json:
    return {
        "item_name": name,
        "item_description": "",
        "item_type": written,
        "item_specification": {**_LIMITS, "other_value": "as documented"},
        "component_mapping": dict(_NONE),
    }


def _data(s: System, w: _Writer) -> None:
    trained, live = [], []
    for name in w.names("field", 3, 7):
        there = w.beside(name) if w.random.random() < 0.5 else name
        kinds = w.random.choice(_FIELD_TYPES)
        pair = [kinds[0]] * 2 if w.again("x y") == "x y" else w.random.sample(kinds, 2)
        trained.append(_trained(name, pair[0], w.again(there)))
        live.append(_live_row(there, pair[1]))
    label = _trained("outcome", "String", "") | {"label_field": True}
    if w.random.random() < 0.4:
        label["mapping_production_data"] = "observed outcome"
        live.append(_live_row("observed outcome", "Text"))
    w.random.shuffle(live)
    trained.insert(w.random.randint(0, len(trained)), label)
    figures = _stated_figures(trained, w)
    labels = _stated_shares(w)
    s["training_data"] |= {
        **dict.fromkeys(("dataset_identifier", "dataset_name", "dataset_version"), "train-1"),
        **dict.fromkeys(("dataset_description", "raw_data_identifier"), "raw-1"),
        "schema": trained,
        "statistics": figures[0],
        "distribution": labels[0],
        "preparation_process": [],
        "preparation_code": "",
    }
    s["production_data"] |= {
        **dict.fromkeys(("data_sources", "data_rates"), "Live feed, 20 a second."),
        "schema": live,
        "statistics": figures[1],
        "distribution": labels[1],
    }


def _trained(name: str, kind: str, mapping: str) -> Json:
    return {
        **dict.fromkeys(("field_description", "expected_values", "missing_values"), ""),
        "field_name": name,
        "label_field": False,
        "field_type": kind,
        "mapping_production_data": mapping,
    }


def _live_row(name: str, kind: str) -> Json:
    return {
        **dict.fromkeys(("field_description", "expected_values"), ""),
        "field_name": name,
        "field_type": kind,
    }


def _stated_figures(trained: list[Json], w: _Writer) -> tuple[list[Json], list[Json]]:
    """Figures of some fields; a property stands once, because TEC looks no further."""
    ours, theirs = [], []
    fields = [row for row in trained if row["mapping_production_data"]]
    for name, row in zip(w.random.sample(_PROPERTIES, 2), fields, strict=False):
        value = w.random.randint(20, 900)
        unit = w.random.choice(["", " years", " %"])
        nearby = f"{w.near(value, value * 0.04):g}{unit}"
        ours.append({"property": name, "field": row["field_name"], "value": f"{value}{unit}"})
        live = row["mapping_production_data"]
        theirs.append({"property": w.again(name), "field": live, "value": nearby})
    return ours, theirs


def _stated_shares(w: _Writer) -> tuple[list[Json], list[Json]]:
    ours, theirs = [], []
    labels = w.random.sample(["yes", "no", "unknown", "later"], w.random.randint(2, 4))
    numbered = w.random.random() < 0.5
    for n, label in enumerate(labels):
        there = str(n) if numbered else label
        share = round(100 / len(labels), 1)
        mapping = w.again(there)
        ours.append({"label": label, "percentage": share, "mapping_production_data": mapping})
        theirs.append({"label": there, "percentage": w.near(share, 4.9)})
    return ours, theirs


def _runtime_of_both(s: System, w: _Writer) -> None:
    goals = column(s["system_context"]["goals"], "id")
    wanted = {kind: w.names(kind, 2, 4) for kind in ("algorithm", "business", "log", "feedback")}
    limits = {"operator": "less than", "threshold": 0.5}
    metrics: dict[str, list[Json]] = {
        kind: [
            {"metric": name, **limits, "goal_mapping": w.random.choice(["", *goals])}
            for name in wanted[kind]
        ]
        for kind in ("algorithm", "business")
    }
    every = metrics["algorithm"] + metrics["business"]
    for goal, metric in zip(goals, w.random.sample(every, len(goals)), strict=True):
        metric["goal_mapping"] = goal
    s["trained_model"] |= {
        "algorithm_metrics": metrics["algorithm"],
        "business_metrics": metrics["business"],
        "user_system_feedback": [{"short_name": n, "details": ""} for n in wanted["feedback"]],
        "log_data": [
            {"log": name, "log_data_format": "JSON", "history": "90 days"} for name in wanted["log"]
        ],
    }

    def given(kind: str, key: str, more: str) -> list[Json]:
        names = [*map(w.again, wanted[kind]), more]
        w.random.shuffle(names)
        return [{key: name, "implementation": "nightly job"} for name in names]

    s["production_environment"] |= {
        "deployment_platform": "Kubernetes",
        "deployment_mechanism": "REST",
        "algorithm_metrics": given("algorithm", "metric", "uptime"),
        "business_metrics": given("business", "metric", "tickets closed"),
        "other_metrics": [{"metric": "disk use", "implementation": "exporter"}],
        "user_system_feedback": given("feedback", "feedback", "call duration"),
        "model_logs": given("log", "log", "start and stop"),
        "other_logs": [{"log": "access", "implementation": "ingress"}],
    }


def _software(s: System, w: _Writer) -> None:
    languages = w.random.sample(_LANGUAGES, 3)
    frameworks = w.random.sample(_FRAMEWORKS, 3)
    algorithm = {"algorithm": "Random Forest", "other_algorithm": ""}
    needs = {name: w.random.randint(1, 8) for name in ("gpu", "cpu", "memory", "storage")}
    unit, more = w.random.choice(
        [("Milliseconds", "Milliseconds"), ("Milliseconds", "Seconds"), ("Seconds", "Minutes")]
    )
    time = w.random.randint(2, 60)
    results = [{"metric": "Other", "other_metric": "AUC", "result": 0.9}]
    tested = {"name": "t", "test_results": "good", "file": "https://files.example.org/t"}
    s["trained_model"] |= {
        **dict.fromkeys(("model_name", "model_version", "model_description"), "m-1"),
        "training_date": "2024-02-01",
        "ensemble": True,
        "model_components": [
            {
                "learning_algorithm": algorithm,
                "hyper_parameters": [{"parameter_name": "depth", "parameter_value": "8"}],
                "programming_languages": [w.again(name) for name in chosen],
            }
            for chosen in (languages[:1], languages[: w.random.randint(1, 2)])
        ],
        "model_composition_details": "They vote.",
        "ml_frameworks": frameworks[: w.random.randint(1, 2)],
        **dict.fromkeys(("data_pipeline_identifier", "training_data_identifier"), "x-1"),
        "evaluation_dataset": {
            "name": "e",
            "holdout_percentage": 20,
            "seed": 7,
            "algorithm": "random",
            "file": "https://files.example.org/e",
        },
        "evaluation_metrics": results,
        "test_dataset": tested,
        "integration_test_dataset": tested,
        "test_metrics": results,
        **dict.fromkeys(("model_output_interpretation", "default_model_output"), "none"),
        "data_buffering_reqs": "",
        "decisions_assumptions": ["Behaviour is stable."],
        "computing_resource_reqs": needs,
        "inference_time": {"time": time, "unit": unit},
        "system_dependencies": ["libgomp"],
        **dict.fromkeys(("model_training_code", "trained_model_code"), "https://git.example.org/m"),
    }
    s["development_environment"] |= {
        "programming_languages": [*languages, "Fortran"],
        "ml_frameworks": [*map(w.again, frameworks), "Caffe"],
        "milestones": [{"milestone": "integration", "milestone_date": "2024-06-01"}],
        "computing_resources": {name: n + w.random.randint(0, 4) for name, n in needs.items()},
    }
    s["production_environment"] |= {
        "required_inference_time": {"time": time + w.random.randint(0, 30), "unit": more},
        "computing_resources": {name: n + w.random.randint(0, 4) for name, n in needs.items()},
    }


# -- what can go wrong ----------------------------------------------------------------------------


def _forget_goal(s: System, r: Random) -> None:
    goals = s["system_context"]["goals"]
    if r.random() < 0.5:
        goals.append({"id": "G-09", "goal": "no complaints", "metric": "", "baseline": ""})
        return
    model, lost = s["trained_model"], r.choice(goals)["id"]
    for metric in model["algorithm_metrics"] + model["business_metrics"]:
        metric["goal_mapping"] = metric["goal_mapping"].replace(lost, "")


def _other_language(s: System, r: Random) -> None:
    languages = r.choice(s["trained_model"]["model_components"])["programming_languages"]
    _want_more(languages, s["development_environment"]["programming_languages"], "COBOL", r)


def _other_framework(s: System, r: Random) -> None:
    wanted = s["trained_model"]["ml_frameworks"]
    _want_more(wanted, s["development_environment"]["ml_frameworks"], "Theano", r)


def _want_more(wanted: list[str], given: list[str], more: str, r: Random) -> None:
    """Adds to what is wanted, or takes from what is given."""
    if r.random() < 0.5:
        wanted.insert(r.randint(0, len(wanted)), more)
        return
    lost = r.choice(wanted)
    given[:] = [name for name in given if not same(name, lost)]


def _mapped(s: System, inner: str) -> list[tuple[Json, Json]]:
    """Rows that are mapped, each with its item."""
    model = s["trained_model"]
    outputs = model["final_output_spec" if model["post_processing"] else "output_spec"]
    rows = outputs if inner == "input_spec" else s["data_pipeline"]["input_spec"]
    there = downstream(s) if inner == "input_spec" else upstream(s)
    return [(row, there[mapped_to(row)]) for row in rows if mapped_to(row) in there]


def _retype(s: System, r: Random, inner: str) -> None:
    row, item = r.choice(_mapped(s, inner))
    row["item_type"] = r.choice(list(_BAD))
    bad = _BAD[row["item_type"]]
    # Whoever is given something else cannot read it: the pipeline takes, the model gives.
    item["item_type"] = "Float" if inner == "output_spec" and bad == "Integer" else bad
    if inner == "output_spec" and row["item_type"] == "Float":
        row["item_type"] = "Integer"


def _unmap(s: System, r: Random, inner: str) -> None:
    row, _ = r.choice(_mapped(s, inner))
    row["component_mapping"] |= r.choice([{"component": ""}, {"data_item": ""}, _NONE])


def _add_item(s: System, r: Random, inner: str) -> None:
    side = "downstream_components" if inner == "input_spec" else "upstream_components"
    component = r.choice(s["development_environment"][side])
    component[inner].append(
        {
            **dict.fromkeys(("item_description", "expected_values"), ""),
            "item_name": "Remark by hand",
            "item_type": "Text",
        }
    )


def _starve(s: System, r: Random, environment: str) -> None:
    name = r.choice(["gpu", "cpu", "memory", "storage"])
    needs, has = (
        s["trained_model"]["computing_resource_reqs"],
        s[environment]["computing_resources"],
    )
    needs[name] = max(needs[name], 2)
    has[name] = r.choice([1, needs[name] - 1, needs[name] - 0.5 if name == "memory" else 1])


def _neglect(
    s: System, r: Random, wanted: tuple[str, str], given: tuple[str, str], more: Json
) -> None:
    rows, there = s["trained_model"][wanted[0]], s["production_environment"][given[0]]
    if r.random() < 0.4:
        rows.append({wanted[1]: "seldom asked for", **more})
        return
    lost = r.choice(rows)[wanted[1]]
    for row in [row for row in there if same(row[given[1]], lost)]:
        if r.random() < 0.5:
            row[given[1]] = "something else"
        else:
            there.remove(row)


def _slow(s: System, r: Random) -> None:
    allows = s["production_environment"]["required_inference_time"]
    time = allows["time"] * MILLISECONDS[allows["unit"]] // 1000
    seconds = {"time": int(time) + 1, "unit": "Seconds"}
    more = {"time": allows["time"] + r.randint(1, 9), "unit": allows["unit"]}
    s["trained_model"]["inference_time"] = r.choice([seconds, more])


def _retype_field(s: System, r: Random) -> None:
    rows = [row for row in learnt(s) if folded(row["mapping_production_data"]) in live_fields(s)]
    row = r.choice(rows)
    there = live_fields(s)[folded(row["mapping_production_data"])]
    row["field_type"] = r.choice(list(_BAD_FIELD))
    there["field_type"] = _BAD_FIELD[row["field_type"]]


def _unmap_field(s: System, r: Random) -> None:
    r.choice(learnt(s))["mapping_production_data"] = ""


def _add_field(s: System, r: Random) -> None:
    there = s["production_data"]["schema"]
    there.insert(r.randint(0, len(there)), _live_row("Weather Station", "String"))


def _shift_figure(s: System, r: Random) -> None:
    row = r.choice(s["production_data"]["statistics"])
    match = FIGURE.fullmatch(row["value"])
    assert match
    row["value"] = f"{float(match[1]) * r.choice([0.8, 1.2, 3]):g} {match[2]}".strip()


def _shift_share(s: System, r: Random) -> None:
    row = r.choice(s["production_data"]["distribution"])
    row["percentage"] = round(row["percentage"] + r.choice([-15, 11, 20.5]), 1)


_METRIC = {"operator": "equal to", "threshold": 1, "goal_mapping": ""}

FAULTS: Mapping[str, Callable[[System, Random], None]] = {
    "1": _forget_goal,
    "2": _other_language,
    "3A": lambda s, r: _retype(s, r, "input_spec"),
    "3B": lambda s, r: _unmap(s, r, "input_spec"),
    "3C": lambda s, r: _add_item(s, r, "input_spec"),
    "4A": lambda s, r: _retype(s, r, "input_spec"),
    "4B": lambda s, r: _unmap(s, r, "input_spec"),
    "4C": lambda s, r: _add_item(s, r, "input_spec"),
    "5A": lambda s, r: _retype(s, r, "output_spec"),
    "5B": lambda s, r: _unmap(s, r, "output_spec"),
    "5C": lambda s, r: _add_item(s, r, "output_spec"),
    "6": lambda s, r: _starve(s, r, "development_environment"),
    "7": lambda s, r: _starve(s, r, "production_environment"),
    "8": _other_framework,
    "9": lambda s, r: _neglect(
        s, r, ("business_metrics", "metric"), ("business_metrics", "metric"), _METRIC
    ),
    "10": lambda s, r: _neglect(
        s, r, ("algorithm_metrics", "metric"), ("algorithm_metrics", "metric"), _METRIC
    ),
    "11": lambda s, r: _neglect(
        s, r, ("log_data", "log"), ("model_logs", "log"), {"log_data_format": "", "history": ""}
    ),
    "12": _slow,
    "13": lambda s, r: _neglect(
        s,
        r,
        ("user_system_feedback", "short_name"),
        ("user_system_feedback", "feedback"),
        {"details": ""},
    ),
    "14A": _retype_field,
    "14B": _unmap_field,
    "14C": _add_field,
    "15": _shift_figure,
    "16": _shift_share,
}
"""What breaks each rule, and at times another with it."""


def breakable(system: System, rule: str) -> bool:
    """Whether the rule can be broken in the system: rules 3 are about models without
    post-processing, rules 4 about those with it.
    """
    processed = system["trained_model"]["post_processing"]
    return rule[0] not in "34" or processed is (rule[0] == "4")


def broken(seed: int, rules: list[str], *, exact: bool = False) -> System:
    """A system with the faults that break the rules, of those that can be broken in it."""
    system, random = sound(seed, exact=exact), draws(seed)
    for rule in rules:
        if breakable(system, rule):
            FAULTS[rule](system, random)
    return system
