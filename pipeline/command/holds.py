"""`edi hold list|show|release|reject`: files that wait for a person."""

from __future__ import annotations

import getpass
from typing import Annotated

import typer

from pipeline.command.exits import ATTENTION
from pipeline.command.printing import LARGEST, Json, tell
from pipeline.command.words import Note, person

app = typer.Typer(help="Files that wait for a person before they are applied.", no_args_is_help=True)

FileId = Annotated[int, typer.Argument(metavar="FILE", min=1, max=LARGEST, help="Number of the file in the ledger.")]
By = Annotated[str | None, typer.Option(callback=person, help="Who decides; by default the user of this machine.")]
Seen = Annotated[
    int | None,
    typer.Option(min=1, max=LARGEST, help="Newest hold that you saw; where there is a newer one, nothing is decided."),
]


@app.command("list")
def list_held(as_json: Json = False) -> None:
    """List the files that wait for a decision, and why. Exit code 1 when there are any."""
    from pipeline.hold_decisions import held_files  # noqa: PLC0415 - `edi --help` answers at once
    from pipeline.house import open_house  # noqa: PLC0415 - as above

    with open_house() as house:
        waiting = held_files(house)
    if as_json:
        tell("", {"held": waiting}, as_json=True)
    else:
        shown = {
            f"file {one['file_id']}": f"{one['partner']}, {one['kind']}, since {one['opened_at']}: "
            + " ".join(one["reasons"])
            for one in waiting
        }
        tell("Held files", shown or {"held": 0}, as_json=False)
    if waiting:
        raise typer.Exit(ATTENTION)


@app.command()
def show(file: FileId, as_json: Json = False) -> None:
    """Show every hold that a file had: why, with which figures, and who decided what.

    A file that was never held has none: exit code 0. A number that no file has: exit code 2.
    """
    from pipeline.hold_decisions import holds_of  # noqa: PLC0415 - `edi --help` answers at once
    from pipeline.house import open_house  # noqa: PLC0415 - as above

    with open_house() as house:
        found = holds_of(house, file)
    if as_json:
        tell("", {"file_id": file, "state": found.state, "holds": found.holds}, as_json=True)
        return
    shown: dict[str, object] = {f"hold {one['hold_id']}": one for one in found.holds}
    tell(
        f"Holds of file {file}",
        {"state": found.state, **(shown or {"holds": "none: the file was never held"})},
        as_json=False,
    )


@app.command()
def release(file: FileId, by: By = None, note: Note = None, seen: Seen = None, as_json: Json = False) -> None:
    """Allow what a file is held for, with these figures and none worse; the next run then applies it."""
    from pipeline.hold_decisions import release as decide  # noqa: PLC0415 - `edi --help` answers at once
    from pipeline.house import open_house  # noqa: PLC0415 - as above

    by = by or getpass.getuser()
    with open_house() as house:
        codes = decide(house, file, by, note, newest_seen=seen)
    tell("File released", {"file_id": file, "codes": codes, "by": by, "state": "checked"}, as_json=as_json)


@app.command()
def reject(file: FileId, by: By = None, note: Note = None, seen: Seen = None, as_json: Json = False) -> None:
    """Refuse a held file: nothing of it is applied, and its sender is told."""
    from pipeline.hold_decisions import reject as decide  # noqa: PLC0415 - `edi --help` answers at once
    from pipeline.house import open_house  # noqa: PLC0415 - as above

    by = by or getpass.getuser()
    with open_house() as house:
        codes = decide(house, file, by, note, newest_seen=seen)
    tell("File rejected", {"file_id": file, "codes": codes, "by": by}, as_json=as_json)
