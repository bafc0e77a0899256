"""Laws of every decision, whatever the claim."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edi.claim_facts import ClaimFacts
from rules import adjudication
from rules.adjudication import RULES, decide
from rules.decision_laws import broken_laws
from rules.pend_reasons import PEND_REASONS
from tests.rules.bills import (
    BOOK,
    CLAIM,
    CORRECTION,
    LINE,
    PROVIDER,
    SPAN,
    claim,
    decide_all,
    decide_one,
    frame,
    line,
)

DAYS = st.sampled_from(["2026-01-01", "2026-02-10", "2026-04-01", "2026-04-30", "2026-06-30", None])
NEEDS_REASON_CODE_REMARK = {"16", "96"}
"""Reason codes that may not go without a remark (domain.md 8.1 #4)."""


def _either(values: Mapping[str, list[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional={name: st.sampled_from(each) for name, each in values.items()})


CLAIMS = st.tuples(
    st.sampled_from([{}, CORRECTION, CORRECTION | {"frequency_code": "8"}]),
    _either(
        {
            "kind": ["P", "I"],
            "facility_code": ["11", "13", "21", None],
            "frequency_code": ["1", "1", "7", "8", "2", None],
            "received_date": ["2026-04-20", "2026-06-08", "2026-12-31"],
            "service_from": ["2026-01-01", "2026-04-01", None],
            "service_through": ["2026-04-01", "2026-04-30", None],
            "admission_date": ["2026-03-30", None],
            "patient_status": ["01", "30", None],
            "discharge_occurrence_date": ["2026-04-20", None],
            "member_id": [7, 8, 9, None],
            "billing_tin": ["123456789", "987654321", None],
            "correction_problem": [None, None, "F8_MISSING", "F8_UNKNOWN", "F8_SUPERSEDED", "F8_VOIDED"],
            "original_fingerprint": ["new", "old", None],
            "original_first_remitted_on": ["2026-01-01", "2026-04-10", None],
            "original_late_through": ["2026-02-10", None],
            "charge_cents": [None, None, None, 18250],
        }
    ),
    st.lists(
        _either(
            {
                "procedure_code": ["99213", "J1000", "X9999", None],
                "revenue_code": ["0120", "0450", None],
                "charge_cents": [0, 1, 333, 18250, 10**15, -5],
                "quantity": [Decimal(1), Decimal("2.5"), Decimal(0), None],
                "unit": ["UN", "DA", "MJ"],
                "service_from": ["2026-01-01", "2026-02-10", "2026-04-01", "2026-06-30", None],
            }
        ),
        min_size=0,
        max_size=4,
    ),
)
SPANS = [
    SPAN,
    SPAN | {"member_id": 8, "valid_through": "2026-02-28"},
    SPAN | {"member_id": 8, "valid_from": "2026-04-15"},
]


def _batch(drawn: list[Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    claims, lines = [], []
    for number, (kind, changes, services) in enumerate(drawn, start=100):
        claims.append(claim(**kind | changes | {"claim_id": number}))
        lines += [line(at, **each, claim_id=number) for at, each in enumerate(services, start=1)]
    return claims, lines


@settings(max_examples=15, deadline=None)
@given(st.lists(CLAIMS, min_size=1, max_size=48))
def test_every_decision_is_complete_and_in_balance(drawn: list[Any]) -> None:
    """Each claim is paid, denied or pended; every cent of a decided line is paid or adjusted with a reason."""
    claims, lines = _batch(drawn)
    decided = decide_all(claims, lines, spans=SPANS)
    heads = decided.claims.set_index("claim_id")
    assert list(heads.index) == [each["claim_id"] for each in claims]
    assert set(heads["outcome"]) <= {"paid", "denied", "pended"}
    pended = heads["outcome"] == "pended"
    assert heads.loc[pended, "pend_reason"].isin(list(PEND_REASONS)).all()
    assert heads.loc[~pended, "pend_reason"].isna().all()
    assert heads.loc[pended, "claim_status_code"].isna().all()
    assert heads.loc[~pended, "claim_status_code"].isin(["1", "4", "void"]).all()
    assert not (heads["replaces_original"] & pended).any()

    settled = set(heads.index[~pended & (heads["claim_status_code"] != "void")])
    billed = {(each["claim_id"], each["line_number"]): each["charge_cents"] for each in lines}
    money = decided.lines.set_index(["claim_id", "line_number"])
    assert set(money.index) == {key for key in billed if key[0] in settled}
    adjusted = decided.adjustments.groupby(["claim_id", "line_number"])["amount_cents"].sum()
    amounts = (money[name].tolist() for name in ("charge_cents", "allowed_cents", "paid_cents"))
    for key, charge, allowed, paid in zip(money.index.tolist(), *amounts, strict=True):
        assert charge == billed[key] == paid + adjusted.get(key, 0)
        assert 0 <= paid <= allowed <= charge
    assert (decided.adjustments["amount_cents"] > 0).all()
    assert set(decided.adjustments["claim_id"]) | set(decided.remarks["claim_id"]) <= settled
    assert not decided.adjustments.duplicated(["claim_id", "line_number", "group_code", "reason_code"]).any()
    assert not decided.remarks.duplicated().any()

    for name in ("allowed_cents", "paid_cents"):
        totals = decided.lines.groupby("claim_id")[name].sum().reindex(heads.index, fill_value=0)
        assert heads[name].tolist() == totals.tolist()
    owed = decided.adjustments[decided.adjustments["group_code"] == "PR"].groupby("claim_id")["amount_cents"].sum()
    assert heads["patient_responsibility_cents"].tolist() == owed.reindex(heads.index, fill_value=0).tolist()

    remarked = set(zip(decided.remarks["claim_id"], decided.remarks["line_number"], strict=True))
    needing = decided.adjustments[decided.adjustments["reason_code"].isin(NEEDS_REASON_CODE_REMARK)]
    assert set(zip(needing["claim_id"], needing["line_number"], strict=True)) <= remarked
    assert broken_laws(decided).empty


@settings(max_examples=8, deadline=None)
@given(st.lists(CLAIMS, min_size=2, max_size=12))
def test_claims_are_decided_one_by_one(drawn: list[Any]) -> None:
    """A claim's decision does not depend on the batch it is in, nor on its place there."""
    claims, lines = _batch(drawn)
    together = decide_all(claims[::-1], lines[::-1], spans=SPANS)
    # one of them alone, and the others apart by turns
    for some in (claims[:1], claims[1::2], claims[2::2]):
        numbers = [each["claim_id"] for each in some]
        apart = decide_all(some, [own for own in lines if own["claim_id"] in numbers], spans=SPANS)
        for name in ("claims", "lines", "adjustments", "remarks"):
            frame_together, frame_apart = getattr(together, name), getattr(apart, name)
            for number in numbers:
                own, other = (one[one["claim_id"] == number] for one in (frame_together, frame_apart))
                pd.testing.assert_frame_equal(own.reset_index(drop=True), other.reset_index(drop=True))


def test_every_explanation_is_json_without_anything_personal() -> None:
    """Ids, dates and numbers: no subscriber number, NPI, TIN, name or claim number, whatever the outcome."""
    claims = [
        claim(claim_id=1),
        claim(claim_id=2, received_date="2026-12-31"),
        claim(claim_id=3, member_id=None),
        claim(claim_id=4, billing_tin="987654321"),
        claim(claim_id=5, **CORRECTION),
        claim(claim_id=6, **CORRECTION | {"frequency_code": "8"}),
        claim(claim_id=7, **CORRECTION | {"correction_problem": "F8_UNKNOWN", "original_claim_id": None}),
        claim(claim_id=8, **CORRECTION | {"original_first_remitted_on": None}),
        claim(claim_id=9, **CORRECTION | {"original_fingerprint": "new"}),
    ]
    decided = decide_all(claims, [line(claim_id=number) for number in range(1, 10)])
    told = decided.claims["explanation"].tolist()
    text = json.dumps(told)
    assert all(len(each) >= 1 for each in told)
    for each in ("S0000007", "1234567893", "123456789", "987654321", "261590000001", "fingerprint"):
        assert each not in text
    assert all(entry["text"].endswith(f"rule {entry['rule']}") for each in told for entry in each)
    assert not any(isinstance(value, float) for each in told for entry in each for value in entry.values())


def test_nothing_to_decide() -> None:
    """No claims, no decisions, and every column is there."""
    decided = decide_all([], [])
    assert list(decided.claims) == [
        "claim_id",
        "outcome",
        "pend_reason",
        "claim_status_code",
        "plan_id",
        "allowed_cents",
        "paid_cents",
        "patient_responsibility_cents",
        "replaces_original",
        "explanation",
    ]
    assert list(decided.lines) == ["claim_id", "line_number", "charge_cents", "allowed_cents", "paid_cents"]
    assert list(decided.adjustments) == ["claim_id", "line_number", "group_code", "reason_code", "amount_cents"]
    assert list(decided.remarks) == ["claim_id", "line_number", "remark_code"]
    assert sum(map(len, (decided.claims, decided.lines, decided.adjustments, decided.remarks))) == 0


def test_decide_leaves_the_facts_alone() -> None:
    """The frames handed in are not written to."""
    frames = frame([claim(charge_cents=18250)], CLAIM), frame([line()], LINE), frame([SPAN], SPAN)
    providers = frame([PROVIDER], PROVIDER)
    copies = [each.copy(deep=True) for each in (*frames, providers)]
    claims, lines, spans = frames
    decide(ClaimFacts(claims=claims, lines=lines, spans=spans, providers=providers), BOOK)
    for before, after in zip(copies, (*frames, providers), strict=True):
        pd.testing.assert_frame_equal(before, after)


def test_a_claim_waits_as_a_whole() -> None:
    """A line without a price keeps its claim from being paid in part, and what was said of other lines is kept."""
    decided = decide_one(
        {"received_date": "2026-06-08"}, [line(1), line(2, service_from="2026-04-20", procedure_code="X")]
    )
    assert (decided.outcome, decided.pend_reason, decided.adjustments) == ("pended", "NO_PRICE", [])
    assert [each["rule"] for each in decided.explanation if each.get("line") == 1][-1] == "TF-60-PROFESSIONAL"


def test_the_rules_are_named_and_sourced() -> None:
    """The tuple can be read from top to bottom: every rule once, each with its law and its source."""
    assert len({rule.judge for rule in RULES}) == len(RULES)
    assert all(rule.judge.__doc__ and rule.source for rule in RULES)
    assert len({rule.id for rule in RULES}) == len(RULES)


@pytest.mark.parametrize(
    ("first", "last", "outcome"),
    [
        (None, None, "denied"),
        ("2026-06-08", "2026-06-08", "denied"),
        ("2026-06-09", None, "pended"),
        (None, "2026-06-07", "pended"),
    ],
)
def test_a_rule_judges_claims_received_while_it_is_effective(
    monkeypatch: pytest.MonkeyPatch, first: str | None, last: str | None, outcome: str
) -> None:
    """First and last day count. Without the rule of the deadline the late line waits for want of a price."""
    days = [None if day is None else date.fromisoformat(day) for day in (first, last)]
    dated = tuple(
        replace(rule, effective_from=days[0], effective_through=days[1])
        if rule.id == "filing_deadline.on_time"
        else rule
        for rule in RULES
    )
    assert dated != RULES or days == [None, None]
    monkeypatch.setattr(adjudication, "RULES", dated)
    late = line(1, service_from="2025-01-05", service_through="2025-01-05", procedure_code="X")
    assert decide_one({"received_date": "2026-06-08"}, [late]).outcome == outcome
