"""A plan and its bank: runs of payments without claims, and what the bank says of them."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd
import pyarrow as pa

from edi.payment_run import PaymentRun
from loaders import payment_lifecycle, payments
from parsers.nacha import Entry, read_bank_file
from pipeline.configuration import Configuration
from pipeline.deposits import queue_deposits
from rules.payments.tables import SCHEMAS, payment_run
from tests.pipeline.plan import Plan

BANK = "harborbank"


def run_of(configuration: Configuration, day: date, amounts: Mapping[str, int], first_trace: int = 1) -> PaymentRun:
    """A run of a day that pays payees of the demo's registry these cents."""
    with configuration.payees_csv.open(encoding="utf-8") as place:
        payees = {row["payee_id"]: row for row in csv.DictReader(place)}
    rows = [
        payees[payee]
        | {
            "trace_number": f"R{number:09d}",
            "payment_cents": cents,
            "payment_method": payees[payee]["payment_method"] if cents else "NON",
            "production_date": day,
            "payment_date": configuration.remittance.payment_date(day),
            "registry_version": 1,
        }
        for number, (payee, cents) in enumerate(amounts.items(), first_trace)
    ]
    frames = {name: pd.DataFrame([], columns=schema.names) for name, schema in SCHEMAS.items()}
    return payment_run(**{**frames, "payments": pd.DataFrame(rows, columns=SCHEMAS["payments"].names)})


def pay(plan: Plan, through: date, amounts: Mapping[str, int], first_trace: int = 1) -> tuple[str, ...]:
    """Release the run before, store such a run and tell the bank; names of the files for it."""
    release(plan)
    run = run_of(plan.house.configuration, plan.house.today(), amounts, first_trace)
    now = plan.clock.now()
    with plan.house.warehouse.begin() as connection:
        run_id = payments.begin_run(connection, through, now)
        payments.store_run(connection, run_id, run, pa.array([], pa.int64()))
        return queue_deposits(plan.house, connection, run, run_id, through, now)


def release(plan: Plan) -> None:
    """Let the files of the open run go out."""
    for run in plan.rows("select remittance_run_id as id from remittance_run where state = 'composed'"):
        with plan.house.warehouse.begin() as connection:
            payment_lifecycle.release(connection, run["id"], plan.clock.now(), "jo", None)


def abandon(plan: Plan) -> None:
    """Give up the open run."""
    (run,) = plan.rows("select remittance_run_id as id from remittance_run where state = 'composed'")
    with plan.house.warehouse.begin() as connection:
        series = "remittance", "isa:P"
        payment_lifecycle.abandon(connection, run["id"], plan.clock.now(), "jo", None, series)


def file_for_bank(plan: Plan, name: str) -> bytes:
    """A file of the outbox."""
    (row,) = [row for row in plan.outbox() if row.partner == BANK and row.file_name == name]
    return row.content


def entries_of(content: bytes) -> list[Entry]:
    """The entries of a deposit file."""
    return [entry for batch in read_bank_file(content).batches for entry in batch.entries]


def bank_file(*said: tuple[Entry, str, str], entry_class: str = "CCD", created: str = "2606290600") -> bytes:
    """What a bank says of entries: a reason and what else the addenda says; without reason a receipt (class ACK)."""
    records = [f"1011990000001 990000013{created}A094101HARBOR HEALTH PLAN     HARBOR BANK".ljust(94)]
    records.append(f"5200{'HARBOR HEALTH P':16}{'':20}1990000001{entry_class}HCCLAIMPMT260610260629   1990000010000001")
    rows: list[str] = []
    for number, (entry, reason, told) in enumerate(said, 1):
        amount = entry.amount_cents if reason.startswith("R") else 0
        code = "24" if entry_class == "ACK" else "21"
        about = entry.trace if entry_class == "ACK" else entry.identification
        head = f"6{code}{entry.routing_number}{entry.account_number:17}{amount:010d}{about:15}"
        trace = f"99000001{number:07d}"
        rows.append(f"{head}{'PAYEE':22}  {0 if entry_class == 'ACK' else 1}{trace}")
        if reason:
            kind = "99" if reason.startswith("R") else "98"
            rows.append(f"7{kind}{reason}{entry.trace}{'':6}{entry.routing_number[:8]}{told:44}{trace}")
    total = sum(entry.amount_cents for entry, reason, _ in said if reason.startswith("R"))
    hashed = sum(int(entry.routing_number[:8]) for entry, _, _ in said) % 10**10
    sums = f"{hashed:010d}{0:012d}{total:012d}"
    records += [*rows, f"8200{len(rows):06d}{sums}1990000001{'':25}990000010000001"]
    records.append(f"9{1:06d}{1:06d}{len(rows):08d}{sums}".ljust(94))
    return "".join(f"{record}\n" for record in records).encode()


def says(plan: Plan, *contents: bytes) -> Sequence[str]:
    """The bank drops files and they are taken; reasons of their states."""
    ids = plan.take_in(BANK, *contents)
    plan.look_once(BANK)
    return [str(file.reason_code) for file in plan.files() if file.file_id in ids]
