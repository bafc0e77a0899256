"""What a denial for missing or wrong data of a claim says (CARC 16; domain.md 8.2 #38)."""

from __future__ import annotations

from rules.rulebook import Rulebook

MISSING_DATA = "16"
UNPROCESSABLE = "MA130"


def for_missing_data(remark: str, rulebook: Rulebook) -> tuple[str, ...]:
    """The remark for what is missing or wrong, with MA130 where the plan calls such claims unprocessable."""
    return (remark, UNPROCESSABLE) if rulebook.missing_data == "unprocessable" else (remark,)
