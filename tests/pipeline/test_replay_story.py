"""Whatever a journal can tell is done again, and comes to the same bytes, decisions and rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from loaders.balance import balance
from loaders.schema.replay import WORKS
from loaders.warehouse import open_warehouse
from pipeline import expect
from pipeline.clock import CLOCK_FILE, SimulatedClock
from pipeline.command.application import app
from pipeline.remit import remit
from pipeline.replay import replay_warehouse
from tests.pipeline.plan import Plan
from tests.pipeline.story import DAY, Story, stand_in

NOT_DONE_AGAIN = {"file", "file_state_change", "folder_look"}
"""Tables of the way that files took; the rest is what came of them."""
ELSEWHERE = {"bank", "reissue"}
"""Work that a killed day does twice: what the bank says."""


@pytest.fixture(scope="module")
def story(fresh_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """Lived to the end."""
    story = Story(open_warehouse(fresh_database()), tmp_path_factory.mktemp("story"))
    with pytest.MonkeyPatch.context() as patch:
        for name, function in stand_in(story).items():
            patch.setattr(expect, name, function)
        story.week_of_members()
        story.week_of_claims()
        story.week_of_corrections()
        yield story
    story.warehouse.close()


def test_the_story_has_everything(story: Story) -> None:
    """Else the others would prove little."""
    plan = story.plan
    states = {"paid", "denied", "pended", "rejected"}
    assert {row["state"] for row in plan.rows("select state from claim")} == states
    assert {row["kind"] for row in plan.rows("select kind from claim")} == {"P", "I", "D"}
    assert {row["source"] for row in plan.rows("select source from decision")} == {"rules", "person", "imported"}
    assert {row["kind"] for row in plan.rows("select kind from outbox")} >= {"TA1", "999", "277CA", "835", "REPORT"}
    assert plan.rows("select counter from accumulator_entry join accumulator using (accumulator_id) where used > 0")
    assert plan.rows("select counter from accumulator_entry join accumulator using (accumulator_id) where used > 0")
    assert {row["version_state"] for row in plan.rows("select version_state from claim")} >= {"replaced", "voided"}
    assert {row["action"] for row in plan.rows("select action from claim_action")} == {
        *("assign", "price", "deny", "release")
    }
    assert {row["decision"] for row in plan.rows("select decision from hold")} == {"released", "rejected"}
    assert len(plan.rows("select code from finding where code = 'CLAIM_SYNTAX'")) == 1


def test_what_other_rules_show_is_applied_when_that_is_asked(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new decision of today, once; what was remitted is reversed once, and the new decision paid."""
    plan = story.plan
    plan.clock.instant += DAY
    SimulatedClock(plan.house.var / CLOCK_FILE).set(plan.clock.instant)
    monkeypatch.setenv("EDI_CONFIG", str(story.second.folder))
    monkeypatch.setenv("EDI_VAR", str(plan.house.var))
    monkeypatch.setenv("EDI_WAREHOUSE_URL", plan.house.warehouse.engine.url.render_as_string(hide_password=False))
    command = [
        "replay",
        "file",
        str(story.professional),
        "--scratch",
        "--config",
        str(story.second.folder),
        "--apply",
        "--json",
    ]

    def run(*more: str) -> tuple[int, dict[str, Any]]:
        result = CliRunner().invoke(app, [*command, *more])
        return result.exit_code, json.loads(result.stdout)

    code, told = run("--by", "jo", "--note", "new fees")
    applied = told["applied"]
    assert applied
    assert (code == 0) == (not told["left"])
    named = "', '".join(applied)
    newest = plan.rows(
        "select distinct on (claim_id) claim_number, rules_bundle, d.paid_cents, explanation -> 0 ->> 'rule' as rule"
        f" from decision d join claim c using (claim_id) where claim_number in ('{named}')"
        " order by claim_id, sequence desc"
    )
    assert {(row["rules_bundle"], row["rule"]) for row in newest} == {(story.second.digest(), "DECIDED-AGAIN")}
    code, again = run()
    assert (again["applied"], again["readjudication"]) == ([], None)
    assert again["left"] == told["left"]
    assert plan.rows(
        "select count(*) as n, max(datname) as name from pg_database where datname like 'edi_scratch%'"
    ) == [{"n": 0, "name": None}]
    plan.clock.instant += 7 * DAY
    remit(plan.house, plan.house.today() - DAY)
    sent = plan.rows(
        "select claim_number, array_agg(entry || ' ' || stands order by remittance_claim_id) as entries,"
        f" sum(paid_cents)::bigint as paid_cents from remittance_claim where claim_number in ('{named}') group by 1"
    )
    assert {row["claim_number"]: row["paid_cents"] for row in sent} == {
        row["claim_number"]: row["paid_cents"] for row in newest
    }
    assert {tuple(row["entries"]) for row in sent} == {("payment false", "reversal true", "payment true")}
    with plan.house.warehouse.begin() as connection:
        assert balance(connection).faults == {}


def test_everything_comes_again(story: Story, fresh_database: Callable[[], str], tmp_path: Path) -> None:
    """T26: answers, 835s among them, byte by byte, decisions field by field, and every row but those of files' ways.

    One run was given up and composed again, and a person released it.
    """
    scratch = open_warehouse(fresh_database())
    report = replay_warehouse(story.house, scratch, tmp_path)
    assert report.differences == []
    assert "835" in {row["kind"] for row in story.plan.rows("select kind from outbox")}
    assert report.decisions == story.plan.count("decision")
    assert report.entries.keys() == set(WORKS) - ELSEWHERE
    lived, again = story.plan.content(), Plan(scratch, tmp_path, story.second).content()
    scratch.close()
    assert {name for name in lived if lived[name] != again[name]} <= NOT_DONE_AGAIN
