"""Decisions of another system: one fault, and nothing of the file is taken."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from edi.codes.lists import ALWAYS
from edi.codes.reasons import reason_codes
from edi.import_problems import ImportRefused
from parsers.import_forms import read_form
from pipeline.import_forms import DECISIONS, content_sha256
from rules.imported_codes import check_codes
from rules.imported_decisions import ImportedDecisions, KnownClaims, judge

ROW: dict[str, Any] = {
    "claim_number": "A1",
    "line_number": 1,
    "outcome": "paid",
    "decided_on": "2026-06-05",
    "charge_cents": 15000,
    "allowed_cents": 12000,
    "paid_cents": 9500,
    "adjustments": "CO:45:3000 PR:3:2500",
}
SECOND = ROW | {"line_number": 2, "charge_cents": 100, "allowed_cents": 0, "paid_cents": 0, "adjustments": "CO:50:100"}
OTHER = ROW | {"claim_number": "B2"}
WHOLE = {name: ROW[name] for name in ("claim_number", "outcome", "decided_on")} | {"line_number": 0}
KNOWN = {
    "claim_number": "A1",
    "claim_id": 1,
    "state": "accepted",
    "frequency_code": "1",
    "correction_problem": None,
    "charge_cents": 15000,
    "original_state": None,
    "original_version_state": None,
    "version_state": "active",
    "left_out": False,
}
CORRECTION: dict[str, Any] = {"frequency_code": "7", "original_state": "paid", "original_version_state": "active"}
LEFT_OUT: dict[str, Any] = {"state": "paid", "original_version_state": "replaced", "left_out": True}


def form(*rows: dict[str, Any]) -> bytes:
    """Rows as CSV."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    return pd.DataFrame(rows, columns=names, dtype=object).to_csv(index=False).encode()


def judged(*rows: dict[str, Any], lines: int = 1, **claim: object) -> ImportedDecisions:
    """What comes of rows about one claim of so many lines, of 150 dollars and then of one dollar each."""
    charges = [15000, *[100] * (lines - 1)]
    known = KNOWN | {"charge_cents": sum(charges)} | claim
    claims = pd.DataFrame([known]).astype({"correction_problem": "str", "original_version_state": "str"})
    of_claim = {"claim_id": 1, "line_number": range(1, lines + 1), "charge_cents": charges}
    return judge(read_form(form(*rows), DECISIONS), KnownClaims(claims, pd.DataFrame(of_claim)), "core", 4)


def test_codes_that_no_receiver_knows_are_told_by_row() -> None:
    """Each on the day of its row; a code that is no longer valid too."""
    codes = reason_codes({"adjustment_reason": {"45": (ALWAYS,), "3": ((0, 20260531),)}})
    rows = read_form(form(ROW, SECOND | {"remark_codes": "N115 N999"}, ROW), DECISIONS)
    days = pd.Series(pd.to_datetime(["2026-05-31", "2026-05-31", "2026-06-01"]))
    with pytest.raises(ImportRefused) as refused:
        check_codes(rows, codes, days)
    assert [(one.row, one.text.partition(":")[0]) for one in refused.value.problems] == [
        (2, "CARC 50 is in no list of ours"),
        (2, "RARC N999 is in no list of ours"),
        (3, "CARC 3 is not valid on 2026-06-01"),
    ]
    check_codes(read_form(form(ROW), DECISIONS), reason_codes(None), days)


