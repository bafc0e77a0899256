"""Which claims are to be decided, and the facts they are decided on."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import text

from edi.claim_facts import ClaimFacts
from loaders.claim_facts import claims_to_decide, read_facts
from loaders.ledger import move
from loaders.warehouse import Warehouse
from tests.loaders.intake import NOON, Intake, Row, claims_tables
from tests.loaders.verdicts import decide, denied, paid, pended, remit

FIRST = "260610000001"
REPLACEMENT: Row = {"frequency_code": "7", "payer_claim_control_number": FIRST}
DAY = timedelta(days=1)


@pytest.fixture
def intake(warehouse: Warehouse) -> Intake:
    """An intake into an empty warehouse."""
    return Intake(warehouse)


def to_decide(intake: Intake, limit: int = 100, *, accept_test: bool = False) -> list[int]:
    """Ids of the claims that wait."""
    with intake.warehouse.begin() as conn:
        return claims_to_decide(conn, limit, accept_test=accept_test)


def facts(intake: Intake, *claim_ids: int) -> ClaimFacts:
    """Facts of claims."""
    with intake.warehouse.begin() as conn:
        return read_facts(conn, claim_ids)


def fact(intake: Intake, claim_id: int) -> dict[str, Any]:
    """The one row of a claim."""
    (row,) = facts(intake, claim_id).claims.to_dict("records")
    return {str(name): value for name, value in row.items()}


def test_claims_are_decided_by_receipt_then_number(intake: Intake) -> None:
    """Whatever the order in which they were committed; those decided are done."""
    intake.claim({}, {}, arrived_at=NOON + DAY)
    intake.claim({})
    assert to_decide(intake) == [3, 1, 2]
    assert to_decide(intake, limit=2) == [3, 1]
    decide(intake, paid(3))
    decide(intake, denied(1))
    assert to_decide(intake) == [2]


def test_claims_wait_for_enrolment_that_arrived_before_them(intake: Intake) -> None:
    """While such an 834 is unfinished; one that came later, or that waits for a person, holds up nobody."""
    intake.claim({})
    intake.deliver("834", arrived_at=NOON + timedelta(seconds=1))
    assert to_decide(intake) == [1]
    earlier = intake.deliver("834", arrived_at=NOON)
    assert to_decide(intake) == []
    with intake.warehouse.begin() as conn:
        move(conn, earlier.file_id, "held", NOON)
    assert to_decide(intake) == [1]


def test_test_claims_are_decided_only_where_tests_are(intake: Intake) -> None:
    """is_test."""
    file, verdict = intake.deliver("837"), intake.next_verdict("837")
    object.__setattr__(verdict.interchanges[0], "usage", "T")
    intake.commit(file, verdict, claims_tables({}), accept_test=True)
    assert to_decide(intake) == []
    assert to_decide(intake, accept_test=True) == [1]


def test_a_pended_correction_is_due_when_its_original_is_remitted(intake: Intake) -> None:
    """And no other pended claim is, until a person or a new rule asks."""
    intake.claim({}, {})
    intake.claim(REPLACEMENT)
    decide(intake, paid(1), pended(2, "NO_PRICE"))
    decide(intake, pended(3, "ORIGINAL_NOT_REMITTED"))
    assert to_decide(intake) == []
    remit(intake, 1, day=date(2026, 3, 6))
    assert to_decide(intake) == [3]
    decide(intake, pended(3, "NO_PRICE"))
    assert to_decide(intake) == []


def test_facts_of_an_original_claim(intake: Intake) -> None:
    """Dates as days, money as whole cents, and nothing of an original it has not."""
    intake.enroll({"maintenance_type": "021"})
    intake.claim({"lines": [{"modifier_1": "25"}, {"line_number": 2, "charge_cents": 1}]})
    found = facts(intake, 1)
    row = fact(intake, 1)
    assert row["claim_number"] == FIRST
    assert row["received_date"] == pd.Timestamp("2026-03-02")
    assert (row["member_id"], row["charge_cents"]) == (1, 12000)
    for name in ("original_claim_id", "original_state", "original_first_remitted_on", "original_late_through"):
        assert pd.isna(row[name])
    assert found.claims["received_date"].dtype == "datetime64[s]"
    assert found.lines[["line_number", "modifier_1", "charge_cents"]].to_numpy().tolist()[0] == [1, "25", 12000]
    assert found.lines["charge_cents"].sum() == 12001


def test_facts_of_the_version_that_a_correction_names(intake: Intake) -> None:
    """Its state, when it was first remitted, and through which day its lines were too late."""
    intake.claim({"lines": [{"service_from": date(2026, 1, 5), "service_through": date(2026, 1, 7)}]})
    intake.claim(REPLACEMENT)
    assert fact(intake, 2)["original_state"] == "accepted"
    decide(intake, denied(1, "29"))
    for day in (date(2026, 3, 13), date(2026, 3, 20)):
        if day.day == 13:
            remit(intake, 1, day=day)
    row = fact(intake, 2)
    assert (row["original_claim_id"], row["original_state"], row["original_version_state"]) == (1, "denied", "active")
    assert row["original_first_remitted_on"] == pd.Timestamp("2026-03-13")
    assert row["original_late_through"] == pd.Timestamp("2026-01-05")
    assert row["original_late_end"] == pd.Timestamp("2026-01-07")


LINE_CHANGES: list[Row] = [
    {"procedure_code": "99214"},
    {"modifier_1": "25"},
    {"quantity": 2},
    {"charge_cents": 12001},
    {"service_from": date(2026, 2, 3)},
    {"place_of_service": "22"},
    {"rendering_npi": "1555555554"},
]
CLAIM_CHANGES: list[Row] = [
    {"charge_cents": 12001},
    {"facility_code": "22"},
    {"billing_npi": "1888888883"},
    {"rendering_npi": "1555555554"},
    {"service_through": date(2026, 2, 3)},
    {"diagnoses": [{"ordinal": 1, "qualifier": "ABK", "code": "J029"}]},
    {"parties": [{"ordinal": 1, "loop": "2310A", "entity_code": "DN", "identifier": "1555555554"}]},
    {"lines": [{}, {}]},
    *({"lines": [change]} for change in LINE_CHANGES),
]
SAME: list[Row] = [
    {},
    {"patient_control_number": "PCN2"},
    {"clearinghouse_trace": "D9"},
    {"billing_tin": "06-1234567"},
    {"lines": [{"line_number": 5, "line_control_number": "L1", "quantity": 1}]},
]


@pytest.mark.parametrize(
    ("change", "differs"),
    [*((change, True) for change in CLAIM_CHANGES), *((change, False) for change in SAME)],
)
def test_the_fingerprint_tells_a_change_from_a_dispute(intake: Intake, change: Row, differs: bool) -> None:
    """Codes, modifiers, units, charges, dates, places, diagnoses and providers are content; trace numbers are not."""
    intake.claim({})
    intake.claim({**REPLACEMENT, **change})
    row = fact(intake, 2)
    assert (row["fingerprint"] != row["original_fingerprint"]) is differs


def test_the_order_of_lines_is_not_content(intake: Intake) -> None:
    """Lines are sorted before they are hashed."""
    lines: list[Row] = [{"procedure_code": code} for code in ("99213", "87880")]
    intake.claim({"lines": lines})
    intake.claim({**REPLACEMENT, "lines": lines[::-1]})
    row = fact(intake, 2)
    assert row["fingerprint"] == row["original_fingerprint"]


def test_coverage_is_what_is_believed_now(intake: Intake) -> None:
    """Days inclusive, open ends missing, superseded spans gone, other members' not there."""
    coverage = {"insurance_line": "HLT", "plan_code": "GOLD", "begin": date(2026, 1, 1)}
    added: Row = {"maintenance_type": "021", "coverages": [{"maintenance_type": "021", **coverage}]}
    intake.enroll(added, {**added, "subscriber_number": "S2"})
    ended = {"maintenance_type": "024", **coverage, "end": date(2026, 6, 30)}
    intake.enroll({"maintenance_type": "024", "coverages": [ended]})
    intake.claim({}, {"subscriber_id": "S2"}, {"subscriber_id": "S9"})
    ((_, plan, line, first, last, is_unpaid),) = facts(intake, 1).spans.drop(columns="tier").to_numpy().tolist()
    assert (plan, line, first, last) == ("gold", "HLT", pd.Timestamp("2026-01-01"), pd.Timestamp("2026-06-30"))
    assert is_unpaid is False
    (open_end,) = facts(intake, 2).spans["valid_through"]
    assert pd.isna(open_end)
    assert facts(intake, 3).spans.empty


def test_providers_are_those_of_the_newest_registry(intake: Intake) -> None:
    """Only the claims' own billing providers, with the version they were read from."""
    assert facts(intake).registry_version is None
    with intake.warehouse.begin() as conn:
        for sha in ("a", "b"):
            conn.execute(
                text("insert into provider_registry (sha256, providers, payees, loaded_at) values (:sha, 1, 1, now())"),
                {"sha": sha},
            )
        for version, npi, payee in ((1, "1999999984", "OLD"), (2, "1999999984", "NEW"), (2, "1888888883", "OTHER")):
            conn.execute(
                text(
                    "insert into provider (registry_version, npi, tin, name, taxonomy, contract_from, payee_id)"
                    " values (:version, :npi, '061234567', 'A', '1', '2020-01-01', :payee)"
                ),
                {"version": version, "npi": npi, "payee": payee},
            )
    intake.claim({})
    found = facts(intake, 1)
    assert found.registry_version == 2
    assert found.providers["payee_id"].tolist() == ["NEW"]
    assert pd.isna(found.providers["contract_through"][0])
