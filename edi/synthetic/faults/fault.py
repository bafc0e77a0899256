"""What a fault is: an edit of one part of a right file, and the place where it must be found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from edi.synthetic.dice import Dice
from edi.trouble import Final

CLAIM_KINDS = ("837P", "837I", "837D")
KINDS = ("834", *CLAIM_KINDS)


class NoPlace(Final):
    """The file has nothing that this fault could damage."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where in the edited part the fault is found."""

    segment: int | None = None
    """Place of the segment in the part, from 0; None where the fault is not at a segment of it."""
    element: int = 0
    component: int = 0
    repetition: int = 0
    segment_id: str = ""
    """Where it is not that of the segment: a missing one is told under its own id."""
    unnamed: bool = False
    """Is the segment's id not told?"""
    later: int = 0
    """How many sets, or groups, behind the edited one it is found."""


class Draft:
    """The segments of one part of a file while a fault is put in. Segments have no terminators."""

    def __init__(self, segments: Sequence[str], dice: Dice, first: Sequence[str] = ()) -> None:
        self.segments = list(segments)
        self.dice = dice
        self.first = tuple(first)
        """The parts of the file before this one, for those that repeat them: ISA, GS and the last set."""
        self.extra_sets = 0
        self.extra_groups = 0

    def all(self, *beginnings: str, where: Callable[[list[str]], object] = bool) -> list[int]:
        """Places of the segments that begin so and fulfil a condition on their elements."""
        return [
            place for place, text in enumerate(self.segments) if text.startswith(beginnings) and where(text.split("*"))
        ]

    def any(self, *beginnings: str, where: Callable[[list[str]], object] = bool) -> int:
        """One of them.

        Raises:
            NoPlace: there is none.
        """
        return self.choose(self.all(*beginnings, where=where))

    def choose(self, places: Sequence[int]) -> int:
        """One of several places.

        Raises:
            NoPlace: there is none.
        """
        if not places:
            raise NoPlace("The file has no place for this fault; more claims or members would have one.")
        return self.dice.one(places)

    def next(self, place: int, *beginnings: str) -> int:
        """The first such segment behind a place."""
        found = [other for other in self.all(*beginnings) if other > place]
        if not found:
            raise NoPlace("The file has no place for this fault; more claims or members would have one.")
        return found[0]

    def before(self, place: int, *beginnings: str) -> int:
        """The last such segment before a place."""
        return max((other for other in self.all(*beginnings) if other < place), default=0)

    def unit(self, place: int) -> range:
        """The claim or member that begins at a place."""
        ends = ("CLM*", "HL*", "SE*") if self.segments[place].startswith("CLM*") else ("INS*", "SE*")
        stop = next(other for other in range(place + 1, len(self.segments)) if self.segments[other].startswith(ends))
        return range(place, stop)

    def units(self, where: Callable[[list[str]], object]) -> list[int]:
        """Places of the CLM or INS of claims and members whose segments fulfil a condition."""
        return [
            place for place in self.all("CLM*", "INS*") if where([self.segments[inside] for inside in self.unit(place)])
        ]

    def get(self, place: int, element: int, component: int = 0) -> str:
        """An element or component, empty where absent."""
        elements = self.segments[place].split("*")
        text = elements[element] if element < len(elements) else ""
        if component:
            parts = text.split(":")
            text = parts[component - 1] if component <= len(parts) else ""
        return text

    def put(self, place: int, element: int, value: str, component: int = 0) -> Spot:
        """Write an element or component; what becomes empty at the end of the segment is left out."""
        elements = self.segments[place].split("*")
        elements += [""] * (element + 1 - len(elements))
        if component:
            parts = elements[element].split(":")
            parts += [""] * (component - len(parts))
            parts[component - 1] = value
            elements[element] = ":".join(parts).rstrip(":")
        else:
            elements[element] = value
        self.segments[place] = "*".join(elements).rstrip("*")
        return Spot(place, element, component)

    def insert(self, place: int, *segments: str) -> Spot:
        """Write segments before a place."""
        self.segments[place:place] = segments
        return Spot(place)

    def remove(self, place: int) -> Spot:
        """Leave a segment out; it is missed where the next one stands."""
        segment_id = self.segments.pop(place).split("*")[0]
        return Spot(place, segment_id=segment_id)


Edit = Callable[[Draft], Spot]


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of the catalogue."""

    code: str
    """The finding code it provokes, a key of `edi.finding_codes.CODES`."""
    part: str
    """The part of the file it is put into: ISA, GS, SET, GE or IEA."""
    edit: Edit
    does: str
    """What is done, for people."""
    kinds: tuple[str, ...] = KINDS
    """Kinds of files it can be put into."""
    counted: bool = True
    """Is SE01 set to the number of segments afterwards?"""
    also: tuple[str, ...] = field(default=())
    """Further finding codes that follow from it by necessity."""
    stage: str = "scan"
    """Who finds it: the scanner, or `agreement` with what a trading partner may send."""
