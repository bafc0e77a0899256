from __future__ import annotations

import numpy as np
import pytest

from edi.row_order import ordered


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("highest", [0, 3, 1 << 20, 1 << 40], ids=["equal", "few", "packed", "too large to pack"])
def test_the_order_is_that_of_the_keys_one_after_the_other(seed: int, highest: int) -> None:
    """Equal rows stay as they stand; whether the keys fit into one number, or are sorted already, changes nothing."""
    chance = np.random.default_rng(seed)
    keys = [chance.integers(-1, highest, 50, endpoint=True) for _ in range(3)]
    expected = np.lexsort(keys[::-1])
    assert ordered(keys).tolist() == expected.tolist()
    assert ordered([key[expected] for key in keys]).tolist() == list(range(50))


def test_nothing_is_in_order() -> None:
    """A scan without findings."""
    assert ordered([np.zeros(0, np.int64)]).tolist() == []
