"""The registry tells every rule that runs, with its days, and its content makes the bundle."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from rules import registry
from rules.adjudication import LIMITS, RULES
from rules.core_combinations import LAW
from rules.decision_laws import laws
from rules.describe import describe
from rules.front_end import screen
from rules.front_end.screen import EDITS, FrontEnd
from rules.front_end.settings import FrontEndSettings
from rules.registry import STAGES, content, registered
from rules.ruling import Rule
from tests.rules.test_front_end import RECEIVED, UNKNOWN, facts

PAGE = Path(__file__).parents[2] / "docs" / "rules.md"
JULY = date(2026, 7, 1)


def test_the_page_is_current() -> None:
    """When it fails: `python -m rules.describe docs/rules.md`."""
    assert PAGE.read_text(encoding="utf-8") == describe()


def test_every_rule_is_told_once_with_source_and_words() -> None:
    """Stage by stage, in the order of application."""
    rules = registered()
    assert len({rule.id for rule in rules}) == len(rules)
    assert all(rule.says and rule.source and "\n" not in rule.says for rule in rules)
    by_stage = {stage: [rule.id for rule in rules if rule.stage == stage] for stage in STAGES}
    assert by_stage["front_end"][:-1] == [edit.id for edit in EDITS]
    assert by_stage["adjudication"] == [rule.id for rule in RULES]
    assert by_stage["limits"] == [limit.id for limit in LIMITS]
    assert [rule.says for rule in rules if rule.stage == "laws"] == [*(law.says for law in laws()), LAW]


@pytest.mark.parametrize(
    "rules",
    [
        pytest.param(RULES[1:], id="one less"),
        pytest.param((RULES[1], RULES[0], *RULES[2:]), id="another order"),
        pytest.param((replace(RULES[0], effective_from=JULY), *RULES[1:]), id="other days"),
    ],
)
def test_another_set_of_rules_is_another_bundle(monkeypatch: pytest.MonkeyPatch, rules: tuple[Rule, ...]) -> None:
    """Its content is part of the hash that decisions name."""
    before = content()
    monkeypatch.setattr(registry, "RULES", rules)
    assert content() != before


@pytest.mark.parametrize(
    ("since", "until", "finds"),
    [
        (None, None, True),
        (RECEIVED, RECEIVED, True),
        (JULY, None, False),
        (None, date(2026, 5, 31), False),
    ],
)
def test_an_edit_looks_in_its_days(
    monkeypatch: pytest.MonkeyPatch, since: date | None, until: date | None, *, finds: bool
) -> None:
    """First and last day of receipt included; before and after, nobody looks."""
    edits = tuple(replace(edit, effective_from=since, effective_through=until) for edit in EDITS)
    monkeypatch.setattr(screen, "EDITS", edits)
    found = FrontEnd(FrontEndSettings(), "clearlink", RECEIVED).claims(facts({**UNKNOWN}))
    assert bool(found.num_rows) == finds
    monkeypatch.setattr(registry, "EDITS", edits)
    assert all(rule.in_force(RECEIVED) == finds for rule in registered()[: len(edits)])
