"""Interim bills find the bill before them, and late charges the bill that they add to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import text

from loaders.claim_facts import claims_to_decide, read_facts
from loaders.stays import find_missing_bases
from loaders.warehouse import Warehouse
from tests.loaders.intake import Intake, Row
from tests.loaders.verdicts import Frames, decide, denied, paid, pended, voided

ADMITTED = date(2026, 1, 1)


@pytest.fixture
def intake(warehouse: Warehouse) -> Intake:
    """An intake with members S1 and S2."""
    intake = Intake(warehouse)
    intake.enroll({"maintenance_type": "021"}, {"maintenance_type": "021", "subscriber_number": "S2"})
    return intake


def stay(frequency: str, first: int, last: int, **changes: object) -> Row:
    """A bill of some days of January 2026."""
    days = {"service_from": date(2026, 1, first), "service_through": date(2026, 1, last)}
    return {
        "kind": "I",
        "facility_code": "11",
        "frequency_code": frequency,
        "admission_date": ADMITTED,
        **days,
    } | changes


def replace_told(decided: Frames, told: list[dict[str, Any]]) -> Frames:
    """A decision with another explanation."""
    return replace(decided, claims=decided.claims.assign(explanation=pd.Series([told])))


def belongs(intake: Intake, claim_id: int) -> dict[str, Any]:
    """What a claim belongs to."""
    with intake.warehouse.begin() as conn:
        frame = read_facts(conn, [claim_id]).stays
    assert frame is not None
    (row,) = frame.to_dict("records")
    return {str(name): None if pd.isna(value) else value for name, value in row.items()}


def test_an_interim_bill_follows_the_last_one_of_its_stay(intake: Intake) -> None:
    """Of the same member, facility and admission."""
    intake.claim(stay("2", 1, 10), stay("3", 11, 15), stay("4", 16, 20))
    assert belongs(intake, 3)["previous_claim_id"] == 2
    assert belongs(intake, 3)["previous_through"] == pd.Timestamp("2026-01-15")
    assert belongs(intake, 2)["previous_claim_id"] == 1


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"subscriber_id": "S2"}, id="member"),
        pytest.param({"billing_npi": "1888888883"}, id="facility"),
        pytest.param({"admission_date": date(2026, 1, 2)}, id="admission"),
        pytest.param({"frequency_code": "1"}, id="a-bill-of-the-whole-stay"),
        pytest.param({"frequency_code": "4"}, id="the-last-bill"),
    ],
)
def test_bills_of_other_stays_are_not_followed(intake: Intake, changes: Row) -> None:
    """Then the chain is broken."""
    intake.claim({**stay("2", 1, 10), **changes}, stay("3", 11, 15))
    assert belongs(intake, 2)["previous_claim_id"] is None


def test_a_replacement_takes_the_place_of_an_interim_bill(intake: Intake) -> None:
    """Its days count, not those of the version that it replaced."""
    intake.claim(stay("2", 1, 10))
    decide(intake, paid(1))
    intake.claim(stay("7", 1, 12, payer_claim_control_number="260610000001", patient_status="30"))
    decide(intake, paid(2, replaces_original=True))
    intake.claim(stay("3", 13, 15))
    assert belongs(intake, 3)["previous_claim_id"] == 2


@pytest.mark.parametrize("frequency", ["1", "2", "4"])
def test_a_replacement_through_discharge_is_followed_by_none(intake: Intake, frequency: str) -> None:
    """It is the bill of the whole stay, or the last one."""
    intake.claim(stay(frequency, 1, 10))
    decide(intake, paid(1))
    intake.claim(stay("7", 1, 10, payer_claim_control_number="260610000001", patient_status="01"))
    decide(intake, paid(2, replaces_original=True))
    intake.claim(stay("4", 11, 20))
    assert belongs(intake, 3)["previous_claim_id"] is None


CASE: dict[str, Any] = {"explanation": [{"rule": "STAY-PRICED", "stay_method": "case"}]}


@pytest.mark.parametrize(
    ("changes", "told", "known"),
    [
        pytest.param({}, {}, (9000, 1, False), id="by-the-day"),
        pytest.param({}, CASE, (9000, 1, True), id="by-the-case"),
        pytest.param({"facility_code": "13"}, CASE, (0, None, False), id="outpatient"),
        pytest.param({"admission_date": date(2026, 1, 2)}, CASE, (0, None, False), id="of-another-stay"),
        pytest.param({}, {"paid_cents": 0}, (0, None, False), id="nothing-allowed"),
    ],
)
@pytest.mark.parametrize("frequency", ["1", "4"])
def test_a_bill_knows_what_the_others_of_its_stay_were_paid(
    intake: Intake, frequency: str, changes: Row, told: dict[str, Any], known: tuple[int, int | None, bool]
) -> None:
    """By the decision in force; what it replaces itself does not count."""
    names = ("stay_allowed_cents", "stay_paid_claim_id", "stay_paid_by_case")
    intake.claim(stay("1", 1, 10, **changes))
    decide(intake, paid(1, **told))
    intake.claim(stay(frequency, 11, 20))
    assert tuple(belongs(intake, 2)[name] for name in names) == known
    intake.claim(stay("7", 1, 10, payer_claim_control_number="260610000001", **changes))
    assert tuple(belongs(intake, 3)[name] for name in names) == (0, None, False)


def test_late_charges_and_the_void_of_their_bill(intake: Intake) -> None:
    """Replaced late charges are no bill that others add to; who voids the bill knows of those that are paid."""
    intake.claim(stay("1", 1, 20, drg_code="470"), stay("5", 20, 20))
    decide(intake, paid(1, **CASE), paid(2))
    intake.claim(stay("7", 20, 20, payer_claim_control_number="260610000002"))
    known = belongs(intake, 3)
    assert (known["base_claim_id"], known["base_drg_code"], known["stay_paid_by_case"]) == (1, "470", True)
    decide(intake, paid(3, replaces_original=True))
    intake.claim(stay("8", 1, 20, payer_claim_control_number="260610000001"), stay("1", 20, 20))
    assert belongs(intake, 4)["late_charge_claim_id"] == 3
    standing = [{"rule": "LATE-CHARGES-GO-FIRST", "late_charge_claim_id": 3}]
    decide(intake, replace_told(pended(4, "LATE_CHARGE_STANDS"), standing), denied(5))

    def looked_at() -> list[int]:
        with intake.warehouse.begin() as conn:
            return claims_to_decide(conn, 10)

    assert looked_at() == []
    intake.claim(stay("8", 20, 20, payer_claim_control_number="260610000003"))
    decide(intake, voided(6))
    assert looked_at() == [4]
    assert belongs(intake, 4)["late_charge_claim_id"] is None


@pytest.mark.parametrize(
    ("first", "last", "changes", "standing"),
    [
        pytest.param(1, 19, {}, 2, id="other-days"),
        pytest.param(1, 20, {}, None, id="the-same-days"),
        pytest.param(20, 25, {}, None, id="a-day-in-common"),
        pytest.param(1, 20, {"facility_code": "13"}, 2, id="another-type"),
    ],
)
def test_a_replacement_may_hold_the_late_charges_to_its_bill_no_more(
    intake: Intake, first: int, last: int, changes: Row, standing: int | None
) -> None:
    """Then they would stand paid without a bill, as after a void."""
    intake.claim(stay("1", 1, 20), stay("5", 20, 20))
    decide(intake, paid(1), paid(2))
    intake.claim(stay("7", first, last, payer_claim_control_number="260610000001", **changes))
    assert belongs(intake, 3)["late_charge_claim_id"] == standing


def test_late_charges_may_have_another_bill(intake: Intake) -> None:
    """Then that one is voided for itself."""
    intake.claim(stay("1", 1, 20), stay("1", 15, 20), stay("5", 20, 20))
    decide(intake, paid(1), paid(2), paid(3))
    intake.claim(stay("8", 1, 20, payer_claim_control_number="260610000001"))
    assert belongs(intake, 4)["late_charge_claim_id"] is None


def test_a_replacement_knows_what_its_chain_began_with_and_what_was_denied_before(intake: Intake) -> None:
    """Through all versions; denied interim bills count in the version in force, and its own family does not."""
    intake.claim(stay("2", 1, 10), stay("4", 11, 20))
    decide(intake, denied(1), paid(2))
    intake.claim(stay("7", 1, 10, payer_claim_control_number="260610000001", patient_status="30", charge_cents=700))
    decide(intake, denied(3, replaces_original=True))
    intake.claim(stay("7", 11, 20, payer_claim_control_number="260610000002"))
    decide(intake, denied(4, replaces_original=True))
    intake.claim(stay("7", 12, 20, payer_claim_control_number="260610000004"))
    assert belongs(intake, 5)["earlier_charge_cents"] == 700
    with intake.warehouse.begin() as conn:
        assert read_facts(conn, [5]).claims["family_frequency_code"].tolist() == ["4"]


@pytest.mark.parametrize("state", ["paid", "denied"])
def test_late_charges_find_the_bill_that_they_add_to(intake: Intake, state: str) -> None:
    """Of the same facility and type, with a day in common; a paid one first."""
    intake.claim(stay("1", 1, 20), stay("1", 5, 20))
    decide(intake, paid(1) if state == "paid" else denied(1), denied(2))
    intake.claim(stay("5", 20, 20))
    assert belongs(intake, 3)["base_claim_id"] == (1 if state == "paid" else 2)
    assert belongs(intake, 3)["base_state"] == state


def test_late_charges_go_on_when_their_bill_is_paid(intake: Intake) -> None:
    """Whichever came first; a person need not look."""
    intake.claim(stay("5", 20, 20), stay("1", 1, 20))
    decide(intake, pended(1, "BASE_BILL_NOT_PAID"))
    for decided, found in ((denied(2), []), (paid(3), [1])):
        with intake.warehouse.begin() as conn:
            assert [each for each in claims_to_decide(conn, 10) if each == 1] == []
        decide(intake, decided)
        with intake.warehouse.begin() as conn:
            assert claims_to_decide(conn, 10) == found
        intake.claim(stay("1", 1, 20, facility_code="11"))


@pytest.mark.parametrize(
    ("base", "missing"),
    [
        pytest.param(stay("1", 1, 20), False, id="on-file"),
        pytest.param(stay("1", 1, 4), True, id="of-other-days"),
        pytest.param(stay("1", 1, 20, facility_code="13"), True, id="of-another-type"),
        pytest.param(stay("1", 1, 20, subscriber_id="S2"), True, id="of-another-member"),
        pytest.param(stay("5", 1, 20), True, id="late-charges-themselves"),
    ],
)
@pytest.mark.parametrize("same_file", [False, True])
def test_late_charges_without_a_bill_are_known_when_they_are_loaded(
    intake: Intake, base: Row, missing: bool, same_file: bool
) -> None:
    """For the 277CA; the base may be in the same file."""
    late = stay("5", 20, 20)
    if not same_file:
        intake.claim(base)
    with intake.warehouse.begin() as conn:
        conn.execute(
            text(
                "create temporary table new_claim (claim_id bigint, row bigint, kind text, is_test boolean,"
                " billing_npi text, facility_code text, frequency_code text, service_from date, service_through date)"
            )
        )
        conn.execute(text("create temporary table claim_member (claim_id bigint, member_id bigint)"))
        for number, sent in enumerate([base, late] if same_file else [late], start=100):
            conn.execute(
                text(
                    "insert into new_claim values (:id, :id, 'I', false, '1999999984', :facility_code, :frequency_code,"
                    " :service_from, :service_through)"
                ),
                {"id": number, **{name: value for name, value in sent.items() if name != "subscriber_id"}},
            )
            conn.execute(
                text("insert into claim_member select :id, member_id from member where subscriber_number = :number"),
                {"id": number, "number": sent.get("subscriber_id", "S1")},
            )
        find_missing_bases(conn)
        found = conn.execute(text("select max(claim_id) from base_missing")).scalar_one()
        conn.rollback()
    assert (found is not None) is missing
