"""Reports of projects as they are kept: JSON, read back into the same records."""

import json
from dataclasses import asdict
from functools import cache

from pydantic import TypeAdapter

from kg.findings import Finding, ProjectReport


def packed(report: ProjectReport | Finding) -> bytes:
    """A report, or a finding of it, as JSON; numbers without end are kept as they are, and halves
    of characters, which no JSON can hold, are question marks.
    """
    return json.dumps(asdict(report), ensure_ascii=False, separators=(",", ":")).encode(
        errors="replace"
    )


def unpacked(data: bytes) -> ProjectReport:
    """The report that was packed."""
    return _reports().validate_json(data)


def finding(data: str | bytes) -> Finding:
    """The finding that was packed."""
    return _findings().validate_json(data)


@cache
def _reports() -> TypeAdapter[ProjectReport]:
    return TypeAdapter(ProjectReport)


@cache
def _findings() -> TypeAdapter[Finding]:
    return TypeAdapter(Finding)
