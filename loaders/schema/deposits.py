"""What the plan's bank was told to pay, and what it said of it."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from loaders.schema.metadata import cents, instant, metadata, surrogate_key

deposit_file = Table(
    "deposit_file",
    metadata,
    surrogate_key("deposit_file_id"),
    Column("remittance_run_id", BigInteger, ForeignKey("remittance_run.remittance_run_id"), nullable=False),
    Column("outbox_id", BigInteger, ForeignKey("outbox.outbox_id"), nullable=False, unique=True),
    Column("kind", Text, nullable=False, comment="DEPOSIT (ACH entries) or CHECK_REGISTER"),
    Column("partner", Text, nullable=False, comment="the bank"),
    Column("created_on", Date, nullable=False, comment="plan-local day"),
    Column("file_of_the_day", Integer, nullable=False, comment="from 0; the file id modifier, A to Z and 0 to 9"),
    Column("effective_on", Date, nullable=False, comment="BPR16: the day on which the money moves"),
    cents("total_cents"),
    Column("last_sequence", BigInteger, comment="of its last entry; empty of a check register"),
    UniqueConstraint("remittance_run_id", "kind"),
    UniqueConstraint("partner", "kind", "created_on", "file_of_the_day"),
    CheckConstraint("kind in ('DEPOSIT', 'CHECK_REGISTER')", name="kind"),
    comment="Files by which a run's payments are made",
)

deposit_payment = Table(
    "deposit_payment",
    metadata,
    surrogate_key("deposit_payment_id"),
    Column("deposit_file_id", BigInteger, ForeignKey("deposit_file.deposit_file_id"), nullable=False, index=True),
    Column("remittance_id", BigInteger, ForeignKey("remittance.remittance_id"), nullable=False),
    Column(
        "registry_version",
        BigInteger,
        ForeignKey("provider_registry.registry_version"),
        nullable=False,
        comment="where the payee's account was read",
    ),
    Column(
        "reissue_of",
        BigInteger,
        ForeignKey("deposit_payment.deposit_payment_id"),
        unique=True,
        comment="the returned payment that it makes again",
    ),
    Column("entry_sequence", BigInteger, unique=True, comment="of ACH entries, over all files; empty of a check"),
    Column("entry_trace", Text, comment="our bank's eight digits and the last seven of the sequence; empty of a check"),
    cents("amount_cents"),
    Index(
        "uq_deposit_payment_first",
        "remittance_id",
        unique=True,
        postgresql_where=text("reissue_of is null"),
    ),
    Index("ix_deposit_payment_entry_trace", "entry_trace"),
    Index("ix_deposit_payment_remittance_id", "remittance_id"),
    comment="Payments as the bank was told them; made again only where a return allows it",
)

deposit_notice = Table(
    "deposit_notice",
    metadata,
    surrogate_key("deposit_notice_id"),
    Column("file_id", BigInteger, ForeignKey("file.file_id"), nullable=False),
    Column("record", Integer, nullable=False, comment="of the bank's file, from 1"),
    Column("deposit_payment_id", BigInteger, ForeignKey("deposit_payment.deposit_payment_id"), index=True),
    Column("kind", Text, nullable=False, comment="returned, changed (arrived; bank or account are wrong) or confirmed"),
    Column("reason_code", Text, nullable=False, comment="R01 to R85, C01 to C14; of a confirmation empty"),
    Column("entry_trace", Text, nullable=False, comment="of our entry, as the bank says"),
    cents("amount_cents"),
    Column("settled_on", Date, comment="effective entry date of the bank's batch"),
    Column("correction", Text, nullable=False, comment="what a change says should be used instead"),
    UniqueConstraint("file_id", "record"),
    CheckConstraint("kind in ('returned', 'changed', 'confirmed')", name="kind"),
    Index(
        "uq_deposit_notice_return",
        "deposit_payment_id",
        unique=True,
        postgresql_where=text("kind = 'returned'"),
    ),
    comment="What the bank said of payments; without a payment: nothing of ours is meant, somebody has to ask the bank",
)

deposit_reissue = Table(
    "deposit_reissue",
    metadata,
    Column(
        "deposit_payment_id",
        BigInteger,
        ForeignKey("deposit_payment.deposit_payment_id"),
        primary_key=True,
        autoincrement=False,
        comment="the returned one",
    ),
    instant("asked_at", nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("note", Text, comment="why"),
    Column("to_same_account", Boolean, nullable=False, comment="though the payee's account is the one that failed"),
    comment="Returned payments that somebody let be made again, with the next run; each once",
)
