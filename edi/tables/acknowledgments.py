"""The complete tables of a 999 (005010X231, 005010X231A1): what became of a functional group of ours."""

from __future__ import annotations

from edi.tables.parts import header_columns
from edi.tables.specification import Column, Table


def _codes(segment: str, first: int, last: int) -> tuple[Column, ...]:
    return tuple(
        Column(f"error_code_{number}", f"anchor/{segment}{element:02}", description="what is wrong with it")
        for number, element in enumerate(range(first, last + 1), 1)
    )


GROUP = Table(
    "acknowledged_group",
    ("HEADER", "AK1"),
    (
        *header_columns(),
        Column("functional_id", "anchor/AK101", description="GS01 of what is acknowledged: HC, BE, HP ..."),
        Column("group_control_number", "anchor/AK102", description="GS06 of what is acknowledged"),
        Column("group_guide", "anchor/AK103", description="GS08 of what is acknowledged"),
        Column("code", "anchor/AK901", description="A accepted, E with errors, P partially, R rejected"),
        Column("sets_included", "anchor/AK902", "count", "transaction sets that the group says it holds (GE01)"),
        Column("sets_received", "anchor/AK903", "count", "transaction sets that came"),
        Column("sets_accepted", "anchor/AK904", "count", "transaction sets that were accepted"),
        *_codes("AK9", 5, 9),
    ),
    description="A functional group that is acknowledged (AK1, AK9).",
)

SET = Table(
    "acknowledged_set",
    ("2000", "AK2"),
    (
        Column("transaction", "anchor/AK201", description="ST01 of what is acknowledged: 837, 834 ..."),
        Column("set_control_number", "anchor/AK202", description="ST02 of what is acknowledged"),
        Column("set_guide", "anchor/AK203", description="ST03 of what is acknowledged"),
        Column("code", "anchor/IK501", description="A accepted, E with errors, R rejected"),
        *_codes("IK5", 2, 6),
    ),
    parent="acknowledged_group",
    description="A transaction set that is acknowledged (AK2, IK5).",
)

SEGMENT = Table(
    "acknowledged_segment",
    ("2100", "IK3"),
    (
        Column("segment_id", "anchor/IK301", description="segment with the error"),
        Column("position", "anchor/IK302", "count", "its place in the transaction set, ST being 1"),
        Column("loop_id", "anchor/IK303", description="LS01 of the loop around it, where there is one"),
        Column("error_code", "anchor/IK304", description="3 missing, 8 has element errors ..."),
    ),
    parent="acknowledged_set",
    description="A segment with an error (IK3).",
)

ELEMENT = Table(
    "acknowledged_element",
    ("2110", "IK4"),
    (
        Column("element", "anchor/IK401-1", "count", "place of the element in the segment"),
        Column("component", "anchor/IK401-2", "count", "place of the component in the composite"),
        Column("repetition", "anchor/IK401-3", "count", "which repetition"),
        Column("data_element", "anchor/IK402", "count", "X12 number of the data element"),
        Column("error_code", "anchor/IK403", description="1 missing, 6 invalid character, 7 invalid code ..."),
        Column("bad_value", "anchor/IK404", description="the value as we sent it"),
    ),
    parent="acknowledged_segment",
    description="An element with an error (IK4).",
)

CONTEXT = Table(
    "acknowledged_context",
    ("2100|2110", "CTX"),
    (
        Column("loop", "anchor", description="2100 about the segment, 2110 about the element"),
        Column("element_row", "row/acknowledged_element", "row", "the element that it is about"),
        Column("name", "anchor/CTX00-1", description="CLM01, NM109 ..., or SITUATIONAL TRIGGER"),
        Column("reference", "anchor/CTX00-2", description="value of the element that the name says"),
        Column("segment_id", "anchor/CTX02", description="segment that triggered it"),
        Column("position", "anchor/CTX03", "count", "place of that segment in the transaction set"),
        Column("loop_id", "anchor/CTX04", description="LS01 of the loop around it, where there is one"),
        Column("element", "anchor/CTX05-1", "count", "place of the element in that segment"),
        Column("component", "anchor/CTX05-2", "count", "place of the component in the composite"),
        Column("repetition", "anchor/CTX05-3", "count", "which repetition"),
        Column("data_element", "anchor/CTX06-1", "count", "X12 number of the data element"),
        Column("component_data_element", "anchor/CTX06-2", "count", "X12 number of the component"),
    ),
    parent="acknowledged_segment",
    explode=(1, 1),
    repetitions=True,
    description="Where an error is, in business terms: which claim or person, or what triggered it (CTX).",
)

ACKNOWLEDGMENT_TABLES = (GROUP, SET, SEGMENT, ELEMENT, CONTEXT)
"""All that a 999 says, parents first."""
