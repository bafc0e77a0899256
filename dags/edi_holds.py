"""Held files: one run a file, which asks a person in Airflow's UI to release or reject it, and does what was answered.

While it asks, the task is `awaiting_input`: no worker and no triggerer is occupied. The question says why the file is
held. `edi hold release` and `edi hold reject` answer it as well: the run notices within `limits.hold_look_seconds`,
ends green and says who decided. Where both come at once, the first one wins. A file that nobody decided about is asked
about again every day.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import Any

from airflow.sdk import dag, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from dags.assets import CLAIMS_ARRIVED, ENROLLMENT_ARRIVED, OUTBOX_FILLED
from dags.hold_question import LATER, REJECT, RELEASE, HoldQuestion
from dags.house_rules import DEFAULTS, START_OF_TIME, open_house
from dags.parked_question import note_of, who_answered

log = logging.getLogger(__name__)

MOST_AT_ONCE = 256
FIRST = 1000
"""Priority of the question over tasks that wait for a worker: while it looks around, nobody can answer it."""
DECISIONS = {RELEASE: "released", REJECT: "rejected"}


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
    """Ask, then do it; triggered by the DAGs that hold files: `file_id`, `hold_id`, `subject` and `question`."""
    ask = HoldQuestion(task_id="ask", priority_weight=FIRST, weight_rule="absolute")

    @task(outlets=[ENROLLMENT_ARRIVED, CLAIMS_ARRIVED, OUTBOX_FILLED])
    def decide(answer: dict[str, Any]) -> dict[str, Any]:
        """Release or reject the file, or say who decided elsewhere; skipped where nobody decided today."""
        from loaders.holds import HeldAnew, NotHeld
        from pipeline.hold_decisions import decision_on, reject, release

        conf = get_current_context()["dag_run"].conf or {}
        file_id, hold_id = int(conf["file_id"]), int(conf["hold_id"])
        (chosen,) = answer["chosen_options"]
        if chosen == LATER:
            raise AirflowSkipException(f"Nobody decided about file {file_id} today.")
        with open_house() as house:
            if chosen in DECISIONS:
                decide_on = release if chosen == RELEASE else reject
                try:
                    with suppress(NotHeld):  # somebody was faster
                        codes = decide_on(house, file_id, who_answered(answer), note_of(answer), newest_seen=hold_id)
                        return {"file_id": file_id, "decision": DECISIONS[chosen], "codes": codes, "elsewhere": False}
                except HeldAnew as held:
                    raise AirflowSkipException(f"{held} It is asked about on its own.") from None
            taken = decision_on(house, hold_id)
        if taken is None:
            raise AirflowFailException(f"Hold {hold_id} of file {file_id} waits, but nobody can decide about it.")
        log.info("File %d was decided about elsewhere: %s.", file_id, taken.words)
        return {"file_id": file_id, "decision": taken.decision, "by": taken.by, "elsewhere": True}

    decide(ask.output)  # type: ignore[arg-type] # what a task returns stands for its value


edi_holds()
