"""All tables of each kind of transaction set: nothing that a valid file says is in none of them."""

from __future__ import annotations

from dataclasses import replace

from edi.tables.acknowledgments import ACKNOWLEDGMENT_TABLES
from edi.tables.claim_intake import CLAIM_INTAKE
from edi.tables.claim_status import CLAIM_STATUS_TABLES
from edi.tables.enrollment_details import ENROLLMENT_TABLES
from edi.tables.remittance import REMITTANCE_TABLES
from edi.tables.specification import Table


def _read_from(kinds: set[str], tables: tuple[Table, ...]) -> tuple[Table, ...]:
    return tuple(replace(table, kinds=frozenset(kinds)) for table in tables)


ENROLLMENT = _read_from({"834"}, ENROLLMENT_TABLES)
CLAIMS = CLAIM_INTAKE
REMITTANCE = _read_from({"835"}, REMITTANCE_TABLES)
CLAIM_STATUS = _read_from({"277CA"}, CLAIM_STATUS_TABLES)
ACKNOWLEDGMENT = _read_from({"999"}, ACKNOWLEDGMENT_TABLES)

ALL_TABLES = (*ENROLLMENT, *CLAIMS, *REMITTANCE, *CLAIM_STATUS, *ACKNOWLEDGMENT)
"""For a file of any kind, or of several; parents first, every name once."""


def tables_of(kind: str) -> tuple[Table, ...]:
    """The complete tables of a kind of guide (834, 837P ...), parents first; none of a kind that is not supported.

    The three variants of the 837 share theirs, so that a file with several gives one set of tables.
    """
    return tuple(table for table in ALL_TABLES if kind in table.kinds)
