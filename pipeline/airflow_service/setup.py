"""Secrets and settings of a local Airflow: generated once under var/airflow, the same for every component."""

from __future__ import annotations

import base64
import importlib.metadata
import json
import os
import secrets
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from edi.trouble import Final
from loaders import server

ADMINISTRATOR = "admin"
DATABASE_VARIABLE = "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"


class AirflowSetupFailed(Final):
    """The metadata database could not be made or migrated."""


@dataclass(frozen=True, slots=True)
class AirflowFolder:
    """Where a local Airflow keeps what changes, and how its components are told so."""

    home: Path
    """AIRFLOW_HOME: the folder with airflow.cfg and dags/."""
    var: Path
    """EDI_VAR: var/, or a folder of a test."""

    @property
    def state(self) -> Path:
        """Metadata database, logs and secrets."""
        return self.var / "airflow"

    def prepare(self) -> None:
        """Generate what is missing; what exists is kept, so that sessions and logins outlive a restart."""
        self.state.mkdir(parents=True, exist_ok=True)
        self._secret("jwt_secret", secrets.token_urlsafe(48))
        self._secret("secret_key", secrets.token_urlsafe(48))
        self._secret("fernet_key", base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())
        self._secret("passwords.json", json.dumps({ADMINISTRATOR: secrets.token_urlsafe(12)}))

    def password(self) -> str:
        """Password of the administrator for the user interface."""
        passwords = json.loads((self.state / "passwords.json").read_text())
        return str(passwords[ADMINISTRATOR])

    def environment(self, port: int | None = None) -> dict[str, str]:
        """Environment of every Airflow component; `port` is the API server's."""
        values = {
            **os.environ,
            "AIRFLOW_HOME": str(self.home),
            "EDI_VAR": str(self.var),
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(self.state / "passwords.json"),
            "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(self.state / "logs"),
            "GX_ANALYTICS_ENABLED": "false",
            "PYTHONDONTWRITEBYTECODE": os.environ.get("PYTHONDONTWRITEBYTECODE", ""),
            "no_proxy": "127.0.0.1,localhost",
        }
        if port is not None:
            values |= {
                "AIRFLOW__API__PORT": str(port),
                "AIRFLOW__API__BASE_URL": f"http://127.0.0.1:{port}",
                "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{port}/execution/",
            }
        return values

    @property
    def database(self) -> Path:
        """Data folder of the metadata database.

        Airflow has a PostgreSQL of its own: a warehouse that is away is a failed task, not a dead scheduler. SQLite
        does not bear several components that write at once.
        """
        return self.state / "metadata"

    def start_database(self) -> None:
        """Start the metadata database, unless AIRFLOW__DATABASE__SQL_ALCHEMY_CONN names another, and note its url."""
        if os.environ.get(DATABASE_VARIABLE):
            return
        url = server.start(self.database, "airflow")
        path = self.state / "metadata_url"
        building = path.with_name(f".{path.name}.{os.getpid()}")
        with os.fdopen(os.open(building, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(url)
        building.replace(path)

    def stop_database(self) -> None:
        """Stop the metadata database, if it is ours."""
        server.stop(self.database)

    def migrate(self) -> None:
        """Bring the metadata database up to this Airflow's schema, unless it is ours and there already.

        Asking Airflow itself takes some seconds.

        Raises:
            AirflowSetupFailed: with the last lines that Airflow printed.
        """
        note, version = self.database / "schema_of", importlib.metadata.version("apache-airflow-core")
        is_ours = not os.environ.get(DATABASE_VARIABLE)
        if is_ours and note.exists() and note.read_text() == version:
            return
        done = subprocess.run(  # noqa: S603 - our own program and arguments
            [airflow_program(), "db", "migrate"], env=self.environment(), capture_output=True, text=True, check=False
        )
        if done.returncode:
            tail = "\n".join((done.stdout + done.stderr).strip().splitlines()[-15:])
            raise AirflowSetupFailed(f"Airflow could not set up its metadata database under {self.state}:\n{tail}")
        if is_ours:
            note.write_text(version)

    def _secret(self, name: str, value: str) -> None:
        path = self.state / name
        if not path.exists():
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(value)


def airflow_program() -> str:
    """The `airflow` of this very environment."""
    return str(Path(sys.executable).parent / "airflow")
