"""Members and their bitemporal coverage."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import DATERANGE, ExcludeConstraint

from loaders.schema.metadata import instant, metadata, source_range, surrogate_key
from loaders.schema.person_columns import person_columns

member = Table(
    "member",
    metadata,
    surrogate_key("member_id"),
    *person_columns(),
    Column("maintenance_reason", Text, comment="INS04 of the row that last changed it"),
    instant("recorded_at", nullable=False, comment="since when it reads so; before that see member_past"),
    Column("file_id", BigInteger, ForeignKey("file.file_id"), nullable=False, comment="file that last changed it"),
    *source_range(),
    UniqueConstraint(
        "group_id",
        "subscriber_number",
        "birth_date",
        "first_name_key",
        "birth_sequence",
        name="uq_member_identity",
        postgresql_nulls_not_distinct=True,
    ),
    Index("ix_member_subscriber_number", "subscriber_number"),
    comment="Persons known from 834 files, as they are known now",
)

member_past = Table(
    "member_past",
    metadata,
    surrogate_key("past_id"),
    Column("member_id", BigInteger, ForeignKey("member.member_id"), nullable=False),
    *person_columns(),
    Column("maintenance_reason", Text, comment="INS04 of the row that last changed it"),
    instant("recorded_at", nullable=False, comment="when we came to know it"),
    instant("superseded_at", nullable=False, comment="when we came to know better"),
    Column("file_id", BigInteger, ForeignKey("file.file_id"), nullable=False, comment="file that said so"),
    Column("superseded_by", BigInteger, ForeignKey("file.file_id"), nullable=False, comment="file that said otherwise"),
    *source_range(),
    Index("ix_member_past_member_id", "member_id"),
    Index("ix_member_past_subscriber_number", "subscriber_number"),
    comment="What a member was known as before: the states that were superseded",
)

coverage_key = Table(
    "coverage_key",
    metadata,
    surrogate_key("coverage_key"),
    Column("member_id", BigInteger, ForeignKey("member.member_id"), nullable=False),
    Column("insurance_line", Text, nullable=False, comment="HD03"),
    UniqueConstraint("member_id", "insurance_line"),
    comment="One number for a member's line of insurance, so that spans can exclude each other by it",
)

cobra_premium = Table(
    "cobra_premium",
    metadata,
    surrogate_key("premium_id"),
    Column("member_id", BigInteger, ForeignKey("member.member_id"), nullable=False),
    Column("state", Text, nullable=False, comment="elected (INS04 = 09), not paid yet; paid (10)"),
    instant("recorded_at", nullable=False, comment="when we came to know it"),
    instant("superseded_at", comment="when we came to know better; empty while it is in force"),
    Column("file_id", BigInteger, ForeignKey("file.file_id"), nullable=False, comment="file that said so"),
    Column("superseded_by", BigInteger, ForeignKey("file.file_id"), comment="file that said otherwise"),
    *source_range(),
    CheckConstraint("state in ('elected', 'paid')", name="state"),
    Index("uq_cobra_premium_in_force", "member_id", unique=True, postgresql_where=text("superseded_at is null")),
    comment="Whether the premium of continued coverage is paid: while it is only elected, claims wait",
)

coverage_span = Table(
    "coverage_span",
    metadata,
    surrogate_key("span_id"),
    Column("coverage_key", BigInteger, ForeignKey("coverage_key.coverage_key"), nullable=False),
    Column("member_id", BigInteger, ForeignKey("member.member_id"), nullable=False),
    Column("insurance_line", Text, nullable=False, comment="HD03"),
    Column("plan_id", Text, nullable=False, comment="plan of config/, mapped from HD04"),
    Column("tier", Text, comment="HD05"),
    Column("is_cobra", Boolean, nullable=False, server_default=text("false"), comment="INS05 = C: continued coverage"),
    Column("cobra_event", Text, comment="INS07 of continued coverage"),
    Column(
        "continues_span_id",
        BigInteger,
        ForeignKey("coverage_span.span_id"),
        comment="span that COBRA coverage continues, as it was when this one was recorded",
    ),
    Column("valid", DATERANGE, nullable=False, comment="days covered, upper end exclusive, open when unbounded"),
    instant("recorded_at", nullable=False, comment="when we came to know it"),
    instant("superseded_at", comment="when we came to know better; empty while it is in force"),
    Column("file_id", BigInteger, ForeignKey("file.file_id"), nullable=False, comment="file that recorded it"),
    Column("superseded_by", BigInteger, ForeignKey("file.file_id"), comment="file that superseded it"),
    *source_range(),
    ExcludeConstraint(
        (text("int8range(coverage_key, coverage_key, '[]')"), "&&"),
        ("valid", "&&"),
        where=text("superseded_at is null"),
        using="gist",
        name="no_two_spans_at_once",
    ),
    CheckConstraint("not isempty(valid)", name="ends_after_it_begins"),
    CheckConstraint("superseded_at >= recorded_at", name="superseded_after_recorded"),
    CheckConstraint("(superseded_at is null) = (superseded_by is null)", name="superseded_by_a_file"),
    Index("ix_coverage_span_member_id", "member_id"),
    comment="Coverage in valid time and recorded time; a row is superseded, never changed",
)
