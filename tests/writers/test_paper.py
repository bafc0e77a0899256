"""Paper: nothing that is written is lost, cut, or out of order."""

from __future__ import annotations

import io
import re

from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from writers.paper import BODY, BOTTOM, LEFT, RIGHT, SMALL, TOP, Column, Paper, Style, Table, width, wrapped

WORDS = st.text(st.sampled_from("ABCxyz 0129-é,."), max_size=200)
TABLE = Table(
    (Column("Name", LEFT, 200), Column("Words", 210, 500, SMALL), Column("Cents", 500, RIGHT, is_amount=True))
)


def read(paper: Paper) -> list[str]:
    """The text of each page in its order, one line a text."""
    reader = PdfReader(io.BytesIO(paper.finished("Title", "Author", "Subject")))
    return [page.extract_text() for page in reader.pages]


@given(WORDS, st.integers(20, 300))
def test_every_character_is_on_a_line_that_fits(text: str, room: int) -> None:
    """Only the blanks at which a text is broken go."""
    lines = wrapped(text, BODY, room)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width(line, BODY) <= room or len(line) == 1 for line in lines)


def test_a_word_is_broken_behind_its_hyphens_first() -> None:
    """And within them only where that is not enough."""
    room = width("WINTERBOTTOM-", BODY) + 1
    assert wrapped("WINTERBOTTOM-SAINT-CLAIRE", BODY, room) == ("WINTERBOTTOM-", "SAINT-CLAIRE")
    assert wrapped("A" * 30, BODY, width("A" * 20, BODY) + 0.1) == ("A" * 20, "A" * 10)


def test_titles_stand_again_on_every_page_and_rows_stay_whole() -> None:
    """In the order of reading, until the table ends."""
    paper = Paper("head", "foot")
    TABLE.begin(paper)
    for number in range(100):
        TABLE.rows(paper, [(f"row {number}", f"first of {number}", "1"), ("", f"second of {number}", "")])
    TABLE.end(paper)
    paper.turn()
    pages = read(paper)
    assert len(pages) > 3
    numbers = []
    for text in pages[:-1]:
        assert text.count("Name") == 1
        rows = re.findall(r"row (\d+)\s+first of (\d+)\s+1\s+second of (\d+)", text)
        assert rows
        assert all(len(set(row)) == 1 for row in rows)
        assert text.count("of") == 2 * len(rows) + 1
        numbers += [int(row[0]) for row in rows]
    assert numbers == list(range(100))
    assert "Name" not in pages[-1]
    assert [f"Page {number} of {len(pages)}" in text for number, text in enumerate(pages, 1)] == [True] * len(pages)
    assert ["head" in text for text in pages] == [False] + [True] * (len(pages) - 1)


def test_rows_that_no_page_can_hold_are_told_on_several() -> None:
    """None is lost, and none stands below the foot."""
    paper = Paper("head", "foot")
    TABLE.begin(paper)
    TABLE.rows(paper, [("", f"reason {number}.", "") for number in range(300)])
    assert paper.y >= BOTTOM - 10
    assert sum(text.count("reason ") for text in read(paper)) == 300


def test_a_page_that_has_room_is_not_turned() -> None:
    """And one that is empty never is, however much is asked for."""
    paper = Paper("head", "foot")
    paper.make_room(10_000)
    assert len(paper.pages) == 1
    paper.y = TOP - 1
    paper.make_room(TOP - BOTTOM)
    assert len(paper.pages) == 2


def test_what_the_fonts_lack_is_told_without_marks() -> None:
    """Accents of Western Europe stay; what has no letter there becomes a question mark; operators are text."""
    paper = Paper("head", "foot")
    paper.paragraph("RENÉ ŽIŽKA NOVÁČEK ΣΟΦΙΑ (a\\b) \x07")
    assert "RENÉ ŽIŽKA NOVÁCEK ????? (a\\b)" in read(paper)[0]


def test_the_file_says_what_it_is() -> None:
    """Title, author, language and bookmarks."""
    paper = Paper("head", "foot")
    paper.bookmark("First")
    paper.turn()
    paper.paragraph("Second", Style(11, bold=True))
    paper.bookmark("Second")
    reader = PdfReader(io.BytesIO(paper.finished("Title", "Author", "Subject")))
    assert reader.metadata
    assert (reader.metadata.title, reader.metadata.author, reader.metadata.subject) == ("Title", "Author", "Subject")
    catalogue = reader.trailer["/Root"]
    assert catalogue["/Lang"] == "en"  # type: ignore[index] # pypdf's types stop here
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"] is not None  # type: ignore[index] # as above
    found = [(each.title, reader.get_destination_page_number(each)) for each in reader.outline]  # type: ignore[union-attr, arg-type] # as above
    assert found == [("First", 0), ("Second", 1)]
