"""The warehouse schema, one module a subject; importing this package registers every table."""

from loaders.schema import claims, coverage, enrollment, intake, outbound, providers, remittance, tuva
from loaders.schema.metadata import metadata

__all__ = ["claims", "coverage", "enrollment", "intake", "metadata", "outbound", "providers", "remittance", "tuva"]
