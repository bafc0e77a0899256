"""The order of rows by several columns of whole numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
MOST_PACKED = 1 << 62


def ordered(keys: Sequence[Integers]) -> npt.NDArray[np.intp]:
    """The places of rows in the order of these keys, the weightiest first; equal rows stay as they stand.

    Where the keys fit into one number together, as they do for files of many megabytes, that is sorted, if need be.
    """
    packed = np.zeros(len(keys[0]), np.int64)
    span = 1
    for key in keys if len(packed) else ():
        least, most = int(key.min()), int(key.max())
        span *= most - least + 1
        if span > MOST_PACKED:
            return np.lexsort(keys[::-1])
        if most > least:
            packed *= most - least + 1
            packed += key
            packed -= least
    if (packed[1:] >= packed[:-1]).all():
        return np.arange(len(packed))
    return np.argsort(packed, kind="stable")
