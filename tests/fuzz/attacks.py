"""Files that somebody would write who wants to keep the engine busy, or to fill its memory: a kind a function of size.

Each gives its bytes in pieces, so that a file of any size can be read without ever being in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import RawIOBase
from itertools import count
from random import Random

from edi.synthetic.files import Request, generate
from tests.edi.business.samples import file_of

ISA = b"ISA*00*          *00*          *ZZ*CLEARING       *ZZ*PLAN           *250301*0915*^*00501*000000101*0*T*:~"
GS = b"GS*HC*CLEARING*PLAN*20250301*0915*7*X*005010X222A1~"
ST = b"ST*837*0001*005010X222A1~"
HEAD = ISA + GS + ST
LONGEST = (1 << 20) - 8
OTHERS = bytes.maketrans(b"*:~^", b"|>!$")
Pieces = Iterator[bytes]


def _again(head: bytes, piece: bytes) -> Callable[[int], Pieces]:
    """A head, and then the same thing over and over again."""

    def pieces(size: int) -> Pieces:
        yield head
        block = piece * max(1, min(size, 1 << 20) // len(piece))
        for _ in range(max(1, size // len(block))):
            yield block

    return pieces


def _numbered(head: bytes, make: Callable[[int], bytes]) -> Callable[[int], Pieces]:
    """A head, and then one thing after another, each with a number of its own."""

    def pieces(size: int) -> Pieces:
        yield head
        for number in count(1):
            piece = make(number)
            yield piece
            size -= len(piece)
            if size <= 0:
                return

    return pieces


def _noise(head: bytes) -> Callable[[int], Pieces]:
    def pieces(size: int) -> Pieces:
        chance = Random(1)  # noqa: S311 - noise, not a secret
        yield head
        for _ in range(max(1, size >> 16)):
            yield chance.randbytes(min(size, 1 << 16))

    return pieces


def _clean(size: int) -> Pieces:
    yield generate(Request(kind="837P", size=max(size, 20_000)))


def _errors(number: int) -> bytes:
    """A set with five errors in some thirty segments."""
    return _FAULTY.replace(b"*0001*", b"*%09d*" % number).replace(b"*0001~", b"*%09d~" % number)


def _renumbered(number: int) -> bytes:
    return _SMALL.replace(b"000000101", b"%09d" % number)


_SMALL = file_of("837P")
_FAULTY = (
    _SMALL[_SMALL.index(b"ST*") : _SMALL.index(b"GE*")]
    .replace(b"*MI*", b"*QQ*")
    .replace(b"*D8*2025", b"*D8*2O25")
    .replace(b":B:", b":Q:")
    .replace(b"*UN*", b"*UNITS*")
)


def _odd_separators(number: int) -> bytes:
    return _renumbered(number).translate(OTHERS) if number % 2 else _renumbered(number)


def _group(number: int) -> bytes:
    return GS.replace(b"*7*", b"*%d*" % number) + b"GE*0*%d~" % number


def _group_of_another_guide(number: int) -> bytes:
    group = _group(number)
    return group.replace(b"HC", b"BE").replace(b"222A1", b"220A1") if number % 2 else group


ALMOST_AN_ISA = ISA[:-2].replace(b"*", b"|").replace(b"CLEARING", b"CL\x01ARING") + b":|"

CLEAN, ERRORS = "clean", "errors in every claim"
ATTACKS: dict[str, Callable[[int], Pieces]] = {
    CLEAN: _clean,
    ERRORS: _numbered(ISA + GS, _errors),
    "one giant segment": _again(HEAD + b"N3*", b"A"),
    "segments of 1 MiB": _again(HEAD, b"N3*" + b"A" * LONGEST + b"~"),
    "separators by the MiB": _again(HEAD, b"N3" + b"*" * LONGEST + b"~"),
    "repetitions by the MiB": _again(HEAD, b"BHT*" + b"^" * LONGEST + b"~"),
    "components by the MiB": _again(HEAD, b"BHT*" + b":" * LONGEST + b"~"),
    "terminators": _again(HEAD, b"~"),
    "separators": _again(HEAD, b"*"),
    "one-byte segments": _again(HEAD, b"A~"),
    "one-byte segments without guide": _again(ISA + b"GS~ST~", b"A~"),
    "unknown segments": _again(HEAD, b"ZZZ*1~"),
    "hierarchical levels": _again(HEAD, b"HL*1*1*20*1~"),
    "deep hierarchical levels": _numbered(HEAD, lambda number: b"HL*%d*%d*22*1~" % (number, number - 1)),
    "lines": _again(HEAD, b"LX*1~"),
    "blanks": _again(HEAD, b" "),
    "blanks and terminators": _again(HEAD, b" \n~"),
    "NUL": _again(b"", b"\x00"),
    "NUL in a set": _again(HEAD, b"\x00"),
    "noise": _noise(b""),
    "noise in a set": _noise(HEAD),
    "groups of nothing": _again(ISA, b"GS~"),
    "groups without sets": _numbered(ISA, _group),
    "groups of guides in turn": _numbered(ISA, _group_of_another_guide),
    "long names of groups": _numbered(ISA, lambda number: b"GS*HC*" + b"%09d" % number * 50_000 + b"~"),
    "sets of nothing": _again(ISA + GS, b"ST~"),
    "sets without end": _numbered(ISA + GS, lambda number: b"ST*837*%09d~" % number),
    "sets of another kind": _numbered(ISA + GS, lambda number: b"ST*1*%09d~SE*2*%09d~" % (number, number)),
    "long numbers of sets": _numbered(ISA + GS, lambda number: b"ST*837*" + b"%09d" % number * 50_000 + b"~"),
    "TA1": _again(ISA, b"TA1~"),
    "IEA": _again(ISA, b"IEA~"),
    "ISA alone": _numbered(b"", lambda number: ISA.replace(b"000000101", b"%09d" % number)),
    "short ISA": _again(b"", b"ISA" + b"*" * 16 + b":~"),
    "broken ISA": _again(b"", b"ISA"),
    "broken ISA with separators": _again(b"", b"ISA*"),
    "ISA in one segment": _again(HEAD, b"ISA|"),
    "ISA in segments": _again(HEAD, b"N3*" + b"ISA|" * 100 + b"~"),
    "almost an ISA in segments": _again(HEAD, b"N3*" + ALMOST_AN_ISA + b"~"),
    "tiny interchanges": _numbered(b"", _renumbered),
    "tiny interchanges and garbage": _numbered(b"", lambda number: _renumbered(number) + b"GARBAGE"),
    "tiny interchanges of other delimiters": _numbered(b"", _odd_separators),
}


class Endless(RawIOBase):
    """A file in pieces that are made when they are read."""

    def __init__(self, pieces: Pieces) -> None:
        self.pieces = pieces
        self.rest = memoryview(b"")

    def read(self, count: int = -1) -> bytes:
        """At most so many bytes."""
        if not self.rest:
            self.rest = memoryview(next(filter(None, self.pieces), b""))
        part, self.rest = self.rest[:count], self.rest[count:]
        return bytes(part)
