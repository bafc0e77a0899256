"""The paper of the EOP: styles, page furniture and the table shapes that `writers.eop_pdf` fills."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import landscape, letter
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import inch
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, Table, TableStyle

PAGE = landscape(letter)
MARGIN = 0.55 * inch
TOP = 0.75 * inch
BOTTOM = 0.65 * inch
FRAME_PADDING = 6
"""Points that the page maker leaves inside its own margins."""
WIDTH = PAGE[0] - 2 * MARGIN

INK = colors.HexColor("#1b2733")
QUIET = colors.HexColor("#5b6875")
BAND = colors.HexColor("#e8eef4")
RULE = colors.HexColor("#c3ccd5")

BODY = ParagraphStyle("body", fontName="Helvetica", fontSize=8.5, leading=11, textColor=INK)
SMALL = ParagraphStyle("small", parent=BODY, fontSize=7.5, leading=9.5)
TITLE_OF_COLUMN = ParagraphStyle("title of column", parent=BODY, fontSize=6.8, leading=8.5, textColor=QUIET)
TITLE_OF_AMOUNT = ParagraphStyle("title of amount", parent=TITLE_OF_COLUMN, alignment=TA_RIGHT)
AMOUNT = ParagraphStyle("amount", parent=BODY, alignment=TA_RIGHT)
STRONG_AMOUNT = ParagraphStyle("strong amount", parent=AMOUNT, fontName="Helvetica-Bold")
STRONG = ParagraphStyle("strong", parent=BODY, fontName="Helvetica-Bold")
SENDER = ParagraphStyle("sender", parent=BODY, fontName="Helvetica-Bold", fontSize=13, leading=16)
TITLE = ParagraphStyle("title", parent=SENDER, alignment=TA_RIGHT, fontSize=15, leading=18)
RIGHT = ParagraphStyle("right", parent=BODY, alignment=TA_RIGHT)
HEADING = ParagraphStyle("heading", parent=STRONG, fontSize=11.5, leading=14, spaceBefore=12, spaceAfter=3)
EXPLANATION = ParagraphStyle("explanation", parent=BODY, textColor=QUIET, spaceAfter=4)
BIG = ParagraphStyle("big", parent=STRONG, fontSize=17, leading=21)

PADDING = (
    ("LEFTPADDING", (0, 0), (-1, -1), 5),
    ("RIGHTPADDING", (0, 0), (-1, -1), 5),
    ("TOPPADDING", (0, 0), (-1, -1), 2.5),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
)

MIDDLE_DOT = "\u00b7"

Cell = Flowable | str | list[Flowable]
Row = list[Cell]


def words(text: str, style: ParagraphStyle = BODY) -> Paragraph:
    """Text from elsewhere as a paragraph that wraps, whatever characters it holds."""
    return Paragraph(escape(text, quote=False), style)


def table(rows: Sequence[Row], widths: Sequence[float], *commands: tuple[object, ...], repeat: int = 0) -> Table:
    """A table over the page's width; `repeat` rows stand again on top of every page that it runs over to."""
    made = Table(rows, colWidths=list(widths), repeatRows=repeat, hAlign="LEFT")
    made.setStyle(TableStyle([*PADDING, *commands]))  # type: ignore[list-item] # the stubs ask for literal commands
    return made


class NumberedCanvas(Canvas):
    """A canvas that knows its number of pages when it draws each page's foot: it keeps all pages until the end."""

    head = ""
    foot = ""

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - handed on as they come
        super().__init__(*arguments, **options)
        self.pages: list[dict[str, object]] = []

    def showPage(self) -> None:  # noqa: N802 - reportlab's name
        """Keep a finished page."""
        self.pages.append(dict(self.__dict__))
        self._startPage()  # type: ignore[attr-defined] # missing in the stubs

    def save(self) -> None:
        """Draw the furniture of all pages and write the file."""
        total = len(self.pages)
        for number, page in enumerate(self.pages, 1):
            self.__dict__.update(page)
            self._furnish(number, total)
            super().showPage()
        super().save()

    def _furnish(self, number: int, total: int) -> None:
        self.setFont("Helvetica", 7.5)
        self.setFillColor(QUIET)
        if number > 1:
            self.drawString(MARGIN, PAGE[1] - 0.5 * inch, self.head)
        self.setStrokeColor(RULE)
        self.setLineWidth(0.5)
        self.line(MARGIN, 0.5 * inch, PAGE[0] - MARGIN, 0.5 * inch)
        self.drawString(MARGIN, 0.35 * inch, self.foot)
        self.drawRightString(PAGE[0] - MARGIN, 0.35 * inch, f"Page {number} of {total}")


def canvas_with(head: str, foot: str) -> type[NumberedCanvas]:
    """A kind of canvas with a line on top of every page but the first and one at the foot of all."""
    return type("StatementCanvas", (NumberedCanvas,), {"head": head, "foot": foot})
