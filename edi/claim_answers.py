"""What a 277CA is written from: the claims of a file, which of them were accepted, and what was found in the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    import pyarrow as pa

PLACE = ("interchange", "functional_group", "transaction_set")
"""Ordinals of the set that a claim came in."""
CLAIM_COLUMNS = (
    *PLACE,
    "row",
    "source_start",
    "kind",
    "batch_reference",
    "submitter_entity_type",
    "submitter_name",
    "submitter_first_name",
    "submitter_id",
    "billing_entity_type",
    "billing_name",
    "billing_first_name",
    "billing_npi",
    "billing_tin",
    "patient_last_name",
    "patient_first_name",
    "subscriber_id",
    "patient_control_number",
    "charge_cents",
    "facility_code",
    "frequency_code",
    "clearinghouse_trace",
    "service_from",
    "service_through",
)
"""Of the claims as sent."""
LINE_COLUMNS = (
    "parent_row",
    "line_number",
    "procedure_qualifier",
    "procedure_code",
    "modifier_1",
    "modifier_2",
    "modifier_3",
    "modifier_4",
    "revenue_code",
    "charge_cents",
    "quantity",
    "line_control_number",
    "service_from",
    "service_through",
)
"""Of their lines."""


@dataclass(frozen=True, slots=True)
class ClaimAnswers:
    """The claims of a file that were received, in the order of the file."""

    claims: pa.Table
    """CLAIM_COLUMNS, and claim_number (null where the claim is rejected) and tracking_number (of corrections)."""
    found: pa.Table
    """What rejects them: row, line_number and statuses of `edi.claim_screening.found_schema`."""
    lines: pa.Table
    """LINE_COLUMNS of the claims; those of claims without findings are not looked at."""
    received_date: date

    def interchanges(self) -> frozenset[int]:
        """Ordinals of the interchanges with claims."""
        return frozenset(self.claims["interchange"].unique().to_pylist())

    def of(self, interchange: int) -> ClaimAnswers:
        """Those of one interchange."""
        import pyarrow.compute as pc  # noqa: PLC0415 - the command line must start without Arrow

        claims = self.claims.filter(pc.equal(self.claims["interchange"], interchange))
        return ClaimAnswers(claims, self.found, self.lines, self.received_date)


def received_claims(tables: Mapping[str, pa.Table]) -> pa.Table:
    """The claims of a file's accepted sets: those that are taken in, and those refused for their syntax after them."""
    return _with_refused(tables, "claim", "refused_claim")


def received_lines(tables: Mapping[str, pa.Table]) -> pa.Table:
    """Their lines, likewise, with the numbers that the warehouse gives them."""
    from edi.claim_line_numbers import with_numbers  # noqa: PLC0415 - as above

    return with_numbers(_with_refused(tables, "claim_line", "refused_line"))


def _with_refused(tables: Mapping[str, pa.Table], taken: str, refused: str) -> pa.Table:
    import pyarrow as pa  # noqa: PLC0415 - as above

    rows = tables[taken]
    return rows if refused not in tables else pa.concat_tables([rows, tables[refused].select(rows.column_names)])


def claim_answers(
    tables: Mapping[str, pa.Table], answered: pa.Table, found: pa.Table, received_date: date
) -> ClaimAnswers:
    """The answers to the claims of a file's tables that the warehouse answered.

    Args:
        tables: those of `parsers.claims_837`.
        answered: row, claim_number and tracking_number of each claim that was taken in or rejected.
        found: what the edits found in them.
        received_date: when the file arrived at the plan.
    """
    import pyarrow as pa  # noqa: PLC0415 - as above
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    claims = received_claims(tables).select(CLAIM_COLUMNS)
    place = pc.index_in(claims["row"], answered["row"])
    for name in ("claim_number", "tracking_number"):
        claims = claims.append_column(name, pc.take(answered[name], place))
    claims = claims.filter(pc.is_valid(place)).sort_by("source_start")
    rejecting = found.filter(pc.equal(found["severity"], "reject")).select(["row", "line_number", "statuses"])
    with_findings = pa.chunked_array([rejecting["row"].unique()])
    lines = received_lines(tables).select(LINE_COLUMNS)
    return ClaimAnswers(
        claims, rejecting, lines.filter(pc.is_in(lines["parent_row"], with_findings.combine_chunks())), received_date
    )
