"""Paper for what people read: text, rules and tables laid on pages of a PDF, the same bytes for the same content.

Pages are made of text that stays text: it can be selected and searched, and it stands in the file in the order in
which it is read. A row of a table is never cut by the end of a page, and the titles of its columns stand again on top
of every page that it runs over to. Measuring and breaking text is remembered, since statements say the same things over
and over: some hundred pages take a second.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from reportlab import rl_config
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from writers.spreadsheet import printable

rl_config.useA85 = 0
"""Compressed pages are not told in ASCII as well: a fifth smaller, and written in two thirds of the time."""
PAGE_WIDTH, PAGE_HEIGHT = 792, 612
"""Points: a letter page on its side."""
LEFT, RIGHT = 40, PAGE_WIDTH - 40
TOP, BOTTOM = PAGE_HEIGHT - 48, 46
"""Where the text of a page begins and ends; its head and foot stand outside."""
HEAD, FOOT = PAGE_HEIGHT - 34, 26
FONTS = ("Helvetica", "Helvetica-Bold")
"""Known to the pages as F1 and F2: the order in which a canvas is told of them."""
INK, QUIET, RULE, BAND = "0.106 0.153 0.2", "0.298 0.345 0.392", "0.54 0.59 0.64", "0.91 0.933 0.957"
"""Colours; the quiet one has a contrast of 7:1 on white."""
KEPT = 65_536
"""Texts whose measures are remembered."""
MOST_AT_EDGE = 150
"""Characters in the head of a page, where nothing can wrap; the whole text stands on the first page."""


@dataclass(frozen=True, eq=False)
class Style:
    """How text looks; each is itself alone, so that measures are remembered by it cheaply."""

    size: float = 8
    bold: bool = False
    ink: str = INK
    leading: float = 0
    """Points from line to line; a fifth more than its size where it is not said."""

    @cached_property
    def font(self) -> str:
        """Its name."""
        return FONTS[self.bold]

    @cached_property
    def step(self) -> float:
        """Points from line to line."""
        return self.leading or 1.2 * self.size

    @cached_property
    def before(self) -> str:
        """What stands before a text of this style in a page."""
        return f"{self.ink} rg BT /F{1 + self.bold} {self.size:g} Tf"


BODY, SMALL = Style(8), Style(7.5, leading=9)
STRONG, STRONG_SMALL = Style(8, bold=True), Style(7.5, bold=True, leading=9)
QUIET_TEXT, COLUMN_TITLE = Style(8, ink=QUIET), Style(7, ink=QUIET, leading=8.4)
HEADING, TITLE, BIG = Style(11.5, bold=True), Style(15, bold=True), Style(17, bold=True)


@lru_cache(maxsize=KEPT)
def width(text: str, style: Style) -> float:
    """Points that a text takes on one line."""
    return float(stringWidth(_told(text), style.font, style.size))


@lru_cache(maxsize=KEPT)
def wrapped(text: str, style: Style, room: float) -> tuple[str, ...]:
    """The lines of a text in so much room; a word that is longer is broken, nothing is left out."""
    if width(text, style) <= room:
        return (text,)
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if width(longer, style) <= room:
            lines[-1] = longer
            continue
        first, *others = _broken(word, style, room)
        if lines[-1]:
            lines.append(first)
        else:
            lines[-1] = first
        lines += others
    return tuple(lines)


def _broken(word: str, style: Style, room: float) -> list[str]:
    """A word in pieces, behind its hyphens where they are of use."""
    pieces = [""]
    for part in re.split("(?<=-)", word):
        if width(pieces[-1] + part, style) <= room:
            pieces[-1] += part
            continue
        if width(part, style) <= room:
            pieces.append(part)
            continue
        for character in part:
            if pieces[-1] and width(pieces[-1] + character, style) > room:
                pieces.append("")
            pieces[-1] += character
    return pieces


def _told(text: str) -> str:
    """What the fonts can show: a letter that they lack loses its marks, or becomes a question mark."""
    if text.isascii():
        return text
    return "".join(each if _is_shown(each) else _plain(each) for each in text)


def _plain(letter: str) -> str:
    shown = "".join(each for each in unicodedata.normalize("NFKD", letter) if _is_shown(each))
    return shown or "?"


def _is_shown(letter: str) -> bool:
    try:
        letter.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


@lru_cache(maxsize=KEPT)
def _escaped(text: str) -> str:
    """A text as a page holds it."""
    told = _told(printable(text)).replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    if told.isascii():
        return told
    return "".join(each if each.isascii() else f"\\{each.encode('cp1252')[0]:03o}" for each in told)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its title and place, and how what stands in it looks."""

    title: str
    left: float
    right: float
    style: Style = BODY
    is_amount: bool = False
    """Amounts stand at the right."""


