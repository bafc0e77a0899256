"""The two CSV files of a provider registry: what they hold, and whether it is right.

UTF-8, comma separated, with a header line that names exactly these columns, in any order:

`providers.csv`, one line a contract of a billing provider

| column | content |
|---|---|
| npi | 10 digits with a valid check digit |
| tin | 9 digits |
| name | organisation or last name, 1 to 60 characters |
| taxonomy | 10 letters and digits (NUCC) |
| contract_from | first day, YYYY-MM-DD |
| contract_through | last day; empty while the contract is open |
| payee_id | a payee of the other file |
| network | network of the contract; the column may be left out |
| fee_schedule | schedule of the loaded fees; the column may be left out |

`payees.csv`, one line a payee

| column | content |
|---|---|
| payee_id | ours; 1 to 30 letters, digits, `-` and `_` |
| name, address, city | pay-to name and address, up to 60, 55 and 30 characters |
| state, zip | two capitals; five or nine digits |
| npi | as above; empty for one who has none, whom the 835 then names by the tax id |
| tin | as above |
| remittance_partner, statement_partner | trading partners that receive the 835 and the EOP |
| payment_method | ACH or CHK |
| routing_number, account_number | for ACH: 9 digits with a valid check digit, up to 17 letters and digits; CHK: empty |

Texts are what an 835 can carry: printable ASCII without `*`, `~`, `:` and `^`. Errors name file, line and column, never
the value: a TIN may be a person's social security number.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from edi.trouble import Usage

PROBLEMS_SHOWN = 20

Row = dict[str, Any]
Reader = Callable[[str], object]
"""Turns a field's text into its value, or raises ValueError whose text is the rule that was broken."""


class RegistryRefused(Usage):
    """The CSV files are not a registry; `problems` says where and why, one sentence each."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        shown = list(self.problems[:PROBLEMS_SHOWN])
        if len(self.problems) > len(shown):
            shown.append(f"and {len(self.problems) - len(shown)} more")
        super().__init__("\n".join(shown))


@dataclass(frozen=True, slots=True)
class _Line:
    """A row whose fields are good, and the line of the file where it ends."""

    number: int
    row: Row


def read_content(path: Path) -> bytes:
    """A file's bytes; RegistryRefused when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise RegistryRefused([f"{path.name}: cannot be read ({error.strerror})"]) from None


def read_registry(providers_csv: Path, payees_csv: Path) -> tuple[list[Row], list[Row]]:
    """Rows of providers and of payees, checked alone and against each other; RegistryRefused with every problem."""
    payees, problems = _read(payees_csv, PAYEE_COLUMNS)
    providers, wrong = _read(providers_csv, PROVIDER_COLUMNS)
    problems += wrong
    problems += _payee_problems(payees_csv, payees)
    problems += _provider_problems(providers_csv, providers, {line.row["payee_id"] for line in payees})
    if problems:
        raise RegistryRefused(problems)
    return [line.row for line in providers], [line.row for line in payees]


def npi_is_valid(npi: str) -> bool:
    """Ten digits, the last the Luhn check digit of 80840 and the first nine (45 CFR 162.406)."""
    if not re.fullmatch(r"[0-9]{10}", npi):
        return False
    total = 0
    for place, digit in enumerate(reversed("80840" + npi)):
        value = int(digit) * (1 + place % 2)
        total += value // 10 + value % 10
    return total % 10 == 0


def routing_number_is_valid(number: str) -> bool:
    """Nine digits whose sum, weighted 3, 7 and 1 in turn, is a multiple of ten (ABA)."""
    if not re.fullmatch(r"[0-9]{9}", number):
        return False
    return sum(int(digit) * weight for digit, weight in zip(number, (3, 7, 1) * 3, strict=True)) % 10 == 0


