"""Who members were, and what was said of them, as known on an instant: set-based, for any number of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from loaders.frames import read_frame
from loaders.schema import member_details, metadata
from loaders.schema.person_columns import person_columns

if TYPE_CHECKING:
    import pandas as pd

_PERSON = ", ".join(column.name for column in person_columns())

PERSON_AS_KNOWN = f"""(
    select member_id, {_PERSON}, recorded_at, file_id from member where recorded_at <= :known_at
    union all
    select member_id, {_PERSON}, recorded_at, file_id from member_past
    where recorded_at <= :known_at and superseded_at > :known_at
)"""  # noqa: S608 - of our own words only
"""Stands for a table in a query: each member as known at the parameter `known_at`, none who was not known yet."""

PERSONS = f"select p.* from {PERSON_AS_KNOWN} p where member_id = any(:member_ids) order by member_id"  # noqa: S608

STATEMENTS = """
select t.* from {table} t
where member_id = any(:member_ids) and recorded_at <= :known_at and coalesce(superseded_at > :known_at, true)
order by member_id, statement_id
"""


def read_persons(conn: Connection, member_ids: Sequence[int], known_at: datetime) -> pd.DataFrame:
    """The columns of `member` as they were known, a row a member; of those not known yet there is none."""
    return read_frame(conn, text(PERSONS), {"member_ids": list(member_ids), "known_at": known_at})


def read_statements(conn: Connection, table: str, member_ids: Sequence[int], known_at: datetime) -> pd.DataFrame:
    """The rows of a table of `loaders.schema.member_details` that were in force for these members.

    Raises:
        ValueError: it is no table of statements.
    """
    if "statement_id" not in metadata.tables[table].columns or not hasattr(member_details, table):
        raise ValueError(f"{table} holds no statements")
    return read_frame(
        conn, text(STATEMENTS.format(table=table)), {"member_ids": list(member_ids), "known_at": known_at}
    )
