"""What a submitter hears of its claims: a 277CA beside the 999."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from loaders.balance import balance
from pipeline.adjudicate import adjudicate
from pipeline.configuration.partners import ClaimSyntax
from pipeline.hold_decisions import release
from pipeline.process import process_files
from rules.front_end.settings import EditRule, FrontEndSettings
from tests.pipeline.plan import CLAIMS, ENROLLMENT, HOSPITAL_CLAIMS, Plan, check_answers, told
from tests.rules.claim_files import CLEAN, Damage, damaged_claims

CODE = "SV1*HC:99213*100*UN*1***1"
INVALID: Damage = {CODE: "SV1*ZZ:99213*100*UN*1***1"}
KNOWN: Damage = {
    "NM1*IL*1*DOE*PAT****MI*W00000{level}": "NM1*IL*1*ROE*ANN****MI*M1000001",
    "DMG*D8*19800101*F": "DMG*D8*19800211*F",
}
"""A claim of the demo's first subscriber."""
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
    assert statuses(plan) == [
        *("ACCOUNT1", "STC*A2:20:PR"),
        *("ACCOUNT2", "STC*A3:684", "STC*A3:684"),
        *("ACCOUNT3", "STC*A2:20:PR"),
    ]
    assert said(plan, "STC*A3", "SVC", "REF*FJ") == [
        "STC*A3:684*20260601*U*150******A7:454",
        "SVC*HC:99213*100",
        "STC*A3:684*20260601*U*******A7:454",
        "REF*FJ*1",
    ]
    assert said(plan, "QTY", "AMT")[:4] == ["QTY*90*2", "QTY*AA*1", "AMT*YU*300", "AMT*YY*150"]
    assert len(said(plan, "REF*1K")) == 2
    assert said(plan, "DTP*472") == ["DTP*472*D8*20260302"] * 4
    (kept,) = plan.rows("select state, claim_number, family_id, charge_cents from claim where state = 'rejected'")
    assert kept == {"state": "rejected", "claim_number": None, "family_id": None, "charge_cents": 15000}
    assert plan.rows("select line_number, edit, statuses from claim_edit") == [
        {"line_number": 1, "edit": "CLAIM_SYNTAX", "statuses": "A3:684 A7:454"}
    ]
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


BALANCED_CODE = "SV1*HC:87880*50*UN*1***1"


def screening(plan: Plan, *rules: EditRule) -> None:
    """With the edits as they are by default, but for these."""
    plan.change(front_end=FrontEndSettings(rules=rules))


def test_each_claim_is_returned_for_what_is_wrong_with_it(plan: Plan) -> None:
    """Member, balance, code at its line; the sound one is taken in, and the set is accepted without a word."""
    plan.take_in("acme", ENROLLMENT)
    plan.process()
    screening(plan)
    data = damaged_claims(
        KNOWN,
        {},
        {**KNOWN, BALANCED_CODE: "SV1*HC:87880*49*UN*1***1"},
        {**KNOWN, BALANCED_CODE: "SV1*HC:8788?*50*UN*1***1"},
        {**KNOWN, "CLM*ACCOUNT{number}*150***11:B:1*Y*A*Y*Y": "CLM*ACCOUNT{number}*150***11:B:7*Y*A*Y*Y"},
    )
    plan.take_in("clearlink", sender(plan, data, "reject_set"))
    plan.process()
    assert told(plan.answers()[-1]) == "999 A (IK5 A)"
    assert statuses(plan) == [
        *("ACCOUNT1", "STC*A2:20:PR"),
        *("ACCOUNT2", "STC*A3:33"),
        *("ACCOUNT3", "STC*A7:400"),
        *("ACCOUNT4", "STC*A7:454", "STC*A7:454"),
        *("ACCOUNT5",),
    ]
    assert said(plan, "SVC") == ["SVC*HC:8788?*50*****1"]
    assert said(plan, "STC*A6") == ["STC*A6:464*20260601*U*150******A6:535**TRACKING NUMBER T000000001"]
    kept = plan.rows(
        "select patient_control_number as number, state, edit, line_number from claim left join claim_edit"
        " using (claim_id) where patient_control_number like 'ACCOUNT%' order by 1"
    )
    assert [tuple(row.values()) for row in kept] == [
        ("ACCOUNT1", "accepted", None, None),
        ("ACCOUNT2", "rejected", "MEMBER_UNKNOWN", None),
        ("ACCOUNT3", "rejected", "CLAIM_CHARGE_IMBALANCE", None),
        ("ACCOUNT4", "rejected", "PROCEDURE_INVALID", 2),
        ("ACCOUNT5", "rejected", "ORIGINAL_MISSING", None),
    ]
    with plan.house.warehouse.begin() as connection:
        assert balance(connection).holds


