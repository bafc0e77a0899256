"""Start, watch and stop the components of a local Airflow: API server, scheduler and DAG processor."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from edi.trouble import Retryable
from pipeline.airflow_service.client import AirflowClient, AirflowUnreachable
from pipeline.airflow_service.setup import ADMINISTRATOR, AirflowFolder, airflow_program

COMPONENTS = ("api-server", "scheduler", "dag-processor")
START_SECONDS = 120.0
STOP_SECONDS = 20.0


class AirflowDied(Retryable):
    """A component of the local Airflow ended by itself."""


class AirflowService:
    """A running local Airflow. Use it as a context manager: leaving it stops every component."""

    def __init__(self, folder: AirflowFolder, extra: Mapping[str, str] | None = None, port: int | None = None) -> None:
        self.folder = folder
        self.port = port or free_port()
        self.extra = dict(extra or {})
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.outputs: list[IO[bytes]] = []
        self.client = AirflowClient(f"http://127.0.0.1:{self.port}", ADMINISTRATOR, folder.password)

    @property
    def url(self) -> str:
        """Address of the user interface."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self.folder.prepare()
        self.folder.start_database()
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def _start(self) -> None:
        self.folder.migrate()
        output_folder = self.folder.state / "components"
        output_folder.mkdir(exist_ok=True)
        for component in COMPONENTS:
            output = (output_folder / f"{component}.log").open("ab")
            self.outputs.append(output)
            self.processes[component] = subprocess.Popen(  # noqa: S603 - our own program and arguments
                [airflow_program(), component],
                env={**self.folder.environment(self.port), **self.extra},
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                cwd=self.folder.home,
                start_new_session=True,
            )
        self.wait_until_healthy()

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def wait_until_healthy(self) -> None:
        """Wait for the API server, the scheduler and the DAG processor to report themselves healthy.

        Raises:
            AirflowDied: when one ends, or none is healthy in two minutes; names its log file.
        """
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            self.check_alive()
            try:
                if self.client.healthy():
                    return
            except AirflowUnreachable:
                pass  # the API server is still starting
            time.sleep(0.3)
        raise AirflowDied(
            f"Airflow did not become healthy in {START_SECONDS:.0f} s; "
            f"see the logs under {self.folder.state / 'components'}."
        )

    def check_alive(self) -> None:
        """Notice a component that ended: the scheduler's health alone would show it a minute late."""
        for component, process in self.processes.items():
            if process.poll() is not None:
                log = Path(self.folder.state) / "components" / f"{component}.log"
                raise AirflowDied(f"Airflow's {component} ended with status {process.returncode}; its log is {log}.")

    def stop(self) -> None:
        """Stop every component with its children; ask first, insist after a while."""
        self.client.close()
        for process in self.processes.values():
            _signal_group(process, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for process in self.processes.values():
            with suppress(subprocess.TimeoutExpired):  # the kill below ends it
                process.wait(max(0.1, deadline - time.monotonic()))
            _signal_group(process, signal.SIGKILL)
            process.wait()
        for output in self.outputs:
            output.close()
        self.processes.clear()
        self.outputs.clear()
        self.folder.stop_database()


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Signal a component and its children; gone already is fine."""
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
