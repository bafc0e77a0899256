"""`edi remit`, and its parts: compose, dry-run, show, diff, release, abandon."""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any

import typer

from pipeline.command.exits import ATTENTION
from pipeline.command.printing import Json, busy, draw, tell

app = typer.Typer(help="The weekly remittance: 835s, EOPs and deposits, composed, looked at, and released.")

TODAY, DRY_RUN = "today", "dry-run"

Through = Annotated[
    str,
    typer.Option(metavar="DATE", help="Settle what was decided through this day of the plan: YYYY-MM-DD, or 'today'."),
]
Run = Annotated[str | None, typer.Argument(metavar="[RUN]", help="The run's day; without it the one that is open.")]
By = Annotated[str | None, typer.Option(help="Who decides; by default the user of this machine.")]
Note = Annotated[str | None, typer.Option(help="Why, for whoever reads it later; no personal data.")]


@app.callback(invoke_without_command=True)
def remit(
    context: typer.Context,
    through: Annotated[
        str | None,
        typer.Option(
            metavar="DATE", help="Settle what was decided through this day of the plan: YYYY-MM-DD, or 'today'."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Make the weekly remittance: one 835 and one EOP a payee, put into the outbox. A settled day stays settled.

    It goes out at once, or waits for its release where `remittance.release` in settings.yaml is `person`. Exit code 1
    where claims are left out because their decision breaks a law of the 835.
    """
    if context.invoked_subcommand is not None:
        return
    if through is None:
        raise typer.BadParameter("say through which day: --through YYYY-MM-DD", param_hint="--through")
    from pipeline.house import open_house  # noqa: PLC0415 - `edi --help` answers at once
    from pipeline.remit import remit as settle  # noqa: PLC0415 - as above

    asked = _day(through)
    with open_house() as house, busy("settling", as_json=as_json):
        day = asked or house.today()
        report = settle(house, day).summary()
    _tell_run(f"Remittance through {day}", report, as_json=as_json)


@app.command()
def compose(through: Through, as_json: Json = False) -> None:
    """Compose a run and leave it open, whatever the settings say: nothing is sent before `edi remit release`."""
    from pipeline.house import open_house  # noqa: PLC0415 - as above
    from pipeline.remit_lifecycle import compose as settle  # noqa: PLC0415 - as above

    asked = _day(through)
    with open_house() as house, busy("composing", as_json=as_json):
        report = settle(house, asked or house.today()).summary()
    _tell_run(f"Run through {report['through']}", report, as_json=as_json)


@app.command(DRY_RUN)
def dry_run(through: Through, as_json: Json = False) -> None:
    """Show what a run would pay to whom, and what would wait; nothing is written.

    Exit code 1 if it were refused, or left claims out because their decision breaks a law of the 835.
    """
    from pipeline.command.remit_page import run_page  # noqa: PLC0415 - as above
    from pipeline.house import open_house  # noqa: PLC0415 - as above
    from pipeline.remit_inspection import dry_run as rehearse  # noqa: PLC0415 - as above

    asked = _day(through)
    with open_house() as house, busy("composing", as_json=as_json):
        report = rehearse(house, asked or house.today())
    title = f"A run through {report['through']} would pay"
    tell(title, report, as_json=True) if as_json else draw(run_page(title, report))
    if report["faults"] or _waits(report):
        raise typer.Exit(ATTENTION)


@app.command()
def show(
    what: Annotated[
        str | None,
        typer.Argument(
            metavar="[TRN|RUN]", help="TRN02 of a remittance, or the day of a run; the last run without it."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Show a run by its payees, or draw one remittance with its claims and balances.

    Exit code 1 if a balance is broken, or a claim that the run left out waits to be decided again.
    """
    from pipeline.command.remit_page import remittance_page, run_page  # noqa: PLC0415 - as above
    from pipeline.house import open_house  # noqa: PLC0415 - as above
    from pipeline.remit_inspection import show_remittance, show_run  # noqa: PLC0415 - as above

    day = None if what is None else _date(what)
    with open_house() as house:
        is_run = what is None or day is not None
        report = show_run(house, day) if is_run else show_remittance(house, what or "")
    if as_json:
        tell("", report, as_json=True)
    elif is_run:
        draw(run_page(f"Run through {report['through']}", report))
    else:
        draw(remittance_page(report))
    if _waits(report) if is_run else not all(one["holds"] for one in report["balances"].values()):
        raise typer.Exit(ATTENTION)


@app.command()
def diff(
    before: Annotated[str, typer.Argument(metavar="RUN", help="The day of a run, or 'dry-run'.")],
    after: Annotated[str, typer.Argument(metavar="RUN", help="The day of another, or 'dry-run'.")],
    as_json: Json = False,
) -> None:
    """Show in which payees, claims and cents two runs differ, or a run and what it would be if it were composed now."""
    from pipeline.command.remit_page import difference_page  # noqa: PLC0415 - as above
    from pipeline.house import open_house  # noqa: PLC0415 - as above
    from pipeline.remit_inspection import differences  # noqa: PLC0415 - as above

    days = [None if one == DRY_RUN else _known_day(one) for one in (before, after)]
    with open_house() as house, busy("comparing", as_json=as_json):
        report = differences(house, days[0], days[1])
    title = f"From {before} to {after}"
    tell(title, report, as_json=True) if as_json else draw(difference_page(title, report))


@app.command()
def release(run: Run = None, by: By = None, note: Note = None, as_json: Json = False) -> None:
    """Let the files of a run go out, for good: the next delivery sends them."""
    from pipeline.house import open_house  # noqa: PLC0415 - as above
    from pipeline.remit_lifecycle import release as let_go  # noqa: PLC0415 - as above

    day = None if run is None else _known_day(run)
    with open_house() as house:
        report = let_go(house, day, by or getpass.getuser(), note).summary()
    _tell_run(f"Run through {report['through']}", report, as_json=as_json)


@app.command()
def abandon(run: Run = None, by: By = None, note: Note = None, as_json: Json = False) -> None:
    """Give up a run that was not released: its claims are due again, and its numbers are drawn again."""
    from pipeline.house import open_house  # noqa: PLC0415 - as above
    from pipeline.remit_lifecycle import abandon as give_up  # noqa: PLC0415 - as above

    day = None if run is None else _known_day(run)
    with open_house() as house:
        report = give_up(house, day, by or getpass.getuser(), note).summary()
    tell(f"Run through {report['through']}, given up", report, as_json=as_json)


def _tell_run(title: str, report: dict[str, Any], *, as_json: bool) -> None:
    """Print what became of a run; exit code 1 where a claim that it left out waits for a person."""
    from pipeline.command.remit_page import left_out_words  # noqa: PLC0415 - as above

    shown = report if as_json else report | {"left_out": left_out_words(report["left_out"])}
    tell(title, shown, as_json=as_json)
    if _waits(report):
        raise typer.Exit(ATTENTION)


def _waits(report: Mapping[str, Any]) -> bool:
    return any(one["waits"] for one in report["left_out"])


def _day(text: str) -> date | None:
    """The day that was asked for; None = today at the plan, which only its configuration knows."""
    if text == TODAY:
        return None
    day = _date(text)
    if day is None:
        raise typer.BadParameter("a day is written YYYY-MM-DD, or 'today'", param_hint="--through")
    return day


def _known_day(text: str) -> date:
    day = _date(text)
    if day is None:
        raise typer.BadParameter("a run goes by its day, written YYYY-MM-DD", param_hint="RUN")
    return day


def _date(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no time zone
    except ValueError:
        return None
