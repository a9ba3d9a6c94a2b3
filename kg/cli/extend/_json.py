"""What was found in extensions, and what they change, as JSON."""

import json
from dataclasses import asdict
from typing import Any

from kg.namespaces import iri
from kg.workshop.checks import checks
from kg.workshop.effect import Effect
from kg.workshop.examination import Examination, Examined

_SCHEMA = "extension/1"


def as_json(found: Examination) -> str:
    """All that was found, as one object."""
    told = {
        "schema": iri(_SCHEMA),
        "sound": found.sound,
        "checks": {name: check.TITLE for name, check in checks().items()},
        "extensions": [_extension(one) for one in found.extensions],
        "gaps": _effect(found.effect),
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _extension(one: Examined) -> dict[str, Any]:
    return {
        "folder": str(one.folder),
        "attributes": one.attributes,
        "predicates": one.predicates,
        "cases": one.cases,
        "faults": [
            {
                "check": name,
                "severity": fault.weight,
                "file": fault.file,
                "line": fault.line,
                "message": fault.what,
                "hint": fault.hint,
            }
            for name, fault in one.faults
        ],
    }


def _effect(effect: Effect) -> dict[str, Any]:
    return {
        "before": asdict(effect.before),
        "after": asdict(effect.after),
        "detected": [asdict(gain) for gain in effect.gains],
        "opened": [asdict(gap) for gap in effect.opened],
        "closed": [asdict(gap) for gap in effect.closed],
    }
