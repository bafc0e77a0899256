"""How long a claim may be corrected, and what was late stays late (domain.md 5.5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd

from rules.filing_calendar import as_days, as_series, days_between, last_days
from rules.filing_settings import CorrectionWindow, FilingRule
from rules.frequency_codes import REPLACEMENT, VOID
from rules.rulebook import Rulebook
from rules.ruling import Fact, Ruling

LATE_CHARGE, REOPENING = "5", "Q"
MEASURED = "anchor {anchor}, received {received}, day {day}, limit {limit}"
APPEALS: Mapping[str, tuple[str, ...]] = MappingProxyType({"unmentioned": (), "offered": ("N210",), "none": ("N211",)})
"""Remarks of a denial by what the plan says of an appeal; N211 only where there truly is none (domain.md 5.6)."""


def is_correction(lines: pd.DataFrame) -> pd.Series:
    """Is it measured from its original: a replacement, or late charges for a bill that we know?"""
    late_charges = (lines["frequency_code"] == LATE_CHARGE) & lines["original_claim_id"].notna()
    return (lines["frequency_code"] == REPLACEMENT) | late_charges


def is_first_filing(lines: pd.DataFrame) -> pd.Series:
    """Is it measured from its services? A reopening (Q) is meant for what lies beyond the limit, a void for none."""
    return ~is_correction(lines) & ~lines["frequency_code"].isin([VOID, REOPENING])


def carry_over(lines: pd.DataFrame, measured: pd.DataFrame) -> pd.DataFrame:
    """What was late in part stays so in a replacement; its own receipt counts for its window alone (domain.md 5.5).

    Lines up to `original_reduced_through` are paid as late ones. Of a range that goes on after `original_late_through`
    the days through it stay late, where the rule splits ranges.
    """
    first = is_first_filing(lines)
    reduced = stays_late(lines.join(measured[["filing_rule", "filing_by_claim", "filing_by_end"]]), "reduced")
    split = goes_on(lines.assign(filing_splits=measured["filing_splits"]))
    late_days = (lines["original_late_through"] - lines["line_from"]).dt.days.where(split, -1).astype("int64") + 1
    range_days = (lines["line_through"] - lines["line_from"]).dt.days.where(split, -1).astype("int64") + 1
    return measured.assign(
        filing_reduction=measured["filing_reduction"].where(first, measured["filing_rate"].where(reduced, 0)),
        filing_late_days=measured["filing_late_days"].where(first, late_days),
        filing_range_days=measured["filing_range_days"].where(first, range_days),
    )


def judged_whole(lines: pd.DataFrame) -> pd.Series:
    """Do all lines share one filing? The rule says so; without one those of institutional bills do (domain.md 5.2)."""
    unruled = lines["filing_rule"].isna() & (lines["claim_class"] != "professional")
    return lines["filing_by_claim"].astype("bool") | unruled


def stays_late(lines: pd.DataFrame, was: str) -> pd.Series:
    """Was the line `late` or `reduced` in the original? Of a claim judged whole all are.

    Others are by the day that their rule measures, the first or the last one (domain.md 5.2), beside that of the
    original's services that were.
    """
    through, end = lines[f"original_{was}_through"], lines[f"original_{was}_end"]
    last_day = lines["line_through"].fillna(lines["line_from"]).fillna(lines["claim_through"])
    by_end = lines["filing_by_end"].astype("bool") & end.notna()
    reached = (lines["service_day"] <= through).where(~by_end, last_day <= end)
    return through.notna() & (judged_whole(lines) | reached)


def goes_on(lines: pd.DataFrame) -> pd.Series:
    """Has a range days that were late in the original, and timely ones after them?"""
    through = lines["original_late_through"]
    return lines["filing_splits"] & (lines["line_from"] <= through) & (through < lines["line_through"])


def inside_correction_window(lines: pd.DataFrame, rulebook: Rulebook) -> Iterator[Ruling]:
    """A correction is measured as a whole from the original's first remittance or its services, as the plan says.

    Outside the window it is denied CO 29, and the original is left alone.
    """
    corrections = lines[is_correction(lines)]
    if corrections.empty:
        return
    measured = _windows(corrections, rulebook)
    late = measured["received"] > measured["last_day"]
    appeal = corrections["filing_appeal"].fillna("unmentioned")
    for said, remarks in APPEALS.items():
        chosen = corrections[late & (appeal == said)]
        yield Ruling(
            lines=chosen,
            effect="deny",
            rule=rulebook.correction.id,
            text=f"{MEASURED}, last day {{last_day}}",
            facts=_facts(measured.loc[chosen.index]),
            whole_claim=True,
            group_code="CO",
            reason_code="29",
            remark_codes=remarks,
            original_stays=True,
        )
    timely = corrections[~late]
    yield Ruling(
        lines=timely,
        effect="note",
        rule=rulebook.correction.id,
        text=f"{MEASURED}, last day {{last_day}}",
        facts=_facts(measured.loc[timely.index]),
        whole_claim=True,
    )


def _facts(measured: pd.DataFrame) -> Mapping[str, Fact]:
    return {name: measured[name] for name in ("anchor", "received", "day", "limit", "last_day")}


def _windows(corrections: pd.DataFrame, rulebook: Rulebook) -> pd.DataFrame:
    """Anchor, day, limit and last day of each line, the same for all lines of a claim: those of its first line's rule.

    The services' anchor is the latest among the lines; before the original is remitted the window has not begun.
    """
    claims = corrections.drop_duplicates("claim").set_index("claim")
    remitted = claims["original_first_remitted_on"].fillna(claims["received_date"])
    service = corrections.groupby("claim")["filing_normal_anchor"].max().reindex(claims.index).fillna(remitted)
    parts = []
    for rule in (None, *rulebook.filing_rules):
        mine = claims["filing_rule"].isna() if rule is None else claims["filing_rule"] == rule.id
        if mine.any():
            window = (rule.correction if rule is not None else None) or rulebook.correction.window
            parts.append(_window(remitted[mine], service[mine], window, rule, rulebook))
    by_claim = pd.concat(parts).loc[claims.index]
    by_claim["received"] = claims["received_date"]
    by_claim["day"] = days_between(by_claim["anchor"], by_claim["received"])
    return by_claim.loc[corrections["claim"]].set_axis(corrections.index)


def _window(
    remitted: pd.Series, service: pd.Series, window: CorrectionWindow, rule: FilingRule | None, rulebook: Rulebook
) -> pd.DataFrame:
    """Of claims whose corrections have the same window; with two bases the later last day holds."""
    bases = {"original_remit_date": (remitted,), "service_anchor": (service,), "either_later": (remitted, service)}
    anchor = ends = None
    for basis in bases[window.basis]:
        days = as_days(basis)
        reached = last_days(days, window.limit, rule, rulebook.filing).days
        if ends is None or anchor is None:
            anchor, ends = days, reached
        else:
            anchor, ends = np.where(reached > ends, days, anchor), np.maximum(reached, ends)
    return pd.DataFrame(
        {
            "anchor": as_series(np.asarray(anchor), remitted.index),
            "last_day": as_series(np.asarray(ends), remitted.index),
            "limit": pd.Series(window.limit.told, index=remitted.index, dtype="object"),
        }
    )


def original_was_on_time(lines: pd.DataFrame, _rulebook: Rulebook) -> Iterator[Ruling]:
    """Replacing what was denied as late does not make it timely: it stays CO 29 (domain.md 5.5).

    `original_late_through` is the latest first day of service among the original's lines denied CO 29, and
    `original_late_end` the latest last one, for rules that measure that. Lines of the replacement up to it stay denied,
    of a claim that is judged whole all of them. Ranges that go on are denied in part.
    """
    late_through = lines["original_late_through"]
    late = (lines["frequency_code"] == REPLACEMENT) & stays_late(lines, "late") & ~goes_on(lines)
    yield Ruling(
        lines=lines[late],
        effect="deny",
        rule="ORIGINAL-ON-TIME",
        text="original claim_id {original_claim_id} was late for services through {late_through}",
        facts={"original_claim_id": lines["original_claim_id"], "late_through": late_through},
        whole_claim=judged_whole(lines),
        group_code="CO",
        reason_code="29",
    )
