"""Batches and claims that came before, in other files and in the same one; batches that are too large; test batches."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.adjudicate import adjudicate
from pipeline.hold_decisions import release
from rules.front_end.settings import EditRule, FrontEndSettings
from tests.pipeline.plan import ENROLLMENT, Plan
from tests.pipeline.test_claim_answers import KNOWN, said, sender
from tests.rules.claim_files import CLEAN, claim_set, damaged_claims, file_of, patient

SCREENING = FrontEndSettings()
REPLACES = {"CLM*ACCOUNT{number}*150***11:B:1*Y*A*Y*Y": "CLM*ACCOUNT{number}*150***11:B:7*Y*A*Y*Y"}
"""A replacement of nothing."""


@pytest.fixture
def enrolled(plan: Plan) -> Plan:
    """A plan with members, and every edit as it is by default."""
    plan.take_in("acme", ENROLLMENT)
    plan.process()
    plan.change(front_end=SCREENING)
    return plan


def batch(plan: Plan, *, control: int, purpose: str = "00", claims: int = 2, number: str = "BATCH1") -> int:
    """A batch of claims of one member, all alike but for their numbers; the id of its file."""
    data = sender(plan, damaged_claims(*[KNOWN] * claims)).replace(b"000000011", f"{control:09d}".encode())
    data = data.replace(b"BHT*0019*00*BATCH1", f"BHT*0019*{purpose}*{number}".encode())
    (file_id,) = plan.take_in("clearlink", data)
    plan.process()
    return file_id


def holds(plan: Plan, file_id: int) -> list[tuple[str, object]]:
    """Codes and facts of a file's holds."""
    return [
        tuple(row.values()) for row in plan.rows(f"select code, facts from hold where file_id = {file_id} order by 1")
    ]


def test_a_reissue_waits_whatever_it_holds_and_returns_what_came_before(enrolled: Plan) -> None:
    """BHT02 18: the stricter check of domain.md 4.1. Its new claims are taken, A3:78 returns the others."""
    first = batch(enrolled, control=21, claims=1)
    again = batch(enrolled, control=22, purpose="18", claims=2)
    assert holds(enrolled, again) == [("BATCH_REPEATED", {"batches": 1, "earlier_file": first})]
    release(enrolled.house, again, "ann")
    enrolled.process()
    assert enrolled.state(again) == "committed"
    assert said(enrolled, "STC*A2", "STC*A3") == ["STC*A3:78*20260601*U*150"] * 2
    assert enrolled.rows("select distinct edit from claim_edit") == [{"edit": "REISSUE_OF_PENDING"}]


def test_a_reissue_of_what_never_came_is_taken(enrolled: Plan) -> None:
    """The first transmission may have been lost; of two claims alike in it the second came before."""
    file_id = batch(enrolled, control=21, purpose="18")
    assert enrolled.state(file_id) == "committed"
    assert said(enrolled, "STC*A2", "STC*A3") == ["STC*A2:20:PR*20260601*WQ*150", "STC*A3:78*20260601*U*150"]


def test_a_claim_is_no_duplicate_of_a_twin_that_is_returned(enrolled: Plan) -> None:
    """Of three alike in a batch sent again the first is for another payer: the second is taken, and so is no third."""
    enrolled.change(front_end=FrontEndSettings(payer_ids=("12345",)))
    elsewhere = {**KNOWN, "NM1*PR*2*HEALTH PLAN*****PI*12345": "NM1*PR*2*HEALTH PLAN*****PI*99999"}
    data = sender(enrolled, damaged_claims(elsewhere, KNOWN, KNOWN)).replace(b"BHT*0019*00*", b"BHT*0019*18*")
    enrolled.take_in("clearlink", data)
    enrolled.process()
    asked = "select patient_control_number, state, edit from claim left join claim_edit using (claim_id) order by 1"
    found = enrolled.rows(asked)
    assert [tuple(row.values()) for row in found] == [
        ("ACCOUNT1", "rejected", "PAYER_WRONG"),
        ("ACCOUNT2", "accepted", None),
        ("ACCOUNT3", "rejected", "REISSUE_OF_PENDING"),
    ]


def test_a_batch_that_stands_twice_in_a_file_waits(enrolled: Plan) -> None:
    """As if it came in two files; it is a repetition of itself."""
    twin = claim_set(patient(1, KNOWN), control="0002")
    (file_id,) = enrolled.take_in("clearlink", sender(enrolled, file_of(claim_set(patient(1, KNOWN)), twin)))
    enrolled.process()
    assert holds(enrolled, file_id) == [("BATCH_REPEATED", {"batches": 1, "earlier_file": file_id})]


def test_a_claim_that_stands_twice_in_a_file_is_a_duplicate(enrolled: Plan) -> None:
    """Where the plan returns duplicates; the first of them is taken."""
    rule = EditRule(edit="DUPLICATE_OF_PENDING", severity="reject")
    enrolled.change(front_end=FrontEndSettings(rules=(rule,)))
    batch(enrolled, control=21, claims=3)
    assert [one.split("*")[1] for one in said(enrolled, "STC*A2", "STC*A3")] == ["A2:20:PR", "A3:78", "A3:78"]


