"""What the predicates over different projects say, worked out by going through all pairs of
projects.

Written from what the predicates are for (`when`, `formal`) and from the rules that all of them
keep, not from their queries: any two values that differ make a mismatch, else anything that is
missing or cannot be compared leaves it undecided, else it is clear.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import permutations, product

from kg.findings import Verdict
from kg.namespaces import kebab
from kg.projects import Project
from kg.statements import Node
from kg.vocabulary import Vocabulary

CLEAR, MISMATCH, UNDECIDED = Verdict.CLEAR, Verdict.MISMATCH, Verdict.UNDECIDED
_WORST_FIRST = (MISMATCH, UNDECIDED, CLEAR)
_DATA = ("RawData", "TrainingData", "OperationalData")
_MODEL, _LAB, _HOST = "TrainedModel", "DevelopmentEnvironment", "OperationalEnvironment"


@dataclass(frozen=True, slots=True)
class Said:
    """One verdict, on what it is about: elements with their projects."""

    predicate: str
    subject: str
    object: str
    item: str
    verdict: str


@dataclass(frozen=True, slots=True, eq=False)
class System:
    """What all sources of a project state together."""

    project: Project
    things: "dict[Node, Thing]" = field(default_factory=dict)
    kinds: "dict[str, list[Thing]]" = field(default_factory=lambda: defaultdict(list))

    def of_kind(self, *kinds: str) -> "list[Thing]":
        """Its elements of these kinds."""
        return [thing for kind in kinds for thing in self.kinds[kind]]

    def thing(self, node: Node) -> "Thing":
        """The one thing that the node stands for."""
        return self.things.setdefault(node, Thing(self, node))


@dataclass(frozen=True, slots=True, eq=False)
class Thing:
    """An element of a system, or a part of one, with what is stated of it."""

    system: System
    node: Node
    stated: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    held: "dict[str, dict[Thing, None]]" = field(default_factory=lambda: defaultdict(dict))

    def texts(self, attribute: str) -> set[str]:
        """The values that are stated of the attribute."""
        return self.stated[attribute]

    def parts(self, *attributes: str) -> "list[Thing]":
        """The parts that the attributes hold."""
        return [part for attribute in attributes for part in self.held[attribute]]

    def linked(self, link: str) -> "list[Thing]":
        """The elements to which the link leads."""
        return [
            self.system.thing(one.object)
            for _, one in self.system.project.links
            if (one.name, one.subject) == (link, self.node)
        ]

    def __str__(self) -> str:
        if self.node.parts:
            return min(self.texts("name"))
        return f"{self.system.project.id}/{kebab(self.node.kind)}/{self.node.name}"


Row = tuple[Thing, Thing, Thing | str, Iterable[Verdict]]
Judge = Callable[[System, System], Iterator[Row]]


def said(projects: Iterable[Project], vocabulary: Vocabulary) -> list[Said]:
    """Every verdict on the projects: one for each predicate, subject, object and item."""
    systems = [_system(project) for project in projects]
    found = []
    for predicate, judge in JUDGES.items():
        given: dict[tuple[Thing, Thing, Thing | str], set[Verdict]] = defaultdict(set)
        for first, second in (*permutations(systems, 2), *((one, one) for one in systems)):
            for subject, target, item, verdicts in judge(first, second):
                given[subject, target, item] |= set(verdicts)
        for (subject, target, item), verdicts in given.items():
            told = next((one for one in _WORST_FIRST if one in verdicts), None)
            if told:
                about = _called(item, vocabulary)
                found.append(Said(predicate, str(subject), str(target), about, told.value))
    return found


def _called(item: Thing | str, vocabulary: Vocabulary) -> str:
    """A part by its name, an attribute by its label."""
    known = vocabulary.attributes.get(str(item))
    return known.label if known and isinstance(item, str) else str(item)


def _system(project: Project) -> System:
    found = System(project)
    for entry in project.entries:
        for node in entry.reading.elements:
            found.kinds[node.kind].append(found.thing(node))
        for statement in entry.reading.statements:
            thing, value = found.thing(statement.node), statement.value
            if isinstance(value, Node):
                thing.held[statement.attribute][found.thing(value)] = None
            else:
                thing.texts(statement.attribute).add(str(value))
        for node, attribute in entry.reading.complete:
            found.thing(node).texts("complete").add(attribute)
    return found


# -- how values compare ---------------------------------------------------------------------------


def _compared(
    left: Iterable[str], right: Iterable[str], same: Callable[[str, str], bool]
) -> list[Verdict]:
    """A verdict for each combination of values; undecided where a side has none."""
    pairs = list(product(left, right))
    return [CLEAR if same(*pair) else MISMATCH for pair in pairs] or [UNDECIDED]


def _told(left: set[str], right: set[str]) -> list[Verdict]:
    """Whether the values are the same; nothing where neither side states any."""
    return _compared(left, right, str.__eq__) if left or right else []


def _digests(left: set[str], right: set[str]) -> list[Verdict]:
    """Digests can be compared where they are of one algorithm."""
    pairs = [
        (first.lower(), second.lower())
        for first, second in product(left, right)
        if ":" in first and _algorithm(first) == _algorithm(second)
    ]
    return [CLEAR if first == second else MISMATCH for first, second in pairs] or [UNDECIDED]


def _algorithm(digest: str) -> str:
    return digest.partition(":")[0].lower()


def _same_release(left: str, right: str) -> bool:
    """Whether two labels are of one version: v1.0 is 1."""
    return _release(left) == _release(right)


def _release(label: str) -> str:
    found = label.lower().removeprefix("v")
    while found.endswith(".0"):
        found = found.removesuffix(".0")
    return found


def _any_same_release(left: set[str], right: set[str]) -> bool:
    return any(_same_release(*pair) for pair in product(left, right))


def _alike(left: str, right: str) -> bool:
    return left.lower() == right.lower()


def _one_word(left: str, right: str) -> bool:
    return _squeezed(left) == _squeezed(right)


def _squeezed(text: str) -> str:
    return "".join(sign for sign in text.lower() if sign not in " _-")


def _shares(left: Thing, right: Thing, *attributes: str) -> bool:
    """Whether the first has one of the other's values for an attribute; the other may have another
    attribute for it.
    """
    mine = left.texts(attributes[0])
    return any(mine & right.texts(attribute) for attribute in attributes[1:] or attributes)


# -- the predicates -------------------------------------------------------------------------------


def _contents(first: System, second: System) -> Iterator[Row]:
    """One version of a data set, two contents."""
    if first is second:
        return
    for subject, target in product(first.of_kind(*_DATA), second.of_kind(*_DATA)):
        if all(_shares(subject, target, f"dataset{key}") for key in ("Identifier", "Version")):
            told = _digests(subject.texts("contentHash"), target.texts("contentHash"))
            yield subject, target, "", told


def _releases(first: System, second: System) -> Iterator[Row]:
    """One version of a model, two contents: of two who describe it, or of one who serves it."""
    if first is second:
        return
    for target in second.of_kind(_MODEL):
        version, digest = target.texts("modelVersion"), target.texts("modelHash")
        for subject in first.of_kind(_MODEL):
            if _shares(subject, target, "modelIdentifier") and _any_same_release(
                subject.texts("modelVersion"), version
            ):
                yield subject, target, "", _digests(subject.texts("modelHash"), digest)
        for subject in first.of_kind(_HOST):
            for release in subject.parts("deployment"):
                if _shares(
                    release, target, "deployedModelIdentifier", "modelIdentifier"
                ) and _any_same_release(release.texts("deployedModelVersion"), version):
                    told = _digests(release.texts("deployedModelHash"), digest)
                    yield subject, target, release, told


def _restrictions(first: System, second: System) -> Iterator[Row]:
    """One data set, or data made from it, with different restrictions."""
    if first is second:
        return
    made_of = ("datasetIdentifier", "derivedFromDataset", "rawDataIdentifier")
    for subject, target in product(first.of_kind(*_DATA), second.of_kind(*_DATA)):
        if _shares(target, subject, "datasetIdentifier", *made_of):
            mine, theirs = (one.texts("permittedEnvironmentClass") for one in (subject, target))
            yield subject, target, "permittedEnvironmentClass", _within(mine, theirs)
            barred = target.texts("prohibitedEnvironmentClass")
            yield subject, target, "prohibitedEnvironmentClass", _apart(mine, barred)
        if _shares(subject, target, "datasetIdentifier"):
            mine = subject.texts("prohibitedEnvironmentClass")
            theirs = target.texts("permittedEnvironmentClass")
            yield subject, target, "prohibitedEnvironmentClass", _apart(mine, theirs)
            for attribute, judge in (("assetClassification", _told), ("licence", _licensed)):
                told = judge(subject.texts(attribute), target.texts(attribute))
                yield subject, target, attribute, told
            purposes = (
                {purpose.lower() for purpose in one.texts("permittedPurpose")}
                for one in (subject, target)
            )
            yield subject, target, "permittedPurpose", _within(*purposes)


def _within(mine: set[str], theirs: set[str]) -> list[Verdict]:
    """What one side allows must be among what the other allows."""
    if mine and theirs:
        return [CLEAR if mine <= theirs else MISMATCH]
    return [UNDECIDED] if mine or theirs else []


def _apart(allowed: set[str], barred: set[str]) -> list[Verdict]:
    """What one side allows must not be among what the other bars; no word bars nothing."""
    if allowed and barred:
        return [MISMATCH if allowed & barred else CLEAR]
    return []


def _licensed(mine: set[str], theirs: set[str]) -> list[Verdict]:
    """Two names of licences differ; two expressions may say one thing in two ways."""
    if not (mine and theirs):
        return [UNDECIDED] if mine or theirs else []
    return [
        CLEAR if _alike(*pair) else UNDECIDED if any(" " in one for one in pair) else MISMATCH
        for pair in product(mine, theirs)
    ]


def _duplicated(first: System, second: System) -> Iterator[Row]:
    """One component described twice, or under two identifiers."""
    if first is second:
        return
    for subject, target in product(first.of_kind(_LAB), second.of_kind(_LAB)):
        mine, theirs = subject.parts("upstreamComponent"), target.parts("upstreamComponent")
        for component, twin in product(mine, theirs):
            yield subject, target, component, _described(component, twin)


def _described(component: Thing, twin: Thing) -> Iterator[Verdict]:
    specified = component.texts("itemsHash"), twin.texts("itemsHash")
    if _shares(component, twin, "componentIdentifier"):
        versions = component.texts("componentVersion"), twin.texts("componentVersion")
        if any(versions) or not any(specified):
            yield from _compared(*versions, _same_release)
        if any(specified):
            yield from _digests(*specified)
    # Only digests that are written alike lead from one component to another.
    if any(":" in digest for digest in specified[0] & specified[1]):
        called = component.texts("componentIdentifier"), twin.texts("componentIdentifier")
        pairs = list(product(*called))
        if any(one != other for one, other in pairs):
            yield MISMATCH
        if not pairs:
            yield UNDECIDED


def _interface(first: System, second: System) -> Iterator[Row]:
    """The first system is fed by a model of the second, or shares a feed with it."""
    if first is second:
        return
    for subject in first.of_kind(_LAB):
        components = subject.parts("upstreamComponent")
        for component, target in product(components, second.of_kind(_MODEL)):
            if _shares(component, target, "carriedModelIdentifier", "modelIdentifier"):
                yield from _fed(subject, component, target)
        for component, target in product(components, second.of_kind(_LAB)):
            for twin in target.parts("upstreamComponent"):
                if _shares(component, twin, "componentIdentifier"):
                    yield from _shared(subject, component, target, twin)


def _fed(subject: Thing, component: Thing, target: Thing) -> Iterator[Row]:
    for item, output in product(component.parts("item"), target.parts("output", "finalOutput")):
        if _called_alike(item, output):
            yield subject, target, item, _fits(output, item, _readers(item))
    relied, versions = component.texts("carriedModelVersion"), target.texts("modelVersion")
    yield subject, target, "carriedModelVersion", _served(component, target)
    states = target.texts("lifecycleStatus")
    if states and (_any_same_release(relied, versions) or not (relied and versions)):
        sure = bool(relied and versions)
        retired = MISMATCH if sure else UNDECIDED
        verdicts = [retired if state == "retired-version" else CLEAR for state in states]
        yield subject, target, "lifecycleStatus", verdicts


def _served(component: Thing, model: Thing) -> list[Verdict]:
    """Whether the model has the version that is relied on; another element may be of that one."""
    lines = component.texts("carriedModelIdentifier") & model.texts("modelIdentifier")
    beside = {
        version
        for other in model.system.of_kind(_MODEL)
        if other != model and lines & other.texts("modelIdentifier")
        for version in other.texts("modelVersion")
    }
    found: list[Verdict] = []
    for relied in component.texts("carriedModelVersion"):
        verdicts = _compared({relied}, model.texts("modelVersion"), _same_release)
        is_beside = _any_same_release({relied}, beside)
        found += [one for one in verdicts if one is not MISMATCH or not is_beside]
    return found if component.texts("carriedModelVersion") else [UNDECIDED]


def _called_alike(left: Thing, right: Thing) -> bool:
    return any(_alike(*pair) for pair in product(left.texts("name"), right.texts("name")))


def _readers(item: Thing) -> list[Thing]:
    """What the pipelines take in that corresponds to the item, by its name."""
    system = item.system
    fed = {
        pipeline
        for model in system.of_kind(_MODEL)
        if model.linked("integratedIn")
        for pipeline in model.linked("preparedBy")
    }
    taken = [one for pipeline in fed for one in pipeline.parts("pipelineInput")]
    return [one for one in taken if _called_alike(one, item)]


def _fits(output: Thing, item: Thing, readers: list[Thing]) -> Iterator[Verdict]:
    """Whether what is given is what is expected, by the component's item and by its readers."""
    for attribute, judge in _ASPECTS.items():
        given = output.texts(attribute)
        expected = [one.texts(attribute) for one in (item, *readers)]
        if given and not any(expected):
            yield UNDECIDED
        for wanted in filter(None, expected):
            yield from judge(given, wanted) if given else [UNDECIDED]


