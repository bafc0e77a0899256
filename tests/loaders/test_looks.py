from __future__ import annotations

from dataclasses import fields
from datetime import datetime, timedelta

from loaders.looks import Look, folder_looked, forget_look, last_look, look_of, remember_look
from loaders.schema.intake import remote_look
from loaders.warehouse import Warehouse

HOUR = timedelta(hours=1)


def test_a_look_is_a_row_of_the_table() -> None:
    """Field for column."""
    assert [field.name for field in fields(Look)] == list(remote_look.columns.keys())


def test_a_folder_knows_when_it_was_last_looked_at(warehouse: Warehouse, noon: datetime) -> None:
    """Each folder of each partner on its own."""
    with warehouse.begin() as conn:
        assert folder_looked(conn, "acme", "in", noon) is None
        assert folder_looked(conn, "acme", "in", noon + HOUR) == noon
        assert folder_looked(conn, "acme", "in_test", noon) is None
        assert folder_looked(conn, "hub", "in", noon) is None
        assert last_look(conn, "acme", "in") == noon + HOUR


def test_a_file_that_stands_still_keeps_the_look_that_found_it(warehouse: Warehouse, noon: datetime) -> None:
    """Only the last look moves on."""
    with warehouse.begin() as conn:
        first = remember_look(conn, "acme", "in/a", 10, noon, noon + HOUR, noon - HOUR)
        assert look_of(conn, "acme", "in/a") == first
        later = remember_look(conn, "acme", "in/a", 10, noon, noon + 2 * HOUR, noon + HOUR)
        assert (later.first_seen_at, later.not_before) == (noon + HOUR, noon - HOUR)
        assert later.seen_at == noon + 2 * HOUR


def test_a_file_that_grew_or_was_touched_starts_anew(warehouse: Warehouse, noon: datetime) -> None:
    """What it is now it became after the previous look."""
    with warehouse.begin() as conn:
        for number, (size, mtime) in enumerate([(10, noon), (11, noon), (11, noon + HOUR)], start=1):
            now = noon + number * HOUR
            look = remember_look(conn, "acme", "in/a", size, mtime, now, now - HOUR)
            assert (look.size_bytes, look.mtime) == (size, mtime)
            assert (look.first_seen_at, look.not_before, look.seen_at) == (now, now - HOUR, now)


def test_a_file_that_was_taken_away_is_forgotten(warehouse: Warehouse, noon: datetime) -> None:
    """A later one of its name is new."""
    with warehouse.begin() as conn:
        remember_look(conn, "acme", "in/a", 10, noon, noon, None)
        forget_look(conn, "acme", "in/a")
        assert look_of(conn, "acme", "in/a") is None