def test_a_decision_is_taken_as_it_was_made() -> None:
    """Amounts, codes and interest, and where it came from."""
    found = judged(ROW | {"interest_cents": 125, "remark_codes": "N1 N2", "plan_id": "GOLD"})
    (head,) = found.decisions.claims.to_dict("records")
    assert (head["outcome"], head["claim_status_code"], head["plan_id"]) == ("paid", "1", "GOLD")
    assert (head["paid_cents"], head["patient_responsibility_cents"]) == (9500, 2500)
    adjusted = found.decisions.adjustments[["group_code", "reason_code", "amount_cents"]].to_numpy().tolist()
    assert adjusted == [["CO", "45", 3000], ["PR", "3", 2500]]
    assert found.decisions.remarks["remark_code"].tolist() == ["N1", "N2"]
    assert found.interest.to_numpy().tolist() == [[1, 125]]
    assert judged(ROW | {"interest_cents": 0}).interest.to_numpy().tolist() == [[1, 0]]
    assert judged(ROW).interest.empty
    (told,) = head["explanation"]
    assert (told["rule"], told["import"], told["decided_on"]) == ("IMPORTED", 4, "2026-06-05")


def test_a_claim_is_adjusted_beside_its_lines() -> None:
    """A row of line 0; its units, the procedure and units decided on, the policy and the DRG come along."""
    stay = {"drg_code": "470", "drg_weight": "1.25", "discharge_fraction": "0.8"}
    line = ROW | stay | {"procedure": "HC:99212", "paid_units": "2.5", "policy_number": "P 7"}
    found = judged(line, WHOLE | stay | {"adjustments": "CO:222:1000:2 PR:1:500", "remark_codes": "N2"}).decisions
    (head,) = found.claims.to_dict("records")
    assert (head["paid_cents"], head["patient_responsibility_cents"]) == (9500 - 1500, 2500 + 500)
    assert {name: head[name] for name in stay} == stay
    (kept,) = found.lines.to_dict("records")
    said = ("procedure_qualifier", "procedure_code", "paid_units", "policy_number")
    assert [kept[name] for name in said] == ["HC", "99212", "2.5", "P 7"]
    of_claim = found.adjustments[found.adjustments["line_number"] == 0]
    names = ["group_code", "reason_code", "amount_cents", "quantity"]
    assert of_claim[names].to_numpy().tolist() == [["CO", "222", 1000, "2"], ["PR", "1", 500, None]]
    assert found.remarks.to_numpy().tolist() == [[1, 0, "N2"]]


def test_a_claim_is_denied_as_a_whole() -> None:
    """Its line would pay, the claim does not."""
    found = judged(ROW | {"outcome": "denied"}, WHOLE | {"outcome": "denied", "adjustments": "CO:50:9500"}).decisions
    assert found.claims["paid_cents"].tolist() == [0]


