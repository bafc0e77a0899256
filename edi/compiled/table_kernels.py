"""The kernels of the tables under one name, so that their machine code is kept in one place."""

from __future__ import annotations

from edi.compiled.extraction_kernel import fill_tables
from edi.compiled.rows_kernel import close_rows

__all__ = ["close_rows", "fill_tables"]
