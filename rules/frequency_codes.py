"""What CLM05-3 asks for: 1 an original claim, 7 a replacement, 8 a void (domain.md 6.1 to 6.4).

The others, of institutional bills, are those of `rules.interim_bills`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import pandas as pd

from rules.pend_reasons import ORIGINAL_NOT_REMITTED
from rules.rulebook import Rulebook
from rules.ruling import Fact, Ruling

ORIGINAL, REPLACEMENT, VOID = "1", "7", "8"
IN_FORCE = "active"
SUPERSEDED, VOIDED = "F8_SUPERSEDED", "F8_VOIDED"
VOIDED_TWICE = "N547"
ANSWERS: Mapping[str, str] = MappingProxyType(
    {
        "F8_MISSING": "M47",
        "F8_UNKNOWN": "M47",
        "F8_OTHER_MEMBER": "N152",
        "F8_OTHER_CLASS": "N152",
        "F8_OTHER_PROVIDER": "N152",
        "F8_OTHER_DATES": "N152",
        "F8_DISPUTED": "N152",
        SUPERSEDED: "N152",
        VOIDED: "N142",
    }
)
"""Remarks by what `loaders.corrections` found wrong with the original (domain.md 6.4, 8.2 #34 to #36).

F8_PENDING is no reason to deny: the correction waits. A void of what is voided is answered N547.
"""


def names_a_known_claim(lines: pd.DataFrame, _rulebook: Rulebook) -> Iterator[Ruling]:
    """A 7 or 8 names the latest version of a claim of the same member, class and billing TIN (domain.md 6.2, 6.4).

    Those that the 277CA did not reject are denied CO 16 with the remark of `ANSWERS`; so is a 7 or 8 whose original was
    refused, replaced or voided after it was received.
    """
    problem = lines["correction_problem"].mask(_original_out_of_force(lines), SUPERSEDED)
    void = lines["frequency_code"] == VOID
    for code, remark in ANSWERS.items():
        found = problem == code
        for repeated in (False, True) if code == VOIDED else (None,):
            which = found if repeated is None else found & (void == repeated)
            yield Ruling(
                lines=lines[which],
                effect="deny",
                rule="CORRECTION-NAMES-ORIGINAL",
                text="REF*F8: {problem}",
                facts={"problem": code},
                whole_claim=True,
                group_code="CO",
                reason_code="16",
                remark_codes=(VOIDED_TWICE if repeated else remark,),
                original_stays=True,
            )


def original_remitted(lines: pd.DataFrame, rulebook: Rulebook) -> Iterator[Ruling]:
    """Only what was adjudicated and remitted can be corrected (domain.md 6.2); a correction waits for its original.

    Not longer than `wait_max_days`: then it is denied CO 16 with N152 (domain.md 6.4).
    """
    waiting = _is_correction(lines) & lines["original_first_remitted_on"].isna()
    most = rulebook.correction.wait_max_days
    in_vain = waiting & (lines["waited_days"] > most) if most is not None else waiting & False
    facts: dict[str, Fact] = {"original_claim_id": lines["original_claim_id"]}
    yield Ruling(
        lines=lines[in_vain],
        effect="deny",
        rule="ORIGINAL-REMITTED",
        text="original claim_id {original_claim_id} not remitted after {waited_days} days, limit {limit_days}",
        facts=facts | {"waited_days": lines["waited_days"], "limit_days": most or 0},
        whole_claim=True,
        group_code="CO",
        reason_code="16",
        remark_codes=("N152",),
        original_stays=True,
    )
    yield Ruling(
        lines=lines[waiting & ~in_vain],
        effect="pend",
        rule="ORIGINAL-REMITTED",
        text="original claim_id {original_claim_id} not yet remitted",
        facts=facts,
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
