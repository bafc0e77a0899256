"""Airflow DAG of enrolment: turn waiting 834 files into members and coverage, in each partner's order of arrival."""

from __future__ import annotations

from dags.assets import ENROLLMENT_ARRIVED
from dags.file_processing import processing_dag

edi_enrollment_834 = processing_dag(
    dag_id="edi_enrollment_834",
    kind="834",
    wakes_on=ENROLLMENT_ARRIVED,
    doc=__doc__,
)
