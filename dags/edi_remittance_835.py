"""Weekly remittance: one balanced 835 and one EOP a payee, for everything decided through the day before the run.

The run of Monday 06:00 (config/settings.yaml says which day and hour, in the plan's time zone) settles decisions
through Sunday. A missed week is caught up, one run at a time. A manual run must say through which day it settles.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pendulum
from airflow.sdk import Context, CronTriggerTimetable, Param, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException

from dags.assets import OUTBOX_FILLED
from dags.house_rules import DEFAULTS, open_house
from pipeline.configuration.schedule import read_remittance_schedule

SCHEDULE = read_remittance_schedule()


@dag(
    dag_id="edi_remittance_835",
    schedule=CronTriggerTimetable(SCHEDULE.cron, timezone=SCHEDULE.time_zone),
    start_date=pendulum.datetime(*SCHEDULE.first_run.timetuple()[:3], tz=SCHEDULE.time_zone),
    catchup=True,
    max_active_runs=1,
    default_args=DEFAULTS,
    doc_md=__doc__,
    params={
        "through": Param(
            None,
            type=["null", "string"],
            format="date",
            title="Settle decisions through",
            description="Required on a manual run: last plan-local day whose decisions are settled, YYYY-MM-DD.",
        )
    },
    tags=["edi", "outbound", "money"],
)
def edi_remittance_835() -> None:
    """Settle, compose, prove and queue in one transaction; `edi_delivery` sends."""

    @task(outlets=[OUTBOX_FILLED], execution_timeout=timedelta(hours=4))
    def remit() -> dict[str, Any]:
        """Pay what was decided through the day and not yet paid."""
        from pipeline.remit import remit as settle

        through = through_date(get_current_context())
        with open_house() as house:
            return settle(house, through).summary()

    remit()


def through_date(context: Context) -> date:
    """The day to settle through: asked for on a manual run, otherwise the day before the logical date.

    Raises:
        AirflowFailException: a manual run did not say.
    """
    asked = context["params"]["through"]
    if asked:
        return date.fromisoformat(str(asked))
    run = context["dag_run"]
    logical_date = context.get("logical_date")
    if run.run_type == "manual" or logical_date is None:
        raise AirflowFailException(
            "A manual run must say through which day it settles: "
            "trigger it again with the parameter 'through' (YYYY-MM-DD)."
        )
    return SCHEDULE.through(logical_date.astimezone(ZoneInfo(SCHEDULE.time_zone)).date())


edi_remittance_835()
