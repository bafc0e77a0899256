"""`edi deposits`: payments as the bank was told them, what came back, and what is made again."""

from __future__ import annotations

import getpass
from datetime import date
from typing import Annotated

import typer

from pipeline.command.printing import Json, draw, tell

app = typer.Typer(help="Payments as the bank was told them: sent, confirmed, returned, made again.")

Trace = Annotated[str, typer.Argument(metavar="TRN", help="TRN02 of the payment's 835.")]


@app.callback(invoke_without_command=True)
def deposits(
    context: typer.Context,
    through: Annotated[
        str | None, typer.Option(metavar="DATE", help="Every payment of the run through this day, YYYY-MM-DD.")
    ] = None,
    as_json: Json = False,
) -> None:
    """List what waits for a person - returned payments, accounts that the bank corrects - and the last files."""
    if context.invoked_subcommand is not None:
        return
    from pipeline.deposit_work import list_deposits  # noqa: PLC0415 - `edi --help` answers at once
    from pipeline.house import open_house  # noqa: PLC0415 - as above

    day = _day(through)
    with open_house() as house:
        report = list_deposits(house, day)
    if as_json:
        tell("", report, as_json=True)
        return
    for key, name in (("payments", "payment"), ("work", "look after"), ("files", "file")):
        for number, one in enumerate(report.pop(key, ()), 1):
            report[f"{name} {one.get('trace_number') or number}"] = one
    for one in report.pop("unknown_to_us", ()):
        report[f"unknown to us: file {one['file_id']} record {one['record']}"] = one
    tell("Deposits", report, as_json=False)


@app.command()
def show(trace_number: Trace, as_json: Json = False) -> None:
    """One payment and each time that it was made again, with the account that the bank says is right."""
    from pipeline.command.deposit_page import deposit_page  # noqa: PLC0415 - as above
    from pipeline.deposit_work import show_deposit  # noqa: PLC0415 - as above
    from pipeline.house import open_house  # noqa: PLC0415 - as above

    with open_house() as house:
        found = show_deposit(house, trace_number)
    if as_json:
        tell("", {"payments": found}, as_json=True)
    else:
        draw(deposit_page(trace_number, found))


@app.command()
def reissue(
    trace_number: Trace,
    by: Annotated[str | None, typer.Option(help="Who asks for it; by default the user of this machine.")] = None,
    note: Annotated[str | None, typer.Option(help="For whoever reads it later; no personal data.")] = None,
    same_account: Annotated[
        bool, typer.Option("--same-account", help="Though the payee is still paid into the account that failed.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Let a returned payment be made again with the next run, under its old trace number; once a return."""
    from pipeline.deposit_work import reissue as ask  # noqa: PLC0415 - as above
    from pipeline.house import open_house  # noqa: PLC0415 - as above

    with open_house() as house:
        report = ask(house, trace_number, by or getpass.getuser(), note, to_same_account=same_account)
    heading = "It is made again with the next run" if report["is_new"] else "This was asked for before"
    tell(heading, report, as_json=as_json)


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("a day is written YYYY-MM-DD", param_hint="--through") from None
