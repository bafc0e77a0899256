"""Disputes in disguise are counted (domain.md 6.6, test vector T17)."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from loaders.disputes import DisputeCount, count
from loaders.schema.claim_details import claim_attachment, claim_note
from loaders.warehouse import Warehouse
from tests.loaders.intake import NOON, Intake, claims_tables
from tests.loaders.verdicts import decide, denied, paid

DAY = NOON.date()
DISPUTE = [{"rule": "DISPUTE-NOT-BY-EDI", "text": "content equals that of original claim_id 1"}]


@pytest.fixture
def intake(warehouse: Warehouse) -> Intake:
    """An intake into an empty warehouse."""
    return Intake(warehouse)


def counts(intake: Intake, first: date = DAY, last: date = DAY) -> list[DisputeCount]:
    """The disputes among the claims of these days."""
    with intake.warehouse.begin() as conn:
        return count(conn, first, last)


def test_a_replacement_that_changes_nothing_is_counted(intake: Intake) -> None:
    """T17: once it is denied for that, and no other denial is."""
    intake.claim({}, {})
    decide(intake, paid(1), denied(2))
    intake.claim({"frequency_code": "7", "payer_claim_control_number": "260610000001"})
    assert counts(intake) == []
    decide(intake, denied(3, "193", explanation=DISPUTE))
    assert counts(intake) == [DisputeCount(DAY, "north", "unchanged", 1)]
    assert counts(intake, date(2026, 1, 1), date(2026, 1, 31)) == []


@pytest.mark.parametrize(
    ("table", "column", "value", "signs"),
    [
        (claim_note.name, "note", "FIRST LEVEL APPEAL, SEE LETTER", ["note"]),
        (claim_note.name, "note", "please Reconsider", ["note"]),
        (claim_note.name, "note", "WITHOUT APPEALING", ["note"]),
        (claim_note.name, "note", "SPECTRAL UNAPPEALING", []),
        (claim_attachment.name, "control_number", "APPEAL-17", ["attachment"]),
        (claim_attachment.name, "control_number", "LAB-17", []),
    ],
)
def test_what_speaks_of_an_appeal_is_suspected(
    intake: Intake, table: str, column: str, value: str, signs: list[str]
) -> None:
    """In a note or the number of an attachment, at the beginning of a word, in any case."""
    place = {"interchange": 1, "functional_group": 1, "transaction_set": 1, "row": 0, "parent_row": 0}
    row = {**place, "ordinal": 1, "line_row": None, column: value, "source_start": 1, "source_stop": 2}
    schema = pa.schema(
        [(name, pa.string() if name == column else pa.int64()) for name in row],
    )
    tables = {**claims_tables({}), table: pa.Table.from_pylist([row], schema=schema)}
    intake.commit(intake.deliver("837"), intake.next_verdict("837"), tables)
    assert [each.sign for each in counts(intake)] == signs
