"""Held files: one run a file, which asks a person in Airflow's UI to release or reject it, and does what was answered.

While it asks, the task is `awaiting_input`: no worker and no triggerer is occupied. The question says why the file is
held. `edi hold release` and `edi hold reject` answer it as well; then the run ends when its day is over. A file that
nobody decided about is asked about again every day.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import Param, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowSkipException

from dags.assets import CLAIMS_ARRIVED, ENROLLMENT_ARRIVED, OUTBOX_FILLED
from dags.house_rules import DEFAULTS, START_OF_TIME, open_house

RELEASE, REJECT, LATER = "Release", "Reject", "Ask again tomorrow"
MOST_AT_ONCE = 256


@dag(
    dag_id="edi_holds",
    schedule=None,
    start_date=START_OF_TIME,
    catchup=False,
    max_active_runs=MOST_AT_ONCE,
    default_args=DEFAULTS,
    doc_md=__doc__,
    tags=["edi", "inbound"],
)
def edi_holds() -> None:
    """Ask, then do it; triggered by the DAGs that hold files, with what is asked about which file and hold."""
    ask = HITLOperator(
        task_id="ask",
        subject="{{ dag_run.conf['subject'] }}",
        body="{{ dag_run.conf['question'] }}",
        options=[RELEASE, REJECT, LATER],
        defaults=LATER,
        response_timeout=timedelta(days=1),
        params={"note": Param("", type="string", title="Why, for whoever reads it later; no personal data")},
    )

    @task(outlets=[ENROLLMENT_ARRIVED, CLAIMS_ARRIVED, OUTBOX_FILLED])
    def decide(answer: dict[str, Any]) -> dict[str, Any]:
        """Release or reject the file; skipped where nobody decided, or somebody did so elsewhere."""
        from pipeline.hold_decisions import HeldAnew, is_decided, reject, release

        asked = get_current_context()["dag_run"].conf or {}
        file_id, newest = int(asked["file_id"]), asked.get("newest")
        (chosen,) = answer["chosen_options"]
        if chosen == LATER:
            raise AirflowSkipException(f"Nobody decided about file {file_id} today.")
        note = (answer.get("params_input") or {}).get("note") or None
        with open_house() as house:
            if is_decided(house, file_id):
                raise AirflowSkipException(f"File {file_id} was decided about elsewhere.")
            decision = release if chosen == RELEASE else reject
            try:
                codes = decision(house, file_id, _name(answer), note, newest_seen=newest)
            except HeldAnew as held:
                raise AirflowSkipException(f"{held} It is asked about on its own.") from None
        return {"file_id": file_id, "decision": chosen, "codes": codes}

    decide(ask.output)  # type: ignore[arg-type] # what a task returns stands for its value


def _name(answer: dict[str, Any]) -> str:
    """Who answered, as Airflow knows them."""
    user = answer.get("responded_by_user") or {}
    return f"{user.get('name') or user.get('id') or 'somebody'} (Airflow)"


edi_holds()
