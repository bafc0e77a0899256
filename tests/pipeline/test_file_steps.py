"""One bad file never stops its neighbours, and no trouble is lost."""

from __future__ import annotations

import traceback
from collections.abc import Callable

import pytest

from edi.trouble import Final, Retryable
from loaders import ledger
from loaders.ledger import LedgerFile
from loaders.warehouse import WarehouseUnavailable
from pipeline.file_steps import MOST_ATTEMPTS, Postponed, StepCrashed, each_file
from pipeline.process import lease_batches
from pipeline.reasons import reason_of
from tests.pipeline.plan import CLAIMS, CLINIC_CLAIMS, HOSPITAL_CLAIMS, MINUTE, Plan

Step = Callable[[LedgerFile], None]


class Defect(Exception):  # noqa: N818 - stands for any exception of a defective program
    """Something that nobody foresaw."""


@pytest.fixture
def ids(plan: Plan) -> list[int]:
    """Three received files."""
    return plan.take_in("clearlink", CLAIMS, HOSPITAL_CLAIMS, CLINIC_CLAIMS)


def troubled(plan: Plan, trouble: dict[int, BaseException]) -> Step:
    """A step that translates a file, or raises."""

    def step(file: LedgerFile) -> None:
        if file.file_id in trouble:
            raise trouble[file.file_id]
        with plan.house.warehouse.begin() as connection:
            ledger.move(connection, file.file_id, "translated", plan.clock.now())

    return step


def test_a_final_trouble_fails_its_file_and_is_not_raised(plan: Plan, ids: list[int]) -> None:
    """Trying again changes nothing, so the task need not; the ledger says what to do."""
    each_file(plan.house, ids, troubled(plan, {ids[0]: Final("broken")}))
    assert plan.states() == ["failed", "translated", "translated"]
    failed = plan.files()[0]
    assert (failed.reason_code, failed.reason) == ("STEP_FAILED", reason_of("STEP_FAILED"))


def test_a_passing_trouble_is_raised_when_the_others_are_done(plan: Plan, ids: list[int]) -> None:
    """So that the task retries, and then fails with the cause; the file stays where it was."""
    trouble = Retryable("away")
    with pytest.raises(Retryable) as caught:
        each_file(plan.house, ids, troubled(plan, {ids[0]: trouble}))
    assert caught.value is trouble
    assert plan.states() == ["received", "translated", "translated"]


def test_an_unforeseen_error_is_raised_without_its_words(
    plan: Plan, ids: list[int], caplog: pytest.LogCaptureFixture
) -> None:
    """They may quote the file. Kind, place and the way there are told, and the others are done."""
    value = "ROE"
    with pytest.raises(StepCrashed, match=f"File {ids[0]} ended its step by Defect in test_file_steps.py") as caught:
        each_file(plan.house, ids, troubled(plan, {ids[0]: Defect(value)}))
    assert plan.states() == ["received", "translated", "translated"]
    shown = caplog.text + "".join(traceback.format_exception(caught.value))
    assert "in step" in caplog.text
    assert value not in shown


def test_a_failure_is_told_by_its_sentence(plan: Plan, ids: list[int], caplog: pytest.LogCaptureFixture) -> None:
    """It was foreseen: nobody needs to see where in the program."""
    each_file(plan.house, ids, troubled(plan, {ids[0]: Final("broken")}))
    assert f"File {ids[0]} failed: broken (Final)" in caplog.text
    assert "Traceback" not in caplog.text


def test_of_several_troubles_the_first_is_raised(plan: Plan, ids: list[int]) -> None:
    """Those of files that failed for good do not count."""
    troubles: dict[int, BaseException] = {ids[0]: Final("a"), ids[1]: Retryable("b"), ids[2]: Defect("c")}
    with pytest.raises(Retryable, match="b"):
        each_file(plan.house, ids, troubled(plan, troubles))
    assert plan.states() == ["failed", "received", "received"]


