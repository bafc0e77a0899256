"""Table 2 of 835s (005010X221A1): the loops 2000, 2100 and 2110 of all claims of a run.

Where each segment belongs follows the guide; domain.md 9.3 says what stands in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from edi.dates import format_date
from edi.money import from_cents
from edi.payment_run import VOID, WHOLE_CLAIM
from writers.remittance_columns import (
    COMPONENT,
    ELEMENT,
    Body,
    Column,
    composite,
    first_place,
    of_distinct,
    place,
    repeats,
    told,
)

if TYPE_CHECKING:
    import numpy.typing as npt

    from edi.payment_run import PaymentRun

    Integers = npt.NDArray[np.int64]

LEVEL, CLAIM, CLAIM_ADJUSTMENT, NAME, REMARK, CLAIM_REFERENCE, CLAIM_DATE, CLAIM_AMOUNT, CLAIM_QUANTITY = range(9)
"""Slots of loops 2000 and 2100, in the order of the guide."""
SERVICE, SERVICE_DATE, ADJUSTMENT, REFERENCE, AMOUNT, QUANTITY, SERVICE_REMARK = range(7)
"""Slots of loop 2110."""
REASONS_IN_A_CAS = 6
REMARKS_IN_A_MOA = 5
REMARKS_BEFORE_AMOUNTS, REMARKS_AFTER_AMOUNTS = 1, 4
"""MIA05, and MIA20 to MIA23."""
NO_DAYS = "0"
"""MIA01 of a stay of which no day is covered."""
COVERED_DAYS = "CA"
"""QTY01 of what MIA01 repeats."""
WITHOUT_ID = ("QC", "74", "GB")
"""NM101 of those who may stand without an id: patient, what we correct of a name, another payer's subscriber."""
NO_ACCOUNT = "0"
"""CLP01 of a claim that came without one."""
PROCEDURE_QUALIFIERS = ("AD", "ER", "HC", "HP", "IV", "N4", "N6", "NU", "UI", "WK")
USUAL_PROCEDURE = "HC"
NAME_LENGTH, FIRST_NAME_LENGTH, MIDDLE_NAME_LENGTH, SUFFIX_LENGTH = 60, 35, 25, 10
"""Longest NM103, NM104, NM105, NM107."""
CLAIM_ID_LENGTH, VALUE_LENGTH, CODE_LENGTH = 38, 50, 48
"""Longest CLP01, REF02, SVC01-2."""


class Bodies(NamedTuple):
    """The text of table 2 of every payment, one after the other."""

    text: bytes
    offsets: Integers
    """Where the body of each payment begins; one more at the end."""
    segments: Integers
    """How many segments each has."""
    places: Integers
    """Where each segment of all of them stands: what `writers.remittance_columns.place` gave it."""

    def of(self, payment: int) -> bytes:
        """One payment's."""
        return self.text[self.offsets[payment] : self.offsets[payment + 1]]

    def places_of(self, payment: int) -> Integers:
        """The place of each segment of one payment."""
        first = int(self.segments[:payment].sum())
        return self.places[first : first + int(self.segments[payment])]


def write_bodies(run: PaymentRun) -> Bodies:
    """Everything between the payee and the provider adjustments of every payment."""
    has_loop = pc.not_equal(run.claims["status_code"], VOID).to_numpy()
    body = Body(has_loop)
    _levels(body, run, has_loop)
    _claims(body, run)
    _services(body, run)
    _adjustments(body, run.adjustments)
    _remarks(body, run)
    _children(body, run)
    places, texts = body.sorted()
    payments = run.claims["payment"].to_numpy().astype(np.int64)
    starts = np.searchsorted(payments, np.arange(run.payments.num_rows + 1))
    bounds = np.searchsorted(places, first_place(starts.astype(np.int64)))
    at = np.frombuffer(texts.buffers()[1], np.int64, len(texts) + 1, texts.offset * 8)
    text = bytes(memoryview(texts.buffers()[2])[int(at[0]) : int(at[-1])]) if len(texts) else b""
    return Bodies(text, (at[bounds] - at[0]).astype(np.int64), np.diff(bounds).astype(np.int64), places)


