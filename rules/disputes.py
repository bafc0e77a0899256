"""A payment dispute may not come by EDI (the plan's provider guide); one in disguise is told so."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from rules.frequency_codes import REPLACEMENT
from rules.rulebook import Rulebook
from rules.ruling import Ruling


def changes_something(lines: pd.DataFrame, _rulebook: Rulebook) -> Iterator[Ruling]:
    """A 7 whose content equals that of its original asks to decide again: CO 193 with N368 (domain.md 6.6, 8.2 #41).

    The fingerprint is the hash of codes, units, charges, dates, diagnoses, modifiers and providers.
    """
    same = (
        (lines["frequency_code"] == REPLACEMENT)
        & lines["fingerprint"].notna()
        & (lines["fingerprint"] == lines["original_fingerprint"])
    )
    yield Ruling(
        lines=lines[same],
        effect="deny",
        rule="DISPUTE-NOT-BY-EDI",
        text="content equals that of original claim_id {original_claim_id}",
        facts={"original_claim_id": lines["original_claim_id"]},
        whole_claim=True,
        group_code="CO",
        reason_code="193",
        remark_codes=("N368",),
        original_stays=True,
    )


def no_appeal_spoken_of(lines: pd.DataFrame, _rulebook: Rulebook) -> Iterator[Ruling]:
    """A note or attachment that speaks of an appeal is a suspicion, noted while it is decided (domain.md 6.6)."""
    yield Ruling(
        lines=lines[lines["speaks_of_appeal"]],
        effect="note",
        rule="NO-APPEAL-SPOKEN-OF",
        text="a note or attachment speaks of an appeal; disputes do not come by EDI",
        whole_claim=True,
    )
