"""The command line `edi`: the pipeline's steps without Airflow, for people and, with --json, for programs."""

from pipeline.command.application import main

__all__ = ["main"]
