from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from loaders.provider_files import PAYEE_COLUMNS, PROVIDER_COLUMNS, npi_is_valid, read_registry, routing_number_is_valid
from loaders.providers import RegistryRefused, load_registry, newest_version
from loaders.schema.providers import payee, provider
from loaders.warehouse import Warehouse

CLINIC = {
    "npi": "1234567893",
    "tin": "900000001",
    "name": "Lakeside Clinic",
    "taxonomy": "261QP2300X",
    "contract_from": "2025-01-01",
    "contract_through": "",
    "payee_id": "lakeside",
}
LAKESIDE = {
    "payee_id": "lakeside",
    "name": "Lakeside Clinic",
    "npi": "1234567893",
    "tin": "900000001",
    "address": "1 Shore Road",
    "city": "Springfield",
    "state": "IL",
    "zip": "627010001",
    "remittance_partner": "hub",
    "statement_partner": "lakeside-sftp",
    "payment_method": "ACH",
    "routing_number": "021000021",
    "account_number": "0001234",
}
BY_CHECK = LAKESIDE | {"payee_id": "paper", "payment_method": "CHK", "routing_number": "", "account_number": ""}

Files = tuple[Path, Path]


def written(path: Path, *rows: Mapping[str, str]) -> Path:
    """A CSV file with the columns of its first row."""
    lines = [",".join(rows[0]), *(",".join(f'"{value}"' for value in row.values()) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def files(tmp_path: Path) -> Callable[..., Files]:
    """Write both files; without rows the good ones."""

    def write(providers: list[dict[str, str]] | None = None, payees: list[dict[str, str]] | None = None) -> Files:
        return (
            written(tmp_path / "providers.csv", *(providers or [CLINIC])),
            written(tmp_path / "payees.csv", *(payees or [LAKESIDE, BY_CHECK])),
        )

    return write


def problems(files: Files) -> tuple[str, ...]:
    """What is wrong with the two files."""
    with pytest.raises(RegistryRefused) as caught:
        read_registry(*files)
    return caught.value.problems


def load(warehouse: Warehouse, files: Files, now: datetime) -> int:
    """Load in a transaction of its own."""
    with warehouse.begin() as conn:
        return load_registry(conn, *files, now)


def test_the_columns_of_the_files_are_those_of_the_tables() -> None:
    """But for the keys that the warehouse gives."""
    assert set(PROVIDER_COLUMNS) | {"provider_key", "registry_version"} == set(provider.columns.keys())
    assert set(PAYEE_COLUMNS) | {"registry_version"} == set(payee.columns.keys())


def test_a_registry_is_loaded_as_it_is_written(
    warehouse: Warehouse, files: Callable[..., Files], noon: datetime
) -> None:
    """Empty fields are missing values, days are days."""
    version = load(warehouse, files(), noon)
    with warehouse.begin() as conn:
        one = conn.execute(text("select * from provider")).one()
        assert (one.npi, one.tin, one.payee_id, one.registry_version) == (
            "1234567893",
            "900000001",
            "lakeside",
            version,
        )
        assert (one.contract_from, one.contract_through) == (date(2025, 1, 1), None)
        paid = conn.execute(text("select * from payee order by payee_id")).all()
        assert [(row.payment_method, row.routing_number) for row in paid] == [("ACH", "021000021"), ("CHK", None)]
        held = conn.execute(text("select providers, payees, loaded_at from provider_registry")).one()
        assert tuple(held) == (1, 2, noon)


def test_a_change_makes_a_new_version_and_the_same_content_none(
    warehouse: Warehouse, files: Callable[..., Files], noon: datetime
) -> None:
    """The newest is in force; going back to an older content is a change too."""
    with warehouse.begin() as conn:
        assert newest_version(conn) is None
    first = load(warehouse, files(), noon)
    assert load(warehouse, files(), noon) == first
    second = load(warehouse, files([CLINIC | {"name": "Lakeside Clinic North"}]), noon)
    third = load(warehouse, files(), noon)
    assert first < second < third
    with warehouse.begin() as conn:
        assert newest_version(conn) == third
        assert conn.execute(text("select count(*) from provider")).scalar_one() == 3


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("npi", "1234567890", "check digit"),
        ("npi", "123456789", "10 digits"),
        ("tin", "90-0000001", "9 digits"),
        ("name", "", "1 to 60"),
        ("name", "A*B", "printable"),
        ("name", "É", "printable"),
        ("taxonomy", "261Q", "10 letters"),
        ("contract_from", "01/02/2025", "YYYY-MM-DD"),
        ("contract_from", "2025-02-30", "calendar"),
        ("contract_from", "", "YYYY-MM-DD"),
        ("contract_through", "20251231", "YYYY-MM-DD"),
        ("contract_through", "2024-12-31", "before contract_from"),
        ("payee_id", "somebody", "payees' file"),
        ("payee_id", "../x", "letters, digits"),
    ],
)
def test_a_wrong_provider_is_told_by_file_line_and_column(
    files: Callable[..., Files], column: str, value: str, rule: str
) -> None:
    """And never by its value."""
    (problem,) = problems(files([CLINIC | {"tin": "900000002"}, CLINIC | {column: value}]))
    assert problem.startswith(f"providers.csv line 3 column {column}: ")
    assert rule in problem
    assert not value or value not in problem


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("npi", "9999999999", "check digit"),
        ("state", "Illinois", "two capitals"),
        ("zip", "6270", "5 or 9 digits"),
        ("payment_method", "EFT", "ACH or CHK"),
        ("routing_number", "021000022", "check digit"),
        ("routing_number", "", "ACH needs one"),
        ("account_number", "12 34", "letters and digits"),
        ("account_number", "", "ACH needs one"),
        ("remittance_partner", "", "letters, digits"),
    ],
)
def test_a_wrong_payee_is_told_by_file_line_and_column(
    files: Callable[..., Files], column: str, value: str, rule: str
) -> None:
    """And never by its value."""
    found = problems(files(payees=[LAKESIDE, BY_CHECK, LAKESIDE | {"payee_id": "wrong", column: value}]))
    assert found[0].startswith(f"payees.csv line 4 column {column}: ")
    assert rule in found[0]
    assert not value or value not in found[0]


