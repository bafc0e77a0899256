from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edi.canonical import NotCanonical, read
from edi.delimiters import Delimiters
from edi.scanner import scan
from edi.writer import (
    GroupContent,
    InterchangeHeader,
    Repetitions,
    Segment,
    SetContent,
    UnwritableValue,
    write_interchange,
)

CORPUS = Path(__file__).parents[1] / "corpus"
GUIDE = "005010X231A1"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcxyz0123456789"
INNER = LETTERS + " .-+/&'"
SEPARATORS = [chr(code) for code in range(0x21, 0x7F) if not chr(code).isalnum() and chr(code) not in INNER]
SEPARATORS += ["\x1c", "\x1d", "\x1e"]

delimiters = st.builds(
    lambda chosen, line: Delimiters(chosen[0], chosen[1], chosen[2], "\n" if line else chosen[3]),
    st.permutations(SEPARATORS),
    st.booleans(),
)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2049, 12, 31)).map(  # noqa: DTZ001 - X12 has no time zones
    lambda moment: moment.replace(second=0, microsecond=0)
)


def texts(shortest: int, longest: int) -> st.SearchStrategy[str]:
    """Values without a blank at either end."""
    inner = st.text(st.sampled_from(INNER), max_size=max(longest - 2, 0))
    ends = st.sampled_from(LETTERS)
    whole = st.builds(lambda first, middle, last: first + middle + last, ends, inner, ends)
    return st.one_of(whole, st.text(st.sampled_from(LETTERS), min_size=1, max_size=longest)).filter(
        lambda text: shortest <= len(text) <= longest
    )


counts = st.integers(1, 9999).map(str)
control_numbers = st.integers(1, 999_999_999)


@st.composite
def contexts(draw: st.DrawFn) -> Segment:
    """CTX: the business unit, said once or several times."""
    units = draw(st.lists(st.tuples(st.just("CLM01"), texts(1, 35)), min_size=1, max_size=4))
    return ("CTX", units[0] if len(units) == 1 else Repetitions(units))


@st.composite
def answered_sets(draw: st.DrawFn) -> list[Segment]:
    """AK2 to IK5, with faults in segments and elements."""
    segments: list[Segment] = [("AK2", "837", draw(texts(4, 9)), "005010X222A1")]
    for _ in range(draw(st.integers(0, 2))):
        segments.append(("IK3", "NM1", draw(counts), draw(st.sampled_from(["", "2010"])), "8"))
        segments += draw(st.lists(contexts(), max_size=1))
        place = draw(st.sampled_from([("3",), ("3", "1"), ("3", "", "2"), ("3", "1", "2")]))
        segments.append(("IK4", place if len(place) > 1 else place[0], "66", "7", draw(texts(1, 20))))
    return [*segments, ("IK5", "R", *draw(st.lists(st.sampled_from(["1", "2", "5"]), max_size=3)))]


@st.composite
def sets(draw: st.DrawFn, number: str) -> SetContent:
    """A 999."""
    segments: list[Segment] = [("AK1", "HC", str(draw(control_numbers)), "005010X222A1")]
    answers = draw(st.lists(answered_sets(), min_size=1, max_size=2))
    for answer in answers:
        segments += answer
    count = str(len(answers))
    return SetContent("999", number, GUIDE, [*segments, ("AK9", "R", count, count, "0")])


@st.composite
def interchanges(draw: st.DrawFn) -> tuple[InterchangeHeader, list[GroupContent | Segment]]:
    """TA1s, then groups of 999s, each with control numbers of its own."""
    header = InterchangeHeader(
        "ZZ", draw(texts(1, 15)), "30", draw(texts(1, 15)), draw(moments), draw(control_numbers),
        draw(st.sampled_from("PT")), draw(st.booleans()), draw(delimiters),
    )  # fmt: skip
    content: list[GroupContent | Segment] = [
        ("TA1", f"{number:09d}", "250228", "1200", "A", "000") for number in draw(st.lists(control_numbers, max_size=2))
    ]
    for control_number in draw(st.lists(control_numbers, min_size=1, max_size=3, unique=True)):
        count = draw(st.integers(1, 3))
        own = [draw(sets(f"{number:04d}")) for number in range(1, count + 1)]
        moment = draw(st.none() | moments.filter(lambda moment: moment != header.prepared_at))
        group = ("FA", draw(texts(2, 15)), draw(texts(2, 15)), control_number, GUIDE, own, moment)
        content.append(GroupContent(*group))
    return header, content


