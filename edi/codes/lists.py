"""Code lists and when their codes are valid.

Free lists ship with the project: places of service, states and provinces, countries. Their codes are those that the
guides know and those of our own files, which also say from and to when a code is valid. Licensed lists (procedures,
revenue codes, adjustment reasons and the like) come from a plan: `edi.codes.importing` makes a folder of them.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TypeAlias

from edi.guides.maps.reader import external_codes
from edi.trouble import Final

ALWAYS = (0, 99_999_999)
"""First and last day, CCYYMMDD, of a code without either."""
Validity: TypeAlias = tuple[tuple[int, int], ...]
"""The periods in which a code is valid, first and last day CCYYMMDD."""
HEADER = ("code", "from", "to")
SUFFIX = ".csv"

LIST_NAMES: Mapping[str, str] = {
    "place_of_service": "places of service (CMS)",
    "state": "states and provinces",
    "country": "countries (ISO 3166)",
    "icd10cm": "ICD-10-CM diagnoses, without the dot (NCHS)",
    "icd9cm": "ICD-9-CM diagnoses, without the dot (NCHS)",
    "icd10pcs": "ICD-10-PCS procedures (CMS)",
    "icd9procedure": "ICD-9-CM procedures, without the dot (CMS)",
    "cpt": "CPT procedures (AMA)",
    "hcpcs": "HCPCS level II procedures (CMS)",
    "cdt": "dental procedures (ADA)",
    "hipps": "HIPPS rate codes (CMS)",
    "modifier": "procedure modifiers (AMA, CMS)",
    "revenue_code": "revenue codes, four digits (NUBC)",
    "condition": "condition codes (NUBC)",
    "occurrence": "occurrence codes (NUBC)",
    "occurrence_span": "occurrence span codes (NUBC)",
    "value": "value codes (NUBC)",
    "patient_status": "patient discharge statuses (NUBC)",
    "taxonomy": "provider taxonomy (NUCC)",
    "ndc": "national drug codes, eleven digits (FDA)",
    "drg": "diagnosis related groups (CMS or the plan's own)",
    "adjustment_reason": "claim adjustment reason codes (X12)",
    "remark": "remittance advice remark codes (CMS)",
}
"""Every list that is checked, by the name of its file."""
SHIPPED = {"place_of_service": "pos", "state": "states", "country": "country"}
"""List that ships -> its name in the guides' own code lists."""


class CodeLists(Mapping[str, Mapping[str, Validity]]):
    """Code lists by name; a list that is not here is not checked. Compared by identity."""

    __slots__ = ("_lists",)

    def __init__(self, lists: Mapping[str, Mapping[str, Validity]]) -> None:
        if unknown := sorted(set(lists) - set(LIST_NAMES)):
            raise Final(f"No code list is called {', '.join(unknown)}")
        self._lists = {name: lists[name] for name in sorted(lists)}

    @classmethod
    def load(cls, folder: Path) -> CodeLists:
        """The lists of a folder, and the shipped ones that it does not hold.

        Raises:
            Final: a file is no code list; the message names file and line, never a code.
        """
        found: dict[str, Mapping[str, Validity]] = dict(shipped_lists())
        for path in sorted(folder.glob(f"*{SUFFIX}")):
            with path.open(encoding="utf-8", newline="") as lines:
                found[path.stem] = read_validities(lines, path.name)
        return cls(found)

    def __getitem__(self, name: str) -> Mapping[str, Validity]:
        return self._lists[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._lists)

    def __len__(self) -> int:
        return len(self._lists)

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other


def read_validities(lines: Iterable[str], name: str) -> dict[str, Validity]:
    """Read a normalised list: a CSV of code, from, to (CCYYMMDD, empty: unbounded). A code may have several periods.

    Raises:
        Final: it is no such list; the message names the file and the line.
    """
    rows = csv.reader(lines)
    if tuple(next(rows, ())) != HEADER:
        raise Final(f"The code list {name} does not begin with {','.join(HEADER)}")
    periods: dict[str, list[tuple[int, int]]] = {}
    for number, row in enumerate(rows, 2):
        try:
            code, first, last = row
            period = (int(first or ALWAYS[0]), int(last or ALWAYS[1]))
        except ValueError:
            raise Final(f"Line {number} of the code list {name} is not code, from, to") from None
        if not code or period[0] > period[1]:
            raise Final(f"Line {number} of the code list {name} has no code, or ends before it begins")
        periods.setdefault(code, []).append(period)
    return {code: tuple(sorted(found)) for code, found in periods.items()}


@cache
def shipped_lists() -> CodeLists:
    """The lists that ship with the project."""
    lists: dict[str, Mapping[str, Validity]] = {}
    for name, guide_name in SHIPPED.items():
        text = (files("edi.codes") / "data" / f"{name}{SUFFIX}").read_text("utf-8")
        own = read_validities(text.splitlines(), f"{name}{SUFFIX}")
        lists[name] = {**dict.fromkeys(sorted(external_codes()[guide_name]), (ALWAYS,)), **own}
    return CodeLists(lists)
