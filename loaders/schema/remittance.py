"""Weekly remittances, stored as they were sent."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from loaders.schema.metadata import cents, instant, metadata, surrogate_key

remittance_run = Table(
    "remittance_run",
    metadata,
    surrogate_key("remittance_run_id"),
    Column("through_date", Date, nullable=False, unique=True, comment="last plan-local day whose decisions it settles"),
    instant("composed_at", nullable=False),
    comment="One row a weekly settlement",
)

remittance = Table(
    "remittance",
    metadata,
    surrogate_key("remittance_id"),
    Column("remittance_run_id", BigInteger, ForeignKey("remittance_run.remittance_run_id")),
    Column("payee_id", Text, nullable=False),
    Column("registry_version", BigInteger, nullable=False),
    Column("trace_number", Text, nullable=False, unique=True, comment="TRN02"),
    Column("payment_method", Text, nullable=False, comment="BPR04: ACH, CHK or NON"),
    cents("payment_cents"),
    Column("production_date", Date, nullable=False, comment="DTM*405"),
    Column("payment_date", Date, nullable=False, comment="BPR16"),
    Column(
        "import_id",
        BigInteger,
        ForeignKey("decision_import.import_id"),
        comment="of what an earlier system paid",
    ),
    UniqueConstraint("remittance_run_id", "payee_id"),
    CheckConstraint("payment_cents >= 0", name="payment_not_negative"),
    CheckConstraint("(remittance_run_id is null) = (import_id is not null)", name="composed_or_imported"),
    comment="One 835 transaction set: one payment to one payee; or what an earlier system paid a payee on a day",
)

remittance_claim = Table(
    "remittance_claim",
    metadata,
    surrogate_key("remittance_claim_id"),
    Column("remittance_id", BigInteger, ForeignKey("remittance.remittance_id"), nullable=False),
    Column("ordinal", Integer, nullable=False, comment="order in the 835; reversals stand before corrections"),
    Column("entry", Text, nullable=False, comment="payment or reversal"),
    Column("claim_id", BigInteger, ForeignKey("claim.claim_id"), nullable=False),
    Column("decision_id", BigInteger, ForeignKey("decision.decision_id"), nullable=False),
    Column("claim_number", Text, nullable=False, comment="CLP07"),
    Column("patient_control_number", Text, nullable=False, comment="CLP01"),
    Column("claim_status_code", Text, nullable=False, comment="CLP02"),
    cents("charge_cents"),
    cents("paid_cents"),
    cents("patient_responsibility_cents", nullable=True),
    Column(
        "interest_cents",
        BigInteger,
        nullable=False,
        server_default="0",
        comment="AMT*I, in exact cents; negative on a reversal",
    ),
    Column(
        "stands",
        Boolean,
        nullable=False,
        server_default=text("true"),
        comment="of a payment: false when it was taken back, or its claim was decided again and it will be",
    ),
    Column(
        "pooled_cents",
        BigInteger,
        nullable=False,
        server_default="0",
        comment="interest too little to be sent, owed to a pool; exact cents, negative on a reversal",
    ),
    Column("interest_rule", Text, comment="of remittance.interest, which said whether interest is owed"),
    Column("days_late", Integer, comment="beyond the days of the rule"),
    UniqueConstraint("decision_id", "entry"),
    UniqueConstraint("remittance_id", "ordinal"),
    CheckConstraint("entry in ('payment', 'reversal')", name="entry"),
    Index("ix_remittance_claim_claim_id", "claim_id"),
    Index(
        "uq_remittance_claim_standing",
        "claim_id",
        unique=True,
        postgresql_where=text("entry = 'payment' and stands"),
    ),
    comment="CLP loops as sent; one payment of a claim stands, which makes paying twice impossible",
)

remittance_service = Table(
    "remittance_service",
    metadata,
    Column("remittance_claim_id", BigInteger, ForeignKey("remittance_claim.remittance_claim_id"), primary_key=True),
    Column("line_number", Integer, primary_key=True),
    Column("procedure_qualifier", Text, nullable=False, comment="SVC01-1"),
    Column("procedure_code", Text, nullable=False, comment="SVC01-2"),
    Column("modifiers", Text, nullable=False, server_default="", comment="SVC01-3 to 6, joined by ':'"),
    Column("revenue_code", Text, comment="SVC04"),
    cents("charge_cents"),
    cents("paid_cents"),
    Column("units", Numeric(15, 3)),
    Column("service_from", Date),
    Column("service_through", Date),
    Column("line_control_number", Text, comment="REF*6R"),
    cents("allowed_cents", nullable=True),
    Column("remark_codes", Text, nullable=False, server_default="", comment="LQ*HE codes joined by ' '"),
    comment="SVC loops as sent",
)

remittance_adjustment = Table(
    "remittance_adjustment",
    metadata,
    Column("remittance_claim_id", BigInteger, ForeignKey("remittance_claim.remittance_claim_id"), primary_key=True),
    Column("line_number", Integer, primary_key=True),
    Column("group_code", Text, primary_key=True),
    Column("reason_code", Text, primary_key=True),
    cents("amount_cents"),
    comment="CAS amounts as sent; a reversal negates these, not a recomputation",
)
