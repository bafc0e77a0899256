"""Numbers of ours that must have no twin: control numbers, claim numbers, remittance traces.

They are rows, not PostgreSQL sequences: a row's lock lasts until the transaction ends, so a rollback gives its
numbers back and a series has no gaps. Draw last in a transaction, because everybody else waits for that lock.
"""

from __future__ import annotations

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from loaders.schema.outbound import number_series


def draw(conn: Connection, name: str, count: int = 1) -> int:
    """Take `count` numbers of a series, which begins at 1 when it is new; the first of them."""
    if count < 1:
        raise ValueError("count must be at least 1")
    new = insert(number_series).values(name=name, next_number=1 + count)
    taken = new.on_conflict_do_update(
        index_elements=[number_series.c.name], set_={"next_number": number_series.c.next_number + count}
    ).returning(number_series.c.next_number)
    return int(conn.execute(taken).scalar_one()) - count


def give_back(conn: Connection, name: str, first: int, count: int) -> bool:
    """Return numbers that nobody saw, to be drawn again; False, and nothing done, where others were drawn since."""
    drawn = number_series.c.name == name, number_series.c.next_number == first + count
    if first == 1:
        return conn.execute(delete(number_series).where(*drawn)).rowcount == 1
    return conn.execute(update(number_series).where(*drawn).values(next_number=first)).rowcount == 1


def following(conn: Connection, name: str) -> int:
    """The number that will be drawn next, 1 of a new series; others may draw it unless the caller forbids that."""
    found = conn.execute(select(number_series.c.next_number).where(number_series.c.name == name)).scalar_one_or_none()
    return 1 if found is None else int(found)
