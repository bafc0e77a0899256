"""Replay: the recorded work done again in an empty warehouse comes to the same answers and decisions."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from edi.trouble import Final
from loaders import journal
from loaders.reference_data import load_reference
from loaders.replay import NotReplayable
from loaders.warehouse import Warehouse, open_warehouse
from pipeline.adjudicate import adjudicate
from pipeline.archive import ArchiveDamaged
from pipeline.command.application import app
from pipeline.configuration import load_configuration
from pipeline.decision_import import import_decisions
from pipeline.hold_decisions import release
from pipeline.pend_work import ActionRefused, assign, deny, pended, price
from pipeline.process import process_files
from pipeline.provider_registry import load_providers
from pipeline.remit import remit
from pipeline.replay import NeverCommitted, replay_file, replay_warehouse
from pipeline.rules_bundle import BundleUnusable, load_bundle
from rules.pend_reasons import NO_PRICE
from tests.pipeline.plan import CLAIMS, CLINIC_CLAIMS, DEMO, ENROLLMENT, HOSPITAL_CLAIMS, Plan

Lived = tuple[Plan, list[int]]


def configured(folder: Path, *, changed: bool = False) -> Path:
    """The demo's configuration in a folder of its own, without expectations.

    Changed: an office visit is worth less, and hospital services have no price.
    """
    shutil.copytree(DEMO / "config", folder)
    expectations = folder / "expectations.yaml"
    text = expectations.read_text(encoding="utf-8")
    expectations.write_text(re.sub(r"(?m)^(  [a-z_]+\.[a-z_]+):.*$", r"\1: off", text), encoding="utf-8")
    if changed:
        fees = folder / "fee_schedule.yaml"
        lines = fees.read_text(encoding="utf-8").replace("allowed: 92.50", "allowed: 60.00").splitlines(keepends=True)
        fees.write_text("".join(line for line in lines if "revenue_code" not in line), encoding="utf-8")
    return folder


def act_on_one(plan: Plan) -> None:
    """Assign a claim that waits, and deny it; nobody gets what was tried in between."""
    number = str(pended(plan.house, reason=NO_PRICE)["claims"][0]["claim_number"])
    assign(plan.house, number, "ann", "jo")
    with pytest.raises(ActionRefused):
        price(plan.house, number, {1: 0}, "jo")
    deny(plan.house, number, ("CO", "197", ()), "jo", "no authorization")


@pytest.fixture
def scratch(fresh_database: Callable[[], str]) -> Iterator[Warehouse]:
    """Another empty warehouse."""
    opened = open_warehouse(fresh_database())
    yield opened
    opened.close()


@pytest.fixture
def lived(warehouse: Warehouse, tmp_path: Path) -> Lived:
    """Some days of the demo: enrolment, claims, a duplicate, decisions, a remittance and a change of the rules."""
    plan = Plan(warehouse, tmp_path / "var", load_configuration(configured(tmp_path / "config")))
    load_providers(plan.house)
    process_files(plan.house, plan.take_in("acme", ENROLLMENT))
    files = plan.take_in("clearlink", CLAIMS)
    process_files(plan.house, files)
    adjudicate(plan.house)
    plan.clock.instant += timedelta(days=1)
    remit(plan.house, plan.house.today() - timedelta(days=1))
    changed = load_configuration(configured(tmp_path / "changed", changed=True))
    plan.change(rulebook=changed.rulebook, folder=changed.folder, sources=changed.sources)
    files += plan.take_in("clearlink", HOSPITAL_CLAIMS)
    files += plan.take_in("riverclinic", CLINIC_CLAIMS)
    process_files(plan.house, files)
    adjudicate(plan.house)
    act_on_one(plan)
    plan.upload("clearlink", "again.x12", CLAIMS)
    plan.look()
    return plan, files


def test_a_replay_gives_the_same_answers_and_decisions(lived: Lived, scratch: Warehouse, tmp_path: Path) -> None:
    """Byte by byte and field by field, in a warehouse of other keys, with nothing but archive and journal."""
    plan, _ = lived
    before = plan.content()
    report = replay_warehouse(plan.house, scratch, tmp_path / "replay")
    assert report.differences == []
    assert report.answers == plan.count("outbox") > 0
    assert report.decisions == plan.count("decision") > 0
    assert report.entries.total() == plan.count("work_journal")
    assert report.entries.keys() == {"registry", "commit", "decide", "act", "answer", "remit", "release"}
    assert len({row["rules_bundle"] for row in plan.rows("select rules_bundle from decision")}) == 2
    assert plan.content() == before


def test_one_file_is_evaluated_as_of_its_instant(lived: Lived, scratch: Warehouse, tmp_path: Path) -> None:
    """What came after it is not replayed."""
    plan, files = lived
    report = replay_file(plan.house, files[0], scratch, tmp_path / "replay")
    assert report.differences == []
    assert 0 < report.entries.total() < plan.count("work_journal")
    assert (
        report.decisions
        == plan.rows(f"select count(*) as n from decision join claim using (claim_id) where file_id = {files[0]}")[0][
            "n"
        ]
    )


def test_another_bundle_shows_what_it_would_change(lived: Lived, scratch: Warehouse, tmp_path: Path) -> None:
    """Money of decisions, no byte of the answers, and nothing in the warehouse."""
    plan, files = lived
    before = plan.content()
    report = replay_file(plan.house, files[0], scratch, tmp_path / "replay", plan.house.configuration)
    fields = {name for one in report.differences for name in one.fields}
    assert {one.kind for one in report.differences} == {"decision"}
    assert "allowed_cents" in fields
    assert "rules_bundle" not in fields
    assert plan.content() == before


def test_a_tampered_record_is_told(lived: Lived, scratch: Warehouse, tmp_path: Path) -> None:
    """An answer and a decision that were changed afterwards."""
    plan, _ = lived
    plan.execute(
        "update decision set paid_cents = paid_cents + 1 where decision_id = (select min(decision_id) from decision)"
    )
    plan.execute("update outbox set sha256 = 'other' where outbox_id = (select min(outbox_id) from outbox)")
    found = replay_warehouse(plan.house, scratch, tmp_path / "replay").differences
    assert [(one.kind, list(one.fields)) for one in found] == [("answer", ["sha256"]), ("decision", ["paid_cents"])]


def test_every_bundle_that_was_used_can_be_read_back(lived: Lived, tmp_path: Path) -> None:
    """From the archive, with the digest that decisions name; an altered one is refused."""
    plan, _ = lived
    first = plan.rows("select rules_bundle from decision order by decision_id limit 1")[0]["rules_bundle"]
    assert first != plan.house.configuration.digest()
    loaded = load_bundle(plan.house, first, tmp_path / "bundles")
    assert loaded.digest() == first
    assert loaded == load_configuration(loaded.folder)
    with pytest.raises(BundleUnusable):
        load_bundle(plan.house, "0" * 64, tmp_path / "none")
    (row,) = plan.rows(f"select archive_path from rules_bundle where digest = '{first}'")
    path = plan.house.archive.path(row["archive_path"])
    path.chmod(0o600)
    path.write_bytes(path.read_bytes().replace(b"plan", b"plot"))
    with pytest.raises(ArchiveDamaged):
        load_bundle(plan.house, first, tmp_path / "more")


@pytest.mark.parametrize("case", ["full", "unjournaled", "unknown"])
def test_what_cannot_be_replayed_is_refused(lived: Lived, scratch: Warehouse, tmp_path: Path, case: str) -> None:
    """Into a warehouse that holds something; without a whole journal; a file that was never committed."""
    plan, _ = lived
    expected: type[Final] = NotReplayable
    if case == "full":
        with scratch.begin() as connection:
            journal.record(connection, "registry", plan.clock.now(), 1)
    if case == "unjournaled":
        plan.execute("delete from work_journal where work = 'commit'")
    if case == "unknown":
        expected = NeverCommitted
    with pytest.raises(expected):
        replay_file(plan.house, 999 if case == "unknown" else 1, scratch, tmp_path / "replay")


def test_what_people_and_other_systems_brought_is_brought_again(
    lived: Lived, scratch: Warehouse, tmp_path: Path
) -> None:
    """Reference data under the version that decisions name, a held file as it was released, and imported decisions."""
    plan, _ = lived
    fees = tmp_path / "fees.csv"
    fees.write_text("procedure_code,method,amount,effective_from\n99213,unit,70.00,2020-01-01\n", encoding="utf-8")
    (held,) = plan.take_in("clearlink", CLAIMS.replace(b"000002001", b"000002901"))
    process_files(plan.house, [held])
    assert plan.state(held) == "held"
    with plan.house.warehouse.begin() as connection:
        load_reference(connection, "fee", fees, plan.clock.now())
    release(plan.house, held, "jo", "sent again on purpose")
    process_files(plan.house, [held])
    assert plan.state(held) == "committed"
    rows = plan.rows(
        "select claim_number, line_number, l.charge_cents, 'CO:197:' || l.charge_cents as adjustments"
        f" from claim join claim_line l using (claim_id) where file_id = {held} and state = 'accepted'"
        " order by claim_number, line_number"
    )
    first = [row for row in rows if row["claim_number"] == rows[0]["claim_number"]]
    decided = pd.DataFrame(first).assign(
        outcome="denied", decided_on=plan.house.today(), allowed_cents=0, paid_cents=0, interest_cents=0
    )
    decided.to_csv(tmp_path / "decisions.csv", index=False)
    import_decisions(plan.house, tmp_path / "decisions.csv", "core", "jo")
    adjudicate(plan.house)
    report = replay_warehouse(plan.house, scratch, tmp_path / "replay")
    assert report.differences == []
    assert report.entries.keys() >= {"reference", "hold", "import"}
    assert report.decisions == plan.count("decision")


def test_the_command_prints_what_another_configuration_would_change(
    lived: Lived, scratch: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And ends with 1; one JSON object for programs."""
    plan, files = lived
    monkeypatch.setenv("EDI_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("EDI_VAR", str(plan.house.var))
    monkeypatch.setenv("EDI_WAREHOUSE_URL", plan.house.warehouse.engine.url.render_as_string(hide_password=False))
    into = scratch.engine.url.render_as_string(hide_password=False)
    arguments = ["replay", "file", str(files[0]), "--into", into, "--config", str(tmp_path / "changed"), "--json"]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 1, result.output
    told = json.loads(result.stdout)
    assert (told["is_alike"], told["different_answers"]) == (False, 0)
    assert told["different_decisions"] == len(told["differences"]) > 0
