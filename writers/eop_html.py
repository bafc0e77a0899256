"""The EOP as one HTML page: the form for whoever reads with a screen reader, on a phone, or enlarged.

It says what the PDF says, in the same sections, words and totals.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from edi.remittance import RemittanceClaim, RemittanceService, Statement
from writers.html_page import facts, items, page, table, text, whole_days
from writers.reasons import pend_words
from writers.settings import Payer
from writers.statement_words import (
    METHODS,
    NOT_DECIDED,
    RETURNED,
    Section,
    adjusted_cents,
    adjustment_rows,
    allowed,
    balance_of,
    balance_rows,
    corrects,
    days,
    days_billed,
    heading_words,
    interest_words,
    money,
    patient_share,
    person_name,
    phone_words,
    procedure,
    reasons,
    refusal_words,
    remitted_sections,
    units,
    zip_words,
)

LINES = ("Line", "Date of service", "Service", "Units", "Charge", "Allowed", "Paid", "Patient owes", "Why")
LINE_AMOUNTS = range(3, 8)
PENDED = ("Claim", "Your account", "Patient", "Member", "Received", "Date of service", "Charge", "Days waiting")
PENDED_WORDS = ("Why it waits", "What you have to do")
REFUSED = ("Your account", "Patient", "Member", "Received", "Date of service", "Charge", "Why we returned it")
ADJUSTED, BALANCE = ("What", "Refers to", "Amount"), ("What", "Amount")
SUMMARY = ("Section", "Claims", "Charge", "Allowed", "Patient owes", "Paid")


def write_eop_html(statement: Statement, payer: Payer) -> bytes:
    """The statement as a page.

    Raises:
        RemittanceUnbalanced, StatementDisagrees: its claims do not add up to its payment.
    """
    sections = remitted_sections(statement)
    week = f"{statement.week_from} to {statement.week_through}"
    main = [
        *_summary(statement, sections),
        *_adjustments(statement),
        *_notices(statement),
        *(part for section in sections for part in _section(section)),
        *_pended(statement),
        *_refused(statement),
    ]
    return page(f"Explanation of payment, week {week}, {payer.name}", _head(statement, payer, week), main)


def _head(statement: Statement, payer: Payer, week: str) -> Iterator[str]:
    payee, remittance = statement.payee, statement.remittance
    yield f"<h1>Explanation of payment, week {text(week)}</h1>"
    contact = f"{payer.business_contact_name}, telephone {phone_words(payer.business_contact_phone)}, {payer.web_url}"
    yield f'<p class="quiet">{text(payer.name)}. Questions: {text(contact)}</p>'
    if remittance and remittance.payment_cents:
        paid = f"We pay ${money(remittance.payment_cents)}: {METHODS[remittance.payment_method]}"
        yield f'<p class="lead">{text(paid)}, number {text(remittance.trace_number)}.</p>'
    else:
        yield '<p class="lead">There is no payment this week.</p>'
    yield facts(
        [
            ("Paid to", f"{payee.name}, {payee.address}, {payee.city}, {payee.state} {zip_words(payee.zip)}"),
            ("NPI", payee.npi),
            ("TIN", payee.tin),
            ("Payment number", remittance.trace_number if remittance else ""),
            ("Remittance made", remittance.production_date.isoformat() if remittance else ""),
            ("Payment date", remittance.payment_date.isoformat() if remittance and remittance.payment_cents else ""),
        ]
    )


def _summary(statement: Statement, sections: Sequence[Section]) -> Iterator[str]:
    rows: list[tuple[str, ...]] = [_totals(section) for section in sections]
    totals: set[int] = set()
    if statement.remittance:
        if statement.remittance.adjustments:
            adjusted = money(-adjusted_cents(statement.remittance.adjustments))
            rows.append(("Provider adjustments", "", "", "", "", adjusted))
        totals.add(len(rows))
        payment = f"Payment {statement.remittance.trace_number}"
        rows.append((text(payment), "", "", "", "", money(statement.remittance.payment_cents)))
    if statement.pended:
        charge = sum(claim.charge_cents for claim in statement.pended)
        rows.append(("Pended claims, not in this payment", f"{len(statement.pended):,}", money(charge), "", "", ""))
    if statement.refused:
        charge = sum(refused.charge_cents for refused in statement.refused)
        rows.append(("Returned claims, not in this payment", f"{len(statement.refused):,}", money(charge), "", "", ""))
    yield "<h2>This week</h2>"
    yield table("Claims and amounts by section, in dollars", SUMMARY, rows, range(1, len(SUMMARY)), totals)


def _adjustments(statement: Statement) -> Iterator[str]:
    """What is not of the claims: interest, what is withheld or recovered, and balances from week to week."""
    remittance, balance = statement.remittance, balance_of(statement)
    adjusted = remittance.adjustments if remittance else ()
    if adjusted or balance:
        yield "<h2>Provider adjustments</h2>"
    if remittance and adjusted:
        rows = [(text(what), text(reference), money(cents)) for what, reference, cents in adjustment_rows(remittance)]
        rows.append(("Total", "", money(-adjusted_cents(adjusted))))
        yield table("What is added to the payment, or taken from it", ADJUSTED, rows, {2}, {len(rows) - 1})
    if balance:
        owed = [(text(what), money(cents)) for what, cents in balance_rows(balance)]
        yield table("The balance that you owe us", BALANCE, owed, {1}, {len(owed) - 1})


def _totals(section: Section) -> tuple[str, ...]:
    totals = section.totals
    amounts = (totals.charge_cents, totals.allowed_cents, totals.patient_share_cents, totals.paid_cents)
    return (text(section.title), f"{totals.claims:,}", *map(money, amounts))


def _notices(statement: Statement) -> Iterator[str]:
    if statement.notices:
        yield "<h2>Deadlines and disputes</h2>"
        yield from (f"<p>{text(notice)}</p>" for notice in statement.notices)


def _section(section: Section) -> Iterator[str]:
    yield f"<h2>{text(section.title)} ({len(section.claims):,})</h2>"
    if section.explanation:
        yield f'<p class="quiet">{text(section.explanation)}</p>'
    for claim in section.claims:
        yield from _claim(claim)


def _claim(claim: RemittanceClaim) -> Iterator[str]:
    details = claim.details
    number = heading_words(claim)
    yield f"<h3>{text(number)}</h3>"
    yield facts(
        [
            ("Your account", details.patient_control_number),
            ("Patient", person_name(details.patient)),
            ("Member", details.member_number),
            ("Received", details.received_date.isoformat()),
            ("Days billed", days_billed(details)),
            ("Correction", corrects(details)),
            ("Interest", interest_words(claim)),
        ]
    )
    if claim.services or claim.adjustments:
        rows = [_line(service) for service in claim.services]
        rows.append(_claim_total(claim))
        yield table(f"Lines of {number[0].lower()}{number[1:]}", LINES, rows, LINE_AMOUNTS, {len(rows) - 1})


def _line(service: RemittanceService) -> tuple[str, ...]:
    return (
        str(service.line_number),
        whole_days(days(service.service_from, service.service_through)),
        text(procedure(service)),
        units(service.units),
        money(service.charge_cents),
        "" if service.allowed_cents is None else money(service.allowed_cents),
        money(service.paid_cents),
        money(service.patient_share_cents),
        items(reasons(service)),
    )


def _claim_total(claim: RemittanceClaim) -> tuple[str, ...]:
    permitted = allowed(claim)
    amounts = (claim.paid_cents, patient_share(claim))
    shown = "" if permitted is None else money(permitted)
    return (
        *("Claim total", "", "", "", money(claim.charge_cents), shown),
        *map(money, amounts),
        items(reasons(claim)),
    )


def _pended(statement: Statement) -> Iterator[str]:
    if not statement.pended:
        return
    yield f"<h2>Pended claims ({len(statement.pended):,})</h2>"
    yield f'<p class="quiet">{text(NOT_DECIDED)}</p>'
    rows = []
    for claim in statement.pended:
        details = claim.details
        correction = corrects(details)
        why, to_do = pend_words(claim.reason)
        rows.append(
            (
                text(details.claim_number),
                text(details.patient_control_number),
                text(person_name(details.patient)),
                text(details.member_number),
                whole_days(details.received_date.isoformat()),
                whole_days(days(details.service_from, details.service_through)),
                money(claim.charge_cents),
                str(claim.days),
                text(f"{why} ({correction})" if correction else why),
                text(to_do),
            )
        )
    yield table("Claims that wait: how long, why, and what you have to do", (*PENDED, *PENDED_WORDS), rows, {6, 7})


def _refused(statement: Statement) -> Iterator[str]:
    if not statement.refused:
        return
    yield f"<h2>Returned claims ({len(statement.refused):,})</h2>"
    yield f'<p class="quiet">{text(RETURNED)}</p>'
    rows = [
        (
            text(claim.patient_control_number),
            text(person_name(claim.patient)),
            text(claim.member_number),
            whole_days(claim.received_date.isoformat()),
            whole_days(days(claim.service_from, claim.service_through)),
            money(claim.charge_cents),
            items(refusal_words(claim)),
        )
        for claim in statement.refused
    ]
    yield table("Claims that our 277CA returned, and why", REFUSED, rows, {5})
