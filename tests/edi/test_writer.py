from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edi.delimiters import Delimiters
from edi.reference.scanner import scan
from edi.trouble import Final
from edi.writer import (
    GroupContent,
    InterchangeHeader,
    Segment,
    SetContent,
    UnwritableValue,
    Written,
    _Encoder,
    write_interchange,
    write_segment,
)

PREPARED = datetime(2025, 3, 1, 9, 15, 42)  # noqa: DTZ001 - a plan's local time
HEADER = InterchangeHeader("ZZ", "PLAN", "ZZ", "CLEARING", PREPARED, 101, "T")
ANSWER = (("AK1", "HC", "7", "005010X222A1"), ("AK9", "A", "1", "1", "1"))
SPECIAL = ".-+/&'"


def group_of(*sets: SetContent, control_number: int = 7) -> GroupContent:
    """A group of acknowledgments."""
    return GroupContent("FA", "PLAN", "CLEARING", control_number, "005010X231A1", sets)


def acknowledgment(number: str, segments: tuple[Segment | Written, ...] = ANSWER) -> SetContent:
    """A 999 with these segments."""
    return SetContent("999", number, "005010X231A1", segments)


def test_an_interchange_is_written_byte_for_byte() -> None:
    """Fixed fields, counts and trailers as X12 wants them, no line ends."""
    assert write_interchange(HEADER, [group_of(acknowledgment("0001"))]) == (
        b"ISA*00*          *00*          *ZZ*PLAN           *ZZ*CLEARING       *250301*0915*^*00501*000000101*0*T*:~"
        b"GS*FA*PLAN*CLEARING*20250301*0915*7*X*005010X231A1~"
        b"ST*999*0001*005010X231A1~AK1*HC*7*005010X222A1~AK9*A*1*1*1~SE*4*0001~"
        b"GE*1*7~IEA*1*000000101~"
    )


@pytest.mark.parametrize(("groups", "sets"), [(0, 0), (1, 1), (1, 3), (3, 2)])
def test_every_count_is_right(groups: int, sets: int) -> None:
    """What is written has no findings, whatever number of groups and sets there is."""
    content = [
        group_of(*(acknowledgment(f"{number + 1:04d}") for number in range(sets)), control_number=group + 1)
        for group in range(groups)
    ]
    written = write_interchange(HEADER, [("TA1", "000000009", "250228", "1200", "A", "000"), *content])
    scanned = scan(written)
    assert scanned.findings == []
    assert [len(group.sets) for group in scanned.interchanges[0].groups] == [sets] * groups
    assert scanned.interchanges[0].source_stop == len(written)


texts = st.text(
    st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcxyz0123456789 " + SPECIAL), min_size=1, max_size=20
).filter(lambda text: text == text.strip())
separators = st.permutations(
    [chr(code) for code in range(0x21, 0x7F) if not chr(code).isalnum() and chr(code) not in SPECIAL]
)


@settings(deadline=None)
@given(st.lists(texts, min_size=1, max_size=8), separators)
def test_what_is_written_reads_back(values: list[str], chosen: list[str]) -> None:
    """Any values, under any delimiters, come back as they were."""
    delimiters = Delimiters(*chosen[:4])
    segments = (("N3", *values), ("CLM", values[0], ("11", "", values[-1], ""), "", ""))
    written = write_interchange(replace(HEADER, delimiters=delimiters), [group_of(acknowledgment("0001", segments))])
    body = [part.split(delimiters.element) for part in written.decode("ascii").split(delimiters.segment)]
    assert body[3] == ["N3", *values]
    assert body[4] == ["CLM", values[0], delimiters.component.join(("11", "", values[-1]))]
    envelope = {"SEGMENT_UNKNOWN", "SEGMENT_UNEXPECTED", "SEGMENT_MISSING"}
    assert {one.code for one in scan(written).findings} <= envelope


