"""What of an 837 (837P, 837I, 837D) is taken in: all of it."""

from __future__ import annotations

from dataclasses import replace

from edi.tables.claim_batches import CLAIM_BATCH_TABLES
from edi.tables.claim_details import CLAIM_DETAIL_TABLES
from edi.tables.claim_segments import CLAIM_SEGMENT_TABLES

CLAIM_INTAKE = tuple(
    replace(table, kinds=frozenset({"837P", "837I", "837D"}))
    for table in (*CLAIM_BATCH_TABLES, *CLAIM_DETAIL_TABLES, *CLAIM_SEGMENT_TABLES)
)
"""What the pipeline loads of an 837, parents first."""
