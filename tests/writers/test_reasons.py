"""Every code that our own rules give has words."""

from __future__ import annotations

import re
from pathlib import Path

import rules
from rules.pend_reasons import PEND_REASONS
from writers import reasons

SOURCES = "\n".join(path.read_text(encoding="utf-8") for path in sorted(Path(rules.__path__[0]).glob("*.py")))


def test_each_pend_reason_has_a_next_step() -> None:
    """A provider is told why a claim waits and what there is to do, in other words than `we are reviewing`."""
    assert set(PEND_REASONS) <= set(reasons.NEXT_STEPS)
    for reason in reasons.NEXT_STEPS:
        why, to_do = reasons.pend_words(reason)
        assert why.endswith(".")
        assert to_do == "Nothing." or re.match("Please |Send ", to_do)


def test_each_adjustment_reason_of_the_rules_has_words() -> None:
    """No statement shows a bare code for a decision of ours."""
    used = set(re.findall(r'reason_code="(\w+)"', SOURCES))
    assert used
    assert used <= set(reasons.ADJUSTMENTS)


def test_each_remark_of_the_rules_has_words() -> None:
    """As above, for remark codes."""
    used = set(re.findall(r'"((?:M|MA|N)\d{1,3})"', SOURCES))
    assert used
    assert used <= set(reasons.REMARKS)


def test_a_code_without_words_is_shown_all_the_same() -> None:
    """With a pointer to its public list."""
    assert "(CO 999)" in reasons.adjustment_words("CO", "999")
    assert "(N999)" in reasons.remark_words("N999")
    assert reasons.pend_words("SOMETHING_NEW") == ("We are reviewing this claim by hand.", "Nothing.")
