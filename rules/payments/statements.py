"""Each payee's week as the values that an EOP is written from: its part of a run, and the claims that wait."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np

from edi.payment_run import WHOLE_CLAIM
from edi.remittance import (
    Adjustment,
    ClaimDetails,
    Payee,
    PendedClaim,
    Person,
    ProviderAdjustment,
    RefusedClaim,
    Remittance,
    RemittanceClaim,
    RemittanceService,
    RenderingProvider,
)

if TYPE_CHECKING:
    import pyarrow as pa

    from edi.payment_run import PaymentRun

Row = Mapping[str, Any]
MODIFIERS = ("modifier_1", "modifier_2", "modifier_3", "modifier_4")
CHILDREN = ("services", "adjustments", "remarks", "names")
"""Tables whose rows name a claim, as far as a statement tells of them."""
RETURNED = "What our 999 and 277CA say"
"""Why a claim was returned, where no edit found it."""
TOLD = ("payments", "claims", *CHILDREN, "provider_adjustments")
"""Tables of a run that statements are written from."""


@dataclass(frozen=True, slots=True)
class _Children:
    """What belongs to the claims of one payment, by claim."""

    rows: Mapping[str, Mapping[int, Sequence[Row]]] = field(default_factory=dict)

    def of(self, table: str, claim: int) -> Sequence[Row]:
        return self.rows[table].get(claim, ())


def remittances(run: PaymentRun) -> Iterator[Remittance]:
    """Every payment of the run with its claims, in order: as many at a time as one provider has."""
    bounds = _bounds(run.claims["payment"], run.payments.num_rows)
    starts = {name: _starts(getattr(run, name), run.claims.num_rows) for name in CHILDREN}
    settled = _by(run.provider_adjustments, "payment")
    for number, payment in enumerate(run.payments.to_pylist()):
        first, last = int(bounds[number]), int(bounds[number + 1])
        children = _Children(
            {
                name: _by(getattr(run, name).slice(at[first], at[last] - at[first]), "claim")
                for name, at in starts.items()
            }
        )
        rows = run.claims.slice(first, last - first).to_pylist()
        claims = tuple(_claim(row, place, children) for place, row in enumerate(rows, first))
        yield Remittance(
            payee=payee_of(payment),
            trace_number=payment["trace_number"],
            payment_method=payment["payment_method"],
            payment_cents=payment["payment_cents"],
            production_date=payment["production_date"],
            payment_date=payment["payment_date"],
            claims=claims,
            adjustments=tuple(
                ProviderAdjustment(row["reason_code"], row["reference"] or "", row["amount_cents"])
                for row in settled.get(number, ())
            ),
        )


def part_of(run: PaymentRun, first: int, last: int) -> PaymentRun:
    """The payments from `first` to before `last` as a run of their own, of the tables `TOLD`; the others are empty."""
    payments = np.array([first, last])
    begin, end = np.searchsorted(run.claims["payment"].to_numpy(), payments).tolist()
    parts = {
        "payments": run.payments.slice(first, last - first),
        "claims": _renumbered(run.claims.slice(begin, end - begin), "payment", first),
    }
    for name, by, bounds in (
        *((name, "claim", (begin, end)) for name in CHILDREN),
        ("provider_adjustments", "payment", (first, last)),
    ):
        table: pa.Table = getattr(run, name)
        start, stop = np.searchsorted(table[by].to_numpy(), np.array(bounds)).tolist()
        parts[name] = _renumbered(table.slice(start, stop - start), by, bounds[0])
    return replace(run, **parts, **{name: getattr(run, name).slice(0, 0) for name in _tables(run) if name not in parts})


def _tables(run: PaymentRun) -> list[str]:
    return [each.name for each in fields(run)]


def _renumbered(table: pa.Table, name: str, first: int) -> pa.Table:
    import pyarrow as pa  # noqa: PLC0415 - whoever has a run has loaded it

    numbers = pa.array(table[name].to_numpy() - first)
    return table.set_column(table.column_names.index(name), name, numbers)


def payee_of(row: Row) -> Payee:
    """The payee of a payment."""
    return Payee(**{name: row[name] for name in Payee.__dataclass_fields__})


def pended_by_payee(rows: Sequence[Row]) -> dict[str, tuple[PendedClaim, ...]]:
    """The claims that wait, in the order in which they came; `rows` are those of `loaders.payments_due`."""
    ordered = sorted(rows, key=lambda row: (row["payee_id"], row["received_date"], row["claim_number"]))
    return {
        payee: tuple(
            PendedClaim(payee, details_of(row, ()), row["charge_cents"], row["reason"], row["days"]) for row in of
        )
        for payee, of in groupby(ordered, itemgetter("payee_id"))
    }


def refused_by_payee(rows: Sequence[Row], words: Mapping[str, str]) -> dict[str, tuple[RefusedClaim, ...]]:
    """The claims that the front returned; `rows` are those of `loaders.statement_facts`, `words` those of each edit."""
    return {payee: tuple(_refused(row, words) for row in of) for payee, of in groupby(rows, itemgetter("payee_id"))}


def _refused(row: Row, words: Mapping[str, str]) -> RefusedClaim:
    found = zip(row["edits"] or (), row["statuses"] or (), strict=True)
    told = [f"{_sentence(words.get(edit, RETURNED))} ({', '.join(statuses.split())})." for edit, statuses in found]
    return RefusedClaim(
        payee_id=row["payee_id"],
        patient_control_number=row["patient_control_number"],
        patient=_person(row),
        member_number=row["identifier"] or "",
        received_date=row["received_date"],
        service_from=row["service_from"],
        service_through=row["service_through"],
        charge_cents=row["charge_cents"] or 0,
        frequency_code=row["frequency_code"],
        tracking_number=row["tracking_number"],
        reasons=tuple(dict.fromkeys(told)) or (f"{RETURNED}.",),
    )


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _bounds(numbers: pa.ChunkedArray, count: int) -> np.ndarray:
    return np.searchsorted(numbers.to_numpy(), np.arange(count + 1))


def _starts(table: pa.Table, count: int) -> list[int]:
    return [int(place) for place in _bounds(table["claim"], count)]


def _by(table: pa.Table, name: str) -> dict[int, list[Row]]:
    return {number: list(rows) for number, rows in groupby(table.to_pylist(), itemgetter(name))}


def _claim(row: Row, place: int, children: _Children) -> RemittanceClaim:
    adjusted = _by_line(children.of("adjustments", place))
    remarked = _by_line(children.of("remarks", place))
    return RemittanceClaim(
        entry=row["entry"],
        outcome=row["outcome"],
        details=details_of(row, children.of("names", place)),
        decision_id=row["decision_id"],
        status_code=row["status_code"],
        charge_cents=row["charge_cents"],
        paid_cents=row["paid_cents"],
        patient_responsibility_cents=row["patient_responsibility_cents"],
        services=tuple(
            _service(line, adjusted.get(line["line_number"], ()), remarked.get(line["line_number"], ()))
            for line in children.of("services", place)
        ),
        interest_cents=row["interest_cents"] or 0,
        interest_rule=row["interest_rule"] or "",
        days_late=row["days_late"],
        adjustments=_adjustments(adjusted.get(WHOLE_CLAIM, ())),
        remark_codes=_remarks(remarked.get(WHOLE_CLAIM, ())),
    )


def _adjustments(rows: Sequence[Row]) -> tuple[Adjustment, ...]:
    return tuple(Adjustment(row["group_code"], row["reason_code"], row["amount_cents"]) for row in rows)


def _remarks(rows: Sequence[Row]) -> tuple[str, ...]:
    return tuple(row["remark_code"] for row in rows)


def _by_line(rows: Sequence[Row]) -> dict[int, list[Row]]:
    return {line: list(of) for line, of in groupby(rows, itemgetter("line_number"))}


def _service(line: Row, adjusted: Sequence[Row], remarked: Sequence[Row]) -> RemittanceService:
    return RemittanceService(
        line_number=line["line_number"],
        procedure_qualifier=line["submitted_qualifier"] or line["procedure_qualifier"],
        procedure_code=line["submitted_code"] or line["procedure_code"],
        charge_cents=line["charge_cents"],
        paid_cents=line["paid_cents"],
        modifiers=tuple(line[name] for name in MODIFIERS if line[name]),
        revenue_code=line["revenue_code"],
        units=None if line["paid_units"] is None else Decimal(line["paid_units"]),
        service_from=line["service_from"],
        service_through=line["service_through"],
        line_control_number=line["line_control_number"],
        allowed_cents=line["allowed_cents"],
        remark_codes=_remarks(remarked),
        adjustments=_adjustments(adjusted),
    )


def details_of(row: Row, names: Sequence[Row]) -> ClaimDetails:
    """What identifies a claim; `names` as in the run, or none where the row itself names the patient."""
    known = {name["entity_code"]: name for name in names}
    patient = known.get("QC", row)
    subscriber, rendering = known.get("IL"), known.get("82")
    return ClaimDetails(
        claim_id=row["claim_id"],
        claim_number=row["claim_number"],
        patient_control_number=row["patient_control_number"],
        kind=row["kind"],
        facility_code=row["facility_code"],
        frequency_code=row["frequency_code"],
        filing_indicator=row["filing_indicator"] or "",
        patient=_person(patient),
        member_number=patient["identifier"] or "",
        member_known=row["member_known"],
        received_date=row["received_date"],
        service_from=row["service_from"],
        service_through=row["service_through"],
        subscriber=_person(subscriber) if subscriber else None,
        rendering=RenderingProvider(
            rendering["identifier"],
            rendering["entity_type"],
            rendering["last_name"] or "",
            rendering["first_name"] or "",
        )
        if rendering
        else None,
        original_claim_number=row["original_claim_number"],
        tracking_number=row["tracking_number"],
    )


def _person(row: Row) -> Person:
    return Person(row["last_name"] or "", row["first_name"] or "")
