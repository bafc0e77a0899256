"""What a run of payments reads from the warehouse and what it leaves there."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa
import pytest
from sqlalchemy import insert, text

from edi.payments_due import PaymentsDue
from loaders import payment_runs
from loaders.payment_lifecycle import release
from loaders.payments import begin_run, store_run
from loaders.payments_due import read_due, read_payees, read_pended
from loaders.schema import providers
from loaders.schema.claims import claim_party
from loaders.warehouse import Warehouse, WarehouseRefused
from rules.payments.compose import PaymentTerms, compose
from tests.loaders.desk import FRIDAY, NOON, PAYEES, SUNDAY, Desk

Row = dict[str, Any]
NO_PLANS: dict[str, str] = {}


@pytest.fixture
def desk(warehouse: Warehouse) -> Desk:
    """A warehouse with a registry, a member and a file."""
    return Desk(warehouse).open()


class Read(NamedTuple):
    """What is due and what waits, as rows; missing is None."""

    due: PaymentsDue
    pended: list[Row]

    def rows(self, name: str) -> list[Row]:
        """A frame of what is due."""
        return values(getattr(self.due, name))


def values(frame: pd.DataFrame) -> list[Row]:
    """Rows as plain values."""
    rows = frame.astype(object).where(frame.notna(), None).itertuples(index=False)
    return [dict(zip(frame.columns, row, strict=True)) for row in rows]


def read(desk: Desk, through: date = SUNDAY, *, accept_test: bool = False) -> Read:
    """The facts of the week."""
    with desk.warehouse.begin() as conn:
        due = read_due(conn, through, (), accept_test=accept_test)
        return Read(due, [dict(row) for row in read_pended(conn, through, accept_test=accept_test)])


def settle_week(desk: Desk, through: date = SUNDAY, first_trace_number: int = 1) -> int:
    """Compose and store the week, one payment a payee; how many claim loops they have."""
    with desk.warehouse.begin() as conn:
        payment_runs.lock(conn)
        composed = compose(read_due(conn, through, ()), terms(first_trace_number))
        entries = pa.array(composed.entry_ids, pa.int64(), from_pandas=True)
        run_id = begin_run(conn, through, NOON)
        store_run(conn, run_id, composed.run, entries)
        release(conn, run_id, NOON, "jo", None)
    return int(composed.run.claims.num_rows)


def terms(first_trace_number: int) -> PaymentTerms:
    """Those of a plan without interest."""
    return PaymentTerms(
        production_date=date(2026, 6, 22),
        payment_date=date(2026, 6, 24),
        first_trace_number=first_trace_number,
        filing_indicators=NO_PLANS,
        lines_of_business=NO_PLANS,
    )


def only(found: Read) -> Row:
    """The one decided claim."""
    (row,) = found.rows("claims")
    return row


def test_a_decided_claim_is_read_with_all_that_its_835_needs(desk: Desk) -> None:
    """Money of the decision, lines of the claim, names of its parties, payee of the registry."""
    claim_id = desk.claim(rendering_npi="1245319599")
    parties = [
        (None, "2010BA", "IL", "ROE", "BOB", "M0000001"),
        (None, "2010CA", "QC", "ROE", "ANN", None),
        (1, "2420A", "82", "NOT", "THIS", "1245319599"),
        (None, "2310B", "82", "HART", "LEE", "1245319599"),
    ]
    with desk.warehouse.begin() as conn:
        for ordinal, (line_number, loop, entity, last, first, identifier) in enumerate(parties, 1):
            conn.execute(
                insert(claim_party).values(
                    claim_id=claim_id, ordinal=ordinal, line_number=line_number, loop=loop, entity_code=entity,
                    entity_type="1", last_or_organization_name=last, first_name=first, identifier=identifier,
                )
            )  # fmt: skip
    desk.decide(claim_id, 8000, ("PR", "3", 2000), remarks=("N130",))
    facts = read(desk)
    found, (line,) = only(facts), facts.rows("lines")
    assert found["payee_id"] == "RIVER"
    assert (found["status_code"], found["outcome"], found["charge_cents"]) == ("1", "paid", 15000)
    assert (found["paid_cents"], found["patient_responsibility_cents"]) == (8000, 2000)
    assert (found["plan_id"], found["member_known"]) == ("gold", True)
    names = [
        (row["entity_code"], row["last_name"], row["first_name"], row["identifier"]) for row in facts.rows("names")
    ]
    assert names == [
        ("QC", "ROE", "ANN", "M0000001"),
        ("IL", "ROE", "BOB", "M0000001"),
        ("82", "HART", "LEE", "1245319599"),
    ]
    adjusted = [(row["group_code"], row["reason_code"], row["amount_cents"]) for row in facts.rows("adjustments")]
    assert adjusted == [("CO", "45", 5000), ("PR", "3", 2000)]
    assert (line["modifier_1"], line["modifier_2"], line["units"]) == ("25", None, "2")
    assert [row["remark_code"] for row in facts.rows("remarks")] == ["N130"]


@pytest.mark.parametrize(
    ("on", "other", "found"),
    [
        (FRIDAY, {}, 1),
        (SUNDAY, {}, 1),
        (date(2026, 6, 22), {}, 0),
        (FRIDAY, {"is_test": True}, 0),
        (FRIDAY, {"version_state": "replaced"}, 0),
        (FRIDAY, {"version_state": "refused"}, 1),
    ],
    ids=[
        "decided in the week",
        "decided on its last day",
        "decided on the day after",
        "a test claim",
        "superseded before it was remitted",
        "a refused correction is denied to its sender",
    ],
)
def test_what_is_due(desk: Desk, on: date, other: dict[str, Any], found: int) -> None:
    """Decided through the day, never remitted, real, and in force or refused."""
    desk.decide(desk.claim(**other), 8000, on=on)
    assert len(read(desk).due.claims) == found


def test_test_claims_are_due_where_test_data_are_accepted(desk: Desk) -> None:
    """In a test warehouse."""
    desk.decide(desk.claim(is_test=True), 8000)
    assert len(read(desk, accept_test=True).due.claims) == 1


def test_only_the_last_decision_counts(desk: Desk) -> None:
    """A claim that was pended and then paid is paid; one decided again after the day waits for its own week."""
    claim_id = desk.claim()
    desk.decide(claim_id, 0, on=date(2026, 6, 16), outcome="pended")
    desk.decide(claim_id, 8000, on=FRIDAY)
    later = desk.claim()
    desk.decide(later, 8000, on=FRIDAY)
    desk.decide(later, 9000, on=date(2026, 6, 22))
    facts = read(desk)
    assert only(facts)["claim_id"] == claim_id
    assert [row["claim_id"] for row in facts.pended] == [later]


def test_pended_claims_say_how_long_they_wait(desk: Desk) -> None:
    """From the first decision that pended them; a claim that nobody looked at waits since it was received."""
    pended = desk.claim(received=date(2026, 6, 10))
    desk.decide(pended, 0, on=date(2026, 6, 12), outcome="pended")
    desk.decide(pended, 0, on=date(2026, 6, 18), outcome="pended")
    untouched = desk.claim(received=date(2026, 6, 20))
    desk.claim(received=date(2026, 6, 22))
    found = {row["claim_id"]: (row["reason"], row["days"], row["payee_id"]) for row in read(desk).pended}
    assert found == {pended: ("NO_PRICE", 9, "RIVER"), untouched: ("RECEIVED", 1, "RIVER")}


def test_a_settled_claim_is_not_due_again(desk: Desk) -> None:
    """Nor can it be stored twice."""
    desk.decide(desk.claim(), 8000)
    before = read(desk).due
    assert settle_week(desk) == 1
    assert read(desk, date(2026, 6, 28)).due.claims.empty
    again = compose(before, terms(2))
    with pytest.raises(WarehouseRefused) as refused, desk.warehouse.begin() as conn:
        store_run(conn, begin_run(conn, date(2026, 6, 28), NOON), again.run, pa.nulls(0, pa.int64()))
    assert refused.value.constraint in {"uq_remittance_claim_decision_id_entry", "uq_remittance_claim_standing"}


def test_a_day_is_settled_once(desk: Desk) -> None:
    """The unique key of the run says so, should the lock ever fail."""
    settle_week(desk)
    with pytest.raises(WarehouseRefused) as refused:
        settle_week(desk, SUNDAY, 2)
    assert refused.value.constraint == "uq_remittance_run_through_date"


def test_a_reversal_is_made_of_what_was_sent(desk: Desk) -> None:
    """Rows of the remittance are its source: a decision changed since then does not change it."""
    original = desk.claim(subscriber_id="M0000001")
    decision = desk.decide(original, 8000, ("PR", "2", 1000), remarks=("N130",))
    sent = read(desk)
    settle_week(desk)
    with desk.warehouse.begin() as conn:
        conn.execute(text("update adjustment set amount_cents = 1 where decision_id = :id"), {"id": decision})
    correction = desk.correct(original)
    desk.decide(correction, 9000)
    facts = read(desk, date(2026, 6, 28))
    assert only(facts)["reverses"] == original
    assert only(facts)["original_claim_number"] == only(sent)["claim_number"]
    (back,) = facts.rows("sent_claims")
    said_later = {"interest_cents", "filing_indicator"}
    common = (back.keys() & only(sent).keys()) - said_later
    assert {name: back[name] for name in common} == {name: only(sent)[name] for name in common}
    (line,), (sent_line,) = sent.rows("lines"), facts.rows("sent_lines")
    common = line.keys() & sent_line.keys()
    assert {name: sent_line[name] for name in common} == {name: line[name] for name in common}
    assert facts.rows("sent_adjustments") == sent.rows("adjustments")
    assert settle_week(desk, date(2026, 6, 28), 2) == 2


@pytest.mark.parametrize(
    ("state", "expected"), [("active", True), ("refused", False)], ids=["accepted correction", "refused correction"]
)
def test_only_an_accepted_correction_takes_back(desk: Desk, state: str, expected: bool) -> None:
    """A refused one leaves its original alone, even when another correction has replaced it."""
    original = desk.claim()
    desk.decide(original, 8000)
    settle_week(desk)
    desk.decide(desk.correct(original, version_state=state), 0, ("CO", "29", 15000))
    assert (only(read(desk, date(2026, 6, 28)))["reverses"] is not None) is expected


def test_an_original_that_was_never_remitted_is_not_taken_back(desk: Desk) -> None:
    """Its correction is paid alone, and the original never."""
    original = desk.claim()
    desk.decide(original, 8000)
    correction = desk.correct(original)
    desk.decide(correction, 9000)
    found = only(read(desk))
    assert (found["claim_id"], found["reverses"]) == (correction, None)


def test_a_correction_of_a_correction_takes_back_the_correction(desk: Desk) -> None:
    """Each version takes back the one before it."""
    original = desk.claim()
    desk.decide(original, 8000)
    settle_week(desk)
    second = desk.correct(original)
    desk.decide(second, 9000)
    settle_week(desk, date(2026, 6, 28), 2)
    third = desk.correct(second, version=3)
    desk.decide(third, 9500)
    found = only(read(desk, date(2026, 7, 5)))
    assert found["reverses"] == second


def test_a_void_is_settled_by_the_reversal_of_its_original(desk: Desk) -> None:
    """It has a row of its own without money, so it is not due again."""
    original = desk.claim()
    desk.decide(original, 8000)
    other = desk.claim(charge=50000)
    settle_week(desk)
    void = desk.correct(original, frequency="8")
    desk.decide(void, 0, outcome="paid", claim_status_code="void")
    desk.decide(other, 50000)
    facts = read(desk, date(2026, 6, 28))
    assert {row["status_code"] for row in facts.rows("claims")} == {"void", "1"}
    assert settle_week(desk, date(2026, 6, 28), 2) == 3
    assert read(desk, date(2026, 7, 5)).due.claims.empty
    with desk.warehouse.begin() as conn:
        rows = conn.execute(
            text("select claim_id, entry, claim_status_code, charge_cents, paid_cents from remittance_claim")
        ).all()
    assert (original, "reversal", "22", -15000, -8000) in [tuple(row) for row in rows]
    assert (void, "payment", "void", 0, 0) in [tuple(row) for row in rows]


def test_the_payee_is_that_of_the_newest_registry(desk: Desk) -> None:
    """A provider that left the registry has none; its claims are found all the same."""
    desk.decide(desk.claim(payee="LAKE"), 8000)
    assert only(read(desk))["payee_id"] == "LAKE"
    with desk.warehouse.begin() as conn:
        desk.load_registry(conn, "RIVER")
    assert only(read(desk))["payee_id"] is None
    with desk.warehouse.begin() as conn:
        assert [row["payee_id"] for row in read_payees(conn)] == ["RIVER"]


@pytest.mark.parametrize(("procedure", "qualifier"), [("99213", "HC"), (" ", "NU"), (None, "NU")])
def test_a_line_goes_by_its_revenue_code_where_it_names_no_procedure(
    desk: Desk, procedure: str | None, qualifier: str
) -> None:
    """Blanks name none."""
    desk.decide(desk.claim(), 8000)
    with desk.warehouse.begin() as conn:
        conn.execute(text("update claim_line set procedure_code = :code, revenue_code = '0450'"), {"code": procedure})
    (line,) = read(desk).rows("lines")
    code = "99213" if qualifier == "HC" else "0450"
    assert (line["procedure_qualifier"], line["procedure_code"]) == (qualifier, code)
    assert line["revenue_code"] == ("0450" if qualifier == "HC" else None)


@pytest.mark.parametrize(
    ("registered", "payee"),
    [
        pytest.param({"RIVER": {}, "NEW": {"tin": "222334444"}}, "RIVER", id="who was paid is still there"),
        pytest.param({"NEW": {"tin": "222334444"}}, "NEW", id="the same taxpayer under another id"),
        pytest.param({"NEW": {"tin": "999887777"}}, None, id="somebody else"),
    ],
)
def test_money_is_taken_back_from_whom_it_was_paid_to(
    desk: Desk, registered: dict[str, dict[str, str]], payee: str | None
) -> None:
    """The registry may name another payee by then: who was never paid owes nothing, and waits until a person looks."""
    original = desk.claim()
    desk.decide(original, 8000)
    settle_week(desk)
    correction = desk.correct(original)
    desk.decide(correction, 9000)
    untouched = desk.claim()
    desk.decide(untouched, 7000)
    with desk.warehouse.begin() as conn:
        conn.execute(
            text("insert into provider_registry (sha256, providers, payees, loaded_at) values ('x', 1, 1, now())")
        )
        version = conn.execute(text("select max(registry_version) from provider_registry")).scalar_one()
        for payee_id, changes in registered.items():
            row = {**PAYEES["RIVER"], **changes}
            conn.execute(insert(providers.payee).values(registry_version=version, payee_id=payee_id, **row))
        conn.execute(
            insert(providers.provider).values(
                registry_version=version, npi=PAYEES["RIVER"]["npi"], tin=PAYEES["RIVER"]["tin"], name="RIVER CLINIC",
                taxonomy="261QP2300X", contract_from=date(2026, 1, 1), payee_id="NEW",
            )
        )  # fmt: skip
    found = {row["claim_id"]: row["payee_id"] for row in read(desk, date(2026, 6, 28)).rows("claims")}
    assert found == {correction: payee, untouched: "NEW"}


def test_a_tax_number_matches_whatever_its_hyphens(desk: Desk) -> None:
    """22-2334444 is 222334444."""
    desk.decide(desk.claim(billing_tin="22-2334444"), 8000)
    assert only(read(desk))["payee_id"] == "RIVER"


def test_figures_of_a_settled_day_are_kept(desk: Desk) -> None:
    """Remittances, claims, payments and cents of a run; none for a day that was not settled."""
    desk.decide(desk.claim(), 8000)
    desk.decide(desk.claim(payee="LAKE"), 0)
    settle_week(desk)
    with desk.warehouse.begin() as conn:
        stored = payment_runs.find_run(conn, SUNDAY)
        assert stored is not None
        assert (stored.remittances, stored.claims, stored.payments, stored.paid_cents) == (2, 2, 1, 8000)
        assert payment_runs.find_run(conn, date(2026, 6, 28)) is None
        assert payment_runs.last_through(conn) == SUNDAY
        assert payment_runs.last_through(conn, SUNDAY) is None


def test_a_rejected_claim_is_nobodys_to_settle(desk: Desk) -> None:
    """The 277CA returned it: neither decided nor waiting, in no 835 and no EOP."""
    desk.claim(state="rejected", claim_number=None, family_id=None, version=None, version_state="refused")
    facts = read(desk)
    assert facts.due.claims.empty
    assert facts.pended == []
