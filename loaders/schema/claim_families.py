"""What claims have to do with earlier claims: keys by which duplicates are found, and signs of a dispute."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    text,
)

from loaders.schema.metadata import instant, metadata, surrogate_key

bill_key = Table(
    "bill_key",
    metadata,
    Column("claim_id", BigInteger, primary_key=True, autoincrement=False, comment="a claim that was looked at"),
    Column(
        "line_number",
        Integer,
        primary_key=True,
        autoincrement=False,
        comment="line of a professional or dental claim; 0 for an institutional one",
    ),
    Column("key", BigInteger, nullable=False, index=True, comment="hash of what bills must share to be compared"),
    Column("ordinal", BigInteger, Identity(), nullable=False, comment="order in which claims were looked at"),
    comment="Keys of all claims with a known member that adjudication has looked at, by which duplicates are found",
)

claim_dispute = Table(
    "claim_dispute",
    metadata,
    Column("claim_id", BigInteger, ForeignKey("claim.claim_id"), primary_key=True, autoincrement=False),
    Column("sign", Text, primary_key=True, comment="unchanged (denied as a dispute), or a note or attachment's number"),
    CheckConstraint("sign in ('unchanged', 'note', 'attachment')", name="sign"),
    comment="Claims that dispute a decision, or may: a note or attachment that speaks of an appeal is a suspicion",
)

provider_dispute = Table(
    "provider_dispute",
    metadata,
    surrogate_key("dispute_id"),
    Column("family_id", BigInteger, ForeignKey("claim_family.family_id"), nullable=False),
    Column("claim_id", BigInteger, ForeignKey("claim.claim_id"), nullable=False, comment="the version in dispute"),
    Column("reference", Text, nullable=False, unique=True, comment="number of the case where disputes are kept"),
    Column("channel", Text, nullable=False, comment="portal, paper or telephone"),
    Column("opened_on", Date, nullable=False, comment="the day on which it was received"),
    instant("opened_at", nullable=False, comment="when it was recorded here"),
    Column("opened_by", Text, nullable=False),
    Column("note", Text, comment="no personal data"),
    Column("outcome", Text, comment="upheld (the decision stands), overturned or withdrawn; empty while it is open"),
    instant("closed_at"),
    Column("closed_by", Text),
    Index("ix_provider_dispute_open", "family_id", postgresql_where=text("closed_at is null")),
    CheckConstraint("channel in ('portal', 'paper', 'telephone')", name="channel"),
    CheckConstraint("outcome in ('upheld', 'overturned', 'withdrawn')", name="outcome"),
    CheckConstraint("(closed_at is null) = (outcome is null)", name="closed_with_outcome"),
    comment="Disputes that came by portal, paper or telephone: while one is open, nothing corrects its claim by EDI",
)
