"""What members and families have used up of their benefits."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, ForeignKey, Table, Text, UniqueConstraint

from loaders.schema.metadata import metadata, surrogate_key

benefit_family = Table(
    "benefit_family",
    metadata,
    surrogate_key("family_key"),
    Column("group_id", Text, nullable=False, comment="employer group of config/"),
    Column("subscriber_number", Text, nullable=False, comment="REF*0F"),
    UniqueConstraint("group_id", "subscriber_number"),
    comment="A subscriber and his dependants, who share deductibles; whoever decides their claims locks this row",
)

accumulator = Table(
    "accumulator",
    metadata,
    surrogate_key("accumulator_id"),
    Column("holder", Text, nullable=False, comment="member or family"),
    Column("holder_id", BigInteger, nullable=False, comment="member_id, or family_key of benefit_family"),
    Column("plan_id", Text, nullable=False, comment="plan of config/; empty = whatever plan the member is in"),
    Column(
        "counter",
        Text,
        nullable=False,
        comment="deductible, out_of_pocket, each also with _out_of_network, or limit: and the id of a coverage limit",
    ),
    Column("period_from", Date, nullable=False, comment="first day of the benefit year; 1900-01-01 for a lifetime"),
    Column("amount", BigInteger, nullable=False, comment="used so far: exact cents, visits or thousandths of units"),
    UniqueConstraint("holder", "holder_id", "plan_id", "counter", "period_from"),
    CheckConstraint("holder in ('member', 'family')", name="holder"),
    comment="How much of a deductible, out-of-pocket maximum or coverage limit is used",
)

accumulator_entry = Table(
    "accumulator_entry",
    metadata,
    Column("decision_id", BigInteger, ForeignKey("decision.decision_id"), primary_key=True),
    Column("accumulator_id", BigInteger, ForeignKey("accumulator.accumulator_id"), primary_key=True),
    Column("before", BigInteger, nullable=False, comment="amount before the decision"),
    Column("taken_back", BigInteger, nullable=False, comment="what the claim had used whose place this one takes"),
    Column("used", BigInteger, nullable=False, comment="what this one uses: after = before - taken_back + used"),
    comment="What each decision did to accumulators",
)
