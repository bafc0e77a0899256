"""Files that wait for a person, and what the full rosters of a group said last."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
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
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from loaders.schema.metadata import instant, metadata, surrogate_key

hold = Table(
    "hold",
    metadata,
    surrogate_key("hold_id"),
    Column("file_id", BigInteger, ForeignKey("file.file_id"), nullable=False, index=True),
    Column("code", Text, nullable=False, comment="why, from pipeline's table of reasons"),
    Column(
        "facts", JSONB, nullable=False, comment="counts, days, and ids of our own configuration; no element's value"
    ),
    Column("set_references", ARRAY(Text), nullable=False, comment="BGN02 of its 834 sets; a re-submission names them"),
    instant("opened_at", nullable=False),
    instant("decided_at", comment="empty while it waits for a person"),
    Column("decided_by", Text, comment="who released or rejected the file"),
    Column("decision", Text, comment="released or rejected"),
    Column("note", Text, comment="what they had to say"),
    CheckConstraint("decision in ('released', 'rejected')", name="decision"),
    CheckConstraint(
        "(decision is null) = (decided_at is null) and (decision is null) = (decided_by is null)", name="decided_by_one"
    ),
    Index("ix_hold_open", "file_id", postgresql_where=text("decision is null")),
    comment="Why a file is not applied before a person says so, and what they said",
)

roster = Table(
    "roster",
    metadata,
    surrogate_key("roster_id"),
    Column("file_id", BigInteger, ForeignKey("file.file_id"), nullable=False),
    Column("group_id", Text, nullable=False, comment="employer group of config/"),
    Column("mode", Text, nullable=False, comment="verify or replace"),
    Column("as_of", Date, nullable=False, comment="DTP*007, else DTP*303, else BGN03"),
    Column("members", Integer, nullable=False, comment="rows that do not end coverage"),
    Column(
        "active", Integer, nullable=False, comment="members covered on that day in our books, before it was applied"
    ),
    Column("absent", Integer, nullable=False, comment="those of them that it lacks"),
    UniqueConstraint("file_id", "group_id"),
    CheckConstraint("mode in ('verify', 'replace')", name="mode"),
    Index("ix_roster_group_id_as_of", "group_id", "as_of"),
    comment="Full rosters that were applied, one row a file and group: the next one is measured by the newest",
)

absence = Table(
    "absence",
    metadata,
    Column("member_id", BigInteger, ForeignKey("member.member_id"), primary_key=True, autoincrement=False),
    Column("group_id", Text, nullable=False, index=True, comment="employer group of config/"),
    Column("rosters", Integer, nullable=False, comment="full rosters in a row without the member"),
    Column("first_as_of", Date, nullable=False, comment="as-of date of the first of them"),
    Column("last_as_of", Date, nullable=False, comment="as-of date of the last of them"),
    Column("file_id", BigInteger, ForeignKey("file.file_id"), nullable=False, comment="the last of them"),
    comment="Covered members whom the newest full roster of their group lacks",
)

resubmission = Table(
    "resubmission",
    metadata,
    Column("partner", Text, primary_key=True, comment="id of the trading partner in config/"),
    Column("original_reference", Text, primary_key=True, comment="BGN06: BGN02 of the set it stands for"),
    Column("created", Date, nullable=False, comment="BGN03 of the re-submission: what was made later is no original"),
    Column("file_id", BigInteger, ForeignKey("file.file_id"), nullable=False),
    comment="834 sets that were sent again (BGN01 = 15) and applied: an original that comes later is not",
)
