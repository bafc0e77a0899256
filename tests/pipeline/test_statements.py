"""EOPs of a run: whoever has a payment or a waiting claim gets one, and the bytes are the same by any processes."""

from __future__ import annotations

import csv
import io
import os
import signal
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, cast

import pyarrow as pa
import pytest

from edi.money import to_cents
from edi.payment_run import PaymentRun
from edi.trouble import Final
from loaders.outbox import OutboxFile
from pipeline import statements, worker_processes
from pipeline.configuration import load_configuration
from pipeline.house import House
from pipeline.statements import statement_files
from pipeline.worker_processes import ProcessLost, side_by_side
from rules.payments.compose import compose
from rules.payments.statements import part_of, remittances
from tests.rules.payments.test_weeks import RandomPlan
from tests.rules.payments.weeks import RIVER, TERMS, worked_example

CONFIGURATION = load_configuration(Path(__file__).parents[2] / "config")
PARTNER = min(CONFIGURATION.partners)
ANYTHING = cast("Any", None)
HOUSE = House(CONFIGURATION, ANYTHING, ANYTHING, ANYTHING, Path())
LAKE = RIVER | {"payee_id": "LAKE", "statement_partner": PARTNER}
PENDED = {
    "claim_id": 9,
    "payee_id": "LAKE",
    "claim_number": "26172000009",
    "patient_control_number": "PCN-P",
    **dict.fromkeys(("original_claim_number", "tracking_number", "service_from", "service_through")),
    "kind": "P",
    "facility_code": "11",
    "frequency_code": "1",
    "filing_indicator": "HM",
    "member_known": True,
    "received_date": date(2026, 6, 17),
    "last_name": "ZOE",
    "first_name": "PIA",
    "identifier": "M0000009",
    "charge_cents": 12345,
    "reason": "NO_PRICE",
    "days": 4,
}


def of_partner(run: PaymentRun) -> PaymentRun:
    """The run with statements for a partner that the configuration has."""
    partners = pa.array([PARTNER] * run.payments.num_rows, pa.string())
    place = run.payments.column_names.index("statement_partner")
    return replace(run, payments=run.payments.set_column(place, "statement_partner", partners))


def files(
    run: PaymentRun,
    *pended: dict[str, Any],
    processes: int | None = 0,
    returned: Sequence[dict[str, Any]] = (),
    balances: Sequence[dict[str, Any]] = (),
) -> list[OutboxFile]:
    """The statements of a run, these claims that wait, and what is told beside them."""
    return list(
        statement_files(
            HOUSE,
            of_partner(run),
            payees=[RIVER, LAKE],
            pended=pended,
            returned=returned,
            balances=balances,
            week_from=date(2026, 6, 15),
            week_through=date(2026, 6, 21),
            run_id=7,
            processes=processes,
        )
    )


def test_every_payee_with_a_payment_or_a_waiting_claim_gets_one() -> None:
    """Three forms each, named by week and payee, of the run; who has only claims that wait comes last."""
    made = files(compose(worked_example(), TERMS).run, PENDED)
    assert [(each.file_name, each.kind) for each in made] == [
        ("EOP_20260621_RIVER.pdf", "EOP_PDF"),
        ("EOP_20260621_RIVER.csv", "EOP_CSV"),
        ("EOP_20260621_RIVER.html", "EOP_HTML"),
        ("EOP_20260621_LAKE.pdf", "EOP_PDF"),
        ("EOP_20260621_LAKE.csv", "EOP_CSV"),
        ("EOP_20260621_LAKE.html", "EOP_HTML"),
    ]
    assert {(each.partner, each.folder, each.remittance_run_id) for each in made} == {(PARTNER, "reports", 7)}
    assert b"182.50" in made[2].content
    assert b"26172000009" in made[5].content


