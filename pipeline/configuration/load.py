"""The configuration of a plan as one frozen value, read from its folder of YAML files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from edi.pend_queues import PendQueues
from pipeline.configuration.bank import BankSettings, read_bank
from pipeline.configuration.code_lists import FOLDER as CODES_FOLDER
from pipeline.configuration.code_lists import PATTERN as CODES_PATTERN
from pipeline.configuration.code_lists import digests_of, library_of
from pipeline.configuration.document import Document
from pipeline.configuration.front_end import FILE as FRONT_END_FILE
from pipeline.configuration.front_end import read_front_end
from pipeline.configuration.partners import Partner, read_partners
from pipeline.configuration.payments import read_payment_settings
from pipeline.configuration.plans import read_plans
from pipeline.configuration.problems import ConfigurationProblem, Problem
from pipeline.configuration.rulebook import read_rulebook
from pipeline.configuration.schedule import RemittanceSchedule, configuration_folder, read_schedule, read_time_zone
from pipeline.configuration.settings import (
    Adjudication,
    Environment,
    Limits,
    PlanIdentity,
    read_adjudication,
    read_environment,
    read_expectations,
    read_limits,
    read_payer,
    read_queues,
)
from rules.expectations.catalogue import Severities, Tolerances
from rules.front_end.screen import EDITS
from rules.front_end.settings import FrontEndSettings
from rules.payments.settings import PaymentSettings
from rules.rulebook import Rulebook
from writers.settings import Payer

if TYPE_CHECKING:
    from edi.codes.reasons import ReasonCodes
    from edi.guides.library import GuideLibrary

FILES = ("settings.yaml", "partners.yaml", "groups.yaml", "filing.yaml", "fee_schedule.yaml", "expectations.yaml")
PROVIDERS_FILE, PAYEES_FILE = "providers.csv", "payees.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """Everything a plan decides for itself. It holds no secret and no person's data."""

    folder: Path
    environment: Environment
    plan: PlanIdentity
    payer: Payer
    partners: Mapping[str, Partner]
    rulebook: Rulebook
    expectations: Severities
    """Severity of every expectation by its id."""
    tolerances: Tolerances
    """Share of rows that may break an expectation, by its id."""
    limits: Limits
    remittance: RemittanceSchedule
    payments: PaymentSettings
    """Interest for late payments, recoveries and forwarded balances."""
    bank: BankSettings | None = None
    """Who makes the payments; None: another system does."""
    queues: PendQueues
    """Who looks after claims that wait."""
    adjudication: Adjudication
    """Outside: claims wait until decisions are imported."""
    front_end: FrontEndSettings
    """Which edits reject a claim."""
    code_lists: Mapping[str, str]
    """SHA-256 of the plan's own code lists by name."""
    sources: Mapping[str, bytes] = field(default_factory=dict, repr=False, compare=False)
    """What it was read from: the content of every file by its name in the folder."""

    def __post_init__(self) -> None:
        """Adjudication knows us by the names by which the front end does."""
        object.__setattr__(self, "rulebook", replace(self.rulebook, payer_ids=self.front_end.payer_ids))

    @property
    def accepts_test_data(self) -> bool:
        """May test interchanges touch members and claims? Only where all data are test data."""
        return self.environment != "production"

    @property
    def providers_csv(self) -> Path:
        """The provider registry that comes with the configuration."""
        return self.folder / PROVIDERS_FILE

    @property
    def payees_csv(self) -> Path:
        """Who is paid, to go with it."""
        return self.folder / PAYEES_FILE

    def guide_library(self) -> GuideLibrary:
        """The guides that files are judged by, with the plan's code lists.

        Raises:
            Final: a list cannot be read.
        """
        return library_of(self.folder, self.code_lists)

    def reason_codes(self) -> ReasonCodes:
        """Which reasons and remarks decisions may give.

        Raises:
            Final: a list cannot be read.
        """
        from edi.codes.reasons import reason_codes  # noqa: PLC0415 - only who decides pays for the lists

        return reason_codes(self.guide_library().code_lists)

    def digest(self) -> str:
        """The sha256 (hex) of whatever judges a file or decides a claim: the name of the rules bundle."""
        from rules.registry import content as rules_in_force  # noqa: PLC0415 - pandas is slow to import

        content = {
            "rules": rules_in_force(),
            "rulebook": self.rulebook.digest(),
            "environment": self.environment,
            "time_zone": self.plan.time_zone.key,
            "receipt_cut_off": f"{self.plan.receipt_cut_off}",
            "receiver": [self.payer.isa_qualifier, self.payer.isa_id, self.payer.gs_id],
            "partners": [self.partners[partner].acceptance_content() for partner in sorted(self.partners)],
            "front_end": self.front_end.content(),
            "edits": [[edit.id, edit.severity, edit.statuses] for edit in EDITS],
            "expectations": dict(sorted(self.expectations.items())),
            "tolerances": dict(sorted(self.tolerances.items())),
            "code_lists": dict(sorted(self.code_lists.items())),
            "adjudication": self.adjudication,
            "payments": self.payments.content(),
        }
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def load_configuration(folder: Path | None = None) -> Configuration:
    """Read the folder, by default the one that EDI_CONFIG names.

    Raises:
        ConfigurationProblem: with every fault of every file.
    """
    folder = folder or configuration_folder()
    problems: list[Problem] = []
    if not folder.is_dir():
        raise ConfigurationProblem(
            folder, [Problem(str(folder), 0, "", "there is no such folder; EDI_CONFIG names it")]
        )
    settings, partner_file, groups, filing, fees, expectations = (Document(folder / name, problems) for name in FILES)
    plan = settings.root.section("plan")
    time_zone = read_time_zone(plan)
    cut_off = plan.time_of_day("receipt_cut_off") if plan.has("receipt_cut_off") else None
    identity = PlanIdentity(name=plan.text("name"), time_zone=time_zone, receipt_cut_off=cut_off)
    environment = read_environment(settings.root)
    payer = read_payer(settings.root.section("payer"))
    limits = read_limits(settings.root.section("limits"))
    queues, adjudication = read_queues(settings.root), read_adjudication(settings.root)
    remittance = settings.root.section("remittance")
    schedule = read_schedule(remittance, time_zone)
    partners = read_partners(partner_file)
    bank = read_bank(remittance, payer, partners, environment)
    plans = read_plans(groups.root)
    rulebook = read_rulebook(filing, groups, fees, partners, plans)
    stays = rulebook.inpatient_bill_types if rulebook else ()
    payments = read_payment_settings(remittance, [each for dated in plans.values() for each in dated], partners, stays)
    severities, tolerances = read_expectations(expectations)
    front_end_file = Document(folder / FRONT_END_FILE, problems) if (folder / FRONT_END_FILE).exists() else None
    front_end = read_front_end(front_end_file, partners)
    optional = () if front_end_file is None else (front_end_file,)
    for document in (settings, partner_file, groups, filing, fees, expectations, *optional):
        document.note_unknown_keys()
    problems += [
        Problem(path.name, 0, "", "unknown file")
        for path in sorted(folder.glob("*.y*ml"))
        if path.name not in {*FILES, FRONT_END_FILE}
    ]
    if problems or rulebook is None:
        raise ConfigurationProblem(folder, problems)
    return Configuration(
        folder=folder,
        environment=environment,
        plan=identity,
        payer=payer,
        partners=MappingProxyType(partners),
        rulebook=rulebook,
        expectations=severities,
        queues=queues,
        adjudication=adjudication,
        tolerances=tolerances,
        code_lists=MappingProxyType(digests_of(folder)),
        limits=limits,
        remittance=schedule,
        bank=bank,
        payments=payments,
        front_end=front_end,
        sources=MappingProxyType(_sources(folder)),
    )


def _sources(folder: Path) -> dict[str, bytes]:
    """The files that judge and decide, code lists among them; provider files have versions of their own."""
    files = [folder / name for name in (*FILES, FRONT_END_FILE)]
    lists = sorted((folder / CODES_FOLDER).glob(CODES_PATTERN))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in (*files, *lists) if path.is_file()}
