"""A file that is sent a second time after its first copy came to nothing."""

from __future__ import annotations

from dataclasses import replace

from tests.pipeline.plan import CLAIMS, HOSPITAL_CLAIMS, Plan, check_answers, told


def heard(plan: Plan) -> list[str]:
    """What each answer said, in order."""
    return [told(row) for row in plan.answers()]


def test_a_partner_that_was_not_set_up_rightly_sends_its_file_again(plan: Plan) -> None:
    """Rejected as a whole for our fault, the same bytes are loaded once the fault is mended."""
    right = plan.house.configuration.partners
    plan.change(partners={**right, "clearlink": replace(right["clearlink"], isa_id="CLERLINK")})
    plan.upload("clearlink", "claims.x12", CLAIMS)
    plan.look()
    plan.process()
    plan.change(partners=right)
    plan.upload("clearlink", "claims.x12", CLAIMS)
    plan.look()
    plan.process()
    assert heard(plan) == ["TA1 R 006", "TA1 A 000 + 999 A (IK5 A)"]
    assert plan.states() == ["committed", "committed"]
    assert plan.rows("select distinct file_id from claim") == [{"file_id": 2}]
    check_answers(plan.outbox())


def test_what_a_999_rejected_is_not_taken_again_under_its_number(plan: Plan) -> None:
    """Its interchange was accepted and has used up its control number, as the TA1 says; nothing is loaded."""
    wrong = HOSPITAL_CLAIMS.replace(b"SE*55*", b"SE*54*")
    for _ in range(2):
        plan.upload("clearlink", "claims.x12", wrong)
        plan.look()
        plan.process()
    assert heard(plan) == ["999 R (IK5 R: 4)", "TA1 R 025"]
    assert plan.count("claim") == 0
