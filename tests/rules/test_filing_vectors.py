"""The test vectors of domain.md appendix A for the filing deadline, T1 to T10 and T12; T11 stands with the house."""

from __future__ import annotations

from tests.rules.bills import decide_one, line
from tests.rules.filings import BED, EMERGENCY, JANUARY_15, LATE, PROFESSIONAL, STAY, book_of

RANGE = [line(service_from="2026-04-01", service_through="2026-04-30")]
EARLIER = {
    "earlier_claim_id": 41,
    "earlier_received_on": "2026-02-20",
    "latest_claim_id": 41,
    "latest_received_on": "2026-02-20",
}


def test_t1_day_60_is_timely() -> None:
    """T1: 2026-01-15 received 2026-03-16."""
    decided = decide_one({"received_date": "2026-03-16"}, JANUARY_15)
    (told,) = decided.facts_of("TF-60-PROFESSIONAL")
    assert (decided.outcome, told["day"], told["limit"]) == ("paid", 60, 60)


def test_t2_day_61_is_late() -> None:
    """T2: one day later it is CO 29, with its arithmetic."""
    decided = decide_one(LATE, JANUARY_15)
    assert decided.adjustments == [(1, "CO 29", 18250)]
    assert decided.remarks == []
    (told,) = decided.facts_of("TF-60-PROFESSIONAL")
    assert told["text"] == "anchor 2026-01-15, received 2026-03-17, day 61, limit 60, rule TF-60-PROFESSIONAL"


def test_t3_only_late_lines_are_denied() -> None:
    """T3: line 1 on day 68, line 2 on day 49; the claim's status is 1."""
    decided = decide_one({"received_date": "2026-06-08"}, [line(1), line(2, service_from="2026-04-20")])
    assert [(each["line"], each["day"]) for each in decided.facts_of("TF-60-PROFESSIONAL")] == [(1, 68), (2, 49)]
    assert [(number, code) for number, code, _ in decided.adjustments if code == "CO 29"] == [(1, "CO 29")]
    assert (decided.outcome, decided.claim_status_code) == ("paid", "1")
    assert decided.paid_lines[0] == 0
    assert decided.paid_lines[1] > 0


def test_t4_a_range_counts_from_its_start() -> None:
    """T4: late by default, timely with `range_anchor: end`."""
    received = {"received_date": "2026-06-08", "service_through": "2026-04-30"}
    assert decide_one(received, RANGE).codes == ["CO 29"]
    kinder = decide_one(received, RANGE, book=book_of(PROFESSIONAL, range_anchor="end"))
    (told,) = kinder.facts_of("TF-60-PROFESSIONAL")
    assert (kinder.outcome, told["anchor"], told["day"]) == ("paid", "2026-04-30", 39)


def test_t5_a_stay_counts_from_discharge() -> None:
    """T5: bill type 111, discharged on 20 April: day 49."""
    decided = decide_one({**STAY, "received_date": "2026-06-08"}, [line(**BED, service_from="2026-03-10")])
    (told,) = decided.facts_of("TF-60-INPATIENT")
    assert (decided.outcome, told["anchor"], told["day"]) == ("paid", "2026-04-20", 49)


def test_t6_an_interim_bill_counts_from_its_through_date() -> None:
    """T6: bill type 112, still a patient: there is no discharge, so occurrence 42 and later days do not count."""
    interim = {
        **STAY,
        "patient_status": "30",
        "service_through": "2026-03-31",
        "discharge_occurrence_date": "2026-04-20",
        "received_date": "2026-05-31",
    }
    decided = decide_one(interim, [line(**BED, service_from="2026-03-10")])
    (told,) = decided.facts_of("TF-60-INPATIENT")
    assert (told["anchor"], told["day"], decided.codes) == ("2026-03-31", 61, ["CO 29"])


def test_t7_outpatient_is_late() -> None:
    """T7: bill type 131, one day."""
    decided = decide_one({"kind": "I", "facility_code": "13", "received_date": "2026-06-08"}, [line(**EMERGENCY)])
    (told,) = decided.facts_of("TF-60-OUTPATIENT")
    assert (told["day"], decided.codes) == (68, ["CO 29"])


def test_t8_a_secondary_claim_counts_from_the_prior_payers_decision() -> None:
    """T8: T2 with 573 = 2026-02-01: day 44, and the explanation says what it counts from."""
    decided = decide_one({**LATE, "primary_decided_on": "2026-02-01"}, JANUARY_15)
    (told,) = decided.facts_of("TF-60-PROFESSIONAL")
    assert (decided.outcome, told["anchor"], told["day"]) == ("paid", "2026-02-01", 44)
    assert (told["basis"], told["last_day"]) == ("prior payer decided", "2026-04-02")


def test_t9_an_earlier_timely_submission_excuses() -> None:
    """T9: T2 with CLM20 = 9 and a submission of 2026-02-20 in our archive; the evidence is recorded."""
    decided = decide_one({**LATE, "delay_reason": "9", **EARLIER}, JANUARY_15)
    (told,) = decided.facts_of("TF-60-PROFESSIONAL")
    assert decided.outcome == "paid"
    assert (told["day"], told["limit"], told["delay_reason"]) == (61, 60, "9")
    assert told["evidence"] == "claim_id 41 received 2026-02-20"
    assert (told["evidence_day"], told["evidence_limit"], told["evidence_last_day"]) == ("2026-02-20", 60, "2026-04-21")


def test_t10_an_unproved_delay_waits_for_a_person() -> None:
    """T10: T2 with CLM20 = 11."""
    decided = decide_one({**LATE, "delay_reason": "11"}, JANUARY_15)
    assert (decided.outcome, decided.pend_reason) == ("pended", "FILING_EVIDENCE")
    (told,) = decided.facts_of("TF-60-PROFESSIONAL")
    assert (told["day"], told["limit"], told["delay_reason"]) == (61, 60, "11")


def test_t12_what_was_rejected_does_not_stop_the_clock() -> None:
    """T12: rejected by 277CA on day 58, sent again on day 63: CO 29, for no delay reason is given.

    With delay reason 9 the same archive excuses it.
    """
    again = {"received_date": "2026-03-19", **EARLIER, "earlier_received_on": "2026-03-14", "earlier_claim_id": 40}
    decided = decide_one(again, JANUARY_15)
    assert decided.codes == ["CO 29"]
    assert [each["day"] for each in decided.facts_of("TF-60-PROFESSIONAL")] == [63]
    assert decide_one({**again, "delay_reason": "9"}, JANUARY_15).outcome == "paid"
