"""What the scanner found out about claims and lines (SNIP 3, 4 and 5), as edits: balances, codes, dates.

A finding of a claim is told on no 999: it refuses no set (`docs/business_checks.md`). Here it returns its claim.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from edi.finding_codes import CODES
from edi.findings import CODE_NUMBERS, FindingTable
from rules.front_end.edit import Edit
from rules.front_end.finding_statuses import STATUSES, Place, statuses_of

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Booleans = NDArray[np.bool_]

PLACE = ("interchange", "functional_group", "transaction_set")
HEALTH_INFORMATION = ("claim_diagnosis", "claim_information")
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
    codes = [findings[place].code for place in places.tolist()]
    stand = map(
        Place,
        _at(starts, [tables["claim_party"]], "entity_code"),
        _at(starts, [tables[name] for name in HEALTH_INFORMATION if name in tables], "qualifier"),
        findings.column("element")[places].tolist(),
        loops[places].tolist(),
        tables["claim"]["kind"].take(claim_of).to_pylist(),
    )
    rows = {
        (row, line, code, statuses_of(code, place)): None
        for row, line, code, place in zip(claim_of.tolist(), lines, codes, stand, strict=True)
    }
    columns = list(zip(*rows, strict=True))
    return pa.Table.from_arrays(
        [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)], schema=schema
    )


def _claims_of(findings: FindingTable, places: Integers, tables: Mapping[str, pa.Table]) -> Integers:
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
    starts: Integers,
    claim_of: Integers,
    in_line: Booleans,
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


def _at(starts: Integers, tables: Sequence[pa.Table], column: str) -> list[str]:
    """What the column says in the first row in whose bytes each finding lies, empty where there is none."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    begins, ends = (
        np.concatenate([np.zeros(0, np.int64), *(table[name].to_numpy() for table in tables)])
        for name in ("source_start", "source_stop")
    )
    if not len(begins):
        return [""] * len(starts)
    texts = pa.chunked_array([chunk for table in tables for chunk in table[column].chunks], pa.string())
    order = np.argsort(begins, kind="stable")
    last = np.searchsorted(begins[order], starts, "right") - 1
    first = np.searchsorted(begins[order], begins[order][np.maximum(last, 0)], "left")
    found = order[first]
    inside = (begins[found] <= starts) & (starts < ends[found])
    told = texts.take(pa.array(found)).to_pylist()
    return [text or "" if chosen else "" for text, chosen in zip(told, inside.tolist(), strict=True)]
