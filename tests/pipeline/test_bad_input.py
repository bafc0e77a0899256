"""Whatever a partner sends ends in a ledger state with a reason and, where X12 allows, an answer."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

import pytest

from edi.finding_codes import CODES
from pipeline.reasons import REASONS, reason_of
from tests.pipeline.plan import CLAIMS, CLINIC_CLAIMS, ENROLLMENT, HOSPITAL_CLAIMS, MINUTE, Plan, check_answers, told

NOISE = b"".join(hashlib.sha256(bytes([number])).digest() for number in range(200))
"""Random bytes, the same in each run."""

ACKNOWLEDGMENT = b"""\
ISA*00*          *00*          *ZZ*CLEARLINK      *ZZ*HARBORHEALTH   *260601*0900*^*00501*000004001*0*P*:~
GS*FA*CLEARLINK*HARBORHEALTH*20260601*0900*4001*X*005010X231A1~
ST*999*0001*005010X231A1~
AK1*HP*1*005010X221A1~
AK2*835*0001*005010X221A1~
IK5*A~
AK9*A*1*1*1~
SE*6*0001~
GE*1*4001~
IEA*1*000004001~
"""
BARE_TA1 = (
    ACKNOWLEDGMENT[: ACKNOWLEDGMENT.index(b"GS*")] + b"TA1*000000001*260601*0900*A*000~\nIEA*0*000004001~\n"
).replace(b"*0*P*", b"*1*P*")


def numbered(content: bytes, control_number: int) -> bytes:
    """An interchange of the demo under another interchange control number."""
    before = content[90:99]
    assert before.isdigit()
    return content.replace(before, b"%09d" % control_number)


def older(content: bytes) -> bytes:
    """The same claims under version 4010."""
    return content.replace(b"*^*00501*", b"*U*00401*").replace(b"005010X222A1", b"004010X098A1")


def nameless(content: bytes) -> bytes:
    """The interchange without ISA06: nobody can be answered."""
    return content.replace(b"*ZZ*CLEARLINK      *", b"*ZZ*               *", 1)


@dataclass(frozen=True)
class Case:
    """A file, and what must become of it."""

    content: bytes
    state: str
    reason: str
    answers: tuple[str, ...]
    partner: str = "clearlink"
    folder: str = "in"
    loaded: bool = False


UNREADABLE = ("REPORT",)
CASES = {
    "a truncated file": Case(CLAIMS[: len(CLAIMS) // 2], "committed", "NOTHING_ACCEPTED", ("TA1 R 023",)),
    "a file that ends inside its ISA": Case(CLAIMS[:60], "quarantined", "INTERCHANGE_HEADER_BROKEN", UNREADABLE),
    "random bytes": Case(NOISE, "quarantined", "NOT_X12", UNREADABLE),
    "random bytes behind an ISA": Case(CLAIMS[:106] + NOISE, "committed", "NOTHING_ACCEPTED", ("TA1 R 024",)),
    "an empty file": Case(b"", "quarantined", "EMPTY_FILE", UNREADABLE),
    "nothing but line ends": Case(b"\r\n\r\n", "quarantined", "EMPTY_FILE", UNREADABLE),
    "UTF-16": Case(CLAIMS.decode().encode("utf-16"), "quarantined", "NOT_X12", UNREADABLE),
    "an unknown sender": Case(
        CLAIMS.replace(b"CLEARLINK      *", b"NOBODY         *", 1), "committed", "NOTHING_ACCEPTED", ("TA1 R 006",)
    ),
    "a receiver that is not us": Case(
        CLAIMS.replace(b"HARBORHEALTH   *", b"OTHERPLAN      *", 1), "committed", "NOTHING_ACCEPTED", ("TA1 R 008",)
    ),
    "test data from a partner with whom only production is agreed": Case(
        CLAIMS.replace(b"*1*P*:~", b"*1*T*:~"), "committed", "NOTHING_ACCEPTED", ("TA1 R 020",)
    ),
    "production data in the test folder": Case(
        ENROLLMENT, "committed", "NOTHING_ACCEPTED", ("TA1 R 020",), partner="acme", folder="test/in"
    ),
    "claims of version 4010": Case(
        older(CLAIMS), "committed", "NOTHING_ACCEPTED", ("TA1 A 000 + 999 R: 2 (IK5 R: I6)",)
    ),
    "an unknown guide": Case(
        CLAIMS.replace(b"005010X222A1", b"005010X999A1"),
        "committed",
        "NOTHING_ACCEPTED",
        ("TA1 A 000 + 999 R: 2 (IK5 R: I6)",),
    ),
    "a transaction that is not agreed": Case(
        ENROLLMENT.replace(b"ACMEBENEFITS   ", b"CLEARLINK      ").replace(b"ACMEBENEFITS", b"CLEARLINK"),
        "committed",
        "NOTHING_ACCEPTED",
        ("999 R: 1 (IK5 R: 1)",),
    ),
    "a set with a fault": Case(
        HOSPITAL_CLAIMS.replace(b"CLM*", b"CLN*", 1), "committed", "NOTHING_ACCEPTED", ("999 R (IK5 R: 5)",)
    ),
    "a byte order mark and a line end before the ISA": Case(
        b"\xef\xbb\xbf\r\n" + CLAIMS, "committed", "ANSWERED", ("TA1 A 000 + 999 A (IK5 A)",), loaded=True
    ),
    "an acknowledgment of what we sent": Case(ACKNOWLEDGMENT, "acknowledged", "NOTHING_TO_ANSWER", ()),
    "an acknowledgment that asks for a TA1": Case(
        ACKNOWLEDGMENT.replace(b"*0*P*:~", b"*1*P*:~"), "committed", "NOTHING_TO_ANSWER", ("TA1 A 000",)
    ),
    "nothing but a TA1": Case(BARE_TA1, "acknowledged", "NOTHING_TO_ANSWER", ()),
    "an interchange that nobody can be answered for": Case(
        nameless(CLAIMS), "quarantined", "SENDER_UNKNOWN", UNREADABLE
    ),
    "one interchange that can be answered and one that cannot": Case(
        HOSPITAL_CLAIMS + nameless(CLAIMS), "committed", "ANSWERED", ("999 A (IK5 A)", "REPORT"), loaded=True
    ),
    "the same control number twice in one file": Case(
        HOSPITAL_CLAIMS + numbered(CLAIMS, 2002), "committed", "ANSWERED", ("999 A (IK5 A)", "TA1 R 025"), loaded=True
    ),
}


def answers(plan: Plan, file_id: int) -> tuple[str, ...]:
    """What we said because of a file."""
    return tuple(told(row) for row in plan.outbox() if row.file_id == file_id)


def outcomes(plan: Plan, file_ids: Iterable[int]) -> list[tuple[str, str | None, tuple[str, ...]]]:
    """State, reason and answers of files."""
    by_id = {file.file_id: file for file in plan.files()}
    return [(by_id[file_id].state, by_id[file_id].reason_code, answers(plan, file_id)) for file_id in file_ids]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_bad_file_ends_in_a_state_and_is_answered_and_its_neighbours_go_on(plan: Plan, case: Case) -> None:
    """Nothing raises; the reason is in words; X12 answers scan clean and are accepted by pyx12."""
    plan.upload(case.partner, "bad.x12", case.content, case.folder)
    plan.upload(case.partner, "backup.txt", b"not an interchange")
    plan.upload("riverclinic", "good.x12", CLINIC_CLAIMS)
    plan.look()
    plan.process()
    bad = next(file for file in plan.files() if file.remote_path.endswith("bad.x12"))
    assert (bad.state, bad.reason_code, answers(plan, bad.file_id)) == (case.state, case.reason, case.answers)
    assert bad.reason
    assert "  " not in bad.reason
    others = [(file.state, file.reason_code) for file in plan.files() if file.file_id != bad.file_id]
    assert sorted(others) == [("committed", "ANSWERED"), ("quarantined", "NOT_X12")]
    claims = {row["partner"] for row in plan.rows("select distinct partner from claim")}
    assert claims == ({"riverclinic", case.partner} if case.loaded else {"riverclinic"})
    check_answers(plan.outbox())
    plan.deliver()
    assert set(plan.states()) <= {"acknowledged", "quarantined"}
    assert {row.state for row in plan.outbox()} == {"sent"}


def test_all_of_them_in_one_batch(plan: Plan) -> None:
    """A batch of nothing but trouble has an answer for each, and our control numbers have no gap."""
    for place, case in enumerate(CASES.values()):
        plan.upload(case.partner, f"{place:02}.x12", case.content, case.folder)
        plan.clock.instant += MINUTE
    plan.look()
    plan.process()
    assert len(plan.files()) == len(CASES)
    assert set(plan.states()) <= {"committed", "acknowledged", "quarantined"}
    check_answers(plan.outbox())
    sent = [row.file_name for row in plan.outbox() if row.kind in {"TA1", "999"}]
    numbers = {series: sorted(int(name[-13:-4]) for name in sent if name[-14] == series) for series in "PT"}
    assert numbers["P"] == list(range(1, plan.next_numbers()["isa:P"]))
    assert numbers["T"] == list(range(1, plan.next_numbers()["isa:T"]))


def test_wherever_a_file_is_cut_it_is_answered_and_never_loaded(plan: Plan) -> None:
    """Forty uploads that broke off, in one batch: some cannot be read, the others lack their end."""
    length = len(CLAIMS.rstrip())
    for part in range(1, 41):
        plan.upload("clearlink", f"{part:02}.x12", CLAIMS[: length * part // 41])
    plan.look()
    plan.process()
    assert sorted({(file.state, answers(plan, file.file_id)) for file in plan.files()}) == [
        ("committed", ("TA1 R 023",)),
        ("quarantined", ("REPORT",)),
    ]
    assert (len(plan.files()), plan.count("claim"), plan.count("interchange_registry")) == (40, 0, 0)


def test_the_same_file_twice_is_loaded_once_and_its_repetition_refused(plan: Plan) -> None:
    """By its bytes, under another name too; it is answered once, however often we look."""
    plan.upload("clearlink", "claims.x12", CLAIMS)
    plan.look()
    plan.process()
    before = plan.count("claim")
    plan.upload("clearlink", "again.x12", CLAIMS)
    for _ in range(3):
        plan.look()
        plan.process()
    assert outcomes(plan, [1, 2]) == [
        ("committed", "ANSWERED", ("TA1 A 000 + 999 A (IK5 A)",)),
        ("duplicate", "SAME_CONTENT", ("TA1 R 025",)),
    ]
    assert plan.count("claim") == before
    check_answers(plan.outbox())


@pytest.mark.parametrize("content", [ACKNOWLEDGMENT, BARE_TA1, NOISE], ids=["a 999", "a TA1", "random bytes"])
def test_what_has_no_answer_twice(plan: Plan, content: bytes) -> None:
    """A TA1 is not answered by a TA1 though it repeats; of bytes that came to nothing each copy gets a letter."""
    for name in ("a", "b"):
        plan.upload("clearlink", name, content)
        plan.clock.instant += MINUTE
    plan.look()
    said = [answers(plan, file.file_id) for file in plan.files()]
    expected = {ACKNOWLEDGMENT: [(), ("TA1 R 025",)], BARE_TA1: [(), ()], NOISE: [("REPORT",), ("REPORT",)]}
    assert said == expected[content]
    assert plan.states()[1] == "duplicate"


def test_another_file_under_a_used_interchange_control_number_is_refused(plan: Plan) -> None:
    """TA1 R 025; nothing of it is loaded, and no 999 follows."""
    other = numbered(HOSPITAL_CLAIMS, 2001)
    for name, content in (("a.x12", CLAIMS), ("b.x12", other)):
        plan.upload("clearlink", name, content)
        plan.look()
        plan.process()
    assert outcomes(plan, [1, 2]) == [
        ("committed", "ANSWERED", ("TA1 A 000 + 999 A (IK5 A)",)),
        ("committed", "INTERCHANGE_REPEATED", ("TA1 R 025",)),
    ]
    assert plan.rows("select distinct file_id from claim") == [{"file_id": 1}]
    assert plan.rows("select code from finding where file_id = 2") == [{"code": "INTERCHANGE_DUPLICATE"}]


def test_two_files_at_once_are_both_loaded(plan: Plan) -> None:
    """In one batch, each answered."""
    for name, content in (("a.x12", CLAIMS), ("b.x12", HOSPITAL_CLAIMS)):
        plan.upload("clearlink", name, content)
    plan.look()
    plan.process()
    assert sorted(outcomes(plan, [1, 2])) == [
        ("committed", "ANSWERED", ("999 A (IK5 A)",)),
        ("committed", "ANSWERED", ("TA1 A 000 + 999 A (IK5 A)",)),
    ]
    assert len(plan.rows("select distinct file_id from claim")) == 2


def test_a_file_that_is_still_uploaded_is_left_alone_until_it_stands_still(plan: Plan) -> None:
    """It grows between looks: not in the ledger, still in its folder; then it is taken whole."""
    for part in (0.3, 0.6, 0.9):
        plan.upload("clearlink", "claims.x12", CLAIMS[: int(len(CLAIMS) * part)])
        plan.clock.instant += MINUTE
        plan.look_once("clearlink")
        assert plan.files() == []
        assert plan.servers["clearlink"].names("in") == ["claims.x12"]
    plan.upload("clearlink", "claims.x12", CLAIMS)
    plan.look()
    plan.process()
    assert outcomes(plan, [1]) == [("committed", "ANSWERED", ("TA1 A 000 + 999 A (IK5 A)",))]


def test_interchanges_of_two_senders_in_one_file_are_each_answered_to_their_own(plan: Plan) -> None:
    """The folder's owner gets its 999; the other is told in its own folder that it does not belong there."""
    plan.upload("clearlink", "both.x12", CLAIMS + CLINIC_CLAIMS)
    plan.look()
    plan.process()
    assert [(row.partner, told(row)) for row in plan.outbox()] == [
        ("clearlink", "TA1 A 000 + 999 A (IK5 A)"),
        ("riverclinic", "TA1 R 006"),
    ]
    assert plan.states() == ["committed"]
    assert plan.count("claim") == CLAIMS.count(b"CLM*")


