"""Columns of a table as pandas has them: text, whole numbers that may be missing, days."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa

TYPES = {pa.string(): pd.StringDtype(na_value=np.nan), pa.int64(): pd.Int64Dtype()}


def frame_of(table: pa.Table, columns: Sequence[str]) -> pd.DataFrame:
    """Those columns of an Arrow table."""
    frame: pd.DataFrame = table.select(list(columns)).to_pandas(types_mapper=TYPES.get, date_as_object=False)
    return frame
