"""`edi pend list|show|assign|release|deny|price`: claims that wait for a person."""

from __future__ import annotations

import getpass
import re
from typing import TYPE_CHECKING, Annotated

import typer

from edi.money import dollars, to_cents
from pipeline.command.printing import Json, tell
from pipeline.command.words import Note, person

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from pipeline.pend_work import Acted

app = typer.Typer(help="Claims that wait for a person.", no_args_is_help=True)

MOST = 10_000
"""Claims that are listed at once."""
AGES = ("0-15", "16-30", "31-45", "46+")
GROUP = re.compile(r"CO|PR|OA|PI")
REASON = re.compile(r"\d{1,3}|[ABPWY]\d{1,3}", re.ASCII)
REMARK = re.compile(r"M\d{1,3}|MA\d{1,3}|N\d{1,3}", re.ASCII)
LINE_PRICE = re.compile(r"(\d{1,4})=(.+)", re.ASCII)

Number = Annotated[str, typer.Argument(metavar="CLAIM", help="Our claim number.")]
By = Annotated[str | None, typer.Option(callback=person, help="Who decides; by default the user of this machine.")]


@app.command("list")
def list_pended(
    reason: Annotated[str | None, typer.Option(help="Only claims that wait for this reason.")] = None,
    owner: Annotated[str | None, typer.Option(help="Only those of this person or queue.")] = None,
    age: Annotated[
        str | None, typer.Option(help="Only those that waited so many days: 0-15, 16-30, 31-45, 46+.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=MOST, help="Show at most so many, the longest waiting first.")] = 100,
    as_json: Json = False,
) -> None:
    """List claims that wait: reason, owner and how long; all of them are counted, whatever is listed."""
    from pipeline.house import open_house  # noqa: PLC0415 - `edi --help` answers at once
    from pipeline.pend_work import pended  # noqa: PLC0415 - as above

    if age is not None and age not in AGES:
        raise typer.BadParameter(f"expected {', '.join(AGES)}", param_hint="--age")
    with open_house() as house:
        report = pended(house, reason=reason, owner=owner, bucket=age, most=limit)
    if as_json:
        tell("", report, as_json=True)
    else:
        _show(report)


@app.command()
def show(claim: Number, as_json: Json = False) -> None:
    """Show what people did with a claim; `edi claim` shows its decisions."""
    from pipeline.house import open_house  # noqa: PLC0415 - `edi --help` answers at once
    from pipeline.pend_work import work_on  # noqa: PLC0415 - as above

    with open_house() as house:
        report = work_on(house, _number(claim))
    if as_json:
        tell("", report, as_json=True)
    else:
        done = {f"action {one['action']}": one for one in report["actions"]}
        tell(f"Actions on claim {report['claim_number']}", done or {"actions": 0}, as_json=False)


@app.command()
def assign(
    claim: Number,
    to: Annotated[
        str | None, typer.Option(callback=person, help="Who takes it over; without it, the queue of its reason.")
    ] = None,
    by: By = None,
    note: Note = None,
    as_json: Json = False,
) -> None:
    """Give a claim that waits to a person, or back to its queue."""
    from pipeline.house import open_house  # noqa: PLC0415 - `edi --help` answers at once
    from pipeline.pend_work import assign as give  # noqa: PLC0415 - as above

    with open_house() as house:
        report = give(house, _number(claim), to, by or getpass.getuser(), note)
    tell("Claim assigned", report, as_json=as_json)


@app.command()
def release(
    claim: Number,
    reason: Annotated[str | None, typer.Option(help="Only if this is what it waits for.")] = None,
    by: By = None,
    note: Note = None,
    as_json: Json = False,
) -> None:
    """Set aside the reason that a claim waits for, that one and no other, and decide it again."""
    from pipeline.house import open_house  # noqa: PLC0415 - `edi --help` answers at once
    from pipeline.pend_work import release as decide  # noqa: PLC0415 - as above

    with open_house() as house:
        acted = decide(house, _number(claim), by or getpass.getuser(), note, reason)
    _tell(acted, as_json=as_json)


@app.command()
def deny(
    claim: Number,
    group: Annotated[str, typer.Option(help="Who bears it: CO, PR, OA or PI.")],
    carc: Annotated[str, typer.Option(help="Claim adjustment reason code.")],
    rarc: Annotated[list[str] | None, typer.Option(help="Remittance advice remark code; may be repeated.")] = None,
    by: By = None,
    note: Note = None,
    as_json: Json = False,
) -> None:
    """Deny a claim that waits, all of its lines."""
    from pipeline.house import open_house  # noqa: PLC0415 - `edi --help` answers at once
    from pipeline.pend_work import deny as decide  # noqa: PLC0415 - as above

    remarks = list(dict.fromkeys(rarc or ()))
    for shape, code, option in (
        (GROUP, group, "--group"),
        (REASON, carc, "--carc"),
        *((REMARK, r, "--rarc") for r in remarks),
    ):
        if not shape.fullmatch(code):
            raise typer.BadParameter("no such form of code", param_hint=option)
    with open_house() as house:
        acted = decide(house, _number(claim), (group, carc, remarks), by or getpass.getuser(), note)
    _tell(acted, as_json=as_json)


@app.command()
def price(
    claim: Number,
    line: Annotated[list[str], typer.Option(help="Line and amount allowed, as 2=75.50; may be repeated.")],
    by: By = None,
    note: Note = None,
    as_json: Json = False,
) -> None:
    """Allow amounts for lines that the fee schedule has no price for, and decide the claim again."""
    from pipeline.house import open_house  # noqa: PLC0415 - `edi --help` answers at once
    from pipeline.pend_work import price as decide  # noqa: PLC0415 - as above

    with open_house() as house:
        acted = decide(house, _number(claim), _prices(line), by or getpass.getuser(), note)
    _tell(acted, as_json=as_json)


def _number(text: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", text.upper())


def _prices(lines: list[str]) -> dict[int, int]:
    prices: dict[int, int] = {}
    for text in lines:
        found = LINE_PRICE.fullmatch(text.strip())
        try:
            number, cents = (int(found[1]), to_cents(found[2])) if found else (0, 0)
        except ValueError:
            number, cents = 0, 0
        if not number or cents <= 0 or number in prices:
            raise typer.BadParameter("expected a line and its amount, each line once, as 2=75.50", param_hint="--line")
        prices[number] = cents
    return prices


def _tell(acted: Acted, *, as_json: bool) -> None:
    tell("Claim decided" if acted.pend_reason is None else "Claim waits on", acted.summary(), as_json=as_json)


def _show(report: Mapping[str, Any]) -> None:
    """Counts, and a table of claims."""
    from rich.console import Console  # noqa: PLC0415 - people only
    from rich.table import Table  # noqa: PLC0415 - as above

    counts = {name: report[name] for name in ("pended", "charge_cents", "by_reason", "by_owner", "by_age")}
    tell("Claims that wait", counts, as_json=False)
    if not report["claims"]:
        return
    table = Table(box=None, pad_edge=False)
    for name in ("claim", "days", "owner", "reason", "charge", "received", "from"):
        table.add_column(name)
    for one in report["claims"]:
        table.add_row(
            one["claim_number"],
            str(one["days"]),
            one["owner"],
            one["pend_reason"],
            dollars(one["charge_cents"]),
            one["received_on"],
            one["partner"],
        )
    Console(soft_wrap=True, markup=False, emoji=False).print(table)
