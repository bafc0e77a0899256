"""The warehouse schema, one module a subject; importing this package registers every table."""

from loaders.schema import (
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
    remittance,
    tuva,
)
from loaders.schema.metadata import metadata

__all__ = [
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
    "remittance",
    "tuva",
]