def test_test_and_production_answers_have_names_of_their_own(plan: Plan) -> None:
    """T and P number apart, so the same two control numbers meet in both; neither answer hides the other."""
    test = ENROLLMENT.replace(b"*0*P*", b"*0*T*")
    plan.upload("acme", "a.x12", ENROLLMENT)
    plan.upload("acme", "b.x12", test, "test/in")
    plan.look()
    plan.process()
    assert [row.file_name for row in plan.answers()] == ["999_000001001_P000000001.x12", "999_000001001_T000000001.x12"]
    assert plan.states() == ["committed", "committed"]


def test_test_data_touch_nothing_in_production(plan: Plan) -> None:
    """They are validated, answered with T, and stored as test; the ledger says so."""
    plan.change(environment="production")
    plan.upload("acme", "b.x12", ENROLLMENT.replace(b"*0*P*", b"*0*T*"), "test/in")
    plan.look()
    plan.process()
    assert outcomes(plan, [1]) == [("committed", "TEST_ANSWERED", ("999 A (IK5 A)",))]
    assert (plan.count("member"), plan.count("transaction_set")) == (0, 1)


def test_a_partner_of_partners_yaml_that_is_gone_fails_its_files_alone(plan: Plan) -> None:
    """Its file is in the ledger and fails with a reason; the others go on."""
    plan.take_in("clearlink", CLAIMS)
    plan.take_in("riverclinic", CLINIC_CLAIMS)
    partners = dict(plan.house.configuration.partners)
    del partners["clearlink"]
    plan.change(partners=partners)
    plan.process()
    assert [(file.state, file.reason_code) for file in plan.files()] == [
        ("failed", "STEP_FAILED"),
        ("committed", "ANSWERED"),
    ]


def test_every_reason_is_a_sentence() -> None:
    """Ours, and those of findings; no code is in both tables."""
    assert not REASONS.keys() & CODES.keys()
    for code in (*REASONS, *CODES):
        assert reason_of(code).strip()
    assert all(reason[0].isupper() and reason.endswith(".") for reason in REASONS.values())


def test_the_partner_of_a_configuration_is_what_decides(plan: Plan) -> None:
    """The same file is welcome once test data are agreed."""
    clearlink = replace(plan.house.configuration.partners["clearlink"], usage="both")
    plan.change(partners={**plan.house.configuration.partners, "clearlink": clearlink})
    plan.upload("clearlink", "test.x12", CASES["test data from a partner with whom only production is agreed"].content)
    plan.look()
    plan.process()
    assert outcomes(plan, [1]) == [("committed", "ANSWERED", ("TA1 A 000 + 999 A (IK5 A)",))]
