"""What the plan sells: the dated terms of every plan in groups.yaml, with shares, maxima and coverage limits."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any, get_args

from pipeline.configuration.document import Section
from pipeline.configuration.shapes import FILING_INDICATOR, IDENTIFIER, PERCENTAGE, STATE, pattern
from rules.benefit_settings import CostShares, CoverageLimit, Measure, Per
from rules.rulebook import Crossing, Plan

MEASURES: tuple[Measure, ...] = get_args(Measure)
CROSSINGS: tuple[Crossing, ...] = get_args(Crossing)
PERIODS: tuple[Per, ...] = get_args(Per)
MOST = 10**9
MONTH_DAY = pattern("a month and day such as 01-01 (not 02-29)", r"(0[13-9]|1[0-2]|02(?!-29))-(0[1-9]|[12]\d|30|31)")
PROCEDURES = pattern("a procedure code, or a range such as 97010-97799", r"[A-Z0-9]{5}(-[A-Z0-9]{5})?")
REVENUES = pattern("a revenue code, or a range such as 0420-0429", r"\d{4}(-\d{4})?")


def read_plans(root: Section) -> dict[str, list[Plan]]:
    """The dated terms of every plan; a faulty plan keeps its id, so that naming it is no second fault."""
    plans: dict[str, list[Plan]] = {}
    for plan_id, section in root.entries("plans"):
        name, filing_indicator = section.text("name"), section.text("filing_indicator", FILING_INDICATOR)
        business = section.optional_text("line_of_business", IDENTIFIER) or ""
        situs = section.optional_text("situs", STATE) or ""
        plans[plan_id] = []
        for terms in section.items("terms"):
            plan = _read_terms(terms, plan_id, name, filing_indicator)
            plan = plan and replace(plan, line_of_business=business, situs=situs)
            if plan and plan.effective_from in {earlier.effective_from for earlier in plans[plan_id]}:
                terms.note("effective_from", "other terms of this plan start on the same day")
            elif plan:
                plans[plan_id].append(plan)
    return plans


def _read_terms(terms: Section, plan_id: str, name: str, filing_indicator: str) -> Plan | None:
    out_of_network = terms.section("out_of_network") if terms.is_section("out_of_network") else None
    limits = [_read_limit(each) for each in terms.items("limits")] if terms.has("limits") else []
    begins = terms.optional_text("year_begins", MONTH_DAY) or "01-01"
    return terms.make(
        lambda: Plan(
            id=plan_id,
            name=name,
            filing_indicator=filing_indicator,
            effective_from=terms.day("effective_from"),
            out_of_network=None if out_of_network is None else CostShares(**_read_shares(out_of_network)),
            crossing=terms.choice("crossing", CROSSINGS, "first_day"),
            year_begins=(int(begins[:2]), int(begins[3:])),
            networks=terms.texts("networks", IDENTIFIER, required=False),
            limits=tuple(limit for limit in limits if limit is not None),
            **_read_shares(terms),
        )
    )


def _read_shares(section: Section) -> dict[str, Any]:
    """The fields of CostShares."""
    return {
        "copay_cents": section.cents("copay"),
        "coinsurance_percent": Decimal(section.text("coinsurance_percent", PERCENTAGE) or 0),
        "deductible_cents": section.optional_cents("deductible") or 0,
        "family_deductible_cents": section.optional_cents("family_deductible"),
        "out_of_pocket_cents": section.optional_cents("out_of_pocket_maximum"),
        "family_out_of_pocket_cents": section.optional_cents("family_out_of_pocket_maximum"),
        "deductible_after_copay": section.flag("deductible_after_copay", default=False),
    }


def _read_limit(section: Section) -> CoverageLimit | None:
    measure = section.choice("measure", MEASURES)
    most = section.cents("most") if measure == "amount" else section.whole_number("most", 0, MOST)
    return section.make(
        lambda: CoverageLimit(
            id=section.text("id", IDENTIFIER),
            measure=measure,
            most=most,
            per=section.choice("per", PERIODS, "year"),
            procedure_codes=_ranges(section.texts("procedure_codes", PROCEDURES, required=False)),
            revenue_codes=_ranges(section.texts("revenue_codes", REVENUES, required=False)),
        )
    )


def _ranges(texts: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """`97010-97799` as its two ends; a single code is both."""
    parts = [text.partition("-") for text in texts]
    return tuple((first, last or first) for first, _, last in parts)
