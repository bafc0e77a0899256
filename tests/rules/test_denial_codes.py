"""Every condition of domain.md 8.2 that the rules know of a claim, with its group, reason, remark and status.

A case is named for its row of that table.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import pytest

from edi.claim_facts import ClaimFacts, OtherPayers
from edi.reference_data import ReferenceFacts
from rules.adjudication import decide
from rules.benefit_settings import CostShares, CoverageLimit
from rules.decision_laws import broken_laws
from rules.rulebook import Rulebook
from tests.rules.bills import BOOK, CLAIM, CORRECTION, LINE, PROVIDER, SPAN, Decided, book_with, claim, frame, line
from tests.rules.references import reference
from tests.rules.test_cob import others, paid_before

CHARGE = 18250
PLAN = BOOK.plans[0]


def plan(**changes: Any) -> Rulebook:  # noqa: ANN401 - any part of a plan
    """The rulebook with other terms of its plan."""
    return book_with(plans=(replace(PLAN, **changes),))


@dataclass(frozen=True)
class Bill:
    """The office visit of 2026-04-01, changed, in changed surroundings."""

    head: dict[str, Any] = field(default_factory=dict)
    lines: tuple[dict[str, Any], ...] = ({},)
    book: Rulebook = BOOK
    span: dict[str, Any] | None = field(default_factory=dict)
    provider: dict[str, Any] | None = field(default_factory=dict)
    other: OtherPayers | None = None
    tables: ReferenceFacts | None = None

    def decided(self) -> Decided:
        """What becomes of it."""
        lines = [line(number, **each) for number, each in enumerate(self.lines, 1)]
        head = claim(**{"charge_cents": sum(each["charge_cents"] for each in lines)} | self.head)
        facts = ClaimFacts(
            claims=frame([head], CLAIM),
            lines=frame(lines, LINE),
            spans=frame([] if self.span is None else [SPAN | self.span], SPAN),
            providers=frame([] if self.provider is None else [PROVIDER | self.provider], PROVIDER),
            other_payers=self.other,
            reference=self.tables,
        )
        return Decided(decide(facts, self.book))


def needs(kind: str, **given: Any) -> dict[str, Any]:  # noqa: ANN401 - any part of an authorization
    """Tables by which the visit needs an authorization or referral, of which one is given."""
    tables: dict[str, list[dict[str, Any]]] = {"authorization_rule": [{"kind": kind, "procedure_code": "99213"}]}
    if given:
        tables["authorization"] = [{"kind": kind, "number": "A1", "subscriber_id": "S0000007"} | given]
    return tables


def asks(subject: str, code: str, condition: str, lowest: str, highest: str | None = None) -> dict[str, Any]:
    """A table with one rule of a code."""
    row = {"subject": subject, "code": code, "condition": condition, "lowest": lowest, "highest": highest}
    return {"service_rule": [row]}


def valid(code_set: str, *codes: str) -> dict[str, Any]:
    """A table of the valid codes of a set."""
    return {"code": [{"code_set": code_set, "code": code} for code in codes]}


TWO: tuple[dict[str, Any], ...] = ({}, {"procedure_code": "J1000"})
BUNDLE = {"procedure_code": "99213", "bundled_code": "J1000", "unless_modifiers": "59 XU"}
STAY = {"kind": "I", "facility_code": "11", "patient_status": "01", "admission_date": "2026-04-01"}
ROOM = ({"procedure_code": None, "revenue_code": "0120", "unit": "DA", "place_of_service": None},)
HOSPITAL = {"kind": "I", "facility_code": "13"}
EMERGENCY = ({"procedure_code": "99213", "revenue_code": "0450", "place_of_service": None},)

DENIED = [
    pytest.param(Bill({"member_id": None}), "PR 31", ("N382",), "4", id="1-member-not-recognised"),
    pytest.param(Bill(span={"valid_from": "2026-05-01"}), "PR 26", (), "1", id="2-before-coverage"),
    pytest.param(Bill(span={"valid_through": "2026-03-31"}), "PR 27", (), "1", id="3-after-termination"),
    pytest.param(Bill(span=None), "PR 177", (), "1", id="5-eligibility-requirement-unmet"),
    pytest.param(Bill({"received_date": "2026-06-08"}), "CO 29", None, "1", id="7-past-the-filing-limit"),
    pytest.param(
        Bill(lines=({"procedure_code": "X9999"},), book=book_with(no_price="deny")), "PR 96", ("N130",), "1",
        id="12-not-covered",
    ),
    pytest.param(
        Bill(book=plan(limits=(CoverageLimit(id="NONE", measure="visits", most=0),))), "PR 119", (), "1",
        id="13-maximum-of-a-year",
    ),
    pytest.param(
        Bill(book=plan(limits=(CoverageLimit(id="NONE", measure="visits", most=0, per="lifetime"),))), "PR 35", (), "1",
        id="13-maximum-of-a-lifetime",
    ),
    pytest.param(Bill(tables=reference(**needs("authorization"))), "CO 197", (), "1", id="14-no-authorization"),
    pytest.param(
        Bill(tables=reference({"prior_authorization": "A9"}, **needs("authorization", units=1))), "CO 197", (), "1",
        id="14-unknown-authorization",
    ),
    pytest.param(
        Bill(tables=reference({"prior_authorization": "A1"}, **needs("authorization", procedure_code="J1000"))),
        "CO 284", (), "1", id="14-authorization-of-another-service",
    ),
    pytest.param(
        Bill(tables=reference({"prior_authorization": "A1"}, **needs("authorization", subscriber_id="S1"))),
        "CO 284", (), "1", id="14-authorization-of-somebody-else",
    ),
    pytest.param(
        Bill(tables=reference({"prior_authorization": "A1"}, **needs("authorization", units=0))), "CO 198", (), "1",
        id="14-authorization-exceeded",
    ),
    pytest.param(Bill(tables=reference(**needs("referral"))), "CO 288", (), "1", id="15-no-referral"),
    pytest.param(
        Bill(tables=reference({"referral_number": "A1"}, **needs("referral", units=0))), "CO 287", (), "1",
        id="15-referral-exceeded",
    ),
    pytest.param(Bill(provider={"contract_through": "2026-03-31"}), "PR 242", (), "1", id="16-no-contract"),
    pytest.param(
        Bill(provider={"network": "WIDE"}, book=plan(networks=("NARROW",))), "PR 279", (), "1", id="16-narrow-network"
    ),
    pytest.param(Bill(other=others("S")), "CO 22", ("MA92",), "2", id="17-another-payer-first"),
    pytest.param(Bill(other=others("S", payers=[{}])), "CO 16", ("N4",), "2", id="19-eob-missing"),
    pytest.param(
        Bill(other=others("S", payers=[{"paid_cents": 1}])), "CO 16", ("N48",), "2", id="19-eob-inconsistent"
    ),
    pytest.param(Bill(tables=reference(**valid("procedure", "J1000"))), "CO 181", ("N56",), "1", id="21-procedure"),
    pytest.param(
        Bill(lines=({"modifier_2": "ZZ"},), tables=reference(**valid("modifier", "25"))), "CO 182", ("N519",), "1",
        id="22-modifier-invalid",
    ),
    pytest.param(
        Bill(tables=reference(**asks("procedure", "99213", "modifier", "25"))), "CO 4", ("N519",), "1",
        id="22-modifier-missing",
    ),
    pytest.param(Bill(tables=reference(**valid("diagnosis", "Z00"))), "CO 146", ("M76",), "1", id="23-diagnosis"),
    pytest.param(
        Bill(tables=reference(**asks("procedure", "99213", "diagnosis", "M54", "M54"))), "CO 11", (), "1",
        id="23-diagnosis-and-procedure",
    ),
    pytest.param(
        Bill(HOSPITAL, EMERGENCY, tables=reference(**asks("procedure", "99213", "revenue", "0510", "0519"))),
        "CO 199", (), "1", id="24-revenue-and-procedure",
    ),
    pytest.param(
        Bill(HOSPITAL, EMERGENCY, tables=reference(**asks("procedure", "99213", "bill_type", "11"))),
        "CO 282", (), "1", id="24-bill-type-and-procedure",
    ),
    pytest.param(
        Bill(HOSPITAL, EMERGENCY, tables=reference(**valid("bill_type", "111"))), "CO 16", ("MA30",), "1",
        id="24-bill-type",
    ),
    pytest.param(Bill(provider=None), "CO 208", ("N257",), "1", id="25-billing-provider-unknown"),
    pytest.param(Bill(provider={"tin": "999999999"}), "CO 16", ("N516",), "1", id="27-npi-with-another-tin"),
    pytest.param(
        Bill(lines=({"quantity": Decimal(2)},),
             tables=reference(unit_limit=[{"procedure_code": "99213", "most": 1, "reason_code": "151"}])),
        "CO 151", ("N362",), "1", id="29-units-not-justified",
    ),
    pytest.param(
        Bill(lines=({"quantity": Decimal(2)},),
             tables=reference(unit_limit=[{"procedure_code": "99213", "most": 1, "reason_code": "222"}])),
        "CO 222", ("N362",), "1", id="29-units-beyond-the-contract",
    ),
    pytest.param(
        Bill(tables=reference(**asks("procedure", "99213", "age", "0", "17"))), "CO 6", ("N129",), "1",
        id="30-age-and-procedure",
    ),
    pytest.param(
        Bill(tables=reference(**asks("procedure", "99213", "sex", "M"))), "CO 7", (), "1", id="30-sex-and-procedure"
    ),
    pytest.param(
        Bill(tables=reference(**asks("diagnosis", "J069", "age", "0", "1"))), "CO 9", ("N129",), "1",
        id="30-age-and-diagnosis",
    ),
    pytest.param(
        Bill(tables=reference(**asks("diagnosis", "J069", "sex", "M"))), "CO 10", (), "1", id="30-sex-and-diagnosis"
    ),
    pytest.param(
        Bill(tables=reference(**asks("procedure", "99213", "place", "21", "23"))), "CO 5", ("M77",), "1",
        id="31-place-and-procedure",
    ),
    pytest.param(Bill(tables=reference(**valid("place", "21"))), "CO 58", ("M77",), "1", id="31-place"),
    pytest.param(
        Bill(HOSPITAL, EMERGENCY, tables=reference(**valid("revenue", "0120"))), "CO 16", ("M50",), "1",
        id="38-revenue-code",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("bill", "code", "remarks", "status"), DENIED)
def test_a_denied_line(bill: Bill, code: str, remarks: tuple[str, ...] | None, status: str) -> None:
    """The whole charge under one group and reason, with its remark, and the decision keeps all laws."""
    found = bill.decided()
    assert (found.outcome, found.claim_status_code) == ("denied", status)
    assert found.adjustments == [(1, code, CHARGE)]
    if remarks is not None:
        assert tuple(remark for _, remark in found.remarks) == remarks
    assert broken_laws(found.decisions).empty


PAID = [
    pytest.param(
        Bill(), [(1, "CO 45", 6250), (1, "PR 3", 2500), (1, "PR 2", 1900)], "1", id="9-11-write-off-and-shares"
    ),
    pytest.param(
        Bill(lines=({"place_of_service": "22"},), book=plan(deductible_cents=3000)),
        [(1, "CO 45", 6250), (1, "PR 1", 3000), (1, "PR 2", 1800)], "1", id="11-deductible",
    ),
    pytest.param(
        Bill(provider={"contract_through": "2026-03-31"},
             book=plan(out_of_network=CostShares(coinsurance_percent=50))),
        [(1, "PR 45", 6250), (1, "PR 2", 6000)], "1", id="10-non-participating-over-the-allowed",
    ),
    pytest.param(
        Bill(other=paid_before(10000, (1, "CO", 4250), (1, "PR", 4000))), [(1, "OA 23", 14250)], "2",
        id="18-effect-of-the-primary",
    ),
    pytest.param(
        Bill(tables=reference({"prior_authorization": "A1"}, **needs("authorization", units=1))),
        [(1, "CO 45", 6250), (1, "PR 3", 2500), (1, "PR 2", 1900)], "1", id="14-authorized",
    ),
    pytest.param(
        Bill(lines=TWO, tables=reference(bundle=[BUNDLE | {"reason_code": "97"}])),
        [(1, "CO 45", 6250), (1, "PR 3", 2500), (1, "PR 2", 1900), (2, "CO 97", CHARGE)], "1", id="28-bundled",
    ),
    pytest.param(
        Bill(lines=TWO, tables=reference(bundle=[BUNDLE | {"reason_code": "236"}])),
        [(1, "CO 45", 6250), (1, "PR 3", 2500), (1, "PR 2", 1900), (2, "CO 236", CHARGE)], "1", id="28-pair-of-a-day",
    ),
    pytest.param(
        Bill(lines=({}, {"procedure_code": "J1000", "modifier_1": "XU", "charge_cents": 333}),
             tables=reference(bundle=[BUNDLE | {"reason_code": "97"}])),
        [(1, "CO 45", 6250), (1, "PR 3", 2500), (1, "PR 2", 1900), (2, "PR 2", 67)], "1", id="28-modifier-unbundles",
    ),
    pytest.param(
        Bill(lines=({}, {"procedure_code": "J1000", "service_from": "2026-04-02", "charge_cents": 333}),
             tables=reference(bundle=[BUNDLE | {"reason_code": "97"}])),
        [(1, "CO 45", 6250), (1, "PR 3", 2500), (1, "PR 2", 1900), (2, "PR 2", 67)], "1", id="28-another-day",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("bill", "adjustments", "status"), PAID)
def test_a_paid_line(bill: Bill, adjustments: list[tuple[int, str, int]], status: str) -> None:
    """What is not paid, line by line, and the decision keeps all laws."""
    found = bill.decided()
    assert (found.outcome, found.claim_status_code) == ("paid", status)
    assert found.adjustments == adjustments
    assert broken_laws(found.decisions).empty


CORRECTED = [
    pytest.param({"correction_problem": "F8_UNKNOWN"}, "CO 16", id="34-bad-F8"),
    pytest.param({"original_fingerprint": "new"}, "CO 193", id="41-nothing-changed"),
]


@pytest.mark.parametrize(("changes", "code"), CORRECTED)
def test_a_correction(changes: dict[str, Any], code: str) -> None:
    """What a replacement that cannot be taken is answered with; always with a remark."""
    found = Bill(CORRECTION | changes).decided()
    assert found.outcome == "denied"
    assert found.codes == [code]
    assert found.remarks
    assert broken_laws(found.decisions).empty


def test_core_combinations_that_are_not_listed_wait() -> None:
    """A reason that the plan's copy of the list has in a scenario goes out with a listed group and remark only."""
    listed = {"scenario": "2", "group_code": "CO", "reason_code": "181", "remark_code": "N56"}
    wrong = valid("procedure", "J1000")
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
