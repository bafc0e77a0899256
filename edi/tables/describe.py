"""The page `docs/columns.md`: every table that is read from a file, written from the declarations.

python -m edi.tables.describe docs/columns.md
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from edi.tables.catalogue import tables_of
from edi.tables.claim_elsewhere import ELSEWHERE, LINKS
from edi.tables.claim_intake import CLAIM_INTAKE
from edi.tables.coverage import REASONS
from edi.tables.enrollment import ENROLLMENT_INTAKE
from edi.tables.specification import ANCHOR, Column, Table

TITLES = {
    "834": "834 enrollment (005010X220A1)",
    "837P": "837 claims: professional (005010X222A1), institutional (005010X223A2), dental (005010X224A2)",
    "835": "835 remittance (005010X221A1)",
    "277CA": "277CA claim acknowledgment (005010X214)",
    "999": "999 acknowledgment (005010X231, 005010X231A1)",
}

HEAD = """\
# Tables read from files

Written by `python -m edi.tables.describe docs/columns.md` from `edi/tables`; a test fails when this page is old, and
another one when a guide has an element that is in no table and has no reason to be in none.

Every table begins with `interchange`, `functional_group` and `transaction_set` (ordinals in the file), `row` (from 0)
and `parent_row` (the `row` of the parent table, -1 for none), and ends with `source_start` and `source_stop` (the bytes
of the file that the row came from).

A source reads `LOOP/SEGMENT[qualifier]element-component`; the first of those joined by `|` that is there counts. The
loop `anchor` is that of the segment which makes the row. Element 00 is the one that makes the row where each element,
group of elements or repetition makes one, and `00+1` the next of its group. `row/TABLE` is the number of another
table's row that the row belongs to. (P), (I) and (D) mark what only professional, institutional or dental claims have.

| kind | type | what |
|---|---|---|
| text | string | as sent |
| money | int64 | exact cents |
| count | int64 | a whole number |
| quantity | decimal128(15, 3) | exact |
| decimal | decimal128(18, 6) | exact: a rate, percentage or measurement |
| day, last_day | date32 | a date; the first and the last day of a range |
| time, day_time | time32[s] | a time of day; that of a date with time |
| row | int64 | `row` of another table, empty for none |

What is not of its kind (an impossible date, say) is empty.
"""


def describe() -> str:
    """The whole page."""
    chapters = (part for kind, title in TITLES.items() for part in _chapter(kind, title))
    return "\n".join([HEAD, *chapters, *_elsewhere(), *_reasons()])


def _chapter(kind: str, title: str) -> Iterator[str]:
    yield f"## {title}\n"
    loaded = {table.name for table in (*CLAIM_INTAKE, *ENROLLMENT_INTAKE)}
    for table in tables_of(kind):
        yield from _table(table, loaded=table.name in loaded)


def _table(table: Table, *, loaded: bool) -> Iterator[str]:
    yield f"### {table.name}\n"
    yield f"{table.description} {_rows(table)}{' The warehouse loads from it.' if loaded else ''}\n"
    yield "| column | kind | source | about |"
    yield "|---|---|---|---|"
    for column in table.columns:
        yield f"| {column.name} | {column.kind} | {_source(column)} | {column.description} |"
    yield ""


def _rows(table: Table) -> str:
    """What makes a row, and whose child it is."""
    segment = table.anchor[1]
    what = f"each {segment}"
    if table.explode:
        first, last = table.explode[:2]
        elements = f"{segment}{first:02}" if first == last else f"{segment}{first:02} to {segment}{last:02}"
        step = f" in groups of {table.step}" if table.step > 1 else ""
        what = f"each {'repetition' if table.repetitions else 'element'} of {elements}{step}"
    parent = f"; parent `{table.parent}`" if table.parent else ""
    return f"A row for {what} in {', '.join(table.loops)}{parent}."


def _source(column: Column) -> str:
    text = "loop of the row" if column.source == ANCHOR else column.source
    return text.replace("|", " \\| ")


def _elsewhere() -> Iterator[str]:
    yield "## Where the warehouse holds what has no column of that name (837)\n"
    for column, text in LINKS.items():
        yield f"- {column}: {text}."
    by_place: dict[str, list[str]] = {}
    for table, columns in ELSEWHERE.items():
        for column, text in columns.items():
            by_place.setdefault(text, []).append(f"{table}.{column}")
    for text, names in by_place.items():
        yield f"- {', '.join(names)}: {text}."
    yield ""


def _reasons() -> Iterator[str]:
    yield "## What is in no table\n"
    for name, text in REASONS.items():
        yield f"- {name}: {text}."
    yield ""


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(describe(), encoding="utf-8")
