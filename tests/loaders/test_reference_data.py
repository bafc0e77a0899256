"""Reference data: files checked, loaded once as versions, and read for the claims they are about."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest

from edi.reference_data import TABLES
from loaders.claim_facts import read_facts
from loaders.reference_data import core_combinations, load_reference, versions_in_force
from loaders.reference_files import ReferenceRefused, read_reference
from loaders.warehouse import Warehouse
from tests.loaders.intake import NOON, Intake

EXAMPLES = Path(__file__).parents[2] / "examples" / "reference"
FEES = """procedure_code,method,amount,percent,effective_from,effective_through
99213,unit,92.50,,2026-01-01,
99214,percent,,62.5,2026-01-01,2026-12-31
"""


def written(folder: Path, content: str, name: str = "table.csv") -> Path:
    """A file of this content."""
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def test_a_file_becomes_typed_rows(tmp_path: Path) -> None:
    """Money in cents, percentages in basis points, days as days; columns that were left out are empty."""
    table = read_reference("fee", written(tmp_path, FEES))
    assert table.column_names == [column.name for column in TABLES["fee"].columns]
    assert table["amount_cents"].to_pylist() == [9250, None]
    assert table["basis_points"].to_pylist() == [None, 6250]
    assert [str(day) for day in table["effective_through"].to_pylist()] == ["None", "2026-12-31"]
    assert table["modifier"].to_pylist() == [None, None]


def test_parquet_is_read_like_csv(tmp_path: Path) -> None:
    """Whatever the types of its columns."""
    csv_file = written(tmp_path, FEES)
    parquet = tmp_path / "table.parquet"
    pq.write_table(pa_csv.read_csv(csv_file), parquet)
    assert read_reference("fee", parquet).equals(read_reference("fee", csv_file))


@pytest.mark.parametrize(
    ("kind", "content", "told"),
    [
        pytest.param("fees", FEES, "no kind", id="kind"),
        pytest.param("fee", "code\nX\n", "unknown columns", id="column"),
        pytest.param("fee", FEES.replace("92.50", "secret"), "row 1 column amount: must be an amount", id="money"),
        pytest.param("fee", FEES.replace("62.5", "101"), "row 2 column percent", id="percentage"),
        pytest.param("fee", FEES.replace("2026-12-31", "31.12.26"), "row 2 column effective_through", id="day"),
        pytest.param("fee", FEES.replace("2026-12-31", "2026-02-31"), "column effective_through", id="no-such-day"),
        pytest.param(
            "fee", FEES.replace("unit", "secret"), "row 1 column method: must be unit or percent", id="choice"
        ),
        pytest.param("bundle", "procedure_code\nZZ001\n", "column bundled_code", id="required"),
        pytest.param("fee", "", "no readable", id="empty"),
    ],
)
def test_a_file_that_is_refused(tmp_path: Path, kind: str, content: str, told: str) -> None:
    """With the place and never the value."""
    with pytest.raises(ReferenceRefused, match=told) as refused:
        read_reference(kind, written(tmp_path, content))
    assert "secret" not in str(refused.value)


def test_versions(warehouse: Warehouse, tmp_path: Path) -> None:
    """Each load is the whole table of its kind; the same content again changes nothing."""
    first, second = written(tmp_path, FEES), written(tmp_path, FEES.replace("92.50", "93"), "second.csv")
    with warehouse.begin() as conn:
        assert (load_reference(conn, "fee", first, NOON).version, versions_in_force(conn)) == (1, {"fee": 1})
        assert load_reference(conn, "fee", first, NOON + timedelta(days=1)).version == 1
        assert load_reference(conn, "fee", second, NOON).version == 2
        assert load_reference(conn, "fee", first, NOON).rows == 2
        assert versions_in_force(conn) == {"fee": 3}


def test_every_kind_can_be_loaded_and_read(warehouse: Warehouse, tmp_path: Path) -> None:
    """The facts of a claim hold the rows in force that may be about it, and what they are compared with."""
    values = {"text": "99213", "day": "2026-01-01", "cents": "1", "count": "1", "basis_points": "1"}
    intake = Intake(warehouse)
    intake.claim({"prior_authorization": "99213", "rendering_npi": "99213"})
    with warehouse.begin() as conn:
        assert read_facts(conn, [1]).reference is None
        assert core_combinations(conn) is None
        for kind, table in TABLES.items():
            head = ",".join(column.file_name for column in table.columns)
            row = ",".join(column.choices[0] if column.choices else values[column.kind] for column in table.columns)
            other = row.replace("99213", "99999")
            load_reference(conn, kind, written(tmp_path, f"{head}\n{row}\n{other}\n"), NOON)
        facts = read_facts(conn, [1]).reference
        listed = core_combinations(conn)
    assert facts is not None
    assert listed is not None
    assert facts.tables["core_combination"].equals(listed)
    assert set(facts.versions) == set(TABLES)
    found = {kind: len(facts.tables[kind]) for kind in TABLES}
    assert found == dict.fromkeys(TABLES, 1) | {"core_combination": 2, "attachment": 0}
    assert facts.claims["prior_authorization"].tolist() == ["99213"]
    assert facts.diagnoses["code"].tolist() == ["J069"]


def test_no_version_comes_between_the_facts_and_the_decision(warehouse: Warehouse, tmp_path: Path) -> None:
    """It would stand before the decision in the journal, which was made without it."""
    Intake(warehouse).claim({})
    path = written(tmp_path, FEES)

    def load() -> None:
        with warehouse.begin() as conn:
            load_reference(conn, "fee", path, NOON)

    other = threading.Thread(target=load)
    with warehouse.begin() as conn:
        read_facts(conn, [1])
        other.start()
        other.join(0.5)
        assert other.is_alive()
    other.join()
    with warehouse.begin() as conn:
        assert versions_in_force(conn) == {"fee": 1}


def test_the_examples_have_a_file_of_every_kind() -> None:
    """And each can be read as what it is called."""
    files = {path.stem: path for path in EXAMPLES.iterdir()}
    assert set(files) == set(TABLES)
    assert all(len(read_reference(kind, path)) for kind, path in files.items())
