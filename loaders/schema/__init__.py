"""The warehouse schema, one module a subject; importing this package registers every table."""

from loaders.schema import (
    accumulators,
    claim_answers,
    claim_details,
    claim_operations,
    claims,
    coverage,
    enrollment,
    holds,
    intake,
    member_details,
    outbound,
    providers,
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
    "enrollment",
    "holds",
    "intake",
    "member_details",
    "metadata",
    "outbound",
    "providers",
    "remittance",
    "tuva",
]
