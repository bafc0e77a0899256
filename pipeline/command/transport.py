"""`edi receive`, `deliver`, `resend`, `unanswered` and `sftp-server`: files in and out."""

from __future__ import annotations

import getpass
import signal
from collections.abc import Iterable
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

import typer

from edi.trouble import Trouble
from pipeline.command.exits import ATTENTION, tell_trouble
from pipeline.command.printing import Json, busy, tell, track

if TYPE_CHECKING:
    from pipeline.configuration import Partner
    from sftp.server import RunningServer


def receive(
    partner: Annotated[list[str] | None, typer.Option(help="Only this partner; may be given several times.")] = None,
    as_json: Json = False,
) -> None:
    """Look into the partners' folders and take what is ready, exactly once.

    A partner whose server is away does not keep the others waiting; the command then ends with its exit code.
    """
    from pipeline.file_steps import Postponed  # noqa: PLC0415 - `edi --help` answers at once
    from pipeline.house import open_house  # noqa: PLC0415 - as above
    from pipeline.process import settle_unrecognized  # noqa: PLC0415 - as above
    from pipeline.receive import receive as fetch  # noqa: PLC0415 - as above

    reports: dict[str, object] = {}
    troubles: list[Trouble] = []
    with open_house() as house:
        partners = [house.partner(one).id for one in partner] if partner else house.delivering_partners()
        for one in track(partners, "receiving", as_json=as_json):
            postponed = Postponed()
            with postponed:
                reports[one] = fetch(house, one, house.now()).summary()
            with postponed:  # what lies here already is answered, whatever their server says
                settle_unrecognized(house, one)
            try:
                postponed.raise_first()
            except Trouble as trouble:
                troubles.append(trouble)
                reports[one] = {"trouble": str(trouble)}
    tell("Received", reports, as_json=as_json)
    if troubles:
        raise typer.Exit(tell_trouble(troubles[0], as_json=False))


def deliver(as_json: Json = False) -> None:
    """Send what waits in the outbox into the partners' folders."""
    from pipeline.deliver import deliver as send  # noqa: PLC0415 - `edi --help` answers at once
    from pipeline.house import open_house  # noqa: PLC0415 - as above

    with open_house() as house, busy("delivering", as_json=as_json):
        report = send(house, house.now()).summary()
    tell("Delivered", report, as_json=as_json)


def resend(
    file: Annotated[str, typer.Argument(metavar="FILE", help="Its outbox id, or the name under which it was sent.")],
    by: Annotated[str | None, typer.Option(help="Who asks for it; by default the user of this machine.")] = None,
    note: Annotated[str | None, typer.Option(help="For whoever reads it later; no personal data.")] = None,
    to_bank: Annotated[
        bool, typer.Option("--bank-lacks-it", help="Of files that tell the bank of payments: it said that it lacks it.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Have a file that was sent delivered again, byte for byte; the days in which it should be answered start anew."""
    from pipeline.house import open_house  # noqa: PLC0415 - `edi --help` answers at once
    from pipeline.silence import resend as send_again  # noqa: PLC0415 - as above

    with open_house() as house:
        report = send_again(house, file, by or getpass.getuser(), note, to_bank=to_bank)
    heading = "The next delivery sends it again" if report["is_new"] else "It waits for the next delivery anyhow"
    tell(heading, report, as_json=as_json)


def unanswered(as_json: Json = False) -> None:
    """List 835s that a partner should have answered by a 999 or TA1 by now (`answer_days` in partners.yaml).

    Exit code 1 when there are any.
    """
    from pipeline.house import open_house  # noqa: PLC0415 - as above
    from pipeline.silence import list_unanswered, told_unanswered  # noqa: PLC0415 - as above

    with open_house() as house:
        report = told_unanswered(list_unanswered(house))
    files = report["files"]
    if not as_json:
        report |= {"files": len(files), **{f"file {one['outbox_id']}": one for one in files}}
    tell("Not answered in time", report, as_json=as_json)
    if files:
        raise typer.Exit(ATTENTION)


def sftp_server(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 takes a free one.")] = 0,
    as_json: Json = False,
) -> None:
    """Serve every partner's folders on this machine until interrupted, for trying things out.

    Folders and keys are under EDI_VAR/sftp. Prints the EDI_SFTP_ variables that connect the pipeline to it.
    """
    from pipeline.configuration import load_configuration  # noqa: PLC0415 - `edi --help` answers at once
    from pipeline.house import CONNECTION_VARIABLE, var_folder  # noqa: PLC0415 - as above
    from sftp.keys import keep_key_pair  # noqa: PLC0415 - as above
    from sftp.server import ServerSettings, serve  # noqa: PLC0415 - as above

    folder = var_folder().resolve() / "sftp"
    keys = folder / "keys"
    keys.mkdir(parents=True, exist_ok=True)
    partners = load_configuration().partners
    pairs = {one: keep_key_pair(keys / one) for one in sorted(partners)}
    settings = ServerSettings(
        folder / "home", keys / "host", {one: (pair.public_line,) for one, pair in pairs.items()}, port=port
    )
    stopped = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    with serve(settings) as server:
        _make_folders(server, partners.values())
        variables = {
            f"{CONNECTION_VARIABLE}{one.upper()}": _url(one, pair.private_file, server) for one, pair in pairs.items()
        }
        if as_json:
            tell("", {"port": server.port, "home": str(folder / "home"), "environment": variables}, as_json=True)
        else:
            typer.echo(f"Serving {folder / 'home'} on 127.0.0.1:{server.port}; stop it with Ctrl-C. To connect:")
            for name, value in variables.items():
                typer.echo(f"export {name}='{value}'")
        stopped.wait()


def _make_folders(server: RunningServer, partners: Iterable[Partner]) -> None:
    """Make the folders that partners.yaml names: a plan's own server has them from its administrator."""
    for partner in partners:
        for path in filter(None, partner.folders.values()):
            (server.home(partner.id) / path.strip("/")).mkdir(parents=True, exist_ok=True)


def _url(partner_id: str, private_file: Path, server: RunningServer) -> str:
    host_key = quote(server.host_key_line, safe="+/=")
    return f"sftp://{partner_id}@127.0.0.1:{server.port}?key={quote(str(private_file))}&host_key={host_key}"
