"""The numbers of service lines, by which decisions, adjustments and all details of lines name them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

MOST = 999_999


def with_numbers(lines: pa.Table) -> pa.Table:
    """Lines as LX01 numbers them, but those of a claim in which it is missing, repeated or absurd: in the order sent.

    `lines` stand in the order of their claims (`parent_row`).
    """
    if not lines.num_rows:
        return lines
    claims = lines["parent_row"].to_numpy()
    sent = pc.fill_null(lines["line_number"], 0).to_numpy()
    order = np.lexsort((sent, claims))
    again = np.zeros(len(claims), bool)
    again[order[1:]] = (claims[order][1:] == claims[order][:-1]) & (sent[order][1:] == sent[order][:-1])
    unusable = again | (sent < 1) | (sent > MOST)
    opens = np.concatenate(([True], claims[1:] != claims[:-1]))
    first = np.flatnonzero(opens)
    of_claim = np.cumsum(opens) - 1
    counted = np.arange(len(claims)) - first[of_claim] + 1
    numbers = np.where(np.logical_or.reduceat(unusable, first)[of_claim], counted, sent)
    place = lines.schema.get_field_index("line_number")
    return lines.set_column(place, "line_number", pa.array(numbers, pa.int64()))
