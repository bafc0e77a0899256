"""Claims as the text of a 277CA's levels, in columns: a file may hold a hundred thousand of them.

Loops 2000D to 2220D of every claim are made at once. HL numbers are given in, since they depend on what stands around.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from edi.dates import format_date
from edi.delimiters import Delimiters
from edi.money import from_cents

if TYPE_CHECKING:
    from datetime import date

    from edi.claim_answers import ClaimAnswers

Column: TypeAlias = pa.ChunkedArray
"""Or an Array: of text, null where there is nothing."""

ACCEPTED = "A2:20:PR"
"""Accepted into adjudication."""
ACCEPT, REJECT = "WQ", "U"
"""STC03."""
INSTITUTIONAL = "I"
MOST_STATUSES = 3
"""STC01, STC10 and STC11."""
STATUS_PLACES = (1, 10, 11)
MESSAGE_PLACE = 12
TRACKING = "TRACKING NUMBER "
"""STC12 of a correction, before its number."""
SERVICE_QUALIFIERS = ("AD", "ER", "HC", "HP", "IV", "WK")
"""SVC01-1 of a line with a procedure."""
DENTAL, USUAL, USUAL_DENTAL = "D", "HC", "AD"
"""SVC01-1 where the line's own qualifier is none of these."""
REVENUE = "NU"
"""SVC01-1 of a line with a revenue code alone."""
BETWEEN = "\x1f"
"""Between the components of a service until the separators are known; no value can hold it."""
MODIFIER_LENGTH = 2
UNKNOWN = "UNKNOWN"
"""What stands where the guide wants a value and the claim, legally, has none."""
LENGTHS = {"last": 60, "first": 35, "id": 80, "number": 50, "code": 48}
"""Longest values of NM103, NM104, NM109, REF02 and TRN02, and SVC01-2."""


class Style(NamedTuple):
    """How text is written: under these separators, of this day."""

    delimiters: Delimiters
    today: str
    """STC02, CCYYMMDD."""

    def segment(self, *elements: Column | str) -> Column:
        """A segment of each row; null where one of its elements is."""
        parts: list[Column | pa.Scalar] = []
        for place, element in enumerate(elements):
            separator = self.delimiters.element if place else ""
            if isinstance(element, str):
                parts.append(pa.scalar(separator + element, pa.string()))
            else:
                parts += [pa.scalar(separator, pa.string()), element]
        return joined(*parts, pa.scalar(self.delimiters.segment, pa.string()))

    def trimmed(self, segments: Column) -> Column:
        """Without empty components and elements at an end."""
        element, component, terminator = (
            re.escape(one) for one in (self.delimiters.element, self.delimiters.component, self.delimiters.segment)
        )
        shorter = pc.replace_substring_regex(segments, f"(?:{component})+({element}|{terminator})", r"\1")
        end = self.delimiters.segment.replace("\\", r"\\")
        return pc.replace_substring_regex(shorter, f"(?:{element})+{terminator}", end)


def joined(*parts: Column | pa.Scalar) -> Column:
    """Row by row one text; null where a part is."""
    return pc.binary_join_element_wise(*parts, pa.scalar("", pa.string()))


def told(column: Column, length: str) -> Column:
    """Text as it can be written: accents dropped, no control characters, cut where the element ends; null if empty."""
    if pc.any(pc.match_substring_regex(column, "[^ -~]")).as_py():
        spaced = pc.replace_substring_regex(column, "[\x00-\x1f\x7f]", " ")
        column = pc.replace_substring_regex(pc.utf8_normalize(spaced, "NFKD"), "[^ -~]", "")
    column = pc.utf8_trim_whitespace(pc.utf8_slice_codeunits(column, 0, LENGTHS[length]))
    return pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)


def amounts(cents: Column) -> Column:
    """Money as X12 writes it; missing is 0."""
    return _of_distinct(pc.fill_null(cents, 0), from_cents)


def days(column: Column) -> Column:
    """Dates as CCYYMMDD."""
    return _of_distinct(column, format_date)


def _of_distinct(column: Column, write: Callable[[Any], str]) -> Column:
    """Each distinct value is written once."""
    known = column.unique()
    texts = pa.array([None if value is None else write(value) for value in known.to_pylist()], pa.string())
    return pc.take(texts, pc.index_in(column, known))


def plain(answers: ClaimAnswers) -> pa.Table:
    """The claims with everything that is text as it can be written."""
    claims = answers.claims
    lengths = {
        "batch_reference": "number",
        "submitter_name": "last",
        "submitter_first_name": "first",
        "submitter_id": "id",
        "billing_name": "last",
        "billing_first_name": "first",
        "billing_npi": "id",
        "billing_tin": "id",
        "patient_last_name": "last",
        "patient_first_name": "first",
        "subscriber_id": "id",
        "patient_control_number": "number",
        "clearinghouse_trace": "number",
        "facility_code": "code",
        "frequency_code": "code",
    }
    for name, length in lengths.items():
        claims = claims.set_column(claims.schema.get_field_index(name), name, told(claims[name], length))
    return claims


