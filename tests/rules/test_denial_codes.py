"""The table of cases of domain.md 8.2: each condition with its group, reason, remark, status and money.

An id begins with the number of the row.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from rules.benefit_settings import CostShares, CoverageLimit
from rules.decision_laws import broken_laws
from rules.family_settings import FrequencyRule
from rules.filing_settings import LateReduction, Limit
from tests.rules.bills import CORRECTION, book_with
from tests.rules.conditions import (
    Bill,
    asks,
    correcting,
    excluded,
    filing,
    needs,
    paid_earlier,
    paperwork,
    plan,
    policy,
    rendering,
    told,
    valid,
)
from tests.rules.references import reference
from tests.rules.test_cob import others, paid_before
from tests.rules.test_duplicates import pairs

DOMAIN = Path(__file__).parents[2] / "docs" / "domain.md"
TWO: tuple[dict[str, Any], ...] = ({}, {"procedure_code": "J1000"})
SMALL: tuple[dict[str, Any], ...] = ({}, {"procedure_code": "J1000", "charge_cents": 333})
BUNDLE = {"procedure_code": "99213", "bundled_code": "J1000", "unless_modifiers": "59 XU", "reason_code": "97"}
UNITS = {"procedure_code": "99213", "most": 1, "reason_code": "151"}
TWICE = ({"quantity": Decimal(2)},)
STAY = {"kind": "I", "facility_code": "11", "patient_status": "01", "admission_date": "2026-04-01",
        "service_through": "2026-04-11"}  # fmt: skip
ROOM = ({"procedure_code": None, "revenue_code": "0120", "unit": "DA", "place_of_service": None,
         "quantity": Decimal(10),
         "charge_cents": 2_000_000, "service_from": None},)  # fmt: skip
HOSPITAL = {"kind": "I", "facility_code": "13"}
EMERGENCY = ({"procedure_code": "99213", "revenue_code": "0450", "place_of_service": None},)
VOID = CORRECTION | {"frequency_code": "8"}
LATE = {"received_date": "2026-06-08"}
USUAL = ("CO 45 62.50", "PR 3 25.00", "PR 2 19.00")
"""Of the visit when it is paid."""


def case(
    row: int, situation: str, bill: Bill, *adjusted: str, remarks: str = "", status: str = "1", waits: str = ""
) -> Any:  # noqa: ANN401 - a parameter set
    """A row of the table: what is adjusted (nothing of a claim that waits), the remarks, CLP02."""
    return pytest.param(
        bill, [told(each) for each in adjusted], remarks.split(), status, waits, id=f"{row}-{situation}"
    )


CASES = [
    case(1, "member-not-recognised", Bill({"member_id": None}), "PR 31", remarks="N382", status="4"),
    case(2, "before-coverage", Bill(span={"valid_from": "2026-05-01"}), "PR 26"),
    case(3, "after-termination", Bill(span={"valid_through": "2026-03-31"}), "PR 27"),
    case(4, "dependant-not-eligible", Bill(subscriber={}), "PR 32"),
    case(4, "subscriber-alone-is-covered", Bill(subscriber={"tier": "EMP"}), "PR 33"),
    case(4, "newborn", Bill(subscriber={"child_born_on": "2026-03-15"}), "PR 34"),
    case(4, "newborn-not-on-file", Bill({"member_id": None}, subscriber={"child_born_on": "2026-03-15"}), "PR 34"),
    case(4, "subscriber-not-covered-either", Bill(subscriber={"valid_from": "2026-05-01"}), "PR 177"),
    case(4, "a-child-not-on-file-is-not-recognised", Bill({"member_id": None}, subscriber={}), "PR 31", remarks="N382",
         status="4"),
    case(5, "eligibility-requirement-unmet", Bill(span=None), "PR 177"),
    case(6, "stay-beyond-coverage-is-billed-again", Bill(STAY, ROOM, plan(crossing="rebill"),
         {"valid_through": "2026-04-05"}),
         "CO 239 20000.00"),
    case(6, "stay-beyond-coverage-is-reduced", Bill(STAY, ROOM, plan(crossing="reduce"),
         {"valid_through": "2026-04-05"}),
         "CO 45 5000.00", "PR 2 1000.00", "PR 238 10000.00"),
    case(6, "stay-is-covered-by-its-first-day", Bill(STAY, ROOM, span={"valid_through": "2026-04-05"}),
         "CO 45 10000.00", "PR 2 2000.00"),
    case(7, "past-the-filing-limit", Bill(LATE), "CO 29"),
    case(7, "late-with-an-appeal", Bill(LATE, book=filing(appeal="offered")), "CO 29", remarks="N210"),
    case(7, "late-without-appeal", Bill(LATE, book=filing(appeal="none")), "CO 29", remarks="N211"),
    case(8, "exact-duplicate", Bill(facts={"like_lines": pairs({})}), "OA 18"),
    case(8, "should-have-been-a-replacement",
         Bill(facts={"like_lines": pairs({"same_account": True, "same_charge": False})}), "OA 18", remarks="N380"),
    case(9, "contracted-write-off", Bill(), *USUAL),
    case(10, "non-participating-over-the-allowed", Bill(provider={"contract_through": "2026-03-31"},
         book=plan(out_of_network=CostShares(coinsurance_percent=50))), "PR 45 62.50", "PR 2 60.00"),
    case(11, "copay-and-coinsurance", Bill(), *USUAL),
    case(11, "deductible", Bill(lines=({"place_of_service": "22"},), book=plan(deductible_cents=3000)),
         "CO 45 62.50", "PR 1 30.00", "PR 2 18.00"),
    case(12, "without-a-price", Bill(lines=({"procedure_code": "X9999"},), book=book_with(no_price="deny")), "PR 96",
         remarks="N130"),
    case(12, "excluded", Bill(tables=excluded("96")), "PR 96", remarks="N130"),
    case(12, "excluded-at-the-providers-cost", Bill(tables=excluded("96", group_code="CO", remark_code="N216")),
         "CO 96",
         remarks="N216"),
    case(13, "maximum-of-a-year", Bill(book=plan(limits=(CoverageLimit(id="NO", measure="visits", most=0),))),
         "PR 119"),
    case(13, "maximum-of-a-lifetime",
         Bill(book=plan(limits=(CoverageLimit(id="NO", measure="visits", most=0, per="lifetime"),))), "PR 35"),
    case(13, "maximum-of-a-service-in-a-lifetime",
         Bill(book=plan(limits=(CoverageLimit(id="NO", measure="units", most=0, per="lifetime",
                                              procedure_codes=(("99213", "99213"),)),))), "PR 149"),
    case(14, "no-authorization", Bill(tables=reference(**needs("authorization"))), "CO 197"),
    case(14, "unknown-authorization", Bill(tables=reference({"prior_authorization": "A9"}, **needs("authorization",
         units=1))),
         "CO 197"),
    case(14, "authorization-of-another-service",
         Bill(tables=reference({"prior_authorization": "A1"}, **needs("authorization", procedure_code="J1000"))),
         "CO 284"),
    case(14, "authorization-of-somebody-else",
         Bill(tables=reference({"prior_authorization": "A1"}, **needs("authorization", subscriber_id="S1"))), "CO 284"),
    case(14, "authorization-exceeded",
         Bill(tables=reference({"prior_authorization": "A1"}, **needs("authorization", units=0))), "CO 198"),
    case(14, "authorized", Bill(tables=reference({"prior_authorization": "A1"}, **needs("authorization", units=1))),
         *USUAL),
    case(15, "no-referral", Bill(tables=reference(**needs("referral"))), "CO 288"),
    case(15, "referral-exceeded", Bill(tables=reference({"referral_number": "A1"}, **needs("referral", units=0))),
         "CO 287"),
    case(16, "no-contract", Bill(provider={"contract_through": "2026-03-31"}), "PR 242"),
    case(16, "narrow-network", Bill(provider={"network": "WIDE"}, book=plan(networks=("NARROW",))), "PR 279"),
    case(17, "nobody-before-us-named", Bill(other=others("S")), "CO 22", remarks="MA92", status="2"),
    case(17, "our-place-not-stated", Bill(other=others("U", payers=[{"paid_cents": 18250}])), "CO 22", remarks="MA83"),
    case(17, "the-second-before-us-not-named", Bill(other=others("T", payers=[{"paid_cents": 18250}])), "CO 22",
         remarks="MA92", status="3"),
    case(17, "enrolment-knows-who-is-first",
         Bill(other=others("P", elsewhere=[{"member_id": 7, "first_day": "2026-01-01"}])), "CO 22", remarks="N4"),
    case(18, "effect-of-the-primary", Bill(other=paid_before(10000, (1, "CO", 4250), (1, "PR", 4000))), "OA 23 142.50",
         status="2"),
    case(19, "eob-missing", Bill(other=others("S", payers=[{}])), "CO 16", remarks="N4", status="2"),
    case(19, "second-eob-missing",
         Bill(other=others("T", payers=[{"paid_cents": 18250}, {"payer": 2, "payer_responsibility": "S"}])), "CO 16",
         remarks="N479", status="3"),
    case(19, "eob-inconsistent", Bill(other=others("S", payers=[{"paid_cents": 1}])), "CO 16", remarks="N48",
         status="2"),
    case(20, "names-another-payer", Bill({"payer_id": "THEIRS"}, book=book_with(payer_ids=("OURS",))), "OA 109",
         remarks="N418"),
    case(20, "names-us", Bill({"payer_id": "OURS"}, book=book_with(payer_ids=("OURS",))), *USUAL),
    case(20, "another-payers-service", Bill(tables=excluded("109")), "OA 109", remarks="N418"),
    case(20, "capitated-vendor", Bill(tables=excluded("24")), "CO 24"),
    case(20, "dental-plan", Bill(tables=excluded("270", kind="P")), "OA 270"),
    case(20, "pharmacy-plan", Bill(tables=excluded("280", plan_id="GOLD", place_of_service="11")), "OA 280"),
    case(20, "of-other-kinds-and-plans", Bill(tables=excluded("24", kind="I")), *USUAL),
    case(21, "procedure", Bill(tables=valid("procedure", "J1000")), "CO 181", remarks="N56"),
    case(22, "modifier-invalid", Bill(lines=({"modifier_2": "ZZ"},), tables=valid("modifier", "25")), "CO 182",
         remarks="N519"),
    case(22, "modifier-missing", Bill(tables=asks("procedure", "99213", "modifier", "25")), "CO 4", remarks="N519"),
    case(23, "diagnosis", Bill(tables=valid("diagnosis", "Z00")), "CO 146", remarks="M76"),
    case(23, "diagnosis-and-procedure", Bill(tables=asks("procedure", "99213", "diagnosis", "M54", "M54")), "CO 11"),
    case(24, "revenue-and-procedure", Bill(HOSPITAL, EMERGENCY, tables=asks("procedure", "99213", "revenue", "0510",
         "0519")),
         "CO 199"),
    case(24, "bill-type-and-procedure", Bill(HOSPITAL, EMERGENCY, tables=asks("procedure", "99213", "bill_type", "11")),
         "CO 282"),
    case(24, "bill-type", Bill(HOSPITAL, EMERGENCY, tables=valid("bill_type", "111")), "CO 16", remarks="MA30"),
    case(25, "npi-missing", Bill({"billing_npi": None}), "CO 206", remarks="N257"),
    case(25, "npi-invalid", Bill({"billing_npi": "1234567890"}), "CO 207", remarks="N257"),
    case(25, "npi-not-matched", Bill(provider=None), "CO 208", remarks="N257"),
    case(26, "rendering-npi-unknown", Bill(tables=rendering("1555555554", {"npi": "1999999984"})), "CO 185",
         remarks="N290"),
    case(26, "rendering-npi-not-certified-that-day", Bill(tables=rendering("1999999984",
         {"effective_from": "2026-05-01"})),
         "CO B7", remarks="N570"),
    case(26, "rendering-npi-under-another-tin", Bill(tables=rendering("1999999984", {"tin": "99-9999999"})), "CO B7",
         remarks="N570"),
    case(26, "rendering-npi-of-another-procedure", Bill(tables=rendering("1999999984", {"procedure_code": "J1000"})),
         "CO B7", remarks="N570"),
    case(26, "may-render", Bill(tables=rendering("1999999984", {"tin": "12-3456789"}, {"tin": "999999999"})), *USUAL),
    case(26, "nobody-named", Bill(tables=rendering(None, {})), *USUAL),
    case(27, "npi-with-another-tin", Bill(provider={"tin": "999999999"}), "CO 16", remarks="N516"),
    case(28, "bundled", Bill(lines=TWO, tables=reference(bundle=[BUNDLE])), *USUAL, "2: CO 97", remarks="M15"),
    case(28, "pair-of-a-day", Bill(lines=TWO, tables=reference(bundle=[BUNDLE | {"reason_code": "236"}])), *USUAL,
         "2: CO 236", remarks="M15"),
    case(28, "modifier-unbundles", Bill(lines=({}, SMALL[1] | {"modifier_1": "XU"}), tables=reference(bundle=[BUNDLE])),
         *USUAL, "2: PR 2 0.67"),
    case(28, "another-day", Bill(lines=({}, SMALL[1] | {"service_from": "2026-04-02"}),
         tables=reference(bundle=[BUNDLE])),
         *USUAL, "2: PR 2 0.67"),
    case(28, "part-of-one-paid-on-an-earlier-claim",
         Bill(lines=({"procedure_code": "J1000"},), tables=reference(bundle=[BUNDLE]), facts=paid_earlier("99213")),
         "CO 97", remarks="M15"),
    case(28, "whole-of-one-paid-on-an-earlier-claim",
         Bill(tables=reference(bundle=[BUNDLE]), facts=paid_earlier("J1000")), waits="PART_PAID_EARLIER"),
    case(28, "modifier-of-the-earlier-one-unbundles",
         Bill(tables=reference(bundle=[BUNDLE]), facts=paid_earlier("J1000", modifiers="25 59")), *USUAL),
    case(29, "units-not-justified", Bill(lines=TWICE, tables=reference(unit_limit=[UNITS])), "CO 151", remarks="N362"),
    case(29, "units-beyond-the-contract", Bill(lines=TWICE,
         tables=reference(unit_limit=[UNITS | {"reason_code": "222"}])),
         "CO 222", remarks="N362"),
    case(29, "units-of-an-earlier-claim-count", Bill(tables=reference(unit_limit=[UNITS]), facts=paid_earlier("99213")),
         "CO 151", remarks="N362"),
    case(29, "units-of-other-procedures-do-not", Bill(tables=reference(unit_limit=[UNITS]),
         facts=paid_earlier("J1000")),
         *USUAL),
    case(30, "age-and-procedure", Bill(tables=asks("procedure", "99213", "age", "0", "17")), "CO 6", remarks="N129"),
    case(30, "sex-and-procedure", Bill(tables=asks("procedure", "99213", "sex", "M")), "CO 7"),
    case(30, "age-and-diagnosis", Bill(tables=asks("diagnosis", "J069", "age", "0", "1")), "CO 9", remarks="N129"),
    case(30, "sex-and-diagnosis", Bill(tables=asks("diagnosis", "J069", "sex", "M")), "CO 10"),
    case(31, "place-and-procedure", Bill(tables=asks("procedure", "99213", "place", "21", "23")), "CO 5",
         remarks="M77"),
    case(31, "place", Bill(tables=valid("place", "21")), "CO 58", remarks="M77"),
    case(32, "not-medically-necessary", Bill(tables=policy(pointers=(1,))), "CO 50"),
    case(32, "by-a-policy-with-a-remark", Bill(tables=policy(pointers=(1,), remark="N115")), "CO 50", remarks="N115"),
    case(32, "patient-signed-a-waiver", Bill(lines=({"modifier_1": "GA"},), tables=policy("GA", "GZ", pointers=(1,))),
         "PR 50"),
    case(32, "necessary-for-the-diagnosis-pointed-to", Bill(tables=policy(pointers=(1, 2))), *USUAL),
    case(32, "without-pointers-every-diagnosis-counts", Bill(tables=policy()), *USUAL),
    case(33, "interim-bill-not-accepted", Bill(STAY | {"frequency_code": "2", "patient_status": "30"}, ROOM,
         book_with(frequencies=(FrequencyRule(interim="refuse"),))), "CO 135 20000.00"),
    case(34, "F8-missing", Bill(CORRECTION | {"correction_problem": "F8_MISSING"}), "CO 16", remarks="M47"),
    case(34, "F8-of-somebody-else", Bill(CORRECTION | {"correction_problem": "F8_OTHER_MEMBER"}), "CO 16",
         remarks="N152"),
    case(35, "replacement-of-a-denied-claim-refused",
         Bill(CORRECTION | {"original_state": "denied"}, book=correcting(denied_original="new_claim")), "CO 16",
         remarks="N142"),
    case(36, "void-already-processed", Bill(VOID | {"correction_problem": "F8_VOIDED"}), "CO 16", remarks="N547"),
    case(37, "paperwork-missing", Bill(tables=paperwork()), "CO 252", remarks="N29"),
    case(37, "paperwork-of-another-kind", Bill(tables=paperwork({"report_type": "RB"})), "CO 252", remarks="N29"),
    case(37, "paperwork-kept-by-the-provider", Bill(tables=paperwork({"transmission": "AA"})), "CO 252", remarks="N29"),
    case(37, "paperwork-of-another-line", Bill(tables=paperwork({"line_number": 2})), "CO 252", remarks="N29"),
    case(37, "paperwork-announced", Bill(tables=paperwork({}, came="N2"), facts={"as_of": date(2026, 5, 20)}),
         waits="ATTACHMENT_AWAITED"),
    case(37, "paperwork-not-supplied-in-time", Bill(tables=paperwork({}, came="N2"), facts={"as_of": date(2026, 5,
         21)}),
         "CO 226", remarks="N29"),
    case(37, "paperwork-came", Bill(tables=paperwork({"line_number": 1}, came="N1"), facts={"as_of": date(2026, 5,
         21)}), *USUAL),
    case(38, "revenue-code", Bill(HOSPITAL, EMERGENCY, tables=valid("revenue", "0120")), "CO 16", remarks="M50"),
    case(38, "unprocessable", Bill(HOSPITAL, EMERGENCY, book_with(missing_data="unprocessable"),
         tables=valid("revenue", "0120")),
         "CO 16", remarks="M50 MA130"),
    case(39, "discharge-before-admission", Bill(STAY | {"discharge_occurrence_date": "2026-03-31"}, ROOM),
         "CO 16 20000.00",
         remarks="N318"),
    case(39, "no-admission-date", Bill(STAY | {"admission_date": None}, ROOM), "CO 16 20000.00", remarks="MA40"),
    case(39, "period-ends-before-it-begins", Bill(STAY | {"service_through": "2026-03-01"}, ROOM), "CO 16 20000.00",
         remarks="MA31"),
    case(39, "discharged-and-still-a-patient", Bill(STAY | {"patient_status": "30"}, ROOM), "CO 16 20000.00",
         remarks="N50"),
    case(39, "no-patient-status", Bill(STAY | {"patient_status": None}, ROOM), "CO 16 20000.00", remarks="MA43"),
    case(40, "replacement-is-decided-as-any-bill", Bill(CORRECTION), *USUAL),
    case(41, "dispute-in-disguise", Bill(CORRECTION | {"original_fingerprint": "new"}), "CO 193", remarks="N368"),
    case(42, "late-filing-reduction", Bill(LATE, book=filing(late_reduction=LateReduction(percent=10,
         within=Limit(30)))),
         *USUAL, "CO B4 7.60"),
    case(43, "line-outside-of-the-statement",
         Bill(HOSPITAL, (EMERGENCY[0], EMERGENCY[0] | {"service_from": "2026-04-02"})),
         "CO 45 62.50", "PR 2 24.00", "2: CO 16", remarks="N379"),
]  # fmt: skip


@pytest.mark.parametrize(("bill", "adjusted", "remarks", "status", "waits"), CASES)
def test_a_condition(
    bill: Bill, adjusted: list[tuple[int, str, int]], remarks: list[str], status: str, waits: str
) -> None:
    """What is adjusted is all that is not paid, and the decision keeps every law of domain.md 8.1."""
    found = bill.decided()
    if waits:
        assert (found.outcome, found.pend_reason) == ("pended", waits)
        assert found.is_without_money
        return
    assert found.adjustments == adjusted
    assert [remark for _, remark in found.remarks] == remarks
    charged = int(found.decisions.lines["charge_cents"].sum())
    assert found.paid_cents == charged - sum(cents for *_, cents in adjusted)
    assert found.patient_responsibility_cents == sum(cents for _, code, cents in adjusted if code.startswith("PR"))
    denied = {at for at, _, cents in adjusted if cents == found.decisions.lines["charge_cents"].iloc[at - 1]}
    assert found.outcome == ("denied" if len(denied) == len(bill.lines) else "paid")
    assert found.claim_status_code == status
    assert broken_laws(found.decisions).empty


def test_every_row_has_a_case() -> None:
    """Of the table in docs/domain.md, and no case is of a row that there is not."""
    table = DOMAIN.read_text(encoding="utf-8").partition("### 8.2 ")[2].partition("\n### ")[0]
    rows = [int(number) for number in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)]
    assert rows == list(range(1, 44))
    assert [number for number in rows if number not in {int(str(each.id).partition("-")[0]) for each in CASES}] == []
    assert {int(str(each.id).partition("-")[0]) for each in CASES} <= set(rows)


def test_core_combinations_that_are_not_listed_wait() -> None:
    """A reason that the plan's copy of the list has in a scenario goes out with a listed group and remark only."""
    listed = {"scenario": "2", "group_code": "CO", "reason_code": "181", "remark_code": "N56"}
    wrong: dict[str, Any] = {"code": [{"code_set": "procedure", "code": "J1000"}]}
    assert Bill(tables=reference(**wrong, core_combination=[listed])).decided().codes == ["CO 181"]
    for other in ({"remark_code": "M51"}, {"group_code": "PR"}, {"effective_through": "2026-01-31"}):
        waiting = Bill(tables=reference(**wrong, core_combination=[listed | other])).decided()
        assert (waiting.outcome, waiting.pend_reason) == ("pended", "DECISION_BREAKS_LAW")
        off = Bill(
            tables=reference(**wrong, core_combination=[listed | other]), book=book_with(core_combinations="off")
        )
        assert off.decided().codes == ["CO 181"]
    free = listed | {"reason_code": "96", "remark_code": "N130"}
    assert Bill(tables=reference(**wrong, core_combination=[free])).decided().codes == ["CO 181"]
