"""The one MetaData object and the column shapes that every table shares."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, DateTime, Identity, MetaData

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = MetaData(naming_convention=NAMING)


def surrogate_key(name: str) -> Column[int]:
    """A 64-bit key that PostgreSQL numbers."""
    return Column(name, BigInteger, Identity(), primary_key=True)


def instant(name: str, *, nullable: bool = True, comment: str | None = None) -> Column[object]:
    """A moment in UTC."""
    return Column(name, DateTime(timezone=True), nullable=nullable, comment=comment)


def cents(name: str, *, nullable: bool = False) -> Column[int]:
    """Money in exact cents."""
    return Column(name, BigInteger, nullable=nullable, comment="exact cents")


def source_range() -> tuple[Column[int], Column[int]]:
    """The byte range in the archived file that a row came from: [source_start, source_stop)."""
    return (
        Column("source_start", BigInteger, nullable=False, comment="first byte in the archived file"),
        Column("source_stop", BigInteger, nullable=False, comment="byte after the last one"),
    )
