"""What a scenario is: files in, and what must be so afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.loaders.enrolment_scenarios.notation import Roster


@dataclass(frozen=True, slots=True)
class Scenario:
    """A story of one rule of enrolment, told by the files that a sender sends."""

    name: str
    files: tuple[Roster, ...]
    spans: Mapping[str, list[str]]
    """In the end, by first name: `GOLD EMP 2026-01-01..2026-03-31`, nothing after the dots while open."""
    findings: tuple[str, ...] = ()
    """Codes of the last file without their prefix ENROLLMENT_, in the order of the alphabet."""
    report: tuple[str, ...] = ()
    """Of the last file: subscriber number, a dependant's initials, outcome, code; of many members counts instead.

    Not looked at where empty.
    """
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Of the group, in groups.yaml."""
    environment: str = "demo"
    """Only in `production` a test file is not taken for a real one."""
    state: str = "committed"
    """Of the last file in the ledger."""
    holds: tuple[str, ...] = ()
    """Why the last file waits for a person, in the order of the alphabet; not looked at where empty."""
    has_registry: bool = False
    """Is there a registry of providers, the demo's?"""


STORIES: list[Scenario] = []


def story(
    name: str,
    *files: Roster,
    spans: Mapping[str, list[str]],
    findings: tuple[str, ...] = (),
    report: tuple[str, ...] = (),
    settings: Mapping[str, Any] | None = None,
    environment: str = "demo",
    state: str = "committed",
    holds: tuple[str, ...] = (),
    has_registry: bool = False,
) -> None:
    """Add a scenario to the table."""
    STORIES.append(
        Scenario(name, files, spans, findings, report, settings or {}, environment, state, holds, has_registry)
    )
