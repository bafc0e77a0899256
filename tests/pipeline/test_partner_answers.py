"""What partners answer to what we sent: matched with the outbox, and shown where it refuses anything."""

from __future__ import annotations

import json

import pytest

from edi.archived import bytes_reader
from edi.scanner import scan
from loaders.partner_answers import counts, refusals
from rules.acceptance import AcceptanceProfile, judge, judge_duplicate
from tests.pipeline.plan import Plan
from tests.pipeline.test_claim_answers import sender
from tests.rules.claim_files import CLEAN, damaged_claims
from writers.answers import answer


@pytest.fixture
def sent(plan: Plan) -> bytes:
    """A 277CA of ours."""
    plan.take_in("clearlink", sender(plan, damaged_claims(CLEAN)))
    plan.process()
    return plan.claim_answers()[-1].content


def acknowledged(plan: Plan, content: bytes, *, again: bool = False) -> bytes:
    """What the clearinghouse says to a file of ours: its 999, or that it had it before."""
    profile = AcceptanceProfile("clearlink", transactions=frozenset({"277CA"}))
    verdict = judge(scan(content), profile, bytes_reader(content))
    if again:
        verdict = judge_duplicate(verdict, 1)
    said = answer(verdict.interchanges[0], plan.house.configuration.payer, 77, plan.clock.now())
    assert said is not None
    return said


def found(plan: Plan) -> tuple[dict[str, dict[str, int]], list[str]]:
    """How many of our files were accepted or refused, and which were refused."""
    with plan.house.warehouse.begin() as connection:
        taken = {kind: dict(files) for kind, files in counts(connection).items()}
        return taken, [one.told() for one in refusals(connection)]


def test_an_accepted_answer_is_matched_and_answered_by_nobody(plan: Plan, sent: bytes) -> None:
    """The 999 of the clearinghouse stands beside the file of the outbox that it is about."""
    before = len(plan.outbox())
    plan.take_in("clearlink", acknowledged(plan, sent))
    plan.look_once("clearlink")
    assert found(plan) == ({"277CA": {"accepted": 1}}, [])
    assert plan.files()[-1].reason_code == "NOTHING_TO_ANSWER"
    assert len(plan.outbox()) == before


def test_a_refusal_is_shown(plan: Plan, sent: bytes) -> None:
    """By the state of the partner's file and by `edi status`."""
    data = acknowledged(plan, sent).replace(b"IK5*A", b"IK5*R*5").replace(b"AK9*A*1*1*1", b"AK9*R*1*1*0*2")
    (file_id,) = plan.take_in("clearlink", data)
    plan.look_once("clearlink")
    name = plan.claim_answers()[-1].file_name
    assert found(plan) == (
        {"277CA": {"refused": 1}},
        [f"{name}: 999 R 2, in file {file_id} of clearlink"],
    )
    (kept,) = plan.rows("select refused_sets, functional_id, code from partner_answer")
    assert kept == {"refused_sets": 1, "functional_id": "HN", "code": "R"}
    assert plan.files()[-1].reason_code == "OURS_REFUSED"
    assert "edi status" in str(plan.files()[-1].reason)


def test_a_refused_interchange_is_shown(plan: Plan, sent: bytes) -> None:
    """TA1 R 025: they say that they had it before."""
    (file_id,) = plan.take_in("clearlink", acknowledged(plan, sent, again=True))
    plan.look_once("clearlink")
    name = plan.claim_answers()[-1].file_name
    assert found(plan)[1] == [f"{name}: TA1 R 025, in file {file_id} of clearlink"]


def test_an_answer_to_what_we_never_sent_is_shown(plan: Plan, sent: bytes) -> None:
    """Another's number, or another partner's answer."""
    strange = acknowledged(plan, sent)
    group = next(part for part in strange.split(b"~") if part.startswith(b"AK1"))
    (file_id,) = plan.take_in("clearlink", strange.replace(group, b"AK1*HN*4711*005010X214"))
    plan.look_once("clearlink")
    told = f"nothing of ours (HN 4711): 999 A, in file {file_id} of clearlink"
    assert found(plan) == ({"unknown": {"accepted": 1}}, [told])
    json.dumps(found(plan))


def test_a_repeated_answer_counts_once(plan: Plan, sent: bytes) -> None:
    """The same interchange again is a duplicate, and what stands in it is not taken twice."""
    data = acknowledged(plan, sent)
    plan.take_in("clearlink", data, data.replace(b"~", b"~\n"), data.replace(b"*0*P*", b"*1*P*"))
    plan.look_once("clearlink")
    assert plan.count("partner_answer") == 1
