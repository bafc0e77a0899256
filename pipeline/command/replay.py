"""`edi replay warehouse|file`: what was done, done again in an empty warehouse, and compared."""

from __future__ import annotations

import getpass
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

from pipeline.command.exits import ATTENTION
from pipeline.command.printing import LARGEST, Json, busy, tell
from pipeline.command.words import person, remark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loaders.warehouse import Warehouse
    from pipeline.house import House
    from pipeline.readjudicate import Readjudicated
    from pipeline.replay_report import ReplayReport

app = typer.Typer(
    help="Do again what the journal tells, in an empty warehouse, and compare answers and decisions.",
    no_args_is_help=True,
)

Into = Annotated[
    str | None,
    typer.Option("--into", metavar="URL", help="An empty PostgreSQL database; it may be dropped afterwards."),
]
Scratch = Annotated[
    bool,
    typer.Option("--scratch", help="Instead of --into: a database beside the warehouse, dropped when it is compared."),
]


@app.command()
def warehouse(into: Into = None, scratch: Scratch = False, as_json: Json = False) -> None:
    """Replay everything. Exit code 1 when an answer differs by a byte or a decision by a field."""
    from pipeline.house import open_house  # noqa: PLC0415 - `edi --help` answers at once
    from pipeline.replay import replay_warehouse  # noqa: PLC0415 - as above

    _require_one(into, scratch=scratch)
    with (
        open_house() as house,
        _target(house, into) as target,
        tempfile.TemporaryDirectory() as folder,
        busy("replaying", as_json=as_json),
    ):
        report = replay_warehouse(house, target, Path(folder))
    _finish(report, None, as_json=as_json)


@app.command()
def file(
    file_id: Annotated[int, typer.Argument(metavar="FILE", min=1, max=LARGEST, help="The file's id in the ledger.")],
    into: Into = None,
    scratch: Scratch = False,
    bundle: Annotated[str | None, typer.Option(metavar="DIGEST", help="A rules bundle that was used before.")] = None,
    config: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help="A folder of configuration to judge it by.")
    ] = None,
    apply: Annotated[
        bool, typer.Option("--apply", help="Decide the claims whose decision differs again, by these rules.")
    ] = False,
    by: Annotated[
        str | None, typer.Option(callback=person, help="Who applies it; by default the user of this machine.")
    ] = None,
    note: Annotated[str | None, typer.Option(callback=remark, help="Why it is applied.")] = None,
    as_json: Json = False,
) -> None:
    """Replay one file as of its recorded instants, by its recorded rules or others, and print what differs.

    Nothing changes but with --apply. Exit code 1 when anything differs, or, with --apply, when a claim was left as it
    is.
    """
    from loaders.readjudications import Readjudication  # noqa: PLC0415 - as above
    from pipeline.configuration import load_configuration  # noqa: PLC0415 - as above
    from pipeline.house import open_house  # noqa: PLC0415 - as above
    from pipeline.readjudicate import apply_replay  # noqa: PLC0415 - as above
    from pipeline.replay import replay_file  # noqa: PLC0415 - as above
    from pipeline.rules_bundle import load_bundle  # noqa: PLC0415 - as above

    _require_one(into, scratch=scratch)
    if bundle is not None and config is not None:
        raise typer.BadParameter("name a bundle or a folder, not both", param_hint="--bundle")
    if apply and bundle is None and config is None:
        raise typer.BadParameter("name the rules to apply, by --bundle or --config", param_hint="--apply")
    applied = None
    with (
        open_house() as house,
        _target(house, into) as target,
        tempfile.TemporaryDirectory() as folder,
        busy("replaying", as_json=as_json),
    ):
        var = Path(folder)
        other = load_configuration(config) if config is not None else None
        if bundle is not None:
            other = load_bundle(house, bundle, var / "other")
        report = replay_file(house, file_id, target, var, other)
        if apply and other is not None:
            applied = apply_replay(house, target, other, Readjudication(file_id, by or getpass.getuser(), note))
    _finish(report, applied, as_json=as_json)


def _require_one(into: str | None, *, scratch: bool) -> None:
    if (into is None) != scratch:
        raise typer.BadParameter("name a database, or let one be made by --scratch", param_hint="--into")


@contextmanager
def _target(house: House, into: str | None) -> Iterator[Warehouse]:
    """The warehouse to replay into: the one that was named, or a new one for this time only."""
    from loaders.scratch import scratch_warehouse  # noqa: PLC0415 - as above
    from loaders.warehouse import open_warehouse  # noqa: PLC0415 - as above

    if into is None:
        with scratch_warehouse(house.warehouse, uuid4().hex) as target:
            yield target
        return
    target = open_warehouse(into)
    try:
        yield target
    finally:
        target.close()


def _finish(report: ReplayReport, applied: Readjudicated | None, *, as_json: bool) -> None:
    summary = report.summary()
    if not as_json:
        summary["differences"] = {
            f"{one['kind']} {one['key']}": {
                name: f"recorded {sides['recorded']}, replayed {sides['replayed']}"
                for name, sides in one["fields"].items()
            }
            for one in summary["differences"]
        }
    if applied is not None:
        summary.update(applied.summary())
    tell("Replayed", summary, as_json=as_json)
    if not report.is_alike if applied is None else applied.left:
        raise typer.Exit(ATTENTION)
