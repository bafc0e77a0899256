"""What the scanner found out about claims and lines (SNIP 3, 4 and 5), as edits: balances, codes, dates.

A finding of a claim is told on no 999: it refuses no set (`docs/business_checks.md`). Here it returns its claim.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from edi.finding_codes import CODES
from edi.findings import CODE_NUMBERS, FindingTable
from rules.front_end.edit import Edit

if TYPE_CHECKING:
    import pyarrow as pa

PLACE = ("interchange", "functional_group", "transaction_set")
STATUSES: Mapping[str, str] = MappingProxyType(
    {
        "CLAIM_CHARGE_IMBALANCE": "A7:400 A7:178",
        "CHARGE_NEGATIVE": "A7:178",
        "LINE_PAYER_IMBALANCE": "A7:672",
        "CLAIM_PAYER_IMBALANCE": "A7:672",
        "DIAGNOSIS_POINTER_INVALID": "A7:477",
        "DIAGNOSIS_VERSION_INVALID": "A7:700 A7:255",
        "DATE_RANGE_REVERSED": "A7:187",
        "NPI_INVALID": "A7:562",
        "DIAGNOSIS_INVALID": "A7:255",
        "INPATIENT_PROCEDURE_INVALID": "A7:454",
        "PROCEDURE_INVALID": "A7:454",
        "MODIFIER_INVALID": "A7:453",
        "REVENUE_CODE_INVALID": "A7:455",
        "BILL_TYPE_INVALID": "A7:228",
        "PATIENT_STATUS_INVALID": "A7:234",
        "NDC_INVALID": "A7:218",
        "DIAGNOSIS_UNKNOWN": "A7:255",
        "DIAGNOSIS_NOT_EFFECTIVE": "A7:255",
        "INPATIENT_PROCEDURE_UNKNOWN": "A7:454",
        "INPATIENT_PROCEDURE_NOT_EFFECTIVE": "A7:454",
        "PROCEDURE_UNKNOWN": "A7:454",
        "PROCEDURE_NOT_EFFECTIVE": "A7:454",
        "MODIFIER_UNKNOWN": "A7:453",
        "MODIFIER_NOT_EFFECTIVE": "A7:453",
        "REVENUE_CODE_UNKNOWN": "A7:455",
        "REVENUE_CODE_NOT_EFFECTIVE": "A7:455",
        "PLACE_OF_SERVICE_UNKNOWN": "A7:249",
        "PLACE_OF_SERVICE_NOT_EFFECTIVE": "A7:249",
        "PATIENT_STATUS_UNKNOWN": "A7:234",
        "PATIENT_STATUS_NOT_EFFECTIVE": "A7:234",
        "NDC_UNKNOWN": "A7:218",
        "NDC_NOT_EFFECTIVE": "A7:218",
    }
)
"""By finding code."""
ENTITY_WANTED = "NPI_INVALID"
"""Its status names whose NPI it is: NM101, where the 277CA knows it."""
ENTITIES = frozenset({"71", "72", "73", "77", "82", "DK", "DN", "DQ", "FA"})
ANY_PROVIDER = "1P"
LOOPS = ("23", "24")
"""Beginnings of the loops of a claim and its lines."""
LINE_LOOP = "24"

EDITS = tuple(
    Edit(code, CODES[code].meaning, statuses, CODES[code].snip, "docs/business_checks.md")
    for code, statuses in STATUSES.items()
)


def claim_findings(findings: FindingTable, tables: Mapping[str, pa.Table], severities: Mapping[str, str]) -> pa.Table:
    """The findings that lie in claims that are taken in: row of the claim, line_number, code and statuses.

    Each once a claim or line. `severities` are the partner's own; only an error returns a claim.

    Args:
        findings: of the whole file.
        tables: those of `parsers.claims_837`, in the order of the file.
        severities: by finding code, where the partner's differs.
    """
    import pyarrow as pa  # noqa: PLC0415 - the command line must start without Arrow

    schema = pa.schema({"row": pa.int64(), "line_number": pa.int64(), "edit": pa.string(), "statuses": pa.string()})
    names = [name for name in STATUSES if (severities.get(name) or CODES[name].severity) == "error"]
    if not len(findings) or not tables["claim"].num_rows:
        return schema.empty_table()
    wanted = np.isin(findings.column("code"), [CODE_NUMBERS[name] for name in names])
    loops = np.array(findings.texts, np.str_)[findings.column("loop")]
    wanted &= np.char.startswith(loops, LOOPS[0]) | np.char.startswith(loops, LOOPS[1])
    places = np.flatnonzero(wanted)
    claim_of = _claims_of(findings, places, tables)
    places, claim_of = places[claim_of >= 0], claim_of[claim_of >= 0]
    if not len(places):
        return schema.empty_table()
    starts = findings.column("source_start")[places]
    lines = _lines_of(starts, claim_of, np.char.startswith(loops[places], LINE_LOOP), tables["claim_line"])
    entities = _entities_of(starts, tables["claim_party"])
    codes = [findings[place].code for place in places.tolist()]
    rows = {
        (row, line, code, _statuses(code, entity)): None
        for row, line, code, entity in zip(claim_of.tolist(), lines, codes, entities, strict=True)
    }
    columns = list(zip(*rows, strict=True))
    return pa.Table.from_arrays(
        [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)], schema=schema
    )


def _statuses(code: str, entity: str) -> str:
    return (
        f"{STATUSES[code]}:{entity if entity in ENTITIES else ANY_PROVIDER}"
        if code == ENTITY_WANTED
        else (STATUSES[code])
    )


def _claims_of(
    findings: FindingTable, places: np.ndarray[tuple[int], np.dtype[np.int64]], tables: Mapping[str, pa.Table]
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The row of the claim that each finding lies in; -1 in one that is not taken in, or in another set."""
    claims = tables["claim"]
    refused = tables["refused_claim"]
    starts = np.concatenate([table["source_start"].to_numpy() for table in (claims, refused)])
    rows = np.concatenate([claims["row"].to_numpy(), np.full(refused.num_rows, -1)])
    order = np.argsort(starts, kind="stable")
    found = np.searchsorted(starts[order], findings.column("source_start")[places], "right") - 1
    claim_of = np.where(found >= 0, rows[order][np.maximum(found, 0)], -1)
    for name in PLACE:
        of_claims = claims[name].to_numpy()
        same = of_claims[np.maximum(claim_of, 0)] == findings.column(name)[places]
        claim_of = np.where(same, claim_of, -1)
    return claim_of.astype(np.int64)


