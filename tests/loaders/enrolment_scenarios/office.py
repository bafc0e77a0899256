"""The plan that the scenarios play at: one employer group, whose files go through the whole pipeline."""

from __future__ import annotations

import csv
import io
import itertools
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml

from loaders.warehouse import Warehouse
from pipeline.configuration import load_configuration
from pipeline.hold_decisions import holds_of, reject, release
from tests.loaders.enrolment_scenarios.notation import POLICY, SPONSOR, Roster, Several, day
from tests.pipeline.plan import DEMO, Plan, unmeasured

GROUP = "CREW"
NEIGHBOUR, NEIGHBOUR_SPONSOR, NEIGHBOUR_POLICY = "DECK", "062222222", "DECK-1"
"""Another group of the same sender, with the settings that a group has when nothing is said."""
RENEWED_PLANS = {"GOLD-27": "HLT"}
"""Plans that no code means where nothing is said."""
TERMS = [{"effective_from": day("2024-01-01"), "copay": 0.0, "coinsurance_percent": 0}]
PLAN_CODES = {"GOLD": "HLT", "SILVER": "HLT", "D1": "DEN", "V1": "VIS"}
"""Plan codes with their lines of insurance; plans have the names of their codes."""

SPANS = """
select m.first_name, s.insurance_line, s.plan_id, coalesce(s.tier, '-') as tier, cast(lower(s.valid) as text) as starts,
    coalesce(cast(upper(s.valid) - 1 as text), '') as ends
from coverage_span s join member m using (member_id)
where superseded_at is null order by m.first_name, s.insurance_line, s.valid
"""
KNOWN = """
select member_id, insurance_line, plan_id, tier, valid from coverage_span
where recorded_at <= '{moment}' and coalesce(superseded_at, 'infinity') > '{moment}'
order by member_id, insurance_line, valid
"""

Spans = dict[str, list[str]]
"""By first name, the spans as `GOLD EMP 2026-01-01..2026-03-31`."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file."""

    file_id: int
    state: str
    findings: list[str]
    """Codes of what the enrolment found, in the order of the alphabet."""
    known_at: datetime
    """A moment after it."""


class Office:
    """The pipeline of a plan with one employer group of these settings, and a neighbour of it."""

    def __init__(
        self, warehouse: Warehouse, folder: Path, settings: Mapping[str, Any] | None = None, environment: str = "demo"
    ) -> None:
        shutil.copytree(DEMO / "config", folder / "config")
        plans = [{"insurance_line": line, "plan_code": code, "plan": code} for code, line in PLAN_CODES.items()]
        groups = {
            "plans": {
                code: {"name": code, "filing_indicator": "HM" if line == "HLT" else "17", "terms": TERMS}
                for code, line in (PLAN_CODES | RENEWED_PLANS).items()
            },
            "groups": {
                GROUP: {
                    "name": "Crew Company",
                    "sponsor_ids": [SPONSOR],
                    "master_policies": [POLICY],
                    "partners": ["acme"],
                    "plans": plans,
                    **(settings or {}),
                },
                NEIGHBOUR: {
                    "name": "Deck Company",
                    "sponsor_ids": [NEIGHBOUR_SPONSOR],
                    "master_policies": [NEIGHBOUR_POLICY],
                    "partners": ["acme"],
                    "plans": plans,
                },
            },
            "medical_insurance_lines": ["HLT"],
        }
        (folder / "config" / "groups.yaml").write_text(yaml.safe_dump(groups))
        _without_fees(folder / "config")
        settings_file = folder / "config" / "settings.yaml"
        settings_file.write_text(settings_file.read_text().replace("environment: demo", f"environment: {environment}"))
        self.plan = Plan(warehouse, folder / "var", unmeasured(load_configuration(folder / "config")))
        # a member at fault is refused alone
        partners = self.plan.house.configuration.partners
        self.plan.change(partners={**partners, "acme": replace(partners["acme"], claim_syntax="accept_with_errors")})
        self.serial = itertools.count(1)

    def send(self, roster: Roster | Several) -> Taken:
        """A file that arrives in the morning of its day, or a minute after the last one, and is processed."""
        morning = datetime.combine(day(roster.day), time(14), UTC)
        self.plan.clock.instant = max(morning, self.plan.clock.instant) if self.plan.files() else morning
        return self.send_bytes(roster.content(next(self.serial)))

    def send_bytes(self, content: bytes) -> Taken:
        """A file that arrives now."""
        (file_id,) = self.plan.take_in("acme", content)
        self.plan.clock.instant += timedelta(minutes=1)
        self.plan.process()
        return self.taken(file_id)

    def release(self, file_id: int) -> Taken:
        """A person releases it, and the next run processes it."""
        release(self.plan.house, file_id, "ann")
        self.plan.process()
        return self.taken(file_id)

    def reject(self, file_id: int) -> Taken:
        """A person rejects it."""
        reject(self.plan.house, file_id, "ann")
        return self.taken(file_id)

    def holds(self, file_id: int) -> list[str]:
        """Why a file waits or waited: code, group and the decision, as far as there is one."""
        return [
            " ".join(filter(None, (hold["code"], hold["facts"].get("group"), hold["decision"])))
            for hold in holds_of(self.plan.house, file_id).holds
        ]

    def taken(self, file_id: int) -> Taken:
        """What has become of a file by now."""
        findings = [
            row["code"]
            for row in self.plan.rows(
                f"select code from finding where file_id = {file_id} and code like 'ENROLLMENT%' order by code"
            )
        ]
        self.plan.clock.instant += timedelta(minutes=1)
        return Taken(file_id, self.plan.state(file_id), findings, self.plan.clock.instant)

    def spans(self) -> Spans:
        """Coverage as it is believed now."""
        found: Spans = {}
        for row in self.plan.rows(SPANS):
            span = f"{row['plan_id']} {row['tier']} {row['starts']}..{row['ends']}"
            found.setdefault(row["first_name"], []).append(span)
        return found

    def known(self, moment: datetime) -> list[dict[str, Any]]:
        """Coverage as it was believed at a moment, whatever the persons are called by now."""
        return self.plan.rows(KNOWN.format(moment=moment.isoformat()))

    def history(self) -> list[dict[str, Any]]:
        """Every span that was ever recorded."""
        return self.plan.rows("select * from coverage_span order by span_id")

    def report(self, file_id: int) -> list[str]:
        """What the sender was told of each member: number with initials, outcome, code."""
        (made,) = [file for file in self.plan.outbox() if (file.file_id, file.kind) == (file_id, "MEMBERS_CSV")]
        rows = csv.DictReader(io.StringIO(made.content.decode(), newline=""))
        return [
            " ".join(
                part
                for part in (row["subscriber_number"], row["dependant_initials"], row["outcome"], row["code"])
                if part
            )
            for row in rows
        ]


def _without_fees(config: Path) -> None:
    """No price and no filing rule of the demo names a plan that is not here."""
    fees = yaml.safe_load((config / "fee_schedule.yaml").read_text())
    fees["fees"] = [{key: value for key, value in fee.items() if key != "plans"} for fee in fees["fees"][:1]]
    (config / "fee_schedule.yaml").write_text(yaml.safe_dump(fees))
    filing = yaml.safe_load((config / "filing.yaml").read_text())
    for rule in filing["rules"].values():
        rule.pop("plans", None)
    (config / "filing.yaml").write_text(yaml.safe_dump(filing))
