"""The page `docs/guides.md`: supported guides, their other ids, and the repairs of their maps.

python -m edi.guides.describe docs/guides.md
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from edi.guides.library import ALIASES, CATALOGUE, VERSION
from edi.guides.maps.facts import OWN_MAPS
from edi.guides.overlays import OVERLAYS

HEAD = f"""\
# Guides

Written by `python -m edi.guides.describe docs/guides.md` from `edi/guides`; a test fails when this page is old.

A functional group is read by the guide that ISA12 ({VERSION}), GS01 and GS08 name together. A group that names another
is answered as not supported (AK905 2) and its sets are counted only.

| guide | transaction | GS01, ST01 | other ids in GS08 | map |
|---|---|---|---|---|"""

ABOUT = """
Other ids are the same guide without errata, or with errata that change nothing that its map says. The guide is chosen
by the alias, and nothing else follows from it: ST03 has to repeat GS08 in the same words, as the guides want it
(SET_GUIDE_MISMATCH), and answers quote the id that was sent.

A TA1 belongs to no group and has no guide: its five elements are checked with the envelope.

Maps are those of the pyx12 package (BSD-3-Clause), but the dental claim's, which is made from a table of facts in
`edi/guides/maps`; its README says how sure each fact is.

## Repairs

Known faults of the maps that are mended while a guide is compiled, each in `edi/guides/overlays.py`. A map without the
place to be mended stops the compilation: a new release of the maps is looked at, not trusted.

| guide | place | so it is | why |
|---|---|---|---|"""


def describe() -> str:
    """The whole page."""
    return "\n".join([HEAD, *_guides(), ABOUT, *_repairs(), ""])


def _guides() -> Iterator[str]:
    own = {each.map for each in OWN_MAPS}
    for guide_id, entry in CATALOGUE.items():
        others = ", ".join(alias for alias, meant in ALIASES.items() if meant == guide_id)
        maker = "ours" if entry.map in own else "pyx12"
        yield f"| {guide_id} | {entry.kind} | {entry.functional_id}, {entry.transaction} | {others} | {maker} |"


def _repairs() -> Iterator[str]:
    for overlay in OVERLAYS:
        guides = ", ".join(CATALOGUE[guide_id].kind for guide_id in overlay.guides) or "all"
        yield f"| {guides} | {', '.join(overlay.places)} | {overlay.fact} | {overlay.reason} |"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(describe(), encoding="utf-8")
