"""All that an 837 says of its claims is in the warehouse, at its claim, line and bytes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from sqlalchemy import text

from edi.claim_line_numbers import with_numbers
from edi.guides.library import CATALOGUE, VERSION, default_library
from edi.reference.extract import extract
from edi.reference.scanner import read_records, scan
from edi.tables.claim_elsewhere import ELSEWHERE, LINKS
from edi.tables.claim_intake import CLAIM_INTAKE
from edi.tables.claims import CLAIM_DIAGNOSIS
from loaders.schema import metadata
from loaders.schema.claim_details import CLAIM_DETAILS
from loaders.warehouse import Warehouse
from parsers.claim_batches import BATCH_COLUMNS
from parsers.claim_detail_parts import DETAILS, HELD
from parsers.claims_837 import read
from tests.edi.tables.fullest_file import fullest_file
from tests.loaders.intake import Intake, accepted

OWN = (
    *("claim", "claim_line", "claim_diagnosis", "claim_party", "claim_set", "claim_set_contact"),
    *("refused_claim", "refused_line"),
)
CORPUS = Path(__file__).parents[1] / "corpus"
PLACE = ("interchange", "functional_group", "transaction_set", "row")
GUIDES = ("005010X222A1", "005010X223A2", "005010X224A2")


@pytest.fixture
def intake(warehouse: Warehouse) -> Intake:
    """An intake into an empty warehouse."""
    return Intake(warehouse)


def fullest(guide_id: str) -> Mapping[str, pa.Table]:
    """A file with every segment and element of a guide, and its tables."""
    guide = default_library().find(VERSION, CATALOGUE[guide_id].functional_id, guide_id)
    assert guide
    data = fullest_file(guide)
    return read(scan(data), accepted(), extract(read_records(data), CLAIM_INTAKE))


def stored(intake: Intake, query: str) -> list[dict[str, object]]:
    """Rows of a query, by column."""
    with intake.warehouse.begin() as conn:
        return [dict(row) for row in conn.execute(text(query)).mappings()]


def as_stored(table: pa.Table, line_numbers: list[int]) -> list[dict[str, object]]:
    """Rows of the parser as the warehouse is to hold them, by column; the claim by its row in the file."""
    rows = []
    for row in table.to_pylist():
        line = row.pop("line_row")
        rows.append({**row, "line_number": None if line is None else line_numbers[line]})
    return rows


def landed() -> set[tuple[str, str]]:
    """Table and column of all that reaches a column of the warehouse."""
    own = ("claim", "claim_line", "claim_party", "claim_diagnosis")
    columns = {(name, column.name) for name in own for column in metadata.tables[name].columns}
    columns |= {("claim_batch", column) for column in BATCH_COLUMNS}
    for name, parts in DETAILS.items():
        for part in parts:
            assert part.columns.keys() <= {column.name for column in metadata.tables[name].columns}, name
            columns |= {(part.table, theirs or ours) for ours, theirs in part.columns.items()}
    return columns


def test_every_column_of_an_837_reaches_the_warehouse() -> None:
    """Or stands in the list of those that do not, with where it is instead; and nothing stands there in vain."""
    reached = landed()
    missing = {
        (table.name, column.name)
        for table in CLAIM_INTAKE
        for column in table.columns
        if (table.name, column.name) not in reached
    }
    listed = {(table, column) for table, columns in ELSEWHERE.items() for column in columns}
    assert listed <= missing
    assert {column for _, column in missing - listed} == set(LINKS)


def test_what_is_left_out_is_in_a_column_of_its_own() -> None:
    """Whatever qualifier is held elsewhere is the source of a column that reaches the warehouse, and of no other."""
    sources = {
        (source.loop if source.loop != "anchor" else table.anchor[0], source.segment, source.qualifier)
        for table in CLAIM_INTAKE
        for column in table.columns
        for source in column.sources
        if (table.name, column.name) in landed() and source.qualifier
    }
    segments = {"claim_reference": "REF", "claim_date": "DTP", "claim_amount": "AMT", "claim_information": "HI"}
    for table, loops in HELD.items():
        held = {(loop, segments[table], qualifier) for loop, qualifiers in loops.items() for qualifier in qualifiers}
        held -= {("2300", "HI", qualifier) for qualifier in CLAIM_DIAGNOSIS.qualifiers}
        assert held <= sources, table


@pytest.mark.parametrize("guide_id", GUIDES)
def test_every_value_of_every_table_is_loaded(intake: Intake, guide_id: str) -> None:
    """Each row at its claim, its line and its bytes; social security numbers (REF*SY) as their hashes."""
    tables = fullest(guide_id)
    intake.commit(intake.deliver("837"), accepted(), tables)
    claims = {row["claim_id"]: place for place, row in enumerate(stored(intake, "select * from claim order by 1"))}
    line_numbers = with_numbers(tables["claim_line"])["line_number"].to_pylist()
    assert len(claims) == tables["claim"].num_rows > 1
    details = {name: table for name, table in tables.items() if name not in OWN}
    assert set(details) <= {table.name for table in CLAIM_DETAILS}
    for name, table in (*details.items(), ("claim_party", tables["claim_party"])):
        found = stored(intake, f"select * from {name} order by claim_id, ordinal")
        wanted = as_stored(table, line_numbers)
        assert [claims[row["claim_id"]] for row in found] == [row["parent_row"] for row in wanted], name
        for row, want in zip(found, wanted, strict=True):
            secret = {"value"} if name == "claim_reference" and want["qualifier"] == "SY" else set()
            left_out = {"parent_row", *PLACE, *secret, *({"line_number"} - row.keys())}
            assert {column: row[column] for column in want.keys() - left_out} == {
                column: value for column, value in want.items() if column not in left_out
            }, name
            assert not secret or row["value"] != want["value"]
    for name, order in (("claim", "claim_id"), ("claim_line", "source_start"), ("claim_diagnosis", "source_start")):
        wanted = tables[name].to_pylist()
        found = stored(intake, f"select * from {name} order by {order}")
        same = (found[0].keys() & wanted[0].keys()) - {"line_number"}
        assert [{column: row[column] for column in same} for row in found] == [
            {column: row[column] for column in same} for row in wanted
        ], name
    # what the fullest file has none of is told by the guide alone
    assert {row["line_number"] for name in details for row in as_stored(details[name], line_numbers)} >= {None, 1, 2}


def test_a_batch_is_loaded_with_its_submitter(intake: Intake) -> None:
    """By transaction set: BHT, who sent it to whom, and how the submitter is reached."""
    tables = fullest("005010X222A1")
    intake.commit(intake.deliver("837"), accepted(), tables)
    for name in ("claim_set", "claim_set_contact"):
        (one, *_) = tables[name].to_pylist()
        (row, *others) = stored(intake, f"select * from {name} order by source_start")
        assert len(others) == tables[name].num_rows - 1
        assert {column: row[column] for column in one.keys() - set(PLACE)} == {
            column: value for column, value in one.items() if column not in PLACE
        }
    assert tables["claim_set"]["submitter_id"][0].as_py() == tables["claim"]["submitter_id"][0].as_py()


def test_what_a_prior_payer_decided(intake: Intake) -> None:
    """A claim of a secondary payer, read by hand: what the first one paid, when, and why not more."""
    data = (CORPUS / "linuxforhealth/demo.cob.example3.B.837").read_bytes()
    tables = read(scan(data), accepted(), extract(read_records(data), CLAIM_INTAKE))
    intake.commit(intake.deliver("837"), accepted(), tables)
    assert intake.rows(
        "select ordinal, payer_responsibility, payer_id, paid_cents, patient_liability_cents, benefits_assigned,"
        " decided_on from claim_other_coverage"
    ) == [(1, "P", "999996666", 3915, 3689, "Y", None)]
    assert intake.rows(
        "select ordinal, line_number, other_coverage, procedure_code, paid_cents, paid_on, quantity"
        " from claim_line_adjudication order by 1"
    ) == [
        (1, 1, 1, "99213", 4000, date(2005, 10, 15), Decimal(1)),
        (2, 2, 1, "90782", 1500, date(2005, 10, 15), Decimal(1)),
        (3, 3, 1, "J3301", 2104, date(2005, 10, 15), Decimal(1)),
    ]
    assert intake.rows(
        "select line_number, other_coverage, line_adjudication, group_code, reason_code, amount_cents"
        " from claim_adjustment order by ordinal"
    ) == [(None, 1, None, "PR", "1", 2189), (None, 1, None, "PR", "2", 1500), (1, 1, 1, "CO", "42", 300)]
    assert intake.rows("select loop, other_coverage, identifier, city from claim_party where loop like '2330%'") == [
        ("2330A", 1, "JS00111223333", "MIAMI"),
        ("2330B", 1, "999996666", None),
    ]
    (start, stop) = intake.rows("select source_start, source_stop from claim_adjustment where ordinal = 2")[0]
    assert data[start:stop] == b"2*15.00"
