"""Bills to decide: a plain office visit, changed by each test only where the test is about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from edi.claim_facts import ClaimFacts
from rules.adjudication import Decisions, decide
from rules.rulebook import CorrectionRule, CorrectionWindow, Fee, FilingRule, Limit, Plan, Rulebook

SINCE = date(2020, 1, 1)
FACTS: dict[str, Any] = {"effective_from": SINCE, "limit": Limit(60)}

BOOK = Rulebook(
    filing_rules=(
        FilingRule(id="TF-60-PROFESSIONAL", claim_class="professional", anchor="service", **FACTS),
        FilingRule(id="TF-60-OUTPATIENT", claim_class="outpatient", anchor="statement_through", **FACTS),
        FilingRule(id="TF-60-INPATIENT", claim_class="inpatient", anchor="discharge", **FACTS),
    ),
    correction=CorrectionRule(window=CorrectionWindow(limit=Limit(90))),
    plans=(
        Plan(
            id="GOLD",
            name="Gold",
            filing_indicator="HM",
            copay_cents=2500,
            coinsurance_percent=20,
            effective_from=SINCE,
        ),
    ),
    groups=(),
    fees=(
        Fee(procedure_code="99213", allowed_cents=12000, effective_from=SINCE),
        Fee(procedure_code="J1000", allowed_cents=333, effective_from=SINCE),
        Fee(revenue_code="0120", allowed_cents=100000, effective_from=SINCE),
        Fee(revenue_code="0450", percent_of_charge=Decimal("62.5"), effective_from=SINCE),
    ),
)

CLAIM: dict[str, Any] = {
    "claim_id": 1,
    "claim_number": "261590000001",
    "family_id": 1,
    "version": 1,
    "version_state": "active",
    "kind": "P",
    "facility_code": "11",
    "frequency_code": "1",
    "received_date": "2026-04-20",
    "service_from": "2026-04-01",
    "service_through": "2026-04-01",
    "admission_date": None,
    "patient_status": None,
    "discharge_occurrence_date": None,
    "charge_cents": None,
    "member_id": 7,
    "subscriber_id": "S0000007",
    "billing_npi": "1234567893",
    "billing_tin": "123456789",
    "correction_problem": None,
    "original_claim_id": None,
    "original_state": None,
    "original_first_remitted_on": None,
    "original_version_state": None,
    "fingerprint": "new",
    "original_fingerprint": None,
}
LINE: dict[str, Any] = {
    "claim_id": 1,
    "line_number": 1,
    "procedure_code": "99213",
    "modifier_1": None,
    "modifier_2": None,
    "modifier_3": None,
    "modifier_4": None,
    "revenue_code": None,
    "charge_cents": 18250,
    "unit": "UN",
    "quantity": Decimal(1),
    "place_of_service": "11",
    "service_from": "2026-04-01",
    "service_through": "2026-04-01",
}
SPAN: dict[str, Any] = {
    "member_id": 7,
    "plan_id": "GOLD",
    "insurance_line": "HLT",
    "valid_from": "2025-01-01",
    "valid_through": None,
    "is_unpaid": False,
}
RECORD: dict[str, Any] = {
    "member_id": 7,
    "insurance_line": "HLT",
    "valid_from": "2025-01-01",
    "valid_through": None,
    "recorded_on": "2025-01-01",
    "superseded_on": None,
}
PROVIDER: dict[str, Any] = {
    "npi": "1234567893",
    "tin": "123456789",
    "contract_from": "2020-01-01",
    "contract_through": None,
    "payee_id": "PAYEE1",
}
CORRECTION: dict[str, Any] = {
    "frequency_code": "7",
    "version": 2,
    "original_claim_id": 99,
    "original_state": "paid",
    "original_version_state": "active",
    "original_first_remitted_on": "2026-04-10",
    "original_fingerprint": "old",
}
"""What a valid replacement knows of its original."""

DATES = frozenset(
    {
        "received_date",
        "service_from",
        "service_through",
        "admission_date",
        "discharge_occurrence_date",
        "original_first_remitted_on",
        "original_late_through",
        "original_late_end",
        "original_reduced_through",
        "original_reduced_end",
        "primary_decided_on",
        "earlier_received_on",
        "latest_received_on",
        "authorization_decided_on",
        "recorded_on",
        "superseded_on",
        "valid_from",
        "valid_through",
        "contract_from",
        "contract_through",
    }
)
NUMBERS = frozenset(
    {
        "claim_id",
        "family_id",
        "version",
        "line_number",
        "charge_cents",
        "member_id",
        "original_claim_id",
        "earlier_claim_id",
        "latest_claim_id",
    }
)
OTHERS = frozenset({"quantity", "predetermination", "speaks_of_appeal", "is_unpaid", "is_test"})


def frame(rows: list[dict[str, Any]], like: dict[str, Any]) -> pd.DataFrame:
    """Rows in the types of `loaders.frames`: str, Int64, datetime64[s], and Decimal as it is."""
    names = list(dict.fromkeys([*like, *(name for row in rows for name in row)]))
    columns = {name: pd.Series([row.get(name) for row in rows], dtype=object) for name in names}
    made = pd.DataFrame(columns)
    for name in names:
        if name in DATES:
            made[name] = pd.to_datetime(made[name]).astype("datetime64[s]")
        elif name in NUMBERS:
            made[name] = made[name].astype("Int64")
        elif name not in OTHERS:
            made[name] = made[name].astype("str")
    return made


def claim(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - facts of all kinds
    """An office visit of 2026-04-01, received 2026-04-20."""
    return CLAIM | changes


def line(number: int = 1, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - facts of all kinds
    """A service line of the office visit."""
    day = changes.get("service_from", LINE["service_from"])
    return LINE | {"line_number": number, "service_from": day, "service_through": day} | changes


def decide_all(
    claims: list[dict[str, Any]],
    lines: list[dict[str, Any]],
    *,
    spans: list[dict[str, Any]] | None = None,
    providers: list[dict[str, Any]] | None = None,
    records: list[dict[str, Any]] | None = None,
    book: Rulebook = BOOK,
    **others: Any,  # noqa: ANN401 - further facts of ClaimFacts
) -> Decisions:
    """Decide claims; a claim without a charge bills the sum of its lines."""
    charges = {each["claim_id"]: 0 for each in claims}
    for each in lines:
        charges[each["claim_id"]] += each["charge_cents"]
    billed = [
        each | {"charge_cents": charges[each["claim_id"]] if each["charge_cents"] is None else each["charge_cents"]}
        for each in claims
    ]
    facts = ClaimFacts(
        claims=frame(billed, CLAIM),
        lines=frame(lines, LINE),
        spans=frame([SPAN] if spans is None else spans, SPAN),
        providers=frame([PROVIDER] if providers is None else providers, PROVIDER),
        coverage_records=None if records is None else frame(records, RECORD),
        **others,
    )
    return decide(facts, book)


@dataclass(frozen=True)
class Decided:
    """The decision on one claim, in the words of a test."""

    decisions: Decisions

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any column of the decision
        return self.decisions.claims[name].iloc[0]

    @property
    def adjustments(self) -> list[tuple[int, str, int]]:
        """(line, "CO 29", cents)."""
        frame = self.decisions.adjustments
        codes = frame["group_code"] + " " + frame["reason_code"]
        return list(zip(frame["line_number"].tolist(), codes.tolist(), frame["amount_cents"].tolist(), strict=True))

    @property
    def codes(self) -> list[str]:
        """The distinct adjustment codes, in order."""
        return list(dict.fromkeys(code for _, code, _ in self.adjustments))

    @property
    def remarks(self) -> list[tuple[int, str]]:
        """(line, remark)."""
        frame = self.decisions.remarks
        return list(zip(frame["line_number"].tolist(), frame["remark_code"].tolist(), strict=True))

    @property
    def paid_lines(self) -> list[int]:
        """Cents paid, by line."""
        return list(self.decisions.lines["paid_cents"])

    @property
    def is_without_money(self) -> bool:
        """Has it no lines, no adjustments and no remarks?"""
        return not (len(self.decisions.lines) or len(self.decisions.adjustments) or len(self.decisions.remarks))

    def facts_of(self, rule: str) -> list[dict[str, Any]]:
        """Explanations that a rule gave."""
        return [each for each in self.explanation if each["rule"] == rule]


def decide_one(
    changes: dict[str, Any] | None = None,
    lines: list[dict[str, Any]] | None = None,
    **surroundings: Any,  # noqa: ANN401 - as decide_all
) -> Decided:
    """Decide one claim."""
    return Decided(decide_all([claim(**(changes or {}))], [line()] if lines is None else lines, **surroundings))


def book_with(**changes: Any) -> Rulebook:  # noqa: ANN401 - any part of the rulebook
    """The rulebook of these tests, changed."""
    return replace(BOOK, **changes)
