"""Every scenario: files in, spans, findings and report out, and what must hold whatever the scenario."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from loaders.warehouse import Warehouse
from tests.loaders.enrolment_scenarios import (
    stories_of_clauses,
    stories_of_renewals,
    stories_of_rosters,
    stories_of_rows,
    stories_of_spans,
)
from tests.loaders.enrolment_scenarios.office import Office
from tests.loaders.enrolment_scenarios.scenario import STORIES, Scenario
from tests.loaders.enrolment_scenarios.specification import CLAUSES

TABLES = (stories_of_spans, stories_of_rows, stories_of_rosters, stories_of_clauses, stories_of_renewals)
TESTS = Path(__file__).parents[2]
IN_FULL = 8
"""Rows of a report that a story tells one by one."""


@pytest.mark.parametrize("scenario", [pytest.param(scenario, id=scenario.name) for scenario in STORIES])
def test_scenario(scenario: Scenario, warehouse: Warehouse, tmp_path: Path) -> None:
    """Spans, findings and report are those told; what was believed stays so; the last file again changes nothing."""
    office = Office(warehouse, tmp_path, scenario.settings, scenario.environment)
    if scenario.has_registry:
        office.plan.load_registry()
    believed = []
    for roster in scenario.files:
        taken = office.send(roster)
        believed.append((taken.known_at, office.known(taken.known_at)))
    assert office.spans() == scenario.spans
    assert taken.findings == [f"ENROLLMENT_{code}" for code in scenario.findings]
    assert taken.state == scenario.state
    if scenario.holds:
        assert holds(office, taken.file_id) == scenario.holds
    for moment, known in believed:
        assert office.known(moment) == known
    if scenario.report:
        assert summary(office.report(taken.file_id)) == scenario.report
    if scenario.state == "committed":
        history = office.history()
        office.send(scenario.files[-1])
        assert office.spans() == scenario.spans
        assert office.history() == history


def holds(office: Office, file_id: int) -> tuple[str, ...]:
    """Why a file waits for a person."""
    return tuple(row["code"] for row in office.plan.rows(f"select code from hold where file_id = {file_id} order by 1"))


def summary(report: list[str]) -> tuple[str, ...]:
    """A short report as it is; of a long one how many members each thing happened to."""
    if len(report) <= IN_FULL:
        return tuple(report)
    happened = Counter(row if row.startswith("ENROLLMENT") else row.split(maxsplit=1)[1] for row in report)
    return tuple(f"{count} {what}" for what, count in sorted(happened.items()))


def test_names_of_scenarios_are_their_own() -> None:
    """Else one would hide another."""
    names = [scenario.name for scenario in STORIES]
    assert len(set(names)) == len(names)


def test_every_clause_of_the_specification_has_its_story() -> None:
    """One at least that says what its sender is told, or why the file is held."""
    stories = {scenario.name: scenario for scenario in STORIES}
    for clause, names in CLAUSES.items():
        played = [stories[name] for name in names if "::" not in name]
        assert len(played) < len(names) or any(story.report or story.holds for story in played), clause
    for path, test in (name.split("::") for names in CLAUSES.values() for name in names if "::" in name):
        assert f"def {test}(" in (TESTS / path).read_text()


@pytest.mark.parametrize(
    ("usage", "kind", "told"),
    [
        pytest.param("production", "TA1", b"*R*020~", id="from-who-may-send-none"),
        pytest.param("both", "999", b"*0*T*", id="from-who-may"),
    ],
)
def test_a_test_file_in_production_is_answered_as_such(
    warehouse: Warehouse, tmp_path: Path, usage: Literal["production", "both"], kind: str, told: bytes
) -> None:
    """Refused, or looked at for practice, under ISA15 = T; nothing of it is on file, and no member is reported on."""
    office = Office(warehouse, tmp_path, environment="production")
    partners = office.plan.house.configuration.partners
    office.plan.change(partners={**partners, "acme": replace(partners["acme"], usage=usage)})
    (scenario,) = (one for one in STORIES if one.name == "a-test-file-in-production-changes-nothing")
    *_, taken = [office.send(roster) for roster in scenario.files]
    (answer,) = [file for file in office.plan.outbox() if file.file_id == taken.file_id and file.kind != "REPORT"]
    assert answer.kind == kind
    assert told in answer.content
    assert office.spans() == scenario.spans
