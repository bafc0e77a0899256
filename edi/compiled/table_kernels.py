"""The kernels of the tables under one name, so that their machine code is kept in one place."""

from __future__ import annotations

from edi.compiled.column_kernel import measure_columns, sort_rows, write_columns, write_places
from edi.compiled.extraction_kernel import close_rows, fill_tables

__all__ = ["close_rows", "fill_tables", "measure_columns", "sort_rows", "write_columns", "write_places"]
