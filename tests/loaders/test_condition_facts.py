"""What the rules of domain.md 8.2 read of earlier claims, of subscribers, and of paperwork that claims announce."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from edi.claim_facts import ClaimFacts
from loaders.claim_facts import claims_to_decide, read_facts
from loaders.reference_data import load_reference
from loaders.warehouse import Warehouse
from tests.loaders.enrolling import JAN, child, gold, member
from tests.loaders.intake import NOON, Intake, Row
from tests.loaders.verdicts import decide, denied, paid, pended

TODAY = NOON.date()
TABLES = {
    "bundle": "procedure_code,bundled_code,reason_code,effective_from\n99213,J1000,97,2020-01-01\n",
    "unit_limit": "procedure_code,most,reason_code,effective_from\n99214,1,151,2020-01-01\n",
}


@pytest.fixture
def intake(warehouse: Warehouse) -> Intake:
    """An intake with member S1."""
    intake = Intake(warehouse)
    intake.enroll(member("021", gold(JAN, tier="EMP")))
    return intake


def load(intake: Intake, folder: Path, tables: dict[str, str]) -> None:
    """Load reference data."""
    for kind, content in tables.items():
        (folder / f"{kind}.csv").write_text(content, encoding="utf-8")
        with intake.warehouse.begin() as conn:
            load_reference(conn, kind, folder / f"{kind}.csv", NOON)


def facts(intake: Intake, *claim_ids: int) -> ClaimFacts:
    """The facts of claims, read in a transaction of their own."""
    with intake.warehouse.begin() as conn:
        return read_facts(conn, claim_ids)


def lines(*codes: str, **changes: Any) -> Row:  # noqa: ANN401 - values of any column
    """Lines of these procedures."""
    return {"lines": [{"procedure_code": code, "charge_cents": 12000 // len(codes), **changes} for code in codes]}


def test_services_that_were_paid_on_earlier_claims(intake: Intake, tmp_path: Path) -> None:
    """Of the same member, TIN, kind and day, paid lines alone, and of procedures that a table is about."""
    intake.claim(lines("J1000", modifier_1="59", quantity=3), lines("99214"), lines("99212"), lines("J1000"))
    other_day = lines("J1000", service_from=date(2026, 2, 3)) | {"service_through": date(2026, 2, 3)}
    intake.claim(other_day, lines("J1000") | {"billing_tin": "069999999"}, lines("99213"))
    decide(intake, *(paid(number) for number in (1, 3, 5, 6)), denied(2), denied(4))
    assert facts(intake, 7).earlier_services is None
    load(intake, tmp_path, TABLES)
    found = facts(intake, 7).earlier_services
    assert found is not None
    assert found.drop(columns=["service_day", "bill_type"]).to_dict("records") == [
        {"claim_id": 7, "other_claim_id": 1, "other_line_number": 1, "procedure_code": "J1000",
         "units_thousandths": 3000, "modifiers": "59"}
    ]  # fmt: skip
    assert found["service_day"].dt.date.tolist() == [date(2026, 2, 2)]


def test_a_claims_own_family_and_what_was_replaced_are_no_earlier_services(intake: Intake, tmp_path: Path) -> None:
    """A correction is not held against its original."""
    load(intake, tmp_path, TABLES)
    intake.claim(lines("99213"))
    decide(intake, paid(1))
    (number,) = intake.rows("select claim_number from claim")[0]
    intake.claim(lines("99213") | {"frequency_code": "7", "payer_claim_control_number": number}, lines("J1000"))
    found = facts(intake, 2, 3).earlier_services
    assert found is not None
    assert found[["claim_id", "other_claim_id"]].to_numpy().tolist() == [[3, 1]]


def test_dependants_without_coverage_and_their_subscriber(intake: Intake) -> None:
    """Who is on file without coverage, and who is not on file; with the subscriber's spans and their tier."""
    intake.enroll(member("021", **child("BEN") | {"birth_date": date(2015, 6, 15)}))
    of_child = {"patient_first_name": "BEN", "patient_birth_date": date(2015, 6, 15)}
    intake.claim(of_child, of_child | {"patient_birth_date": date(2026, 2, 1)}, {}, of_child | {"subscriber_id": "X"})
    read = facts(intake, 1, 2, 3, 4)
    assert read.dependants is not None
    assert read.dependants[["claim_id", "is_on_file"]].to_numpy().tolist() == [[1, True], [2, False]]
    assert read.dependants["born_on"].dt.date.tolist() == [date(2015, 6, 15), date(2026, 2, 1)]
    assert set(read.dependants["subscriber_member_id"]) == {1}
    assert facts(intake, 1).spans[["member_id", "tier"]].to_numpy().tolist() == [[1, "EMP"]]


