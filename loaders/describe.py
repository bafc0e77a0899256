"""The page `docs/tables.md`: every table of the warehouse, written from the comments of the schema.

python -m loaders.describe docs/tables.md
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from sqlalchemy import Column, Table
from sqlalchemy.dialects import postgresql

from loaders.schema import (
    accumulators,
    claim_answers,
    claim_details,
    claim_families,
    claim_operations,
    claims,
    coverage,
    deposits,
    enrollment,
    holds,
    intake,
    member_details,
    metadata,
    outbound,
    provider_accounts,
    providers,
    reference_data,
    remittance,
    replay,
)

CHAPTERS = (
    intake,
    holds,
    enrollment,
    member_details,
    coverage,
    claims,
    claim_details,
    claim_answers,
    claim_families,
    claim_operations,
    accumulators,
    providers,
    reference_data,
    remittance,
    deposits,
    provider_accounts,
    replay,
    outbound,
)
"""The schema's modules, in the order in which a file flows through their tables."""

DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call] # SQLAlchemy leaves it without types

HEAD = """\
# Tables of the warehouse

Written by `python -m loaders.describe docs/tables.md` from `loaders/schema`; a test fails when this page is old.

Money is in exact cents. Instants are UTC; `received_date` and `decided_on` are days of the plan's time zone. A type
with `?` may be empty. `->` names what a column refers to. `source_start` and `source_stop` give the bytes of the
archived file that a row came from.
"""


def describe() -> str:
    """The whole page."""
    return "\n".join([HEAD, *(part for chapter in CHAPTERS for part in _chapter(chapter))])


def _chapter(module: ModuleType) -> Iterator[str]:
    """One module of the schema: its docstring's first line, then its tables in the order written."""
    yield f"## {(module.__doc__ or '').strip().splitlines()[0].rstrip('.')}\n"
    for table in vars(module).values():
        if isinstance(table, Table) and table.metadata is metadata:
            yield from _table(table)


def _table(table: Table) -> Iterator[str]:
    yield f"### {table.name}\n"
    yield f"{table.comment}.\n"
    yield "| column | type | about |"
    yield "|---|---|---|"
    for column in table.columns:
        yield f"| {column.name} | {_type(column)} | {_about(column)} |"
    yield ""


def _type(column: Column[object]) -> str:
    """PostgreSQL's type, with `?` where the column may be empty."""
    name = column.type.compile(dialect=DIALECT).lower().replace("timestamp with time zone", "instant")
    return f"{name}?" if column.nullable else name


def _about(column: Column[object]) -> str:
    """Part of the key, what it points to, and its comment."""
    parts = ["key"] if column.primary_key else []
    parts += [f"-> {foreign.target_fullname}" for foreign in column.foreign_keys]
    if column.comment:
        parts.append(column.comment)
    return "; ".join(parts).replace("|", "\\|")


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(describe(), encoding="utf-8")
