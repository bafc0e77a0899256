"""The plan's rules from filing.yaml, groups.yaml and fee_schedule.yaml, as one `Rulebook`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from pipeline.configuration.claim_families import read_duplicates, read_frequencies
from pipeline.configuration.document import Document, Section
from pipeline.configuration.filing import (
    note_unknown,
    read_correction,
    read_filing_rules,
    read_filing_settings,
    same_scope,
)
from pipeline.configuration.partners import Partner
from pipeline.configuration.shapes import (
    BILL_TYPE,
    IDENTIFIER,
    INSURANCE_LINE,
    MODIFIER,
    PERCENTAGE,
    PLACE_OF_SERVICE,
    PROCEDURE,
    REVENUE,
    UNIT,
    X12_TEXT,
)
from rules.rulebook import DatedPlan, Fee, Group, Plan, Rulebook

MOST_RETRO_DAYS = 3650
END_DATES: tuple[Literal["last_covered", "first_uncovered"], ...] = ("last_covered", "first_uncovered")
MODES: tuple[Literal["change", "verify", "replace"], ...] = ("change", "verify", "replace")
ABSENT = {"report_only": 0, "now": 1}
"""Beside these words, {after: n}."""
ABSENT_ENDS: tuple[Literal["month_before", "as_of"], ...] = ("month_before", "as_of")
MOST_ABSENCES = 24
MOST_MEMBERS = 1_000_000
WHOLE = 100
"""Percent; and no child is older."""
DENTAL_INSURANCE_LINES = ("DEN", "DCP")
"""Where the setting is left out."""
OTHER_PAYER_GROUPS: tuple[Literal["CO", "OA"], ...] = ("CO", "OA")
CORE_COMBINATIONS: tuple[Literal["pend", "off"], ...] = ("pend", "off")
MISSING_DATA: tuple[Literal["denied", "unprocessable"], ...] = ("denied", "unprocessable")
MOST_WAITING_DAYS = 365
NO_PRICE: tuple[Literal["pend", "deny"], ...] = ("pend", "deny")


def read_rulebook(
    filing: Document,
    groups: Document,
    fees: Document,
    partners: Mapping[str, Partner],
    plans: Mapping[str, Sequence[Plan]],
) -> Rulebook | None:
    """The rulebook of three files, or None where a fault stands in the way; the faults are in the documents.

    `plans` are those of `groups`, with the terms of each.
    """
    read_groups = _read_groups(groups.root, partners, plans)
    businesses = {terms.line_of_business for dated in plans.values() for terms in dated}
    filing_rules = read_filing_rules(filing.root, plans, businesses)
    correction_rule = read_correction(filing.root)
    filing_settings = read_filing_settings(filing.root, filing_rules)
    inpatient_bill_types = filing.root.texts("inpatient_bill_types", BILL_TYPE)
    duplicates = read_duplicates(filing.root)
    frequencies = read_frequencies(filing.root, plans)
    read_fees = _read_fees(fees.root, plans)
    medical_insurance_lines = groups.root.texts("medical_insurance_lines", INSURANCE_LINE)
    dental_insurance_lines = (
        groups.root.texts("dental_insurance_lines", INSURANCE_LINE)
        if groups.root.has("dental_insurance_lines")
        else DENTAL_INSURANCE_LINES
    )
    copay_places = fees.root.texts("copay_places", PLACE_OF_SERVICE)
    no_price = fees.root.choice("no_price", NO_PRICE)
    core_combinations = fees.root.choice("core_combinations", CORE_COMBINATIONS, "pend")
    other_payer_group = fees.root.choice("other_payer_group", OTHER_PAYER_GROUPS, "CO")
    missing_data = fees.root.choice("missing_data", MISSING_DATA, "denied")
    attachment_days = fees.root.whole_number("attachment_days", 0, MOST_WAITING_DAYS, 30)
    newborn_days = groups.root.whole_number("newborn_days", 0, MOST_WAITING_DAYS, 31)
    if filing.problems or correction_rule is None:
        return None
    return Rulebook(
        filing_rules=tuple(filing_rules),
        correction=correction_rule,
        plans=tuple(terms for dated in plans.values() for terms in dated),
        groups=tuple(read_groups),
        fees=tuple(read_fees),
        inpatient_bill_types=inpatient_bill_types,
        medical_insurance_lines=medical_insurance_lines,
        dental_insurance_lines=dental_insurance_lines,
        copay_places=copay_places,
        no_price=no_price,
        duplicates=duplicates,
        frequencies=frequencies,
        other_payer_group=other_payer_group,
        core_combinations=core_combinations,
        missing_data=missing_data,
        attachment_days=attachment_days,
        newborn_days=newborn_days,
        filing=filing_settings,
    )


def _read_groups(root: Section, partners: Mapping[str, Partner], plans: Collection[str]) -> list[Group]:
    groups: list[Group] = []
    unread = any(problem.key == "transactions" for problem in root.document.problems)
    for group_id, section in root.entries("groups"):
        codes, dated = _read_plan_codes(section, plans)
        group = Group(
            id=group_id,
            name=section.text("name"),
            sponsor_ids=section.texts("sponsor_ids", X12_TEXT, required=False),
            master_policies=section.texts("master_policies", X12_TEXT, required=False),
            group_numbers=section.texts("group_numbers", X12_TEXT, required=False),
            partners=section.texts("partners"),
            plans=codes,
            dated_plans=dated,
            end_date_is=section.choice("end_date_is", END_DATES, "last_covered"),
            mode_override=section.choice("mode_override", MODES) if section.has("mode_override") else None,
            roster_is_truth=section.flag("roster_is_truth", default=False),
            absences_to_end=_read_absences(section),
            absent_end=section.choice("absent_end", ABSENT_ENDS, "month_before"),
            absence_warn_percent=section.whole_number("absence_warn_percent", 0, WHOLE, 5),
            absence_hold_percent=section.whole_number("absence_hold_percent", 0, WHOLE, 10),
            absence_hold_members=section.whole_number("absence_hold_members", 0, MOST_MEMBERS, 10),
            count_swing_percent=section.whole_number("count_swing_percent", 0, WHOLE, 20),
            max_retro_term_days=section.whole_number("max_retro_term_days", 0, MOST_RETRO_DAYS, 60),
            max_as_of_days_ahead=section.whole_number("max_as_of_days_ahead", 0, MOST_RETRO_DAYS, 180),
            dependants_end_with_subscriber=section.flag("dependants_end_with_subscriber", default=True),
            over_age=section.whole_number("over_age", 0, WHOLE, 26),
        )
        if group.absence_warn_percent > group.absence_hold_percent:
            section.note("absence_warn_percent", "larger than absence_hold_percent, so that nothing would be warned of")
        if not (group.sponsor_ids or group.master_policies):
            section.note("sponsor_ids", "expected a sponsor id or a master policy to recognise the group by")
        for partner in group.partners:
            if partner not in partners:
                section.note("partners", f"unknown partner '{partner}'")
            elif "834" not in partners[partner].transactions and not unread:
                section.note("partners", f"partner '{partner}' does not send 834")
        for earlier in groups:
            if _looks_like(earlier, group):
                section.note("sponsor_ids", f"group '{earlier.id}' is recognised by the same ids")
        groups.append(group)
    return groups


def _read_absences(section: Section) -> int:
    """After how many full rosters without a member its coverage ends; 0 where that is only reported."""
    if section.is_section("absent"):
        return section.section("absent").whole_number("after", 1, MOST_ABSENCES)
    return ABSENT[section.choice("absent", tuple(ABSENT), "report_only")]


def _looks_like(one: Group, other: Group) -> bool:
    """Could a file fit both groups equally well? One that lists more kinds of ids is the better fit and no rival."""
    kinds = (
        (one.sponsor_ids, other.sponsor_ids),
        (one.master_policies, other.master_policies),
        (one.group_numbers, other.group_numbers),
    )
    return bool(set(one.partners) & set(other.partners)) and all(same_scope(mine, theirs) for mine, theirs in kinds)


def _read_plan_codes(
    section: Section, plans: Collection[str]
) -> tuple[Mapping[tuple[str, str], str], tuple[DatedPlan, ...]]:
    """What the codes of a group mean always and everywhere, and what some mean on some days or in some divisions."""
    always: dict[tuple[str, str], str] = {}
    read: list[tuple[DatedPlan, int]] = []
    for item in section.items("plans"):
        plan = item.text("plan", IDENTIFIER)
        if plan and plan not in plans:
            item.note("plan", f"unknown plan '{plan}'")
        meant = _read_dated_plan(item, plan)
        if meant is None:
            continue
        for earlier, line in read:
            if meant.overlaps(earlier):
                item.note("plan_code", f"line {line} says already what this code means on some of these days")
        read.append((meant, item.line))
        if not (meant.effective_from or meant.effective_through or meant.divisions):
            always[meant.insurance_line, meant.plan_code] = plan
    dated = [meant for meant, _ in read if meant.effective_from or meant.effective_through or meant.divisions]
    return MappingProxyType(always), tuple(dated)


def _read_dated_plan(item: Section, plan: str) -> DatedPlan | None:
    return item.make(
        lambda: DatedPlan(
            insurance_line=item.text("insurance_line", INSURANCE_LINE),
            plan_code=item.optional_text("plan_code", X12_TEXT) or "",
            plan=plan,
            effective_from=item.optional_day("effective_from"),
            effective_through=item.optional_day("effective_through"),
            divisions=item.texts("divisions", X12_TEXT, required=False),
        )
    )


def _read_fees(root: Section, plans: Collection[str]) -> list[Fee]:
    fees: list[Fee] = []
    lines: dict[tuple[object, ...], list[tuple[Fee, int]]] = {}
    for section in root.items("fees"):
        fee = _read_fee(section)
        if fee is None:
            continue
        note_unknown(section, "plans", "plan", fee.plans, plans)
        key = (fee.procedure_code, fee.modifier, fee.revenue_code, fee.effective_from)
        for earlier, line in lines.setdefault(key, []):
            if same_scope(earlier.plans, fee.plans):
                section.note("effective_from", f"line {line} has a fee for the same codes, plans and first day")
        lines[key].append((fee, section.line))
        fees.append(fee)
    return fees


def _read_fee(section: Section) -> Fee | None:
    percentage = section.optional_text("percent_of_charge", PERCENTAGE)
    units = section.texts("units", UNIT, required=False)
    return section.make(
        lambda: Fee(
            procedure_code=section.optional_text("procedure_code", PROCEDURE),
            modifier=section.optional_text("modifier", MODIFIER),
            revenue_code=section.optional_text("revenue_code", REVENUE),
            plans=section.texts("plans", IDENTIFIER, required=False),
            allowed_cents=section.optional_cents("allowed"),
            percent_of_charge=Decimal(percentage) if percentage is not None else None,
            units=units or ("UN", "DA"),
            effective_from=section.day("effective_from"),
            effective_through=section.optional_day("effective_through"),
        )
    )
