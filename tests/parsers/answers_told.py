"""What an answer of ours says, in the words of the table of outcomes: `TA1 R 023`, `999 P (IK5 A, R: 5)`."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from edi.reference.extract import extract
from edi.reference.scanner import read_records, scan
from edi.tables.acknowledgments import ACKNOWLEDGMENT_TABLES
from parsers.acknowledgments import Acknowledgments, read


def answers(content: bytes) -> Acknowledgments:
    """What a file answers to."""
    return read(scan(content), extract(read_records(content), ACKNOWLEDGMENT_TABLES))


def told(content: bytes) -> str:
    """The TA1s and 999s of an interchange, as one line."""
    said = answers(content)
    parts = [f"TA1 {one.code} {one.note}" for one in said.interchanges]
    for group in said.groups:
        sets = ", ".join(counted(_coded(one.code, one.error_codes) for one in group.sets))
        parts.append(f"999 {_coded(group.code, group.error_codes)} (IK5 {sets})")
    return " + ".join(parts)


def counted(texts: Iterable[str]) -> list[str]:
    """Neighbours that are alike as one: `3 x [A]`."""
    runs = [(one, len(list(run))) for one, run in groupby(texts)]
    return [one if count == 1 else f"{count} x [{one}]" for one, count in runs]


def _coded(code: str, errors: tuple[str, ...]) -> str:
    return f"{code}: {' '.join(errors)}" if errors else code
