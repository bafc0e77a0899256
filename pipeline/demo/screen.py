"""The demo's accounts on a terminal: every file, every claim, every cent, and where to look."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from pipeline.command.remit_page import run_page

if TYPE_CHECKING:
    from pipeline.demo.accounts import Accounts
    from pipeline.demo.play import Performance

WIDTH = 120


def show(performance: Performance, var: Path) -> None:
    """Print the accounts of a performance."""
    console = Console(width=WIDTH, highlight=False)
    accounts = performance.accounts
    console.print()
    console.print(_files(accounts))
    console.print(_claims(accounts))
    console.print(_money(accounts))
    console.print()
    for run in performance.runs:
        for line in run_page(f"Remittance run through {run['through']}", run):
            console.print("  " * line.depth + line.text, style=line.style, markup=False, soft_wrap=True)
    console.print()
    new = performance.new()
    console.print(
        f"This run: [bold]{new['files']} new files, {new['claims']} new claims, {new['payments']} new payments[/bold] "
        f"in {performance.seconds:.0f} s. "
        f"Members: {accounts.members}, coverage spans in force: {accounts.coverage_spans}."
    )
    console.print(
        f"Look at {var}/sftp/<partner>/ack, out and reports for what the partners got, harborbank/out for what "
        "the bank is told to pay; README.md goes through a week of it. `make ui` serves Airflow."
    )


def _files(accounts: Accounts) -> Table:
    table = Table(title=f"{len(accounts.files)} files received", title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for heading in ("partner", "file", "received", "state", "reason", "answered with"):
        table.add_column(heading)
    for file in accounts.files:
        answers = ", ".join(file.answers) or "-"
        table.add_row(file.partner, file.name, file.received, file.state, file.reason, answers)
    return table


def _claims(accounts: Accounts) -> Table:
    table = Table(title=f"{len(accounts.claims)} claims", title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for heading in ("claim", "kind", "freq", "decision", "version", "tracking"):
        table.add_column(heading, no_wrap=True)
    for heading in ("charge", "paid", "patient"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("reasons", no_wrap=True)
    for claim in accounts.claims:
        table.add_row(
            claim.claim_number,
            claim.kind,
            claim.frequency,
            claim.state,
            claim.version_state,
            claim.tracking_number,
            _dollars(claim.charge_cents),
            _dollars(claim.paid_cents),
            _dollars(claim.patient_cents),
            claim.reasons,
        )
    return table


def _money(accounts: Accounts) -> Table:
    table = Table(title="money", title_justify="left", show_header=False, box=None)
    table.add_column()
    table.add_column(justify="right")
    rows = (
        ("billed on decided claims", accounts.billed_cents),
        ("  adjusted with a reason", -accounts.adjusted_cents),
        ("  = decided to pay, superseded versions included", accounts.decided_to_pay_cents),
        ("  taken back by reversals of superseded versions", -accounts.taken_back_cents),
        ("  owed by payees, forwarded to their next remittance", accounts.forwarded_cents),
        (f"  = paid out in {accounts.payments} payments ({accounts.remittances} remittances)", accounts.paid_out_cents),
        (f"waits for the next remittance ({accounts.waiting_claims} claims)", accounts.waiting_cents),
    )
    for label, cents in rows:
        table.add_row(label, _dollars(cents))
    table.add_row("every cent billed is paid or adjusted", "yes" if accounts.balanced else "NO")
    return table


def _dollars(cents: int) -> str:
    return f"{cents // 100:,}.{cents % 100:02d}" if cents >= 0 else f"-{_dollars(-cents)}"
