"""Claims for the tests of the 277CA: a small file read as the pipeline reads it, answered by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa

from edi.archived import bytes_reader
from edi.claim_answers import ClaimAnswers, claim_answers
from edi.claim_screening import found_schema
from edi.tables.claim_intake import CLAIM_INTAKE
from edi.tables.claim_status import CLAIM_STATUS_TABLES
from edi.tables.reader import read_tables
from edi.verdict import FileVerdict
from parsers import claims_837
from rules.acceptance import AcceptanceProfile, judge
from tests.writers.remittances import PAYER
from writers.status_277ca import write_277ca

RECEIVED = date(2026, 4, 1)
PREPARED = datetime(2026, 4, 2, 9, 30)  # noqa: DTZ001 - the plan's own time, as in the envelope

Found = tuple[int, int | None, str]
"""Claim by its place in the file, line, and statuses."""


@dataclass(frozen=True)
class Received:
    """A file that was read."""

    verdict: FileVerdict
    tables: Mapping[str, pa.Table]

    def answers(self, *found: Found, tracked: Sequence[int] = ()) -> ClaimAnswers:
        """All claims numbered from 26091000001, but for those in which something was found."""
        claims = self.tables["claim"]
        rejected = {row for row, _, _ in found}
        rows = [
            {
                "row": row,
                "source_start": start,
                "claim_number": None if row in rejected else f"26091{row + 1:07d}",
                "tracking_number": f"T{row + 1:09d}" if row in tracked else None,
            }
            for row, start in enumerate(claims["source_start"].to_pylist())
        ]
        schema = pa.schema(
            {
                "row": pa.int64(),
                "source_start": pa.int64(),
                "claim_number": pa.string(),
                "tracking_number": pa.string(),
            }
        )
        names = ("row", "line_number", "statuses")
        table = pa.Table.from_pylist(
            [{**dict(zip(names, one, strict=True)), "edit": "BY_HAND", "severity": "reject"} for one in found],
            schema=found_schema(),
        )
        return claim_answers(self.tables, pa.Table.from_pylist(rows, schema=schema), table, RECEIVED)

    def change(self, column: str, values: Sequence[object]) -> Received:
        """The same with other values in a column of the claims."""
        claims = self.tables["claim"]
        place = claims.schema.get_field_index(column)
        changed = claims.set_column(
            place, claims.schema.field(place), pa.array(values, claims.schema.field(place).type)
        )
        return Received(self.verdict, {**self.tables, "claim": changed})

    def written(self, *found: Found, tracked: Sequence[int] = (), control: int = 7) -> bytes:
        """The 277CA of the file's first interchange."""
        answers = self.answers(*found, tracked=tracked)
        return write_277ca(self.verdict.interchanges[0], answers.of(1), PAYER, control, PREPARED)


def received(data: bytes, **profile: object) -> Received:
    """Read a file as the delivery of a partner who may send anything."""
    scanned, tables = read_tables(data, CLAIM_INTAKE)
    verdict = judge(scanned, AcceptanceProfile(**profile), bytes_reader(data))  # type: ignore[arg-type] # by name
    return Received(verdict, claims_837.read(scanned, verdict, tables))


def segments(content: bytes) -> list[str]:
    """The segments of an interchange."""
    return content.decode().rstrip("~").split("~")


def read_back(content: bytes) -> dict[str, list[dict[str, object]]]:
    """The rows of a 277CA as any receiver with our tables reads them."""
    _, tables = read_tables(content, CLAIM_STATUS_TABLES)
    return {name: table.to_pylist() for name, table in tables.items()}