def claim_texts(
    claims: pa.Table, answers: ClaimAnswers, levels: pa.Table, style: Style, *, with_lines: bool = True
) -> Column:
    """Loops 2000D to 2220D of each claim: HL, NM1, TRN, STC, REF, DTP, and the lines that rejected it.

    `claims` are those of `plain`; `levels` has the columns `level` and `parent_level` in their order. Without lines
    nothing but their places is lost: a claim has the statuses of its lines among its own.
    """
    rejected = pc.is_null(claims["claim_number"])
    charge = amounts(claims["charge_cents"])
    message = pc.if_else(
        pc.is_valid(claims["tracking_number"]),
        joined(pa.scalar(TRACKING), pc.fill_null(claims["tracking_number"], "")),
        pa.scalar("", pa.string()),
    )
    accepted = style.trimmed(_status([composite(ACCEPTED, style)], ACCEPT, charge, message, style))
    refused = _statuses(claims, answers, charge, message, style)
    parts = [
        style.segment("HL", levels["level"], levels["parent_level"], "PT"),
        style.trimmed(
            style.segment(
                "NM1",
                "QC",
                "1",
                pc.fill_null(claims["patient_last_name"], UNKNOWN),
                pc.fill_null(claims["patient_first_name"], ""),
                "",
                "",
                "",
                "MI",
                pc.fill_null(claims["subscriber_id"], UNKNOWN),
            )
        ),
        style.segment("TRN", "2", pc.fill_null(claims["patient_control_number"], UNKNOWN)),
        pc.if_else(rejected, refused, accepted),
        _if_any(style.segment("REF", "1K", claims["claim_number"])),
        _if_any(style.segment("REF", "D9", claims["clearinghouse_trace"])),
        _bill_types(claims, style),
        _service_dates(claims, answers.received_date, style),
        *([_lines(claims, answers, style)] if with_lines else []),
    ]
    return joined(*parts)


def composite(status: str, style: Style) -> str:
    """`category:status:entity` under the separators."""
    return status.replace(":", style.delimiters.component)


def _status(statuses: list[Column | str], action: str, charge: Column | str, message: Column, style: Style) -> Column:
    """An STC, whose empty elements are not cut off yet."""
    elements: list[Column | str] = [""] * MESSAGE_PLACE
    elements[1], elements[2], elements[3] = style.today, action, charge
    for place, status in zip(STATUS_PLACES, statuses, strict=False):
        elements[place - 1] = status
    elements[MESSAGE_PLACE - 1] = message
    return style.segment("STC", *elements)


def _columns_of(statuses: Column, style: Style) -> list[Column | str]:
    """Up to three statuses, each a column of its own, empty where there are fewer."""
    padded = joined(statuses, pa.scalar(" " * (MOST_STATUSES - 1)))
    lists = pc.split_pattern(padded, " ", max_splits=MOST_STATUSES)
    columns = [pc.list_element(lists, place) for place in range(MOST_STATUSES)]
    return [pc.replace_substring(column, ":", style.delimiters.component) for column in columns]


def _statuses(claims: pa.Table, answers: ClaimAnswers, charge: Column, message: Column, style: Style) -> Column:
    """The STCs of each rejected claim: every status once, in the order found; null for the others."""
    found = answers.found.append_column("place", pa.array(range(answers.found.num_rows), pa.int64()))
    distinct = found.group_by(["row", "statuses"], use_threads=False).aggregate([("place", "min")]).sort_by("place_min")
    of_claim = pc.index_in(distinct["row"], claims["row"])
    distinct = distinct.filter(pc.is_valid(of_claim))
    of_claim = of_claim.drop_null()
    text = _status(
        _columns_of(distinct["statuses"], style), REJECT, charge.take(of_claim), message.take(of_claim), style
    )
    return _together(style.trimmed(text), distinct["row"], claims["row"])


def _together(texts: Column, owners: Column, rows: Column) -> Column:
    """The texts of each row joined in their order; null where it has none."""
    table = pa.table({"row": owners, "text": texts})
    grouped = table.group_by("row", use_threads=False).aggregate([("text", "list")])
    return pc.take(pc.binary_join(grouped["text_list"], ""), pc.index_in(rows, grouped["row"].combine_chunks()))


def _if_any(segments: Column) -> Column:
    return pc.fill_null(segments, "")


def _bill_types(claims: pa.Table, style: Style) -> Column:
    """REF*BLT of institutional claims: CLM05-1 and CLM05-3 (RFI 1744)."""
    institutional = pc.if_else(pc.equal(claims["kind"], INSTITUTIONAL), claims["facility_code"], None)
    return _if_any(style.segment("REF", "BLT", joined(institutional, claims["frequency_code"])))


