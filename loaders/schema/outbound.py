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
    Column("kind", Text, nullable=False, comment="TA1, 999, 835, EOP_PDF, EOP_CSV"),
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

number_series = Table(
    "number_series",
    metadata,
    Column("name", Text, primary_key=True, comment="for example isa:P, claim:26170, remittance"),
    Column("next_number", BigInteger, nullable=False, comment="the next one to draw"),
    comment="Series of our numbers without twins; drawn in the transaction that uses them, so a rollback returns them",
)