Cells = Sequence[str]
"""The texts of a row, one a column; what is at the end may be missing."""


@dataclass(slots=True)
class Paper:
    """Pages that fill from the top; `y` is where the next thing goes."""

    head: str
    """On top of every page but the first."""
    foot: str
    pages: list[list[str]] = field(default_factory=lambda: [[]])
    """What stands on each, as operators of a PDF in the order of reading."""
    bookmarks: list[tuple[str, int, float]] = field(default_factory=list)
    """Titles with their page, from 0, and place on it."""
    y: float = TOP
    repeated: Table | None = None
    """The table whose titles stand again on top of the next page."""

    @property
    def is_fresh(self) -> bool:
        """Is there nothing on this page yet but what is repeated?"""
        return self.y >= self._top

    @property
    def _top(self) -> float:
        return TOP - (self.repeated.title_height if self.repeated else 0)

    def text(self, left: float, y: float, text: str, style: Style = BODY) -> None:
        """One line of text from its left end."""
        if not text:
            return
        self.pages[-1].append(_line(left, y, text, style))

    def text_to(self, right: float, y: float, text: str, style: Style = BODY) -> None:
        """One line of text to its right end."""
        self.pages[-1].append(_line(right - width(text, style), y, text, style))

    def paragraph(self, text: str, style: Style = BODY, left: float = LEFT, right: float = RIGHT) -> None:
        """Text over as many lines as it needs."""
        for line in wrapped(printable(text), style, right - left):
            self.make_room(style.step)
            self.y -= style.step
            self.text(left, self.y, line, style)

    def rule(self, left: float = LEFT, right: float = RIGHT, y: float | None = None) -> None:
        """A line across."""
        self.pages[-1].append(_across(left, right, self.y if y is None else y))

    def band(self, height: float) -> None:
        """A ground of colour for what comes next."""
        self.pages[-1].append(f"{BAND} rg {LEFT} {self.y - height:g} {RIGHT - LEFT} {height:g} re f")

    def box(self, height: float, middle: float) -> None:
        """Two frames side by side, below `y`."""
        bottom = self.y - height
        self.pages[-1].append(
            f"{RULE} RG 0.75 w {LEFT} {bottom:g} {RIGHT - LEFT} {height:g} re S"
            f" {middle:g} {bottom:g} m {middle:g} {self.y:g} l S"
        )

    def make_room(self, height: float) -> None:
        """Turn the page where so much does not fit any more."""
        if self.y - height < BOTTOM and not self.is_fresh:
            self.turn()

    def turn(self) -> None:
        """Begin a page."""
        self.pages.append([])
        self.y = TOP
        if self.repeated:
            self.repeated.draw_titles(self)

    def bookmark(self, title: str, above: float = 0) -> None:
        """Lead from the outline of the file to this place."""
        self.bookmarks.append((title, len(self.pages) - 1, self.y + above))

    def finished(self, title: str, author: str, subject: str) -> bytes:
        """The file; every page says which it is of how many."""
        sink = io.BytesIO()
        canvas = Canvas(sink, pagesize=(PAGE_WIDTH, PAGE_HEIGHT), pageCompression=1, invariant=1, lang="en")
        canvas.setTitle(title)
        canvas.setAuthor(author)
        canvas.setSubject(subject)
        canvas.setViewerPreference("DisplayDocTitle", "true")
        for font in FONTS:
            canvas.setFont(font, BODY.size)
        for number, page in enumerate(self.pages):
            for name, _, y in (each for each in self.bookmarks if each[1] == number):
                canvas.bookmarkHorizontal(name, 0, y)
                canvas.addOutlineEntry(name, name)
            canvas.addLiteral("\n".join((*self._head_of(number), *page, *self._foot_of(number))))
            canvas.showPage()
        canvas.save()
        return sink.getvalue()

    def _head_of(self, number: int) -> Iterator[str]:
        if number:
            yield _line(LEFT, HEAD, _at_edge(self.head), COLUMN_TITLE)

    def _foot_of(self, number: int) -> Iterator[str]:
        yield _across(LEFT, RIGHT, FOOT + 11)
        yield _line(LEFT, FOOT, _at_edge(self.foot), COLUMN_TITLE)
        counted = f"Page {number + 1} of {len(self.pages)}"
        yield _line(RIGHT - width(counted, COLUMN_TITLE), FOOT, counted, COLUMN_TITLE)


