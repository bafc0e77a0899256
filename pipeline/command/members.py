"""`edi member`."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.command.printing import Json, tell

if TYPE_CHECKING:
    from pipeline.member import MemberView


def member(
    number: Annotated[str, typer.Argument(metavar="ID", help="Subscriber number (REF*0F), as on the card.")],
    on: Annotated[
        str | None, typer.Option(metavar="DATE", help="Coverage on this day, YYYY-MM-DD; by default today.")
    ] = None,
    as_known: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="As it was known at the end of this day of the plan; by default now."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Show who is covered under a subscriber number, and the history of how we came to know it.

    Exit code 4 when nobody was enrolled under it, as far as was known.
    """
    from pipeline.house import open_house  # noqa: PLC0415 - `edi --help` answers at once
    from pipeline.member import view_member  # noqa: PLC0415 - as above

    day, knowledge = _day(on, "--on"), _day(as_known, "--as-known")
    with open_house() as house:
        view = view_member(house, number, day, knowledge)
    if as_json:
        tell("", view.summary(), as_json=True)
    else:
        _show(view)


def _day(text: str | None, option: str) -> date | None:
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no time zone
    except ValueError:
        raise typer.BadParameter("a day is written YYYY-MM-DD", param_hint=option) from None


def _show(view: MemberView) -> None:
    """A table a member, its spans drawn on one scale of days."""
    from rich.console import Console  # noqa: PLC0415 - people only
    from rich.table import Table  # noqa: PLC0415 - as above

    from pipeline.benefits_told import amount_words, counter_words  # noqa: PLC0415 - as above
    from pipeline.member_timeline import LEAST_WIDTH, WIDTH, draw, pointer, room_for_bars, scale_of  # noqa: PLC0415 - as above

    # names of a file are no markup
    console = Console(soft_wrap=True, markup=False, emoji=False)
    spans = [span for member in view.members for span in member.spans]
    room = room_for_bars(spans, console.width)
    if room == LEAST_WIDTH:
        console.width += WIDTH  # a terminal wraps what does not fit; a table would cut it off
    scale = scale_of(spans, view.on, room)
    console.print(
        f"Subscriber number {view.subscriber_number}, on {view.on}, as known {view.as_known:%Y-%m-%d %H:%M} UTC"
    )
    for member in view.members:
        rows = list(draw(member.spans, view.on, scale))
        covered = [row.label for row in rows if row.is_on_day]
        who = "subscriber" if member.is_subscriber else f"relationship {member.relationship_code}"
        if member.subscriber_number != view.subscriber_number:
            who += f", under {member.subscriber_number}"
        table = Table(
            title=f"\n{member.first_name or '-'} ({who}, group {member.group_id}): "
            + (f"covered by {', '.join(covered)}" if covered else "not covered"),
            title_justify="left",
            box=None,
            pad_edge=False,
        )
        table.add_column("coverage", no_wrap=True)
        table.add_column(pointer(view.on, scale), no_wrap=True)
        table.add_column("known", no_wrap=True)
        for row in rows:
            table.add_row(f"{row.label}\n{row.days}", row.bar, row.known, style=None if row.is_believed else "dim")
        console.print(table)
    names = {member.member_id: member.first_name or "-" for member in view.members}
    for told in view.summary()["benefits_used"]:
        who = f"{names.get(told['member_id'], '-')}: " if told["member_id"] is not None else ""
        opened = f", {amount_words(told, 'opening')} of it from {told['opened_from']}" if told["opening"] else ""
        console.print(f"{who}{counter_words(told)}: {amount_words(told, 'used')} used{opened}")