def plain(content: object) -> object:
    """Sequences of all kinds as lists, to compare them."""
    if isinstance(content, GroupContent):
        own = [plain([one.transaction, one.control_number, one.guide, one.segments]) for one in content.sets]
        return [
            content.functional_id,
            content.sender,
            content.receiver,
            content.control_number,
            own,
            content.prepared_at,
        ]
    if isinstance(content, (list, tuple)):
        return [plain(one) for one in content]
    return content


@settings(deadline=None, max_examples=60)
@given(interchanges())
def test_what_is_written_has_no_fault_and_reads_back(
    interchange: tuple[InterchangeHeader, list[GroupContent | Segment]],
) -> None:
    """Any groups, sets, composites and repetitions, under any delimiters."""
    header, content = interchange
    written = write_interchange(header, content)
    assert list(scan(written).findings) == []
    again, found = read(written)
    assert again == header
    assert plain(found) == plain(content)
    assert write_interchange(again, found) == written


@settings(deadline=None, max_examples=60)
@given(interchanges(), st.floats(0, 1), st.integers(0, 3), st.text("!*~:^ \nA0", max_size=3))
def test_other_bytes_come_back_or_are_refused(
    interchange: tuple[InterchangeHeader, list[GroupContent | Segment]], place: float, gone: int, come: str
) -> None:
    """Never something else; and what the scanner finds faults in is refused."""
    written = write_interchange(*interchange)
    at = int(place * len(written))
    spoilt = written[:at] + come.encode() + written[at + gone :]
    try:
        header, content = read(spoilt)
    except NotCanonical:
        return
    assert write_interchange(header, content) == spoilt
    assert list(scan(spoilt, snip=2).findings) == []


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"ISA",
        (CORPUS / "imsweb/x12_999_rejected.txt").read_bytes(),
        (CORPUS / "linuxforhealth/demo.example1.837").read_bytes(),
        (CORPUS / "pyx12/functional/mult_isa.x12").read_bytes(),
    ],
)
def test_line_ends_and_several_interchanges_are_not_canonical(data: bytes) -> None:
    """Nor is what is no interchange; the message shows nothing of it."""
    with pytest.raises(NotCanonical) as caught:
        read(data)
    assert caught.value.__cause__ is None
    assert "*" not in str(caught.value)


@pytest.mark.parametrize(
    ("element", "written"),
    [
        (Repetitions(["A", "B"]), b"A^B"),
        (Repetitions([("A", "", "C"), ("D", "")]), b"A::C^D"),
        (Repetitions(["", "B", "", ("", "")]), b"^B"),
        (Repetitions(["A "]), b"A"),
    ],
)
def test_repetitions_are_written_one_after_the_other(element: Repetitions, written: bytes) -> None:
    """Empty ones at the end are dropped, as are blanks."""
    header = InterchangeHeader("ZZ", "PLAN", "ZZ", "CLEARING", datetime(2025, 3, 1, 9, 15), 101, "T")  # noqa: DTZ001 - as above
    content = SetContent("999", "0001", GUIDE, [("REF", "ZZ", element)])
    data = write_interchange(header, [GroupContent("FA", "PLAN", "CLEARING", 7, GUIDE, [content])])
    assert b"~REF*ZZ*" + written + b"~" in data


def test_a_repetition_that_holds_a_separator_is_refused() -> None:
    """The message names its place, not its value."""
    header = InterchangeHeader("ZZ", "PLAN", "ZZ", "CLEARING", datetime(2025, 3, 1, 9, 15), 101, "T")  # noqa: DTZ001 - as above
    content = SetContent("999", "0001", GUIDE, [("REF", "ZZ", Repetitions(["A", "SECRET^"]))])
    with pytest.raises(UnwritableValue, match="REF02") as caught:
        write_interchange(header, [GroupContent("FA", "PLAN", "CLEARING", 7, GUIDE, [content])])
    assert "SECRET" not in str(caught.value)
