"""The plan's groups in the form that the enrolment load looks up."""

from __future__ import annotations

from collections.abc import Iterable

from loaders.group_map import EnrollmentGroup, GroupMap
from rules.rulebook import Group


def group_map(groups: Iterable[Group]) -> GroupMap:
    """Hand the rulebook's groups down to the loaders, which do not know rules."""
    return GroupMap(
        tuple(
            EnrollmentGroup(
                group_id=group.id,
                sponsor_ids=group.sponsor_ids,
                master_policies=group.master_policies,
                group_numbers=group.group_numbers,
                partners=group.partners,
                plans=dict(group.plans),
                end_date_is=group.end_date_is,
            )
            for group in groups
        )
    )
