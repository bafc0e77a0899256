"""The money of an 835, read from its bytes by two readers that know nothing of how it was written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from edi.money import to_cents
from edi.payment_run import VOID, WHOLE_CLAIM, PaymentRun
from edi.tables.reader import read_tables
from edi.tables.remittance import REMITTANCE_TABLES

Adjusted = tuple[str, str, int]
"""Group, reason and cents."""


@dataclass
class Service:
    """An SVC loop."""

    charge: int
    paid: int
    adjusted: list[Adjusted] = field(default_factory=list)


@dataclass
class Claim:
    """A CLP loop."""

    number: str
    status: str
    charge: int
    paid: int
    share: int
    interest: int = 0
    adjusted: list[Adjusted] = field(default_factory=list)
    services: list[Service] = field(default_factory=list)


@dataclass
class Money:
    """What an 835 pays, for what, and what is taken or added beside."""

    paid: int
    claims: list[Claim]
    provider: list[tuple[str, int]]


def as_a_stranger(content: bytes) -> Money:
    """Segment by segment under the usual separators, without any reader of ours."""
    found = Money(0, [], [])
    for name, *elements in (segment.split("*") for segment in content.decode("ascii").split("~")):
        claims = found.claims
        match name:
            case "BPR":
                found.paid = to_cents(elements[1])
            case "CLP":
                share = to_cents(elements[4]) if elements[4] else 0
                claims.append(Claim(elements[6], elements[1], to_cents(elements[2]), to_cents(elements[3]), share))
            case "SVC":
                claims[-1].services.append(Service(to_cents(elements[1]), to_cents(elements[2])))
            case "CAS":
                holder = claims[-1].services[-1] if claims[-1].services else claims[-1]
                triplets = zip(elements[1::3], elements[2::3], strict=False)
                holder.adjusted += [(elements[0], reason, to_cents(cents)) for reason, cents in triplets]
            case "AMT" if elements[0] == "I":
                claims[-1].interest = to_cents(elements[1])
            case "PLB":
                pairs = zip(elements[2::2], elements[3::2], strict=True)
                found.provider += [(reason.split(":")[0], to_cents(cents)) for reason, cents in pairs]
    return found


def as_we_read(content: bytes) -> Money:
    """By the tables in which we read the 835s of others."""
    _, tables = read_tables(content, REMITTANCE_TABLES)
    payment = tables["remittance"].to_pylist()[0]
    claims, services = tables["remittance_claim"].to_pylist(), tables["remittance_service"].to_pylist()
    found = [
        Claim(
            row["payer_claim_control_number"],
            row["status"],
            row["charge_cents"],
            row["payment_cents"],
            row["patient_responsibility_cents"] or 0,
        )
        for row in claims
    ]
    lines = [Service(row["charge_cents"], row["payment_cents"]) for row in services]
    for row, line in zip(services, lines, strict=True):
        found[row["parent_row"]].services.append(line)
    for row in tables["remittance_adjustment"].to_pylist():
        holder = found[row["parent_row"]] if row["service_row"] is None else lines[row["service_row"]]
        holder.adjusted.append((row["group_code"], row["reason_code"], row["amount_cents"]))
    for row in tables["remittance_amount"].to_pylist():
        if row["qualifier"] == "I":
            found[row["parent_row"]].interest = row["amount_cents"]
    provider = [
        (row["reason_code"], row["amount_cents"]) for row in tables["remittance_provider_adjustment"].to_pylist()
    ]
    return Money(payment["payment_cents"], found, provider)


def as_composed(run: PaymentRun, payment: int) -> Money:
    """What a run says of one of its payments."""
    found: dict[int, Claim] = {}
    for place, row in enumerate(run.claims.to_pylist()):
        if row["payment"] == payment and row["status_code"] != VOID:
            share = row["patient_responsibility_cents"] or 0
            found[place] = Claim(row["claim_number"], row["status_code"], row["charge_cents"], row["paid_cents"], share)
            found[place].interest = row["interest_cents"]
    lines: dict[tuple[int, int], Service] = {}
    for row in _of(run.services, found):
        line = lines[row["claim"], row["line_number"]] = Service(row["charge_cents"], row["paid_cents"])
        found[row["claim"]].services.append(line)
    for row in _of(run.adjustments, found):
        whole = row["line_number"] == WHOLE_CLAIM
        holder = found[row["claim"]] if whole else lines[row["claim"], row["line_number"]]
        holder.adjusted.append((row["group_code"], row["reason_code"], row["amount_cents"]))
    provider = [
        (row["reason_code"], row["amount_cents"])
        for row in run.provider_adjustments.to_pylist()
        if row["payment"] == payment
    ]
    return Money(run.payments["payment_cents"][payment].as_py(), list(found.values()), provider)


def _of(table: pa.Table, claims: dict[int, Claim]) -> list[dict[str, Any]]:
    return [row for row in table.to_pylist() if row["claim"] in claims]


def balances(money: Money) -> bool:
    """Do the three balances hold?"""
    of_services = all(
        line.charge - sum(cents for _, _, cents in line.adjusted) == line.paid
        for claim in money.claims
        for line in claim.services
    )
    of_claims = all(
        claim.charge == sum(line.charge for line in claim.services)
        and claim.paid == sum(line.paid for line in claim.services) - sum(cents for _, _, cents in claim.adjusted)
        for claim in money.claims
    )
    paid = sum(claim.paid for claim in money.claims) - sum(cents for _, cents in money.provider)
    return of_services and of_claims and paid == money.paid
