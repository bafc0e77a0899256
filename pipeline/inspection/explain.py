"""Explain a finding code, or one segment of a file by its guide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from edi.finding_codes import CODES
from edi.guides.node import NOT_USED, REQUIRED, UNLIMITED
from edi.reference.scanner import read_records
from edi.scanner import scan_file
from edi.trouble import Usage
from pipeline.inspection.access import reading
from pipeline.inspection.excerpt import MASK

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

    from edi.delimiters import Delimiters
    from edi.guides.guide import Guide
    from edi.guides.node import ElementSpecification, LoopNode, SegmentNode
    from edi.reference.records import SegmentRecord
    from edi.scan import Scan, TransactionSet

USAGES = {REQUIRED: "required", NOT_USED: "not used"}
BLOCK = 1 << 20
MOST_CODES = 12
"""Codes of a list that are shown."""


class NothingToExplain(Usage):
    """There is no such code, or no such segment in the file."""


@dataclass(frozen=True, slots=True)
class ElementLine:
    """One element or component of a segment, as the guide has it and as the file has it."""

    reference: str
    name: str
    usage: str
    form: str
    """Type and lengths, such as `AN 1-80`."""
    codes: str
    value: str


@dataclass(frozen=True, slots=True)
class SegmentExplanation:
    """A segment of a file and its place in the guide."""

    guide: str
    path: str
    """Loops from the outside in, such as `ST_LOOP > DETAIL > 2000A > 2010AA`."""
    segment: str
    name: str
    usage: str
    repeat: str
    position: int
    elements: tuple[ElementLine, ...]


def explain_code(code: str) -> dict[str, object]:
    """Everything that the table of finding codes says of one.

    Raises:
        NothingToExplain: there is no such code.
    """
    found = CODES.get(code.upper())
    if found is None:
        raise NothingToExplain(f"{code} is no finding code; docs/findings.md lists them all.")
    told = {"TA105": found.ta1, "AK905": found.ak905, "IK502": found.ik502, "IK304": found.ik304, "IK403": found.ik403}
    return {
        "code": found.id,
        "meaning": found.meaning,
        "level": found.level,
        "snip": found.snip,
        "severity": found.severity,
        "acknowledgment": {element: value for element, value in told.items() if value},
    }


def explain_segment(path: Path, place: tuple[int, int, int], position: int, *, show_values: bool) -> SegmentExplanation:
    """A segment by the ordinals of its interchange, group and set, and its position in the set, ST = 1.

    Raises:
        NothingToExplain: the file has no such segment, or it has no place in a guide.
        FileUnreadable: there is no such file, or it may not be read.
    """
    with reading(path):
        scanned = scan_file(path, snip=2)
        found = _set_at(scanned, place)
        data = _alone(path, scanned, place, found, position)
    for one in read_records(data):
        for record in one.segments:
            if record.position == position:
                return _explain(one.guide, record, one.delimiters, show_values=show_values)
    raise NothingToExplain(
        f"Segment {position} has no place in the guide, or the set has no guide, or fewer than that: "
        f"{found.segment_count} segments."
    )


def _set_at(scanned: Scan, place: tuple[int, int, int]) -> TransactionSet:
    interchange, group, transaction_set = (ordinal - 1 for ordinal in place)
    try:
        return scanned.interchanges[interchange].groups[group].sets[transaction_set]
    except IndexError:
        raise NothingToExplain("The file has no such interchange, group or transaction set.") from None


def _alone(path: Path, scanned: Scan, place: tuple[int, int, int], found: TransactionSet, position: int) -> bytes:
    """The set by itself under its ISA and GS, up to the segment: however large the file is, only this is read."""
    interchange = scanned.interchanges[place[0] - 1]
    group = interchange.groups[place[1] - 1]
    with path.open("rb") as stream:
        stream.seek(interchange.source_start)
        isa = stream.read(interchange.groups[0].source_start - interchange.source_start)
        stream.seek(group.source_start)
        header = stream.read(group.sets[0].source_start - group.source_start)
        stream.seek(found.source_start)
        terminator = interchange.delimiters.segment.encode("latin-1")
        return isa + header + b"".join(_blocks(stream, found, terminator, position))


def _blocks(stream: BinaryIO, found: TransactionSet, terminator: bytes, position: int) -> Iterator[bytes]:
    """The set from where the stream stands, until so many segments have passed, or some more."""
    left, passed = found.source_stop - found.source_start, 0
    while left > 0 and passed <= position and (block := stream.read(min(left, BLOCK))):
        yield block
        left -= len(block)
        passed += sum(not part.isspace() and bool(part) for part in block.split(terminator)) - 1


def _explain(guide: Guide, record: SegmentRecord, delimiters: Delimiters, *, show_values: bool) -> SegmentExplanation:
    node = record.node
    return SegmentExplanation(
        guide=guide.id,
        path=" > ".join(_loops(node)),
        segment=node.id,
        name=node.name,
        usage=USAGES.get(node.usage, "situational"),
        repeat="any number" if node.maximum == UNLIMITED else f"at most {node.maximum}",
        position=record.position,
        elements=tuple(_lines(node, record.elements, delimiters, show_values=show_values)),
    )


def _loops(node: SegmentNode) -> list[str]:
    loops: list[str] = []
    loop: LoopNode | None = node.parent
    while loop is not None:
        loops.insert(0, loop.id)
        loop = loop.parent
    return loops


def _lines(
    node: SegmentNode, elements: tuple[str, ...], delimiters: Delimiters, *, show_values: bool
) -> Iterator[ElementLine]:
    for place, specification in enumerate(node.elements, 1):
        value = elements[place] if place < len(elements) else ""
        if not specification.components:
            yield _line(specification, value, show_values=show_values)
            continue
        yield ElementLine(specification.reference, specification.name, _usage(specification), "composite", "", "")
        parts = value.split(delimiters.component)
        for number, component in enumerate(specification.components):
            yield _line(component, parts[number] if number < len(parts) else "", show_values=show_values)


def _line(specification: ElementSpecification, value: str, *, show_values: bool) -> ElementLine:
    codes = sorted(specification.codes)
    more = f" ... ({len(codes)} codes)" if len(codes) > MOST_CODES else ""
    return ElementLine(
        specification.reference,
        specification.name,
        _usage(specification),
        f"{specification.data_type} {specification.minimum}-{specification.maximum}",
        " ".join(codes[:MOST_CODES]) + more,
        value if show_values else MASK * len(value),
    )


def _usage(specification: ElementSpecification) -> str:
    return USAGES.get(specification.usage, "situational")