def test_a_rejected_claim_is_decided_never_and_sent_again_as_an_original(plan: Plan) -> None:
    """Vector T12, the first half: it has no number, no family, and is no duplicate; the next submission is new."""
    screening(plan)
    plan.take_in("clearlink", sender(plan, damaged_claims(KNOWN)))
    plan.process()
    assert adjudicate(plan.house).outcomes.total() == 0
    assert plan.rows("select state from claim") == [{"state": "rejected"}]
    plan.take_in("acme", ENROLLMENT)
    plan.process()
    again = sender(plan, damaged_claims(KNOWN)).replace(b"*000000011*", b"*000000012*").replace(b"BATCH1", b"BATCH2")
    plan.take_in("clearlink", again.replace(b"IEA*1*000000011", b"IEA*1*000000012"))
    plan.process()
    assert statuses(plan) == ["ACCOUNT1", "STC*A2:20:PR"]
    assert adjudicate(plan.house).outcomes.total() == 1


def test_a_report_takes_the_claim_in_and_keeps_what_was_found(plan: Plan) -> None:
    """A 277CA carries no warnings (RFI 2203)."""
    screening(plan, EditRule(edit="MEMBER_UNKNOWN", severity="report"))
    plan.take_in("clearlink", sender(plan, damaged_claims(CLEAN)))
    plan.process()
    assert statuses(plan) == ["ACCOUNT1", "STC*A2:20:PR"]
    assert plan.rows("select edit, severity from claim_edit") == [{"edit": "MEMBER_UNKNOWN", "severity": "report"}]


def test_a_plan_may_return_duplicates(plan: Plan) -> None:
    """A3:78 of one that is not decided yet, A3:54 of a paid one; another charge or line is no duplicate."""
    plan.load_registry()
    plan.take_in("acme", ENROLLMENT)
    plan.take_in("clearlink", CLAIMS)
    plan.process()
    screening(
        plan,
        EditRule(edit="DUPLICATE_OF_PENDING", severity="reject"),
        EditRule(edit="DUPLICATE_OF_FINALISED", severity="reject"),
    )
    again = CLAIMS.replace(CLAIMS[90:99], b"000007777").replace(b"CL20260601P", b"CL20260602P")
    plan.take_in("clearlink", again.replace(b"*150*", b"*151*", 1))
    plan.process()
    known = plan.rows(
        "select count(*) as claims from claim where file_id = 2 and member_id is not null and frequency_code = '1'"
    )
    assert len(said(plan, "STC*A3:78")) == known[0]["claims"] - 1
    adjudicate(plan.house)
    paid = plan.rows("select count(*) as claims from claim where file_id = 2 and state = 'paid'")[0]["claims"]
    plan.take_in("clearlink", again.replace(b"000007777", b"000007778").replace(b"CL20260602P", b"CL20260603P"))
    plan.process()
    assert paid
    assert len(said(plan, "STC*A3:54")) == paid


