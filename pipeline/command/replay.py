"""`edi replay warehouse|file`: what was done, done again in an empty warehouse, and compared."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.command.exits import ATTENTION
from pipeline.command.printing import Json, busy, tell

if TYPE_CHECKING:
    from pipeline.replay import ReplayReport

app = typer.Typer(
    help="Do again what the journal tells, in an empty warehouse, and compare answers and decisions.",
    no_args_is_help=True,
)

Into = Annotated[
    str, typer.Option("--into", metavar="URL", help="An empty PostgreSQL database; it may be dropped afterwards.")
]


@app.command()
def warehouse(into: Into, as_json: Json = False) -> None:
    """Replay everything. Exit code 1 when an answer differs by a byte or a decision by a field."""
    from loaders.warehouse import open_warehouse  # noqa: PLC0415 - `edi --help` answers at once
    from pipeline.house import open_house  # noqa: PLC0415 - as above
    from pipeline.replay import replay_warehouse  # noqa: PLC0415 - as above

    target = open_warehouse(into)
    try:
        with open_house() as house, tempfile.TemporaryDirectory() as folder, busy("replaying", as_json=as_json):
            report = replay_warehouse(house, target, Path(folder))
    finally:
        target.close()
    _finish(report, as_json=as_json)


@app.command()
def file(
    file_id: Annotated[int, typer.Argument(metavar="FILE", help="The file's id in the ledger.")],
    into: Into,
    bundle: Annotated[str | None, typer.Option(metavar="DIGEST", help="A rules bundle that was used before.")] = None,
    config: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help="A folder of configuration to judge it by.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Replay one file as of its recorded instants, by its recorded rules or others, and print what differs.

    Exit code 1 when anything does.
    """
    from loaders.warehouse import open_warehouse  # noqa: PLC0415 - as above
    from pipeline.configuration import load_configuration  # noqa: PLC0415 - as above
    from pipeline.house import open_house  # noqa: PLC0415 - as above
    from pipeline.replay import replay_file  # noqa: PLC0415 - as above
    from pipeline.rules_bundle import load_bundle  # noqa: PLC0415 - as above

    if bundle is not None and config is not None:
        raise typer.BadParameter("name a bundle or a folder, not both", param_hint="--bundle")
    target = open_warehouse(into)
    try:
        with open_house() as house, tempfile.TemporaryDirectory() as folder, busy("replaying", as_json=as_json):
            var = Path(folder)
            other = load_configuration(config) if config is not None else None
            if bundle is not None:
                other = load_bundle(house, bundle, var / "other")
            report = replay_file(house, file_id, target, var, other)
    finally:
        target.close()
    _finish(report, as_json=as_json)


def _finish(report: ReplayReport, *, as_json: bool) -> None:
    summary = report.summary()
    if not as_json:
        summary["differences"] = {
            f"{one['kind']} {one['key']}": {
                name: f"recorded {sides['recorded']}, replayed {sides['replayed']}"
                for name, sides in one["fields"].items()
            }
            for one in summary["differences"]
        }
    tell("Replayed", summary, as_json=as_json)
    if not report.is_alike:
        raise typer.Exit(ATTENTION)
