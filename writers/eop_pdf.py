"""The EOP (explanation of payment) as PDF: a provider's week on paper, made to be read by a person.

The same statement always gives the same bytes: no clock, no random identifiers.
"""

from __future__ import annotations

from collections.abc import Sequence

from edi.remittance import PendedClaim, RefusedClaim, Remittance, Statement
from writers.eop_claims import write_section
from writers.paper import (
    BIG,
    BODY,
    COLUMN_TITLE,
    HEADING,
    LEFT,
    QUIET_TEXT,
    RIGHT,
    SMALL,
    STRONG,
    TITLE,
    TOP,
    Column,
    Paper,
    Style,
    Table,
    wrapped,
)
from writers.reasons import pend_words
from writers.settings import Payer
from writers.spreadsheet import printable
from writers.statement_words import (
    METHODS,
    NOT_DECIDED,
    RETURNED,
    Section,
    adjusted_cents,
    adjustment_rows,
    balance_of,
    balance_rows,
    corrects,
    days,
    money,
    person_name,
    phone_words,
    refusal_words,
    remitted_sections,
    zip_words,
)

MIDDLE = (LEFT + RIGHT) / 2
MIDDLE_DOT = "\u00b7"
BETWEEN = f" {MIDDLE_DOT} "
SENDER = Style(13, bold=True)
BELOW_BIG = ("", Style(3))
"""Some room."""
SUMMARY = Table(
    (
        Column("", LEFT, 330),
        Column("Claims", 330, 390, is_amount=True),
        Column("Charge", 390, 480, is_amount=True),
        Column("Allowed", 480, 570, is_amount=True),
        Column("Patient owes", 570, 660, is_amount=True),
        Column("Paid", 660, RIGHT, is_amount=True),
    )
)
ADJUSTMENTS = Table(
    (
        Column("What is added to the payment, or taken from it", LEFT, 430),
        Column("Refers to", 440, 660),
        Column("Amount", 660, RIGHT, is_amount=True),
    )
)
BALANCE = Table((Column("The balance that you owe us", LEFT, 640), Column("Amount", 660, RIGHT, is_amount=True)))
PENDED = Table(
    (
        Column("Claim", LEFT, 98, STRONG),
        Column("Your account", 102, 176),
        Column("Patient and member", 180, 286),
        Column("Received", 290, 334, SMALL),
        Column("Date of service", 338, 386, SMALL),
        Column("Charge", 386, 440, is_amount=True),
        Column("Days waiting", 444, 472, is_amount=True),
        Column("Why it waits", 482, 626, SMALL),
        Column("What you have to do", 632, RIGHT, SMALL),
    )
)
REFUSED = Table(
    (
        Column("Your account", LEFT, 126, STRONG),
        Column("Patient and member", 132, 282),
        Column("Received", 288, 336, SMALL),
        Column("Date of service", 342, 400, SMALL),
        Column("Charge", 400, 462, is_amount=True),
        Column("Why we returned it", 474, RIGHT, SMALL),
    )
)
ROOM_FOR_A_START = 90
"""Points that a heading wants under it at the foot of a page: itself, column titles and a row."""


def write_eop_pdf(statement: Statement, payer: Payer) -> bytes:
    """The statement as a PDF file.

    Raises:
        StatementDisagrees: its claims and provider adjustments do not come to its payment.
    """
    week = f"{statement.week_from} to {statement.week_through}"
    number = f", payment {statement.remittance.trace_number}" if statement.remittance else ""
    paper = Paper(
        head=f"{statement.payee.name}, week {week}{number}",
        foot=BETWEEN.join((payer.name, "Explanation of payment", f"week {week}")),
    )
    sections = remitted_sections(statement)
    _letterhead(paper, statement, payer)
    _payment(paper, statement)
    _summary(paper, statement, sections)
    _adjustments(paper, statement)
    _notices(paper, statement)
    for section in sections:
        write_section(paper, section)
    _pended(paper, statement.pended)
    _refused(paper, statement.refused)
    return paper.finished(
        f"Explanation of payment, week {week}", payer.name, f"Payee {statement.payee.payee_id}{number}"
    )


