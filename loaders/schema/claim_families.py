"""What tells bills that are alike from all others, in a table so narrow that all of history can be asked."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Identity, Integer, Table

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
