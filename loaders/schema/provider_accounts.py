"""Provider accounts: what a payment takes or adds that belongs to no claim of it."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, ForeignKey, Integer, Table, Text, UniqueConstraint

from loaders.schema.metadata import cents, instant, metadata, surrogate_key

provider_account_entry = Table(
    "provider_account_entry",
    metadata,
    surrogate_key("entry_id"),
    Column("payee_id", Text, nullable=False, comment="of the provider registry"),
    Column("reason_code", Text, nullable=False, comment="PLB03-1: WO, 72, LE, CS ..."),
    Column("reference", Text, nullable=False, comment="PLB03-2; with payee and reason it names the entry"),
    cents("amount_cents"),
    Column("due_from", Date, nullable=False, comment="first settlement that takes it along"),
    instant("recorded_at", nullable=False),
    UniqueConstraint("payee_id", "reason_code", "reference"),
    CheckConstraint("amount_cents <> 0", name="amount"),
    CheckConstraint("reason_code not in ('FB', 'L6')", name="reason"),
    comment="Withholdings, levies, recoveries and other bookings of payees, each settled once",
)

remittance_provider_adjustment = Table(
    "remittance_provider_adjustment",
    metadata,
    Column("remittance_id", BigInteger, ForeignKey("remittance.remittance_id"), primary_key=True),
    Column("ordinal", Integer, primary_key=True, comment="order in the 835, from 1"),
    Column("reason_code", Text, nullable=False, comment="PLB03-1"),
    Column("reference", Text, nullable=False, server_default="", comment="PLB03-2; of FB the trace number it is about"),
    cents("amount_cents"),
    Column(
        "entry_id",
        BigInteger,
        ForeignKey("provider_account_entry.entry_id"),
        unique=True,
        comment="the entry that it settles",
    ),
    CheckConstraint("amount_cents <> 0", name="amount"),
    comment="PLB pairs as sent; positive takes money away",
)