def _service_dates(claims: pa.Table, received: date, style: Style) -> Column:
    """DTP*472: lines' first to last day; statement dates of institutional claims, always as a range.

    A predetermination, which alone may have no date, has the day of its receipt.
    """
    first = pc.fill_null(claims["service_from"], pa.scalar(received, pa.date32()))
    last = pc.coalesce(claims["service_through"], first)
    ranged = pc.and_(
        pc.less_equal(first, last), pc.or_(pc.equal(claims["kind"], INSTITUTIONAL), pc.not_equal(first, last))
    )
    period = joined(days(first), pa.scalar("-"), days(last))
    return pc.if_else(
        ranged, style.segment("DTP", "472", "RD8", period), style.segment("DTP", "472", "D8", days(first))
    )


def _lines(claims: pa.Table, answers: ClaimAnswers, style: Style) -> Column:
    """Loop 2220D of the lines that rejected their claim, with the first three statuses of each, none of them twice."""
    of_lines = answers.found.filter(pc.is_valid(answers.found["line_number"]))
    named = _services(answers.lines, claims)
    if not of_lines.num_rows or not named.num_rows:
        return pa.chunked_array([pa.array([""] * claims.num_rows, pa.string())])
    both = named.join(
        _statuses_of_lines(of_lines), ["parent_row", "line_number"], ["row", "line_number"], join_type="inner"
    )
    both = both.sort_by([("parent_row", "ascending"), ("line_number", "ascending")])
    empty = pa.chunked_array([pa.array([""] * both.num_rows, pa.string())])
    text = joined(
        style.trimmed(
            style.segment(
                "SVC",
                pc.replace_substring(both["service"], BETWEEN, style.delimiters.component),
                amounts(both["charge_cents"]),
                "",
                pc.fill_null(both["revenue"], ""),
                "",
                "",
                _quantities(both["quantity"]),
            )
        ),
        style.trimmed(_status(_columns_of(both["statuses"], style), REJECT, "", empty, style)),
        _if_any(style.segment("REF", "FJ", both["line_control_number"])),
        _if_any(_line_dates(both, style)),
    )
    return _if_any(_together(text, both["parent_row"], claims["row"]))


def _statuses_of_lines(found: pa.Table) -> pa.Table:
    """Of each line of what was found every status once, in the order found: row, line_number, statuses."""
    each = pc.split_pattern(found["statuses"], " ")
    of_finding = pc.list_parent_indices(each)
    told = found.select(["row", "line_number"]).take(of_finding).append_column("status", pc.list_flatten(each))
    told = told.append_column("place", pa.array(range(told.num_rows), pa.int64()))
    key = ["row", "line_number"]
    once = told.group_by([*key, "status"], use_threads=False).aggregate([("place", "min")]).sort_by("place_min")
    grouped = once.group_by(key, use_threads=False).aggregate([("status", "list")])
    return grouped.select(key).append_column("statuses", pc.binary_join(grouped["status_list"], " "))


def _services(lines: pa.Table, claims: pa.Table) -> pa.Table:
    """Lines with what was done as SVC01 and SVC04; what cannot be repeated as sent is said as it can be."""
    nothing = pa.scalar(None, pa.string())
    dental = pc.equal(pc.take(claims["kind"], pc.index_in(lines["parent_row"], claims["row"])), DENTAL)
    usual = pc.if_else(dental, USUAL_DENTAL, USUAL)
    known = pc.is_in(lines["procedure_qualifier"], pa.array(SERVICE_QUALIFIERS))
    qualifier = pc.if_else(known, lines["procedure_qualifier"], usual)
    code = told(lines["procedure_code"], "code")
    modifiers = [_modifier(lines[f"modifier_{place}"]) for place in range(1, 5)]
    procedure = pc.binary_join_element_wise(qualifier, code, *modifiers, BETWEEN)
    revenue = told(lines["revenue_code"], "code")
    unnamed = joined(usual, pa.scalar(BETWEEN + UNKNOWN))
    service = pc.coalesce(procedure, joined(pa.scalar(REVENUE + BETWEEN), revenue), unnamed)
    lines = lines.append_column("service", service)
    lines = lines.append_column("revenue", pc.if_else(pc.is_valid(procedure), revenue, nothing))
    number = told(pc.coalesce(lines["line_control_number"], pc.cast(lines["line_number"], pa.string())), "number")
    return lines.set_column(lines.schema.get_field_index("line_control_number"), "line_control_number", number)


def _modifier(column: Column) -> Column:
    """SVC01-3 to 6 have two characters; of a line that was refused for another one it is left out."""
    modifier = told(column, "code")
    return pc.fill_null(pc.if_else(pc.equal(pc.utf8_length(modifier), MODIFIER_LENGTH), modifier, ""), "")


def _quantities(column: Column) -> Column:
    """Decimals in their shortest form; nothing where there is none."""
    text = pc.fill_null(pc.cast(column, pa.string()), "")
    return pc.replace_substring_regex(pc.replace_substring_regex(text, r"(\.\d*?)0+$", r"\1"), r"\.$", "")


def _line_dates(lines: pa.Table, style: Style) -> Column:
    first, last = lines["service_from"], pc.coalesce(lines["service_through"], lines["service_from"])
    period = joined(days(first), pa.scalar("-"), days(last))
    return pc.if_else(
        pc.less(first, last), style.segment("DTP", "472", "RD8", period), style.segment("DTP", "472", "D8", days(first))
    )
