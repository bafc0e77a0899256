"""A desk at which tests put decided claims into a warehouse, row by row, without files and rules."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Table, insert, text, update

from loaders.ledger import Delivery, record_delivery
from loaders.schema import claims, enrollment, intake, providers
from loaders.warehouse import Warehouse

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
SUNDAY = date(2026, 6, 21)
"""A day to settle through."""
FRIDAY = date(2026, 6, 19)
"""A day of that week on which claims are decided."""

PAYEES = {
    "RIVER": {
        "name": "RIVER CLINIC LLC",
        "npi": "1234567893",
        "tin": "222334444",
        "address": "20 WATER STREET",
        "city": "HARTFORD",
        "state": "CT",
        "zip": "06103",
        "remittance_partner": "clearinghouse_one",
        "statement_partner": "provider_one",
        "payment_method": "ACH",
        "routing_number": "011000028",
        "account_number": "7770002",
    },
    "LAKE": {
        "name": "LAKE CLINIC",
        "npi": "1000000004",
        "tin": "333445555",
        "address": "1 LAKE ROAD",
        "city": "HARTFORD",
        "state": "CT",
        "zip": "06103",
        "remittance_partner": "clearinghouse_one",
        "statement_partner": "clearinghouse_one",
        "payment_method": "CHK",
    },
}

Adjusted = tuple[str, str, int]
"""Group, reason and cents."""


@dataclass
class Desk:
    """Claims and decisions of one warehouse."""

    warehouse: Warehouse
    serial: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    keys: dict[str, int] = field(default_factory=dict)

    def open(self) -> Desk:
        """Load the registry, a member, and a file for all claims to come from."""
        with self.warehouse.begin() as conn:
            self.keys["file"] = record_delivery(conn, _delivery(), NOON)
            self.keys["set"] = self._envelope(conn, self.keys["file"])
            self.keys["member"] = _insert(
                conn, enrollment.member, "member_id", group_id="acme", subscriber_number="M0000001",
                first_name_key="ANN", birth_date=date(1980, 1, 1), is_subscriber=True, relationship_code="18",
                last_name="ROE", first_name="ANN", member_suffix=1, recorded_at=NOON, file_id=self.keys["file"],
                source_start=0, source_stop=1,
            )  # fmt: skip
            self.load_registry(conn, "RIVER", "LAKE")
        return self

    def load_registry(self, conn: Connection, *payee_ids: str) -> None:
        """A new version of the registry, with one provider a payee of the same NPI and TIN."""
        version = _insert(
            conn, providers.provider_registry, "registry_version",
            sha256=f"{next(self.serial)}", providers=len(payee_ids), payees=len(payee_ids), loaded_at=NOON,
        )  # fmt: skip
        for payee_id in payee_ids:
            row = PAYEES[payee_id]
            conn.execute(insert(providers.payee).values(registry_version=version, payee_id=payee_id, **row))
            conn.execute(
                insert(providers.provider).values(
                    registry_version=version, npi=row["npi"], tin=row["tin"], name=row["name"], taxonomy="261QP2300X",
                    contract_from=date(2026, 1, 1), payee_id=payee_id,
                )
            )  # fmt: skip

    def claim(
        self, *, payee: str = "RIVER", charge: int = 15000, received: date = date(2026, 6, 1), **other: object
    ) -> int:
        """A professional claim of one line, accepted and not yet decided; its id."""
        number = next(self.serial)
        with self.warehouse.begin() as conn:
            family = _insert(conn, claims.claim_family, "family_id", current_version=1, state="active")
            values = {
                "claim_number": f"26152{number:07d}",
                "family_id": family,
                "version": 1,
                "version_state": "active",
                "state": "accepted",
                "file_id": self.keys["file"],
                "set_key": self.keys["set"],
                "partner": "clearinghouse_one",
                "is_test": False,
                "kind": "P",
                "patient_control_number": f"PCN-{number}",
                "charge_cents": charge,
                "facility_code": "11",
                "frequency_code": "1",
                "filing_indicator": "HM",
                "member_id": self.keys["member"],
                "subscriber_id": "M0000001",
                "patient_last_name": "ROE",
                "patient_first_name": "ANN",
                "billing_npi": PAYEES[payee]["npi"],
                "billing_tin": PAYEES[payee]["tin"],
                "service_from": date(2026, 5, 20),
                "service_through": date(2026, 5, 20),
                "received_date": received,
                "source_start": number,
                "source_stop": number + 1,
            }
            claim_id = _insert(conn, claims.claim, "claim_id", **{**values, **other})
            conn.execute(
                insert(claims.claim_line).values(
                    claim_id=claim_id, line_number=1, procedure_qualifier="HC", procedure_code="99213", modifier_1="25",
                    charge_cents=charge, unit="UN", quantity=Decimal("2.000"), service_from=date(2026, 5, 20),
                    service_through=date(2026, 5, 20), line_control_number=f"L{number}", source_start=0, source_stop=1,
                )
            )  # fmt: skip
        return claim_id

    def decide(
        self,
        claim_id: int,
        paid: int,
        *adjusted: Adjusted,
        on: date = FRIDAY,
        outcome: str | None = None,
        remarks: Sequence[str] = (),
        **other: object,
    ) -> int:
        """Decide a claim of one line; what is neither paid nor adjusted is written off. The decision's id."""
        with self.warehouse.begin() as conn:
            charge = conn.execute(
                text("select charge_cents from claim where claim_id = :id"), {"id": claim_id}
            ).scalar_one()
            sequence = conn.execute(text("select count(*) + 1 from decision where claim_id = :id"), {"id": claim_id})
            rest = charge - paid - sum(cents for _, _, cents in adjusted)
            lines = [*adjusted, *([("CO", "45", rest)] if rest else [])]
            outcome = outcome or ("paid" if paid else "denied")
            values = {
                "claim_id": claim_id,
                "sequence": sequence.scalar_one(),
                "outcome": outcome,
                "pend_reason": "NO_PRICE" if outcome == "pended" else None,
                "decided_at": datetime.combine(on, time(16), UTC),
                "decided_on": on,
                "rules_bundle": "bundle",
                "plan_id": "gold",
                "claim_status_code": None if outcome == "pended" else "1",
                "charge_cents": charge,
                "allowed_cents": paid,
                "paid_cents": paid,
                "patient_responsibility_cents": sum(cents for group, _, cents in lines if group == "PR"),
                "explanation": [],
            }
            values.update(other)
            decision = _insert(conn, claims.decision, "decision_id", **values)
            conn.execute(update(claims.claim).where(claims.claim.c.claim_id == claim_id).values(state=outcome))
            if outcome == "pended" or values["claim_status_code"] == "void":
                return decision
            line = {"decision_id": decision, "line_number": 1}
            conn.execute(
                insert(claims.decision_line).values(**line, charge_cents=charge, allowed_cents=paid, paid_cents=paid)
            )
            for group, reason, cents in lines:
                row = {**line, "group_code": group, "reason_code": reason, "amount_cents": cents}
                conn.execute(insert(claims.adjustment).values(**row))
            for remark in remarks:
                conn.execute(insert(claims.decision_remark).values(**line, remark_code=remark))
        return decision

    def correct(self, original: int, *, frequency: str = "7", version: int = 2, **other: object) -> int:
        """A correction that takes the place of its original; its id."""
        with self.warehouse.begin() as conn:
            family = conn.execute(
                text("select family_id from claim where claim_id = :id"), {"id": original}
            ).scalar_one()
            state = "voided" if frequency == "8" else "replaced"
            conn.execute(update(claims.claim).where(claims.claim.c.claim_id == original).values(version_state=state))
        number = next(self.serial)
        numbers: dict[str, Any] = {"family_id": family, "version": version, "tracking_number": f"T{number:09d}"}
        return self.claim(frequency_code=frequency, original_claim_id=original, **{**numbers, **other})

    def _envelope(self, conn: Connection, file_id: int) -> int:
        place = {"ordinal": 1, "source_start": 0, "source_stop": 1}
        interchange = _insert(
            conn, intake.interchange, "interchange_id", file_id=file_id, sender_qualifier="ZZ", sender_id="S",
            receiver_qualifier="ZZ", receiver_id="R", control_number="000000001", version="00501", usage="P",
            acknowledgment_requested=False, ta1_code="A", ta1_note="000", **place,
        )  # fmt: skip
        group = _insert(
            conn, intake.functional_group, "group_key", interchange_id=interchange, functional_id="HC", sender="S",
            receiver="R", control_number="1", guide="005010X222A1", received_sets=1, accepted_sets=1, ak901="A",
            **place,
        )  # fmt: skip
        return _insert(
            conn, intake.transaction_set, "set_key", group_key=group, transaction="837", control_number="0001",
            guide="005010X222A1", segments=9, ik501="A", **place,
        )  # fmt: skip


def _insert(conn: Connection, table: Table, key: str, **values: object) -> int:
    return int(conn.execute(insert(table).values(**values).returning(table.c[key])).scalar_one())


def _delivery() -> Delivery:
    return Delivery(
        partner="clearinghouse_one",
        remote_path="in/claims.x12",
        remote_size=1,
        remote_mtime=NOON,
        sha256="raw",
        content_sha256="bare",
        size_bytes=1,
        arrived_at=NOON,
        received_date=NOON.date(),
        archive_path="2026/claims.x12",
        kind="837",
        usage="P",
    )
