"""`edi codes`: the code lists that SNIP 5 checks by; licensed ones are the plan's to bring."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.command.printing import Json, tell

codes = typer.Typer(help="Code lists: those that ship, and the plan's own in EDI_CONFIG/codes.", no_args_is_help=True)


@codes.command("import")
def import_codes(
    name: Annotated[str, typer.Argument(metavar="LIST", help="Its name; `edi codes list` tells them all.")],
    file: Annotated[
        Path,
        typer.Argument(
            exists=True,
            dir_okay=False,
            readable=True,
            help="CSV with a header and a column `code`; `effective_from` and `effective_to` where codes come and go.",
        ),
    ],
    as_json: Json = False,
) -> None:
    """Check a code list and keep it in the configuration; from then on its codes are checked, on their dates.

    Descriptions are left out: what is kept is no licensed text. The rules bundle changes with it.
    """
    from edi.codes.importing import import_list  # noqa: PLC0415 - `edi --help` answers at once
    from pipeline.configuration.code_lists import FOLDER  # noqa: PLC0415 - as above
    from pipeline.configuration.schedule import configuration_folder  # noqa: PLC0415 - as above

    folder = configuration_folder() / FOLDER
    imported = import_list(name, file, folder)
    tell("Code list imported", {"list": name, "codes": len(imported.codes), "folder": str(folder)}, as_json=as_json)


@codes.command("list")
def list_codes(as_json: Json = False) -> None:
    """Every list that is checked: how many codes it has, or none, where nobody has brought it."""
    from edi.codes.lists import LIST_NAMES, CodeLists, shipped_lists  # noqa: PLC0415 - as above
    from pipeline.configuration.code_lists import FOLDER  # noqa: PLC0415 - as above
    from pipeline.configuration.schedule import configuration_folder  # noqa: PLC0415 - as above

    folder = configuration_folder() / FOLDER
    lists = CodeLists.load(folder) if folder.is_dir() else shipped_lists()
    counts = {name: len(lists[name]) if name in lists else None for name in LIST_NAMES}
    if as_json:
        tell("", {"lists": counts}, as_json=True)
        return
    for name, meaning in LIST_NAMES.items():
        count = counts[name]
        typer.echo(f"{name:18} {'not loaded' if count is None else f'{count:,} codes':>14}  {meaning}")
