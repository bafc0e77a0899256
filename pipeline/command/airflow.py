"""`edi airflow setup`: what Airflow needs before its components start."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import typer

from pipeline.command.printing import Json, busy, tell

app = typer.Typer(help="Airflow of this installation.", no_args_is_help=True)

NAMED = (
    "AIRFLOW_HOME",
    "EDI_CONFIG",
    "EDI_VAR",
    "EDI_WAREHOUSE_URL",
    "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN",
    "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC",
    "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE",
    "AIRFLOW__LOGGING__BASE_LOG_FOLDER",
)
"""Variables that every component must see alike."""


@app.callback()
def about() -> None:
    """Keep `setup` a command of its own name; typer would make a single command the program itself."""


@app.command("setup")
def setup(as_json: Json = False) -> None:
    """Generate secrets, start and migrate the metadata database, and write the environment of every component.

    The database is an embedded PostgreSQL, unless AIRFLOW__DATABASE__SQL_ALCHEMY_CONN names another. Run it again
    after a restart of the machine.
    """
    from pipeline.airflow_service.setup import AirflowFolder  # noqa: PLC0415 - `edi --help` answers at once
    from pipeline.configuration.schedule import configuration_folder  # noqa: PLC0415 - as above
    from pipeline.house import var_folder  # noqa: PLC0415 - as above

    repository = Path(__file__).resolve().parents[2]
    folder = AirflowFolder(Path(os.environ.get("AIRFLOW_HOME") or repository).resolve(), var_folder().resolve())
    with busy("setting up Airflow", as_json=as_json):
        folder.prepare()
        folder.start_database()
        folder.migrate()
    environment = folder.environment() | {"EDI_CONFIG": str(configuration_folder().resolve())}
    lines = [f"export {name}={shlex.quote(environment[name])}" for name in NAMED if environment.get(name)]
    script = folder.state / "environment.sh"
    script.touch(mode=0o600)
    script.write_text("\n".join(lines) + "\n")
    tell(
        "Airflow is set up", {"environment": str(script), "login": "admin", "state": str(folder.state)}, as_json=as_json
    )
