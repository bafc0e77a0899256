"""Delivery: send what waits in the outbox (acknowledgments, remittances, statements), always with the same bytes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import AssetOrTimeSchedule, CronTriggerTimetable, dag, task

from dags.assets import OUTBOX_FILLED
from dags.house_rules import DEFAULTS, START_OF_TIME, SWEEP, open_house


@dag(
    dag_id="edi_delivery",
    schedule=AssetOrTimeSchedule(timetable=CronTriggerTimetable(SWEEP, timezone="UTC"), assets=[OUTBOX_FILLED]),
    start_date=START_OF_TIME,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULTS,
    doc_md=__doc__,
    tags=["edi", "outbound"],
)
def edi_delivery() -> None:
    """One task: a partner whose server is away keeps its rows waiting and fails the task for a retry."""

    @task(execution_timeout=timedelta(hours=2))
    def deliver() -> dict[str, Any]:
        """Deliver every pending outbox row, partner by partner."""
        from pipeline.deliver import deliver as send

        with open_house() as house:
            return send(house, house.now()).summary()

    deliver()


edi_delivery()
