"""Which filing rule a line is measured by: by plan, line of business, class and kind, contract and day of service."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from rules.filing_settings import FilingRule
from rules.rulebook import Rulebook

NO_RULE = -1


def choose_rules(lines: pd.DataFrame, rulebook: Rulebook) -> pd.Series:
    """Position in `filing_rules` of the most specific rule for each line, NO_RULE where none applies.

    The docket needs the plan and whether there was a contract on the day of service.
    """
    rules = rulebook.filing_rules
    business = lines["plan_id"].map({plan.id: plan.line_of_business for plan in rulebook.plans})
    chosen = pd.Series(NO_RULE, index=lines.index)
    weakest_first = sorted(range(len(rules)), key=lambda each: (rules[each].specificity, -each))
    for position in weakest_first:
        chosen = chosen.mask(_applies(lines, business, rules[position]), position)
    return chosen


def _applies(lines: pd.DataFrame, business: pd.Series, rule: FilingRule) -> pd.Series:
    applies = (lines["claim_class"] == rule.claim_class) & (lines["service_day"] >= _day(rule.effective_from))
    if rule.effective_through is not None:
        applies &= lines["service_day"] <= _day(rule.effective_through)
    if rule.plans:
        applies &= lines["plan_id"].isin(rule.plans)
    if rule.lines_of_business:
        applies &= business.isin(rule.lines_of_business)
    if rule.kinds:
        applies &= lines["kind"].isin(rule.kinds)
    if rule.contract != "any":
        applies &= lines["under_contract"] == (rule.contract == "contracted")
    return applies


def _day(day: date) -> np.datetime64:
    return np.datetime64(day, "s")
