"""`edi dispute open|close|list`: disputes that came by portal, paper or telephone."""

from __future__ import annotations

import getpass
import re
from datetime import date
from enum import StrEnum
from typing import Annotated

import typer

from pipeline.command.printing import Json, tell
from pipeline.command.words import Note, person

app = typer.Typer(help="Disputes that came by portal, paper or telephone.", no_args_is_help=True)

REFERENCE = re.compile(r"[A-Za-z0-9._/-]{1,40}", re.ASCII)

Reference = Annotated[str, typer.Option(help="Number of the case where disputes are kept.")]
By = Annotated[str | None, typer.Option(callback=person, help="Who records it; by default the user of this machine.")]


class Channel(StrEnum):
    """How it came."""

    PORTAL = "portal"
    PAPER = "paper"
    TELEPHONE = "telephone"


class Outcome(StrEnum):
    """What came of it: the decision stands, does not, or nobody asks any more."""

    UPHELD = "upheld"
    OVERTURNED = "overturned"
    WITHDRAWN = "withdrawn"


@app.command("open")
def open_(
    claim: Annotated[str, typer.Argument(metavar="CLAIM", help="Our claim number.")],
    reference: Reference,
    channel: Annotated[Channel, typer.Option(help="How it came.")] = Channel.PORTAL,
    on: Annotated[
        str | None, typer.Option(metavar="DATE", help="When it was received, YYYY-MM-DD; by default today.")
    ] = None,
    by: By = None,
    note: Note = None,
    as_json: Json = False,
) -> None:
    """Record a dispute about a claim: until it is closed, replacements and voids of the claim are returned."""
    from pipeline.disputes import open_dispute  # noqa: PLC0415 - `edi --help` answers at once
    from pipeline.house import open_house  # noqa: PLC0415 - as above

    day = _day(on)
    number = re.sub(r"[^0-9A-Z]", "", claim.upper())
    with open_house() as house:
        report = open_dispute(house, number, _checked(reference), channel.value, day, by or getpass.getuser(), note)
    tell("Dispute open" if report["is_new"] else "This dispute was open before", report, as_json=as_json)


@app.command()
def close(
    reference: Annotated[str, typer.Argument(metavar="REFERENCE", help="Number of the case.")],
    outcome: Annotated[Outcome, typer.Option(help="upheld: the decision stands.")],
    by: By = None,
    as_json: Json = False,
) -> None:
    """Close a dispute: corrections of its claim are taken again. Nothing is decided anew by this."""
    from pipeline.disputes import close_dispute  # noqa: PLC0415 - as above
    from pipeline.house import open_house  # noqa: PLC0415 - as above

    with open_house() as house:
        report = close_dispute(house, _checked(reference), outcome.value, by or getpass.getuser())
    tell("Dispute closed" if report["is_new"] else "This dispute was closed before", report, as_json=as_json)


@app.command("list")
def list_(
    everything: Annotated[bool, typer.Option("--all", help="Closed ones too.")] = False,
    as_json: Json = False,
) -> None:
    """List disputes that are open, the oldest first, and count them and those that came disguised as claims."""
    from pipeline.disputes import list_disputes  # noqa: PLC0415 - as above
    from pipeline.house import open_house  # noqa: PLC0415 - as above

    with open_house() as house:
        report = list_disputes(house, closed_too=everything)
    if as_json:
        tell("", report, as_json=True)
        return
    disputes = report.pop("disputes")
    tell("Disputes", {**report, **{f"dispute {one['reference']}": one for one in disputes}}, as_json=False)


def _checked(reference: str) -> str:
    if not REFERENCE.fullmatch(reference):
        raise typer.BadParameter("expected up to 40 letters, digits and . _ / -", param_hint="--reference")
    return reference


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("a day is written YYYY-MM-DD", param_hint="--on") from None
