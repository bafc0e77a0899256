from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edi.finding_codes import CODES
from edi.findings import Finding
from edi.kinds import kind_of
from edi.reference.scanner import read_records, scan

CORPUS = Path(__file__).parents[1] / "corpus"
KINDS = ("837P", "837I", "834")
TOKENS = (
    b"*",
    b"~",
    b":",
    b"^",
    b" ",
    b"\n",
    b"\xe9",
    b"\x00",
    b"ISA",
    b"GS*",
    b"ST*",
    b"SE*",
    b"GE*",
    b"IEA*",
    b"9" * 30,
    b"HL*",
    b"",
)
CANARY = "QWERTYUIOP"


def damaged(data: bytes, random_source: random.Random) -> bytes:
    """The bytes with some of them replaced, cut out or doubled."""
    changed = bytearray(data)
    for _ in range(random_source.randint(1, 8)):
        at = random_source.randrange(len(changed) + 1)
        width = random_source.choice((0, 1, 1, 2, 5, 40))
        piece = random_source.choice((*TOKENS, bytes(changed[at : at + width]) * 2))
        changed[at : at + width] = piece
    return bytes(changed)


def check_places(data: bytes) -> None:
    """Scan, and hold every finding and range against the bytes."""
    scanned = scan(data)
    for found in scanned.findings:
        assert found.code in CODES
        assert 0 <= found.source_start <= found.source_stop <= len(data)
    last = 0
    for interchange in scanned.interchanges:
        assert last <= interchange.source_start <= interchange.source_stop <= len(data)
        last = interchange.source_stop
        for group in interchange.groups:
            assert interchange.source_start <= group.source_start <= group.source_stop <= interchange.source_stop
            for transaction_set in group.sets:
                assert (
                    group.source_start
                    <= transaction_set.source_start
                    <= transaction_set.source_stop
                    <= group.source_stop
                )
    for records in read_records(data):
        for record in records.segments:
            text = data[record.source_start : record.source_stop].decode("latin-1")
            assert text.startswith(records.delimiters.element.join(record.elements))


def mutations(files: list[bytes], number: int) -> Iterator[bytes]:
    """Damaged files, the same ones in every run."""
    random_source = random.Random(20250301)  # noqa: S311 - a reproducible test, not a secret
    for _ in range(number):
        yield damaged(random_source.choice(files), random_source)


def test_no_mutation_stops_the_scan(file_of: Callable[..., bytes]) -> None:
    """Whatever is broken, there is an answer, and every byte range in it lies where it should."""
    for data in mutations([file_of(kind) for kind in KINDS] * 2 + [file_of("837P") + file_of("834")], 3000):
        check_places(data)
        assert kind_of(data) in {"834", "837", "other"}


@pytest.mark.parametrize("kind", KINDS)
def test_no_cut_stops_the_scan(file_of: Callable[..., bytes], kind: str) -> None:
    """A file that ends anywhere is answered; without its last segment an interchange is not closed."""
    data = file_of(kind)
    for stop in range(len(data)):
        check_places(data[:stop])
        assert not any(one.closed for one in scan(data[:stop]).interchanges if stop < data.index(b"IEA"))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_stop_the_scan(data: bytes) -> None:
    """Any bytes at all."""
    check_places(data)
    kind_of(data)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_after_a_header_stop_the_scan(data: bytes) -> None:
    """Any bytes in an interchange, a group and a set."""
    head = b"ISA*00*          *00*          *ZZ*A              *ZZ*B              *250301*0915*^*00501*000000101*0*T*:~"
    group = b"GS*HC*AA*BB*20250301*0915*7*X*005010X222A1~ST*837*0001*005010X222A1~"
    for start in (head, head + group):
        check_places(start + data)
        check_places(start + data.replace(b"\n", b"~").replace(b"\x01", b"*"))


@pytest.mark.parametrize(
    "path", sorted(path for path in CORPUS.rglob("*") if path.is_file()), ids=lambda path: path.name
)
def test_no_file_of_the_corpus_stops_the_scan(path: Path) -> None:
    """Not even those that are no X12: every one is answered."""
    check_places(path.read_bytes()[:200_000])


def test_no_finding_holds_a_value(file_of: Callable[..., bytes], segments_of: Callable[[str], list[str]]) -> None:
    """A secret put into every element of a file, and in place of every segment id, appears in no finding."""
    for segment in segments_of("837P")[2:-2]:
        elements = segment.split("*")
        for place in range(len(elements)):
            changed = "*".join([*elements[:place], CANARY, *elements[place + 1 :]])
            for found in scan(file_of("837P").replace(segment.encode(), changed.encode(), 1)).findings:
                assert not any(CANARY in str(getattr(found, field.name)) for field in fields(Finding))
