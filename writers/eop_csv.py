"""The EOP as CSV, for those who post by machine: the same claims, lines, amounts and reasons as the PDF.

One row a service line, and one without a line number for what a claim has as a whole, for a provider adjustment, and
for a pended, returned or voided claim. `paid` and `adjustment_amount` of all rows add up to `payment_amount`. UTF-8,
lines end in CR LF.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date

from edi.remittance import ClaimDetails, PendedClaim, RefusedClaim, RemittanceClaim, RemittanceService, Statement
from writers.reasons import pend_words, provider_adjustment_words
from writers.spreadsheet import safe
from writers.statement_words import (
    adjusted_cents,
    balance_of,
    patient_share,
    person_name,
    reasons,
    remitted_sections,
    units,
)

COLUMNS = (
    "week_from",
    "week_through",
    "payee_id",
    "payee_name",
    "payee_npi",
    "payment_number",
    "payment_method",
    "payment_date",
    "payment_amount",
    "payment_claims",
    "payment_interest",
    "payment_adjustments",
    "balance_before",
    "balance_after",
    "section",
    "claim_number",
    "corrects_claim_number",
    "tracking_number",
    "patient_control_number",
    "patient_name",
    "member_number",
    "received_date",
    "service_from",
    "service_through",
    "claim_charge",
    "claim_paid",
    "claim_interest",
    "interest_days_late",
    "interest_rule",
    "line_number",
    "line_control_number",
    "procedure_code",
    "modifiers",
    "revenue_code",
    "units",
    "line_service_from",
    "line_service_through",
    "charge",
    "allowed",
    "paid",
    "patient_share",
    "adjustments",
    "remark_codes",
    "reasons",
    "days_pended",
    "next_step",
    "adjustment_code",
    "adjustment_reference",
    "adjustment_amount",
)
Row = dict[str, str]


def write_eop_csv(statement: Statement) -> bytes:
    """The statement as a CSV file with a heading.

    Raises:
        StatementDisagrees: its claims do not add up to its payment.
    """
    sink = io.StringIO(newline="")
    writer = csv.writer(sink, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    usual = dict.fromkeys(COLUMNS, "") | _heading(statement)
    writer.writerows((usual | row).values() for row in _rows(statement))
    return sink.getvalue().encode("utf-8")


def _heading(statement: Statement) -> Row:
    payee, remittance = statement.payee, statement.remittance
    row = {
        "week_from": statement.week_from.isoformat(),
        "week_through": statement.week_through.isoformat(),
        "payee_id": payee.payee_id,
        "payee_name": safe(payee.name),
        "payee_npi": payee.npi,
    }
    if remittance:
        row["payment_number"] = remittance.trace_number
        row["payment_method"] = remittance.payment_method
        row["payment_date"] = remittance.payment_date.isoformat()
        row["payment_amount"] = _amount(remittance.payment_cents)
        row["payment_claims"] = _amount(sum(claim.paid_cents for claim in remittance.claims))
        row["payment_interest"] = _amount(remittance.interest_cents) if remittance.interest_cents else ""
        row["payment_adjustments"] = _amount(-adjusted_cents(remittance.adjustments)) if remittance.adjustments else ""
    if balance := balance_of(statement):
        row |= {"balance_before": _amount(balance.before_cents), "balance_after": _amount(balance.after_cents)}
    return row


def _rows(statement: Statement) -> Iterator[Row]:
    for section in remitted_sections(statement):
        for claim in section.claims:
            yield from _claim_rows(_section(section.name, claim), claim)
    for adjustment in statement.remittance.adjustments if statement.remittance else ():
        yield {
            "section": "provider adjustment",
            "adjustment_code": adjustment.reason_code,
            "adjustment_reference": safe(adjustment.reference),
            "adjustment_amount": _amount(-adjustment.amount_cents),
            "reasons": provider_adjustment_words(adjustment.reason_code, adjustment.amount_cents),
        }
    for pended in statement.pended:
        yield _pended_row(pended)
    for refused in statement.refused:
        yield _refused_row(refused)


def _section(name: str, claim: RemittanceClaim) -> str:
    return claim.outcome if claim.outcome in {"reversed", "void"} else name


def _claim_rows(section: str, claim: RemittanceClaim) -> Iterator[Row]:
    row = {
        "section": section,
        **_details(claim.details),
        "claim_charge": _amount(claim.charge_cents),
        "claim_paid": _amount(claim.paid_cents),
        "claim_interest": _amount(claim.interest_cents) if claim.interest_cents else "",
        "interest_days_late": str(claim.days_late) if claim.days_late else "",
        "interest_rule": safe(claim.interest_rule) if claim.interest_cents else "",
    }
    for service in claim.services:
        yield row | _service(service)
    if claim.adjustments or claim.remark_codes:
        yield row | _whole(claim)
    elif not claim.services:
        yield row


def _whole(claim: RemittanceClaim) -> Row:
    """What a claim has beside its lines."""
    services = claim.services
    share = patient_share(claim) - sum(service.patient_share_cents for service in services)
    return {
        "charge": _amount(claim.charge_cents - sum(service.charge_cents for service in services)),
        "paid": _amount(claim.paid_cents - sum(service.paid_cents for service in services)),
        "patient_share": _amount(share),
        **_reasons(claim),
    }


def _refused_row(refused: RefusedClaim) -> Row:
    return {
        "section": "returned",
        "tracking_number": refused.tracking_number or "",
        "patient_control_number": safe(refused.patient_control_number),
        "patient_name": safe(person_name(refused.patient)),
        "member_number": safe(refused.member_number),
        "received_date": refused.received_date.isoformat(),
        "service_from": _day(refused.service_from),
        "service_through": _day(refused.service_through),
        "claim_charge": _amount(refused.charge_cents),
        "reasons": safe(" ".join(refused.reasons)),
    }


def _pended_row(pended: PendedClaim) -> Row:
    why, to_do = pend_words(pended.reason)
    return {
        "section": "pended",
        **_details(pended.details),
        "claim_charge": _amount(pended.charge_cents),
        "days_pended": str(pended.days),
        "reasons": why,
        "next_step": to_do,
    }


def _details(details: ClaimDetails) -> Row:
    return {
        "claim_number": details.claim_number,
        "corrects_claim_number": details.original_claim_number or "",
        "tracking_number": details.tracking_number or "",
        "patient_control_number": safe(details.patient_control_number),
        "patient_name": safe(person_name(details.patient)),
        "member_number": safe(details.member_number),
        "received_date": details.received_date.isoformat(),
        "service_from": _day(details.service_from),
        "service_through": _day(details.service_through),
    }


def _service(service: RemittanceService) -> Row:
    is_revenue = service.procedure_qualifier == "NU"
    return {
        "line_number": str(service.line_number),
        "line_control_number": safe(service.line_control_number or ""),
        "procedure_code": "" if is_revenue else safe(service.procedure_code),
        "modifiers": safe(" ".join(service.modifiers)),
        "revenue_code": safe(service.procedure_code if is_revenue else service.revenue_code or ""),
        "units": units(service.units),
        "line_service_from": _day(service.service_from),
        "line_service_through": _day(service.service_through),
        "charge": _amount(service.charge_cents),
        "allowed": "" if service.allowed_cents is None else _amount(service.allowed_cents),
        "paid": _amount(service.paid_cents),
        "patient_share": _amount(service.patient_share_cents),
        **_reasons(service),
    }


def _reasons(told: RemittanceService | RemittanceClaim) -> Row:
    return {
        "adjustments": "; ".join(
            f"{item.group_code} {item.reason_code} {_amount(item.amount_cents)}" for item in told.adjustments
        ),
        "remark_codes": " ".join(told.remark_codes),
        "reasons": safe("; ".join(reasons(told))),
    }


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _amount(cents: int) -> str:
    """Always two decimals, no separators of thousands: `1234.50`."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole}.{rest:02d}"
