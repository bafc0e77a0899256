"""What claims have to do with earlier claims: keys by which duplicates are found, and signs of a dispute."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Identity, Integer, Table, Text

from loaders.schema.metadata import metadata

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
