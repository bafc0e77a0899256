"""The shape that the 834 and the 837 DAG share: lease a work list, translate, check and commit batches of files."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import DAG, Asset, AssetOrTimeSchedule, CronTriggerTimetable, get_current_context, task, task_group

from dags.assets import CLAIMS_ARRIVED, OUTBOX_FILLED
from dags.house_rules import DEFAULTS, START_OF_TIME, SWEEP, open_house

ENROLLMENT = "834"


@task
def lease_work(kind: str) -> list[list[int]]:
    """Waiting files of a kind, leased to this run and dealt into batches."""
    from pipeline.process import lease_batches

    with open_house() as house:
        return lease_batches(house, kind, owner=get_current_context()["run_id"])


@task(execution_timeout=timedelta(hours=2))
def translate(files: list[int]) -> list[int]:
    """Archived bytes to findings, verdicts and tables in each file's run folder."""
    from pipeline.process import translate_files

    with open_house() as house:
        return translate_files(house, files)


@task(execution_timeout=timedelta(hours=2))
def expect(files: list[int]) -> list[int]:
    """Great Expectations on the translated tables; a file that breaks a hold expectation is parked."""
    from pipeline.process import expect_files

    with open_house() as house:
        return expect_files(house, files)


@task(outlets=[OUTBOX_FILLED], execution_timeout=timedelta(hours=2))
def commit(files: list[int]) -> dict[str, Any]:
    """One transaction a file: rows, registries, answers in the outbox."""
    from pipeline.process import commit_files

    with open_house() as house:
        return commit_files(house, files).summary()


@task(trigger_rule="none_failed", execution_timeout=timedelta(hours=4))
def adjudicate() -> dict[str, Any]:
    """Decide claims in order of receipt; those behind an unfinished 834 file wait for it."""
    from pipeline.adjudicate import adjudicate as decide

    with open_house() as house:
        return decide(house).summary()


@task(trigger_rule="none_failed")
def list_held(kind: str) -> list[dict[str, Any]]:
    """A run of `edi_holds` for each held file of a kind and day: it asks a person."""
    from pipeline.hold_decisions import questions

    with open_house() as house:
        return [
            {
                "trigger_run_id": one.run_id,
                "conf": {
                    "file_id": one.file_id,
                    "hold_id": one.newest_hold,
                    "subject": one.subject,
                    "question": one.text,
                },
            }
            for one in questions(house, kind)
        ]


def processing_dag(*, dag_id: str, kind: str, wakes_on: Asset, doc: str | None) -> DAG:
    """A DAG that processes the waiting files of one kind, 834 or 837; after claims, it decides them.

    It is woken by `wakes_on` and by a sweep, and reads its work list from the ledger either way.
    Batches run side by side; inside a batch, files are handled one by one and a bad file never
    stops its neighbours. For each file that is held a run of `edi_holds` asks a person.
    """
    with DAG(
        dag_id=dag_id,
        schedule=AssetOrTimeSchedule(timetable=CronTriggerTimetable(SWEEP, timezone="UTC"), assets=[wakes_on]),
        start_date=START_OF_TIME,
        catchup=False,
        max_active_runs=1,
        default_args=DEFAULTS,
        doc_md=doc,
        tags=["edi", "inbound"],
    ) as dag:
        # claims may have waited for the enrolment files that came before them
        wakes = [OUTBOX_FILLED, CLAIMS_ARRIVED] if kind == ENROLLMENT else [OUTBOX_FILLED]
        committing = commit.override(outlets=wakes)

        @task_group
        def batch(files: list[int]) -> None:
            committing(expect(translate(files)))  # type: ignore[arg-type] # what a task returns stands for its value

        batches = batch.expand(files=lease_work(kind))
        held = list_held(kind)
        batches >> held
        TriggerDagRunOperator.partial(
            task_id="ask_about_held", trigger_dag_id="edi_holds", skip_when_already_exists=True
        ).expand_kwargs(held)
        if kind != ENROLLMENT:
            batches >> adjudicate()
    return dag
