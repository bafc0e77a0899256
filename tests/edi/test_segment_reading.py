from __future__ import annotations

from collections.abc import Callable

import pytest

from edi.limits import LONGEST_SEGMENT, MOST_ACKNOWLEDGMENTS
from edi.scan import Scan

FileOf = Callable[..., bytes]
Scanner = Callable[..., Scan]
STREET = b"N3*1 MAIN STREET~"


def codes(scanned: Scan) -> list[str]:
    """Codes of all findings."""
    return [one.code for one in scanned.findings]


def second_of(data: bytes) -> bytes:
    """The same interchange with other control numbers."""
    return data.replace(b"000000101", b"000000102").replace(b"*7*X*", b"*8*X*").replace(b"GE*1*7", b"GE*1*8")


@pytest.mark.parametrize("translation", [(b"", b""), (b"~", b"\n"), (b"*:~", b"|>'")], ids=["same", "lines", "other"])
@pytest.mark.parametrize("cut", [120, 400, 401, 402, 403, 700])
def test_a_cut_interchange_swallows_no_other(
    scan: Scanner, file_of: FileOf, translation: tuple[bytes, bytes], cut: int
) -> None:
    """Wherever one is cut off, the next one, under whatever delimiters, is read whole and alone."""
    first = file_of("837P")
    second = second_of(file_of("834")).translate(bytes.maketrans(*translation))
    scanned = scan(first[:cut] + second, snip=2)
    assert [one.closed for one in scanned.interchanges] == [False, True]
    assert [one.source_start for one in scanned.interchanges] == [0, cut]
    assert [one for one in scanned.findings if one.interchange == 2] == []


def test_a_cut_interchange_swallows_none_after_much_garbage(scan: Scanner, file_of: FileOf) -> None:
    """An ISA is seen in a segment of any length; the bytes before it belong to nobody."""
    first, second = file_of("837P")[:400], second_of(file_of("834"))
    garbage = b"\x00" * (LONGEST_SEGMENT + 50)
    scanned = scan(first + garbage + second, snip=2)
    assert [one.closed for one in scanned.interchanges] == [False, True]
    (found,) = (one for one in scanned.findings if one.interchange == 0)
    assert (found.code, found.source_stop) == ("GARBAGE_AFTER_INTERCHANGE", 400 + len(garbage))
    assert "SEGMENT_TOO_LONG" not in codes(scanned)


def test_text_like_an_isa_ends_nothing(scan: Scanner, file_of: FileOf) -> None:
    """Only a whole header, every element of its fixed length, is one."""
    text = b"NTE*ADD*ISA*00*          *00*          *ZZ*CLEARING  ~"
    scanned = scan(file_of("837P").replace(STREET, STREET + text), snip=2)
    assert len(scanned.interchanges) == 1
    assert scanned.interchanges[0].closed


@pytest.mark.parametrize(("length", "too_long"), [(LONGEST_SEGMENT, False), (LONGEST_SEGMENT + 1, True)])
def test_a_segment_of_more_than_a_mebibyte_is_passed_over(
    scan: Scanner, file_of: FileOf, length: int, too_long: bool
) -> None:
    """It counts, as its sender counted it; nothing else of it is looked at, and the scan goes on behind it."""
    segment = b"QQ*" + b"X" * (length - 3) + b"~"
    data = file_of("837P").replace(STREET, STREET + segment).replace(b"~SE*29*", b"~SE*30*")
    scanned = scan(data, snip=2)
    assert codes(scanned) == ["SEGMENT_TOO_LONG" if too_long else "SEGMENT_UNKNOWN"]
    assert scanned.findings[0].segment_position == 9
    assert scanned.findings[0].source_stop - scanned.findings[0].source_start == length + 1
    assert scanned.interchanges[0].groups[0].sets[0].segment_count == 30


