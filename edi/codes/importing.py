"""Take a code list into a plan's folder of code lists: read what its owner publishes, check it, write it normalised.

What comes in is a CSV with a header. It needs a column `code`; `effective_from` and `effective_to` are optional (days,
CCYYMMDD or CCYY-MM-DD, empty: unbounded); every other column, such as a description, is left where it is: the folder
holds no licensed text. Dots in ICD codes and hyphens in drug codes are taken out, small letters made capitals.
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from edi.business.forms import FORMS
from edi.codes.lists import ALWAYS, HEADER, LIST_NAMES, SUFFIX, Validity
from edi.dates import parse_date
from edi.trouble import Usage

FORM_OF = {
    "icd10cm": "ICD-10-CM",
    "icd9cm": "ICD-9-CM",
    "icd10pcs": "ICD-10-PCS",
    "icd9procedure": "ICD-9 procedure",
    "cpt": "CPT",
    "hcpcs": "HCPCS level II",
    "cdt": "CDT",
    "hipps": "HIPPS",
    "revenue_code": "revenue code",
    "taxonomy": "taxonomy",
    "ndc": "NDC",
    "drg": "DRG",
    "patient_status": "two digits",
    "adjustment_reason": "adjustment reason",
    "remark": "remark",
}
"""Lists whose codes have a form; those of the rest have two letters or digits."""
SHORT = "two"
LONGER = frozenset({"country"})
"""Lists of codes of two characters or more."""
SEPARATORS = {"ndc": "-", "icd10cm": ".", "icd9cm": ".", "icd9procedure": "."}
CODE = re.compile(r"[0-9A-Z]{2,3}", re.ASCII)
FROM, TO = "effective_from", "effective_to"
MOST_TOLD = 10
"""Faulty lines named in a message."""


class ImportedList(NamedTuple):
    """What was taken from a list."""

    name: str
    codes: dict[str, Validity]
    """In the order of the list, each with its periods."""


def read_list(name: str, lines: Iterable[str]) -> ImportedList:
    """Read and check a code list.

    Raises:
        Usage: there is no such list, a column is missing, or lines are wrong; the message names up to ten of them by
            number, never a code.
    """
    if name not in LIST_NAMES:
        raise Usage(f"No code list is called {name}: there are {', '.join(sorted(LIST_NAMES))}")
    rows = csv.DictReader(lines)
    if "code" not in (rows.fieldnames or ()):
        raise Usage("The first line of a code list names its columns, and one of them is code")
    periods: dict[str, list[tuple[int, int]]] = {}
    faulty: list[int] = []
    for row in rows:
        code = normalise(name, row["code"] or "")
        first, last = _day(row.get(FROM) or "", ALWAYS[0]), _day(row.get(TO) or "", ALWAYS[1])
        if not fits(name, code) or first is None or last is None or first > last:
            faulty.append(rows.line_num)
        else:
            periods.setdefault(code, []).append((first, last))
    if faulty:
        told = ", ".join(map(str, faulty[:MOST_TOLD]))
        raise Usage(f"{len(faulty)} lines of the code list are wrong, in code or days: {told}")
    if not periods:
        raise Usage("The code list has no codes")
    return ImportedList(name, {code: _merged(found) for code, found in periods.items()})


def write_list(imported: ImportedList, folder: Path) -> Path:
    """Write a list into a folder of code lists, in place of the one that was there; returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{imported.name}{SUFFIX}"
    part = path.with_suffix(".part")
    with part.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(HEADER)
        for code, validity in sorted(imported.codes.items()):
            for first, last in validity:
                rows.writerow((code, "" if first == ALWAYS[0] else first, "" if last == ALWAYS[1] else last))
    os.replace(part, path)  # noqa: PTH105 - nobody reads half a list
    return path


def import_list(name: str, source: Path, folder: Path) -> ImportedList:
    """Read a list from a file and write it into a folder of code lists.

    Raises:
        Usage: as `read_list`, or the file is no text.
    """
    try:
        with source.open(encoding="utf-8-sig", newline="") as lines:
            imported = read_list(name, lines)
    except (UnicodeDecodeError, csv.Error) as error:
        raise Usage("The code list is no CSV in UTF-8") from error
    write_list(imported, folder)
    return imported


def normalise(name: str, code: str) -> str:
    """As it stands in a segment: capitals, without dot or hyphens."""
    return code.strip().upper().replace(SEPARATORS.get(name, " "), "")


def fits(name: str, code: str) -> bool:
    """Has a normalised code the form of its list?"""
    if name in LONGER:
        return CODE.fullmatch(code) is not None
    return FORMS[FORM_OF.get(name, SHORT)](code)


def _day(text: str, absent: int) -> int | None:
    """CCYYMMDD as a number; None where it is no day."""
    digits = text.strip().replace("-", "")
    if not digits:
        return absent
    return int(digits) if parse_date(digits) else None


def _merged(periods: list[tuple[int, int]]) -> Validity:
    """Without overlaps, in the order of time."""
    merged: list[tuple[int, int]] = []
    for first, last in sorted(periods):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return tuple(merged)