def _read(path: Path, columns: Mapping[str, Reader]) -> tuple[list[_Line], list[str]]:
    """The lines whose fields are all good, and what is wrong with the others."""
    try:
        content = read_content(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        return [], [f"{path.name}: is not UTF-8"]
    reader = csv.reader(content.splitlines(keepends=True), strict=True)
    lines: list[_Line] = []
    problems: list[str] = []
    try:
        header = next(reader, [])
        missing = set(columns) - set(header)
        if not missing <= MAY_BE_LEFT_OUT or sorted(header) != sorted(set(columns) - missing):
            return [], [f"{path.name} line 1: the header must name exactly the columns {', '.join(columns)}"]
        for fields in filter(None, reader):
            where = f"{path.name} line {reader.line_num}"
            if len(fields) != len(header):
                problems.append(f"{where}: {len(fields)} fields, the header has {len(header)}")
                continue
            row, broken = _read_fields(dict(zip(header, fields, strict=True)), columns)
            problems += [f"{where} column {name}: {rule}" for name, rule in broken]
            if not broken:
                lines.append(_Line(reader.line_num, row))
    except csv.Error:
        problems.append(f"{path.name} line {reader.line_num}: its quotes do not match")
    return lines, problems


def _read_fields(fields: Mapping[str, str], columns: Mapping[str, Reader]) -> tuple[Row, list[tuple[str, str]]]:
    """The values of one line, and the columns that broke their rule."""
    row: Row = {}
    broken: list[tuple[str, str]] = []
    for name, read in columns.items():
        try:
            row[name] = read(fields.get(name, "").strip())
        except ValueError as rule:
            broken.append((name, str(rule)))
    return row, broken


def _payee_problems(path: Path, payees: Sequence[_Line]) -> Iterator[str]:
    """Twins, and accounts that do not fit the payment method."""
    seen: set[str] = set()
    for line in payees:
        where = f"{path.name} line {line.number} column"
        if line.row["payee_id"] in seen:
            yield f"{where} payee_id: stands on an earlier line too"
        seen.add(line.row["payee_id"])
        for column in ("routing_number", "account_number"):
            if (line.row[column] is not None) != (line.row["payment_method"] == "ACH"):
                yield f"{where} {column}: ACH needs one, CHK has none"


def _provider_problems(path: Path, providers: Sequence[_Line], payee_ids: set[str]) -> Iterator[str]:
    """Unknown payees, contracts that end before they begin, and contracts of one NPI and TIN that overlap."""
    contracts: dict[tuple[str, str], list[tuple[date, date]]] = {}
    for line in providers:
        where = f"{path.name} line {line.number} column"
        if line.row["payee_id"] not in payee_ids:
            yield f"{where} payee_id: no good line of the payees' file has it"
        first: date = line.row["contract_from"]
        last: date = line.row["contract_through"] or date.max
        if last < first:
            yield f"{where} contract_through: before contract_from"
        earlier = contracts.setdefault((line.row["npi"], line.row["tin"]), [])
        if any(first <= end and begin <= last for begin, end in earlier):
            yield f"{where} contract_from: overlaps the contract of an earlier line with this NPI and TIN"
        earlier.append((first, last))


def _matching(pattern: str, rule: str) -> Reader:
    """Text that a pattern describes."""

    def read(field: str) -> str:
        if not re.fullmatch(pattern, field):
            raise ValueError(f"must be {rule}")
        return field

    return read


def _words(most: int) -> Reader:
    """Text that an 835 can carry."""
    return _matching(rf"(?:(?![*:^~])[ -~]){{1,{most}}}", f"1 to {most} printable ASCII characters other than * ~ : ^")


def _checked(is_valid: Callable[[str], bool], rule: str) -> Reader:
    """Text with a check digit."""

    def read(field: str) -> str:
        if not is_valid(field):
            raise ValueError(f"must be {rule}")
        return field

    return read


def _optional(read: Reader) -> Reader:
    """None for an empty field."""
    return lambda field: read(field) if field else None


def _or_empty(read: Reader) -> Reader:
    """An empty field stays empty text."""
    return lambda field: read(field) if field else ""


def _day(field: str) -> date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", field):
        raise ValueError("must be a date as YYYY-MM-DD")
    try:
        return date.fromisoformat(field)
    except ValueError:
        raise ValueError("must be a day of the calendar") from None


_npi = _checked(npi_is_valid, "10 digits with a valid check digit")
_tin = _matching(r"[0-9]{9}", "9 digits")
_id = _matching(r"[A-Za-z0-9_-]{1,30}", "1 to 30 letters, digits, - and _")

PROVIDER_COLUMNS: Mapping[str, Reader] = {
    "npi": _npi,
    "tin": _tin,
    "name": _words(60),
    "taxonomy": _matching(r"[0-9A-Za-z]{10}", "10 letters and digits"),
    "contract_from": _day,
    "contract_through": _optional(_day),
    "payee_id": _id,
    "network": _optional(_id),
    "fee_schedule": _optional(_id),
}
MAY_BE_LEFT_OUT = frozenset({"network", "fee_schedule"})
PAYEE_COLUMNS: Mapping[str, Reader] = {
    "payee_id": _id,
    "name": _words(60),
    "npi": _or_empty(_npi),
    "tin": _tin,
    "address": _words(55),
    "city": _words(30),
    "state": _matching(r"[A-Z]{2}", "two capitals"),
    "zip": _matching(r"[0-9]{5}(?:[0-9]{4})?", "5 or 9 digits"),
    "remittance_partner": _id,
    "statement_partner": _id,
    "payment_method": _matching(r"ACH|CHK", "ACH or CHK"),
    "routing_number": _optional(_checked(routing_number_is_valid, "9 digits with a valid check digit")),
    "account_number": _optional(_matching(r"[0-9A-Za-z]{1,17}", "1 to 17 letters and digits")),
}
