"""The EOP (explanation of payment) as PDF: a provider's week on paper, made to be read by a person.

The same statement always gives the same bytes: no clock, no random identifiers.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, SimpleDocTemplate, Spacer

from edi.remittance import PendedClaim, Remittance, RemittanceClaim, RemittanceService, Statement
from writers.eop_pages import (
    AMOUNT,
    BAND,
    BIG,
    BOTTOM,
    EXPLANATION,
    FRAME_PADDING,
    HEADING,
    MARGIN,
    MIDDLE_DOT,
    PAGE,
    QUIET,
    RIGHT,
    RULE,
    SENDER,
    SMALL,
    STRONG,
    STRONG_AMOUNT,
    TITLE,
    TITLE_OF_AMOUNT,
    TITLE_OF_COLUMN,
    TOP,
    WIDTH,
    Row,
    canvas_with,
    table,
    words,
)
from writers.reasons import next_step
from writers.settings import Payer
from writers.spreadsheet import printable
from writers.statement_words import (
    METHODS,
    Section,
    adjusted_cents,
    adjustment_rows,
    balance_of,
    balance_rows,
    corrects,
    days,
    heading_words,
    interest_words,
    money,
    person_name,
    procedure,
    reasons,
    remitted_sections,
    units,
)

LINE_TITLES = ("Line", "Date of service", "Service", "Units", "Charge", "Allowed", "Paid", "Patient owes", "Why")
LINE_WIDTHS = (26, 72, 78, 36, 62, 62, 62, 62)
"""Points; the reasons have the rest of the page."""
PENDED_TITLES = (
    "Claim",
    "Your account",
    "Patient and member",
    "Received",
    "Date of service",
    "Charge",
    "Days pended",
    "Next step",
)
PENDED_WIDTHS = (76, 86, 110, 58, 68, 62, 44)
SUMMARY_TITLES = ("", "Claims", "Charge", "Allowed", "Patient owes", "Paid")
SUMMARY_WIDTHS = (250, 60, 95, 95, 95)
SHORT_CLAIM_LINES = 6
"""A claim of no more lines is not torn apart by the end of a page."""
ROOM_FOR_A_START = 160
"""Points that a longer claim and its heading need at the foot of a page."""
REASONS_IN_A_ROW = 10
PENDED_ROWS = 40
"""Pended claims in one table: long tables take long to break into pages."""
TITLES_LINE = ("LINEBELOW", (0, 0), (-1, 0), 0.5, RULE)


def write_eop_pdf(statement: Statement, payer: Payer) -> bytes:
    """The statement as a PDF file.

    Raises:
        RemittanceUnbalanced, StatementDisagrees: its claims do not add up to its payment.
    """
    week = f"{statement.week_from} to {statement.week_through}"
    name = printable(statement.payee.name)
    sink = io.BytesIO()
    document = SimpleDocTemplate(
        sink,
        pagesize=PAGE,
        leftMargin=MARGIN - FRAME_PADDING,
        rightMargin=MARGIN - FRAME_PADDING,
        topMargin=TOP,
        bottomMargin=BOTTOM,
        title=f"Explanation of payment, week {week}",
        author=payer.name,
        lang="en",
        invariant=1,
    )
    number = f", payment {statement.remittance.trace_number}" if statement.remittance else ""
    canvas = canvas_with(
        _shortened(f"{name}, week {week}{number}"),
        _shortened(f"{payer.name} {MIDDLE_DOT} Explanation of payment {MIDDLE_DOT} week {week}"),
    )
    document.build(list(_story(statement, payer)), canvasmaker=canvas)
    return sink.getvalue()


def _story(statement: Statement, payer: Payer) -> Iterator[Flowable]:
    sections = remitted_sections(statement)
    yield from _letterhead(statement, payer)
    yield from _payment(statement)
    yield from _summary(statement, sections)
    yield from _notices(statement)
    yield from _adjustments(statement)
    for section in sections:
        yield from _section(section)
    yield from _pended(statement.pended)


def _letterhead(statement: Statement, payer: Payer) -> Iterator[Flowable]:
    sender: list[Flowable] = [
        words(payer.name, SENDER),
        words(f"{payer.address}, {payer.city}, {payer.state} {_zip(payer.zip_code)}"),
        words(f"{payer.business_contact_name}: {_phone(payer.business_contact_phone)} {MIDDLE_DOT} {payer.web_url}"),
    ]
    title: list[Flowable] = [
        words("Explanation of payment", TITLE),
        words(f"Week {statement.week_from} to {statement.week_through}", RIGHT),
    ]
    yield table([[sender, title]], (WIDTH * 0.6, WIDTH * 0.4))
    yield Spacer(1, 8)


def _payment(statement: Statement) -> Iterator[Flowable]:
    payee, remittance = statement.payee, statement.remittance
    left: list[Flowable] = [
        words("Paid to" if remittance else "Provider", TITLE_OF_COLUMN),
        words(payee.name, STRONG),
        words(payee.address),
        words(f"{payee.city}, {payee.state} {_zip(payee.zip)}"),
        words(f"NPI {payee.npi} {MIDDLE_DOT} TIN {payee.tin} {MIDDLE_DOT} Payee {payee.payee_id}", SMALL),
    ]
    if remittance:
        right: list[Flowable] = [
            words("Payment", TITLE_OF_COLUMN),
            words(f"${money(remittance.payment_cents)}", BIG),
            words(f"{METHODS[remittance.payment_method]}, number {remittance.trace_number}", STRONG),
            words(_when(remittance)),
        ]
    else:
        right = [
            words("Payment", TITLE_OF_COLUMN),
            words("No payment this week", BIG),
            words("No claim was paid or denied this week."),
        ]
    box = ("BOX", (0, 0), (-1, -1), 0.75, RULE), ("LINEBEFORE", (1, 0), (1, 0), 0.75, RULE)
    space = ("TOPPADDING", (0, 0), (-1, -1), 6), ("BOTTOMPADDING", (0, 0), (-1, -1), 6)
    yield table([[left, right]], (WIDTH / 2, WIDTH / 2), *box, *space)


def _when(remittance: Remittance) -> str:
    made = f"Remittance made {remittance.production_date}"
    return f"{made}, payment date {remittance.payment_date}" if remittance.payment_cents else made


def _summary(statement: Statement, sections: Sequence[Section]) -> Iterator[Flowable]:
    """One row a section; those of the remittance add up to the payment."""
    rows = [_titles(SUMMARY_TITLES, amounts_from=1)]
    remittance = statement.remittance
    if remittance:
        rows += [_summary_row(section) for section in sections]
        if remittance.adjustments:
            adjusted = words(money(-adjusted_cents(remittance.adjustments)), AMOUNT)
            rows.append([words("Provider adjustments"), "", "", "", "", adjusted])
        total = f"Payment {remittance.trace_number}"
        rows.append([words(total, STRONG), "", "", "", "", words(money(remittance.payment_cents), STRONG_AMOUNT)])
    paid_rows = len(rows)
    if statement.pended:
        charge = sum(claim.charge_cents for claim in statement.pended)
        count, amount = words(str(len(statement.pended)), AMOUNT), words(money(charge), AMOUNT)
        rows.append([words("Pended claims (not in this payment)"), count, amount, "", "", ""])
    commands = [TITLES_LINE]
    if remittance:
        commands.append(("LINEABOVE", (0, paid_rows - 1), (-1, paid_rows - 1), 0.75, QUIET))
        commands.append(("LINEBELOW", (0, paid_rows - 1), (-1, paid_rows - 1), 0.75, QUIET))
    yield words("This week", HEADING)
    yield table(rows, (*SUMMARY_WIDTHS, WIDTH - sum(SUMMARY_WIDTHS)), *commands)


def _summary_row(section: Section) -> Row:
    totals = section.totals
    amounts = (totals.charge_cents, totals.allowed_cents, totals.patient_share_cents, totals.paid_cents)
    return [
        words(section.title),
        words(str(totals.claims), AMOUNT),
        *(words(money(amount), AMOUNT) for amount in amounts),
    ]


def _adjustments(statement: Statement) -> Iterator[Flowable]:
    rows: list[Row] = [
        [words(what), words(reference), words(money(cents), AMOUNT)]
        for what, reference, cents in (adjustment_rows(statement.remittance) if statement.remittance else ())
    ]
    balance = balance_of(statement)
    rows += [
        [words(what), "", words(money(cents), AMOUNT)] for what, cents in (balance_rows(balance) if balance else ())
    ]
    if rows:
        yield words("Provider adjustments", HEADING)
        yield table(rows, (400, 200, WIDTH - 600))


def _notices(statement: Statement) -> Iterator[Flowable]:
    if statement.notices:
        yield words("Deadlines and disputes", HEADING)
        for notice in statement.notices:
            yield words(notice)


def _section(section: Section) -> Iterator[Flowable]:
    heading: list[Flowable] = [words(f"{section.title} ({len(section.claims)})", HEADING)]
    if section.explanation:
        heading.append(words(section.explanation, EXPLANATION))
    for claim in section.claims:
        block = [*heading, *_claim(claim)]
        if len(claim.services) <= SHORT_CLAIM_LINES:
            yield KeepTogether(block)
        else:
            yield CondPageBreak(ROOM_FOR_A_START)
            yield from block
        heading = []


def _claim(claim: RemittanceClaim) -> tuple[Flowable, ...]:
    """A band that says whose claim it is, then its lines and their sum."""
    rows: list[Row] = [[words(_band(claim), STRONG), *[""] * (len(LINE_TITLES) - 1)]]
    commands: list[tuple[object, ...]] = [("SPAN", (0, 0), (-1, 0)), ("BACKGROUND", (0, 0), (-1, 0), BAND)]
    if claim.services:
        rows.append(_titles(LINE_TITLES, amounts_from=3, amounts_through=7))
        for service in claim.services:
            rows += _line(service)
        rows.append(_total(claim))
        commands.append(("LINEABOVE", (4, -1), (7, -1), 0.5, QUIET))
    made = table(rows, (*LINE_WIDTHS, WIDTH - sum(LINE_WIDTHS)), *commands, repeat=min(2, len(rows) - 1))
    return made, Spacer(1, 5)


def _band(claim: RemittanceClaim) -> str:
    details = claim.details
    parts = [
        heading_words(claim),
        f"your account {printable(details.patient_control_number)}",
        f"patient {person_name(details.patient)}",
        f"member {printable(details.member_number)}" if details.member_number else "",
        f"received {details.received_date}",
        corrects(details),
        interest_words(claim),
    ]
    return f" {MIDDLE_DOT} ".join(part for part in parts if part)


def _line(service: RemittanceService) -> list[Row]:
    """A row, and others for reasons that would make it taller than a page."""
    allowed = "" if service.allowed_cents is None else money(service.allowed_cents)
    amounts = (money(service.charge_cents), allowed, money(service.paid_cents), money(service.patient_share_cents))
    why: list[Flowable] = [words(reason, SMALL) for reason in reasons(service)]
    first: Row = [
        words(str(service.line_number)),
        words(days(service.service_from, service.service_through), SMALL),
        words(printable(procedure(service))),
        words(units(service.units), AMOUNT),
        *(words(amount, AMOUNT) for amount in amounts),
        why[:REASONS_IN_A_ROW] or "",
    ]
    blanks: Row = [""] * (len(LINE_TITLES) - 1)
    more = range(REASONS_IN_A_ROW, len(why), REASONS_IN_A_ROW)
    return [first, *([*blanks, why[start : start + REASONS_IN_A_ROW]] for start in more)]


def _total(claim: RemittanceClaim) -> Row:
    services = claim.services
    allowed = sum(service.allowed_cents or 0 for service in services)
    share = sum(service.patient_share_cents for service in services)
    shown_allowed = money(allowed) if any(service.allowed_cents is not None for service in services) else ""
    amounts = (money(claim.charge_cents), shown_allowed, money(claim.paid_cents), money(share))
    return ["", "", words("Claim total", STRONG), "", *(words(amount, STRONG_AMOUNT) for amount in amounts), ""]


def _pended(pended: Sequence[PendedClaim]) -> Iterator[Flowable]:
    if not pended:
        return
    yield CondPageBreak(ROOM_FOR_A_START)
    yield words(f"Pended claims ({len(pended)})", HEADING)
    yield words("Not decided yet. They are on no remittance until they are.", EXPLANATION)
    rows = [_titles(PENDED_TITLES, amounts_from=5, amounts_through=6)]
    for claim in pended:
        details = claim.details
        correction = corrects(details)
        rows.append(
            [
                words(details.claim_number, STRONG),
                words(printable(details.patient_control_number)),
                [words(person_name(details.patient)), words(printable(details.member_number), SMALL)],
                words(details.received_date.isoformat(), SMALL),
                words(days(details.service_from, details.service_through), SMALL),
                words(money(claim.charge_cents), AMOUNT),
                words(str(claim.days), AMOUNT),
                words(next_step(claim.reason) + (f" ({correction})" if correction else ""), SMALL),
            ]
        )
    widths = (*PENDED_WIDTHS, WIDTH - sum(PENDED_WIDTHS))
    for start in range(1, len(rows), PENDED_ROWS):
        lines = ("LINEBELOW", (0, 0), (-1, -1), 0.25, RULE)
        chunk = rows[start : start + PENDED_ROWS]
        yield table([rows[0], *chunk] if start == 1 else chunk, widths, lines, repeat=1 if start == 1 else 0)


def _titles(titles: Sequence[str], amounts_from: int, amounts_through: int | None = None) -> Row:
    last = len(titles) - 1 if amounts_through is None else amounts_through
    return [
        words(title, TITLE_OF_AMOUNT if amounts_from <= place <= last else TITLE_OF_COLUMN)
        for place, title in enumerate(titles)
    ]


def _shortened(text: str, longest: int = 150) -> str:
    """For the page's edge, where nothing can wrap; the full text stands on the first page."""
    return text if len(text) <= longest else f"{text[: longest - 3]}..."


def _zip(code: str) -> str:
    """`061030001` as 06103-0001."""
    return f"{code[:5]}-{code[5:]}" if code[5:] else code


def _phone(number: str) -> str:
    """`8005550100` as 800-555-0100."""
    return f"{number[:3]}-{number[3:6]}-{number[6:]}"