def test_a_set_with_too_many_claims_waits(enrolled: Plan) -> None:
    """The guides advise 5,000; with what else is odd about the file, each a reason of its own."""
    enrolled.change(front_end=FrontEndSettings(most_claims_per_set=1))
    assert enrolled.state(batch(enrolled, control=21, claims=1)) == "committed"
    large = batch(enrolled, control=22, claims=2, number="BATCH2", purpose="18")
    assert holds(enrolled, large) == [("BATCH_OVERSIZED", {"batches": 1, "most": 1})]
    release(enrolled.house, large, "ann")
    enrolled.process()
    assert enrolled.state(large) == "committed"


def test_who_was_not_covered_may_be_returned(enrolled: Plan) -> None:
    """A3:88:QC (domain.md 1.6); a member with coverage on the day is not."""
    enrolled.change(front_end=FrontEndSettings(rules=(EditRule(edit="MEMBER_NOT_ELIGIBLE", severity="reject"),)))
    before = {**KNOWN, "DTP*472*D8*20260302": "DTP*472*D8*20150302", "HI*ABK:J020": "HI*BK:4660"}
    enrolled.take_in("clearlink", sender(enrolled, damaged_claims(KNOWN, before)))
    enrolled.process()
    assert [one.split("*")[1] for one in said(enrolled, "STC*A2", "STC*A3")] == ["A2:20:PR", "A3:88:QC"]


def usage(plan: Plan, environment: str) -> None:
    """A plan of this kind, whose clearinghouse may send tests."""
    partners = plan.house.configuration.partners
    partner = replace(partners["clearlink"], usage="both")
    plan.change(partners={**partners, "clearlink": partner}, environment=environment)


def test_a_test_is_answered_and_leaves_nothing(enrolled: Plan) -> None:
    """ISA15 = T in production: 999 and 277CA say what would become of the claims, under numbers that are none."""
    first = batch(enrolled, control=21, claims=1)
    before = enrolled.content()
    data = sender(enrolled, damaged_claims(KNOWN, CLEAN, {**KNOWN, **REPLACES})).replace(b"*0*P*:", b"*0*T*:")
    usage(enrolled, "production")
    for control in (22, 23):
        enrolled.take_in("clearlink", data.replace(b"000000011", f"{control:09d}".encode()))
        enrolled.process()
    assert [(row.kind, b"*0*T*:~" in row.content) for row in enrolled.outbox()[-4:]] == [
        ("999", True),
        ("277CA", True),
    ] * 2
    assert said(enrolled, "STC*A2", "STC*A3", "STC*A6", "REF*1K") == [
        "STC*A2:20:PR*20260601*WQ*150",
        "REF*1K*TEST00000000",
        "STC*A3:33*20260601*U*150",
        "STC*A6:464*20260601*U*150******A6:535**TRACKING NUMBER TEST00000002",
    ]
    after = enrolled.content()
    for name in ("claim", "claim_line", "claim_batch", "claim_edit", "claim_family", "claims of members"):
        assert after[name] == before[name]
    assert enrolled.next_numbers()["claim:26152"] == 2
    assert {file.reason_code for file in enrolled.files() if file.file_id > first} == {"TEST_ANSWERED"}


def test_production_and_test_in_one_file_are_answered_apart(enrolled: Plan) -> None:
    """Each in an interchange of its own kind; what is in earnest is loaded."""
    data = sender(enrolled, damaged_claims(KNOWN))
    usage(enrolled, "production")
    test = data.replace(b"*0*P*:", b"*0*T*:").replace(b"000000011", b"000000012")
    enrolled.take_in("clearlink", test + data)
    enrolled.process()
    told = [
        [part for part in row.content.split(b"~") if part.startswith(b"REF*1K")] for row in enrolled.claim_answers()
    ]
    assert told == [[b"REF*1K*TEST00000000"], [b"REF*1K*261520000001"]]
    assert enrolled.rows("select is_test, claim_number from claim") == [
        {"is_test": False, "claim_number": "261520000001"}
    ]


def test_claims_of_a_test_are_decided_in_a_test_alone(plan: Plan) -> None:
    """A test plan loads and decides them; in production nobody ever will."""
    data = sender(plan, damaged_claims(KNOWN)).replace(b"*0*P*:", b"*0*T*:")
    usage(plan, "test")
    plan.take_in("clearlink", data)
    plan.process()
    assert plan.rows("select is_test, state from claim") == [{"is_test": True, "state": "accepted"}]
    assert b"*0*T*:~" in plan.claim_answers()[-1].content
    usage(plan, "production")
    assert adjudicate(plan.house).outcomes.total() == 0
    assert plan.rows("select state from claim") == [{"state": "accepted"}]
