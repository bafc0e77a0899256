"""Rosters for tests: members of the gold plan under a header that says what the file is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from loaders.group_map import GroupMap
from tests.loaders.intake import ACME, Intake, Row

JAN, MAY = date(2026, 1, 1), date(2026, 5, 1)


def with_policy(intake: Intake, **policy: object) -> Intake:
    """The group acme under other settings."""
    acme, *others = intake.groups.groups
    intake.groups = GroupMap((replace(acme, **policy), *others))  # type: ignore[arg-type] # fields by name
    return intake


def person(number: int, maintenance: str = "021", **values: object) -> Row:
    """A subscriber of the gold plan."""
    coverage = {"insurance_line": "HLT", "plan_code": "GOLD", "begin": JAN, "maintenance_type": maintenance}
    return {"maintenance_type": maintenance, "subscriber_number": f"S{number}", "coverages": [coverage], **values}


def sent(action: str = "2", as_of: date = MAY, **values: object) -> Mapping[str, Any]:
    """A header."""
    return {**ACME, "action": action, "as_of": as_of, "created": as_of, **values}
