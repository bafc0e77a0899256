"""837P, 837I and 837D -> `claim_set`, `claim`, `claim_line`, `claim_diagnosis`, `claim_party`, and their details.

Sources are in `edi.tables.claim_intake`; the other tables are those of `parsers.claim_details`.

Derived here, since no single element says it:

- `kind`: P, I or D, from the guide.
- `patient_...`: of the dependant where there is a 2010CA, else of the subscriber; never mixed.
- `service_from` and `service_through` of a claim: the statement's (DTP 434) where there is one, else the first and
  the last day of its lines.
- dates, oral cavity areas and teeth of a line: `parsers.claim_lines`.
- `discharge_occurrence_date`: of occurrence code 42.
- `patient_death_date`, `patient_weight`, `patient_pregnant`: of the level (PAT) of that person.
- `ordinal` of diagnoses and parties, from 1 in each claim.

`refused_claim` and `refused_line` have the columns of `claim` and `claim_line`, of claims that are left out of sets
accepted with errors.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from edi.scan import Scan
from edi.verdict import FileVerdict
from parsers.accepted import accepted_sets, refused_ranges
from parsers.claim_batches import read_batches
from parsers.claim_details import Said, read_details
from parsers.claim_lines import complete_lines
from parsers.claim_rows import numbered

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
    "referral_number",
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
    "orthodontic_months",
    "orthodontic_months_remaining",
    "provider_signature",
    "accepts_assignment",
    "benefits_assigned",
    "release_of_information",
    "patient_signature_source",
    "related_cause_1",
    "related_cause_2",
    "accident_state",
    "accident_country",
    "special_program",
    "admission_type",
    "admission_source",
    "admitted_at",
    "discharged_at",
    "statement_from",
    "statement_through",
    "drg_code",
    "patient_paid_cents",
    "orthodontic_treatment",
    "group_number",
    "group_name",
    "insurance_type",
    "currency",
    "patient_relationship",
    "patient_death_date",
    "patient_weight",
    "patient_pregnant",
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
    "line_row",
    "other_coverage",
    "middle_name",
    "name_suffix",
    "provider_role",
    "taxonomy",
    "address_1",
    "address_2",
    "city",
    "state",
    "zip",
    "country",
    "country_subdivision",
    "birth_date",
    "gender",
)
PATIENT = ("last_name", "first_name", "birth_date", "gender", "death_date", "weight", "pregnant")


def read(scan: Scan, verdict: FileVerdict, tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """The tables of all accepted 837 sets of a file, empty where there are none; values as sent.

    `tables` are those of `edi.tables.claim_intake`, of the whole file. Tables of details without rows are left out.
    """
    from edi.tables.claim_intake import CLAIM_INTAKE  # noqa: PLC0415 - `edi --help` needs no Arrow
    from edi.tables.keep import keep_sets  # noqa: PLC0415 - as above

    accept, refused = accepted_sets(scan, verdict, KINDS), refused_ranges(verdict)
    extracted = keep_sets(tables, CLAIM_INTAKE, accept, refused)
    lines = complete_lines(extracted)
    claims = _claims(extracted, lines, scan)
    said = Said(extracted)
    return {
        **read_details(said),
        **read_batches(extracted),
        "claim": claims,
        "claim_line": lines,
        "claim_diagnosis": numbered(extracted["claim_diagnosis"]),
        "claim_party": _parties(said),
        **(
            _refused(keep_sets(tables, CLAIM_INTAKE, accept), refused, scan)
            if len(refused)
            else {"refused_claim": claims.slice(0, 0), "refused_line": lines.slice(0, 0)}
        ),
    }


def _refused(extracted: Mapping[str, pa.Table], ranges: NDArray[np.int64], scan: Scan) -> dict[str, pa.Table]:
    """Claims of accepted sets that are not taken, as far as they can be read, for the answer that returns them.

    Their rows count on from those of the claims that are taken.
    """
    import pyarrow as pa  # noqa: PLC0415 - as above
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    lines = complete_lines(extracted)
    claims = _claims(extracted, lines, scan)
    refused = claims.filter(pc.is_in(claims["source_start"], pa.array(ranges[:, 0], pa.int64())))
    first = claims.num_rows - refused.num_rows
    rows = pa.array(range(first, first + refused.num_rows), pa.int64())
    place = pc.index_in(lines["parent_row"], refused["row"])
    of_refused = pc.is_valid(place)
    lines, parents = lines.filter(of_refused), pc.take(rows, place.filter(of_refused))
    return {
        "refused_claim": refused.set_column(refused.schema.get_field_index("row"), "row", rows),
        "refused_line": lines.set_column(lines.schema.get_field_index("parent_row"), "parent_row", parents),
    }


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
    for name in PATIENT:
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


def _parties(said: Said) -> pa.Table:
    """Those above the claim first, from the billing provider down, then the claim's own as they stand in the file."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    parties = said.parties
    payers = parties.append_column("other_coverage", said.linked(parties, "other_coverage"))
    rows = payers.set_column(payers.schema.get_field_index("row"), "row", pa.array(range(len(payers)), pa.int64()))
    return rows.select((*PLACE, *PARTY_COLUMNS, *RANGE))
