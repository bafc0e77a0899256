"""What every DAG of the house shares: retries, the open house, and which failures are worth a retry."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow.sdk import Connection
from airflow.sdk.exceptions import AirflowFailException, AirflowNotFoundException

if TYPE_CHECKING:
    from pipeline.house import House
    from sftp.settings import Endpoint

START_OF_TIME = datetime(2020, 1, 1, tzinfo=UTC)
"""Start date of DAGs that never catch up."""

DEFAULTS: dict[str, Any] = {
    "owner": "edi-operations",
    "retries": 3,
    "retry_exponential_backoff": 2,
    "max_retry_delay": timedelta(minutes=10),
}
"""The first retry waits for `default_task_retry_delay` of airflow.cfg, each later one twice as long."""

SWEEP = "*/10 * * * *"
"""Besides asset events, a sweep picks up what an event missed."""


@contextmanager
def open_house() -> Iterator[House]:
    """The house of this task; a failure that no retry can mend fails the task at once.

    Raises:
        AirflowFailException: for an `edi.trouble.Final`; its text names no element value.
    """
    from edi.trouble import Final
    from pipeline.house import open_house as open_it

    try:
        with open_it(endpoints=_Endpoints()) as house:
            yield house
    except Final as problem:
        raise AirflowFailException(str(problem)) from problem


class _Endpoints:
    """SFTP endpoints looked up in Airflow's connections when a step asks for one."""

    def get(self, connection_id: str) -> Endpoint | None:
        """The endpoint of a connection, None where Airflow has no such connection.

        Host, port and login are the connection's own; extras `key_file` (path) or `private_key`
        (text) authenticate and `host_key` (one, or a list while a server changes its key) pins
        the server.
        """
        from sftp.settings import Endpoint

        try:
            connection = Connection.get(connection_id)
        except AirflowNotFoundException:
            return None
        extra = connection.extra_dejson
        key_file = extra.get("key_file")
        host_keys = extra.get("host_key", ())
        return Endpoint(
            host=connection.host or "",
            user=connection.login or "",
            host_keys=(host_keys,) if isinstance(host_keys, str) else tuple(host_keys),
            key_file=Path(key_file) if key_file else None,
            key_text=extra.get("private_key"),
            passphrase=extra.get("private_key_passphrase"),
            port=connection.port or 22,
        )
