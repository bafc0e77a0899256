"""The plan's groups in the form that the enrolment load looks up."""

from __future__ import annotations

from collections.abc import Iterable

from loaders.group_map import DatedPlan, EnrollmentGroup, GroupMap
from rules.rulebook import Group


def group_map(groups: Iterable[Group], payer: str = "") -> GroupMap:
    """Hand the rulebook's groups down to the loaders, which do not know rules."""
    return GroupMap(
        tuple(
            EnrollmentGroup(
                group_id=group.id,
                name=group.name,
                sponsor_ids=group.sponsor_ids,
                master_policies=group.master_policies,
                group_numbers=group.group_numbers,
                partners=group.partners,
                plans=dict(group.plans),
                dated_plans=tuple(
                    DatedPlan(
                        insurance_line=dated.insurance_line,
                        plan_code=dated.plan_code,
                        plan=dated.plan,
                        effective_from=dated.effective_from,
                        effective_through=dated.effective_through,
                        divisions=dated.divisions,
                    )
                    for dated in group.dated_plans
                ),
                end_date_is=group.end_date_is,
                mode_override=group.mode_override,
                roster_is_truth=group.roster_is_truth,
                absences_to_end=group.absences_to_end,
                absent_end=group.absent_end,
                absence_warn_percent=group.absence_warn_percent,
                absence_hold_percent=group.absence_hold_percent,
                absence_hold_members=group.absence_hold_members,
                count_swing_percent=group.count_swing_percent,
                max_retro_term_days=group.max_retro_term_days,
                max_as_of_days_ahead=group.max_as_of_days_ahead,
                dependants_end_with_subscriber=group.dependants_end_with_subscriber,
                over_age=group.over_age,
            )
            for group in groups
        ),
        payer,
    )