def test_a_kill_is_not_held_back(plan: Plan, ids: list[int]) -> None:
    """Whoever wants the process to stop is obeyed at once."""
    with pytest.raises(KeyboardInterrupt):
        each_file(plan.house, ids, troubled(plan, {ids[0]: KeyboardInterrupt()}))
    assert plan.states() == ["received"] * 3


def test_a_file_that_keeps_crashing_its_step_is_given_up(plan: Plan, ids: list[int]) -> None:
    """After so many leases; until then each run raises, and the others have long been done."""
    step = troubled(plan, {ids[0]: Defect("defect")})
    leases = 0
    while plan.state(ids[0]) == "received":
        plan.clock.instant += 20 * MINUTE
        batches = lease_batches(plan.house, "837", "worker")
        leases += 1
        for batch in batches:
            # the others stand in front of it, done, and want no second turn
            waiting = [file_id for file_id in batch if plan.state(file_id) == "received"]
            if ids[0] in batch and leases < MOST_ATTEMPTS:
                with pytest.raises(StepCrashed):
                    each_file(plan.house, waiting, step)
            else:
                each_file(plan.house, waiting, step)
        assert plan.states()[1:] == ["translated", "translated"]
    assert leases == MOST_ATTEMPTS
    assert (plan.states()[0], plan.files()[0].reason_code) == ("failed", "STEP_CRASHED")


def test_waiting_is_never_given_up(plan: Plan, ids: list[int]) -> None:
    """A disk that was full for days is no fault of a file."""
    step = troubled(plan, {ids[0]: Retryable("full")})
    for _ in range(2 * MOST_ATTEMPTS):
        plan.clock.instant += 20 * MINUTE
        lease_batches(plan.house, "837", "worker")
        with pytest.raises(Retryable):
            each_file(plan.house, ids[:1], step)
    assert plan.states()[0] == "received"


def test_a_file_that_somebody_else_took_further_is_passed_over(plan: Plan, ids: list[int]) -> None:
    """Two workers after a lease ran out: the slower one finds it done."""

    def step(file: LedgerFile) -> None:
        troubled(plan, {})(file)
        troubled(plan, {})(file)

    each_file(plan.house, ids, step)
    assert plan.states() == ["translated"] * 3


def test_a_file_does_not_fail_where_somebody_else_took_it_further(plan: Plan, ids: list[int]) -> None:
    """The slower of two workers failed on what the faster one did."""

    def step(file: LedgerFile) -> None:
        troubled(plan, {})(file)
        raise Final("it was gone")

    each_file(plan.house, ids, step)
    assert plan.states() == ["translated"] * 3


def test_a_failure_that_cannot_be_written_down_is_raised(
    plan: Plan, ids: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The warehouse goes away at that moment: the others have their turn, and the next run finds the file."""
    move = ledger.move

    def away_for_failures(connection: object, file_id: int, state: str, *args: object, **keywords: object) -> None:
        if state == "failed":
            raise WarehouseUnavailable("away")
        move(connection, file_id, state, *args, **keywords)  # type: ignore[arg-type] # handed on as they came

    monkeypatch.setattr(ledger, "move", away_for_failures)
    with pytest.raises(WarehouseUnavailable):
        each_file(plan.house, ids, troubled(plan, {ids[0]: Final("broken")}))
    assert plan.states() == ["received", "translated", "translated"]


def test_each_file_is_progress(plan: Plan, ids: list[int]) -> None:
    """Whatever came of it, one that is in no ledger too."""
    steps: list[None] = []
    with pytest.raises(Retryable):
        each_file(
            plan.house,
            [*ids, 999],
            troubled(plan, {ids[0]: Final("a"), ids[1]: Retryable("b")}),
            lambda: steps.append(None),
        )
    assert len(steps) == 4


def test_nothing_is_postponed_where_all_goes_well() -> None:
    """And then there is nothing to raise."""
    postponed = Postponed()
    with postponed:
        pass
    postponed.raise_first()