def test_empty_ends_are_dropped() -> None:
    """Empty elements and components at an end, and blanks after a value, are not data."""
    written = write_interchange(
        HEADER, [group_of(acknowledgment("0001", (("REF", "A  ", ("", "B", ""), ("", ""), ""),)))]
    )
    assert b"~REF*A*:B~" in written


@pytest.mark.parametrize("value", ["SECRET*", "SECRET~", "SECRET:", "SECRET^", "SECRET\n", "SECRETé", "SECRET\x00"])
@pytest.mark.parametrize("place", [0, 1])
def test_what_would_read_back_differently_is_refused(value: str, place: int) -> None:
    """Separators, control characters and other alphabets raise, and the message does not show the value."""
    element: str | tuple[str, ...] = ("A", value) if place else value
    with pytest.raises(UnwritableValue) as caught:
        write_interchange(HEADER, [group_of(acknowledgment("0001", (("REF", "ZZ", element),)))])
    assert isinstance(caught.value, Final)
    assert "SECRET" not in str(caught.value)
    assert "REF02" in str(caught.value)


@pytest.mark.parametrize(
    "header",
    [
        replace(HEADER, sender_id=""),
        replace(HEADER, sender_id="SIXTEEN CHARS ID"),
        replace(HEADER, receiver_qualifier="Z"),
        replace(HEADER, control_number=0),
        replace(HEADER, control_number=1_000_000_000),
        replace(HEADER, usage="I"),
        replace(HEADER, delimiters=Delimiters("*", "*", "^", "~")),
        replace(HEADER, delimiters=Delimiters("A", ":", "^", "~")),
        replace(HEADER, delimiters=Delimiters("*", ":", "", "~")),
    ],
)
def test_a_header_that_cannot_be_is_refused(header: InterchangeHeader) -> None:
    """ISA has fixed lengths, and four different separators."""
    with pytest.raises(UnwritableValue):
        write_interchange(header, [])


@pytest.mark.parametrize(
    "segment", [("ref", "1"), ("R", "1"), ("REFX", "1"), (("REF",), "1"), ("REF",), ("REF", "", ("", ""))]
)
def test_a_segment_without_id_or_data_is_refused(segment: Segment) -> None:
    """Two or three capitals, then at least one element."""
    with pytest.raises(UnwritableValue):
        write_interchange(HEADER, [group_of(acknowledgment("0001", (segment,)))])


def test_loose_segments_stand_before_the_groups() -> None:
    """A TA1 after a functional group would be read as content outside one."""
    with pytest.raises(UnwritableValue, match="before"):
        write_interchange(HEADER, [group_of(acknowledgment("0001")), ("TA1", "000000009")])


def test_segments_may_be_text_already() -> None:
    """`write_segment` under the same separators, counted as what they are."""
    text = "".join(write_segment(segment, HEADER.delimiters) for segment in ANSWER)
    whole = write_interchange(HEADER, [group_of(acknowledgment("0001"))])
    assert write_interchange(HEADER, [group_of(acknowledgment("0001", (Written(text, len(ANSWER)),)))]) == whole
    last = Written(write_segment(ANSWER[1], HEADER.delimiters), 1)
    assert write_interchange(HEADER, [group_of(acknowledgment("0001", (ANSWER[0], last)))]) == whole


VALUES = st.text(st.sampled_from("AB *:^~\x01\u00e9"), max_size=4)


@settings(deadline=None)
@given(st.lists(VALUES | st.lists(VALUES, max_size=3), max_size=4))
def test_a_look_at_the_whole_segment_sees_what_a_look_at_each_value_sees(elements: list[str | list[str]]) -> None:
    """The quick way gives the same text as the careful one, or leaves it to that."""
    encoder = _Encoder(HEADER.delimiters)
    segment: Segment = ("REF", *elements)
    encoder.ids.add("REF")
    quick = encoder._plain(segment)
    if quick:
        assert quick == encoder._segment(segment)
    else:
        with suppress(UnwritableValue):
            assert encoder._segment(segment) == encoder.segment(segment)
