"""What CLM05-3 asks for: 1 an original claim, 7 a replacement, 8 a void (domain.md 6.1 to 6.4)."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from rules.pend_reasons import FREQUENCY_NOT_SUPPORTED, ORIGINAL_NOT_REMITTED
from rules.rulebook import Rulebook
from rules.ruling import Ruling

ORIGINAL, REPLACEMENT, VOID = "1", "7", "8"
IN_FORCE = "active"


def supported(lines: pd.DataFrame, _rulebook: Rulebook) -> Iterator[Ruling]:
    """Interim bills, late charges and other frequencies wait for a person: they need the stay they belong to."""
    other = ~lines["frequency_code"].isin([ORIGINAL, REPLACEMENT, VOID])
    yield Ruling(
        lines=lines[other],
        effect="pend",
        rule="FREQUENCY-SUPPORTED",
        text="frequency code is not 1, 7 or 8",
        whole_claim=True,
        pend_reason=FREQUENCY_NOT_SUPPORTED,
    )


def names_a_known_claim(lines: pd.DataFrame, _rulebook: Rulebook) -> Iterator[Ruling]:
    """A 7 or 8 names the latest version of a claim of the same member and billing TIN in REF*F8 (domain.md 6.2, 6.4).

    Until a 277CA rejects it, one that does not is denied CO 16 with M47 (claim control number missing or invalid); N152
    (replacement information invalid) and N547 (voided before) say more where more is known.
    """
    problem = lines["correction_problem"]
    voided_twice = (problem == "F8_VOIDED") & (lines["frequency_code"] == VOID)
    superseded = (problem == "F8_SUPERSEDED") | _original_out_of_force(lines)
    remarks = {
        ("M47", "N547"): voided_twice,
        ("M47", "N152"): superseded & ~voided_twice,
        ("M47",): problem.notna() & ~voided_twice & ~superseded,
    }
    for codes, found in remarks.items():
        yield Ruling(
            lines=lines[found],
            effect="deny",
            rule="CORRECTION-NAMES-ORIGINAL",
            text="REF*F8: {problem}",
            facts={"problem": problem.fillna("F8_SUPERSEDED")},
            whole_claim=True,
            group_code="CO",
            reason_code="16",
            remark_codes=codes,
            original_stays=True,
        )


def original_remitted(lines: pd.DataFrame, _rulebook: Rulebook) -> Iterator[Ruling]:
    """Only what was adjudicated and remitted can be corrected (domain.md 6.2); a correction waits for its original."""
    waiting = _is_correction(lines) & lines["original_first_remitted_on"].isna()
    yield Ruling(
        lines=lines[waiting],
        effect="pend",
        rule="ORIGINAL-REMITTED",
        text="original claim_id {original_claim_id} not yet remitted",
        facts={"original_claim_id": lines["original_claim_id"]},
        whole_claim=True,
        pend_reason=ORIGINAL_NOT_REMITTED,
    )


def void_accepted(lines: pd.DataFrame, _rulebook: Rulebook) -> Iterator[Ruling]:
    """An 8 is never late and needs no coverage: it takes back what was said (domain.md 6.5: a reversal only)."""
    yield Ruling(
        lines=lines[lines["frequency_code"] == VOID],
        effect="void",
        rule="VOID-ACCEPTED",
        text="original claim_id {original_claim_id}, remitted {remitted}, is voided",
        facts={"original_claim_id": lines["original_claim_id"], "remitted": lines["original_first_remitted_on"]},
        whole_claim=True,
    )


def denied_original_replaceable(lines: pd.DataFrame, rulebook: Rulebook) -> Iterator[Ruling]:
    """A plan may want a new claim instead of a replacement of a denied one: CO 16 with N142 (RFI 2398)."""
    of_denied = (lines["frequency_code"] == REPLACEMENT) & (lines["original_state"] == "denied")
    refused = of_denied & (rulebook.correction.denied_original == "new_claim")
    yield Ruling(
        lines=lines[refused],
        effect="deny",
        rule="DENIED-ORIGINAL-REPLACEABLE",
        text="original claim_id {original_claim_id} was denied, a new claim is wanted",
        facts={"original_claim_id": lines["original_claim_id"]},
        whole_claim=True,
        group_code="CO",
        reason_code="16",
        remark_codes=("N142",),
        original_stays=True,
    )


def _is_correction(lines: pd.DataFrame) -> pd.Series:
    return lines["frequency_code"].isin([REPLACEMENT, VOID])


def _original_out_of_force(lines: pd.DataFrame) -> pd.Series:
    """Was the version that this one names refused, replaced or voided after this one was received?"""
    state = lines["original_version_state"]
    return _is_correction(lines) & lines["correction_problem"].isna() & state.notna() & (state != IN_FORCE)
