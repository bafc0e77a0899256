"""A story in which everything happens that a journal can tell: to be done again, and to be killed in between."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pandas as pd

from loaders.reference_data import load_reference
from loaders.warehouse import Warehouse
from pipeline.adjudicate import adjudicate
from pipeline.configuration import load_configuration
from pipeline.decision_import import import_decisions
from pipeline.disputes import close_dispute, open_dispute
from pipeline.hold_decisions import reject, release
from pipeline.opening_balances import import_opening_balances
from pipeline.opening_import import import_opening_claims
from pipeline.pend_work import assign, deny, pended, price
from pipeline.pend_work import release as release_claim
from pipeline.process import process_files
from pipeline.provider_accounts import load_entries
from pipeline.provider_registry import load_providers
from pipeline.remit import remit
from pipeline.remit_lifecycle import abandon, compose
from pipeline.remit_lifecycle import release as release_run
from rules.pend_reasons import NO_PRICE
from tests.pipeline.plan import CLAIMS, CLINIC_CLAIMS, DEMO, ENROLLMENT, HOSPITAL_CLAIMS, WEEK, Plan
from tests.pipeline.test_opening_balances import EXAMPLE as BALANCES
from tests.pipeline.test_opening_import import EXAMPLE, PAID, bill

DAY = timedelta(days=1)
STRANGER = ENROLLMENT.replace(b"FI*123456789", b"FI*999999999")
DENTAL, TRUNCATED, REPORT = (path.read_bytes() for _, path in WEEK[4:7])
SPOILT = CLAIMS.replace(b"*UN*", b"*QQ*", 1)
ENTRIES = "payee_id,reason_code,reference,amount_cents,due_from\nHILLSIDE,LE,L-1,100,{}\n"
FEES = "procedure_code,method,amount,effective_from\n99213,unit,{},2020-01-01\n"


def configured(folder: Path, *, changed: bool = False) -> Path:
    """The demo's configuration in a folder of its own, without expectations, where sets are accepted with errors.

    Changed: one office visit is worth less and others more, and hospital services have no price.
    """
    shutil.copytree(DEMO / "config", folder)
    expectations = folder / "expectations.yaml"
    text = expectations.read_text(encoding="utf-8")
    expectations.write_text(re.sub(r"(?m)^(  [a-z_]+\.[a-z_]+):.*$", r"\1: off", text), encoding="utf-8")
    partners = folder / "partners.yaml"
    text = partners.read_text(encoding="utf-8")
    partners.write_text(re.sub(r"(?m)^(  clearlink:\n)", r"\1    claim_syntax: accept_with_errors\n", text), "utf-8")
    front_end = folder / "front_end.yaml"
    groups = folder / "groups.yaml"
    ppo = "copay: 0.00, coinsurance_percent: 20"
    terms = f"{ppo}, deductible: 100.00, family_deductible: 200.00, out_of_pocket_maximum: 500.00"
    groups.write_text(groups.read_text("utf-8").replace(ppo, terms), "utf-8")
    # the correction is one of another plan's claims
    front_end.write_text(front_end.read_text("utf-8").replace("edits:\n", "edits:\n  PAYER_WRONG: accept\n"), "utf-8")
    if changed:
        fees = folder / "fee_schedule.yaml"
        text = fees.read_text(encoding="utf-8")
        for was, becomes in (("92.50", "60.00"), ("131.25", "140.00"), ("126.00", "150.00")):
            text = text.replace(f"allowed: {was}", f"allowed: {becomes}")
        kept = [line for line in text.splitlines(keepends=True) if "revenue_code" not in line]
        fees.write_text("".join(kept), encoding="utf-8")
    return folder


def numbered(content: bytes, number: int) -> bytes:
    """The interchange under another control number."""
    return content.replace(content[90:99], b"%09d" % number)


@dataclass
class Story:
    """Three weeks at the demo's plan."""

    warehouse: Warehouse
    folder: Path
    doubted: set[int] = field(default_factory=set)
    """Files that break an expectation that holds."""

    def __post_init__(self) -> None:
        self.first = load_configuration(configured(self.folder / "config"))
        self.second = load_configuration(configured(self.folder / "changed", changed=True))
        self.plan = Plan(self.warehouse, self.folder / "var", self.first)
        self.house = self.plan.house

    def change(self) -> None:
        """From now on the second configuration is in force."""
        second = self.second
        self.plan.change(rulebook=second.rulebook, folder=second.folder, sources=second.sources)
        self.house = self.plan.house

    def is_doubted(self, _house: object, file_id: int, *_: object) -> dict[str, int]:
        """Stands for the measuring of one file (`pipeline.expect.broken_holds`)."""
        return {"claim.has_lines": 1} if file_id in self.doubted else {}

    def take(self, partner: str, *contents: bytes) -> list[int]:
        """Files come in and are processed."""
        ids = self.plan.take_in(partner, *contents)
        process_files(self.house, ids)
        return ids

    def week_of_members(self) -> None:
        """Registry, reference data, rosters - applied, released, rejected -, and claims of an earlier system."""
        load_providers(self.house)
        self.take("acme", ENROLLMENT, WEEK[1][1].read_bytes())
        released, rejected = self.take("acme", numbered(STRANGER, 1501), numbered(STRANGER, 1502))
        release(self.house, released, "ann", "known by telephone")
        process_files(self.house, [released])
        reject(self.house, rejected, "ann")
        import_opening_claims(self.house, EXAMPLE, "legacy", "jo")
        balances = self.folder / "balances.csv"
        pd.read_csv(BALANCES, dtype="str").head(3).to_csv(balances, index=False)
        import_opening_balances(self.house, balances, "legacy", "jo")
        self.refer("70.00")

    def refer(self, amount: str) -> None:
        """Load a table of fees."""
        path = self.folder / "fees.csv"
        path.write_text(FEES.format(amount), encoding="utf-8")
        with self.warehouse.begin() as connection:
            load_reference(connection, "fee", path, self.plan.clock.now())

    def week_of_claims(self) -> None:
        """Of all kinds: accepted, rejected, salvaged, held for a person, set aside; decided by rules and by people.

        From the second day on other rules are in force.
        """
        self.professional, *_, self.salvaged = self.take(
            "clearlink", CLAIMS, DENTAL, TRUNCATED, REPORT, b"no X12", numbered(SPOILT, 2911)
        )
        adjudicate(self.house)
        self.change()
        _, repeated, unwanted = self.take("clearlink", HOSPITAL_CLAIMS, numbered(CLAIMS, 2901), numbered(DENTAL, 2902))
        for file_id in (self.salvaged, repeated):
            release(self.house, file_id, "jo", "sent again on purpose")
            process_files(self.house, [file_id])
        reject(self.house, unwanted, "jo")
        (doubted,) = self.plan.take_in("riverclinic", CLINIC_CLAIMS)
        self.doubted.add(doubted)
        process_files(self.house, [doubted])
        release(self.house, doubted, "jo")
        process_files(self.house, [doubted])
        self.plan.clock.instant += DAY
        adjudicate(self.house)
        self.act()
        self.plan.upload("clearlink", "again.x12", CLAIMS)
        self.plan.look()
        entries = self.folder / "entries.csv"
        entries.write_text(ENTRIES.format(self.house.today()), encoding="utf-8")
        load_entries(self.house, entries, "ann")
        compose(self.house, self.house.today() - DAY)
        abandon(self.house, None, "ann", "a claim was forgotten")
        compose(self.house, self.house.today() - DAY)
        release_run(self.house, None, "ann", "looked at")

    def week_of_corrections(self) -> None:
        """Other fees and providers; a correction; decisions of another system."""
        self.plan.clock.instant += 7 * DAY
        self.refer("71.00")
        providers = self.folder / "providers.csv"
        text = self.first.providers_csv.read_text(encoding="utf-8")
        providers.write_text(text.replace("HILLSIDE FAMILY MEDICINE", "HILLSIDE MEDICINE"), encoding="utf-8")
        load_providers(self.house, providers, self.first.payees_csv)
        bill(self.plan, "7", PAID)
        adjudicate(self.house)
        (more,) = self.take("clearlink", numbered(CLAIMS, 2912))
        release(self.house, more, "jo")
        process_files(self.house, [more])
        self.import_one(more)
        adjudicate(self.house)
        open_dispute(self.house, PAID, "D-1", "portal", None, "jo")
        close_dispute(self.house, "D-1", "upheld", "jo")
        remit(self.house, self.house.today() - DAY)

    def import_one(self, file_id: int) -> None:
        """Another system denies the first claim of a file."""
        rows = self.plan.rows(
            "select claim_number, line_number, l.charge_cents, 'CO:197:' || l.charge_cents as adjustments"
            f" from claim join claim_line l using (claim_id) where file_id = {file_id} and state = 'accepted'"
            " order by claim_number, line_number"
        )
        first = pd.DataFrame([row for row in rows if row["claim_number"] == rows[0]["claim_number"]])
        denied = first.assign(
            outcome="denied", decided_on=self.house.today(), allowed_cents=0, paid_cents=0, interest_cents=0
        )
        path = self.folder / "decisions.csv"
        denied.to_csv(path, index=False)
        import_decisions(self.house, path, "core", "jo")

    def act(self) -> None:
        """People give claims to each other, release what is a doubt, deny hospitals' claims and price the others."""
        for one in pended(self.house)["claims"]:
            number = str(one["claim_number"])
            assign(self.house, number, "ann", "jo")
            if one["pend_reason"] != NO_PRICE:
                release_claim(self.house, number, "ann")
                continue
            if one["kind"] == "I":
                deny(self.house, number, ("CO", "197", ()), "ann", "no authorization")
                continue
            lines = self.plan.rows(
                "select line_number, l.charge_cents from claim_line l join claim using (claim_id)"
                f" where claim_number = '{number}'"
            )
            price(self.house, number, {row["line_number"]: row["charge_cents"] // 2 for row in lines}, "ann")


def stand_in(story: Story) -> dict[str, object]:
    """By name, what stands for measuring in `pipeline.expect`, which takes seconds to begin."""
    return {
        "is_worth_checking": lambda *_: bool(story.doubted),
        "hold_together": lambda *_: False,
        "broken_holds": story.is_doubted,
    }
