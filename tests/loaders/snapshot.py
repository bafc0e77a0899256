"""What a warehouse holds, so that two can be compared: every row, without what another run would number anew."""

from __future__ import annotations

from sqlalchemy import BigInteger, DateTime

from loaders.schema import metadata
from loaders.schema.accumulators import accumulator
from loaders.schema.claim_families import bill_key


def table_queries() -> dict[str, str]:
    """By table, a query for its rows as text, without keys and instants that we make up.

    The journal tells in which pieces the work was done, which is another matter. A bill's key is a hash of the member's
    number, which is made up, as is that of an accumulator's holder.
    """
    return {
        name: "select cast(row({}) as text) as row from {}".format(
            ", ".join(
                column.name
                for column in table.columns
                if not isinstance(column.type, DateTime)
                and not (
                    isinstance(column.type, BigInteger)
                    and (column.foreign_keys or column.primary_key or column.identity is not None)
                )
                and column is not bill_key.c.key
                and column is not accumulator.c.holder_id
            ),
            name,
        )
        for name, table in metadata.tables.items()
        if name != "work_journal"
    }
