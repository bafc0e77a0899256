"""The same bill twice is paid once."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from rules.frequency_codes import ORIGINAL
from rules.rulebook import Rulebook
from rules.ruling import Ruling


def not_seen_before(lines: pd.DataFrame, _rulebook: Rulebook) -> Iterator[Ruling]:
    """An original claim that equals a finalised one in every key is denied OA 18 (domain.md 7.1, 8.2 #8)."""
    again = lines["is_duplicate"] & (lines["frequency_code"] == ORIGINAL)
    yield Ruling(
        lines=lines[again],
        effect="deny",
        rule="NOT-SEEN-BEFORE",
        text="equals a claim that was decided before",
        whole_claim=True,
        group_code="OA",
        reason_code="18",
    )
