"""Causes of differences in the elements of one segment."""

from __future__ import annotations

import re
from datetime import datetime

from edi.guides.node import NOT_USED
from edi.money import CENTS
from tests.parity.comparison import Difference

VALUE_CODES = frozenset("1456789")
"""pyx12's codes about a value."""
FORMS = {"D8": (8, "%Y%m%d"), "D6": (6, "%y%m%d"), "DT": (12, "%Y%m%d%H%M"), "TM": (4, "%H%M")}
MONETARY_AMOUNT, FORMAT_QUALIFIER = "782", "1250"


def component_in_simple(difference: Difference) -> bool:
    """The value holds a component separator where the guide has no composite."""
    separator, specification, row = difference.case.rows.component, difference.specification, difference.row
    if difference.code == "note" and difference.is_ours and row:
        return any(value and not value.strip(separator) for value in row.elements)
    if specification is None or specification.components or separator not in difference.value:
        return False
    if specification.usage == NOT_USED:
        return difference.code == ("10" if difference.is_ours else "6")
    return difference.is_ours and difference.code in {"4", "5"} and difference.beside("6")


def repetition(difference: Difference) -> bool:
    """The value holds the repetition separator."""
    separator, specification = difference.case.rows.repetition, difference.specification
    if not separator or specification is None or separator not in difference.value:
        return False
    if difference.code == "12":
        return difference.is_ours and difference.value.count(separator) >= specification.repeat
    return difference.code in VALUE_CODES or (difference.code == "10" and not difference.is_ours)


def characters(difference: Difference) -> bool:
    """The value holds a character beyond printable ASCII, and one of the two says so in place of another fault."""
    if difference.value.isascii() and difference.value.isprintable():
        return False
    if difference.is_ours:
        return difference.code == "6" and bool({"8", "9"} & difference.others)
    return difference.code in {"7", "8", "9"} and ("6" in difference.others or difference.beside("6"))


def exact_format(difference: Difference) -> bool:
    """The value has not the format that the qualifier before it names."""
    node, row, component = difference.node, difference.row, difference.place.component
    if difference.code not in {"8", "9"} or node is None or row is None:
        return False
    if difference.code == "9" and difference.beside("4"):
        return difference.is_ours  # too short for any time
    specifications, values = node.elements, row.elements[1:]
    if component:
        specifications = node.elements[difference.place.element - 1].components
        values = tuple(difference.value.split(difference.case.rows.component))
    place = component or difference.place.element
    before = zip(specifications[:place], values, strict=False)
    qualifiers = [value for one, value in before if one.data_element == FORMAT_QUALIFIER]
    if not difference.is_ours:  # no format is named, or none that there is
        return bool(qualifiers) and qualifiers[-1] not in {*FORMS, "RD8"}
    return bool(qualifiers) and not _has_format(values[place - 1], qualifiers[-1])


def _has_format(value: str, qualifier: str) -> bool:
    if qualifier == "RD8":
        return value[8:9] == "-" and _has_format(value[:8], "D8") and _has_format(value[9:], "D8")
    length, form = FORMS.get(qualifier, (0, ""))
    if len(value) != length or not value.isdigit():
        return False
    try:
        datetime.strptime(value, form)  # noqa: DTZ007 - whether it can be read is all that is asked
    except ValueError:
        return False
    return True


def foreign_postal_code(difference: Difference) -> bool:
    """N404 names a country that is not the United States."""
    row, node = difference.row, difference.node
    if row is None or node is None or difference.is_ours or (node.id, *difference.place[1:3]) != ("N4", "7", 3):
        return False
    return row.element(4) not in {"", "US", "USA"}


def whole_pattern(difference: Difference) -> bool:
    """The value only holds what the guide's pattern asks for."""
    specification, value = difference.specification, difference.value
    if not difference.is_ours or difference.code != "7" or specification is None or not specification.pattern:
        return False
    return bool(re.search(specification.pattern, value)) and not re.fullmatch(specification.pattern, value)


def cents(difference: Difference) -> bool:
    """An amount with a fraction of a cent."""
    specification = difference.specification
    return (
        difference.is_ours
        and difference.code == "6"
        and specification is not None
        and specification.data_element == MONETARY_AMOUNT
        and len(difference.value.partition(".")[2].rstrip("0")) > CENTS
    )


def said_once(difference: Difference) -> bool:
    """A syntax note asks for the element that both report as missing."""
    return difference.code == "note" and not difference.is_ours and difference.beside("1")


def no_data(difference: Difference) -> bool:
    """The segment has no data, and we say something else of it."""
    row = difference.row
    return (
        difference.place[1:3] == ("8", 0)
        and not difference.is_ours
        and row is not None
        and not any(row.elements[1:])
        and any(place.row == row.number for place in difference.case.ours.places)
    )


def empty_at_end(difference: Difference) -> bool:
    """Beyond the elements of the segment there are only empty ones."""
    row, node = difference.row, difference.node
    return (
        difference.code == "elements"
        and not difference.is_ours
        and row is not None
        and node is not None
        and not any(row.elements[len(node.elements) + 1 :])
        and difference.case.has(row.number, "SEG1")
    )
