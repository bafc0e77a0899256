"""`edi demo run|ui|reset`: the two simulated weeks behind `make demo`, `make ui` and `make demo-reset`."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from pipeline.command.printing import Json, tell

if TYPE_CHECKING:
    from pipeline.demo.play import Performance

app = typer.Typer(help="Two simulated weeks at a small health plan, in a real Airflow.", no_args_is_help=True)

REPOSITORY = Path(__file__).resolve().parents[2]


@app.command("run")
def run(as_json: Json = False) -> None:
    """Live through the two weeks; again, it keeps what is there and finds nothing new."""
    from pipeline.demo.play import play  # noqa: PLC0415 - `edi --help` answers at once

    performance = play(REPOSITORY, _var(), (lambda _: None) if as_json else typer.echo)
    if as_json:
        tell("", _report(performance), as_json=True)
    else:
        _show(performance)


@app.command("ui")
def ui(port: int = typer.Option(8080, help="Port of the user interface.")) -> None:
    """Serve Airflow over the demo's data until Ctrl-C."""
    from pipeline.demo.play import stage  # noqa: PLC0415 - as above

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    typer.echo("Starting PostgreSQL, the SFTP server and Airflow ...")
    with stage(REPOSITORY, _var(), port) as (_, airflow):
        typer.echo(f"\n  Airflow   {airflow.url}\n  login     admin\n  password  {airflow.folder.password()}\n")
        typer.echo("Ctrl-C stops it.")
        while not stop.wait(2.0):
            airflow.check_alive()
    typer.echo("Stopped.")


@app.command("reset")
def reset() -> None:
    """Forget the demo: stop its servers and clear var/."""
    from pipeline.demo.world import forget  # noqa: PLC0415 - as above

    forget(_var())
    typer.echo("The demo is forgotten; `make demo` begins anew.")


def _var() -> Path:
    from pipeline.house import var_folder  # noqa: PLC0415 - as above

    return var_folder().resolve()


def _report(performance: Performance) -> dict[str, object]:
    return {
        "new": performance.new(),
        "figures": performance.accounts.figures(),
        **performance.accounts.rows(),
        "remittance_runs": performance.runs,
        "seconds": round(performance.seconds, 1),
    }


def _show(performance: Performance) -> None:
    from pipeline.demo.screen import show  # noqa: PLC0415 - rich is for people only

    show(performance, _var())
