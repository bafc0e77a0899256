"""A scan of ours in pyx12's terms: its codes, its places."""

from __future__ import annotations

from edi.finding_codes import CODES, ERROR, REJECT
from edi.findings import Finding
from edi.scan import Scan
from tests.parity.pyx12_reading import Reading
from tests.parity.rows import ENVELOPE, Place, Rows

SEGMENT_CODES = {
    "LEADING_SPACE": "blank",
    "SEGMENT_UNKNOWN": "1",
    "SEGMENT_UNEXPECTED": "1",
    "CONTENT_OUTSIDE_SET": "1",
    "CONTENT_OUTSIDE_GROUP": "1",
    "GARBAGE_AFTER_INTERCHANGE": "1",
    "SET_UNSUPPORTED": "1",
    "SET_ID_INVALID": "1",
    "SEGMENT_NOT_USED": "2",
    "SEGMENT_ELEMENTS": "8",
    "TRAILING_SEPARATOR": "SEG1",
    "HL_SEQUENCE": "HL1",
    "HL_PARENT": "HL2",
    "LX_SEQUENCE": "LX",
    "SET_CONTROL_MISMATCH": "ST3",
    "SEGMENT_COUNT_WRONG": "ST4",
    "SET_CONTROL_DUPLICATE": "ST23",
    "GROUP_CONTROL_MISMATCH": "GS4",
    "SET_COUNT_WRONG": "GS5",
    "GROUP_CONTROL_DUPLICATE": "GS6",
    "INTERCHANGE_CONTROL_MISMATCH": "ISA001",
    "GROUP_COUNT_WRONG": "ISA021",
    "INTERCHANGE_DUPLICATE": "ISA025",
}
"""What pyx12 says of a segment as such."""
COUNTED_CODES = {"SEGMENT_MISSING": "3", "LOOP_TOO_MANY": "4", "SEGMENT_TOO_MANY": "5"}
"""What pyx12 says of a segment or loop of the guide."""
TRAILER_CODES = {
    "SET_TRAILER_MISSING": ("ST_LOOP", "SE", "ST2"),
    "GROUP_TRAILER_MISSING": ("GS_LOOP", "GE", "GS3"),
    "INTERCHANGE_TRAILER_MISSING": ("ISA_LOOP", "IEA", "ISA023"),
}
"""A missing segment to pyx12, except at the end of the file, where it has a code of its own."""
ELEMENT_CODES = {
    "ELEMENT_CONDITIONAL_MISSING": "note",
    "ELEMENT_EXCLUSION": "exclusion",
    "ELEMENT_MISSING": "1",
    "ELEMENT_TOO_MANY": "elements",
    "ELEMENT_COMPONENTS": "components",
    "ELEMENT_SHORT": "4",
    "ELEMENT_LONG": "5",
    "ELEMENT_CHARACTER": "6",
    "ELEMENT_CODE": "7",
    "ELEMENT_PATTERN": "7",
    "SET_GUIDE_MISMATCH": "7",
    "ELEMENT_DATE": "8",
    "ELEMENT_TIME": "9",
    "ELEMENT_NOT_USED": "10",
    "ELEMENT_REPETITIONS": "12",
}


def in_terms_of_pyx12(scan: Scan, rows: Rows) -> Reading:
    """The same findings under pyx12's codes; those that pyx12 has no code for keep their own name."""
    reading = Reading()
    findings = [one for one in scan.findings if CODES[one.code].severity in {ERROR, REJECT}]
    reading.places = {_place(finding, rows) for finding in findings}
    reading.noted = {_place(one, rows) for one in scan.findings} - reading.places
    # an ST02 that is wrong is reported as an element too, by its very fault
    named = {(place.row, place.element) for place in reading.places if place.code != "SET_CONTROL_INVALID"}
    reading.places = {
        place
        for place in reading.places
        if place.code != "SET_CONTROL_INVALID" or (place.row, place.element) not in named
    }
    reading.accepted = not findings
    return reading


def _place(finding: Finding, rows: Rows) -> Place:
    code = finding.code
    number = rows.number_at(finding.source_start)
    row = rows.of(number)
    if code in TRAILER_CODES:
        loop, segment, at_end = TRAILER_CODES[code]
        return Place(number, at_end) if row is None else Place(number, "3", 0, 0, loop, segment)
    if code in SEGMENT_CODES:
        return Place(number, SEGMENT_CODES[code])
    if code in COUNTED_CODES:
        segment = "" if code == "LOOP_TOO_MANY" else finding.segment_id
        return Place(number, COUNTED_CODES[code], 0, 0, finding.loop, segment)
    if row and row.id in ENVELOPE and finding.element:
        return Place(number, "element", finding.element)
    return Place(number, ELEMENT_CODES.get(code, code), finding.element, finding.component)


def misplaced(scan: Scan, rows: Rows) -> list[Finding]:
    """Findings whose position in the set is not that of the segment which holds their bytes."""
    wrong = []
    for interchange in scan.interchanges:
        for group in interchange.groups:
            starts = [rows.number_at(one.source_start) for one in group.sets]
            wrong += [
                finding
                for finding in scan.findings
                if (finding.interchange, finding.functional_group) == (interchange.ordinal, group.ordinal)
                and finding.segment_position
                and starts[finding.transaction_set - 1] + finding.segment_position - 1
                != rows.number_at(finding.source_start)
            ]
    return wrong
