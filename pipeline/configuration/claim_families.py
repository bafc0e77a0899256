"""Settings in filing.yaml of bills that belong to other bills: duplicates, interim bills, late charges."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, get_args

from pipeline.configuration.document import Section
from pipeline.configuration.shapes import IDENTIFIER, MODIFIER
from rules.family_settings import DuplicateRule, FrequencyRule, InterimTreatment, Treatment

TREATMENTS: tuple[Treatment, ...] = get_args(Treatment)
INTERIM: tuple[InterimTreatment, ...] = get_args(InterimTreatment)
DENIED_ORIGINALS: tuple[Literal["note", "deny"], ...] = ("note", "deny")
SUSPECTS: tuple[Literal["pend", "note"], ...] = ("pend", "note")


def read_duplicates(root: Section) -> DuplicateRule:
    """The section `duplicates`, or the defaults."""
    defaults = DuplicateRule()
    if not root.has("duplicates"):
        return defaults
    section = root.section("duplicates")
    modifiers = section.has("distinct_modifiers")
    return DuplicateRule(
        denied_original=section.choice("denied_original", DENIED_ORIGINALS, "note"),
        suspects=section.choice("suspects", SUSPECTS, "pend"),
        distinct_modifiers=section.texts("distinct_modifiers", MODIFIER) if modifiers else defaults.distinct_modifiers,
    )


def read_frequencies(root: Section, plans: Collection[str]) -> tuple[FrequencyRule, ...]:
    """The list `frequencies`; the rule for all plans is the default where the list has none."""
    if not root.has("frequencies"):
        return (FrequencyRule(),)
    rules: list[FrequencyRule] = []
    for section in root.items("frequencies"):
        rule = FrequencyRule(
            plans=section.texts("plans", IDENTIFIER, required=False),
            interim=section.choice("interim", INTERIM, "each"),
            late_charge=section.choice("late_charge", TREATMENTS, "decide"),
            zero=section.choice("zero", TREATMENTS, "pend"),
            home_health_final=section.choice("home_health_final", TREATMENTS, "decide"),
            reopening=section.choice("reopening", TREATMENTS, "pend"),
        )
        for plan in rule.plans:
            if plan not in plans:
                section.note("plans", f"unknown plan '{plan}'")
        if any(set(rule.plans) & set(earlier.plans) or rule.plans == earlier.plans for earlier in rules):
            section.note("plans", "another entry is for the same plans")
        rules.append(rule)
    return tuple(rules) if any(not rule.plans for rule in rules) else (*rules, FrequencyRule())
