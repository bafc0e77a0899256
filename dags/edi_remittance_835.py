"""Weekly remittance: one balanced 835 and one EOP a payee, for everything decided through the day before the run.

The run of Monday 06:00 (config/settings.yaml says which day and hour, in the plan's time zone) settles decisions
through Sunday. A missed week is caught up, one run at a time. A manual run must say through which day it settles.
Where `remittance.release` is `person`, the files wait until somebody answers the required action of this run, or uses
`edi remit release` or `edi remit abandon`; nobody is occupied meanwhile, and the next week waits. With the parameter
`dry_run` nothing is written: what would be paid is in the log and in the result of the task.
"""

from __future__ import annotations

import logging
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pendulum
from airflow.sdk import Context, CronTriggerTimetable, Param, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from dags.assets import OUTBOX_FILLED
from dags.house_rules import DEFAULTS, open_house
from dags.parked_question import note_of, who_answered
from dags.release_question import ABANDON, LATER, RELEASE, ReleaseQuestion
from pipeline.configuration.schedule import read_remittance_schedule

log = logging.getLogger(__name__)

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
        ),
        "dry_run": Param(
            default=False,
            type="boolean",
            title="Dry run",
            description="Only tell what would be paid: nothing is written.",
        ),
    },
    tags=["edi", "outbound", "money"],
)
def edi_remittance_835() -> None:
    """Settle, compose, prove and queue in one transaction; `edi_delivery` sends what is released."""

    @task(outlets=[OUTBOX_FILLED], execution_timeout=timedelta(hours=4))
    def remit() -> dict[str, Any]:
        """Compose what was decided through the day and not yet paid, or tell what it would be."""
        context = get_current_context()
        through = through_date(context)
        with open_house() as house:
            return _rehearsed(house, through) if context["params"]["dry_run"] else _composed(house, through)

    ask = ReleaseQuestion(task_id="ask")

    @task(outlets=[OUTBOX_FILLED])
    def decide(answer: dict[str, Any], report: dict[str, Any]) -> dict[str, Any]:
        """Release the run or give it up, or say what was decided elsewhere."""
        from pipeline.remit_inspection import standing_of
        from pipeline.remit_lifecycle import abandon, release

        through = date.fromisoformat(report["through"])
        (chosen,) = answer["chosen_options"]
        with open_house() as house:
            if chosen in {RELEASE, ABANDON}:
                act = release if chosen == RELEASE else abandon
                done = act(house, through, who_answered(answer), note_of(answer))
                return {"through": report["through"], "state": done.state}
            if chosen == LATER:
                raise AirflowSkipException(f"The run through {through} waits for `edi remit release` or `abandon`.")
            return {"through": report["through"], "state": standing_of(house, report["through"])}

    report = remit()
    report >> ask
    decide(ask.output, report)  # type: ignore[arg-type] # what a task returns stands for its value


def _composed(house: Any, through: date) -> dict[str, Any]:  # noqa: ANN401 - a House, which is not loaded here
    from pipeline.remit import remit as settle
    from pipeline.remit_inspection import question_about

    report = settle(house, through)
    return report.summary() | {"question": question_about(house, through)}


def _rehearsed(house: Any, through: date) -> dict[str, Any]:  # noqa: ANN401 - as above
    from pipeline.command.remit_page import run_page
    from pipeline.remit_inspection import dry_run

    report = dry_run(house, through)
    for line in run_page(f"A run through {through} would pay", report):
        log.info("%s%s", "  " * line.depth, line.text)
    return report | {"state": "dry run", "question": ""}


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
