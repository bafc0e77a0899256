"""`edi adjudicate` and `edi claim`."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.command.printing import Json, busy, tell


def adjudicate(as_json: Json = False) -> None:
    """Decide every claim that can be decided now."""
    from pipeline.adjudicate import adjudicate as decide  # noqa: PLC0415 - `edi --help` answers at once
    from pipeline.house import open_house  # noqa: PLC0415 - as above

    with open_house() as house, busy("deciding claims", as_json=as_json):
        report = decide(house).summary()
    tell("Claims decided", report, as_json=as_json)


def claim(
    number: Annotated[
        str, typer.Argument(metavar="NUMBER", help="Our claim number or tracking number, or the provider's (CLM01).")
    ],
    provider_number: Annotated[
        bool, typer.Option("--provider-number", help="The number is the provider's, CLM01; several claims may have it.")
    ] = False,
    show_source: Annotated[
        bool,
        typer.Option(
            "--show-source", help="Show the text of segments too, which is health data; refused inside a task."
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Show a claim's family: versions, decisions with rules and facts, remittances, and the segment each is about.

    Exit code 4 when no claim has the number.
    """
    from pipeline.claim import view_claim  # noqa: PLC0415 - `edi --help` answers at once
    from pipeline.house import open_house  # noqa: PLC0415 - as above
    from pipeline.inspection.excerpt import refuse_values_in_tasks  # noqa: PLC0415 - as above

    if show_source:
        refuse_values_in_tasks("--show-source")
    with open_house() as house:
        view = view_claim(house, number, of_provider=provider_number, show_source=show_source)
    if as_json:
        tell("", view.summary(), as_json=True)
        return
    from rich.console import Console  # noqa: PLC0415 - people only
    from rich.text import Text  # noqa: PLC0415 - as above

    from pipeline.command.claim_page import page  # noqa: PLC0415 - as above

    console = Console(soft_wrap=True, markup=False, emoji=False, highlight=False)
    for line in page(view.claims):
        console.print(Text("  " * line.depth + line.text, style=line.style or ""))