def _letterhead(paper: Paper, statement: Statement, payer: Payer) -> None:
    top = paper.y
    paper.paragraph(payer.name, SENDER, right=500)
    paper.paragraph(f"{payer.address}, {payer.city}, {payer.state} {zip_words(payer.zip_code)}", right=500)
    contact = f"{payer.business_contact_name}: {phone_words(payer.business_contact_phone)}"
    paper.paragraph(f"{contact}{BETWEEN}{payer.web_url}", right=500)
    paper.text_to(RIGHT, top - TITLE.step, "Explanation of payment", TITLE)
    paper.text_to(RIGHT, top - TITLE.step - 14, f"Week {statement.week_from} to {statement.week_through}", BODY)
    paper.y -= 10


def _payment(paper: Paper, statement: Statement) -> None:
    """Two boxes: who is paid, and what."""
    payee, remittance = statement.payee, statement.remittance
    identifiers = (f"NPI {payee.npi}" if payee.npi else "", f"TIN {payee.tin}", f"Payee {payee.payee_id}")
    left = [
        ("Paid to" if remittance else "Provider", COLUMN_TITLE),
        (payee.name, STRONG),
        (payee.address, BODY),
        (f"{payee.city}, {payee.state} {zip_words(payee.zip)}", BODY),
        (BETWEEN.join(each for each in identifiers if each), SMALL),
    ]
    right = [("Payment", COLUMN_TITLE), *_paid(remittance)]
    room = MIDDLE - LEFT - 16
    lines = [
        [(line, style) for text, style in texts for line in wrapped(printable(text), style, room)]
        for texts in (left, right)
    ]
    height = max(sum(style.step for _, style in side) for side in lines) + 14
    paper.box(height, MIDDLE)
    top = paper.y - 6
    for side, start in zip(lines, (LEFT + 8, MIDDLE + 8), strict=True):
        y = top
        for line, style in side:
            y -= style.step
            paper.text(start, y, line, style)
    paper.y -= height


def _paid(remittance: Remittance | None) -> Sequence[tuple[str, Style]]:
    if remittance is None:
        return ("No payment this week", BIG), BELOW_BIG, ("Nothing was decided.", BODY)
    made = f"Remittance made {remittance.production_date}"
    if remittance.payment_cents:
        made = f"{made}, payment date {remittance.payment_date}"
    return (
        (f"${money(remittance.payment_cents)}", BIG),
        BELOW_BIG,
        (f"{METHODS[remittance.payment_method]}, number {remittance.trace_number}", STRONG),
        (made, BODY),
    )


def _heading(paper: Paper, title: str, explanation: str = "", room: float = ROOM_FOR_A_START) -> None:
    """A heading with what follows it on the same page."""
    paper.make_room(room)
    paper.y -= 0 if paper.y >= TOP else 12
    paper.bookmark(title)
    paper.paragraph(title, HEADING)
    if explanation:
        paper.y -= 2
        paper.paragraph(explanation, QUIET_TEXT)
    paper.y -= 4


def _summary(paper: Paper, statement: Statement, sections: Sequence[Section]) -> None:
    """One row a section; those of the remittance add up to the payment."""
    _heading(paper, "This week")
    SUMMARY.begin(paper)
    remittance = statement.remittance
    if remittance:
        for section in sections:
            totals = section.totals
            cents = (totals.charge_cents, totals.allowed_cents, totals.patient_share_cents, totals.paid_cents)
            SUMMARY.rows(paper, [(section.title, f"{totals.claims:,}", *map(money, cents))])
        if remittance.adjustments:
            adjusted = money(-adjusted_cents(remittance.adjustments))
            SUMMARY.rows(paper, [("Provider adjustments", "", "", "", "", adjusted)])
        paper.rule()
        paper.y -= 1
        total = (f"Payment {remittance.trace_number}", "", "", "", "", money(remittance.payment_cents))
        SUMMARY.row(paper, total, STRONG)
        paper.y -= 4
        paper.rule()
    for title, claims in (
        ("Pended claims (not in this payment)", statement.pended),
        ("Returned claims (not in this payment)", statement.refused),
    ):
        if claims:
            charge = sum(claim.charge_cents for claim in claims)
            SUMMARY.rows(paper, [(title, f"{len(claims):,}", money(charge))])
    SUMMARY.end(paper)


