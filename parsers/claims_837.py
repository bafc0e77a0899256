"""837P, 837I and 837D -> `claim`, `claim_line`, `claim_diagnosis`, `claim_party`; sources in `edi.tables.claims`.

Derived here, since no single element says it:

- `kind`: P, I or D, from the guide.
- `patient_...`: of the dependant where there is a 2010CA, else of the subscriber; never mixed.
- `service_from` and `service_through` of a claim: the statement's (DTP 434) where there is one, else the first and
  the last day of its lines.
- dates, oral cavity areas and teeth of a line: `parsers.claim_lines`.
- `discharge_occurrence_date`: of occurrence code 42.
- `ordinal` of diagnoses and parties, from 1 in each claim.

`refused_claim` has the columns of `claim`, of claims that are left out of sets accepted with errors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from edi.scan import Scan
from edi.verdict import FileVerdict
from parsers.accepted import accepted_sets, refused_ranges
from parsers.claim_lines import complete_lines

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

KINDS = {"837P": "P", "837I": "I", "837D": "D"}
DISCHARGE = "42"
ORDINAL_BITS = 32
"""Two ordinals make one number."""
PLACE = ("interchange", "functional_group", "transaction_set", "row", "parent_row")
RANGE = ("source_start", "source_stop")
CLAIM_COLUMNS = (
    "kind",
    "batch_reference",
    "submitter_id",
    "submitter_entity_type",
    "submitter_name",
    "submitter_first_name",
    "patient_control_number",
    "charge_cents",
    "facility_code",
    "facility_qualifier",
    "frequency_code",
    "predetermination",
    "delay_reason",
    "payer_claim_control_number",
    "clearinghouse_trace",
    "prior_authorization",
    "filing_indicator",
    "payer_responsibility",
    "individual_relationship",
    "subscriber_id",
    "subscriber_last_name",
    "subscriber_first_name",
    "subscriber_birth_date",
    "patient_last_name",
    "patient_first_name",
    "patient_birth_date",
    "patient_gender",
    "payer_id",
    "billing_npi",
    "billing_tin",
    "billing_name",
    "billing_entity_type",
    "billing_first_name",
    "billing_taxonomy",
    "rendering_npi",
    "service_from",
    "service_through",
    "admission_date",
    "patient_status",
    "discharge_occurrence_date",
)
PARTY_COLUMNS = (
    "ordinal",
    "line_number",
    "loop",
    "entity_code",
    "entity_type",
    "last_or_organization_name",
    "first_name",
    "id_qualifier",
    "identifier",
)


def read(scan: Scan, verdict: FileVerdict, tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """The tables of all accepted 837 sets of a file, empty where there are none; values as sent.

    `tables` are those of `edi.tables.claims.CLAIM_INTAKE`, of the whole file.
    """
    from edi.tables.claims import CLAIM_INTAKE, SHARED_PARTY_LOOPS  # noqa: PLC0415 - `edi --help` needs no Arrow
    from edi.tables.keep import keep_sets  # noqa: PLC0415 - as above

    accept, refused = accepted_sets(scan, verdict, KINDS), refused_ranges(verdict)
    extracted = keep_sets(tables, CLAIM_INTAKE, accept, refused)
    lines = complete_lines(extracted)
    shared = [(loop, extracted[f"claim_party_{loop}"]) for loop in SHARED_PARTY_LOOPS]
    return {
        "claim": _claims(extracted, lines, scan),
        "claim_line": lines,
        "claim_diagnosis": _numbered(extracted["claim_diagnosis"]),
        "claim_party": _parties(extracted["claim_party"], shared),
        "refused_claim": _refused(
            keep_sets(tables, CLAIM_INTAKE, accept) if len(refused) else extracted, refused, scan
        ),
    }


def _refused(extracted: Mapping[str, pa.Table], ranges: NDArray[np.int64], scan: Scan) -> pa.Table:
    """Claims of accepted sets that are not taken, as far as they can be read, for the answer that returns them.

    Their rows count on from those of the claims that are taken.
    """
    import pyarrow as pa  # noqa: PLC0415 - as above
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    claims = _claims(extracted, complete_lines(extracted), scan)
    refused = claims.filter(pc.is_in(claims["source_start"], pa.array(ranges[:, 0], pa.int64())))
    first = claims.num_rows - refused.num_rows
    rows = pa.array(range(first, first + refused.num_rows), pa.int64())
    return refused.set_column(refused.schema.get_field_index("row"), "row", rows)


def _kinds(scan: Scan, claims: pa.Table) -> pa.Array:
    """P, I or D for each claim, by its functional group."""
    import numpy as np  # noqa: PLC0415 - as above
    import pyarrow as pa  # noqa: PLC0415 - as above

    groups = [
        (interchange.ordinal, group.ordinal, KINDS[group.guide.kind])
        for interchange in scan.interchanges
        for group in interchange.groups
        if group.guide is not None and group.guide.kind in KINDS
    ]
    keys = np.array([(interchange << ORDINAL_BITS) + group for interchange, group, _ in groups], np.int64)
    of_claims = (claims["interchange"].to_numpy().astype(np.int64) << ORDINAL_BITS) + claims[
        "functional_group"
    ].to_numpy()
    return pa.array([kind for *_, kind in groups], pa.string()).take(pa.array(np.searchsorted(keys, of_claims)))


def _claims(extracted: Mapping[str, pa.Table], lines: pa.Table, scan: Scan) -> pa.Table:
    import pyarrow as pa  # noqa: PLC0415 - as above
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    claims = extracted["claim"]
    derived = {"kind": _kinds(scan, claims)}
    dependant = pc.is_valid(claims["dependant"])
    for name in ("last_name", "first_name", "birth_date", "gender"):
        derived[f"patient_{name}"] = pc.if_else(dependant, claims[f"dependant_{name}"], claims[f"subscriber_{name}"])
    occurrences = extracted["claim_occurrence"]
    first_day = _of_each(claims, lines, "service_from", "min")
    last_day = _of_each(claims, lines, "service_through", "max")
    derived["service_from"] = pc.coalesce(claims["statement_from"], first_day)
    derived["service_through"] = pc.coalesce(claims["statement_through"], last_day)
    discharges = occurrences.filter(pc.equal(occurrences["code"], DISCHARGE))
    derived["discharge_occurrence_date"] = _of_each(claims, discharges, "day", "min")
    columns = (*PLACE, *CLAIM_COLUMNS, *RANGE)
    return pa.table({name: derived[name] if name in derived else claims[name] for name in columns})


def _of_each(claims: pa.Table, rows: pa.Table, column: str, function: str) -> pa.ChunkedArray:
    """The least or greatest value among the rows of each claim, in the order of the claims."""
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    found = rows.group_by("parent_row").aggregate([(column, function)])
    return found[f"{column}_{function}"].take(pc.index_in(claims["row"], found["parent_row"]))


def _numbered(rows: pa.Table) -> pa.Table:
    """With `row` counted anew and `ordinal`, from 1 in each parent; rows of one parent stand together."""
    import numpy as np  # noqa: PLC0415 - as above
    import pyarrow as pa  # noqa: PLC0415 - as above

    parents = rows["parent_row"].to_numpy()
    number = np.arange(len(parents))
    opens = np.concatenate(([True], parents[1:] != parents[:-1])) if len(parents) else np.array([], bool)
    ordinal = number - np.maximum.accumulate(np.where(opens, number, 0)) + 1
    place = len(PLACE)
    rows = rows.set_column(rows.schema.get_field_index("row"), "row", pa.array(number, pa.int64()))
    return rows.add_column(place, "ordinal", pa.array(ordinal, pa.int64()))


def _parties(own: pa.Table, shared: Sequence[tuple[str, pa.Table]]) -> pa.Table:
    """Those above the claim first, from the billing provider down, then the claim's own as they stand in the file."""
    import pyarrow as pa  # noqa: PLC0415 - as above
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    parts = []
    for rank, (loop, rows) in enumerate(shared):
        there = rows.filter(pc.is_valid(rows["entity_code"]))
        parts.append(
            there.append_column("loop", pa.repeat(pa.scalar(loop, pa.string()), len(there)))
            .append_column("line_number", pa.nulls(len(there), pa.int64()))
            .append_column("rank", pa.repeat(pa.scalar(rank, pa.int64()), len(there)))
        )
    parts.append(own.append_column("rank", pa.repeat(pa.scalar(len(shared), pa.int64()), len(own))))
    order = [("parent_row", "ascending"), ("rank", "ascending"), ("source_start", "ascending")]
    columns = ("rank", *PLACE, *PARTY_COLUMNS[1:], *RANGE)
    together = pa.concat_tables([part.select(columns) for part in parts]).sort_by(order)
    return _numbered(together.drop_columns("rank")).select((*PLACE, *PARTY_COLUMNS, *RANGE))
