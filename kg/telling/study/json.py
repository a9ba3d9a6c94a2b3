"""The study's figures as JSON, with its examples and where paper and data differ."""

from dataclasses import asdict
from typing import Any

from kg.namespaces import iri
from kg.pictures import Shown
from kg.reports import Telling
from kg.study import LEVELS, Share, figures
from kg.visible import as_json

TITLE = "JSON"
SUFFIX = ".json"


def render(shown: Shown, _telling: Telling) -> str:
    """One object: totals, figures, answers by level, differences, examples."""
    study = shown.study
    return as_json(
        {
            "schema": iri("study/1"),
            "totals": dict(study.totals),
            "figures": {
                name: [_share(share) for share in shares] for name, shares in figures(study).items()
            },
            "answers": [
                {"code": one.share.code, **dict(zip(LEVELS, one.levels, strict=True))}
                for one in study.answers
            ],
            "differences": [asdict(one) for one in study.differences],
            "examples": [asdict(one) for one in study.examples],
        }
    )


def _share(share: Share) -> dict[str, Any]:
    return {**asdict(share), "percent": round(share.percent, 2), "agrees": share.agrees}
