"""Valid files of any size, written piece by piece in bounded memory.

A few thousand claims or members are made one by one. A larger file repeats them with running numbers of their own:
every claim, line, member and set number stands once in the file.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from itertools import accumulate, pairwise
from pathlib import Path
from typing import BinaryIO

from edi.delimiters import DEFAULT, Delimiters
from edi.synthetic.bodies import MAKERS, Cut
from edi.synthetic.claim_parts import day
from edi.synthetic.dice import Dice
from edi.synthetic.identifiers import tin
from edi.synthetic.serials import SerialText
from edi.trouble import Final

KINDS = ("834", "837P", "837I", "837D")
GUIDES = {
    "834": "005010X220A1",
    "837P": "005010X222A1",
    "837I": "005010X223A2",
    "837D": "005010X224A2",
}
"""GS08 and ST03."""
MOST_ITEMS_A_SET = 5000
"""The guides' recommendation for claims of a transaction set."""
ITEMS_A_SET = 1000
POOL_ITEMS = 5000
"""Claims or members that are made one by one, unless sets are larger."""
LEAST_ITEM_BYTES = 300
"""No claim or member takes less with its lines; tells how many to make for a file of a size."""
SHORT_SET_NUMBER, LONG_SET_NUMBER = 4, 9
"""Digits of ST02."""
MOST_SHORT_SET_NUMBERS = 9999
ENVELOPE_ROOM = 700
"""Bytes kept free around a set, so that a file of a size is never larger."""
HIGHEST_CONTROL = 999_999_999
TIME = "1200"
DAY_AS_OF = date(2026, 6, 1)


class UnmakeableFile(Final):
    """What was asked for cannot be made."""


@dataclass(frozen=True, slots=True)
class Party:
    """Who sends or receives: ISA05 with ISA06, GS02 or the same of the receiver, and a name."""

    id: str
    name: str
    qualifier: str = "ZZ"
    group_id: str = ""
    """GS02 or GS03; the interchange id where empty."""

    @property
    def application(self) -> str:
        """GS02 or GS03."""
        return self.group_id or self.id


SENDER = Party("SUBMITTER01", "EXAMPLE CLEARINGHOUSE")
RECEIVER = Party("RECEIVER01", "EXAMPLE HEALTH PLAN")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What file to make: so many claims or members (`items`), or as many as fit into so many bytes (`size`)."""

    kind: str
    """834, 837P, 837I or 837D."""
    items: int | None = None
    size: int | None = None
    seed: int = 1
    usage: str = "T"
    """ISA15."""
    as_of: date = DAY_AS_OF
    """The day on which the file is made; services lie in the weeks before it."""
    sender: Party = SENDER
    receiver: Party = RECEIVER
    control_number: int = 1
    """ISA13 and GS06 of the first interchange; those after it count up."""
    items_per_set: int = ITEMS_A_SET
    sets_per_interchange: int | None = None
    """None: all sets stand in one interchange."""
    delimiters: Delimiters = DEFAULT
    line_breaks: bool = False
    """A line feed after every segment."""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise UnmakeableFile(f"A kind of file is one of {', '.join(KINDS)}.")
        if (self.items is None) == (self.size is None):
            raise UnmakeableFile("Say either how many claims or members the file has, or how large it is.")
        counts = (self.items, self.size, self.control_number, self.sets_per_interchange)
        if any(count is not None and count < 1 for count in counts):
            raise UnmakeableFile("Counts, sizes and control numbers begin at 1.")
        if not 1 <= self.items_per_set <= MOST_ITEMS_A_SET:
            raise UnmakeableFile(f"A transaction set has 1 to {MOST_ITEMS_A_SET} claims or members.")
        if self.usage not in {"P", "T"}:
            raise UnmakeableFile("Usage is P or T.")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a file: ISA, GS, a whole transaction set (`SET`), GE or IEA."""

    name: str
    interchange: int
    """Ordinals in the file and in the interchange, from 1."""
    transaction_set: int
    content: bytes


@dataclass(slots=True)
class Made:
    """What a file came to."""

    size: int = 0
    interchanges: int = 0
    transaction_sets: int = 0
    items: int = 0
    """Claims or members."""
    segments: int = 0


