"""Write `docs/pyx12.md` from a run: `python -m tests.parity.page docs/pyx12.md --seed 1 --files 20000`."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from unittest import mock

from edi import scanner
from edi.reference import findings_log
from edi.reference import scanner as reference
from tests.parity import material
from tests.parity.causes import CAUSES
from tests.parity.comparison import Scanner, compare
from tests.parity.tally import Tally

INTRODUCTION = """# Differences from pyx12

[pyx12](https://github.com/azoner/pyx12) 4.0.0 is the open validator whose maps this engine compiles. Both read the
same files, and every place where they differ has one of the causes below: each is a predicate in
`tests/parity/causes.py` that looks at the very segment or element, and a difference that none explains fails the tests.

What is compared: at every segment of a file the code of each finding, with its element, its component, and for what is
missing or too many its loop. pyx12's codes are taken where they arise, inside it: its reports show many of them
at another segment, or as another code. Accepted means: pyx12 returns true; this engine has no finding of severity error
or reject. Three things are done before comparing: GS08 and ST03 aliases are written as the id that pyx12 knows; groups
of version 4010 and of guides that only pyx12 has are read by this engine with pyx12's own maps, as a test of the engine
alone; and pyx12 reads files without their empty segments, at which it would stop. SNIP types 3 to 5 are left out:
pyx12 does not check them. It has no guide for 837D.
"""
UNSEEN = {4242: 1, 5353: 0, 6464: 5, 7575: 4, 918273: 0}
"""Differences without a cause in the first run of a seed, before the causes were changed for it."""
FIGURES_OF = """## Figures

A run over the corpus (`tests/corpus`), generated files (837P, 837I, 834), generated files with one fault each (every
finding code of SNIP 1 and 2 that can be provoked), and damaged files (one to three random changes to small files of
every guide; seed {seed}). Differences without a cause: {unexplained}. Files accepted here that pyx12 refuses for a
reason that no cause calls wrong: {unallowed}.

The causes were written by reading differences, so their number on a seed that was read says little. Of 10,000 damaged
files each, seeds that nobody had seen left, when they were first run: {unseen}. Each was read. None was
a fault of this engine; two causes had been overlooked (`leading-zero`, found on seed 5353 as an acceptance that no
cause allowed, and `whole-pattern`, on 7575), the others had been put too narrowly, and were
widened. So a new seed may well find another: `make test-long` then fails, and names the file.
"""
CAUSES_OF = """
`make test-long` compares thousands of other files in each run; this page is written by
`python -m tests.parity.page docs/pyx12.md --seed {seed} --files {damaged}`.

## Causes
"""
STRICTER = """
## Files with another verdict

Refused here, accepted by pyx12; by the causes of what only this engine finds, else of what only pyx12 finds; `lost`:
of nothing, for pyx12 finds the same and forgets it, having no set yet to keep it with:
"""
LAXER = """
Accepted here (no finding of severity error or reject), refused by pyx12; by the causes of what only pyx12 finds. Only a
cause by which pyx12 is wrong, or by which the finding is made as a warning or note, may stand here:
"""
REPAIRED = """
## Repaired maps

Differences of `map-repaired`, by the repair without which the two would agree (`docs/guides.md` has them all):

| repair | places |
|---|---:|"""
FIGURES = {
    "files": "files",
    "crashed": "of these pyx12 crashes on",
    "same_verdict": "same verdict (of the others)",
    "sets": "transaction sets read by both",
    "same_set_verdict": "same verdict",
    "identical_sets": "the very same findings",
    "theirs": "findings of pyx12",
    "ours": "findings of this engine",
    "both": "findings of both, at the same place",
}


def main() -> None:
    """Compare everything and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("page", type=Path)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--files", type=int, default=20_000, help="damaged files")
    options = parser.parse_args()
    with mock.patch.object(findings_log, "MOST_IN_SET", 10**9):  # pyx12 keeps every finding of a set
        tallies = {"corpus": _tally(material.corpus(), reference.scan)}
    tallies["generated"] = _tally(material.generated(30, options.seed), scanner.scan)
    tallies["one fault"] = _tally(material.faulty(options.seed), scanner.scan)
    tallies["damaged"] = _tally(material.mutations(options.files, options.seed), scanner.scan)
    options.page.write_text(page(tallies, options.seed), encoding="utf-8")
    sys.exit("\n".join(line for one in tallies.values() for line in one.unexplained + one.unallowed) or None)


def _tally(files: Iterable[tuple[str, bytes]], scan: Scanner) -> Tally:
    tally = Tally()
    for name, data in files:
        tally.add(compare(name, data, scan, material.every_guide()))
    return tally


def page(tallies: dict[str, Tally], seed: int) -> str:
    """The whole page."""
    together: Counter[str] = sum((one.places for one in tallies.values()), Counter())
    files: Counter[str] = sum((one.files_of for one in tallies.values()), Counter())
    stricter: Counter[str] = sum((one.stricter for one in tallies.values()), Counter())
    laxer: Counter[str] = sum((one.laxer for one in tallies.values()), Counter())
    overlays: Counter[str] = sum((one.overlays for one in tallies.values()), Counter())
    unexplained = sum(len(one.unexplained) for one in tallies.values())
    unallowed = sum(len(one.unallowed) for one in tallies.values())
    unseen = ", ".join(f"{count} (seed {one})" for one, count in UNSEEN.items())
    damaged = tallies["damaged"].files
    lines = [
        INTRODUCTION,
        FIGURES_OF.format(seed=seed, unexplained=unexplained, unallowed=unallowed, unseen=unseen),
        f"|  | {' | '.join(tallies)} |",
        f"|---|{'---:|' * len(tallies)}",
        *(
            f"| {title} | {' | '.join(f'{getattr(one, name):,}' for one in tallies.values())} |"
            for name, title in FIGURES.items()
        ),
        CAUSES_OF.format(seed=seed, damaged=damaged),
        "| cause | places | files | pyx12 | this engine, and why | example |",
        "|---|---:|---:|---|---|---|",
        *(
            f"| `{one.id}` | {together[one.id]:,} | {files[one.id]:,} | {one.theirs} | {one.reason} | {one.example} |"
            for one in CAUSES
        ),
        STRICTER,
        *_verdicts(stricter),
        LAXER,
        *_verdicts(laxer),
        REPAIRED,
        *(f"| {fact} | {count:,} |" for fact, count in overlays.most_common()),
        "",
    ]
    return "\n".join(lines)


def _verdicts(counts: Counter[str]) -> list[str]:
    rows = (
        f"| {', '.join(f'`{one}`' for one in names.split(', '))} | {count:,} |" for names, count in counts.most_common()
    )
    return ["| causes | files |", "|---|---:|", *rows]


if __name__ == "__main__":
    main()