def _types(given: set[str], wanted: set[str]) -> list[Verdict]:
    return _compared(given, wanted, lambda one, other: other in _WIDER.get(one, {one}))


_WIDER = {"integer": {"integer", "double"}}


def _words(given: set[str], wanted: set[str]) -> list[Verdict]:
    """Words that differ may mean one thing, which only their project could tell."""
    return [UNDECIDED if one is MISMATCH else one for one in _compared(given, wanted, _one_word)]


def _cases(given: set[str], wanted: set[str]) -> list[Verdict]:
    return _compared(given, wanted, lambda one, other: other in {one, "any-case"})


_ASPECTS: dict[str, Callable[[set[str], set[str]], list[Verdict]]] = {
    "dataType": _types,
    "unitOfMeasure": _words,
    "semanticType": _words,
    "letterCase": _cases,
}


def _shared(subject: Thing, component: Thing, target: Thing, twin: Thing) -> Iterator[Row]:
    """Two readers of one feed, and the letter case in which each takes its items."""
    for item, other in product(component.parts("item"), twin.parts("item")):
        if _called_alike(item, other):
            mine, theirs = item.texts("letterCase"), other.texts("letterCase")
            if mine or theirs:
                yield subject, target, item, _compared(mine, theirs, _cased_alike)


def _cased_alike(left: str, right: str) -> bool:
    return left == right or "any-case" in {left, right}


