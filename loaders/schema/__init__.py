"""The warehouse schema, one module a subject; importing this package registers every table."""

from loaders.schema import (
    accumulators,
    claim_answers,
    claim_details,
    claim_operations,
    claims,
    coverage,
    covered_provider,
    enrollment,
    history,
    holds,
    intake,
    member_details,
    outbound,
    providers,
    reference_data,
    remittance,
    tuva,
)
from loaders.schema.metadata import metadata

__all__ = [
    "accumulators",
    "claim_answers",
    "claim_details",
    "claim_operations",
    "claims",
    "coverage",
    "covered_provider",
    "enrollment",
    "history",
    "holds",
    "intake",
    "member_details",
    "metadata",
    "outbound",
    "providers",
    "reference_data",
    "remittance",
    "tuva",
]