def test_claims_wait_for_the_members_that_came_before_them(plan: Plan) -> None:
    """An 834 that arrived first and is not applied yet may enrol them; one that came later does not matter."""
    screening(plan)
    (enrolment,) = plan.take_in("acme", ENROLLMENT)
    (claims,) = plan.take_in("clearlink", sender(plan, damaged_claims(KNOWN)))
    process_files(plan.house, [claims])
    assert plan.state(claims) == "checked"
    process_files(plan.house, [enrolment])
    plan.process()
    assert plan.state(claims) == "committed"
    assert statuses(plan) == ["ACCOUNT1", "STC*A2:20:PR"]


def test_a_batch_sent_twice_waits_for_a_person(plan: Plan) -> None:
    """Submitter and BHT03 with as many claims and as much money (domain.md 1.3); released, it is taken."""
    plan.change(front_end=FrontEndSettings(rules=plan.house.configuration.front_end.rules))
    data = sender(plan, damaged_claims(CLEAN, CLEAN))
    again = data.replace(b"*000000011*", b"*000000012*").replace(b"IEA*1*000000011", b"IEA*1*000000012")
    first, second = plan.take_in("clearlink", data, again)
    plan.process()
    assert (plan.state(first), plan.state(second), plan.count("claim")) == ("committed", "held", 2)
    assert plan.rows("select code, facts from hold where file_id = 2") == [
        {"code": "BATCH_REPEATED", "facts": {"batches": 1, "earlier_file": first}}
    ]
    release(plan.house, second, "ann")
    plan.process()
    assert (plan.state(second), plan.count("claim")) == ("committed", 4)


def test_a_batch_with_another_sum_is_another(plan: Plan) -> None:
    """Some submitters number their batches anew every day."""
    plan.change(front_end=FrontEndSettings(rules=plan.house.configuration.front_end.rules))
    data = sender(plan, damaged_claims(CLEAN, CLEAN))
    other = sender(plan, damaged_claims(CLEAN)).replace(b"*000000011*", b"*000000012*")
    plan.take_in("clearlink", data, other.replace(b"IEA*1*000000011", b"IEA*1*000000012"))
    plan.process()
    assert plan.states() == ["committed", "committed"]


def test_a_claim_rejected_in_time_and_sent_again_too_late_is_late(plan: Plan) -> None:
    """Vector T12: rejected on day 58 its receipt does not count; the submission of day 63 is received on day 63."""
    screening(plan)
    plan.clock.instant = datetime(2026, 4, 29, 16, tzinfo=UTC)
    data = sender(plan, damaged_claims(KNOWN))
    plan.take_in("clearlink", data)
    plan.process()
    assert said(plan, "STC*A3", "DTP*050") == ["DTP*050*D8*20260429", "STC*A3:33*20260429*U*150"]
    plan.take_in("acme", ENROLLMENT)
    plan.process()
    plan.load_registry()
    plan.clock.instant = datetime(2026, 5, 4, 16, tzinfo=UTC)
    again = data.replace(b"*000000011*", b"*000000012*").replace(b"IEA*1*000000011", b"IEA*1*000000012")
    plan.take_in("clearlink", again.replace(b"BATCH1", b"BATCH2"))
    plan.process()
    assert statuses(plan) == ["ACCOUNT1", "STC*A2:20:PR"]
    adjudicate(plan.house)
    assert plan.rows(
        "select c.received_date, group_code, reason_code from claim c join decision using (claim_id)"
        " join adjustment using (decision_id) where line_number = 1"
    ) == [{"received_date": date(2026, 5, 4), "group_code": "CO", "reason_code": "29"}]


def test_a_claim_is_received_on_the_day_its_file_arrived(plan: Plan) -> None:
    """Two minutes before midnight at the plan, answered on the next day: DTP 050 and 009."""
    plan.clock.instant = datetime(2026, 6, 2, 3, 54, tzinfo=UTC)
    plan.take_in("clearlink", sender(plan, damaged_claims(CLEAN)))
    plan.clock.instant = datetime(2026, 6, 2, 12, tzinfo=UTC)
    plan.process()
    assert said(plan, "DTP*0") == ["DTP*050*D8*20260601", "DTP*009*D8*20260602"]
