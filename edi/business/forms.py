"""Forms of identifiers and codes. Where a form is not certain it is lenient: it refuses only what can be no such code.

Letters are capitals throughout, as in all the code sets. A shape is a list of alternatives in a small part of the
language of regular expressions: characters or `[...]`, each perhaps with `{n}`, the last ones with `{m,n}` or `?`. The
compiled scanner reads the same alternatives; the forms that calculate have twins there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

NPI_PREFIX_SUM = 24
"""What the issuer prefix 80840 adds to the Luhn sum of the digits behind it."""
ROUTING_WEIGHTS = (3, 7, 1, 3, 7, 1, 3, 7, 1)

SHAPES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "taxonomy": ("[0-9]{3}[0-9A-Z]{6}[A-Z]",),
        "postal code": ("[0-9]{5}", "[0-9]{9}"),
        "ICD-10-CM": ("[A-Z][0-9][0-9A-Z]{1,5}",),
        "ICD-9-CM": ("[0-9V][0-9]{2,4}", "E[0-9]{3,4}"),
        "ICD-10-PCS": ("[0-9A-HJ-NP-Z]{7}",),
        "ICD-9 procedure": ("[0-9]{2,4}",),
        "HCPCS": ("[0-9A-Z][0-9]{3}[0-9A-Z]",),
        "CPT": ("[0-9]{4}[0-9A-Z]",),
        "HCPCS level II": ("[A-Z][0-9]{4}",),
        "CDT": ("D[0-9]{4}",),
        "HIPPS": ("[0-9A-Z]{5}",),
        "revenue code": ("[0-9]{4}",),
        "NDC": ("[0-9]{11}",),
        "DRG": ("[0-9]{3,4}",),
        "two": ("[0-9A-Z]{2}",),
        "two digits": ("[0-9]{2}",),
        "one": ("[0-9A-Z]",),
        "adjustment reason": ("[0-9]{1,3}", "[A-Z][0-9]{1,2}"),
        "remark": ("[MN][0-9]{1,4}", "MA[0-9]{1,4}"),
        "tooth": ("[1-9]", "0[1-9]", "[12][0-9]", "3[0-2]", "5[1-9]", "[67][0-9]", "8[0-2]", "[A-T]S?"),
        "oral cavity": ("[0-9]{1,2}", "[LR]"),
        "language": ("[A-Za-z]{2,3}",),
    }
)
"""ICD-10-CM without its dot; HCPCS of both levels; NDC as 5-4-2 without hyphens; teeth by the universal system."""

ITEM = re.compile(r"(\[[^\]]+\]|[0-9A-Za-z])(?:\{(\d+)(?:,(\d+))?\}|(\?))?", re.ASCII)


class Shape(NamedTuple):
    """One alternative: which characters may stand at each place, and how many places must be filled."""

    least: int
    characters: tuple[frozenset[str], ...]


def read_shape(text: str) -> Shape:
    """Read one alternative of a shape.

    Raises:
        ValueError: a place that must be filled stands behind one that may be empty, or it is no shape at all.
    """
    places: list[frozenset[str]] = []
    least = at = 0
    while at < len(text):
        item = ITEM.match(text, at)
        if item is None or least < len(places):
            raise ValueError("no shape")
        at = item.end()
        alphabet = re.compile(item[1], re.ASCII)
        characters = frozenset(character for character in map(chr, range(0x20, 0x7F)) if alphabet.fullmatch(character))
        most = int(item[3] or item[2] or 1)
        least += 0 if item[4] else int(item[2] or 1)
        places += [characters] * most
    return Shape(least, tuple(places))


def _matching(pattern: str) -> Callable[[str], bool]:
    fullmatch = re.compile(pattern, re.ASCII).fullmatch
    return lambda text: fullmatch(text) is not None


_ten_digits, _nine_digits, _range = _matching("[12][0-9]{9}"), _matching("[0-9]{9}"), _matching("[0-9]{8}-[0-9]{8}")


def is_npi(text: str) -> bool:
    """National Provider Identifier: ten digits, the first 1 or 2, right by Luhn with 80840 before them."""
    if not _ten_digits(text):
        return False
    total = NPI_PREFIX_SUM
    for place, digit in enumerate(map(int, text)):
        doubled = digit if place % 2 else digit * 2
        total += doubled - 9 if doubled > 9 else doubled  # noqa: PLR2004 - the sum of two digits
    return total % 10 == 0


def is_tax_id(text: str) -> bool:
    """TIN, EIN or SSN: nine digits, not all the same."""
    return _nine_digits(text) and len(set(text)) > 1


def is_routing_number(text: str) -> bool:
    """ABA routing number: nine digits, weighted by 3, 7, 1, divisible by ten."""
    if not _nine_digits(text):
        return False
    return sum(weight * int(digit) for weight, digit in zip(ROUTING_WEIGHTS, text, strict=True)) % 10 == 0


def is_forward_range(text: str) -> bool:
    """CCYYMMDD-CCYYMMDD in the order of time; whether anything else is a date is not its business."""
    return not _range(text) or text[:8] <= text[9:]


CALCULATED: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {
        "npi": is_npi,
        "tax id": is_tax_id,
        "routing number": is_routing_number,
        "forward range": is_forward_range,
    }
)
FORMS: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {**CALCULATED, **{name: _matching("|".join(shapes)) for name, shapes in SHAPES.items()}}
)
"""Name of a form -> does a present value have it?"""
