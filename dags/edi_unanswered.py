"""Unanswered: once a day, warn of 835s that a partner should have answered by now, and of payments that came back.

A partner has `answer_days` banking days for a 999 or TA1 (partners.yaml; 0 where it answers nothing). `edi unanswered`
lists the files, `edi resend` sends one again with the same bytes; `edi deposits` lists the payments.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from airflow.sdk import CronTriggerTimetable, dag, task

from dags.house_rules import DEFAULTS, START_OF_TIME, open_house
from pipeline.configuration.schedule import read_remittance_schedule

log = logging.getLogger(__name__)

SCHEDULE = read_remittance_schedule()


@dag(
    dag_id="edi_unanswered",
    schedule=CronTriggerTimetable("0 7 * * *", timezone=SCHEDULE.time_zone),
    start_date=START_OF_TIME,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULTS,
    doc_md=__doc__,
    tags=["edi", "outbound"],
)
def edi_unanswered() -> None:
    """Read only: it warns in the log of the task, and its result has the counts."""

    @task(execution_timeout=timedelta(minutes=30))
    def warn() -> dict[str, Any]:
        """Tell what nobody answered, and what waits for a person."""
        from pipeline.silence import watch

        with open_house() as house:
            report = watch(house)
        for line in report.pop("warnings"):
            log.warning(line)
        return report

    warn()


edi_unanswered()
