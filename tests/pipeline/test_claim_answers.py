"""What a submitter hears of its claims: a 277CA beside the 999."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from loaders.balance import balance
from pipeline.configuration.partners import ClaimSyntax
from tests.pipeline.plan import CLAIMS, HOSPITAL_CLAIMS, Plan, check_answers, told
from tests.rules.claim_files import CLEAN, Damage, damaged_claims

CODE = "SV1*HC:99213*100*UN*1***1"
INVALID: Damage = {CODE: "SV1*ZZ:99213*100*UN*1***1"}
UNDATED: Damage = {**INVALID, "DTP*472*D8*20260302": None}


def sender(plan: Plan, data: bytes, claim_syntax: ClaimSyntax = "accept_with_errors") -> bytes:
    """The data as the demo's clearinghouse sends them, which from now on agreed to this."""
    partners = plan.house.configuration.partners
    plan.change(partners={**partners, "clearlink": replace(partners["clearlink"], claim_syntax=claim_syntax)})
    payer, partner = plan.house.configuration.payer, partners["clearlink"]
    for old, new in (
        (b"CLEARHOUSE     ", partner.isa_id.ljust(15).encode()),
        (b"HEALTHPLAN     ", payer.isa_id.ljust(15).encode()),
        (b"GS*HC*CLEARHOUSE*HEALTHPLAN*", f"GS*HC*{partner.gs_ids[0]}*{payer.gs_id}*".encode()),
    ):
        data = data.replace(old, new)
    return data


def said(plan: Plan, *ids: str) -> list[str]:
    """The segments with these beginnings in the last 277CA, which is sound."""
    answer = plan.claim_answers()[-1]
    check_answers([answer])
    return [one for one in answer.content.decode().split("~") if one.startswith(ids)]


def statuses(plan: Plan) -> Sequence[str]:
    """Claim and status, in the order of the last 277CA."""
    return [part.removeprefix("TRN*2*").split("*20")[0] for part in said(plan, "TRN*2*A", "STC*A2", "STC*A3", "STC*A7")]


def test_every_set_is_answered_beside_its_999(plan: Plan) -> None:
    """The file's name has the control numbers of both; each claim the number it has in the warehouse."""
    plan.take_in("clearlink", CLAIMS, HOSPITAL_CLAIMS)
    plan.process()
    assert [(row.kind, row.folder, row.partner) for row in plan.outbox()] == [
        ("999", "ack", "clearlink"),
        ("277CA", "ack", "clearlink"),
    ] * 2
    check_answers(plan.outbox())
    numbers = plan.rows("select claim_number from claim join file using (file_id) order by claim.file_id, source_start")
    told = [
        one.removeprefix("REF*1K*")
        for row in plan.claim_answers()
        for one in row.content.decode().split("~")
        if one.startswith("REF*1K")
    ]
    assert told == [row["claim_number"] for row in numbers]
    with plan.house.warehouse.begin() as connection:
        assert balance(connection).holds
    assert {row["rejected"] for row in plan.rows("select rejected from claim_batch")} == {0}


def test_one_bad_claim_never_sinks_the_others(plan: Plan) -> None:
    """Vector T19: IK5 E and AK9 E; two claims accepted, one returned with 684 and the detail."""
    plan.take_in("clearlink", sender(plan, damaged_claims(CLEAN, INVALID, CLEAN)))
    plan.process()
    assert told(plan.answers()[-1]).startswith("999 E (IK5 E")
    assert statuses(plan) == ["ACCOUNT1", "STC*A2:20:PR", "ACCOUNT2", "STC*A3:684", "ACCOUNT3", "STC*A2:20:PR"]
    assert said(plan, "STC*A3") == ["STC*A3:684*20260601*U*150******A7:454"]
    assert said(plan, "QTY", "AMT")[:4] == ["QTY*90*2", "QTY*AA*1", "AMT*YU*300", "AMT*YY*150"]
    assert len(said(plan, "REF*1K")) == 2
    assert said(plan, "DTP*472") == ["DTP*472*D8*20260302"] * 3
    (kept,) = plan.rows("select state, claim_number, family_id, charge_cents from claim where state = 'rejected'")
    assert kept == {"state": "rejected", "claim_number": None, "family_id": None, "charge_cents": 15000}
    with plan.house.warehouse.begin() as connection:
        assert balance(connection).holds


def test_a_claim_without_a_date_sinks_its_set(plan: Plan) -> None:
    """Vector T20: no compliant 277CA could be written for it, so IK5 R, and there is none."""
    plan.take_in("clearlink", sender(plan, damaged_claims(CLEAN, UNDATED, CLEAN)))
    plan.process()
    assert told(plan.answers()[-1]).startswith("999 R (IK5 R")
    assert (plan.claim_answers(), plan.count("claim")) == ([], 0)


def test_all_claims_refused_is_answered_too(plan: Plan) -> None:
    """The set is accepted with errors, and everything in it returned."""
    plan.take_in("clearlink", sender(plan, damaged_claims(INVALID, INVALID)))
    plan.process()
    assert said(plan, "QTY")[:1] == ["QTY*AA*2"]
    assert plan.rows("select state, count(*) as claims from claim group by state") == [
        {"state": "rejected", "claims": 2}
    ]


def test_a_rejected_set_has_no_claims_to_answer(plan: Plan) -> None:
    """The 999 has said it all."""
    plan.take_in("clearlink", sender(plan, damaged_claims(CLEAN, INVALID), "reject_set"))
    plan.process()
    assert plan.claim_answers() == []