def test_claims_that_wait_for_paperwork_are_decided_when_it_comes_or_is_overdue(intake: Intake, tmp_path: Path) -> None:
    """And not before; what they announce is read for the rules."""
    need = "procedure_code,report_types,remark_code,effective_from\n99213,OB,N29,2020-01-01\n"
    load(intake, tmp_path, {"attachment_rule": need})
    intake.claim({}, {})
    with intake.warehouse.begin() as conn:
        announced = "insert into claim_attachment values (1, 1, null, 'OB', 'FX', 'AC', 'N1', 0, 1)"
        conn.execute(text(announced))
    reference = facts(intake, 1, 2).reference
    assert reference is not None
    assert reference.paperwork is not None
    assert reference.paperwork.iloc[:, [0, 2, 4]].to_numpy().tolist() == [[1, "OB", "N1"]]
    decide(intake, pended(1, "ATTACHMENT_AWAITED"), pended(2, "ATTACHMENT_AWAITED"))

    def waiting(overdue: date) -> list[int]:
        with intake.warehouse.begin() as conn:
            return claims_to_decide(conn, 10, attachments_overdue=overdue)

    assert waiting(TODAY) == []
    assert waiting(TODAY + timedelta(days=1)) == [1, 2]
    load(intake, tmp_path, {"attachment": "control_number,received_on\nN1,2026-03-03\n"})
    assert waiting(TODAY) == [1]


def test_who_rendered_and_which_diagnoses_a_line_is_for(intake: Intake, tmp_path: Path) -> None:
    """Read where the tables are loaded, and a line's own rendering provider goes before that of its claim."""
    tables = {
        "coverage_policy": "procedure_code,lowest,effective_from\n99213,M54,2020-01-01\n",
        "rendering_provider": "npi,effective_from\n1555555554,2020-01-01\n",
    }
    two: list[Row] = [{"charge_cents": 6000}, {"charge_cents": 6000, "rendering_npi": "1555555554",
                                               "diagnosis_pointer_1": 2, "diagnosis_pointer_2": 1}]  # fmt: skip
    intake.claim({"rendering_npi": "1888888883", "lines": two})
    load(intake, tmp_path, tables)
    reference = facts(intake, 1).reference
    assert reference is not None
    assert reference.renderings is not None
    assert reference.pointers is not None
    assert reference.renderings["rendering_npi"].tolist() == ["1888888883", "1555555554"]
    assert reference.pointers.to_numpy().tolist() == [[1, 2, 1], [1, 2, 2]]
    assert len(reference.tables["rendering_provider"]) == 1


def test_authorizations_prove_their_day_for_delay_reasons(intake: Intake, tmp_path: Path) -> None:
    """CLM20 3 and 10: the last day on which one of the named was given to the member (domain.md 5.7)."""
    given = "kind,number,subscriber_id,decided_on,effective_from\n"
    given += "authorization,A1,S1,2026-02-20,2020-01-01\nreferral,R1,S1,2026-02-21,2020-01-01\n"
    given += "authorization,A1,S2,2026-02-25,2020-01-01\n"
    named = {"prior_authorization": "A1", "referral_number": "R1"}
    intake.claim(named | {"delay_reason": "3"}, named, {"delay_reason": "10"})
    load(intake, tmp_path, {"authorization": given})
    read = facts(intake, 1, 2, 3).filing
    assert read is not None
    assert read["authorization_decided_on"].dt.date.where(read["authorization_decided_on"].notna(), None).tolist() == [
        date(2026, 2, 21), None, None,
    ]  # fmt: skip
