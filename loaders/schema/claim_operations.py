"""What people did with claims that waited, and what was decided elsewhere."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from loaders.schema.metadata import cents, instant, metadata, surrogate_key

claim_action = Table(
    "claim_action",
    metadata,
    surrogate_key("action_id"),
    Column("claim_id", BigInteger, ForeignKey("claim.claim_id"), nullable=False, index=True),
    Column("action", Text, nullable=False, comment="assign, release, deny or price"),
    Column("pend_reason", Text, nullable=False, comment="why the claim waited; a release sets this and no other aside"),
    instant("acted_at", nullable=False),
    Column("acted_by", Text, nullable=False),
    Column("note", Text, comment="why"),
    Column("owner", Text, comment="whom it was assigned to; empty: back to the queue of its reason"),
    Column("group_code", Text, comment="of a denial: CO, PR, OA or PI"),
    Column("reason_code", Text, comment="of a denial: CARC"),
    Column("remark_codes", Text, comment="of a denial: RARCs with blanks between"),
    Column(
        "decision_id",
        BigInteger,
        ForeignKey("decision.decision_id"),
        comment="the decision that came of it; empty of an assignment",
    ),
    CheckConstraint("action in ('assign', 'release', 'deny', 'price')", name="action"),
    CheckConstraint("(action = 'deny') = (reason_code is not null)", name="denial_has_reason"),
    comment="What people did with claims that waited; rows are only added",
)

claim_action_price = Table(
    "claim_action_price",
    metadata,
    Column("action_id", BigInteger, ForeignKey("claim_action.action_id"), primary_key=True, autoincrement=False),
    Column("line_number", Integer, primary_key=True, autoincrement=False),
    cents("allowed_cents"),
    comment="Amounts that a person allowed for lines without a price",
)

decision_import = Table(
    "decision_import",
    metadata,
    surrogate_key("import_id"),
    Column("content_sha256", Text, nullable=False, unique=True, comment="of the decisions: a file is imported once"),
    Column("source_system", Text, nullable=False, comment="who decided"),
    Column("archive_path", Text, nullable=False, comment="the file, relative to the archive folder; write-once"),
    instant("imported_at", nullable=False),
    Column("imported_by", Text, nullable=False),
    Column("claims", Integer, nullable=False),
    cents("paid_cents"),
    cents("interest_cents"),
    comment="Files with decisions of an outside system, prior claims among them",
)

opening_import = Table(
    "opening_import",
    metadata,
    surrogate_key("opening_import_id"),
    Column("source_system", Text, nullable=False, comment="the earlier system"),
    Column("version", Integer, nullable=False, comment="of what came from the system; the highest holds"),
    Column("content_sha256", Text, nullable=False, comment="of the balances: a content is imported once"),
    Column("archive_path", Text, nullable=False, comment="the file, relative to the archive folder; write-once"),
    instant("imported_at", nullable=False),
    Column("imported_by", Text, nullable=False),
    Column("balances", Integer, nullable=False),
    Column("changed", Integer, nullable=False, comment="that the version before had with another amount"),
    Column("ended", Integer, nullable=False, comment="that only the version before had"),
    UniqueConstraint("source_system", "version"),
    UniqueConstraint("source_system", "content_sha256"),
    comment="Files with what members and families had used of their benefits under an earlier system",
)

opening_balance = Table(
    "opening_balance",
    metadata,
    Column("opening_import_id", BigInteger, ForeignKey("opening_import.opening_import_id"), primary_key=True),
    Column(
        "accumulator_id", BigInteger, ForeignKey("accumulator.accumulator_id"), primary_key=True, autoincrement=False
    ),
    Column("row_number", Integer, nullable=False, comment="in the file, from 1"),
    Column("amount", BigInteger, nullable=False, comment="used before: cents, visits or thousandths of units"),
    Index("ix_opening_balance_accumulator_id", "accumulator_id"),
    CheckConstraint("amount >= 0", name="amount_not_negative"),
    comment="What accumulators were opened with; of the newest version it is part of their amount",
)
