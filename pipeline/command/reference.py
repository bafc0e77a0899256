"""`edi reference`: the tables that a plan loads for adjudication."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.command.printing import Json, tell

reference = typer.Typer(help="Reference data of adjudication, loaded as versions.", no_args_is_help=True)


@reference.command("load")
def load(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="`edi reference list` tells all.")],
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="CSV, or *.parquet.")],
    as_json: Json = False,
) -> None:
    """Load a whole table as the version in force; the same content again changes nothing."""
    from loaders.reference_data import load_reference  # noqa: PLC0415 - `edi --help` answers at once
    from pipeline.house import open_house  # noqa: PLC0415 - as above

    with open_house() as house, house.warehouse.begin() as connection:
        remarks = house.configuration.reason_codes().remarks
        loaded = load_reference(connection, kind, file, house.now(), remarks)
    report = {"kind": loaded.kind, "version": loaded.version, "rows": loaded.rows}
    tell("Reference data loaded", report, as_json=as_json)


@reference.command("list")
def list_kinds(as_json: Json = False) -> None:
    """Every kind with the columns of its files and the version in force."""
    from edi.reference_data import TABLES  # noqa: PLC0415 - `edi --help` answers at once
    from loaders.reference_data import versions_in_force  # noqa: PLC0415 - as above
    from pipeline.house import open_house  # noqa: PLC0415 - as above

    with open_house() as house, house.warehouse.begin() as connection:
        versions = versions_in_force(connection)
    report = {
        kind: {
            "version": versions.get(kind),
            "about": table.description,
            "columns": [column.file_name for column in table.columns],
        }
        for kind, table in TABLES.items()
    }
    tell("Reference data", report, as_json=as_json)
