"""What an EOP is written from is what the 835 says."""

from __future__ import annotations

from rules.payments.compose import compose
from rules.payments.statements import remittances
from tests.rules.payments.test_weeks import RandomPlan
from tests.rules.payments.weeks import TERMS, claim, due, line, patient, worked_example


def test_the_worked_example_has_its_five_entries() -> None:
    """Paid, partly denied, denied, taken back, paid anew."""
    (made,) = remittances(compose(worked_example(), TERMS).run)
    assert [(claim.details.claim_number, claim.outcome, claim.paid_cents) for claim in made.claims] == [
        ("26170000001", "paid", 8000),
        ("26170000002", "paid", 9000),
        ("26170000003", "denied", 0),
        ("26150000004", "reversed", -15000),
        ("26170000005", "paid", 16000),
    ]
    assert made.claims[1].services[1].remark_codes == ("N130",)
    assert made.claims[0].details.patient.last_name == "ROE"
    assert made.payee.name == "RIVER CLINIC LLC"


def test_every_line_and_cent_of_a_run_is_there() -> None:
    """Line by line, payment by payment."""
    plan = RandomPlan(1)
    for number in range(4):
        run, _ = plan.week(number)
        made = list(remittances(run))
        assert sum(len(each.claims) for each in made) == run.claims.num_rows
        services = [line for each in made for claim in each.claims for line in claim.services]
        assert [line.charge_cents for line in services] == run.services["charge_cents"].to_pylist()
        for each in made:
            taken = sum(item.amount_cents for item in each.adjustments)
            assert sum(claim.paid_cents for claim in each.claims) - taken == each.payment_cents
            assert -each.interest_cents == sum(i.amount_cents for i in each.adjustments if i.reason_code == "L6")


def test_a_service_is_told_as_it_was_billed() -> None:
    """Under the code that the provider knows it by, where another was decided on."""
    changed = {"submitted_qualifier": "HC", "submitted_code": "99214", "modifier_1": "25"}
    bill = claim(1, "A", "2026-06-01", 10_000, 10_000, 0)
    lines = [line(1, "99213", "2026-05-20", 10_000, 10_000, 10_000, "L1", **changed)]
    made = due([bill], lines, [], names=[patient(1, "ROE", "ANN", "M1")])
    (told,) = remittances(compose(made, TERMS).run)
    (service,) = told.claims[0].services
    assert (service.procedure_code, service.modifiers) == ("99214", ("25",))
