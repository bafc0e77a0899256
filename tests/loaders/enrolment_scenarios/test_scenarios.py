"""Every scenario: files in, spans and findings out, and what must hold whatever the scenario."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from loaders.warehouse import Warehouse
from tests.loaders.enrolment_scenarios import stories_of_rosters, stories_of_rows, stories_of_spans
from tests.loaders.enrolment_scenarios.office import Office
from tests.loaders.enrolment_scenarios.scenario import STORIES, Scenario

TABLES = (stories_of_spans, stories_of_rows, stories_of_rosters)


@pytest.mark.parametrize("scenario", [pytest.param(scenario, id=scenario.name) for scenario in STORIES])
def test_scenario(scenario: Scenario, warehouse: Warehouse, tmp_path: Path) -> None:
    """Spans and findings are those told; what was believed stays so; and the last file again changes nothing."""
    office = Office(warehouse, tmp_path, scenario.settings, scenario.environment)
    believed = []
    for roster in scenario.files:
        taken = office.send(roster)
        believed.append((taken.known_at, office.known(taken.known_at)))
    assert office.spans() == scenario.spans
    assert taken.findings == [f"ENROLLMENT_{code}" for code in scenario.findings]
    assert taken.state == scenario.state
    for moment, known in believed:
        assert office.known(moment) == known
    if scenario.state == "committed":
        history = office.history()
        office.send(replace(scenario.files[-1], reference=None))
        assert office.spans() == scenario.spans
        assert office.history() == history


@pytest.mark.parametrize(
    "scenario",
    [pytest.param(scenario, id=scenario.name) for scenario in STORIES if scenario.report],
)
def test_report(scenario: Scenario, warehouse: Warehouse, tmp_path: Path) -> None:
    """The sender is told what became of each member."""
    office = Office(warehouse, tmp_path, scenario.settings, scenario.environment)
    *_, taken = [office.send(roster) for roster in scenario.files]
    assert office.report(taken.file_id) == list(scenario.report)


def test_names_of_scenarios_are_their_own() -> None:
    """Else one would hide another."""
    names = [scenario.name for scenario in STORIES]
    assert len(set(names)) == len(names)