def test_returned_claims_and_an_open_balance_are_told_beside_the_payment() -> None:
    """Words and statuses of each edit; a balance that the week leaves alone."""
    returned = PENDED | {
        "payee_id": "RIVER",
        "patient_control_number": "PCN-X",
        "tracking_number": "T000000077",
        "edits": ["MEMBER_MISMATCHED", "SOMETHING_OLD"],
        "statuses": ["A7:158:QC A8:30", "A7:21"],
    }
    balance = {"payee_id": "LAKE", "trace_number": "R000000007", "owed_cents": 4321}
    made = files(compose(worked_example(), TERMS).run, PENDED, returned=[returned], balances=[balance])
    river, lake = (list(csv.DictReader(io.StringIO(each.content.decode()))) for each in (made[1], made[4]))
    assert {name: river[-1][name] for name in ("section", "patient_control_number", "tracking_number", "reasons")} == {
        "section": "returned",
        "patient_control_number": "PCN-X",
        "tracking_number": "T000000077",
        "reasons": "Nobody under this subscriber id has the patient's date of birth (A7:158:QC, A8:30). "
        "What our 999 and 277CA say (A7:21).",
    }
    assert (lake[0]["balance_before"], lake[0]["balance_after"], lake[0]["payment_number"]) == ("43.21", "43.21", "")
    assert b"T000000077" in made[2].content
    assert b"You owe us now" in made[5].content


def test_an_empty_run_has_no_statements() -> None:
    """Nothing decided, nothing waiting."""
    assert files(part_of(compose(worked_example(), TERMS).run, 0, 0)) == []


def test_the_bytes_do_not_depend_on_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """However the work is cut, and whoever does it."""
    plan = RandomPlan(3)
    weeks = [plan.week(number)[0] for number in range(3)]
    alone = [files(run, PENDED) for run in weeks]
    monkeypatch.setattr(statements, "ROWS_A_PART", 1)
    assert [files(run, PENDED) for run in weeks] == alone
    assert files(weeks[-1], PENDED, processes=2) == alone[-1]


def test_each_csv_adds_up_to_its_payment() -> None:
    """Claims and provider adjustments of random weeks, negative ones among them."""
    plan = RandomPlan(5)
    for number in range(6):
        run, _ = plan.week(number)
        sent = {each.payee.payee_id: each for each in remittances(run)}
        for each in files(run):
            if each.kind != "EOP_CSV":
                continue
            rows = list(csv.DictReader(io.StringIO(each.content.decode(), newline="")))
            payment = sent[rows[0]["payee_id"]]
            assert {to_cents(row["payment_amount"]) for row in rows} == {payment.payment_cents}
            told = sum(to_cents(row[name]) for row in rows for name in ("paid", "adjustment_amount") if row[name])
            assert told == payment.payment_cents


def test_a_part_of_a_run_is_a_run() -> None:
    """Its claims and their rows count from its own start."""
    plan = RandomPlan(1)
    for number in range(4):
        run, _ = plan.week(number)
        whole = list(remittances(run))
        for first in range(len(whole)):
            assert list(remittances(part_of(run, first, first + 1))) == whole[first : first + 1]


def double(number: int) -> int:
    """Work for another process."""
    if number == 13:
        os.kill(os.getpid(), signal.SIGKILL)
    if number == 14:
        raise Final("fourteen")
    return 2 * number


def test_results_come_in_order_and_few_are_kept() -> None:
    """However many tasks there are, tasks are taken as there is room."""
    taken = []

    def tasks() -> Iterator[int]:
        for number in range(100, 140):
            taken.append(number)
            yield number

    results = side_by_side(double, tasks(), 2)
    assert next(results) == 200
    assert len(taken) < 10
    assert list(results) == [2 * number for number in range(101, 140)]


def test_a_process_ends_with_its_caller() -> None:
    """Whatever became of the caller, the other end of the pipe is closed then."""
    worker = worker_processes._Worker.start(double)
    assert worker.do(1) == 2
    worker.pipe.close()
    assert worker.process.wait(20) == 0


@pytest.mark.parametrize(
    ("tasks", "trouble"),
    [
        pytest.param([1, 13, 2], ProcessLost, id="a process was killed"),
        pytest.param([1, 14, 2], Final, id="the work raises"),
    ],
)
def test_trouble_of_a_process_is_raised_here(tasks: Sequence[int], trouble: type[Exception]) -> None:
    """It ends the work; nothing waits for ever."""
    with pytest.raises(trouble):
        list(side_by_side(double, tasks, 1))
