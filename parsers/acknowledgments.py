"""What partners answer to what we sent: TA1 for our interchanges, 999 for our functional groups."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from edi.scan import Scan
from edi.sent_groups import plain_number

if TYPE_CHECKING:
    import pyarrow as pa

CODE = re.compile("[0-9A-Z]{1,3}", re.ASCII)
TAKEN = ("A", "E")
"""IK501 of a set that was accepted."""
ERROR_CODES = tuple(f"error_code_{number}" for number in range(1, 6))


@dataclass(frozen=True, slots=True)
class InterchangeAnswer:
    """A TA1 about an interchange of ours."""

    control_number: str
    """ISA13 of what we sent."""
    code: str
    """TA104: A, E or R."""
    note: str
    """TA105."""


@dataclass(frozen=True, slots=True)
class SetAnswer:
    """An AK2 to IK5 about a transaction set of ours."""

    transaction: str
    """ST01 of what we sent."""
    control_number: str
    """ST02 of what we sent."""
    code: str = ""
    """IK501: A, E or R; empty where IK5 is missing."""
    error_codes: tuple[str, ...] = ()
    """IK502 to IK506."""


@dataclass(frozen=True, slots=True)
class GroupAnswer:
    """A 999 about a functional group of ours."""

    functional_id: str
    """GS01 of what we sent."""
    control_number: str
    """GS06 of what we sent."""
    code: str = ""
    """AK901: A, E, P or R; empty where AK9 is missing."""
    error_codes: tuple[str, ...] = ()
    """AK905 to AK909."""
    sets: tuple[SetAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class Acknowledgments:
    """All answers in a file."""

    interchanges: tuple[InterchangeAnswer, ...]
    groups: tuple[GroupAnswer, ...]


def read(scan: Scan, tables: Mapping[str, pa.Table]) -> Acknowledgments:
    """The TA1s and 999s of a file; none where it holds no answers.

    A 999 without AK1 answers nothing, since nobody can say what. `tables` are those of
    `edi.tables.acknowledgments.ACKNOWLEDGMENT_TABLES`.
    """
    sets: dict[int, list[SetAnswer]] = defaultdict(list)
    for row in tables["acknowledged_set"].to_pylist():
        number = row["set_control_number"] or ""
        answer = SetAnswer(row["transaction"] or "", number, row["code"] or "", _error_codes(row))
        sets[row["parent_row"]].append(answer)
    return Acknowledgments(
        tuple(
            InterchangeAnswer(_element(segment, 1), _element(segment, 4), _element(segment, 5))
            for interchange in scan.interchanges
            for segment in interchange.acknowledgments
        ),
        tuple(
            GroupAnswer(
                row["functional_id"] or "",
                row["group_control_number"] or "",
                row["code"] or "",
                _error_codes(row),
                tuple(sets[row["row"]]),
            )
            for row in tables["acknowledged_group"].to_pylist()
        ),
    )


def answer_rows(scan: Scan, tables: Mapping[str, pa.Table]) -> pa.Table:
    """The same in rows, TA1s first.

    | column | |
    |---|---|
    | interchange | ordinal of the interchange that it came in |
    | ordinal | in the file, from 1 |
    | kind | TA1 or 999 |
    | functional_id | AK101, null of a TA1 |
    | control_number | TA101 or AK102, without zeros before it |
    | code, error_codes | TA104 and TA105, or AK901 and AK905 to AK909 with blanks between |
    | refused_sets | transaction sets whose IK501 is neither A nor E |

    What is no code and no number is empty: nobody knows what a partner's file may hold there.
    """
    import pyarrow as pa  # noqa: PLC0415 - the command line must start without Arrow

    refused: dict[int, int] = defaultdict(int)
    for row in tables["acknowledged_set"].to_pylist():
        refused[row["parent_row"]] += row["code"] not in TAKEN
    answers = [
        (interchange.ordinal, "TA1", None, _element(segment, 1), _element(segment, 4), _element(segment, 5), 0)
        for interchange in scan.interchanges
        for segment in interchange.acknowledgments
    ]
    answers += [
        (
            *(row["interchange"], "999", row["functional_id"], row["group_control_number"] or "", row["code"] or ""),
            *(" ".join(_error_codes(row)), refused[row["row"]]),
        )
        for row in tables["acknowledged_group"].to_pylist()
    ]
    schema = pa.schema(
        [
            *(("interchange", pa.int64()), ("kind", pa.string()), ("functional_id", pa.string())),
            *(("control_number", pa.string()), ("code", pa.string()), ("error_codes", pa.string())),
            *(("refused_sets", pa.int64()), ("ordinal", pa.int64())),
        ]
    )
    rows = [
        (place, kind, _code(group), _number(number), _code(code), _codes(errors), sets, ordinal)
        for ordinal, (place, kind, group, number, code, errors, sets) in enumerate(answers, 1)
    ]
    columns = zip(*rows, strict=True) if rows else ([] for _ in schema)
    return pa.Table.from_arrays(
        [pa.array(list(values), field.type) for values, field in zip(columns, schema, strict=True)], schema=schema
    )


def _code(text: str | None) -> str | None:
    return text if text is None or CODE.fullmatch(text) else ""


def _codes(text: str) -> str:
    return " ".join(code for code in text.split() if CODE.fullmatch(code))


def _number(text: str) -> str:
    number = plain_number(text)
    return number if number.isascii() and number.isdigit() else ""


def _element(elements: Sequence[str], place: int) -> str:
    return elements[place] if place < len(elements) else ""


def _error_codes(row: Mapping[str, Any]) -> tuple[str, ...]:
    """The codes that are there, of the five places for them."""
    return tuple(row[name] for name in ERROR_CODES if row[name])
