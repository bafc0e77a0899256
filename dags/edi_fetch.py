"""Fetch: look into every partner's SFTP folder, take what is ready exactly once, and wake the DAG that reads it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import dag, task
from airflow.sdk.exceptions import AirflowSkipException

from dags.assets import CLAIMS_ARRIVED, ENROLLMENT_ARRIVED, OUTBOX_FILLED
from dags.house_rules import DEFAULTS, START_OF_TIME, open_house


@dag(
    dag_id="edi_fetch",
    schedule="*/5 * * * *",
    start_date=START_OF_TIME,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULTS,
    doc_md=__doc__,
    tags=["edi", "inbound"],
)
def edi_fetch() -> None:
    """Partners are fetched side by side; one whose server is away fails alone."""

    @task
    def list_partners() -> list[str]:
        """Partners that deliver files to us."""
        with open_house() as house:
            return house.delivering_partners()

    @task(
        outlets=[ENROLLMENT_ARRIVED, CLAIMS_ARRIVED, OUTBOX_FILLED],
        execution_timeout=timedelta(hours=2),
        map_index_template="{{ task.op_kwargs['partner'] }}",
    )
    def fetch(partner: str) -> dict[str, Any]:
        """Receive one partner's files and settle those that are neither 834 nor 837; skipped, it wakes nobody."""
        from pipeline.file_steps import Postponed
        from pipeline.process import settle_unrecognized
        from pipeline.receive import ReceiveReport, receive

        report, settled = ReceiveReport(partner), 0
        postponed = Postponed()
        with open_house() as house:
            with postponed:
                report = receive(house, partner, house.now())
            with postponed:  # what lies here already is answered, whatever their server says
                settled = settle_unrecognized(house, partner)
            postponed.raise_first()
        if not (report.new or settled):
            raise AirflowSkipException(f"Nothing new from {partner}.")
        return report.summary()

    fetch.expand(partner=list_partners())


edi_fetch()
