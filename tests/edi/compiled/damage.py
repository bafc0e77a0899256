"""Damage files at random, and hold the two scanners against each other."""

from __future__ import annotations

import io
import random
from pathlib import Path

from edi import scanner
from edi.encodings import Encoding
from edi.reference import scanner as reference
from edi.scan import Scan

CORPUS = Path(__file__).parents[2] / "corpus"
ENCODINGS: tuple[Encoding, ...] = ("ascii", "latin-1", "utf-8")
CHUNKS = (256, 300, 777, 5000)
LONGEST = 12_000
"""Bytes of a file that are damaged: enough for every kind of segment."""
PIECES = (
    b"",
    *(b"~", b"*", b":", b"^", b"\n", b"\r\n", b" ", b"\t", b"\x1a", b"\x00", b"\xe9", b"\xc3\xa9", b"\xa0", b"~~"),
    *(b"ISA*", b"IEA*1*", b"GE*1*1~", b"GS*HC*", b"ST*837*0001~", b"SE*1*0001~", b"TA1*", b"BHT*", b"CLM*1~"),
    *(b"HL*1**20*1~", b"HL*3*2*22*0~", b"LX*1~", b"*1:2:3:4:5:6:7:8:9", b"*A^B^C", b"***", b"*" * 70),
    *(b"20250231", b"D8", b"RD8", b"TM", b"-", b".", b"12.345", b"9" * 20, b"A ", b"A", b"0", b"NM1*85*"),
)
SEPARATORS = (
    *((b"~", b"\n"), (b"~", b"\r\n"), (b"~", b"~\r\n"), (b"~", b"\t"), (b"~", b"~ "), (b"~", b" \n"), (b"~", b"\x1a")),
    *((b"*", b"|"), (b"*", b"\t"), (b":", b">"), (b"^", b"\x1f"), (b":", b"\xb7")),
)


def corpus_files() -> list[Path]:
    """Every file of the corpus that may be X12."""
    return [path for path in sorted(CORPUS.rglob("*")) if path.is_file() and path.suffix not in {".md", ".py"}]


def heads() -> list[bytes]:
    """The beginnings of the files that hold an interchange."""
    files = (path.read_bytes()[:LONGEST] for path in corpus_files())
    return [data for data in files if b"ISA" in data[:300]]


def damaged(data: bytes, source: random.Random) -> bytes:
    """The bytes with one to a dozen changes."""
    changed = bytearray(data)
    for _ in range(source.choice((1, 1, 2, 3, 5, 12))):
        changed = _changed(changed, source)
    return bytes(changed)


def _changed(data: bytearray, source: random.Random) -> bytearray:
    size = len(data)
    place = source.randrange(size + 1)
    match source.randrange(9):
        case 0 if size:
            data[min(place, size - 1)] = source.randrange(256)
        case 1:
            data[place:place] = source.choice(PIECES)
        case 2:
            del data[place : place + source.choice((1, 1, 2, 3, 10, 100, 1000))]
        case 3:
            data[place : place + source.choice((1, 2, 3, 8))] = source.choice(PIECES)
        case 4:
            data[place:place] = data[place : place + source.choice((5, 20, 60, 300))]
        case 5:
            segments = data.split(b"~")
            segments.insert(source.randrange(len(segments)), segments.pop(source.randrange(len(segments))))
            return bytearray(b"~".join(segments))
        case 6:
            elements = data.split(b"*")
            elements[source.randrange(len(elements))] = bytearray(source.choice(PIECES))
            return bytearray(b"*".join(elements))
        case 7 if source.random() < 0.3:  # an interchange within another
            data[place:place] = data[:110]
        case 8 if source.random() < 0.3:
            return data.replace(*source.choice(SEPARATORS)) if source.random() < 0.5 else data + data[:place]
    return data


def streamed(data: bytes, chunk: int, **options: object) -> Scan:
    """The compiled scanner's result of a file that comes in pieces."""
    return scanner.scan_stream(io.BytesIO(data), chunk=chunk, **options)  # type: ignore[arg-type]


def assert_equal(ours: Scan, theirs: Scan) -> None:
    """Two scans tell the same."""
    assert list(ours.findings) == list(theirs.findings)
    assert ours.interchanges == theirs.interchanges
    assert (ours.segment_count, ours.size) == (theirs.segment_count, theirs.size)


def compare(data: bytes, chunks: tuple[int, ...] = (), encoding: Encoding = "ascii", snip: int = 5) -> Scan:
    """Scan by both scanners, by the compiled one in chunks too, and hold them against each other."""
    expected = reference.scan(data, snip=snip, encoding=encoding)
    assert_equal(scanner.scan(data, snip=snip, encoding=encoding), expected)
    for chunk in chunks:
        assert_equal(streamed(data, chunk, snip=snip, encoding=encoding), expected)
    return expected
