"""What nothing but sentences say: findings that rest on it warn, and never are violations."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from kg.catalogue import Catalogue
from kg.detect import check
from kg.findings import IN_PROSE, Finding, Severity, Verdict
from kg.projects import read_project
from kg.stores import open_store
from kg.vocabulary import Vocabulary
from kg.workspace import Workspace

README = "# Shop\n\n## Requirements\n\n- numpy 1.20.3\n\nThe service needs at least 8 GB of RAM.\n"
Found: TypeAlias = Callable[..., dict[str, Finding]]

LIMITS = """\
apiVersion: v1
kind: Pod
metadata: {name: shop}
spec: {containers: [{image: shop, resources: {limits: {memory: 2Gi}}}]}
"""


@pytest.fixture
def found(tmp_path: Path, known: Vocabulary, predicates: Catalogue) -> Found:
    """Writes files and tells the mismatches of their project by predicate."""

    def tell(**files: str) -> dict[str, Finding]:
        for name, text in files.items():
            (tmp_path / name.replace("_", ".")).write_text(text)
        workspace = Workspace(open_store("memory:"), known)
        report = check([read_project(tmp_path, known)], workspace, predicates)
        return {f.predicate: f for f in report.findings() if f.verdict is Verdict.MISMATCH}

    return tell


def test_a_need_that_only_prose_states_warns(found: Found) -> None:
    finding = found(README_md=README, pod_yaml=LIMITS)["resources-exceed-operations"]

    assert finding.severity is Severity.WARNING
    needs = next(one for one in finding.evidence if one.name == "needs")
    assert needs.status == IN_PROSE
    assert [(origin.file, origin.line) for origin in needs.sources] == [("README.md", 7)]


def test_a_contradiction_with_prose_warns_and_one_without_it_is_a_violation(found: Found) -> None:
    one = found(README_md=README, requirements_txt="numpy==1.26.4\n")["conflicting-statements"]
    assert one.severity is Severity.WARNING

    twice = '{"softwareRequirements": ["numpy==1.24.0"]}'
    two = found(codemeta_json=twice)["conflicting-statements"]
    assert two.severity is Severity.VIOLATION
    assert {evidence.status for evidence in two.evidence} == {"declared", IN_PROSE}


def test_what_a_file_states_too_is_no_prose(found: Found) -> None:
    need = "element: TrainedModel\nrequired_memory: 8 GB\n"
    finding = found(README_md=README, model_yaml=need, pod_yaml=LIMITS)[
        "resources-exceed-operations"
    ]
    assert finding.severity is Severity.VIOLATION
