"""The few calls of Airflow's REST API that the demo and the tests need."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx

from edi.trouble import Final, Retryable

FINISHED = frozenset({"success", "failed"})
READING_SECONDS = 2.0
"""Between a question and its answer. One that comes before the scheduler has noticed that the asking process ended is
lost: Airflow takes the end for a failure, and asks again. No person is that fast."""


class AirflowUnreachable(Retryable):
    """The API server does not answer."""


class DagRunFailed(Final):
    """A DAG run that was waited for did not succeed."""


class AirflowClient:
    """Speaks to one API server; logs in when first needed."""

    def __init__(self, url: str, user: str, password: Callable[[], str]) -> None:
        self.url = url
        self.user = user
        self.password = password
        self._session: httpx.Client | None = None

    def healthy(self) -> bool:
        """Are metadata database, scheduler and DAG processor healthy?"""
        try:
            answer = httpx.get(f"{self.url}/api/v2/monitor/health", timeout=5, trust_env=False)
        except httpx.HTTPError as problem:
            raise AirflowUnreachable(f"Airflow at {self.url} does not answer.") from problem
        if answer.status_code != httpx.codes.OK:
            return False
        states = answer.json()
        return all(
            (states.get(part) or {}).get("status") == "healthy"
            for part in ("metadatabase", "scheduler", "dag_processor")
        )

    def dags(self) -> dict[str, dict[str, Any]]:
        """Every DAG known, by id."""
        return {dag["dag_id"]: dag for dag in self._get("/api/v2/dags?limit=100")["dags"]}

    def import_errors(self) -> list[dict[str, Any]]:
        """DAG files that could not be read."""
        return list(self._get("/api/v2/importErrors")["import_errors"])

    def pause(self, dag_id: str, *, paused: bool) -> None:
        """Pause a DAG or let its schedule run."""
        self._request("PATCH", f"/api/v2/dags/{dag_id}?update_mask=is_paused", {"is_paused": paused})

    def trigger(self, dag_id: str, conf: Mapping[str, Any] | None = None) -> str:
        """Start a run by hand; returns its id."""
        body = {"logical_date": None, "conf": dict(conf or {})}
        return str(self._request("POST", f"/api/v2/dags/{dag_id}/dagRuns", body)["dag_run_id"])

    def runs(self, dag_id: str) -> list[dict[str, Any]]:
        """Runs of a DAG, newest first."""
        return list(self._get(f"/api/v2/dags/{dag_id}/dagRuns?limit=100&order_by=-run_after")["dag_runs"])

    def tasks(self, dag_id: str, run_id: str) -> list[dict[str, Any]]:
        """Task instances of a run."""
        return list(self._get(f"/api/v2/dags/{dag_id}/dagRuns/{run_id}/taskInstances?limit=1000")["task_instances"])

    def result(self, dag_id: str, run_id: str, task_id: str, map_index: int = -1) -> Any:  # noqa: ANN401 - JSON
        """What a task returned."""
        path = f"/api/v2/dags/{dag_id}/dagRuns/{run_id}/taskInstances/{task_id}/xcomEntries/return_value"
        return self._get(f"{path}?map_index={map_index}&deserialize=false")["value"]

    def respond(self, dag_id: str, run_id: str, task_id: str, option: str, **values: str) -> None:
        """Answer a task that asks a person, after a while: one of its options, and the fields of its form."""
        time.sleep(READING_SECONDS)
        path = f"/api/v2/dags/{dag_id}/dagRuns/{run_id}/taskInstances/{task_id}/-1/hitlDetails"
        self._request("PATCH", path, {"chosen_options": [option], "params_input": values})

    def wait_for_dags(self, dag_ids: frozenset[str], seconds: float = 90.0) -> None:
        """Wait until these DAGs are known.

        Raises:
            AirflowUnreachable: with the import errors, when they are not known in time.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if dag_ids <= set(self.dags()):
                return
            time.sleep(0.5)
        files = [error["filename"] for error in self.import_errors()]
        raise AirflowUnreachable(f"DAGs {sorted(dag_ids - set(self.dags()))} did not appear; import errors in: {files}")

    def wait_for_task(self, dag_id: str, run_id: str, task_id: str, state: str, seconds: float = 120.0) -> None:
        """Wait for a task of a run to come to a state.

        Raises:
            DagRunFailed: it did not in time.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if any((task["task_id"], task["state"]) == (task_id, state) for task in self.tasks(dag_id, run_id)):
                return
            time.sleep(0.3)
        raise DagRunFailed(f"Task {task_id} of run {run_id} of {dag_id} did not become {state} in {seconds:.0f} s.")

    def wait(self, dag_id: str, run_id: str, seconds: float = 300.0) -> dict[str, Any]:
        """Wait for a run to succeed.

        Raises:
            DagRunFailed: naming the tasks that failed, or that it took too long.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            run = self._get(f"/api/v2/dags/{dag_id}/dagRuns/{run_id}")
            if run["state"] in FINISHED:
                if run["state"] == "success":
                    return dict(run)
                failed = [
                    t["task_id"] for t in self.tasks(dag_id, run_id) if t["state"] in {"failed", "upstream_failed"}
                ]
                raise DagRunFailed(f"Run {run_id} of {dag_id} failed in {failed}; its log is in the Airflow UI.")
            time.sleep(0.3)
        raise DagRunFailed(f"Run {run_id} of {dag_id} did not finish in {seconds:.0f} s.")

    def wait_until_idle(self, dag_ids: frozenset[str], seconds: float = 300.0) -> None:
        """Wait until no run of these DAGs is queued or running, looked at twice in a row.

        Raises:
            DagRunFailed: when a run failed or the time is up.
        """
        deadline = time.monotonic() + seconds
        quiet = 0
        while time.monotonic() < deadline:
            states = [run["state"] for dag_id in dag_ids for run in self.runs(dag_id)]
            quiet = quiet + 1 if all(state in FINISHED for state in states) else 0
            if quiet > 2:  # noqa: PLR2004 - an asset event takes about a second to become a run
                return
            time.sleep(0.7)
        raise DagRunFailed(f"DAGs {sorted(dag_ids)} were still running after {seconds:.0f} s.")

    def close(self) -> None:
        """Log out of the server's connection; the next call logs in anew."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def _get(self, path: str) -> Any:  # noqa: ANN401 - JSON
        return self._request("GET", path, None)

    def _request(self, method: str, path: str, body: Mapping[str, Any] | None) -> Any:  # noqa: ANN401 - JSON
        if self._session is None:
            self._session = self._login()
        try:
            answer = self._session.request(method, path, json=body)
        except httpx.HTTPError as problem:
            raise AirflowUnreachable(f"Airflow at {self.url} does not answer.") from problem
        if answer.status_code >= httpx.codes.BAD_REQUEST:
            raise AirflowUnreachable(f"Airflow answered {answer.status_code} to {method} {path.partition('?')[0]}.")
        return answer.json()

    def _login(self) -> httpx.Client:
        body = {"username": self.user, "password": self.password()}
        try:
            answer = httpx.post(f"{self.url}/auth/token", json=body, timeout=30, trust_env=False)
        except httpx.HTTPError as problem:
            raise AirflowUnreachable(f"Airflow at {self.url} does not answer.") from problem
        if answer.status_code >= httpx.codes.BAD_REQUEST:
            raise AirflowUnreachable(f"Airflow refused the login of {self.user} with {answer.status_code}.")
        token = answer.json()["access_token"]
        return httpx.Client(
            base_url=self.url, headers={"Authorization": f"Bearer {token}"}, timeout=30, trust_env=False
        )
