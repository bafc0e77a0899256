"""Airflow DAGs, one a file, each a sentence of pipeline steps."""
