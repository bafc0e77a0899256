"""Every file of the corpus, through archive, ledger, expectations, warehouse and delivery, ends as the table says."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path

import pytest

from loaders.warehouse import Warehouse, open_warehouse
from pipeline.configuration import Partner, load_configuration
from pipeline.run_local_files import RunReport, run_files
from rules.rulebook import Group
from tests.parsers.answers_told import counted
from tests.pipeline.corpus_claims import Anybody
from tests.pipeline.plan import DEMO, Plan, check_answers, told, unscreened
from tests.writers.remittances import accepted_by_pyx12

CORPUS = Path(__file__).parents[1] / "corpus"
TABLE = Path(__file__).parents[1] / "corpus_outcomes.csv"
OUTCOMES = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))
VALID = (CORPUS / "valid_by_pyx12.txt").read_text(encoding="utf-8").split()


@dataclass(frozen=True)
class Run:
    """The corpus after its way through the pipeline."""

    plan: Plan
    report: RunReport
    ids: dict[str, int]
    """File ids by path in the corpus."""


@pytest.fixture(scope="module")
def run(fresh_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """All files in one run. Each is judged for itself: no control number and no content counts as used before.

    No edit returns a claim: nobody in the corpus is a member.
    """
    configuration = unscreened(load_configuration(DEMO / "config"))
    clearlink = configuration.partners["clearlink"]
    settings = {one.name: getattr(clearlink, one.name) for one in fields(Partner)} | {"duplicate_look_back_days": -1}
    anybody = Group(id="ANYBODY", name="Whoever sends", partners=("clearlink",))
    configuration = replace(
        configuration,
        partners={**configuration.partners, "clearlink": Anybody(**settings)},
        rulebook=replace(configuration.rulebook, groups=(*configuration.rulebook.groups, anybody)),
    )
    warehouse: Warehouse = open_warehouse(fresh_database())
    plan = Plan(warehouse, tmp_path_factory.mktemp("corpus"), configuration)
    paths = [CORPUS / outcome["path"] for outcome in OUTCOMES]
    report = run_files(plan.house, paths, "clearlink", plan.clock.now())
    plan.deliver()
    ids = dict(zip([outcome["path"] for outcome in OUTCOMES], report.file_ids, strict=True))
    yield Run(plan, report, ids)
    warehouse.close()


def test_each_file_ends_in_the_state_and_with_the_answer_that_the_table_names(run: Run) -> None:
    """Also with the demo's expectations, none of which a file of the corpus breaks so badly that it is held."""
    states = {file.file_id: file.state for file in run.plan.files()}
    sent = run.plan.answers()
    ended = {
        path: (states[file_id], " | ".join(counted(told(row) for row in sent if row.file_id == file_id)) or "none")
        for path, file_id in run.ids.items()
    }
    assert ended == {outcome["path"]: (outcome["state"], outcome["answer"]) for outcome in OUTCOMES}


def test_every_answer_is_valid(run: Run) -> None:
    """One of each that say the same; tests of the writers look at all. A 277CA repeats an NPI that is none."""
    checked = {told(row): row for row in run.plan.answers()}
    check_answers(checked.values())
    assert all(accepted_by_pyx12(row.content) for row in run.plan.claim_answers())


def test_what_pyx12_calls_valid_is_loaded(run: Run) -> None:
    """Its sets are accepted; its claims are there; each of its members is, or a business finding says why not."""
    judged = run.plan.rows(
        "select i.file_id, s.ik501, s.transaction from transaction_set s join functional_group using (group_key)"
        " join interchange i using (interchange_id)"
    )
    claims = {row["file_id"] for row in run.plan.rows("select file_id from claim")}
    enrollment = "select file_id from member union select file_id from finding where code like 'ENROLLMENT%'"
    enrolled = {row["file_id"] for row in run.plan.rows(enrollment)}
    taken = 0
    for path in VALID:
        sets = {(row["transaction"], row["ik501"]) for row in judged if row["file_id"] == run.ids[path]}
        if sets & {("834", "A"), ("834", "R")}:
            assert (sets, run.ids[path] in enrolled) == ({("834", "A")}, True), path
        elif sets & {("837", "A"), ("837", "R")}:
            assert (sets, run.ids[path] in claims) == ({("837", "A")}, True), path
        else:
            continue
        taken += 1
    assert taken == 28


def test_every_claim_is_decided(run: Run) -> None:
    """Whatever it holds: no claim of a real file stops the rules."""
    assert run.report.decisions["decided"] == run.plan.count("claim") > 0
    assert run.plan.rows("select count(*) as claims from claim where state = 'accepted'") == [{"claims": 0}]


def test_it_is_all_done_again_without_a_change(run: Run) -> None:
    """The same deliveries: nothing new in any table."""
    before = run.plan.content()
    again = run_files(run.plan.house, [CORPUS / path for path in run.ids], "clearlink", run.plan.clock.now())
    assert again.file_ids == run.report.file_ids
    assert run.plan.content() == before
