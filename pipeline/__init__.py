"""The steps in order, plain functions without Airflow, and the command line `edi`."""
