"""Sets with errors, for partners whose claims and members are refused one by one: nothing is lost unseen."""

from __future__ import annotations

import re
from dataclasses import replace

import pyarrow as pa
import pytest

from loaders.balance import balance
from tests.pipeline.plan import CLAIMS, ENROLLMENT, Plan, check_answers, told

FIRST_UNIT = b"*UN*"


def lenient(plan: Plan, partner: str) -> None:
    """From now on this partner's sets with errors are accepted without what is at fault."""
    partners = plan.house.configuration.partners
    plan.change(partners={**partners, partner: replace(partners[partner], claim_syntax="accept_with_errors")})


def refused(plan: Plan) -> dict[str, int]:
    """What the balance says was refused in accepted sets."""
    with plan.house.warehouse.begin() as connection:
        taken = balance(connection)
    assert taken.holds
    return dict(taken.refused)


def test_the_claims_without_errors_are_taken(plan: Plan) -> None:
    """The one at fault is a finding over its bytes, named in the 999, and kept as rejected, with its lines."""
    plan.take_in("clearlink", CLAIMS)
    plan.process()
    everything = plan.rows("select patient_control_number as number from claim order by source_start")
    spoilt = CLAIMS.replace(FIRST_UNIT, b"*QQ*", 1).replace(CLAIMS[90:99], b"000007777")
    first = spoilt.rindex(b"CLM*", 0, spoilt.index(b"*QQ*"))
    number = spoilt[first + 4 : spoilt.index(b"*", first + 4)].decode()
    lenient(plan, "clearlink")
    (file_id,) = plan.take_in("clearlink", spoilt)
    report = plan.process()
    assert report.rows["refused_claims"] == 1
    taken = plan.rows(
        "select patient_control_number as number from claim"
        f" where file_id = {file_id} and state <> 'rejected' order by source_start"
    )
    assert taken == [row for row in everything if row["number"] != number]
    assert len(taken) == len(everything) - 1
    (kept,) = plan.rows("select claim_id, patient_control_number as number from claim where state = 'rejected'")
    assert kept["number"] == number
    count = "select count(*) as rows from claim_line join claim using (claim_id) where"
    lines, same = f"{count} claim_id = {kept['claim_id']}", f"{count} file_id = 1 and claim.source_start = {first}"
    assert plan.rows(lines) == plan.rows(same)
    assert plan.rows(lines)[0]["rows"]
    (found,) = plan.rows(f"select * from finding where file_id = {file_id} and code = 'CLAIM_SYNTAX'")
    assert (found["source_start"], found["segment_id"], found["severity"]) == (first, "CLM", "error")
    assert refused(plan) == {"claims": 1}
    answer = plan.answers()[-1]
    assert told(answer).endswith("(IK5 E: 5)")
    assert f"CTX*CLM01:{number}~".encode() in answer.content
    check_answers([answer])


@pytest.mark.parametrize("modifier", ["A", "ABC", "TOOLONGMODIFIER"])
def test_a_modifier_of_another_length_sinks_nobody_else(plan: Plan, modifier: str) -> None:
    """The 277CA names the line without it: SVC01-3 to 6 hold two characters."""
    lenient(plan, "clearlink")
    code = re.search(rb"SV1\*(HC:\d{5})", CLAIMS)
    assert code
    (file_id,) = plan.take_in("clearlink", CLAIMS.replace(code[1], code[1] + b":" + modifier.encode(), 1))
    plan.process()
    states = plan.rows(f"select state, count(*) as claims from claim where file_id = {file_id} group by state")
    assert {row["state"] == "rejected": row["claims"] for row in states}[True] == 1
    assert sum(row["claims"] for row in states) > 1
    check_answers(plan.answers())
    (sent,) = [row.content.decode() for row in plan.outbox() if row.kind == "277CA"]
    assert f"SVC*{code[1].decode()}*" in sent


def test_what_cannot_be_said_of_a_line_keeps_no_answer_back(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    """The 277CA then has each claim's reasons without service lines, and staff are told."""
    lenient(plan, "clearlink")
    monkeypatch.setattr("writers.claim_status_text._quantities", lambda column: pa.array(["9" * 16] * len(column)))
    (file_id,) = plan.take_in("clearlink", CLAIMS.replace(FIRST_UNIT, b"*QQ*", 1))
    plan.process()
    check_answers(plan.answers())
    (sent,) = [row.content.decode() for row in plan.outbox() if row.kind == "277CA"]
    assert "SVC*" not in sent
    assert re.findall(r"STC\*(A3:684)[^~]*\*U\*", sent)
    ledger = plan.rows(f"select state, reason_code from file where file_id = {file_id}")
    assert ledger == [{"state": "committed", "reason_code": "LINES_UNANSWERED"}]


def test_the_members_without_errors_are_taken(plan: Plan) -> None:
    """An 834 is no different."""
    lenient(plan, "acme")
    first = ENROLLMENT.index(b"INS*")
    second = ENROLLMENT.index(b"INS*", first + 4)
    spoilt = ENROLLMENT[:first] + ENROLLMENT[first:second].replace(b"HD*021*", b"HD*021*X", 1) + ENROLLMENT[second:]
    assert spoilt != ENROLLMENT
    plan.take_in("acme", spoilt)
    report = plan.process()
    assert report.rows["refused_members"] == 1
    members = plan.count("member")
    assert refused(plan) == {"members": 1}
    assert told(plan.answers()[-1]).endswith("(IK5 E: 5 I5)") or told(plan.answers()[-1]).endswith("(IK5 E: I5)")
    plan.take_in("acme", ENROLLMENT.replace(ENROLLMENT[90:99], b"000007777"))
    plan.process()
    assert plan.count("member") == members + 1


def test_a_partner_who_wants_whole_sets_loses_the_whole_set(plan: Plan) -> None:
    """The default; then no claim is refused by itself."""
    plan.take_in("clearlink", CLAIMS.replace(FIRST_UNIT, b"*QQ*", 1))
    report = plan.process()
    assert (plan.count("claim"), report.rows["refused_claims"], refused(plan)) == (0, 0, {})
    answer = plan.answers()[-1]
    assert told(answer).endswith("(IK5 R: 5)")
    assert b"~CTX*CLM01:" in answer.content
    check_answers([answer])


def test_numbers_and_values_are_told_as_the_partner_agreed(plan: Plan) -> None:
    """Values only where that was agreed, numbers unless it was agreed not to."""
    partners = plan.house.configuration.partners
    chosen = replace(partners["clearlink"], claim_numbers_in_answers=False, copy_bad_data=True)
    plan.change(partners={**partners, "clearlink": chosen})
    plan.take_in("clearlink", CLAIMS.replace(FIRST_UNIT, b"*QQ*", 1))
    plan.process()
    content = plan.answers()[-1].content
    assert b"CTX*" not in content
    assert b"~IK4*3*355*7*QQ~" in content
