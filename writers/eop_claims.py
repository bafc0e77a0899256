"""The claims of an EOP on paper: a band that says whose claim it is, then its lines with the reasons, and its sum."""

from __future__ import annotations

from edi.remittance import RemittanceClaim, RemittanceService
from writers.paper import (
    BODY,
    BOTTOM,
    HEADING,
    LEFT,
    QUIET_TEXT,
    RIGHT,
    SMALL,
    STRONG,
    TOP,
    Cells,
    Column,
    Paper,
    Table,
    width,
    wrapped,
)
from writers.reasons import adjustment_words, remark_words
from writers.spreadsheet import printable
from writers.statement_words import (
    Section,
    allowed,
    corrects,
    days,
    days_billed,
    heading_words,
    interest_words,
    money,
    patient_share,
    person_name,
    procedure,
    units,
)

LINES = Table(
    (
        Column("Line", LEFT + 4, 64),
        Column("Date of service", 66, 120, SMALL),
        Column("Service", 122, 196),
        Column("Units", 196, 222, is_amount=True),
        Column("Charge", 222, 276, is_amount=True),
        Column("Allowed", 276, 328, is_amount=True),
        Column("Paid", 328, 380, is_amount=True),
        Column("Patient owes", 380, 432, is_amount=True),
        Column("Why it is not paid in full", 444, 700, SMALL),
        Column("Amount", 700, RIGHT - 4, SMALL, is_amount=True),
    ),
    below_titles=3,
)
SUM = Column("", LINES.columns[4].left + 12, LINES.columns[7].right)
"""Where the rule above a claim's sum goes."""
BLANKS = ("",) * 8
"""Cells before a reason."""
BAND_TEXT = RIGHT - LEFT - 8
BAND_PADDING = 5
SHORT_CLAIM_LINES = 6
"""A claim of no more lines is not torn apart by the end of a page, if a page can hold it."""
AFTER_A_CLAIM = 7
TOTAL_HEIGHT = STRONG.step + 6
BELOW_THE_LAST = TOTAL_HEIGHT + AFTER_A_CLAIM
"""Points that a section ends with, on the page where its last claim does."""
MIDDLE_DOT = "\u00b7"


def write_section(paper: Paper, section: Section) -> None:
    """The claims of a section under its heading, and what they come to."""
    *others, last = section.claims
    first = _Block(section.claims[0])
    paper.make_room(60 + LINES.title_height + first.needed(0 if others else BELOW_THE_LAST))
    paper.y -= 0 if paper.y >= TOP else 14
    title = f"{section.title} ({len(section.claims):,})"
    paper.bookmark(title)
    paper.paragraph(title, HEADING)
    if section.explanation:
        paper.y -= 2
        paper.paragraph(section.explanation, QUIET_TEXT)
    paper.y -= 4
    LINES.begin(paper)
    for claim in others:
        _Block(claim).draw(paper)
    _Block(last).draw(paper, below=BELOW_THE_LAST)
    totals = section.totals
    cents = (totals.charge_cents, totals.allowed_cents, totals.paid_cents, totals.patient_share_cents)
    paper.make_room(TOTAL_HEIGHT)
    paper.rule()
    LINES.row(paper, ("", "", "Section total", "", *map(money, cents)), STRONG)
    paper.y -= 4
    LINES.end(paper)


class _Block:
    """A claim, measured."""

    def __init__(self, claim: RemittanceClaim) -> None:
        self.claim = claim
        self.band = _Band(heading_words(claim), _whose(claim))
        self.has_total = bool(claim.adjustments or claim.remark_codes or len(claim.services) > 1)
        self.groups = [_with_reasons(_line(service), service) for service in claim.services]
        if self.has_total:
            self.groups.append(_with_reasons(_total(claim), claim))
        """Rows that belong together: those of each line, those of the claim as a whole."""
        self.heights = [LINES.height(rows) + 4 for rows in self.groups]

    @property
    def least(self) -> float:
        """Points that its start needs: the band and its first line."""
        return self.band.height + sum(self.heights[:1])

    def needed(self, below: float = 0) -> float:
        """Points of a page that it begins on: all, with what stands `below` it, where it is not to be torn apart."""
        whole = self.band.height + sum(self.heights) + below
        is_short = len(self.claim.services) <= SHORT_CLAIM_LINES and whole <= _room_of_a_page()
        return whole if is_short else self.least

    def draw(self, paper: Paper, below: float = 0) -> None:
        """On this page or the next; `below`: points that its end needs below it, so that no sum stands alone."""
        paper.make_room(self.needed(below))
        self.band.draw(paper)
        last = len(self.groups) - 1
        for number, (rows, height) in enumerate(zip(self.groups, self.heights, strict=True)):
            needed = height
            if self.has_total and number == last - 1:
                needed += self.heights[last] + below
            elif number == last:
                needed += below
            if number and paper.y - needed < BOTTOM and not paper.is_fresh:
                paper.turn()
                _Band(f"{self.band.what}, continued", "").draw(paper)
            if self.has_total and number == last:
                paper.rule(SUM.left, SUM.right, paper.y + 2)
            LINES.rows(paper, rows)
        paper.y -= AFTER_A_CLAIM - 4


class _Band:
    """The ground of colour on top of a claim: what it is, then whose it is."""

    def __init__(self, what: str, whose: str) -> None:
        self.what = what
        self.indent = width(what, STRONG) + 8
        self.lines = wrapped(whose, BODY, BAND_TEXT - self.indent)
        self.height = len(self.lines) * BODY.step + BAND_PADDING + 2
        """With the space below it."""

    def draw(self, paper: Paper) -> None:
        """At `y`."""
        paper.band(self.height - 2)
        y = paper.y - 1 - BODY.step
        paper.text(LEFT + 4, y, self.what, STRONG)
        for line in self.lines:
            paper.text(LEFT + 4 + self.indent, y, line)
            y -= BODY.step
        paper.y -= self.height


def _room_of_a_page() -> float:
    return TOP - BOTTOM - LINES.title_height - 10


def _whose(claim: RemittanceClaim) -> str:
    details = claim.details
    parts = (
        f"your account {printable(details.patient_control_number)}",
        f"patient {person_name(details.patient)}",
        f"member {printable(details.member_number)}" if details.member_number else "",
        f"received {details.received_date}",
        f"days billed {billed}" if (billed := days_billed(details)) else "",
        corrects(details),
        interest_words(claim),
    )
    return f" {MIDDLE_DOT} ".join(part for part in parts if part)


def _line(service: RemittanceService) -> Cells:
    return (
        str(service.line_number),
        days(service.service_from, service.service_through),
        printable(procedure(service)),
        units(service.units),
        money(service.charge_cents),
        "" if service.allowed_cents is None else money(service.allowed_cents),
        money(service.paid_cents),
        money(service.patient_share_cents),
    )


def _total(claim: RemittanceClaim) -> Cells:
    permitted = allowed(claim)
    return (
        "",
        "",
        "Claim total",
        "",
        money(claim.charge_cents),
        "" if permitted is None else money(permitted),
        money(claim.paid_cents),
        money(patient_share(claim)),
    )


def _with_reasons(cells: Cells, told: RemittanceService | RemittanceClaim) -> list[Cells]:
    """The row, and one for each further reason."""
    reasons = [
        *((adjustment_words(item.group_code, item.reason_code), money(item.amount_cents)) for item in told.adjustments),
        *((remark_words(code), "") for code in told.remark_codes),
    ]
    first, *others = reasons or [("", "")]
    return [(*cells, *first), *((*BLANKS, *reason) for reason in others)]
