"""The stages over lists of files: who works on what, in which order, and what goes on when something is missing."""

from __future__ import annotations

import logging
import shutil
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from edi.trouble import Retryable
from loaders import ledger, numbers
from loaders.ledger import LedgerFile
from pipeline import process
from pipeline.command import files
from pipeline.file_translation import keep_translation
from pipeline.process import commit_files, expect_files, lease_batches, process_files, translate_files
from pipeline.receive import receive
from tests.pipeline.plan import CLAIMS, CLINIC_CLAIMS, DEMO, ENROLLMENT, HOSPITAL_CLAIMS, MINUTE, Plan

CHANGES = (DEMO / "week1/acme/enrollment_changes.x12").read_bytes()


def copies(content: bytes, number: int) -> list[bytes]:
    """The same claims under as many interchange control numbers."""
    return [content.replace(content[90:99], b"%09d" % (9000 + place)) for place in range(number)]


class Away(Retryable):
    """Something is away."""


def test_files_are_dealt_into_no_more_batches_than_they_fill(plan: Plan) -> None:
    """Each batch costs the import of Great Expectations."""
    ids = plan.take_in("clearlink", *copies(CLAIMS, 7))
    plan.change_limits(batches=3, files_per_batch=4)
    assert [sorted(batch) for batch in lease_batches(plan.house, "837", "a")] == [ids[0::2], ids[1::2]]
    assert lease_batches(plan.house, "837", "b") == []


def test_a_work_list_has_an_end(plan: Plan) -> None:
    """The rest waits for the next run, in order of arrival."""
    ids = plan.take_in("clearlink", *copies(CLAIMS, 5))
    plan.change_limits(batches=2, files_per_batch=1)
    assert [lease_batches(plan.house, "837", owner) for owner in "abc"] == [
        [[ids[0]], [ids[1]]],
        [[ids[2]], [ids[3]]],
        [[ids[4]]],
    ]


def test_enrolment_of_one_partner_stays_together_in_order_of_arrival(plan: Plan) -> None:
    """However many batches there could be."""
    ids = plan.take_in("acme", ENROLLMENT, *copies(CHANGES, 3))
    plan.change_limits(batches=8, files_per_batch=1)
    assert lease_batches(plan.house, "834", "a") == [ids]


def test_what_was_leased_in_vain_is_kept_apart(plan: Plan) -> None:
    """Should one of them have killed its worker, it takes no neighbours along."""
    first = plan.take_in("clearlink", *copies(CLAIMS, 2))
    lease_batches(plan.house, "837", "killed")
    plan.clock.instant += 20 * MINUTE
    fresh = plan.take_in("riverclinic", CLINIC_CLAIMS, *copies(CLINIC_CLAIMS, 1))
    assert lease_batches(plan.house, "837", "next") == [fresh, [first[0]], [first[1]]]


def test_there_are_never_more_batches_than_allowed(plan: Plan) -> None:
    """Files that were leased in vain share what is left."""
    plan.change_limits(batches=3)
    first = plan.take_in("clearlink", *copies(CLAIMS, 5))
    lease_batches(plan.house, "837", "killed")
    plan.clock.instant += 20 * MINUTE
    fresh = plan.take_in("riverclinic", CLINIC_CLAIMS)
    assert lease_batches(plan.house, "837", "next") == [fresh, first[0::2], first[1::2]]


def test_what_was_given_back_need_not_wait_for_the_lease_to_end(plan: Plan) -> None:
    """The next run finds it at once; another owner cannot give it back."""
    ids = plan.take_in("clearlink", CLAIMS)
    lease_batches(plan.house, "837", "a")
    process.release(plan.house, ids, "b")
    assert lease_batches(plan.house, "837", "b") == []
    process.release(plan.house, ids, "a")
    assert lease_batches(plan.house, "837", "b") == [ids]


