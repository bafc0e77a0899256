"""What of an 834 (005010X220A1) is taken in: all of it."""

from __future__ import annotations

from dataclasses import replace

from edi.tables.enrollment_details import ENROLLMENT_TABLES

ENROLLMENT_INTAKE = tuple(replace(table, kinds=frozenset({"834"})) for table in ENROLLMENT_TABLES)
"""What the pipeline loads of an 834, parents first."""