def _levels(body: Body, run: PaymentRun, has_loop: npt.NDArray[np.bool_]) -> None:
    """LX before the first claim of each level, and TS3 and TS2 where it sums an institutional provider's bills."""
    claims = run.claims
    payment, level = (claims[name].to_numpy().astype(np.int64) for name in ("payment", "level"))
    shown = np.flatnonzero(has_loop)
    opens = shown[np.flatnonzero(np.diff(payment[shown], prepend=-1) | np.diff(level[shown], prepend=-1))]
    body.add(place(opens, LEVEL), "LX", pa.array(level[opens].astype(str)))
    levels = run.levels.filter(pc.is_valid(run.levels["provider_number"]))
    where = dict(zip(zip(payment[opens], level[opens], strict=True), opens, strict=True))
    pairs = zip(levels["payment"].to_pylist(), levels["level"].to_pylist(), strict=True)
    at = np.array([where[pair] for pair in pairs], np.int64)
    body.add(
        place(at, LEVEL, repeats=1),
        "TS3",
        told(levels["provider_number"], VALUE_LENGTH),
        told(levels["facility_code"], 2),
        _days(levels["period_end"]),
        pc.cast(levels["claims"], pa.string()),
        _cents(levels["charge_cents"]),
    )
    medicare = pc.is_valid(levels["discharges"])
    stays = levels.filter(medicare)
    body.add(
        place(at[medicare.to_numpy()], LEVEL, repeats=2),
        "TS2",
        *[""] * 10,
        pc.cast(stays["discharges"], pa.string()),
        "",
        stays["covered_days"],
        "",
        "",
        stays["average_weight"],
    )


def _claims(body: Body, run: PaymentRun) -> None:
    claims = run.claims
    share = claims["patient_responsibility_cents"]
    account = told(claims["patient_control_number"], CLAIM_ID_LENGTH)
    body.add(
        place(np.arange(claims.num_rows), CLAIM),
        "CLP",
        pc.fill_null(account, NO_ACCOUNT),
        claims["status_code"],
        _cents(claims["charge_cents"]),
        _cents(claims["paid_cents"]),
        pc.if_else(pc.greater(share, 0), _cents(share), pa.scalar(None, pa.string())),
        claims["filing_indicator"],
        claims["claim_number"],
        told(claims["facility_code"], 2, 1),
        told(claims["frequency_code"], 1, 1),
        "",
        told(claims["drg_code"], 4, 1),
        claims["drg_weight"],
        claims["discharge_fraction"],
    )


def _services(body: Body, run: PaymentRun) -> None:
    services = run.services
    claim, line = _claim_and_line(services)
    modifiers = (told(services[f"modifier_{number}"], 2, 2) for number in range(1, 5))
    submitted = told(services["submitted_code"], CODE_LENGTH)
    changed = pc.is_valid(submitted)
    closed = _closed(modifiers)
    code = told(services["procedure_code"], CODE_LENGTH)
    procedure = composite(_qualifiers(services["procedure_qualifier"]), code, pc.if_else(changed, "", closed))
    billed = composite(_qualifiers(services["submitted_qualifier"]), submitted, closed)
    body.add(
        place(claim, SERVICE, line),
        "SVC",
        procedure,
        _cents(services["charge_cents"]),
        _cents(services["paid_cents"]),
        told(services["revenue_code"], CODE_LENGTH),
        services["paid_units"],
        pc.if_else(changed, billed, ""),
        services["billed_units"],
    )
    begins, ends = services["service_from"], services["service_through"]
    is_range = pc.fill_null(pc.not_equal(begins, ends), False)  # noqa: FBT003 - Arrow's own way
    for qualifier, days, chosen in (
        ("472", begins, pc.and_(pc.is_valid(begins), pc.invert(is_range))),
        ("150", begins, is_range),
        ("151", ends, is_range),
    ):
        at = chosen.to_numpy()
        number = 1 if qualifier == "151" else 0
        body.add(place(claim[at], SERVICE_DATE, line[at], number), "DTM", qualifier, _days(days.filter(chosen)))


def _qualifiers(column: Column) -> Column:
    """Those that the guide knows; of another list of procedures nothing can be said."""
    known = pc.fill_null(pc.is_in(column, pa.array(PROCEDURE_QUALIFIERS)), False)  # noqa: FBT003 - Arrow's own way
    return pc.if_else(known, column, USUAL_PROCEDURE)


def _closed(modifiers: Iterable[Column]) -> Column:
    """Modifiers that are none are left out and the others move up, as the guide wants."""
    return pc.utf8_ltrim(pc.replace_substring_regex(composite(*modifiers), f"{COMPONENT}+", COMPONENT), COMPONENT)


def _adjustments(body: Body, adjustments: pa.Table) -> None:
    """One CAS a group, as long as its six places last; in order of the codes."""
    claim, line = _claim_and_line(adjustments)
    group = adjustments["group_code"]
    number = group.combine_chunks().dictionary_encode().indices.to_numpy().astype(np.int64)
    loop = (claim << 20) + (line << 4) + number
    nth = repeats(loop)
    opens = np.flatnonzero(nth % REASONS_IN_A_CAS == 0)
    triplets = pc.binary_join_element_wise(
        adjustments["reason_code"],
        _cents(adjustments["amount_cents"]),
        pc.fill_null(adjustments["quantity"], ""),
        pa.scalar(ELEMENT, pa.string()),
    ).combine_chunks()
    lists = pa.ListArray.from_arrays(pa.array(np.append(opens, len(nth)).astype(np.int32)), triplets)
    body.add(
        place(claim[opens], 0, line[opens], repeats((claim << 10)[opens] + line[opens]))
        + np.where(line[opens] == WHOLE_CLAIM, place(np.zeros(1, np.int64), CLAIM_ADJUSTMENT), _slot(ADJUSTMENT)),
        "CAS",
        group.take(pa.array(opens)),
        pc.binary_join(lists, ELEMENT),
    )


