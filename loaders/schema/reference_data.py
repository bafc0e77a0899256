"""Reference data of adjudication, as the plan loaded it: each load is a version, the newest of a table is in force."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, Date, ForeignKey, Index, Integer, Table, Text
from sqlalchemy.types import TypeEngine

from edi.reference_data import TABLES, ColumnKind
from loaders.schema.metadata import instant, metadata, surrogate_key

reference_version = Table(
    "reference_version",
    metadata,
    surrogate_key("version_id"),
    Column("kind", Text, nullable=False, comment="which table"),
    Column("sha256", Text, nullable=False, comment="of the file that it was loaded from"),
    Column("rows", Integer, nullable=False),
    instant("loaded_at", nullable=False),
    Index("ix_reference_version_kind", "kind", "version_id"),
    comment="Loads of reference data; decisions name the versions that they used",
)

TYPES: dict[ColumnKind, type[TypeEngine[Any]]] = {
    "text": Text,
    "day": Date,
    "cents": BigInteger,
    "count": BigInteger,
    "basis_points": BigInteger,
}


def _reference(kind: str, *looked_up: str, or_by: str | None = None) -> Table:
    """The table of a kind of reference data, with an index on what it is looked up by, and on what else."""
    declared = TABLES[kind]
    name = f"reference_{kind}"
    return Table(
        name,
        metadata,
        surrogate_key("row_id"),
        Column("version_id", BigInteger, ForeignKey("reference_version.version_id"), nullable=False),
        *(
            Column(each.name, TYPES[each.kind], nullable=not each.required, comment=each.description)
            for each in declared.columns
        ),
        Index(f"ix_{name}_lookup", "version_id", *looked_up),
        *([] if or_by is None else [Index(f"ix_{name}_{or_by}", "version_id", or_by)]),
        comment=declared.description,
    )


reference_fee = _reference("fee", "procedure_code")
reference_code = _reference("code", "code_set", "code")
reference_service_rule = _reference("service_rule", "code")
reference_bundle = _reference("bundle", "bundled_code", or_by="procedure_code")
reference_unit_limit = _reference("unit_limit", "procedure_code")
reference_authorization_rule = _reference("authorization_rule", "procedure_code")
reference_authorization = _reference("authorization", "number")
reference_core_combination = _reference("core_combination", "reason_code")
reference_exclusion = _reference("exclusion", "procedure_code")
reference_rendering_provider = _reference("rendering_provider", "npi")
reference_coverage_policy = _reference("coverage_policy", "procedure_code")
reference_attachment_rule = _reference("attachment_rule", "procedure_code")
reference_attachment = _reference("attachment", "control_number")
