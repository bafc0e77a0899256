"""What the 277CA says of claims: batches, and what the edits at the front found."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text

from loaders.schema.metadata import cents, metadata

claim_edit = Table(
    "claim_edit",
    metadata,
    Column("claim_id", BigInteger, ForeignKey("claim.claim_id"), primary_key=True, autoincrement=False),
    Column("ordinal", Integer, primary_key=True, autoincrement=False, comment="order in the claim, from 1"),
    Column("line_number", Integer, comment="service line, empty for the claim"),
    Column("edit", Text, nullable=False, comment="id of the edit, in docs/edits.md"),
    Column("severity", Text, nullable=False, comment="reject or report"),
    Column(
        "statuses",
        Text,
        nullable=False,
        comment="STC01, STC10 and STC11 with blanks between, each as category:status:entity",
    ),
    CheckConstraint("severity in ('reject', 'report')", name="severity"),
    comment="What the edits at the front found in claims; those that reject are the statuses of the 277CA",
)

claim_batch = Table(
    "claim_batch",
    metadata,
    Column("set_key", BigInteger, ForeignKey("transaction_set.set_key"), primary_key=True, autoincrement=False),
    Column("submitter_id", Text, comment="1000A NM109"),
    Column("reference", Text, comment="BHT03, which the 277CA repeats"),
    Column("is_test", Boolean, nullable=False, comment="ISA15 = T"),
    Column("claims", Integer, nullable=False, comment="received"),
    cents("charge_cents"),
    Column("rejected", Integer, nullable=False, comment="of these"),
    cents("rejected_cents"),
    Index("ix_claim_batch_submitter_id_reference", "submitter_id", "reference"),
    comment="Accepted 837 sets with what the 277CA counts: claims received = accepted + rejected",
)
