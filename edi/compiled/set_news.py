"""What a sink has not been told yet of the transaction sets: where they are in the file, and where they end."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from edi.compiled import layout as at

COLUMNS = (at.R_FILE_NUMBER, at.R_INTERCHANGE, at.R_GROUP, at.R_ORDINAL, at.R_STOP)
"""As `SegmentBatch.sets` has them."""
Rows = NDArray[np.int64]


class SetNews:
    """Sets with a guide that began or ended since the last batch."""

    def __init__(self) -> None:
        self._kept: list[Rows] = []
        self._closed = self._begun = 0
        """Sets in the file of which the sink knows the end, and the beginning."""

    def keep(self, rows: Rows) -> None:
        """Closed sets leave the kernel's buffer."""
        self._kept.append(rows[rows[:, at.R_GUIDED] != 0][:, COLUMNS])

    def tell(self, rows: Rows, count: int, *, is_open: bool) -> Rows:
        """All news, `rows` being the kernel's buffer with so many closed sets, the open one behind them."""
        self.keep(rows[:count])
        news = np.concatenate(self._kept)
        self._kept.clear()
        news = news[news[:, 0] >= self._closed]
        if len(news):
            self._closed = int(news[-1, 0]) + 1
        if is_open and rows[count, at.R_FILE_NUMBER] >= self._begun:
            begun = rows[count : count + 1][:, COLUMNS]
            begun[:, -1] = -1
            self._begun = int(begun[0, 0]) + 1
            news = np.concatenate([news, begun])
        return news
