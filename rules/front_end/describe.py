"""The page `docs/edits.md`: every edit at the front, written from the edits themselves.

python -m rules.front_end.describe docs/edits.md
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from rules.front_end.screen import EDITS
from rules.front_end.syntax import OF_CLAIM_DATES, OF_FINDINGS, RETURNED, STATUSES, SYNTAX

HEAD = """\
# Edits at the front

Written by `python -m rules.front_end.describe docs/edits.md` from `rules/front_end`; a test fails when it is old.

Before a claim is taken in, the edits look at it. What they find goes to the sender in the 277CA, at the claim, and
at the line where one is at fault; the 999 has nothing of it. Severities: `reject` returns the claim, `report` takes it
in and keeps what was found in the table `claim_edit`, `accept` does not look, and leaves it to adjudication. Those
below are the defaults; `front_end.yaml` sets others, for all partners or some, from one day of receipt to another
([configuration.md](configuration.md)).

| edit | finds | STC | SNIP | severity | source |
|---|---|---|---|---|---|
"""
SALVAGED = f"""
## Errors that the 999 tells

A claim that is left out of a set accepted with errors (`{SYNTAX}`) is returned with {RETURNED} and up to two statuses
of its errors: A6 where something is missing, A7 where it is wrong. A line with errors of its own is named with the
same. What is not in this table is 21.

| segment | element or loop | component | status |
|---|---|---|---|
"""


def describe() -> str:
    """The whole page."""
    return "".join((HEAD, *_edits(), SALVAGED, *_errors()))


def _edits() -> Iterator[str]:
    for edit in EDITS:
        statuses = edit.statuses.replace(" ", ", ")
        yield f"| `{edit.id}` | {edit.meaning} | {statuses} | {edit.snip} | {edit.severity} | {edit.source} |\n"


def _errors() -> Iterator[str]:
    for key, status in sorted(STATUSES.items()):
        segment, place, component = (*key, "", "")[:3]
        yield f"| {segment} | {place} | {component} | {status} |\n"
    for guide, status in sorted(OF_CLAIM_DATES.items()):
        yield f"| DTP | 2300 of {guide} |  | {status} |\n"
    for finding, status in sorted(OF_FINDINGS.items()):
        yield f"| `{finding}` |  |  | {status} |\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(describe(), encoding="utf-8")