def _line(left: float, y: float, text: str, style: Style) -> str:
    return f"{style.before} {left:.6g} {y:.6g} Td ({_escaped(text)}) Tj ET"


def _across(left: float, right: float, y: float) -> str:
    return f"{RULE} RG 0.6 w {left:.6g} {y:.6g} m {right:.6g} {y:.6g} l S"


def _at_edge(text: str) -> str:
    return text if len(text) <= MOST_AT_EDGE else f"{text[: MOST_AT_EDGE - 3]}..."


@dataclass(frozen=True)
class Table:
    """A table of rows under column titles."""

    columns: tuple[Column, ...]
    below_titles: float = 0
    """Points between the rule under the titles and the first row."""

    @cached_property
    def title_height(self) -> float:
        """Points of the titles with the rule under them."""
        return max(len(self._title(column)) for column in self.columns) * COLUMN_TITLE.step + 4 + self.below_titles

    def begin(self, paper: Paper) -> None:
        """Set the titles; until `end` they stand again on every page."""
        self.draw_titles(paper)
        paper.repeated = self

    @staticmethod
    def end(paper: Paper) -> None:
        """What comes now is no longer of this table."""
        paper.repeated = None

    def draw_titles(self, paper: Paper) -> None:
        """The titles of the columns, with a rule under them."""
        for column in self.columns:
            for number, line in enumerate(self._title(column), 1):
                _set(paper, column, line, paper.y - number * COLUMN_TITLE.step, COLUMN_TITLE)
        paper.y -= self.title_height
        paper.rule(y=paper.y + self.below_titles)

    @staticmethod
    def _title(column: Column) -> tuple[str, ...]:
        return wrapped(column.title, COLUMN_TITLE, column.right - column.left)

    def height(self, rows: Iterable[Cells], style: Style | None = None) -> float:
        """Points that rows take."""
        return sum(self._height(cells, style) for cells in rows)

    def _height(self, cells: Cells, style: Style | None) -> float:
        most = 0.0
        for column, cell in zip(self.columns, cells, strict=False):
            if cell:
                used = style or column.style
                most = max(most, (len(wrapped(cell, used, column.right - column.left)) - 1) * used.step)
        return BODY.step + most

    def row(self, paper: Paper, cells: Cells, style: Style | None = None) -> None:
        """One row, from `y` downwards; its caller has made room."""
        lowest = top = paper.y
        for column, cell in zip(self.columns, cells, strict=False):
            if not cell:
                continue
            used = style or column.style
            # the first lines of a row stand on one line, whatever their size
            y = top - BODY.step
            for line in wrapped(cell, used, column.right - column.left):
                _set(paper, column, line, y, used)
                y -= used.step
            lowest = min(lowest, y + used.step)
        paper.y = lowest

    def rows(self, paper: Paper, rows: Sequence[Cells], space: float = 4) -> None:
        """Rows that belong together: all on one page, where one can hold them."""
        for part in self._fitting(rows):
            paper.make_room(self.height(part) + space)
            for cells in part:
                self.row(paper, cells)
            paper.y -= space

    def _fitting(self, rows: Sequence[Cells]) -> Iterator[Sequence[Cells]]:
        """All rows, or as many as a page can hold."""
        room = TOP - self.title_height - BOTTOM - 60
        part: list[Cells] = []
        used = 0.0
        for cells in rows:
            height = self._height(cells, None)
            if part and used + height > room:
                yield part
                part, used = [], 0.0
            part.append(cells)
            used += height
        yield part


def _set(paper: Paper, column: Column, line: str, y: float, style: Style) -> None:
    if column.is_amount:
        paper.text_to(column.right, y, line, style)
    else:
        paper.text(column.left, y, line, style)
