"""The arithmetic of timely filing: rule, anchor, limit and last good day of each line, and what moved them.

A claim is timely iff it was received on its last day or before (domain.md 5.1). The last day comes from the anchor of
its kind; a later one comes of coverage that we recorded late and of another payer who decided late (5.2), and of days
without intake, weekends and holidays (5.3). A late line is excused by the evidence for its delay reason (5.7).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from rules.benefit_settings import basis_points
from rules.filing_anchors import basis_of, normal_anchors
from rules.filing_calendar import DAY, add, as_days, as_series, days_between, last_days
from rules.filing_choice import NO_RULE, choose_rules
from rules.filing_evidence import EXCUSED, FOR_A_PERSON, weigh
from rules.filing_settings import FilingRule, FilingSettings, Limit
from rules.rulebook import Rulebook

TIMELY, LATE, REDUCED, SPLIT = "timely", "late", "reduced", "split"
"""Beside EXCUSED and FOR_A_PERSON, what filing says of a line."""


def measure(lines: pd.DataFrame, rulebook: Rulebook) -> pd.DataFrame:
    """The filing of each line, on the index of the docket; `filing_rule` is missing where no rule applies.

    filing_rule, filing_by_claim (told once a claim), filing_splits (ranges are), filing_by_end
    (ranges are measured by their last day), filing_appeal: of the rule.
    filing_normal_anchor: of the kind of claim. filing_anchor, filing_basis: the one that gave the last day.
    filing_day, filing_limit, filing_last_day, filing_moved: the arithmetic; `moved` is what lengthened the limit.
    filing_outcome: timely, excused, person (must be weighed by one), reduced, split or late.
    excuse, evidence, evidence_day, evidence_limit, evidence_last_day: of late lines with a delay reason.
    filing_rate: basis points that the rule takes off the payment of what is late; filing_reduction: of this line.
    filing_late_days of filing_range_days are late, those through filing_late_through.
    """
    chosen = choose_rules(lines, rulebook)
    parts = [
        _measured(lines[chosen == position], rule, rulebook.filing)
        for position, rule in enumerate(rulebook.filing_rules)
    ]
    found = pd.concat(parts) if parts else None
    missing = lines[chosen == NO_RULE].index
    if found is None or len(missing):
        blank = _blank(missing)
        found = blank if found is None else pd.concat([found, blank])
    return found.loc[lines.index]


def _blank(index: pd.Index) -> pd.DataFrame:
    """Lines of which nothing is known yet, in the types of all."""
    no_day = pd.Series(np.datetime64("NaT", "s"), index=index, dtype="datetime64[s]")
    text = pd.Series(None, index=index, dtype="str")
    return pd.DataFrame(
        {
            "filing_rule": text,
            "filing_by_claim": False,
            "filing_splits": False,
            "filing_by_end": False,
            "filing_appeal": text,
            "filing_normal_anchor": no_day,
            "filing_anchor": no_day,
            "filing_basis": text,
            "filing_day": 0,
            "filing_limit": pd.Series(0, index=index, dtype="object"),
            "filing_last_day": no_day,
            "filing_moved": text,
            "filing_outcome": pd.Series(TIMELY, index=index, dtype="str"),
            "excuse": pd.Series("", index=index, dtype="str"),
            "evidence": text,
            "evidence_day": no_day,
            "evidence_limit": pd.Series(None, index=index, dtype="object"),
            "evidence_last_day": no_day,
            "filing_rate": 0,
            "filing_reduction": 0,
            "filing_late_days": 0,
            "filing_range_days": 0,
            "filing_late_through": no_day,
        },
        index=index,
    )


def _measured(lines: pd.DataFrame, rule: FilingRule, settings: FilingSettings) -> pd.DataFrame:
    """The lines of one rule."""
    measured = _blank(lines.index)
    if lines.empty:
        return measured
    normal = normal_anchors(lines, rule)
    reached = last_days(as_days(normal), rule.limit, rule, settings)
    measured["filing_rule"] = rule.id
    measured["filing_by_claim"] = rule.measures_claim
    measured["filing_appeal"] = rule.appeal
    measured["filing_splits"] = rule.range_anchor == "split" and not rule.measures_claim
    measured["filing_by_end"] = rule.range_anchor == "end" and not rule.measures_claim
    measured["filing_rate"] = 0 if rule.late_reduction is None else basis_points(rule.late_reduction.percent)
    measured["filing_normal_anchor"] = measured["filing_anchor"] = normal
    measured["filing_basis"] = basis_of(lines, rule)
    measured["filing_limit"] = pd.Series(rule.limit.told, index=lines.index, dtype="object")
    measured["filing_last_day"] = as_series(reached.days, lines.index)
    measured["filing_moved"] = reached.moved().set_axis(lines.index)
    _count_from_eligibility(measured, lines, rule, settings)
    _count_from_prior_payer(measured, lines, rule, settings)
    received = lines["received_date"]
    measured["filing_day"] = days_between(measured["filing_anchor"], received) + rule.count_anchor_day
    late = received > measured["filing_last_day"]
    if late.any():
        _judge_late(measured, lines[late], rule, settings)
    return measured


def _count_from_eligibility(
    measured: pd.DataFrame, lines: pd.DataFrame, rule: FilingRule, settings: FilingSettings
) -> None:
    """Coverage that our books lacked on the day of service starts the clock when it was recorded (domain.md 5.2)."""
    if rule.retroactive_eligibility:
        recorded = lines["eligibility_recorded_on"]
        known = recorded.where(recorded <= lines["received_date"])
        _offer(measured, known, rule.limit, None, "eligibility recorded", rule, settings)


def _count_from_prior_payer(
    measured: pd.DataFrame, lines: pd.DataFrame, rule: FilingRule, settings: FilingSettings
) -> None:
    """For a later payer the clock starts when the one before decided (DTP*573), if that gives more time."""
    if rule.secondary is not None:
        decided = lines["primary_decided_on"]
        known = decided.where(decided <= lines["received_date"])
        limit = rule.secondary.limit or rule.limit
        _offer(measured, known, limit, rule.secondary.cap, "prior payer decided", rule, settings)


def _offer(
    measured: pd.DataFrame,
    days: pd.Series,
    limit: Limit,
    cap: Limit | None,
    basis: str,
    rule: FilingRule,
    settings: FilingSettings,
) -> None:
    """Count from these days wherever that gives a later last day; NaT offers nothing."""
    offered = days.dropna()
    if offered.empty:
        return
    index = offered.index
    reached = last_days(as_days(offered), limit, rule, settings)
    ends, moved = reached.days, reached.moved().set_axis(index)
    if cap is not None:
        normal = measured.loc[index, "filing_normal_anchor"]
        capped = last_days(as_days(normal), cap, rule, settings).days
        words = f"no later than {cap} from " + normal.dt.strftime("%Y-%m-%d")
        moved = moved.mask(capped < ends, words)
        ends = np.minimum(ends, capped)
    better = ends > as_days(measured.loc[index, "filing_last_day"])
    index = index[better]
    measured.loc[index, "filing_anchor"] = offered[better]
    measured.loc[index, "filing_basis"] = basis
    measured.loc[index, "filing_limit"] = limit.told
    measured.loc[index, "filing_last_day"] = as_series(ends[better], index)
    measured.loc[index, "filing_moved"] = moved[better]


def _judge_late(measured: pd.DataFrame, lines: pd.DataFrame, rule: FilingRule, settings: FilingSettings) -> None:
    """What becomes of lines that came after their last day: excused, for a person, reduced, split, or late."""
    late = lines.join(measured.loc[lines.index, ["filing_anchor", "filing_last_day"]])
    weighed = weigh(late, rule, settings)
    measured.loc[late.index, weighed.columns] = weighed
    measured.loc[late.index, "filing_outcome"] = weighed["excuse"].where(
        weighed["excuse"].isin([EXCUSED, FOR_A_PERSON]), LATE
    )
    left = late[measured.loc[late.index, "filing_outcome"] == LATE]
    if rule.late_reduction is not None and len(left):
        ends = add(as_days(left["filing_last_day"]), rule.late_reduction.within)
        still = left[as_days(left["received_date"]) <= ends]
        measured.loc[still.index, "filing_outcome"] = REDUCED
        measured.loc[still.index, "filing_reduction"] = measured.loc[still.index, "filing_rate"]
        left = left.drop(still.index)
    if measured["filing_splits"].any() and len(left):
        measured.loc[left.index, "filing_late_through"] = left["line_through"].fillna(left["line_from"])
        _split(measured, left, rule, settings)


def _split(measured: pd.DataFrame, late: pd.DataFrame, rule: FilingRule, settings: FilingSettings) -> None:
    """Ranges whose first day is late and whose last day is timely: how many of their days are late (domain.md 5.2)."""
    ranges = late[late["line_through"] > late["line_from"]]
    received, first, last = (as_days(ranges[name]) for name in ("received_date", "line_from", "line_through"))
    timely = last_days(last, rule.limit, rule, settings).days >= received
    ranges = ranges[timely]
    if ranges.empty:
        return
    received, first, last = received[timely], first[timely], last[timely]
    late_day, timely_day = first, last
    while (timely_day - late_day > DAY).any():
        middle = late_day + (timely_day - late_day) // 2
        is_timely = last_days(middle, rule.limit, rule, settings).days >= received
        late_day, timely_day = np.where(is_timely, late_day, middle), np.where(is_timely, middle, timely_day)
    measured.loc[ranges.index, "filing_outcome"] = SPLIT
    measured.loc[ranges.index, "filing_late_days"] = (late_day - first + DAY).astype(np.int64)
    measured.loc[ranges.index, "filing_range_days"] = (last - first + DAY).astype(np.int64)
    measured.loc[ranges.index, "filing_late_through"] = as_series(late_day, ranges.index)