def _contexts(first: System, second: System) -> Iterator[Row]:
    """The first system serves a model that the second serves or describes."""
    if first is second:
        return
    for subject in first.of_kind(_HOST):
        for release in subject.parts("deployment"):
            for target in second.of_kind(_HOST):
                for other in target.parts("deployment"):
                    if _shares(release, other, "deployedModelIdentifier"):
                        yield subject, target, release, _run(release, other)
            for target in second.of_kind(_MODEL):
                if _shares(release, target, "deployedModelIdentifier", "modelIdentifier"):
                    yield from _settings(subject, release, target)


def _run(release: Thing, other: Thing) -> Iterator[Verdict]:
    """The versions in service; a release of which nobody says so may not be."""
    states = release.texts("deploymentStatus"), other.texts("deploymentStatus")
    if all(not state or "active" in state for state in states):
        mine, theirs = release.texts("deployedModelVersion"), other.texts("deployedModelVersion")
        for verdict in _compared(mine, theirs, _same_release):
            yield verdict if all(states) or verdict is CLEAR else UNDECIDED


def _settings(subject: Thing, release: Thing, model: Thing) -> Iterator[Row]:
    """Each setting of live data, against those for which the model was validated."""
    states = release.texts("deploymentStatus")
    served, described = release.texts("deployedModelVersion"), model.texts("modelVersion")
    stated = bool(served and described)
    if (states and "active" not in states) or (stated and not _any_same_release(served, described)):
        return
    for data in subject.system.of_kind("OperationalData"):
        for setting in data.parts("context"):
            verdict = _valid(setting, model)
            if verdict is MISMATCH and not (states and stated):
                verdict = UNDECIDED
            yield subject, model, setting, [verdict]


