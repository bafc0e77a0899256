"""The 834 files of other projects give the spans that were worked out by hand."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import yaml

from loaders.warehouse import Warehouse
from pipeline.configuration import Partner
from rules.acceptance import AcceptanceProfile
from tests.loaders.enrolment_scenarios.office import Office
from writers.settings import Payer

CORPUS = Path(__file__).parents[2] / "corpus"
GOLDEN: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "golden_spans.yaml").read_text())
LINES = {"HLT": "GOLD", "VIS": "V1", "DEN": "D1", "HMO": "GOLD", "PPO": "GOLD"}
"""Lines of insurance, each sold as a plan without a code."""
SPANS = """
select m.first_name, m.birth_date, s.insurance_line, s.tier, lower(s.valid) as first, upper(s.valid) - 1 as last
from coverage_span s join member m using (member_id)
where s.superseded_at is null order by m.first_name, m.birth_date, s.insurance_line, s.valid
"""


@dataclass(frozen=True, slots=True)
class Anybody(Partner):
    """A partner from whom anything is taken, under any identifiers."""

    def acceptance_profile(self, payer: Payer, folder_usage: str) -> AcceptanceProfile:  # noqa: ARG002 - neither counts
        """No restriction but the guides."""
        return AcceptanceProfile(self.id, usages=frozenset({"P", "T"}))


@pytest.mark.parametrize("golden", GOLDEN, ids=[golden["name"].replace(" ", "-") for golden in GOLDEN])
def test_golden_spans(golden: dict[str, Any], warehouse: Warehouse, tmp_path: Path) -> None:
    """Files played in order into empty books."""
    plans = [{"insurance_line": line, "plan": plan} for line, plan in LINES.items()]
    settings = {"sponsor_ids": [golden.get("sponsor", "999888777")], "master_policies": [], "plans": plans}
    office = Office(warehouse, tmp_path, settings)
    acme = office.plan.house.configuration.partners["acme"]
    values = {one.name: getattr(acme, one.name) for one in fields(Partner)} | {
        "duplicate_look_back_days": -1,
        "claim_syntax": "reject_set",
    }
    office.plan.change(partners={**office.plan.house.configuration.partners, "acme": Anybody(**values)})
    for delivery in golden["files"]:
        ((day, name),) = delivery.items()
        office.plan.clock.instant = datetime.combine(day, time(14), UTC)
        assert office.send_bytes((CORPUS / name).read_bytes()).state in {"committed", "acknowledged"}
    found: dict[str, list[str]] = {}
    for row in office.plan.rows(SPANS):
        cover = " ".join(filter(None, (row["insurance_line"], row["tier"])))
        person = f"{row['first_name']} {_iso(row['birth_date'])}"
        found.setdefault(person, []).append(f"{cover} {_iso(row['first'])}..{_iso(row['last'])}")
    assert found == golden["spans"]


def test_every_834_of_the_corpus_is_there() -> None:
    """Copies with the same bytes count once, answers not at all."""
    played = {(CORPUS / name).read_bytes() for golden in GOLDEN for one in golden["files"] for name in one.values()}
    files = [
        path
        for path in CORPUS.rglob("*")
        if "834" in path.name and path.suffix in {".834", ".txt", ".x12"} and "999" not in path.name
    ]
    assert {path.read_bytes() for path in files} == played


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
