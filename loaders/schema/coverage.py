"""What became of each row of an 834, and what its coverage leaves to be done."""

from __future__ import annotations

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
)

from loaders.schema.metadata import instant, metadata, source_range, surrogate_key

OUTCOMES = ("added", "changed", "ended", "reinstated", "unchanged", "compared", "refused", "held")

enrollment_outcome = Table(
    "enrollment_outcome",
    metadata,
    surrogate_key("outcome_id"),
    Column("file_id", BigInteger, ForeignKey("file.file_id"), nullable=False),
    Column("set_key", BigInteger, ForeignKey("transaction_set.set_key"), nullable=False),
    Column(
        "member_id",
        BigInteger,
        ForeignKey("member.member_id"),
        comment="empty when the row was refused for want of a member",
    ),
    Column("row", Integer, comment="member of the file, from 0; empty for one who was not sent, but ended"),
    Column("group_id", Text, comment="employer group of config/; empty when none was recognised"),
    Column("outcome", Text, nullable=False, comment=", ".join(OUTCOMES)),
    *source_range(),
    CheckConstraint("outcome in ({})".format(", ".join(f"'{one}'" for one in OUTCOMES)), name="outcome"),
    Index("ix_enrollment_outcome_file_id", "file_id", "row"),
    comment="What became of each member of an applied 834",
)

enrollment_group = Table(
    "enrollment_group",
    metadata,
    Column("group_id", Text, primary_key=True, comment="employer group of config/"),
    Column("name", Text, nullable=False, comment="what config/groups.yaml calls it"),
    Column("payer", Text, nullable=False, comment="what config/settings.yaml calls the payer"),
    comment="Names of the employer groups for which an 834 was applied, as of the last one",
)

unknown_plan = Table(
    "unknown_plan",
    metadata,
    Column("file_id", BigInteger, ForeignKey("file.file_id"), primary_key=True),
    Column("set_key", BigInteger, ForeignKey("transaction_set.set_key"), primary_key=True),
    Column("group_id", Text, primary_key=True, comment="employer group of config/"),
    Column("insurance_line", Text, primary_key=True, comment="HD03"),
    Column("plan_code", Text, primary_key=True, comment="HD04, empty when none was sent"),
    Column("members", Integer, nullable=False, comment="how many members were sent with it"),
    Column(
        "is_known_otherwise",
        Boolean,
        nullable=False,
        comment="it has a plan on other days, or in other divisions of the group",
    ),
    Column("places", ARRAY(BigInteger), nullable=False, comment="where the refused coverages stand in the file"),
    *source_range(),
    comment="Plan codes that the group's map lacks on the days sent; one finding each, at the first row that has it",
)

recovery_candidate = Table(
    "recovery_candidate",
    metadata,
    Column("claim_id", BigInteger, ForeignKey("claim.claim_id"), primary_key=True),
    Column("span_id", BigInteger, ForeignKey("coverage_span.span_id"), primary_key=True, comment="as it was before"),
    Column("file_id", BigInteger, ForeignKey("file.file_id"), primary_key=True, comment="file that took it away"),
    Column("lost_from", Date, nullable=False, comment="first day that is no longer covered"),
    instant("listed_at", nullable=False),
    comment="Claims that were paid for days whose coverage a later 834 took away; for a person, nothing is reversed",
)
