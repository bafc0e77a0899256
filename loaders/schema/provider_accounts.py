"""Provider accounts: what a payment takes or adds that belongs to no claim of it."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, ForeignKey, Index, Integer, Table, Text, text

from loaders.schema.metadata import cents, instant, metadata, surrogate_key

provider_account_load = Table(
    "provider_account_load",
    metadata,
    surrogate_key("load_id"),
    Column("archive_path", Text, nullable=False, comment="the file, relative to the archive folder; write-once"),
    instant("loaded_at", nullable=False),
    Column("loaded_by", Text, nullable=False),
    Column("added", Integer, nullable=False, comment="entries that were new"),
    Column("changed", Integer, nullable=False, comment="open entries that it told anew"),
    comment="Files of provider accounts' entries that changed something",
)

provider_account_entry = Table(
    "provider_account_entry",
    metadata,
    surrogate_key("entry_id"),
    Column("payee_id", Text, nullable=False, comment="of the provider registry"),
    Column("reason_code", Text, nullable=False, comment="PLB03-1: WO, 72, LE, CS ..."),
    Column("reference", Text, nullable=False, comment="PLB03-2; with payee and reason it names an entry that was told"),
    cents("amount_cents"),
    Column("due_from", Date, nullable=False, comment="runs of this production date or a later one take it along"),
    instant("recorded_at", nullable=False),
    Column(
        "load_id",
        BigInteger,
        ForeignKey("provider_account_load.load_id"),
        comment="the file that told it last; empty where a run made it",
    ),
    Column(
        "remittance_claim_id",
        BigInteger,
        ForeignKey("remittance_claim.remittance_claim_id", ondelete="CASCADE"),
        unique=True,
        comment="the reversal whose money a run left with the payee until then",
    ),
    CheckConstraint("amount_cents <> 0", name="amount"),
    CheckConstraint("reason_code not in ('FB', 'L6')", name="reason"),
    CheckConstraint("(load_id is null) <> (remittance_claim_id is null)", name="loaded_or_left"),
    Index(
        "uq_provider_account_entry_told",
        "payee_id",
        "reason_code",
        "reference",
        unique=True,
        postgresql_where=text("load_id is not null"),
    ),
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