def _adjustments(paper: Paper, statement: Statement) -> None:
    """What is not of the claims: interest, what is withheld or recovered, and balances from week to week."""
    remittance, balance = statement.remittance, balance_of(statement)
    adjusted = list(adjustment_rows(remittance)) if remittance else []
    if not adjusted and not balance:
        return
    _heading(paper, "Provider adjustments")
    if remittance and adjusted:
        ADJUSTMENTS.begin(paper)
        for what, reference, cents in adjusted:
            ADJUSTMENTS.rows(paper, [(what, printable(reference), money(cents))])
        paper.rule()
        ADJUSTMENTS.row(
            paper, ("Provider adjustments, total", "", money(-adjusted_cents(remittance.adjustments))), STRONG
        )
        paper.y -= 8
        ADJUSTMENTS.end(paper)
    if balance:
        rows = [(what, money(cents)) for what, cents in balance_rows(balance)]
        paper.make_room(BALANCE.title_height + BALANCE.height(rows) + 20)
        BALANCE.draw_titles(paper)
        for row in rows[:-1]:
            BALANCE.rows(paper, [row])
        paper.rule()
        BALANCE.row(paper, rows[-1], STRONG)
        paper.y -= 4


def _notices(paper: Paper, statement: Statement) -> None:
    if statement.notices:
        _heading(paper, "Deadlines and disputes", room=60)
        for notice in statement.notices:
            paper.paragraph(notice)
            paper.y -= 2


def _pended(paper: Paper, pended: Sequence[PendedClaim]) -> None:
    if not pended:
        return
    _heading(paper, f"Pended claims ({len(pended):,})", NOT_DECIDED)
    PENDED.begin(paper)
    for claim in pended:
        details = claim.details
        why, to_do = pend_words(claim.reason)
        correction = corrects(details)
        PENDED.rows(
            paper,
            [
                (
                    details.claim_number,
                    printable(details.patient_control_number),
                    _who(person_name(details.patient), details.member_number),
                    details.received_date.isoformat(),
                    days(details.service_from, details.service_through),
                    money(claim.charge_cents),
                    str(claim.days),
                    f"{why} ({correction})" if correction else why,
                    to_do,
                )
            ],
        )
    _sum(paper, PENDED, ("Total", "", "", "", "", money(sum(claim.charge_cents for claim in pended))))


def _refused(paper: Paper, refused: Sequence[RefusedClaim]) -> None:
    if not refused:
        return
    _heading(paper, f"Returned claims ({len(refused):,})", RETURNED)
    REFUSED.begin(paper)
    for claim in refused:
        REFUSED.rows(
            paper,
            [
                (
                    printable(claim.patient_control_number),
                    _who(person_name(claim.patient), claim.member_number),
                    claim.received_date.isoformat(),
                    days(claim.service_from, claim.service_through),
                    money(claim.charge_cents),
                    " ".join(refusal_words(claim)),
                )
            ],
        )
    _sum(paper, REFUSED, ("Total", "", "", "", money(sum(claim.charge_cents for claim in refused))))


def _sum(paper: Paper, table: Table, cells: Sequence[str]) -> None:
    """The last row of a table."""
    paper.make_room(20)
    paper.rule()
    table.row(paper, cells, STRONG)
    paper.y -= 4
    table.end(paper)


def _who(name: str, member_number: str) -> str:
    return f"{name}, member {printable(member_number)}" if member_number else name