def test_two_commits_of_one_file_at_once_are_one(plan: Plan, caplog: pytest.LogCaptureFixture) -> None:
    """A lease ran out while its owner was slow: the others find it done, which is no trouble."""
    ids = plan.take_in("clearlink", CLAIMS)
    expect_files(plan.house, translate_files(plan.house, ids))
    reports: list[dict[str, Any]] = []
    workers = [
        threading.Thread(target=lambda: reports.append(commit_files(plan.house, ids).summary())) for _ in range(4)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(report["files"].get("committed", 0) for report in reports) == [0, 0, 0, 1]
    assert (plan.states(), len(plan.outbox()), plan.count("claim")) == (["committed"], 1, CLAIMS.count(b"CLM*"))
    assert plan.next_numbers()["isa:P"] == 2
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_a_file_waits_for_an_earlier_one(plan: Plan) -> None:
    """Whoever holds it; then both are committed, in order."""
    earlier, later = plan.take_in("acme", ENROLLMENT, CHANGES)
    process_files(plan.house, [later])
    assert plan.states() == ["received", "checked"]
    process_files(plan.house, [later, earlier])
    assert plan.states() == ["committed", "committed"]
    committed = plan.rows("select file_id from file_state_change where state = 'committed' order by change_id")
    assert [row["file_id"] for row in committed] == [earlier, later]


def test_it_does_not_wait_for_one_that_cannot_be_applied(plan: Plan) -> None:
    """Held or failed files are for people; the partner's next file goes on."""
    earlier, later = plan.take_in("acme", ENROLLMENT, CHANGES)
    plan.house.archive.path(plan.files()[0].archive_path).unlink()
    process_files(plan.house, [earlier, later])
    assert plan.states() == ["failed", "committed"]


def test_it_does_not_wait_for_another_partners_file(plan: Plan) -> None:
    """Partners go side by side."""
    partners = plan.house.configuration.partners
    administrator = replace(partners["clearlink"], transactions=frozenset({"834"}))
    plan.change(partners={**partners, "clearlink": administrator})
    plan.take_in("acme", ENROLLMENT)
    other = ENROLLMENT.replace(b"ACMEBENEFITS   ", b"CLEARLINK      ").replace(b"ACMEBENEFITS", b"CLEARLINK")
    process_files(plan.house, plan.take_in("clearlink", other))
    assert plan.states() == ["received", "committed"]


def test_claims_wait_for_nobody(plan: Plan) -> None:
    """They are loaded in any order; deciding them is what waits."""
    plan.take_in("clearlink", CLAIMS)
    process_files(plan.house, plan.take_in("clearlink", HOSPITAL_CLAIMS))
    assert plan.states() == ["received", "committed"]


def test_trouble_at_one_stage_does_not_keep_the_others_from_the_next(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All the way to the answer; then it is raised, and the next run takes the rest."""
    ids = plan.take_in("clearlink", CLAIMS, HOSPITAL_CLAIMS, CLINIC_CLAIMS)

    def away(house: Any, file: LedgerFile) -> str:  # noqa: ANN401 - handed on
        if file.file_id == ids[0]:
            raise Away("away")
        return keep_translation(house, file)

    with monkeypatch.context() as patch:
        patch.setattr(process, "keep_translation", away)
        with pytest.raises(Away):
            process_files(plan.house, ids)
    assert plan.states() == ["received", "committed", "committed"]
    assert process_files(plan.house, ids).summary()["files"] == {"committed": 1}


def test_a_lost_run_folder_is_made_again(plan: Plan) -> None:
    """Translation is a pure function of the archived bytes and the bundle."""
    ids = plan.take_in("clearlink", CLAIMS, HOSPITAL_CLAIMS)
    translate_files(plan.house, ids)
    shutil.rmtree(plan.house.runs)
    expect_files(plan.house, ids)
    shutil.rmtree(plan.house.runs / str(ids[0]))
    assert commit_files(plan.house, ids).states["committed"] == 2


def test_a_lost_run_folder_of_other_rules_fails_its_file_alone(plan: Plan) -> None:
    """What it was judged by is not in force any more: a person replays it. Its neighbours go on."""
    ids = plan.take_in("clearlink", CLAIMS, HOSPITAL_CLAIMS)
    translate_files(plan.house, ids)
    shutil.rmtree(plan.house.runs / str(ids[0]))
    plan.change(environment="test")
    process_files(plan.house, ids)
    assert [(file.state, file.reason_code) for file in plan.files()] == [
        ("failed", "STEP_FAILED"),
        ("committed", "ANSWERED"),
    ]
    assert not (plan.house.runs / str(ids[0])).exists()


def test_a_file_whose_rows_are_there_is_not_loaded_beside_them(plan: Plan) -> None:
    """Set back by hand: it fails, with one answer and the rows it had."""
    ids = plan.take_in("clearlink", CLAIMS)
    process_files(plan.house, ids)
    before = plan.count("claim")
    plan.execute("update file set state = 'checked'")
    process_files(plan.house, ids)
    assert (plan.states(), plan.count("claim"), len(plan.outbox())) == (["failed"], before, 1)


def test_a_damaged_archive_fails_its_file_alone(plan: Plan) -> None:
    """Other bytes than were received are never judged."""
    ids = plan.take_in("clearlink", CLAIMS, HOSPITAL_CLAIMS)
    path = plan.house.archive.path(plan.files()[0].archive_path)
    path.chmod(0o600)
    path.write_bytes(HOSPITAL_CLAIMS)
    process_files(plan.house, ids)
    assert plan.states() == ["failed", "committed"]


def test_every_stage_can_be_run_again(plan: Plan) -> None:
    """Of files in any state, and of none."""
    ids = plan.take_in("clearlink", CLAIMS)
    process_files(plan.house, ids)
    before = plan.content()
    for _ in range(2):
        assert process_files(plan.house, [*ids, 999]).summary() == {"files": {}, "rows": {}}
    assert process_files(plan.house, []).summary() == {"files": {}, "rows": {}}
    assert plan.content() == before


def test_each_file_is_progress_at_each_stage(plan: Plan) -> None:
    """So that a bar knows its end."""
    ids = plan.take_in("clearlink", CLAIMS, b"no X12")
    steps: list[None] = []
    process_files(plan.house, ids, lambda: steps.append(None))
    assert len(steps) == len(ids) * len(process.STAGES)


def test_they_are_leased_like_others(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two looks at once settle each once; trouble gives the file back, so that the next look finds it."""
    plan.take_in("clearlink", b"no X12")

    def away(*_: object) -> str:
        raise Away("away")

    with monkeypatch.context() as patch:
        patch.setattr(process, "keep_translation", away)
        with pytest.raises(Away):
            process.settle_unrecognized(plan.house, "clearlink")
    file = plan.files()[0]
    assert (file.state, file.attempts, file.lease_owner) == ("received", 1, None)
    with plan.house.warehouse.begin() as connection:
        ledger.lease(connection, "other", ledger.UNFINISHED, "somebody", plan.clock.now(), 60, 9)
    assert process.settle_unrecognized(plan.house, "clearlink") == 0
    plan.clock.instant += 2 * MINUTE
    assert process.settle_unrecognized(plan.house, "clearlink") == 1
    assert plan.states() == ["quarantined"]


def test_each_partner_settles_its_own(plan: Plan) -> None:
    """The fetch of one partner fails for no other's file."""
    plan.take_in("clearlink", b"no X12")
    assert process.settle_unrecognized(plan.house, "riverclinic") == 0
    assert plan.states() == ["received"]


def test_trouble_with_a_duplicate_does_not_keep_others_waiting(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest is settled before it is raised."""
    plan.take_in("clearlink", CLAIMS)
    for name, content in (("again.x12", CLAIMS), ("noise.x12", b"no X12")):
        plan.upload("clearlink", name, content)
    for _ in range(2):
        plan.clock.instant += MINUTE
        receive(plan.house, "clearlink", plan.clock.now())

    def away(*_: object) -> bool:
        raise Away("away")

    with monkeypatch.context() as patch:
        patch.setattr("pipeline.commit.answer_set_aside", away)
        with pytest.raises(Away):
            process.settle_unrecognized(plan.house, "clearlink")
    assert sorted(plan.states()) == ["duplicate", "quarantined", "received"]
    assert process.settle_unrecognized(plan.house, "clearlink") == 1


def test_series_are_drawn_in_one_order_and_last(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two files that draw from both, whichever is first has both: neither waits for what the other holds."""
    drawn: list[tuple[str, int]] = []
    draw = numbers.draw

    def noted(connection: Any, name: str, count: int = 1) -> int:  # noqa: ANN401 - handed on
        drawn.append((name, count))
        return draw(connection, name, count)

    monkeypatch.setattr("loaders.numbers.draw", noted)
    test = ENROLLMENT.replace(b"*0*P*", b"*0*T*")
    process_files(plan.house, plan.take_in("acme", test + ENROLLMENT + copies(CHANGES, 1)[0]))
    assert drawn == [("isa:P", 2), ("isa:T", 1)]
    names = [row.file_name for row in plan.answers()]
    assert [name[-14:-4] for name in names] == ["T000000001", "P000000001", "P000000002"]


def test_a_failed_commit_gives_its_numbers_back(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next file gets them: a series has no gap."""
    ids = plan.take_in("clearlink", CLAIMS, HOSPITAL_CLAIMS)
    with monkeypatch.context() as patch:
        patch.setattr("loaders.outbox.put", _raise_away)
        with pytest.raises(Away):
            process_files(plan.house, ids[:1])
    assert plan.next_numbers() == {}
    process_files(plan.house, ids[1:])
    process_files(plan.house, ids)
    assert [row.file_name[-14:-4] for row in plan.outbox()] == ["P000000001", "P000000002"]


def _raise_away(*_: object) -> Mapping[str, int]:
    raise Away("away")


def test_edi_process_gives_back_what_it_could_not_do(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run again, as its message says, it goes on at once; every batch has its turn before the trouble is raised."""
    ids = plan.take_in("clearlink", CLAIMS, HOSPITAL_CLAIMS, *copies(HOSPITAL_CLAIMS, 1))
    plan.change_limits(batches=1, files_per_batch=1)

    def away(house: Any, file: LedgerFile) -> str:  # noqa: ANN401 - handed on
        if file.file_id == ids[0]:
            raise Away("away")
        return keep_translation(house, file)

    rows: Counter[str] = Counter()
    with monkeypatch.context() as patch:
        patch.setattr(process, "keep_translation", away)
        with pytest.raises(Away):
            files._process(plan.house, files.Kind.CLAIMS, rows, as_json=True)
    assert plan.states() == ["received", "committed", "committed"]
    assert [file.lease_owner for file in plan.files() if file.state == "received"] == [None]
    assert files._process(plan.house, files.Kind.CLAIMS, rows, as_json=True) == [ids[0]]
    assert plan.states() == ["committed"] * 3
    assert rows["claims"] == plan.count("claim")
