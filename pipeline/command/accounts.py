"""`edi accounts load|show`: what payments take or add beside claims, and balances that are forwarded."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Annotated

import typer

from pipeline.command.printing import Json, busy, tell

app = typer.Typer(help="Provider accounts: recoveries, levies, bonuses, forwarded balances.", no_args_is_help=True)


@app.command()
def load(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV or Parquet in the form of docs/remittance.md.")],
    by: Annotated[str | None, typer.Option(help="Who loads it; by default the user of this machine.")] = None,
    as_json: Json = False,
) -> None:
    """Book the entries of a file: all of them, or none and what is wrong with it. What is booked already is no news."""
    from pipeline.house import open_house  # noqa: PLC0415 - `edi --help` answers at once
    from pipeline.provider_accounts import load_entries  # noqa: PLC0415 - as above

    with open_house() as house, busy("booking entries", as_json=as_json):
        report = load_entries(house, file, by or getpass.getuser())
    title = "Entries booked" if report.load_id else "All of these entries were booked before"
    tell(title, report.summary(), as_json=as_json)


@app.command()
def show(
    payee: Annotated[str | None, typer.Argument(metavar="PAYEE", help="Id of payees.csv; all without it.")] = None,
    as_json: Json = False,
) -> None:
    """Show what is open of every payee, or all entries of one, what settled them, and its forwarded balances."""
    from pipeline.house import open_house  # noqa: PLC0415 - as above
    from pipeline.provider_accounts import show_account, show_accounts  # noqa: PLC0415 - as above

    with open_house() as house:
        report = show_accounts(house) if payee is None else show_account(house, payee)
    if as_json or payee is None:
        tell("Provider accounts", report, as_json=as_json)
        return
    entries = {f"entry {each.pop('entry_id')}": each for each in report.pop("entries")}
    chain = {f"forwarded {number}": each for number, each in enumerate(report.pop("forwarded"), 1)}
    tell(f"Provider account {payee}", {**report, **entries, **chain}, as_json=False)
