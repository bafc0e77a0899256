"""The laws that every decision keeps (domain.md 8.1): told when broken, kept by whatever the rules decide."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from rules import adjudication
from rules.decision_laws import broken_laws
from rules.decisions import Decisions
from rules.ruling import Rule, Ruling
from tests.rules.bills import claim, decide_all, line


def sound() -> Decisions:
    """A decision that keeps all laws: 182.50 charged, 76 paid, 62.50 written off, 44 owed."""
    return decide_all([claim()], [line()])


def changed(adjusted: list[tuple[str, str, int]], remarks: tuple[str, ...] = (), **head: Any) -> Decisions:  # noqa: ANN401
    """The sound decision with other adjustments of its line, other remarks and another head."""
    decisions = sound()
    rows = [(1, 1, group, reason, cents) for group, reason, cents in adjusted]
    owed = sum(cents for group, _, cents in adjusted if group == "PR")
    paid = 18250 - sum(cents for *_, cents in adjusted)
    return replace(
        decisions,
        adjustments=pd.DataFrame(rows, columns=list(decisions.adjustments)),
        remarks=pd.DataFrame([(1, 1, remark) for remark in remarks], columns=list(decisions.remarks)),
        lines=decisions.lines.assign(paid_cents=paid),
        claims=decisions.claims.assign(patient_responsibility_cents=owed, **head),
    )


def laws(decisions: Decisions) -> list[str]:
    """Laws that are broken."""
    return list(broken_laws(decisions)["law"])


REMARK = "a reason that says nothing alone has a remark that is no alert"


@pytest.mark.parametrize(
    ("adjusted", "remarks", "head", "law"),
    [
        pytest.param([("CR", "97", 100)], (), {}, "the group is CO, OA, PI or PR", id="no-CR"),
        pytest.param([("CO", "18", 18250)], (), {}, "reason 18 goes with group OA", id="18-OA"),
        pytest.param([("CO", "23", 100)], (), {}, "reason 23 goes with group OA", id="23-OA"),
        pytest.param([("CO", "238", 100)], (), {}, "reason 238 goes with group PR", id="238-PR"),
        pytest.param([("PR", "249", 100)], (), {}, "reason 249 goes with group CO", id="249-CO"),
        pytest.param([("PR", "29", 18250)], (), {}, "reason 29 goes with group CO or OA or PI", id="29-never-PR"),
        pytest.param([("OA", "45", 100)], (), {}, "reason 45 goes with group CO or PR", id="45-CO-or-PR"),
        pytest.param([("PR", "278", 100)], (), {}, "reason 278 goes with group CO or PI", id="278-CO-or-PI"),
        pytest.param([("CO", "16", 18250)], (), {}, REMARK, id="16-needs-a-remark"),
        pytest.param([("PR", "96", 18250)], ("MA67", "N211"), {}, REMARK, id="alerts-explain-nothing"),
        pytest.param(
            [("CO", "97", 50), ("CO", "97", 50)], (), {}, "a group and reason stands once on a line", id="no-repeat"
        ),
        pytest.param([("CO", "45", 18250)], (), {}, "reason 45 never takes the whole charge", id="45-not-all"),
        pytest.param([("OA", "133", 1)], (), {}, "no line is left pending in a decided claim", id="133"),
        pytest.param([("CO", "45", 0)], (), {}, "no adjustment is of nothing", id="nothing"),
        pytest.param([], (), {"claim_status_code": "5"}, "the status is one that a decision may have", id="no-5"),
        pytest.param([], (), {"claim_status_code": "22"}, "the status is one that a decision may have", id="no-22"),
        pytest.param(
            [("CO", "29", 18250)], (), {"claim_status_code": "4"}, "status 4 is of a patient who is not recognised",
            id="late-is-1-not-4",
        ),
        pytest.param([("CO", "97", 18251)], (), {}, "no line is paid less than nothing", id="negative-payment"),
    ],
)  # fmt: skip
def test_a_broken_law_is_told(
    adjusted: list[tuple[str, str, int]], remarks: tuple[str, ...], head: dict[str, Any], law: str
) -> None:
    """Each by its own words."""
    assert laws(changed(adjusted, remarks, **head)) == [law]


@pytest.mark.parametrize(
    ("adjusted", "remarks"),
    [
        ([("PR", "96", 18250)], ("N130",)),
        ([("CO", "16", 18250)], ("M47", "MA67")),
        ([("OA", "18", 18250)], ()),
        ([("PR", "45", 18249)], ()),
    ],
    ids=["96", "16-beside-an-alert", "18", "45"],
)
def test_what_keeps_the_laws_is_not_told(adjusted: list[tuple[str, str, int]], remarks: tuple[str, ...]) -> None:
    """Nor are the sound decision and one that balances otherwise."""
    assert laws(changed(adjusted, remarks)) == []
    assert laws(sound()) == []


def test_money_that_does_not_add_up_is_told() -> None:
    """Of a line, and of the patient's part."""
    decisions = sound()
    assert laws(replace(decisions, lines=decisions.lines.assign(paid_cents=1))) == ["charge = paid + adjustments"]
    owed = decisions.claims.assign(patient_responsibility_cents=1)
    assert laws(replace(decisions, claims=owed)) == ["patient responsibility = sum of PR"]


def test_a_decision_that_breaks_a_law_waits_and_uses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule that denies CO 16 without a remark: its claim waits for a person, the other is decided."""

    def bare(lines: pd.DataFrame, _rulebook: object) -> list[Ruling]:
        second = lines[lines["claim_id"] == 2]
        return [Ruling(lines=second, effect="deny", rule="BARE", text="bare", group_code="CO", reason_code="16")]

    monkeypatch.setattr(adjudication, "RULES", (*adjudication.RULES, Rule(bare, "a test")))
    decisions = decide_all([claim(), claim(claim_id=2)], [line(), line(claim_id=2)])
    assert decisions.claims["outcome"].tolist() == ["paid", "pended"]
    assert decisions.claims["pend_reason"].tolist() == [None, "DECISION_BREAKS_LAW"]
    assert "a remark that is no alert" in decisions.claims["explanation"][1][0]["text"]
    assert decisions.lines["claim_id"].tolist() == [1]
