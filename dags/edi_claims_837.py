"""Airflow DAG of claims: turn waiting 837 files into claims, then decide every claim that can be decided."""

from __future__ import annotations

from dags.assets import CLAIMS_ARRIVED
from dags.file_processing import processing_dag

edi_claims_837 = processing_dag(
    dag_id="edi_claims_837",
    kind="837",
    wakes_on=CLAIMS_ARRIVED,
    doc=__doc__,
)
