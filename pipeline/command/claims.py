"""`edi adjudicate` and `edi claim`."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.command.printing import LARGEST, Json, busy, draw, tell


def adjudicate(as_json: Json = False) -> None:
    """Decide every claim that can be decided now."""
    from pipeline.adjudicate import adjudicate as decide  # noqa: PLC0415 - `edi --help` answers at once
    from pipeline.house import open_house  # noqa: PLC0415 - as above

    with open_house() as house, busy("deciding claims", as_json=as_json):
        report = decide(house).summary()
    tell("Claims decided", report, as_json=as_json)


def claim(
    number: Annotated[
        str | None,
        typer.Argument(metavar="NUMBER", help="Our claim number or tracking number, else the provider's (CLM01)."),
    ] = None,
    provider_number: Annotated[
        bool, typer.Option("--provider-number", help="The number is the provider's, CLM01; several claims may have it.")
    ] = False,
    member: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Only claims of this subscriber number; with no NUMBER all of them."),
    ] = None,
    file: Annotated[
        int | None, typer.Option(metavar="FILE", min=1, max=LARGEST, help="Only claims of the file with this number.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Where several claims fit, tell all of them whole instead of listing them.")
    ] = False,
    show_source: Annotated[
        bool,
        typer.Option(
            "--show-source", help="Show the text of segments too, which is health data; refused inside a task."
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Show a claim's family: what happened when, decisions with rules and facts, remittances, and each one's segment.

    Where several claims fit they are listed, with what to ask for. Exit code 4 when none does.
    """
    from pipeline.claim import view_claim  # noqa: PLC0415 - `edi --help` answers at once
    from pipeline.house import open_house  # noqa: PLC0415 - as above
    from pipeline.inspection.excerpt import refuse_values_in_tasks  # noqa: PLC0415 - as above

    if number is None and member is None and file is None:
        raise typer.BadParameter("say a number, or --member or --file", param_hint="NUMBER")
    if show_source:
        refuse_values_in_tasks("--show-source")
    with open_house() as house:
        view = view_claim(
            house,
            number,
            of_provider=provider_number,
            subscriber=member,
            file_id=file,
            everything=everything,
            show_source=show_source,
        )
    if as_json:
        tell("", view.summary(), as_json=True)
        return
    from loaders.claim_lookup import MOST  # noqa: PLC0415 - people only
    from pipeline.command.claim_page import candidates_page, page  # noqa: PLC0415 - as above

    draw(candidates_page(view.candidates, MOST) if view.candidates else page(view.claims, view.timeline))
