"""`docs/pyx12.md` has the causes of the code, in the words of the code, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from tests.parity.causes import CAUSES

PAGE = (Path(__file__).parents[2] / "docs" / "pyx12.md").read_text(encoding="utf-8")
CAUSE = re.compile(r"^\| `([a-z-]+)` \| [\d,]+ \| [\d,]+ \| (.*) \|$", re.MULTILINE)


def test_every_cause_is_on_the_page_and_every_one_there_is_a_cause() -> None:
    """When it fails: see the command on the page."""
    written = dict(CAUSE.findall(PAGE))
    assert written == {one.id: f"{one.theirs} | {one.reason} | {one.example}" for one in CAUSES}


def test_every_cause_is_one_only() -> None:
    """No id stands for two."""
    assert len({one.id for one in CAUSES}) == len(CAUSES)


def test_nothing_was_left_unexplained() -> None:
    """In the run that the page tells of."""
    assert "Differences without a cause: 0." in PAGE
    assert "that no cause calls wrong: 0." in PAGE
