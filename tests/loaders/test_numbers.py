from __future__ import annotations

import threading

import pytest

from loaders.numbers import draw
from loaders.warehouse import Warehouse


def test_a_series_counts_from_one_without_gaps(warehouse: Warehouse) -> None:
    """Each series on its own; drawing many gives the first of them."""
    with warehouse.begin() as conn:
        assert [draw(conn, "isa:P"), draw(conn, "isa:P", 5), draw(conn, "isa:P")] == [1, 2, 7]
        assert draw(conn, "isa:T") == 1
    with warehouse.begin() as conn:
        assert draw(conn, "isa:P") == 8


def test_a_rollback_gives_its_numbers_back(warehouse: Warehouse) -> None:
    """What was drawn for work that did not happen is drawn again."""
    with warehouse.begin() as conn:
        assert draw(conn, "remittance", 3) == 1
    with warehouse.engine.begin() as conn:
        assert draw(conn, "remittance", 3) == 4
        conn.rollback()
    with warehouse.begin() as conn:
        assert draw(conn, "remittance", 3) == 4


@pytest.mark.parametrize("count", [0, -1])
def test_one_draws_at_least_one(warehouse: Warehouse, count: int) -> None:
    """A number that nobody took cannot be handed out."""
    with pytest.raises(ValueError, match="at least 1"), warehouse.begin() as conn:
        draw(conn, "isa:P", count)


def test_the_second_waits_for_the_first(warehouse: Warehouse) -> None:
    """Of two transactions, the later one sees what the earlier one made of the series: nothing, when it rolls back."""
    taken: list[int] = []

    def second() -> None:
        with warehouse.begin() as conn:
            taken.append(draw(conn, "claim:26124"))

    waiting = threading.Thread(target=second)
    with warehouse.engine.begin() as conn:
        assert draw(conn, "claim:26124") == 1
        waiting.start()
        waiting.join(timeout=0.3)
        assert taken == []
        conn.rollback()
    waiting.join()
    assert taken == [1]


def test_many_at_once_have_no_twins(warehouse: Warehouse) -> None:
    """And no gaps, whoever comes first."""
    taken: list[int] = []

    def work() -> None:
        for _ in range(20):
            with warehouse.begin() as conn:
                first = draw(conn, "isa:P", 2)
                taken.extend((first, first + 1))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == list(range(1, 161))
