"""A local Airflow for the demo, the tests and `make ui`: set up, started, watched and stopped as child processes.

Nothing here imports Airflow; it runs the `airflow` program of this environment and speaks its REST API.
"""
