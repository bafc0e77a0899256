"""The page `docs/rules.md`: every rule of every stage, written from the registry.

python -m rules.describe docs/rules.md
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from rules.registry import STAGES, Registered, Stage, registered

HEAD = """\
# The rules, stage by stage

Written by `python -m rules.describe docs/rules.md` from `rules.registry`; a test fails when it is old.

`edi rules list` prints the same, with the rules bundle in force: the hash of these rules, their days and the plan's
configuration, which every decision names. The days are those of receipt of the claims that a rule is about; a rule
without any is about all. What the rules compare and how money is worked out is told in
[adjudication.md](adjudication.md).
"""
TITLES: Mapping[Stage, str] = {
    "front_end": "Front end: when a file is loaded, answered in the 277CA ([edits.md](edits.md))",
    "adjudication": "Adjudication: line by line, each by what earlier rules left open",
    "limits": "Limits: claim after claim",
    "laws": "Laws: what every decision keeps, or the claim waits",
}


def describe() -> str:
    """The whole page."""
    return HEAD + "".join(text for stage in STAGES for text in _stage(stage))


def _stage(stage: Stage) -> Iterator[str]:
    yield f"\n## {TITLES[stage]}\n\n| rule | says | effective | source |\n|---|---|---|---|\n"
    for rule in registered():
        if rule.stage == stage:
            yield f"| `{rule.id}` | {rule.says} | {_days(rule)} | {rule.source} |\n"


def _days(rule: Registered) -> str:
    if rule.effective_from is None and rule.effective_through is None:
        return "always"
    return f"{rule.effective_from or ''} - {rule.effective_through or ''}".strip()


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(describe(), encoding="utf-8")
