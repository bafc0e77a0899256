"""The same bill twice is paid once (domain.md 7.1).

Professional and dental services are compared line by line, institutional bills as a whole. What equals an earlier bill
is denied; what resembles it waits for a person; of a pair within one claim a person decides always. While a void
of the earlier bill waits, what equals it waits too. The earlier bill
may be paid, undecided or pended; where it was denied, that is noted. Bills of the claim's own family never count.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from edi.claim_facts import ClaimFacts
from rules.family_settings import DuplicateRule
from rules.frequency_codes import ORIGINAL, REPLACEMENT
from rules.pend_reasons import DUPLICATE_SUSPECTED, DUPLICATE_WITHIN_CLAIM, VOID_NOT_DECIDED
from rules.rulebook import Rulebook
from rules.ruling import Ruling

EXACT, INSTEAD, VOIDING, WITHIN = "exact", "instead", "voiding", "within_claim"
SUSPECT, OF_DENIED = "suspect", "of_denied"
"""What a line or bill is to another one; the first found in this order counts.

INSTEAD: looks like a correction of a paid claim of the same account number (CLM01) that was sent as a new claim.
VOIDING: would be one of these, but a void of the other waits; whether anything is billed twice is known after it.
"""
RANKS = {kind: rank for rank, kind in enumerate((EXACT, INSTEAD, VOIDING, WITHIN, SUSPECT, OF_DENIED))}
COLUMNS = ["duplicate", "duplicate_why", "duplicate_of", "duplicate_void"]
LATE_CHARGE = "5"
COMPONENTS = frozenset({"26", "TC"})
"""Modifiers of the professional and the technical part of a test."""


def match_duplicates(lines: pd.DataFrame, facts: ClaimFacts, rulebook: Rulebook) -> pd.DataFrame:
    """For each line `duplicate` (one of RANKS or missing), `duplicate_why`, and two claim_ids.

    `duplicate_of` is that of the other one, `duplicate_void` that of the void of it that VOIDING waits for.
    """
    rule = rulebook.duplicates
    found = lines[["claim_id", "line_number"]].assign(place=lines.index)
    parts = []
    if facts.like_lines is not None and len(facts.like_lines):
        parts.append(found.merge(_lines_alike(facts.like_lines, rule), on=["claim_id", "line_number"]))
    if facts.like_bills is not None and len(facts.like_bills):
        inpatient = rulebook.inpatient_bill_types
        of_claim = lines[["claim", "claim_id", "stands_for", "claim_class", "claim_from", "claim_through"]]
        alike = _bills_alike(facts.like_bills, of_claim.drop_duplicates("claim"), rule, inpatient)
        parts.append(found.merge(alike, on="claim_id"))
    empty = pd.DataFrame({name: [] for name in ("place", *COLUMNS)})
    together = pd.concat(parts) if parts else empty
    together = together.assign(rank=together["duplicate"].map(RANKS))
    best = together.sort_values(["place", "rank", "duplicate_of", "duplicate_why"]).drop_duplicates("place")
    best = best.set_index("place")[COLUMNS].reindex(lines.index)
    return best.astype({"duplicate": "str", "duplicate_why": "str", "duplicate_of": "Int64", "duplicate_void": "Int64"})


def not_seen_before(lines: pd.DataFrame, _rulebook: Rulebook) -> Iterator[Ruling]:
    """What equals an earlier bill is denied OA 18; a replacement, which would be one of its own, is only suspected."""
    again = (lines["duplicate"] == EXACT) & (lines["frequency_code"] != REPLACEMENT)
    yield Ruling(
        lines=lines[again],
        effect="deny",
        rule="NOT-SEEN-BEFORE",
        text="equals a service or bill of claim_id {duplicate_of}",
        facts={"duplicate_of": lines["duplicate_of"]},
        group_code="OA",
        reason_code="18",
    )


def not_instead_of_correction(lines: pd.DataFrame, _rulebook: Rulebook) -> Iterator[Ruling]:
    """An original that looks like a correction of a paid claim is denied OA 18 with N380 (domain.md 6.4, 8.2 #8)."""
    seen = lines[(lines["duplicate"] == INSTEAD) & (lines["frequency_code"] == ORIGINAL)].drop_duplicates("claim")
    of_claim = seen.set_index("claim")["duplicate_of"]
    whole = lines[lines["claim"].isin(of_claim.index)]
    yield Ruling(
        lines=whole,
        effect="deny",
        rule="NOT-INSTEAD-OF-CORRECTION",
        text="should have been a replacement (7) of claim_id {duplicate_of}",
        facts={"duplicate_of": whole["claim"].map(of_claim)},
        whole_claim=True,
        group_code="OA",
        reason_code="18",
        remark_codes=("N380",),
    )


def not_suspected(lines: pd.DataFrame, rulebook: Rulebook) -> Iterator[Ruling]:
    """What resembles another bill in all but one respect waits for a person, and so do twins within one claim.

    What equals a bill whose void waits is decided after the void.
    """
    kind = lines["duplicate"]
    within = kind == WITHIN
    replacing = lines["frequency_code"] == REPLACEMENT
    suspected = (kind == SUSPECT) | (kind == INSTEAD) | (kind == EXACT) & replacing
    pending = rulebook.duplicates.suspects == "pend"
    facts = {"why": lines["duplicate_why"], "duplicate_of": lines["duplicate_of"]}
    text = "resembles claim_id {duplicate_of}: {why}"
    yield Ruling(
        lines=lines[kind == VOIDING],
        effect="pend",
        rule="NOT-SEEN-BEFORE",
        text="equals a service or bill of claim_id {duplicate_of}, whose void, claim_id {void_claim_id}, waits",
        facts={"duplicate_of": lines["duplicate_of"], "void_claim_id": lines["duplicate_void"]},
        pend_reason=VOID_NOT_DECIDED,
    )
    yield Ruling(
        lines=lines[within],
        effect="pend",
        rule="NOT-SUSPECTED",
        text="equals another line of its claim",
        pend_reason=DUPLICATE_WITHIN_CLAIM,
    )
    yield Ruling(
        lines=lines[suspected],
        effect="pend" if pending else "note",
        rule="NOT-SUSPECTED",
        text=text,
        facts=facts,
        pend_reason=DUPLICATE_SUSPECTED if pending else "",
    )
    yield Ruling(lines=lines[kind == OF_DENIED], effect="note", rule="NOT-SUSPECTED", text=text, facts=facts)


def _lines_alike(like: pd.DataFrame, rule: DuplicateRule) -> pd.DataFrame:
    """Pairs of lines of one member, TIN, code and days: what the later is to the earlier."""
    modifiers, others = like["modifiers"].fillna(""), like["other_modifiers"].fillna("")
    distinct = frozenset(rule.distinct_modifiers)
    differs = {
        "modifiers": modifiers != others,
        "charge": ~like["same_charge"].astype("bool"),
        "rendering provider": ~like["same_rendering"].astype("bool"),
        "place, units or teeth": ~like["same_rest"].astype("bool"),
    }
    apart = [
        _told_apart(set(one.split()), set(other.split()), distinct)
        for one, other in zip(modifiers, others, strict=True)
    ]
    told_apart = pd.Series(apart, index=like.index, dtype="bool")
    count = np.sum([each.to_numpy(dtype="int64") for each in differs.values()], axis=0)
    within = like["claim_id"] == like["other_claim_id"]
    equal = pd.Series(count == 0, index=like.index)
    instead = ~equal & ~told_apart & ~within & like["same_account"].astype("bool") & (like["other_state"] == "paid")
    suspect = (count == 1) & ~differs["place, units or teeth"] & ~told_apart & ~within
    kinds = [(equal & within, WITHIN), (equal, EXACT), (instead, INSTEAD), (suspect, SUSPECT)]
    return _told(like, kinds, differs, rule)


def _told_apart(one: set[str], other: set[str], distinct: frozenset[str]) -> bool:
    """Do their modifiers say that these are two services? A component is another one beside another component only."""
    differing = (one ^ other) & distinct
    parts = COMPONENTS & distinct
    return bool(differing - parts) or bool(differing and one & parts and other & parts)


def _bills_alike(
    like: pd.DataFrame, claims: pd.DataFrame, rule: DuplicateRule, inpatient: tuple[str, ...]
) -> pd.DataFrame:
    """Pairs of institutional bills of one member: what the later is to the earlier.

    The exact key has no frequency (domain.md 7.1): late charges that repeat a bill equal it. Those that repeat a line
    of it are suspected, and so is a bill that holds what late charges were billed for.
    """
    like = like.merge(claims.drop(columns="claim"), on="claim_id")
    stay, other_stay = like["claim_class"] == "inpatient", like["other_bill_type"].isin(inpatient)
    overlap = (like["claim_from"] < like["other_through"]) & (like["other_from"] < like["claim_through"])
    same_bill = like["same_bill"].astype("bool")
    alike = same_bill & like["same_days"].astype("bool")
    differs = {
        "charge": alike & ~like["same_charge"].astype("bool"),
        "lines": alike & ~like["same_lines"].fillna(value=False).astype("bool"),
        "overlapping stays": (overlap | same_bill & _of_one_day(like)) & stay & other_stay & ~alike,
        "service during a stay": overlap & (stay != other_stay) & _inside(like, stay),
    }
    late, other_late = like["stands_for"] == LATE_CHARGE, like["other_frequency_code"] == LATE_CHARGE
    comparable = ~late & ~other_late
    equal = alike & ~differs["charge"] & ~differs["lines"] & (late | ~other_late)
    shared = like["shared_lines"].astype("bool") & ~equal & ~(comparable & alike)
    account = like["same_account"].astype("bool") & (like["other_state"] == "paid")
    instead = comparable & alike & ~equal & account
    suspect = comparable & ~equal & np.logical_or.reduce([each.to_numpy() for each in differs.values()])
    why = {"service billed on both": shared} | differs
    return _told(like, [(equal, EXACT), (instead, INSTEAD), (suspect | shared, SUSPECT)], why, rule)


def _of_one_day(like: pd.DataFrame) -> pd.Series:
    """Is one of the stays of the pair, which have a day in common, a stay of a single day?"""
    return (like["claim_from"] == like["claim_through"]) | (like["other_from"] == like["other_through"])


def _inside(like: pd.DataFrame, stay: pd.Series) -> pd.Series:
    """Does the outpatient bill of the pair lie between the first and the last day of the stay?"""
    later = (like["other_from"] < like["claim_from"]) & (like["claim_through"] < like["other_through"])
    earlier = (like["claim_from"] < like["other_from"]) & (like["other_through"] < like["claim_through"])
    return earlier.where(stay, later)


def _told(
    like: pd.DataFrame, kinds: list[tuple[pd.Series, str]], differs: dict[str, pd.Series], rule: DuplicateRule
) -> pd.DataFrame:
    """The pairs that mean something, with the columns of `match_duplicates`."""
    kind = np.select([found for found, _ in kinds], [name for _, name in kinds], "")
    voiding = np.isin(kind, [EXACT, INSTEAD]) & like["other_void_id"].notna().to_numpy()
    kind = np.where(voiding, VOIDING, kind)
    denied = (like["other_state"] == "denied") & (rule.denied_original == "note") & (kind != WITHIN)
    kind = np.where(denied.to_numpy() & (kind != ""), OF_DENIED, kind)
    why = np.select(list(differs.values()), list(differs), "equal")
    key = [name for name in ("claim_id", "line_number") if name in like]
    told = like[key].assign(duplicate=kind, duplicate_why=why, duplicate_of=like["other_claim_id"])
    told["duplicate_void"] = like["other_void_id"].astype("Int64")
    meant: pd.DataFrame = told.loc[kind != ""]
    return meant
