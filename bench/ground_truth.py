"""Holds what `mismatch check` reports of public systems against what a careful reader found there.

Prints every item of the truth with whether it was found and by what, then the figures: of the
mismatches the share that was reported, by how they can be detected; of the gaps the share that was
asked for; and the controls that were reported, of which there may be none. `--violations` lists
every violation with its two sides, for a reader to judge. What is no match by the rules of
`bench/_matching.py` counts as missed.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench._matching import Finding, Match, item, match

STRUCTURED = ("exact", "normalise", "compute")
TOGETHER = ", ".join(STRUCTURED)
WANTED = {TOGETHER: 0.9, **dict.fromkeys(STRUCTURED, 0.9), "text": 0.4, "gap": 0.7, "control": 0.0}
"""Which share is to be reported; of controls none may be."""
SHEETS = ("systems", "singles")
WIDTH = 11


def report(folder: Path) -> dict[str, list[Finding]]:
    """The findings of every project below a folder, by the project's path below it."""
    with TemporaryDirectory() as temporary:
        out = Path(temporary) / "report.json"
        command = [sys.executable, "-c", "from kg.cli import main; main()", "check", "--each"]
        options = ["--as", "json", "--fail-on", "never", "-o", str(out)]
        done = subprocess.run(
            [*command, str(folder), *options], stderr=subprocess.PIPE, text=True, check=False
        )
        # A project of which nothing can be read makes the code 3; the others are reported.
        if not out.is_file():
            sys.exit(done.stderr or f"The check ended with {done.returncode} and no report.")
        projects = json.loads(out.read_text())["projects"]
    return {Path(project["path"]).name: project["findings"] for project in projects}


def matches(root: Path) -> list[Match]:
    """Every item of the truth that lies in the folder, with what was found of it."""
    truth = json.loads((root / "GROUND_TRUTH.json").read_text())["systems"]
    reported = {sheet: report(root / sheet) for sheet in SHEETS if (root / sheet).is_dir()}
    return [_matched(entry, root, reported) for items in truth.values() for entry in items]


def _matched(
    entry: Mapping[str, Any], root: Path, reported: Mapping[str, Mapping[str, list[Finding]]]
) -> Match:
    sheet, project = _home(entry, root)
    wanted = item(entry, root, f"{sheet}/{project}")
    return match(wanted, reported[sheet].get(project, []), root / sheet / project)


def _home(entry: Mapping[str, Any], root: Path) -> tuple[str, str]:
    """The folder and the project that an item is about, by its files or else by its id."""
    for evidence in entry["evidence"]:
        if "file" in evidence:
            sheet, project, *_ = evidence["file"].split("/")
            return sheet, project
    project = entry["id"].rpartition("-")[0]
    return next(sheet for sheet in SHEETS if (root / sheet / project).is_dir()), project


def told(one: Match) -> Iterable[str]:
    """An item in lines: whether it was found, how its places were met, and by what."""
    sign = {True: "found", False: "missed"}[one.found]
    if one.item.kind == "control":
        sign = "REPORTED" if one.found else "kept"
    if not one.item.scored:
        sign = f"({sign})"
    yield f"{sign:<{WIDTH}}{one.item.id}  {one.item.kind}, {one.item.detect}: {one.item.title}"
    if not one.item.scored:
        yield f"{'':<{WIDTH}}does not count: {one.item.because}"
    if one.item.kind != "gap":
        for place in one.item.places:
            yield f"{'':<{WIDTH}}  {one.met.get(place, '-'):<8} {place}"
    yield from (f"{'':<{WIDTH}}by {_named(finding)}" for finding in one.findings[:4])


def figures(found: Iterable[Match]) -> dict[str, list[Match]]:
    """What counts, by what its figure is called; a mismatch by how it can be detected."""
    rows: dict[str, list[Match]] = {name: [] for name in WANTED}
    for one in found:
        if one.item.scored:
            name = one.item.detect if one.item.kind == "mismatch" else one.item.kind
            rows[name].append(one)
            if name in STRUCTURED:
                rows[TOGETHER].append(one)
    return rows


def _named(finding: Finding) -> str:
    about = f" {finding['item']}" if finding["item"] else ""
    return f"{finding['predicate']}{about} ({finding['subject']['label']})"


def violations(root: Path) -> Iterable[str]:
    """Every violation reported of the systems, with the values and places it rests on."""
    number = 0
    for project, findings in report(root / SHEETS[0]).items():
        for finding in findings:
            if (finding["verdict"], finding["severity"]) == ("mismatch", "violation"):
                number += 1
                yield f"{number}. {project}: {_named(finding)}\n   {finding['message']}"
                for evidence in finding["evidence"]:
                    at = ", ".join(f"{s['file']}:{s.get('line', '')}" for s in evidence["sources"])
                    yield f"     {evidence['name']} {evidence['value']}  {evidence['status']}  {at}"


def main() -> None:
    """Prints the items and the figures, or the violations."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--violations", action="store_true", help="list every violation instead")
    options = parser.parse_args()
    reference = os.environ.get("MISMATCH_REFERENCE")
    if not reference:
        print("MISMATCH_REFERENCE is not set: no ground truth on this machine")
        return
    root = Path(reference) / "artefacts"
    if options.violations:
        print(*violations(root), sep="\n")
        return
    found = matches(root)
    for one in found:
        print(*told(one), sep="\n")
    print(
        f"\n{'of the ground truth':<28}{'of':>6}{'found':>8}{'in line':>8}{'share':>8}{'wanted':>8}"
    )
    for name, row in figures(found).items():
        count, exactly = sum(one.found for one in row), sum(one.exactly for one in row)
        share = count / len(row) if row else 0.0
        print(f"{name:<28}{len(row):>6}{count:>8}{exactly:>8}{share:>8.0%}{WANTED[name]:>8.0%}")


if __name__ == "__main__":
    main()
