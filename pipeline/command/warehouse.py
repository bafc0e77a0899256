"""`edi warehouse start|stop|url|upgrade`: the embedded PostgreSQL, and the schema of any."""

from __future__ import annotations

import os

import typer

from pipeline.command.exits import USAGE
from pipeline.command.printing import Json, busy, tell

app = typer.Typer(
    help="The warehouse: a PostgreSQL under EDI_VAR, or the one EDI_WAREHOUSE_URL names.", no_args_is_help=True
)


@app.command()
def start(as_json: Json = False) -> None:
    """Start the embedded PostgreSQL and bring its schema up to date; nothing happens to what is done already."""
    from loaders import server  # noqa: PLC0415 - `edi --help` answers at once
    from pipeline.house import WAREHOUSE_VARIABLE, embedded_warehouse_folder, var_folder  # noqa: PLC0415 - as above

    if os.environ.get(WAREHOUSE_VARIABLE):
        typer.echo(
            f"edi: {WAREHOUSE_VARIABLE} names another warehouse, so the embedded one was not started. "
            "Unset it, or use `edi warehouse upgrade` for that one.",
            err=True,
        )
        raise typer.Exit(USAGE)
    folder = embedded_warehouse_folder(var_folder())
    with busy("starting PostgreSQL", as_json=as_json):
        report = _upgraded(server.start(folder))
    tell("Warehouse started", {"folder": str(folder), **report}, as_json=as_json)


@app.command()
def stop(as_json: Json = False) -> None:
    """Stop the embedded PostgreSQL; its data stay."""
    from loaders import server  # noqa: PLC0415 - `edi --help` answers at once
    from pipeline.house import embedded_warehouse_folder, var_folder  # noqa: PLC0415 - as above

    folder = embedded_warehouse_folder(var_folder())
    was_running = server.running(folder) is not None
    with busy("stopping PostgreSQL", as_json=as_json):
        server.stop(folder)
    tell("Warehouse stopped", {"folder": str(folder), "was_running": was_running}, as_json=as_json)


@app.command()
def url(as_json: Json = False) -> None:
    """Print the url that clients such as psql connect to. It holds the password."""
    from pipeline.house import var_folder, warehouse_url  # noqa: PLC0415 - `edi --help` answers at once

    found = warehouse_url(var_folder()).replace("postgresql+psycopg://", "postgresql://")
    if as_json:
        tell("", {"url": found}, as_json=True)
    else:
        typer.echo(found)


@app.command()
def upgrade(as_json: Json = False) -> None:
    """Bring the schema of the warehouse up to date."""
    from pipeline.house import var_folder, warehouse_url  # noqa: PLC0415 - `edi --help` answers at once

    with busy("upgrading the schema", as_json=as_json):
        report = _upgraded(warehouse_url(var_folder()))
    tell("Warehouse upgraded", report, as_json=as_json)


def _upgraded(url: str) -> dict[str, object]:
    """Upgrade the schema; where the warehouse is and what schema it had and has."""
    from loaders import migrate  # noqa: PLC0415 - `edi --help` answers at once
    from loaders.warehouse import open_warehouse  # noqa: PLC0415 - as above

    opened = open_warehouse(url)
    try:
        before = migrate.current(opened.engine)
        migrate.upgrade(opened.engine)
        return {"warehouse": opened.place, "schema_before": before, "schema": migrate.current(opened.engine)}
    finally:
        opened.close()
