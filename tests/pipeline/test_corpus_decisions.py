"""Every 837 of the corpus that is not rejected comes to decisions where its members and providers are known."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from edi.reference.scanner import scan
from loaders.warehouse import open_warehouse
from pipeline.remit import remit
from tests.pipeline.corpus_claims import CORPUS, MENDED, configured, live_through
from tests.pipeline.plan import Plan
from tests.writers.remittances import accepted_by_pyx12

GOLDEN = Path(__file__).parent / "golden"
HAND_MADE: list[dict[str, Any]] = yaml.load(
    (GOLDEN / "decisions.yaml").read_text(encoding="utf-8"),
    yaml.BaseLoader,  # noqa: S506 - which makes nothing but texts
)
OUTCOMES = list(csv.DictReader((GOLDEN / "outcomes.csv").read_text(encoding="utf-8").splitlines()))
ANSWERS = CORPUS.parent / "corpus_outcomes.csv"

DECIDED = """
select c.claim_id, c.file_id, c.patient_control_number as account, d.decision_id, d.outcome, d.pend_reason,
    d.claim_status_code as status, d.paid_cents, d.patient_responsibility_cents as patient,
    (select string_agg(distinct concat_ws(' ', a.group_code, a.reason_code, r.remark_code), ', ')
        from adjustment a left join decision_remark r using (decision_id, line_number)
        where a.decision_id = d.decision_id) as reasons
from claim c join decision d using (claim_id) order by c.claim_number, d.sequence
"""
LINES = """
select decision_id, l.line_number, l.charge_cents, l.allowed_cents, l.paid_cents,
    array(select concat_ws(' ', group_code, reason_code, amount_cents) from adjustment a
        where a.decision_id = l.decision_id and a.line_number = l.line_number order by group_code, reason_code) as parts
from decision_line l order by decision_id, l.line_number
"""


@dataclass(frozen=True)
class Run:
    """The corpus after its way through the pipeline."""

    plan: Plan
    paths: dict[int, str]
    """Files by id."""

    def claims(self) -> list[dict[str, Any]]:
        """Every claim with its decision and the path of its file."""
        return [row | {"path": self.paths[row["file_id"]]} for row in self.plan.rows(DECIDED)]


def amount(cents: int) -> str:
    """With two decimals."""
    return f"{cents // 100}.{cents % 100:02}"


def accepted_837s() -> list[str]:
    """Files of which the table of answers says that a set of claims was accepted."""
    found = []
    for row in csv.DictReader(ANSWERS.read_text(encoding="utf-8").splitlines()):
        content = (CORPUS / row["path"]).read_bytes()
        if b"005010X22" in content and b"ST*837" in content and "999 A" in row["answer"]:
            found.append(row["path"])
    return found


@pytest.fixture(scope="module")
def run(fresh_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """Those that are accepted as they are, then those that are mended."""
    warehouse = open_warehouse(fresh_database())
    folder = tmp_path_factory.mktemp("corpus")
    plan = Plan(warehouse, folder, configured())
    ids = live_through(plan, folder, accepted_837s() + list(MENDED), MENDED)
    yield Run(plan, {file_id: path for path, file_id in ids.items()})
    warehouse.close()


def test_every_claim_ends_as_the_table_says(run: Run) -> None:
    """Outcome, reasons and money, in the order in which the claims came; the table says why."""
    ended = [
        [
            *(row["path"], row["account"], row["outcome"], row["pend_reason"] or row["reasons"]),
            *(amount(row["paid_cents"]), amount(row["patient"])),
        ]
        for row in run.claims()
    ]
    assert ended == [list(row.values())[:-1] for row in OUTCOMES]


def test_nothing_is_left_out(run: Run) -> None:
    """Every file has claims, every claim one decision: none was returned at the front, and none stopped the rules."""
    assert len(run.paths) == len(accepted_837s()) + len(MENDED) == 23
    assert {row["path"] for row in run.claims()} == set(run.paths.values())
    assert run.plan.count("claim") == run.plan.count("decision") == len(OUTCOMES) == 31
    assert Counter(row["outcome"] for row in OUTCOMES) == {"paid": 24, "denied": 5, "pended": 2}


@pytest.mark.parametrize("golden", [pytest.param(each, id=each["claim"].replace("/", " ")) for each in HAND_MADE])
def test_decisions_are_those_worked_out_by_hand(run: Run, golden: dict[str, Any]) -> None:
    """Line by line: charge, allowed, paid, and every adjustment."""
    path, account = golden["claim"].split(" ")
    [found] = [row for row in run.claims() if (row["path"], row["account"]) == (path, account)]
    lines = {}
    for row in run.plan.rows(LINES):
        if row["decision_id"] == found["decision_id"]:
            parts = [part.split(" ") for part in row["parts"]]
            told = [amount(row[name]) for name in ("charge_cents", "allowed_cents", "paid_cents")]
            told += [f"{group} {reason} {amount(int(cents))}" for group, reason, cents in parts]
            lines[str(row["line_number"])] = " ".join(told)
    assert lines == golden["lines"]
    assert (found["outcome"], found["status"]) == ("paid", golden["status"])
    assert amount(found["patient"]) == golden["patient"]
    repriced = {
        str(row["line_number"]): amount(row["allowed_cents"])
        for row in run.plan.rows(
            f"select line_number, allowed_cents from claim_repricing where claim_id = {found['claim_id']}"
            " and line_number is not null"
        )
    }
    assert repriced == golden.get("repriced", {})


def test_all_that_is_decided_is_remitted(run: Run) -> None:
    """In one 835 that balances and is accepted by pyx12, whatever characters its claims hold; with CLP02 and CLP05."""
    run.plan.clock.instant += timedelta(days=2)
    report = remit(run.plan.house, run.plan.house.today() - timedelta(days=1))
    assert (report.claims, report.without_payee) == (29, 0)
    [content] = [row.content for row in run.plan.outbox() if row.kind == "835"]
    # the numbers of rendering providers are repeated as they came
    assert {finding.code for finding in scan(content).findings} == {"NPI_INVALID"}
    assert accepted_by_pyx12(content)
    told = [segment.split("*") for segment in content.decode().replace("\n", "").split("~")]
    sent = {(clp[1], clp[2], Decimal(clp[4]), Decimal(clp[5] or 0)) for clp in told if clp[0] == "CLP"}
    for golden in HAND_MADE:
        paid = sum((Decimal(line.split(" ")[2]) for line in golden["lines"].values()), Decimal(0))
        assert (golden["claim"].split(" ")[1], golden["status"], paid, Decimal(golden["patient"])) in sent