@pytest.mark.parametrize(
    ("rows", "claim", "text"),
    [
        pytest.param([OTHER], {}, "no claim of ours", id="unknown-claim"),
        pytest.param([ROW], {"state": "paid"}, "does not wait", id="decided-claim"),
        pytest.param([ROW, SECOND | {"outcome": "denied"}], {}, "outcome is not the same", id="two-outcomes"),
        pytest.param([ROW | {"line_number": 3}], {}, "no such line", id="unknown-line"),
        pytest.param([ROW, ROW], {}, "twice", id="line-twice"),
        pytest.param([ROW], {"charge_cents": 15100}, "do not add up", id="claim-does-not-add-up"),
        pytest.param([ROW | {"charge_cents": 15001, "paid_cents": 9501}], {}, "not that of the line", id="charge"),
        pytest.param([ROW | {"paid_cents": 9501}], {}, "not paid_cents plus", id="one-cent-off"),
        pytest.param([ROW | {"adjustments": None}], {}, "not paid_cents plus", id="no-adjustments"),
        pytest.param([ROW | {"outcome": "denied"}], {}, "a denied claim pays nothing", id="paid-denial"),
        pytest.param([ROW | {"allowed_cents": -1}], {}, "negative", id="negative"),
        pytest.param([ROW | {"interest_cents": -1}], {}, "negative", id="negative-interest"),
        pytest.param([ROW | {"paid_cents": None}], {}, "wanted", id="no-amount"),
        pytest.param([ROW | {"adjustments": "CO:45:3000 CO:45:2500"}], {}, "stands twice", id="code-twice"),
        pytest.param([ROW | {"adjustments": "PR:18:5500"}], {}, "broken law", id="group-of-a-reason"),
        pytest.param([ROW | {"outcome": "void"}], {}, "frequency 8", id="void-of-nothing"),
        pytest.param([ROW | {"replaces_original": "true"}], {}, "only a correction", id="original-replaces"),
        pytest.param([ROW], CORRECTION | {"original_state": "pended"}, "waits itself", id="original-waits"),
        pytest.param([ROW], CORRECTION | {"original_version_state": "voided"}, "in force", id="original-voided"),
        ([ROW], CORRECTION | LEFT_OUT | {"version_state": "refused"}, "was settled when"),
        ([ROW | {"outcome": "denied"}], CORRECTION | LEFT_OUT, "was settled when"),
        ([ROW, WHOLE | {"paid_cents": 1}], {}, "line 0 has adjustments and remarks only"),
        ([ROW, WHOLE | {"procedure": "HC:1"}], {}, "line 0 has adjustments and remarks only"),
        ([ROW, WHOLE, WHOLE], {}, "line 0 stands twice in the file"),
        ([ROW, WHOLE | {"remark_codes": "N2 N999"}], {}, "a remark of line 0 is not one that MIA and MOA may hold"),
        ([ROW, WHOLE | {"adjustments": "CO:50:9501"}], {}, "more than the lines pay"),
        ([ROW | {"drg_code": "470"}, WHOLE], {}, "drg_code is not the same in all rows"),
    ],
)
def test_every_fault_is_told_by_row(rows: list[dict[str, Any]], claim: dict[str, Any], text: str) -> None:
    """And no decision comes of it."""
    with pytest.raises(ImportRefused) as refused:
        judged(*rows, **claim)
    assert any(text in problem.text and problem.row > 0 for problem in refused.value.problems)


def test_a_line_that_was_left_out_is_missed() -> None:
    """A claim is decided as a whole."""
    with pytest.raises(ImportRefused, match="a line of the claim is not in the file"):
        judged(ROW, lines=2)
    assert len(judged(ROW, SECOND, lines=2).decisions.lines) == 2


@pytest.mark.parametrize(
    ("outcome", "said", "replaces"),
    [("paid", None, True), ("denied", None, False), ("denied", "true", True), ("paid", "false", False)],
)
def test_a_correction_replaces_its_original_as_it_is_said(outcome: str, said: str | None, replaces: bool) -> None:
    """Where nothing is said, one that pays does."""
    row = ROW | {"outcome": outcome, "replaces_original": said}
    if outcome == "denied":
        row |= {"allowed_cents": 0, "paid_cents": 0, "adjustments": "CO:50:15000"}
    (head,) = judged(row, **CORRECTION).decisions.claims.to_dict("records")
    assert head["replaces_original"] is replaces


def test_what_a_run_left_out_is_decided_again() -> None:
    """A correction among it, which took the place of its original when it was decided before."""
    for claim in (LEFT_OUT, CORRECTION | LEFT_OUT):
        assert judged(ROW, **claim).decisions.claims["replaces_original"].tolist() == ["frequency_code" in claim]


def test_a_void_has_no_money() -> None:
    """It takes its original out of force."""
    row = {"claim_number": "A1", "outcome": "void", "decided_on": "2026-06-05"}
    found = judged(row, **CORRECTION | {"frequency_code": "8"}).decisions
    (head,) = found.claims.to_dict("records")
    assert (head["outcome"], head["claim_status_code"], head["replaces_original"]) == ("paid", "void", True)
    assert len(found.lines) == len(found.adjustments) == 0


def test_the_same_decisions_are_the_same_content_in_any_order() -> None:
    """One cent more is another content."""
    one, turned, other = (
        content_sha256(read_form(form(*rows), DECISIONS))
        for rows in ([ROW, SECOND], [SECOND, ROW], [ROW, SECOND | {"paid_cents": 1}])
    )
    assert one == turned != other