def _slot(slot: int) -> Integers:
    return place(np.zeros(1, np.int64), slot)


def _remarks(body: Body, run: PaymentRun) -> None:
    """LQ of a line; those of the whole claim in MIA of an inpatient bill, else in MOA (domain.md 8.1 rule 5)."""
    remarks = run.remarks
    claim, line = _claim_and_line(remarks)
    on_line = line != WHOLE_CLAIM
    chosen = remarks.filter(pa.array(on_line))
    at = claim[on_line], line[on_line]
    body.add(place(at[0], SERVICE_REMARK, at[1], repeats((at[0] << 10) + at[1])), "LQ", "HE", chosen["remark_code"])
    whole = claim[~on_line]
    nth = repeats(whole)
    codes = np.asarray(remarks["remark_code"].filter(pa.array(~on_line)).to_pylist(), dtype=object)
    inpatient = run.claims["is_inpatient"].fill_null(False).to_numpy()  # noqa: FBT003 - as above
    places = np.unique(whole)
    counted = run.quantities.filter(pc.equal(run.quantities["qualifier"], COVERED_DAYS))
    covered = dict(zip(counted["claim"].to_pylist(), counted["quantity"].to_pylist(), strict=True))
    columns: list[list[str | None]] = [[None] * len(places) for _ in range(REMARKS_IN_A_MOA)]
    for row, number, code in zip(np.searchsorted(places, whole).tolist(), nth.tolist(), codes.tolist(), strict=True):
        if number < REMARKS_IN_A_MOA:
            columns[number][row] = code
    for is_inpatient in (False, True):
        rows = np.flatnonzero(inpatient[places] == is_inpatient)
        if not len(rows):
            continue
        texts = [pa.array([column[row] for row in rows], pa.string()) for column in columns]
        days = pa.array([covered.get(claim, NO_DAYS) for claim in places[rows].tolist()], pa.string())
        elements: list[Column | str] = (
            ["MIA", days, "", "", "", texts[0], *[""] * 14, *texts[1:]] if is_inpatient else ["MOA", "", "", *texts]
        )
        body.add(place(places[rows], REMARK), *elements)


def _children(body: Body, run: PaymentRun) -> None:
    """NM1, REF, DTM, AMT and QTY of claims and lines."""
    writable = pc.is_valid(told(run.names["identifier"], 80, 2))
    names = run.names.filter(pc.or_(writable, pc.is_in(run.names["entity_code"], pa.array(WITHOUT_ID))))
    claim = names["claim"].to_numpy().astype(np.int64)
    identifier = told(names["identifier"], 80, 2)
    body.add(
        place(claim, NAME, 0, repeats(claim)),
        "NM1",
        names["entity_code"],
        names["entity_type"],
        told(names["last_name"], NAME_LENGTH),
        told(names["first_name"], FIRST_NAME_LENGTH),
        told(names["middle_name"], MIDDLE_NAME_LENGTH),
        "",
        told(names["suffix"], SUFFIX_LENGTH),
        pc.if_else(pc.is_valid(identifier), names["id_qualifier"], pa.scalar(None, pa.string())),
        identifier,
    )
    for table, segment, slots, value in (
        (run.references, "REF", (CLAIM_REFERENCE, REFERENCE), told(run.references["value"], VALUE_LENGTH)),
        (run.dates, "DTM", (CLAIM_DATE, SERVICE_DATE), _days(run.dates["day"])),
        (run.amounts, "AMT", (CLAIM_AMOUNT, AMOUNT), _cents(run.amounts["cents"])),
        (run.quantities, "QTY", (CLAIM_QUANTITY, QUANTITY), run.quantities["quantity"]),
    ):
        claim, line = _claim_and_line(table)
        slot = np.where(line == WHOLE_CLAIM, _slot(slots[0]), _slot(slots[1]))
        known = pc.is_valid(value).to_numpy()
        at = place(claim, 0, line, repeats((claim << 10) + line)) + slot
        body.add(at[known], segment, table["qualifier"].filter(pa.array(known)), value.filter(pa.array(known)))


def _claim_and_line(table: pa.Table) -> tuple[Integers, Integers]:
    claim, line = (table[name].to_numpy().astype(np.int64) for name in ("claim", "line_number"))
    return claim, line


def _cents(column: Column) -> Column:
    return of_distinct(column, from_cents)


def _days(column: Column) -> Column:
    return of_distinct(column, format_date)
