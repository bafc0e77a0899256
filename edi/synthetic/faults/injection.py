"""Put faults into a file while it is written, and say where they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from edi.synthetic.dice import Dice
from edi.synthetic.faults.catalogue import CATALOGUE
from edi.synthetic.faults.fault import Draft, Fault, NoPlace, Spot
from edi.synthetic.files import Made, Piece, Request, UnmakeableFile, pieces, whole_file


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a fault is; ordinals and elements count from 1, 0 means none or nowhere in particular."""

    fault: str
    """Its name, which is the finding code."""
    does: str
    interchange: int
    functional_group: int
    transaction_set: int
    """Of the interchange."""
    segment_position: int
    """In the transaction set, ST = 1."""
    segment_id: str
    element: int
    component: int
    repetition: int
    offset: int
    """Byte in the file at which the damaged segment, or the damaged part of the file, begins."""


def write_faulty(path: Path, request: Request, faults: Sequence[str], *, at_set: int = 1) -> tuple[Made, list[Placed]]:
    """Write a file with faults; those of sets go into the set of this ordinal of the file, the others around it.

    Raises:
        UnmakeableFile: a fault is unknown, or not for this kind of file.
        NoPlace: a fault finds nothing to damage in the file, or beside the other faults.
    """
    made, placed = Made(), list[Placed]()
    with whole_file(path) as file:
        for content in faulty(request, faults, made, placed, at_set=at_set):
            file.write(content)
    return made, placed


def generate_faulty(request: Request, faults: Sequence[str], *, at_set: int = 1) -> tuple[bytes, list[Placed]]:
    """The same file in memory."""
    placed: list[Placed] = []
    return b"".join(faulty(request, faults, Made(), placed, at_set=at_set)), placed


def faulty(
    request: Request, faults: Sequence[str], made: Made, placed: list[Placed], *, at_set: int = 1
) -> Iterator[bytes]:
    """The parts of the file; `placed` is filled as they come, `made` counts the file as it was before the faults."""
    left = [_known(name, request.kind) for name in faults]
    around = _Around(request)
    offset = 0
    for piece in pieces(request, made):
        content = piece.content
        mine = around.takes(piece, made, at_set)
        here = [fault for fault in left if fault.part == piece.name] if mine else []
        if here or around.must_recount(piece, mine=mine):
            content = around.damage(piece, here, offset, placed)
            left = [fault for fault in left if fault not in here]
        yield content
        offset += len(content)
    if left:
        raise NoPlace(f"The file has no transaction set {at_set} to put faults into.")


def _known(name: str, kind: str) -> Fault:
    fault = CATALOGUE.get(name)
    if fault is None:
        raise UnmakeableFile(f"There is no fault '{name}'; `edi generate faults` lists them.")
    if kind not in fault.kinds:
        raise UnmakeableFile(f"The fault {name} is for {', '.join(fault.kinds)}, not for {kind}.")
    return fault


