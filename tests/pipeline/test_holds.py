"""A held file waits for a person, and goes where that person says."""

from __future__ import annotations

import getpass
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from loaders.holds import FileUnknown, HeldAnew, HoldUnknown, NotHeld, decide
from loaders.outbox import OutboxRow
from pipeline import expect
from pipeline.command import main
from pipeline.hold_decisions import decision_on, held_files, holds_of, questions, reject, release
from pipeline.holds import DETAILS, told
from pipeline.process import process_files
from tests.pipeline.plan import CLAIMS, ENROLLMENT, Plan, check_answers
from tests.pipeline.plan import told as answer_told
from writers import refused_report

STRANGER = ENROLLMENT.replace(b"FI*123456789", b"FI*999999999")


@pytest.fixture
def held(plan: Plan) -> int:
    """A file of a sponsor whom nobody knows."""
    (file_id,) = plan.take_in("acme", STRANGER)
    assert plan.process().states == {"held": 1}
    return file_id


@pytest.fixture
def doubted(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """What every file breaks, from now on, in how many rows."""
    broken = {"claim.has_lines": 1}

    def break_holds(*_: object) -> dict[str, int]:
        return dict(broken)

    monkeypatch.setattr(expect, "is_worth_checking", lambda *_: True)
    monkeypatch.setattr(expect, "hold_together", lambda *_: False)
    monkeypatch.setattr(expect, "broken_holds", break_holds)
    del plan
    return broken


def answers_of(plan: Plan) -> list[OutboxRow]:
    """What was queued, without the reports on members."""
    return [row for row in plan.outbox() if not row.kind.startswith("MEMBERS")]


def test_a_held_file_leaves_nothing_but_its_holds(plan: Plan, held: int) -> None:
    """No row, no answer; the reason is in words, and counts are all it says of the file."""
    (file,) = plan.files()
    assert (file.state, file.reason_code) == ("held", "SPONSOR_UNKNOWN")
    assert str(file.reason).endswith("reject it. Members: 7.")
    assert plan.outbox() == []
    assert plan.count("interchange") == plan.count("member") == 0
    (waiting,) = held_files(plan.house)
    assert (waiting["file_id"], waiting["partner"], waiting["codes"]) == (held, "acme", ["SPONSOR_UNKNOWN"])
    assert held_files(plan.house, kind="837") == []
    assert decision_on(plan.house, waiting["newest"]) is None
    before = plan.content()
    process_files(plan.house, [held])
    assert plan.content() == before


def test_a_released_file_is_applied_by_the_next_run(plan: Plan, held: int) -> None:
    """Who released it is recorded, and its lease does not keep it."""
    assert release(plan.house, held, "ann", "it is the new name of Acme") == ["SPONSOR_UNKNOWN"]
    assert plan.process().states == {"committed": 1}
    (shown,) = holds_of(plan.house, held).holds
    taken = decision_on(plan.house, shown["hold_id"])
    assert taken is not None
    assert (taken.decision, taken.by) == ("released", "ann")
    assert (shown["decision"], shown["decided_by"], shown["note"]) == ("released", "ann", "it is the new name of Acme")
    assert answers_of(plan)[0].kind == "999"
    with pytest.raises(NotHeld, match="it was released by ann at"):
        reject(plan.house, held, "bob")


def test_a_rejected_enrolment_file_is_answered_and_applied_in_nothing(plan: Plan, held: int) -> None:
    """Its 999 tells of its syntax, a letter that it was refused."""
    assert reject(plan.house, held, "ann") == ["SPONSOR_UNKNOWN"]
    (file,) = plan.files()
    assert (file.state, file.reason_code) == ("committed", "FILE_REJECTED")
    assert plan.count("member") == 0
    answers = answers_of(plan)
    assert [(row.kind, row.folder) for row in answers] == [("999", "ack"), ("REPORT", "reports")]
    check_answers(answers)
    assert refused_report.REASONS["SPONSOR_UNKNOWN"].encode() in answers[1].content
    assert {"code": "ENROLLMENT_FILE_REFUSED"} in plan.rows("select code from finding")


def test_of_two_who_decide_at_once_one_wins_and_the_other_is_told(plan: Plan, held: int) -> None:
    """The second waits for the first, and then learns who that was."""
    with plan.house.warehouse.begin() as first, ThreadPoolExecutor(1) as other:
        decide(first, held, "released", "ann", None, plan.house.now())
        second = other.submit(reject, plan.house, held, "bob")
        with pytest.raises(TimeoutError):
            second.result(0.5)
        first.commit()
        with pytest.raises(NotHeld, match="it was released by ann"):
            second.result(30)
    assert [one["decision"] for one in holds_of(plan.house, held).holds] == ["released"]


def test_an_answer_is_good_only_for_what_was_asked(plan: Plan, doubted: dict[str, int]) -> None:
    """A hold that was opened after the question stays open, whoever answers the question."""
    (file_id,) = plan.take_in("clearlink", CLAIMS)
    plan.process()
    (asked,) = questions(plan.house, "837")
    release(plan.house, file_id, "ann")
    plan.execute("update file set state = 'translated'")
    doubted["claim.charge_not_negative"] = 2
    plan.process()
    with pytest.raises(HeldAnew, match="held for something else by now"):
        release(plan.house, file_id, "bob", newest_seen=asked.newest_hold)
    assert plan.states() == ["held"]
    (again,) = questions(plan.house, "837")
    assert again.run_id != asked.run_id
    assert release(plan.house, file_id, "bob", newest_seen=again.newest_hold) == ["EXPECTATION_BROKEN"]


def test_a_file_that_nobody_knows_has_no_holds(plan: Plan) -> None:
    """And one that was never held says so."""
    with pytest.raises(FileUnknown, match="no file 99"):
        holds_of(plan.house, 99)
    with pytest.raises(FileUnknown, match="no file 99"):
        release(plan.house, 99, "ann")
    with pytest.raises(HoldUnknown):
        decision_on(plan.house, 99)
    (file_id,) = plan.take_in("acme", ENROLLMENT)
    plan.process()
    assert (holds_of(plan.house, file_id).state, holds_of(plan.house, file_id).holds) == ("committed", [])
    with pytest.raises(NotHeld, match="it is committed, and never had a hold"):
        release(plan.house, file_id, "ann")


def test_rejected_claims_were_never_received(plan: Plan, doubted: dict[str, int]) -> None:
    """TA1 R 024, so that their sender does not take them for accepted."""
    (file_id,) = plan.take_in("clearlink", CLAIMS)
    plan.process()
    assert plan.states() == ["held"]
    assert doubted
    reject(plan.house, file_id, "ann")
    assert [answer_told(row) for row in plan.outbox()] == ["TA1 R 024", "REPORT"]
    assert (plan.count("claim"), plan.count("interchange_registry")) == (0, 0)


def test_a_released_expectation_is_allowed_and_no_other(plan: Plan, doubted: dict[str, int]) -> None:
    """Also when the file is measured again."""
    (file_id,) = plan.take_in("clearlink", CLAIMS)
    plan.process()
    release(plan.house, file_id, "ann")
    plan.execute("update file set state = 'translated'")
    doubted["claim.charge_not_negative"] = 2
    plan.process()
    assert [hold["facts"] for hold in holds_of(plan.house, file_id).holds] == [
        {"expectations": {"claim.has_lines": 1}},
        {"expectations": {"claim.charge_not_negative": 2}},
    ]
    release(plan.house, file_id, "ann")
    plan.process()
    assert plan.states() == ["committed"]


def test_a_refused_roster_is_answered_with_a_letter(plan: Plan) -> None:
    """Its totals are not those of its rows."""
    roster = ENROLLMENT.replace(b"****2~", b"****RX~").replace(b"~\nN1*P5", b"~\nQTY*TO*99~\nN1*P5")
    segments = int(roster.split(b"SE*")[1].split(b"*")[0])
    plan.take_in("acme", roster.replace(b"SE*%d" % segments, b"SE*%d" % (segments + 1)))
    plan.process()
    (file,) = plan.files()
    assert (file.state, file.reason_code, plan.count("member")) == ("committed", "ENROLLMENT_REFUSED", 0)
    letter = answers_of(plan)[-1]
    assert (letter.kind, letter.file_name) == ("REPORT", f"refused_{file.file_id}.txt")
    assert b"control totals (QTY)" in letter.content


def test_a_resubmission_closes_the_held_original(plan: Plan, held: int) -> None:
    """The next run answers it."""
    again = ENROLLMENT.replace(
        b"BGN*00*ACME20260601A*20260601*0800****2", b"BGN*15*ACME1*20260601*0800**ACME20260601A**2"
    )
    plan.clock.instant += timedelta(hours=1)
    plan.take_in("acme", again.replace(b"000001001", b"000001077").replace(b"*1001", b"*1077"))
    plan.process()
    plan.process()
    assert [file.reason_code for file in plan.files()] == ["FILE_REJECTED", "ANSWERED"]
    assert plan.count("member") > 0
    assert holds_of(plan.house, held).holds[0]["decided_by"] == "file 2"


def test_every_code_has_its_words() -> None:
    """For us and for the sender; what is not known is listed."""
    assert DETAILS.keys() <= refused_report.REASONS.keys()
    facts = {"group": "ACME", "members": 3, "oldest_days": 90}
    assert told("RETRO_TERMINATION", facts).endswith("allow. ACME: members 3, oldest days 90.")


def test_the_command_line_releases_and_rejects(
    plan: Plan, held: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`edi hold list|show|release|reject`; without --by it is the user of the machine."""
    monkeypatch.setattr("pipeline.house.open_house", lambda: _Opened(plan))

    def edi(*words: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["edi", *words])
        with pytest.raises(SystemExit) as left:
            main()
        return int(left.value.code or 0), capsys.readouterr().out

    code, out = edi("hold", "list", "--json")
    assert (code, [one["file_id"] for one in json.loads(out)["held"]]) == (1, [held])
    code, out = edi("hold", "list")
    assert (code, "Members: 7" in out) == (1, True)
    for words in (("hold", "release", "0"), ("hold", "show", str(2**63)), ("hold", "show", "99"), ("hold", "reject")):
        code, out = edi(*words, "--json")
        assert (code, json.loads(out)["error"]["kind"]) == (2, "usage")
    code, out = edi("hold", "release", str(held), "--note", "[/b] :smile:", "--json")
    assert (code, json.loads(out)["by"]) == (0, getpass.getuser())
    code, out = edi("hold", "reject", str(held), "--json")
    assert (code, "it was released by" in json.loads(out)["error"]["message"]) == (2, True)
    assert edi("hold", "list") == (0, "Held files\nheld  0\n")
    code, out = edi("hold", "show", str(held))
    assert (code, "decision" in out, "released" in out) == (0, True, True)
    assert "[/b] :smile:" in out


class _Opened:
    """The plan's house, open as the program opens it."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    def __enter__(self) -> object:
        return self.plan.house

    def __exit__(self, *_: object) -> None:
        return None