def _valid(setting: Thing, model: Thing) -> Verdict:
    known = model.parts("validatedContext")
    aspect = setting.texts("dimension")
    alike = [one for one in known if _called_alike(one, setting)]
    if any(all(x == y for x, y in product(aspect, one.texts("dimension"))) for one in alike):
        return CLEAR
    covered = any(
        term.texts("broaderTerm") and _called_alike(term, setting)
        for task in setting.system.of_kind("TaskAndPurpose")
        for term in task.parts("glossaryTerm")
    )
    sure = (
        aspect
        and not alike
        and not covered
        and "validatedContext" in model.texts("complete")
        and all(one.texts("dimension") for one in known)
        and any(_shares(one, setting, "dimension") for one in known)
    )
    return MISMATCH if sure else UNDECIDED


def _retrained(first: System, second: System) -> Iterator[Row]:
    """A learnt component was trained on the results of another version."""
    if first is second:
        for model in first.of_kind(_MODEL):
            for lab, component in _behind(model):
                yield model, lab, component, _learnt(component, model)
    else:
        yield from _trained_before(first, second)
        yield from _relied_on(first, second)


def _trained_before(first: System, second: System) -> Iterator[Row]:
    """A model of the first system reads one of the second, which was trained later."""
    for producer, consumer in product(second.of_kind(_MODEL), first.of_kind(_MODEL)):
        dates = producer.texts("trainingDate"), consumer.texts("trainingDate")
        for _, component in _behind(producer):
            if _shares(component, consumer, "carriedModelIdentifier", "modelIdentifier"):
                verdicts = _compared(*dates, str.__le__)
                yield consumer, producer, "trainingDate", _if_learnt(component, verdicts)


