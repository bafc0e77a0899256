"""What we send: the outbox and the series our own numbers are drawn from."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)

from loaders.schema.metadata import instant, metadata, surrogate_key

outbox = Table(
    "outbox",
    metadata,
    surrogate_key("outbox_id"),
    Column("partner", Text, nullable=False, comment="trading partner whose folder it goes to"),
    Column("folder", Text, nullable=False, comment="purpose: ack, out or reports; config/ maps it to a remote folder"),
    Column("file_name", Text, nullable=False, comment="final remote name; made of ids and dates only"),
    Column("kind", Text, nullable=False, comment="TA1, 999, 277CA, 835, EOP_PDF, EOP_CSV, DEPOSIT ..."),
    Column("content", LargeBinary, nullable=False, comment="the exact bytes; a re-send repeats them"),
    Column("sha256", Text, nullable=False),
    Column("file_id", BigInteger, ForeignKey("file.file_id"), comment="the inbound file that it answers"),
    Column("remittance_run_id", BigInteger, ForeignKey("remittance_run.remittance_run_id")),
    Column("state", Text, nullable=False, server_default="pending", comment="pending, sent or conflict"),
    Column("attempts", Integer, nullable=False, server_default="0", comment="deliveries tried"),
    Column("problem", Text, comment="why the last attempt failed"),
    instant("created_at", nullable=False),
    instant("sent_at"),
    UniqueConstraint("partner", "folder", "file_name"),
    CheckConstraint("state in ('pending', 'sent', 'conflict')", name="state"),
    Index("ix_outbox_state", "state", "outbox_id"),
    Index("ix_outbox_file_id", "file_id"),
    comment="Files to deliver; written with the work they answer, in one transaction",
)

outbox_group = Table(
    "outbox_group",
    metadata,
    Column("outbox_id", BigInteger, ForeignKey("outbox.outbox_id"), primary_key=True, autoincrement=False),
    Column("ordinal", Integer, primary_key=True, autoincrement=False, comment="in the file, from 1"),
    Column("interchange_control", Text, nullable=False, comment="our ISA13 without zeros before it"),
    Column("functional_id", Text, nullable=False, comment="our GS01: HN, HP, FA"),
    Column("control_number", Text, nullable=False, comment="our GS06 without zeros before it"),
    Index("ix_outbox_group_interchange_control", "interchange_control"),
    Index("ix_outbox_group_control_number", "control_number"),
    comment="The functional groups of files of the outbox, by which partners answer them",
)

outbox_resend = Table(
    "outbox_resend",
    metadata,
    surrogate_key("resend_id"),
    Column("outbox_id", BigInteger, ForeignKey("outbox.outbox_id"), nullable=False, index=True),
    instant("asked_at", nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("note", Text, comment="why"),
    instant("sent_before_at", comment="when it had been sent; empty where its name was taken"),
    comment="Files of the outbox that were sent again, always the same bytes",
)

partner_answer = Table(
    "partner_answer",
    metadata,
    Column("file_id", BigInteger, ForeignKey("file.file_id"), primary_key=True, autoincrement=False),
    Column("ordinal", Integer, primary_key=True, autoincrement=False, comment="in the file, from 1"),
    Column("kind", Text, nullable=False, comment="TA1 or 999"),
    Column("outbox_id", BigInteger, ForeignKey("outbox.outbox_id"), comment="what it answers; empty: nothing known"),
    Column("functional_id", Text, comment="AK101; empty of a TA1"),
    Column("control_number", Text, nullable=False, comment="TA101 or AK102, without zeros before it"),
    Column("code", Text, nullable=False, comment="TA104 or AK901: A and E accept"),
    Column("error_codes", Text, nullable=False, comment="TA105, or AK905 to AK909 with blanks between"),
    Column("refused_sets", Integer, nullable=False, comment="transaction sets (IK501) that were not accepted"),
    CheckConstraint("kind in ('TA1', '999')", name="kind"),
    Index("ix_partner_answer_outbox_id", "outbox_id"),
    comment="TA1 and 999 that partners sent for what we sent them",
)

number_series = Table(
    "number_series",
    metadata,
    Column("name", Text, primary_key=True, comment="for example isa:P, claim:26170, remittance"),
    Column("next_number", BigInteger, nullable=False, comment="the next one to draw"),
    comment="Series of our numbers without twins; drawn in the transaction that uses them, so a rollback returns them",
)