def test_a_long_segment_outside_sets_is_a_stray(scan: Scanner, file_of: FileOf) -> None:
    """Between groups and between sets it is content that does not belong there."""
    long = b"X" * (LONGEST_SEGMENT + 1) + b"~"
    assert codes(scan(file_of("837P").replace(b"GE*1*7~", long + b"GE*1*7~"), snip=2)) == ["CONTENT_OUTSIDE_SET"]
    assert codes(scan(file_of("837P").replace(b"IEA*", long + b"IEA*"), snip=2)) == ["CONTENT_OUTSIDE_GROUP"]


def test_what_follows_the_last_terminator_is_cut_off(scan: Scanner, file_of: FileOf) -> None:
    """It was never a segment: the interchange, its group and its set end before it."""
    data = file_of("837P")
    whole = data[: data.index(b"N3*1")]
    for tail in (b"N3*1 MAIN STR", b"X" * (LONGEST_SEGMENT + 1)):
        scanned = scan(whole + tail, snip=2)
        assert set(codes(scanned)) == {
            "INTERCHANGE_TRAILER_MISSING",
            "GROUP_TRAILER_MISSING",
            "SET_TRAILER_MISSING",
            "GARBAGE_AFTER_INTERCHANGE",
        }
        assert scanned.interchanges[0].source_stop == len(whole)


@pytest.mark.parametrize("gap", [b"~", b"~~~", b"\n~", b"~\r\n~ ~\n"])
def test_a_run_of_empty_segments_is_one_finding(scan: Scanner, file_of: FileOf, gap: bytes) -> None:
    """At the first of them; they are not counted."""
    data = file_of("837P").replace(STREET, STREET + gap)
    scanned = scan(data, snip=2)
    assert codes(scanned) == ["EMPTY_SEGMENT"]
    assert scanned.findings[0].source_start == data.index(STREET) + len(STREET) + gap.index(b"~")
    assert scanned.segment_count == 33


def test_segments_and_bytes_are_counted(scan: Scanner, file_of: FileOf) -> None:
    """Envelopes included, of all interchanges."""
    data = file_of("837P")
    scanned = scan(data + b"\r\n" + second_of(data), snip=2)
    assert (scanned.segment_count, scanned.size) == (2 * 33, 2 * len(data) + 2)


@pytest.mark.parametrize(
    ("kind", "reference"), [("837P", "BATCH1"), ("837I", "BATCH2"), ("837D", "BATCH3"), ("834", "ROSTER1")]
)
def test_the_senders_number_of_the_batch_is_read(scan: Scanner, file_of: FileOf, kind: str, reference: str) -> None:
    """BHT03 or BGN02, where the guide is known."""
    data = file_of(kind)
    assert scan(data).interchanges[0].groups[0].sets[0].reference == reference
    assert scan(data.replace(reference.encode(), b"")).interchanges[0].groups[0].sets[0].reference is None
    assert scan(data.replace(b"005010", b"004010")).interchanges[0].groups[0].sets[0].reference is None


def test_no_number_of_acknowledgments_fills_the_memory(scan: Scanner, file_of: FileOf) -> None:
    """The first thousand TA1 of an interchange are kept; more are content that does not belong there."""
    answers = b"TA1*000000009*250228*1200*A*000~" * (MOST_ACKNOWLEDGMENTS + 2)
    scanned = scan(file_of("837P").replace(b"GS*", answers + b"GS*"), snip=2)
    assert codes(scanned) == ["CONTENT_OUTSIDE_GROUP"]
    assert len(scanned.interchanges[0].acknowledgments) == MOST_ACKNOWLEDGMENTS


def test_any_number_of_elements_is_too_many_once(scan: Scanner, file_of: FileOf) -> None:
    """Elements beyond what any segment has are counted, not read; an empty end of them is a trailing separator."""
    for tail, expected in (
        (b"*" * 20 + b"X", ["ELEMENT_TOO_MANY"]),
        (b"*" * 20, ["TRAILING_SEPARATOR"]),
        (b"*" * 100 + b"X", ["ELEMENT_TOO_MANY"]),
        (b"*" * 100, ["TRAILING_SEPARATOR", "ELEMENT_TOO_MANY"]),
    ):
        assert codes(scan(file_of("837P").replace(STREET, STREET[:-1] + tail + b"~"), snip=2)) == expected
