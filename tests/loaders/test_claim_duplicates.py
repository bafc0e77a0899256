"""Bills that are alike are found, whoever was looked at first."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest

from edi.claim_facts import ClaimFacts
from loaders.claim_facts import claims_to_decide, read_facts
from loaders.warehouse import Warehouse
from tests.loaders.intake import Intake, Row, claims_tables
from tests.loaders.verdicts import Frames, decide, denied, paid, pended, voided

STAY: Row = {
    "kind": "I",
    "facility_code": "11",
    "service_from": date(2026, 2, 2),
    "service_through": date(2026, 2, 9),
    "lines": [{"revenue_code": "0120", "procedure_code": None}],
}


@pytest.fixture
def intake(warehouse: Warehouse) -> Intake:
    """An intake with members S1 and S2."""
    intake = Intake(warehouse)
    intake.enroll({"maintenance_type": "021"}, {"maintenance_type": "021", "subscriber_number": "S2"})
    return intake


def look_at(intake: Intake, *claim_ids: int) -> ClaimFacts:
    """The facts of claims, read in a transaction of their own."""
    with intake.warehouse.begin() as conn:
        return read_facts(conn, claim_ids)


def pairs(intake: Intake, *claim_ids: int) -> list[tuple[int, int]]:
    """Each claim with the earlier ones that it is like."""
    facts = look_at(intake, *claim_ids)
    found = set()
    for frame in (facts.like_lines, facts.like_bills):
        assert frame is not None
        found |= set(zip(frame["claim_id"].tolist(), frame["other_claim_id"].tolist(), strict=True))
    return sorted(found)


def pair(intake: Intake, **changes: Any) -> dict[str, Any] | None:  # noqa: ANN401 - values of any column
    """What is known of the second claim's line beside the first's; None where they are not compared."""
    intake.claim({})
    intake.claim(changes)
    facts = look_at(intake, 1, 2)
    assert facts.like_lines is not None
    rows = facts.like_lines.to_dict("records")
    return {str(name): value for name, value in rows[0].items()} if rows else None


@pytest.mark.parametrize("claim", [{}, STAY], ids=["professional", "institutional"])
def test_the_later_of_two_alike_is_compared_with_the_earlier(intake: Intake, claim: Row) -> None:
    """In one batch, over batches, and of one file; looking again finds the same."""
    intake.claim(claim, claim)
    intake.claim(claim)
    assert pairs(intake, 1, 2) == [(2, 1)]
    assert pairs(intake, 3) == [(3, 1), (3, 2)]
    assert pairs(intake, 1, 2, 3) == [(2, 1), (3, 1), (3, 2)]


@pytest.mark.parametrize(
    ("changes", "differs"),
    [
        pytest.param({}, set(), id="equal"),
        pytest.param({"patient_control_number": "OTHER"}, {"same_account"}, id="account"),
        pytest.param({"lines": [{"charge_cents": 1}]}, {"same_charge"}, id="charge"),
        pytest.param({"rendering_npi": "1555555554"}, {"same_rendering"}, id="doctor"),
        pytest.param({"lines": [{"rendering_npi": "1555555554"}]}, {"same_rendering"}, id="doctor-of-the-line"),
        pytest.param({"facility_code": "22"}, {"same_rest"}, id="place"),
        pytest.param({"lines": [{"quantity": 2}]}, {"same_rest"}, id="units"),
        pytest.param({"lines": [{"teeth": "3"}]}, {"same_rest"}, id="tooth"),
        pytest.param({"billing_tin": "06-1234567"}, set(), id="the-TIN-with-a-hyphen"),
        pytest.param({"billing_npi": "1888888883"}, set(), id="another-NPI-of-the-TIN"),
    ],
)
def test_lines_are_compared_in_every_respect(intake: Intake, changes: Row, differs: set[str]) -> None:
    """Of one member, TIN, code and days."""
    found = pair(intake, **changes)
    assert found is not None
    assert {name for name, same in found.items() if name.startswith("same_") and not same} == differs


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"subscriber_id": "S2"}, id="member"),
        pytest.param({"subscriber_id": "NOBODY"}, id="unknown-member"),
        pytest.param({"billing_tin": "069999999"}, id="tin"),
        pytest.param({"lines": [{"procedure_code": "99214"}]}, id="code"),
        pytest.param({"lines": [{"service_from": date(2026, 2, 1)}]}, id="day"),
        pytest.param({"predetermination": "PB"}, id="estimate"),
    ],
)
def test_other_lines_are_not_compared(intake: Intake, changes: Row) -> None:
    """Another member, TIN, code or day is another service."""
    assert pair(intake, **changes) is None


def test_modifiers_have_no_order(intake: Intake) -> None:
    """They are handed over sorted."""
    intake.claim({"lines": [{"modifier_1": "RT", "modifier_2": "25"}]})
    intake.claim({"lines": [{"modifier_1": "25", "modifier_3": "RT"}]})
    frame = look_at(intake, 1, 2).like_lines
    assert frame is not None
    assert frame[["modifiers", "other_modifiers"]].to_numpy().tolist() == [["25 RT", "25 RT"]]


def test_twins_within_a_claim_are_found(intake: Intake) -> None:
    """The second line is like the first."""
    intake.claim({"lines": [{}, {"procedure_code": "99214"}, {}]})
    frame = look_at(intake, 1).like_lines
    assert frame is not None
    assert frame[["line_number", "other_claim_id", "other_line_number"]].to_numpy().tolist() == [[3, 1, 1]]


def test_a_family_is_not_compared_with_itself(intake: Intake) -> None:
    """Neither a replacement with its original, nor what comes after the family was voided, nor a void."""
    intake.claim({})
    decide(intake, paid(1))
    look_at(intake, 1)
    intake.claim({"frequency_code": "7", "payer_claim_control_number": "260610000001"})
    assert pairs(intake, 2) == []
    decide(intake, denied(2))
    intake.claim({"frequency_code": "8", "payer_claim_control_number": "260610000001"})
    decide(intake, voided(3))
    intake.claim({})
    assert pairs(intake, 4) == []


@pytest.mark.parametrize("claim", [{}, STAY], ids=["professional", "institutional"])
def test_what_equals_a_bill_whose_void_waits_goes_on_when_it_is_decided(intake: Intake, claim: Row) -> None:
    """However many are decided together; a void that a person must look at keeps nobody waiting."""
    intake.claim(claim)
    look_at(intake, 1)
    decide(intake, paid(1))
    intake.claim(claim | {"frequency_code": "8", "payer_claim_control_number": "260610000001"}, claim)

    def void_that_waits() -> int | None:
        facts = look_at(intake, 3)
        like = facts.like_lines if claim == {} else facts.like_bills
        assert like is not None
        (found,) = like["other_void_id"].tolist()
        return None if pd.isna(found) else int(found)

    for reason, expected in (("NO_LINES", None), ("LATE_CHARGE_STANDS", 2), ("ORIGINAL_NOT_REMITTED", 2)):
        decide(intake, pended(2, reason))
        assert void_that_waits() == expected
    told = [{"rule": "NOT-SEEN-BEFORE", "void_claim_id": 2}]
    waiting = pended(3, "VOID_NOT_DECIDED")
    decide(intake, replace(waiting, claims=waiting.claims.assign(explanation=pd.Series([told]))))

    def looked_at() -> list[int]:
        with intake.warehouse.begin() as conn:
            return claims_to_decide(conn, 10)

    assert looked_at() == []
    decide(intake, voided(2))
    assert looked_at() == [3]
    assert pairs(intake, 3) == []


@pytest.mark.parametrize(
    ("lines", "outcome", "like"),
    [
        pytest.param([{}], paid(2, replaces_original=True), ["paid", "paid"], id="paid"),
        pytest.param([{}], denied(2, replaces_original=True), ["denied", "denied"], id="denied"),
        pytest.param([{"procedure_code": "99214"}], paid(2, replaces_original=True), [], id="of-another-service"),
    ],
)
def test_a_replaced_version_counts_as_the_one_in_force(
    intake: Intake, lines: list[Row], outcome: Frames, like: list[str]
) -> None:
    """Who sends the first version once more as a new claim is not paid for it, unless nobody states the service now."""
    intake.claim({})
    look_at(intake, 1)
    decide(intake, paid(1))
    replacement: Row = {"frequency_code": "7", "payer_claim_control_number": "260610000001"}
    intake.claim({**replacement, "charge_cents": 1, "lines": lines})
    look_at(intake, 2)
    decide(intake, outcome)
    intake.claim({})
    frame = look_at(intake, 3).like_lines
    assert frame is not None
    assert frame["other_claim_id"].tolist() == [1, 2][: len(like)]
    assert frame["other_state"].tolist() == like


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        pytest.param({}, (True, True, True, True), id="equal"),
        pytest.param({"charge_cents": 1}, (True, True, False, True), id="charge"),
        pytest.param({"lines": [{"revenue_code": "0121"}]}, (True, True, True, False), id="lines"),
        pytest.param({"billing_npi": "1888888883"}, (False, True, True, None), id="facility"),
        pytest.param({"facility_code": "12"}, (False, True, True, None), id="type-of-bill"),
        pytest.param({"service_from": date(2026, 2, 8)}, (True, False, True, None), id="overlapping-days"),
    ],
)
def test_institutional_bills_are_compared_as_a_whole(
    intake: Intake, changes: Row, same: tuple[bool | None, ...]
) -> None:
    """Facility and type, days, charge, lines; those of other days are not compared."""
    intake.claim(STAY)
    intake.claim({**STAY, **changes}, {**STAY, "service_from": date(2026, 2, 10), "service_through": date(2026, 2, 20)})
    frame = look_at(intake, 1, 2, 3).like_bills
    assert frame is not None
    (row,) = frame.astype(object).where(frame.notna(), None).to_dict("records")
    assert (row["claim_id"], row["other_claim_id"]) == (2, 1)
    assert tuple(row[name] for name in ("same_bill", "same_days", "same_charge", "same_lines")) == same


@pytest.mark.parametrize(
    ("later", "shared", "began_with"),
    [
        pytest.param(STAY, True, "5", id="the-bill"),
        pytest.param(
            STAY | {"lines": [{"revenue_code": "0120", "procedure_code": None}, {}]}, True, "5", id="with-more"
        ),
        pytest.param(STAY | {"lines": [{"revenue_code": "0121"}]}, False, "5", id="of-other-lines"),
        pytest.param(
            STAY | {"lines": [{"revenue_code": "0120", "procedure_code": None, "charge_cents": 0}]},
            False,
            "5",
            id="free",
        ),
        pytest.param(STAY | {"billing_npi": "1888888883"}, False, "5", id="elsewhere"),
        pytest.param(STAY | {"facility_code": "13"}, True, "5", id="of-another-type"),
    ],
)
def test_a_line_on_two_bills_is_found_and_late_charges_stay_late(
    intake: Intake, later: Row, shared: bool, began_with: str
) -> None:
    """Through all versions; a line without a charge is paid nothing on either."""
    lines = [*STAY["lines"], {"revenue_code": "0120", "procedure_code": None, "charge_cents": 0}]
    days = {"service_from": date(2026, 2, 9)}
    intake.claim(STAY | days | {"frequency_code": "5", "lines": lines})
    decide(intake, paid(1))
    replacing = {"frequency_code": "7", "payer_claim_control_number": "260610000001"}
    intake.claim(STAY | days | replacing | {"lines": lines})
    look_at(intake, 2)
    decide(intake, paid(2, replaces_original=True))
    intake.claim(later)
    frame = look_at(intake, 3).like_bills
    assert frame is not None
    found = frame.set_index("other_claim_id").loc[2]
    assert (bool(found["shared_lines"]), found["other_frequency_code"]) == (shared, began_with)


@pytest.mark.parametrize("attempt", range(3))
def test_of_two_claims_looked_at_at_once_one_is_the_first(intake: Intake, attempt: int) -> None:
    """Two files with the same claim, decided in two transactions at once: exactly one is like the other."""
    for _ in range(attempt):
        intake.claim({"lines": [{"procedure_code": "99214"}]})
    files = [(intake.deliver("837"), intake.next_verdict("837")) for _ in range(2)]
    loading = [
        threading.Thread(target=intake.commit, args=(file, verdict, claims_tables({}))) for file, verdict in files
    ]
    _all(loading)
    ids = [claim_id for (claim_id,) in intake.rows("select claim_id from claim order by 1")][-2:]
    found: list[list[tuple[int, int]]] = []
    _all([threading.Thread(target=lambda each=each: found.append(pairs(intake, each))) for each in ids])
    assert sorted(len(each) for each in found) == [0, 1]


def _all(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
