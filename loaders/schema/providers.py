"""The provider registry: who may bill, and who is paid how. Loaded from CSV, versioned."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, ForeignKey, Integer, Table, Text, UniqueConstraint

from loaders.schema.metadata import instant, metadata, surrogate_key

provider_registry = Table(
    "provider_registry",
    metadata,
    surrogate_key("registry_version"),
    Column("sha256", Text, nullable=False, comment="of the CSV files it was loaded from"),
    Column("providers", Integer, nullable=False),
    Column("payees", Integer, nullable=False),
    instant("loaded_at", nullable=False),
    comment="Versions of the provider registry; the newest is in force",
)

payee = Table(
    "payee",
    metadata,
    Column("registry_version", BigInteger, ForeignKey("provider_registry.registry_version"), primary_key=True),
    Column("payee_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("npi", Text, nullable=False),
    Column("tin", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("city", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("zip", Text, nullable=False),
    Column("remittance_partner", Text, nullable=False, comment="trading partner that receives the 835"),
    Column("statement_partner", Text, nullable=False, comment="trading partner that receives the EOP"),
    Column("payment_method", Text, nullable=False, comment="ACH or CHK"),
    Column("routing_number", Text),
    Column("account_number", Text),
    comment="Who is paid: pay-to name and address, EFT account, receiver of the 835",
)

provider = Table(
    "provider",
    metadata,
    surrogate_key("provider_key"),
    Column("registry_version", BigInteger, ForeignKey("provider_registry.registry_version"), nullable=False),
    Column("npi", Text, nullable=False),
    Column("tin", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("taxonomy", Text, nullable=False),
    Column("contract_from", Date, nullable=False),
    Column("contract_through", Date, comment="last day; empty = open"),
    Column("payee_id", Text, nullable=False),
    Column("network", Text, comment="network of the contract"),
    Column("fee_schedule", Text, comment="schedule of reference_fee by which it is paid; empty = the common one"),
    UniqueConstraint("registry_version", "npi", "tin", "contract_from"),
    comment="Billing providers by NPI and TIN, with the days of their contract",
)
