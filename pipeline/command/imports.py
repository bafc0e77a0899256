"""`edi decisions import`, `edi opening import` and `balances`: what other systems decide, or decided before."""

from __future__ import annotations

import getpass
import re
from pathlib import Path
from typing import Annotated

import typer

from pipeline.command.printing import Json, busy, tell

SYSTEM = re.compile(r"[A-Za-z0-9_-]{1,40}", re.ASCII)

decisions = typer.Typer(help="Decisions of a system beside this one.", no_args_is_help=True)
opening = typer.Typer(help="Claims and balances of an earlier system.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(metavar="FILE", help="CSV or Parquet in the form of docs/operations.md.")]
By = Annotated[str | None, typer.Option(help="Who imports it; by default the user of this machine.")]


@opening.callback()
@decisions.callback()
def _group() -> None:
    """Keep `import` a word of its own while it is the only command."""


@decisions.command("import")
def import_decisions(
    file: File,
    source_system: Annotated[str, typer.Option("--from", help="The system that decided, by a short name of yours.")],
    by: By = None,
    as_json: Json = False,
) -> None:
    """Store the decisions of a file: all of them, or none and what is wrong with it. The same content counts once."""
    from pipeline.decision_import import import_decisions as store  # noqa: PLC0415 - `edi --help` answers at once
    from pipeline.house import open_house  # noqa: PLC0415 - as above

    if not SYSTEM.fullmatch(source_system):
        raise typer.BadParameter("expected up to 40 letters, digits, - and _", param_hint="--from")
    with open_house() as house, busy("importing decisions", as_json=as_json):
        report = store(house, file, source_system, by or getpass.getuser())
    title = "Decisions imported" if report.is_new else "These decisions were imported before"
    tell(title, report.summary(), as_json=as_json)


@opening.command("import")
def import_opening(
    file: File,
    source_system: Annotated[str, typer.Option("--from", help="The earlier system, by a short name of yours.")],
    by: By = None,
    as_json: Json = False,
) -> None:
    """Store the prior claims of a file as decided and paid: all of them, or none. The same content counts once."""
    from pipeline.house import open_house  # noqa: PLC0415 - `edi --help` answers at once
    from pipeline.opening_import import import_opening_claims  # noqa: PLC0415 - as above

    if not SYSTEM.fullmatch(source_system):
        raise typer.BadParameter("expected up to 40 letters, digits, - and _", param_hint="--from")
    with open_house() as house, busy("importing prior claims", as_json=as_json):
        report = import_opening_claims(house, file, source_system, by or getpass.getuser())
    title = "Prior claims imported" if report.is_new else "These claims were imported before"
    tell(title, report.summary(), as_json=as_json)


@opening.command("balances")
def import_balances(
    file: File,
    source_system: Annotated[str, typer.Option("--from", help="The earlier system, by a short name of yours.")],
    by: By = None,
    as_json: Json = False,
) -> None:
    """Open deductibles, out-of-pocket maxima and limits with what was used of them before; all of a file, or none.

    A later file of the same system takes the place of the one before, whole.
    """
    from pipeline.house import open_house  # noqa: PLC0415 - `edi --help` answers at once
    from pipeline.opening_balances import import_opening_balances  # noqa: PLC0415 - as above

    if not SYSTEM.fullmatch(source_system):
        raise typer.BadParameter("expected up to 40 letters, digits, - and _", param_hint="--from")
    with open_house() as house, busy("importing opening balances", as_json=as_json):
        report = import_opening_balances(house, file, source_system, by or getpass.getuser())
    title = "Opening balances imported" if report.is_new else "These balances were imported before; nothing changed"
    tell(title, report.summary(), as_json=as_json)
