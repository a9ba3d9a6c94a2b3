"""Tells a release: as text, as JSON for programs, and as Markdown for a list of changes."""

import json
from collections.abc import Callable, Mapping

from kg.namespaces import iri
from kg.releases import Change, Level, Release
from kg.visible import flowing

_SCHEMA = "mm:release/1"
_HEADS = {
    Level.BREAKING: "Breaks what was right",
    Level.ADDING: "Adds, and breaks nothing",
    Level.WORDING: "Changes words only",
}
_NAMES = {
    Level.NONE: "none",
    Level.WORDING: "wording",
    Level.ADDING: "adding",
    Level.BREAKING: "breaking",
}


def as_text(release: Release) -> str:
    """The changes under three heads, and the version that follows."""
    lines = [_summary(release)]
    for level, head in _HEADS.items():
        found = [change for change in release.changes if change.level is level]
        if found:
            lines += ["", f"{head} ({len(found)})"]
            lines += [f"  {_line(change)}" for change in found]
    return "\n".join([*lines, "", _advice(release)]) + "\n"


def as_markdown(release: Release) -> str:
    """The same as a list to paste into a file of changes."""
    lines = [f"## Vocabulary {release.after}", "", _summary(release)]
    for level, head in _HEADS.items():
        found = [change for change in release.changes if change.level is level]
        if found:
            lines += ["", f"### {head}", ""]
            lines += [f"- {_line(change, quote='`')}" for change in found]
    return "\n".join([*lines, "", _advice(release)]) + "\n"


def as_json(release: Release) -> str:
    """The same as one JSON object."""
    told = {
        "schema": iri(_SCHEMA),
        "before": release.before,
        "after": release.after,
        "level": _NAMES[release.level],
        "due": release.due,
        "surprises": len(release.surprises),
        "changes": [
            {
                "term": change.term,
                "kind": change.kind,
                "what": change.what,
                "level": _NAMES[change.level],
                "before": change.before,
                "after": change.after,
                "announced": change.announced,
            }
            for change in release.changes
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


FORMATS: Mapping[str, Callable[[Release], str]] = {
    "text": as_text,
    "json": as_json,
    "markdown": as_markdown,
}
"""Every way of telling, by the name that `--as` takes."""


def _summary(release: Release) -> str:
    if not release.changes:
        return (
            f"Nothing changed from {release.before or 'the old'} to {release.after or 'the new'}."
        )
    count = len(release.changes)
    return (
        f"{count} change{'s' if count > 1 else ''} from {release.before or 'the old'} "
        f"to {release.after or 'the new'}."
    )


def _line(change: Change, quote: str = "") -> str:
    name = f"{quote}{change.term}{quote} ({change.kind})"
    if change.what in {"added", "removed", "taken back"}:
        late = ", as was announced" if change.what == "removed" and change.announced else ""
        return f"{name} was {change.what}{late}"
    if change.what == "renamed":
        return f"{name} was given up for {quote}{change.after}{quote}"
    if change.what == "given up":
        return f"{name} was given up: {flowing(change.after)}"
    before, after = flowing(change.before) or "nothing", flowing(change.after) or "nothing"
    return f"{name} {change.what}: {before} -> {after}"


def _advice(release: Release) -> str:
    if not release.changes:
        return "The version stays."
    due = f"The version that follows is {release.due}." if release.due else ""
    count = len(release.surprises)
    if not count:
        return due or "Nothing breaks unannounced."
    one = f"{count} change{'s break' if count > 1 else ' breaks'} what was right, unannounced."
    return f"{one} Give terms up in deprecated.ttl before they go or change. {due}".rstrip()