def _lines_of(
    starts: np.ndarray[tuple[int], np.dtype[np.int64]],
    claim_of: np.ndarray[tuple[int], np.dtype[np.int64]],
    in_line: np.ndarray[tuple[int], np.dtype[np.bool_]],
    lines: pa.Table,
) -> list[int | None]:
    """The line number of each finding, None where it is about the claim."""
    if not lines.num_rows:
        return [None] * len(starts)
    found = np.searchsorted(lines["source_start"].to_numpy(), starts, "right") - 1
    parents = lines["parent_row"].to_numpy()[np.maximum(found, 0)]
    numbers = lines["line_number"].take(np.maximum(found, 0)).to_pylist()
    inside = in_line & (found >= 0) & (parents == claim_of)
    return [number if chosen else None for number, chosen in zip(numbers, inside.tolist(), strict=True)]


def _entities_of(starts: np.ndarray[tuple[int], np.dtype[np.int64]], parties: pa.Table) -> list[str]:
    """NM101 of the party in whose bytes each finding lies, empty where there is none."""
    begins, ends = parties["source_start"].to_numpy(), parties["source_stop"].to_numpy()
    if not len(begins):
        return [""] * len(starts)
    order = np.argsort(begins, kind="stable")
    found = order[np.maximum(np.searchsorted(begins[order], starts, "right") - 1, 0)]
    inside = (begins[found] <= starts) & (starts < ends[found])
    codes = parties["entity_code"].take(found).to_pylist()
    return [code or "" if chosen else "" for code, chosen in zip(codes, inside.tolist(), strict=True)]