def write(path: Path, request: Request) -> Made:
    """Write the file that was asked for; there are always whole interchanges in it, with one claim or member at least.

    Raises:
        UnmakeableFile: control numbers run out.
    """
    made = Made()
    with whole_file(path) as file:
        for piece in pieces(request, made):
            file.write(piece.content)
    return made


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file that is there when it was written to its end, and not before."""
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb", buffering=1 << 20) as file:
            yield file
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def generate(request: Request) -> bytes:
    """The same file in memory."""
    return b"".join(piece.content for piece in pieces(request, Made()))


def pieces(request: Request, made: Made) -> Iterator[Piece]:
    """The parts of the file in order; `made` is kept up with them."""
    pool = _Pool(request)
    envelope = Envelope(request)
    open_sets = 0
    while True:
        body, cuts = pool.body(made.transaction_sets)
        cut = _last_cut(request, made, cuts)
        if cut is None:
            break
        if not open_sets:
            made.interchanges += 1
            yield from envelope.opening(made)
        open_sets += 1
        made.transaction_sets += 1
        made.items += cut.items
        yield envelope.transaction_set(made, body, cut, open_sets)
        if open_sets == request.sets_per_interchange:
            yield from envelope.closing(made, open_sets)
            open_sets = 0
        if cut is not cuts[-1]:
            break
    if open_sets:
        yield from envelope.closing(made, open_sets)


def _last_cut(request: Request, made: Made, cuts: list[Cut]) -> Cut | None:
    """Where the next set of the file ends, or None where there is no next set."""
    if request.items is not None:
        left = request.items - made.items
        return cuts[min(left, len(cuts)) - 1] if left else None
    room = (request.size or 0) - made.size - ENVELOPE_ROOM
    fitting = bisect_right(cuts, room, key=lambda cut: cut.offset)
    if fitting == 0 and made.items == 0:
        return cuts[0]
    return cuts[fitting - 1] if fitting else None


SetHeader = Callable[[Request, str, int, Cut], list[str]]
"""Writes ST and what stands before the first billing provider or member: of a request, with ST02, for a set of the
file by its ordinal, with so much in it."""


class Envelope:
    """Headers and trailers of a file; it counts what it writes."""

    def __init__(self, request: Request) -> None:
        self.request = request
        four = request.delimiters
        self.translation = bytes.maketrans(
            b"*:^~", f"{four.element}{four.component}{four.repetition}{four.segment}".encode("ascii")
        )
        self.set_digits = LONG_SET_NUMBER if _may_have_many_sets(request) else SHORT_SET_NUMBER

    def _piece(self, name: str, made: Made, number: int, *segments: str) -> Piece:
        content = self.encode("~".join(segments) + "~")
        made.segments += len(segments)
        made.size += len(content)
        return Piece(name, made.interchanges, number, content)

    def encode(self, text: str) -> bytes:
        """Text with the usual separators as bytes with those of the file."""
        if self.request.line_breaks:
            text = text.replace("~", "~\n")
        return text.encode("ascii").translate(self.translation)

    def opening(self, made: Made) -> Iterator[Piece]:
        """ISA and GS."""
        request = self.request
        number = self._control_number(made)
        sender, receiver, sent = request.sender, request.receiver, day(request.as_of)
        yield self._piece(
            "ISA",
            made,
            0,
            f"ISA*00*{'':10}*00*{'':10}*{sender.qualifier}*{sender.id:15}*{receiver.qualifier}*{receiver.id:15}*{sent[2:]}"
            f"*{TIME}*^*00501*{number:09d}*0*{request.usage}*:",
        )
        yield self._piece(
            "GS",
            made,
            0,
            f"GS*{'BE' if request.kind == '834' else 'HC'}*{sender.application}*{receiver.application}*{sent}*{TIME}"
            f"*{number}*X*{GUIDES[request.kind]}",
        )

    def transaction_set(
        self, made: Made, body: bytes | memoryview, cut: Cut, ordinal: int, header: SetHeader | None = None
    ) -> Piece:
        """ST to SE, around so much of a body."""
        number = f"{made.transaction_sets:0{self.set_digits}d}"
        head = (header or set_header)(self.request, number, made.transaction_sets, cut)
        segments = len(head) + cut.segments + 1
        start = self.encode("~".join(head) + "~")
        end = self.encode(f"SE*{segments}*{number}~")
        content = b"".join((start, body[: cut.offset], end))
        made.segments += segments
        made.size += len(content)
        return Piece("SET", made.interchanges, ordinal, content)

    def closing(self, made: Made, sets: int) -> Iterator[Piece]:
        """GE and IEA."""
        number = self._control_number(made)
        yield self._piece("GE", made, sets, f"GE*{sets}*{number}")
        yield self._piece("IEA", made, sets, f"IEA*1*{number:09d}")

    def _control_number(self, made: Made) -> int:
        number = self.request.control_number + made.interchanges - 1
        if number > HIGHEST_CONTROL:
            raise UnmakeableFile("There are no control numbers beyond 999999999.")
        return number


def _may_have_many_sets(request: Request) -> bool:
    items = request.items or (request.size or 0) // LEAST_ITEM_BYTES
    return items >= request.items_per_set * MOST_SHORT_SET_NUMBERS


def set_header(request: Request, number: str, ordinal: int, cut: Cut) -> list[str]:
    """ST and what stands before the first billing provider or member."""
    sender, receiver, sent = request.sender, request.receiver, day(request.as_of)
    reference = f"{sent}{request.control_number:09d}{ordinal:06d}"
    if request.kind != "834":
        return [
            f"ST*837*{number}*{GUIDES[request.kind]}",
            f"BHT*0019*00*{reference}*{sent}*{TIME}*CH",
            f"NM1*41*2*{sender.name}*****46*{sender.id}",
            "PER*IC*EDI SUPPORT*TE*6145550112*EX*123",
            f"NM1*40*2*{receiver.name}*****46*{receiver.id}",
        ]
    return [
        f"ST*834*{number}*{GUIDES['834']}",
        f"BGN*00*{reference}*{sent}*{TIME}****2",
        f"REF*38*POL{ordinal:06d}",
        f"DTP*007*D8*{day(request.as_of.replace(day=1))}",
        f"QTY*TO*{cut.items}",
        f"QTY*ET*{cut.subscribers}",
        f"QTY*DT*{cut.items - cut.subscribers}",
        f"N1*P5*EXAMPLE EMPLOYER {ordinal}*FI*{tin(ordinal)}",
        f"N1*IN*{receiver.name}*FI*{tin(0)}",
    ]


def _end(request: Request, cut: Cut) -> int:
    """Where the cut is in a body as it is written."""
    return cut.offset + (cut.segments if request.line_breaks else 0)


class _Pool:
    """Bodies that are made one by one, and made anew by their running numbers as often as the file needs."""

    def __init__(self, request: Request) -> None:
        wanted = request.items or (request.size or 0) // LEAST_ITEM_BYTES + 1
        per_set = min(request.items_per_set, wanted)
        most = max(1, POOL_ITEMS // request.items_per_set)
        bodies = [
            MAKERS[request.kind](Dice(request.seed, request.kind, number), request.kind, request.as_of, per_set)
            for number in range(min(most, -(-wanted // per_set)))
        ]
        text = Envelope(request).encode("".join(part for body in bodies for part in body.parts))
        self.text = SerialText(text)
        self.cuts = [[replace(cut, offset=_end(request, cut)) for cut in body.cuts] for body in bodies]
        ends = list(accumulate(cuts[-1].offset for cuts in self.cuts))
        self.extents = list(pairwise([0, *ends]))
        self.filled = -1
        self.view = memoryview(b"")

    def body(self, number: int) -> tuple[memoryview, list[Cut]]:
        """The body of a set of the file, counted from 0, and its cuts. The next call may overwrite it."""
        copy, place = divmod(number, len(self.extents))
        if copy != self.filled:
            self.view = self.text.fill(copy)
            self.filled = copy
        start, stop = self.extents[place]
        return self.view[start:stop], self.cuts[place]
