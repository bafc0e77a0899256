"""Timely filing: a claim must have been received within so many days of its anchor (domain.md 5).

days = received - anchor, the anchor being day 0 unless the rule counts it as day 1; timely iff days <= limit. The test
is on receipt: the day, in the plan's time zone, on which the file reached us.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import pandas as pd

from rules.frequency_codes import ORIGINAL, REPLACEMENT
from rules.pend_reasons import NO_FILING_RULE
from rules.rulebook import FilingRule, Rulebook
from rules.ruling import Fact, Ruling

STILL_A_PATIENT = "30"
INTERIM = ("2", "3")
MEASURED = "anchor {anchor}, received {received}, day {day}, limit {limit}"
NO_RULE = -1


def discharge_day(lines: pd.DataFrame) -> pd.Series:
    """When a stay ended (domain.md 4.4): occurrence 42, else the through date of the bill.

    A patient still in the house (CL103 = 30) and an interim bill have no discharge: NaT.
    """
    staying = (lines["patient_status"] == STILL_A_PATIENT) | lines["frequency_code"].isin(INTERIM)
    return lines["discharge_occurrence_date"].fillna(lines["claim_through"]).mask(staying)


def anchor_days(lines: pd.DataFrame, rule: FilingRule) -> pd.Series:
    """The day from which a rule counts, for each line (domain.md 5.2).

    For a later payer it is not before the day the first payer decided (`primary_decided_on`, DTP*573).
    """
    statement = lines["claim_through"].fillna(lines["line_through"]).fillna(lines["service_day"])
    if rule.anchor == "discharge":
        anchor = discharge_day(lines).fillna(statement)
    elif rule.anchor == "statement_through":
        anchor = statement
    elif rule.range_anchor == "end":
        anchor = lines["line_through"].fillna(lines["line_from"]).fillna(statement)
    else:
        anchor = lines["line_from"].fillna(lines["claim_from"]).fillna(statement)
    decided = lines["primary_decided_on"]
    return anchor.where(decided.isna() | (decided <= anchor), decided)


def choose_rules(lines: pd.DataFrame, rules: tuple[FilingRule, ...]) -> pd.Series:
    """Position in `rules` of the rule for each line, NO_RULE where none applies.

    By the member's plan, the class of the claim and the day of service; a rule that names plans goes before one for
    all, then the one in force last, then the one listed first.
    """
    chosen = pd.Series(NO_RULE, index=lines.index)
    weakest_first = sorted(
        range(len(rules)), key=lambda each: (bool(rules[each].plans), rules[each].effective_from, -each)
    )
    for position in weakest_first:
        rule = rules[position]
        applies = (lines["claim_class"] == rule.claim_class) & (lines["service_day"] >= _day(rule.effective_from))
        if rule.effective_through is not None:
            applies &= lines["service_day"] <= _day(rule.effective_through)
        if rule.plans:
            applies &= lines["plan_id"].isin(rule.plans)
        chosen = chosen.mask(applies, position)
    return chosen


def measure(lines: pd.DataFrame, rulebook: Rulebook) -> pd.DataFrame:
    """The filing rule of each line with its anchor, day and limit; `filing_rule` is missing where none applies."""
    chosen = choose_rules(lines, rulebook.filing_rules)
    measured = pd.DataFrame(
        {
            "filing_rule": pd.Series(None, index=lines.index, dtype="str"),
            "filing_anchor": pd.Series(np.datetime64("NaT", "s"), index=lines.index, dtype="datetime64[s]"),
            "filing_day": 0,
            "filing_limit": 0,
            "filing_by_claim": False,
        },
        index=lines.index,
    )
    for position, rule in enumerate(rulebook.filing_rules):
        mine = chosen == position
        anchor = anchor_days(lines[mine], rule)
        measured.loc[mine, "filing_rule"] = rule.id
        measured.loc[mine, "filing_anchor"] = anchor
        measured.loc[mine, "filing_day"] = (
            days_between(anchor, lines.loc[mine, "received_date"]) + rule.count_anchor_day
        )
        measured.loc[mine, "filing_limit"] = rule.limit_days
        measured.loc[mine, "filing_by_claim"] = rule.anchor != "service"
    return measured


def days_between(anchor: pd.Series, received: pd.Series) -> pd.Series:
    """Calendar days from anchor to receipt."""
    days = received.to_numpy().astype("datetime64[D]") - anchor.to_numpy().astype("datetime64[D]")
    return pd.Series(days.astype("int64"), index=anchor.index)


def on_time(lines: pd.DataFrame, _rulebook: Rulebook) -> Iterator[Ruling]:
    """An original claim reaches us within the limit of its filing rule; late lines are denied CO 29, the others not."""
    first_time = lines["frequency_code"] == ORIGINAL
    unruled = first_time & lines["filing_rule"].isna()
    yield Ruling(
        lines=lines[unruled],
        effect="pend",
        rule="FILING-RULE-KNOWN",
        text="no filing rule for {claim_class} service {service}",
        facts={"claim_class": lines["claim_class"], "service": lines["service_day"]},
        pend_reason=NO_FILING_RULE,
    )
    late = first_time & ~unruled & (lines["filing_day"] > lines["filing_limit"])
    facts = {
        "anchor": lines["filing_anchor"],
        "received": lines["received_date"],
        "day": lines["filing_day"],
        "limit": lines["filing_limit"],
    }
    yield Ruling(
        lines=lines[late],
        effect="deny",
        rule=lines["filing_rule"],
        text=MEASURED,
        facts=facts,
        whole_claim=lines["filing_by_claim"],
        group_code="CO",
        reason_code="29",
    )
    yield Ruling(
        lines=lines[first_time & ~unruled & ~late],
        effect="note",
        rule=lines["filing_rule"],
        text=MEASURED,
        facts=facts,
        whole_claim=lines["filing_by_claim"],
    )


def inside_correction_window(lines: pd.DataFrame, rulebook: Rulebook) -> Iterator[Ruling]:
    """A replacement is measured from the first remittance of its original, and by nothing else (domain.md 5.5).

    Outside the window it is denied CO 29, and the original is left alone.
    """
    replacement = lines["frequency_code"] == REPLACEMENT
    anchor = lines["original_first_remitted_on"].fillna(lines["received_date"])
    day = days_between(anchor, lines["received_date"])
    late = replacement & (day > rulebook.correction.window_days)
    facts: dict[str, Fact] = {
        "anchor": anchor,
        "received": lines["received_date"],
        "day": day,
        "limit": rulebook.correction.window_days,
    }
    yield Ruling(
        lines=lines[late],
        effect="deny",
        rule=rulebook.correction.id,
        text=MEASURED,
        facts=facts,
        whole_claim=True,
        group_code="CO",
        reason_code="29",
        original_stays=True,
    )
    yield Ruling(
        lines=lines[replacement & ~late],
        effect="note",
        rule=rulebook.correction.id,
        text=MEASURED,
        facts=facts,
        whole_claim=True,
    )


def original_was_on_time(lines: pd.DataFrame, _rulebook: Rulebook) -> Iterator[Ruling]:
    """Replacing what was denied as late does not make it timely: it stays CO 29 (domain.md 5.5).

    `original_late_through` is the latest first day of service among the original's lines denied CO 29; lines of the
    replacement up to it stay denied, of an institutional claim all of them.
    """
    late_through = lines["original_late_through"]
    institutional = lines["claim_class"] != "professional"
    covered_by_it = institutional | (lines["service_day"] <= late_through)
    late = (lines["frequency_code"] == REPLACEMENT) & late_through.notna() & covered_by_it
    yield Ruling(
        lines=lines[late],
        effect="deny",
        rule="ORIGINAL-ON-TIME",
        text="original claim_id {original_claim_id} was late for services through {late_through}",
        facts={"original_claim_id": lines["original_claim_id"], "late_through": late_through},
        whole_claim=institutional,
        group_code="CO",
        reason_code="29",
    )


def _day(day: date) -> np.datetime64:
    return np.datetime64(day, "s")
