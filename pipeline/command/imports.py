"""`edi decisions import`, `edi opening import` and `balances`: what other systems decide, or decided before."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple, Protocol

import typer

from pipeline.command.printing import Json, busy, tell
from pipeline.command.words import person, system

if TYPE_CHECKING:
    from pipeline.house import House

decisions = typer.Typer(help="Decisions of a system beside this one.", no_args_is_help=True)
opening = typer.Typer(help="Claims and balances of an earlier system.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(metavar="FILE", help="CSV or Parquet in the form of docs/operations.md.")]
By = Annotated[str | None, typer.Option(callback=person, help="Who imports it; by default the user of this machine.")]
Earlier = Annotated[str, typer.Option("--from", callback=system, help="The earlier system, by a short name of yours.")]


class Report(Protocol):
    """What an import did."""

    @property
    def is_new(self) -> bool:
        """Was the content not imported before?"""

    def summary(self) -> Mapping[str, object]:
        """For people and programs."""


class Titles(NamedTuple):
    """What is told while it goes on, when it is done, and when there was nothing to do."""

    doing: str
    done: str
    before: str


@opening.callback()
@decisions.callback()
def _group() -> None:
    """Keep `import` a word of its own while it is the only command."""


@decisions.command("import")
def import_decisions(
    file: File,
    source_system: Annotated[
        str, typer.Option("--from", callback=system, help="The system that decided, by a short name of yours.")
    ],
    by: By = None,
    as_json: Json = False,
) -> None:
    """Store the decisions of a file: all of them, or none and what is wrong with it. The same content counts once."""
    from pipeline.decision_import import import_decisions as store  # noqa: PLC0415 - `edi --help` answers at once

    titles = Titles("importing decisions", "Decisions imported", "These decisions were imported before")
    _import(store, file, source_system, by, titles, as_json=as_json)


@opening.command("import")
def import_opening(file: File, source_system: Earlier, by: By = None, as_json: Json = False) -> None:
    """Store the prior claims of a file as decided and paid: all of them, or none. The same content counts once."""
    from pipeline.opening_import import import_opening_claims as store  # noqa: PLC0415 - as above

    titles = Titles("importing prior claims", "Prior claims imported", "These claims were imported before")
    _import(store, file, source_system, by, titles, as_json=as_json)


@opening.command("balances")
def import_balances(file: File, source_system: Earlier, by: By = None, as_json: Json = False) -> None:
    """Open deductibles, out-of-pocket maxima and limits with what was used of them before; all of a file, or none.

    A later file of the same system takes the place of the one before, whole.
    """
    from pipeline.opening_balances import import_opening_balances as store  # noqa: PLC0415 - as above

    before = "These balances were imported before; nothing changed"
    titles = Titles("importing opening balances", "Opening balances imported", before)
    _import(store, file, source_system, by, titles, as_json=as_json)


def _import(
    store: Callable[[House, Path, str, str], Report],
    file: Path,
    source_system: str,
    by: str | None,
    titles: Titles,
    *,
    as_json: bool,
) -> None:
    from pipeline.house import open_house  # noqa: PLC0415 - as above

    with open_house() as house, busy(titles.doing, as_json=as_json):
        report = store(house, file, source_system, by or getpass.getuser())
    tell(titles.done if report.is_new else titles.before, report.summary(), as_json=as_json)