def _relied_on(first: System, second: System) -> Iterator[Row]:
    """A model of the second system feeds the first."""
    for lab, model in product(first.of_kind(_LAB), second.of_kind(_MODEL)):
        for component in lab.parts("upstreamComponent"):
            if _shares(component, model, "carriedModelIdentifier", "modelIdentifier"):
                verdicts = _served(component, model)
                yield lab, model, component, _if_learnt(component, verdicts)


def _behind(model: Thing) -> Iterator[tuple[Thing, Thing]]:
    """What takes the results of the model, with the environment that says so."""
    for lab in model.linked("integratedIn"):
        for component in lab.parts("downstreamComponent"):
            yield lab, component


def _learnt(component: Thing, model: Thing) -> list[Verdict]:
    """Who says on which version the component learnt, as good as says that it did."""
    learnt = component.texts("trainedAgainstVersion")
    if not learnt and not component.texts("mlComponent"):
        return []
    return _if_learnt(component, _compared(learnt, model.texts("modelVersion"), _same_release))


def _if_learnt(component: Thing, verdicts: list[Verdict]) -> list[Verdict]:
    states = component.texts("mlComponent")
    if states:
        return verdicts if "True" in states else []
    return [UNDECIDED if one is MISMATCH else one for one in verdicts]


JUDGES: dict[str, Judge] = {
    "chained-model-retrained": _retrained,
    "cross-system-interface-mismatch": _interface,
    "dataset-version-hash-conflict": _contents,
    "duplicated-upstream-component": _duplicated,
    "model-version-hash-conflict": _releases,
    "shared-dataset-restriction-conflict": _restrictions,
    "shared-model-context-divergence": _contexts,
}
"""How each predicate over different projects judges the first of two systems by the second."""