def test_what_lines_say_together_is_checked_too(files: Callable[..., Files]) -> None:
    """Twins among payees, overlapping contracts, an account for a cheque."""
    contracts = [("2025-01-01", "2025-06-30"), ("2025-07-01", ""), ("2026-01-01", "")]
    providers = [CLINIC | {"contract_from": first, "contract_through": last} for first, last in contracts]
    payees = [LAKESIDE, LAKESIDE, BY_CHECK | {"account_number": "1"}]
    assert [problem.split(":")[0] for problem in problems(files(providers, payees))] == [
        "payees.csv line 3 column payee_id",
        "payees.csv line 4 column account_number",
        "providers.csv line 4 column contract_from",
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        pytest.param(b"", "line 1: the header must name exactly", id="empty"),
        pytest.param(b"npi,tin\n", "line 1: the header must name exactly", id="columns missing"),
        pytest.param(",".join([*CLINIC, "more"]).encode(), "line 1: the header must name exactly", id="a column more"),
        pytest.param((",".join(CLINIC) + "\n1,2\n").encode(), "line 2: 2 fields, the header has 7", id="short line"),
        pytest.param((",".join(CLINIC) + '\n"a"b\n').encode(), "line 2: its quotes", id="quotes"),
        pytest.param(",".join(CLINIC).encode("utf-16"), "is not UTF-8", id="encoding"),
    ],
)
def test_what_is_no_such_table_is_refused(files: Callable[..., Files], content: bytes, problem: str) -> None:
    """In one sentence that names the file."""
    providers, payees = files()
    providers.write_bytes(content)
    (found,) = problems((providers, payees))
    assert found.startswith("providers.csv")
    assert problem in found


def test_columns_in_any_order_blanks_and_a_byte_order_mark_are_fine(files: Callable[..., Files]) -> None:
    """As spreadsheets write them."""
    providers, payees = files([dict(reversed(CLINIC.items())) | {"npi": " 1234567893 "}])
    providers.write_bytes(b"\xef\xbb\xbf" + providers.read_bytes().replace(b"\n", b"\r\n") + b"\r\n")
    assert read_registry(providers, payees)[0][0]["npi"] == "1234567893"


def test_a_payee_may_have_no_npi(files: Callable[..., Files]) -> None:
    """One who is paid under the tax id alone; a provider has one."""
    providers, payees = files(payees=[LAKESIDE | {"npi": ""}, BY_CHECK])
    assert [row["npi"] for row in read_registry(providers, payees)[1]] == ["", "1234567893"]


def test_a_missing_file_is_named(tmp_path: Path, warehouse: Warehouse, noon: datetime) -> None:
    """Without the folder it was looked for in."""
    with pytest.raises(RegistryRefused, match=r"^providers\.csv: cannot be read"):
        load(warehouse, (tmp_path / "providers.csv", tmp_path / "payees.csv"), noon)


def test_of_many_problems_the_message_shows_some(files: Callable[..., Files]) -> None:
    """All are counted."""
    wrong = [CLINIC | {"npi": "1", "contract_from": f"2{number:03}-01-01"} for number in range(30)]
    with pytest.raises(RegistryRefused, match=r"and 10 more$") as caught:
        read_registry(*files(wrong))
    assert len(caught.value.problems) == 30


@pytest.mark.parametrize(
    ("npi", "valid"),
    [
        ("1234567893", True),
        ("1245319599", True),
        ("1234567894", False),
        ("", False),
        ("12345678\N{FULLWIDTH DIGIT NINE}3", False),
    ],
)
def test_npi_check_digits(npi: str, valid: bool) -> None:
    """Luhn over 80840 and the number (45 CFR 162.406); the first is the example of the NPI standard."""
    assert npi_is_valid(npi) is valid


@pytest.mark.parametrize(("number", "valid"), [("021000021", True), ("021000012", False), ("02100002", False)])
def test_routing_number_check_digits(number: str, valid: bool) -> None:
    """Weighted 3, 7, 1 (ABA)."""
    assert routing_number_is_valid(number) is valid
