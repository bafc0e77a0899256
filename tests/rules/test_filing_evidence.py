"""Delay reasons (CLM20) excuse a late claim only where our own records bear them out: domain.md 5.7."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from rules.filing_settings import PROOF, DelayRule, Disaster, FilingSettings, Limit
from tests.rules.bills import RECORD, claim, decide_all, decide_one, line
from tests.rules.filings import JANUARY_15, LATE, PROFESSIONAL, book_of

RECORDED = [RECORD | {"recorded_on": "2026-02-10"}]
EARLIER: dict[str, Any] = {
    "earlier_claim_id": 40,
    "earlier_received_on": "2026-02-20",
    "latest_claim_id": 41,
    "latest_received_on": "2026-03-01",
}
OTHERWISE: dict[str, Any] = {**EARLIER, "authorization_decided_on": "2026-03-01"}
STORM = Disaster(id="STORM", first=date(2026, 3, 10), last=date(2026, 3, 20))
STORMS = FilingSettings(disasters=(STORM,))


def outcome(reason: str, facts: dict[str, Any], **surroundings: Any) -> str:  # noqa: ANN401 - as decide_one
    """What became of a claim on day 61 or later: paid, pended, or the code of its denial."""
    decided = decide_one({**LATE, "delay_reason": reason, **facts}, JANUARY_15, **surroundings)
    return str(decided.codes[0] if decided.outcome == "denied" else decided.outcome)


@pytest.mark.parametrize(
    ("reason", "facts", "surroundings", "expected"),
    [
        pytest.param("1", {}, {"records": RECORDED}, "paid", id="1-coverage-recorded-after-the-service"),
        pytest.param("1", {}, {"records": [RECORD]}, "CO 29", id="1-coverage-known-all-the-time"),
        pytest.param("1", {"received_date": "2026-04-12"}, {"records": RECORDED}, "CO 29", id="1-too-late-even-so"),
        pytest.param("8", {}, {"records": RECORDED}, "paid", id="8-coverage-recorded-after-the-service"),
        pytest.param("8", {}, {}, "CO 29", id="8-no-record"),
        pytest.param("7", {"primary_decided_on": "2026-02-01"}, {}, "paid", id="7-the-prior-payer-decided"),
        pytest.param("7", {}, {}, "CO 29", id="7-no-date"),
        pytest.param("7", {"primary_decided_on": "2026-03-18"}, {}, "CO 29", id="7-a-date-after-receipt"),
        pytest.param("9", EARLIER, {}, "paid", id="9-an-earlier-timely-submission"),
        pytest.param("9", {}, {}, "CO 29", id="9-none-in-our-archive"),
        pytest.param("9", EARLIER | {"earlier_received_on": "2026-03-17"}, {}, "CO 29", id="9-which-was-late-itself"),
        pytest.param("9", EARLIER | {"earlier_received_on": "2026-03-16"}, {}, "paid", id="9-on-its-last-day"),
        pytest.param("9", EARLIER | {"received_date": "2026-04-30"}, {}, "paid", id="9-sixty-days-from-the-latest"),
        pytest.param("9", EARLIER | {"received_date": "2026-05-01"}, {}, "CO 29", id="9-and-not-a-day-more"),
        pytest.param("3", {"authorization_decided_on": "2026-03-01"}, {}, "paid", id="3-the-authorization-was-late"),
        pytest.param("3", {}, {}, "pended", id="3-none-on-file"),
        pytest.param("10", {"authorization_decided_on": "2026-03-01"}, {}, "paid", id="10-prior-approval-was-late"),
        pytest.param("10", {}, {}, "pended", id="10-none-on-file"),
        pytest.param("15", {}, {"book": book_of(PROFESSIONAL, STORMS)}, "paid", id="15-a-disaster-we-know-of"),
        pytest.param("15", {}, {}, "CO 29", id="15-none-that-we-know-of"),
        *(
            pytest.param(reason, OTHERWISE, {"records": RECORDED}, "pended", id=f"{reason}-person")
            for reason in ("2", "4", "5", "6", "11")
        ),
        pytest.param("12", EARLIER, {}, "CO 29", id="a-reason-that-does-not-exist"),
    ],
)  # fmt: skip
def test_every_delay_reason_has_its_own_evidence(
    reason: str, facts: dict[str, Any], surroundings: dict[str, Any], expected: str
) -> None:
    """A reason selects its rule of evidence, and nothing else that is on record helps it."""
    assert outcome(reason, facts, **surroundings) == expected


@pytest.mark.parametrize(
    ("reason", "proof", "facts", "expected"),
    [
        pytest.param("5", DelayRule(evidence="none"), {}, "CO 29", id="a-reason-that-the-plan-does-not-take"),
        pytest.param("9", DelayRule(evidence="earlier_submission", without_evidence="pend"), {}, "pended", id="pend"),
        pytest.param("10", DelayRule(evidence="authorization_decided"), {}, "CO 29", id="deny"),
        pytest.param(
            "9",
            DelayRule(evidence="earlier_submission", limit=Limit(15)),
            EARLIER | {"received_date": "2026-03-17"},
            "CO 29",
            id="a-limit-of-its-own",
        ),
        pytest.param("7", DelayRule(evidence="earlier_submission"), EARLIER, "paid", id="other-evidence"),
    ],
)
def test_a_plan_decides_what_proves_a_delay(
    reason: str, proof: DelayRule, facts: dict[str, Any], expected: str
) -> None:
    """Evidence, limit and what becomes of a claim without evidence, by reason."""
    settings = FilingSettings(delay_reasons={**PROOF, reason: proof})
    assert outcome(reason, facts, book=book_of(PROFESSIONAL, settings)) == expected


@pytest.mark.parametrize(
    ("disasters", "expected"),
    [
        pytest.param((Disaster(id="A", first=date(2026, 1, 1), last=date(2026, 1, 14)),), "CO 29", id="over-before"),
        pytest.param((Disaster(id="A", first=date(2026, 3, 17), last=date(2026, 3, 17)),), "CO 29", id="begun-after"),
        pytest.param(
            (Disaster(id="A", first=date(2026, 3, 16), last=date(2026, 3, 17)),), "paid", id="on-the-last-day"
        ),
        pytest.param((Disaster(id="A", first=date(2026, 1, 1), last=date(2026, 1, 15)),), "CO 29", id="too-long-ago"),
        pytest.param(
            (Disaster(id="A", first=STORM.first, last=STORM.last, tins=("999999999",)),), "CO 29", id="others"
        ),
        pytest.param((Disaster(id="A", first=STORM.first, last=STORM.last, tins=("123456789",)),), "paid", id="theirs"),
    ],
)
def test_disasters_excuse_those_whom_they_struck_in_time(disasters: tuple[Disaster, ...], expected: str) -> None:
    """Days between the anchor and the last day, of providers that the plan names, or of all."""
    facts = {"received_date": "2026-03-17", "billing_tin": "12-3456789"}
    providers = [{"npi": "1234567893", "tin": "123456789", "contract_from": "2020-01-01", "payee_id": "PAYEE1"}]
    book = book_of(PROFESSIONAL, FilingSettings(disasters=disasters))
    assert outcome("15", facts, book=book, providers=providers) == expected


def test_what_did_not_help_is_told_with_its_arithmetic() -> None:
    """The denial of a reason with evidence names evidence and last day; one without says so."""
    proved = decide_one({**LATE, "delay_reason": "9", **EARLIER, "received_date": "2026-05-01"}, JANUARY_15)
    (told,) = proved.facts_of("TF-60-PROFESSIONAL")
    assert told["evidence"] == "claim_id 40 received 2026-02-20; the latest, claim_id 41, received 2026-03-01"
    assert told["text"] == (
        "anchor 2026-01-15, received 2026-05-01, day 106, limit 60, last day 2026-03-16 (service start); "
        "delay reason 9: claim_id 40 received 2026-02-20; the latest, claim_id 41, received 2026-03-01, "
        "counted from 2026-03-01, limit 60, last day 2026-04-30, rule TF-60-PROFESSIONAL"
    )
    (told,) = decide_one({**LATE, "delay_reason": "9"}, JANUARY_15).facts_of("TF-60-PROFESSIONAL")
    assert told["evidence"] == "no evidence in our records"
    assert told["last_day"] == "2026-03-16"


def test_a_timely_claim_needs_no_evidence() -> None:
    """A reason on a claim that is not late is not weighed."""
    decided = decide_one({"received_date": "2026-03-16", "delay_reason": "11"}, JANUARY_15)
    assert decided.outcome == "paid"
    assert "delay_reason" not in decided.facts_of("TF-60-PROFESSIONAL")[0]


def test_claims_of_a_batch_are_weighed_each_by_itself() -> None:
    """Late and timely, with and without reasons, in one docket."""
    claims = [
        claim(claim_id=1, **LATE),
        claim(claim_id=2, **LATE, delay_reason="9", **EARLIER),
        claim(claim_id=3, **LATE, delay_reason="11"),
        claim(claim_id=4, received_date="2026-02-01"),
        claim(claim_id=5, **LATE, delay_reason="9"),
    ]
    lines = [line(claim_id=number, service_from="2026-01-15") for number in range(1, 6)]
    decided = decide_all(claims, lines).claims
    assert decided["outcome"].tolist() == ["denied", "paid", "pended", "paid", "denied"]