class _Around:
    """What was written last around the set that is damaged."""

    def __init__(self, request: Request) -> None:
        self.request = request
        four = request.delimiters
        self.plain = str.maketrans(f"{four.element}{four.component}{four.repetition}{four.segment}", "*:^~")
        self.written = str.maketrans("*:^~", f"{four.element}{four.component}{four.repetition}{four.segment}")
        self.group: str = ""
        self.last_set: list[str] = []
        self.extra_sets = self.extra_groups = 0
        self.interchange = 0
        """That of the damaged set, once it is known."""

    def takes(self, piece: Piece, made: Made, at_set: int) -> bool:
        """Does this part belong to the set that is damaged, or stand around it?"""
        per_interchange = self.request.sets_per_interchange
        wanted = 1 if per_interchange is None else 1 + (at_set - 1) // per_interchange
        if piece.name == "SET":
            return made.transaction_sets == at_set
        return piece.interchange == wanted

    def must_recount(self, piece: Piece, *, mine: bool) -> bool:
        """Must a count of the trailer follow what was repeated before it?"""
        return mine and (
            (piece.name == "GE" and self.extra_sets > 0)
            or (piece.name == "IEA" and self.extra_groups > 0)
            or piece.name in {"GS", "SET"}
        )

    def damage(self, piece: Piece, faults: Sequence[Fault], offset: int, placed: list[Placed]) -> bytes:
        """The part with its faults."""
        segments = self._read(piece.content)
        if piece.name == "GS":
            self.group = segments[0]
        elif piece.name == "SET":
            self.last_set = list(segments)
        elif piece.name == "GE":
            segments[0] = f"GE*{int(segments[0].split('*')[1]) + self.extra_sets}*{segments[0].split('*')[2]}"
        elif piece.name == "IEA":
            segments[0] = f"IEA*{int(segments[0].split('*')[1]) + self.extra_groups}*{segments[0].split('*')[2]}"
        spots: list[tuple[Fault, Spot]] = []
        for fault in faults:
            draft = Draft(segments, Dice(self.request.seed, fault.code), (self.group, *self.last_set))
            with _beside([other for other, _ in spots], fault):
                spot = fault.edit(draft)
            spots = [(other, _moved(earlier, segments, draft.segments)) for other, earlier in spots]
            spots.append((fault, spot))
            segments = draft.segments
            self.extra_sets += draft.extra_sets
            self.extra_groups += draft.extra_groups
        with _beside([fault for fault, _ in spots[:-1]], spots[-1][0]) if spots else nullcontext():
            if piece.name == "SET" and all(fault.counted for fault in faults):
                trailer = segments[-1].split("*")
                segments[-1] = f"SE*{len(segments)}*{trailer[2]}"
            for fault, spot in spots:
                before = self._write(segments[: spot.segment or 0])
                placed.append(_placed(fault, spot, piece, segments, offset + len(before)))
        return self._write(segments)

    def _read(self, content: bytes) -> list[str]:
        text = content.decode("latin-1").translate(self.plain)
        if self.request.line_breaks:
            text = text.replace("~\n", "~")
        return text.split("~")[:-1]

    def _write(self, segments: Sequence[str]) -> bytes:
        end = "~\n" if self.request.line_breaks else "~"
        return "".join(segment + end for segment in segments).translate(self.written).encode("latin-1")


@contextmanager
def _beside(others: Sequence[Fault], fault: Fault) -> Iterator[None]:
    """What a fault was to be put into may be gone, or be something else, after others were put in."""
    try:
        yield
    except NoPlace as problem:
        raise NoPlace(f"{fault.code}: {problem}") from None
    except (LookupError, ArithmeticError, ValueError):
        if not others:
            raise
        raise NoPlace(f"{fault.code} finds no place beside {', '.join(one.code for one in others)}.") from None


def _moved(spot: Spot, before: Sequence[str], after: Sequence[str]) -> Spot:
    """Where an earlier fault is found after a later one inserted or left out segments."""
    if spot.segment is None or len(before) == len(after):
        return spot
    changed = next(
        (place for place, (one, other) in enumerate(zip(before, after, strict=False)) if one != other), len(before)
    )
    moved = spot.segment + len(after) - len(before) if spot.segment >= changed else spot.segment
    return replace(spot, segment=moved)


def _placed(fault: Fault, spot: Spot, piece: Piece, segments: Sequence[str], offset: int) -> Placed:
    is_set = piece.name == "SET"
    segment_id = spot.segment_id
    if spot.segment is not None and not segment_id and not spot.unnamed:
        segment_id = segments[spot.segment].strip().split("*")[0]
    return Placed(
        fault=fault.code,
        does=fault.does,
        interchange=piece.interchange,
        functional_group=0 if piece.name in {"ISA", "IEA"} else 1 + (0 if is_set else spot.later),
        transaction_set=piece.transaction_set + spot.later if is_set else 0,
        segment_position=spot.segment + 1 if is_set and spot.segment is not None and fault.counted else 0,
        segment_id=segment_id,
        element=spot.element,
        component=spot.component,
        repetition=spot.repetition,
        offset=offset,
    )
