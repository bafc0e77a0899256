"""Translate: archived bytes to findings, verdicts and business tables. A pure function; no clock, no database."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from edi.reference.scanner import scan
from parsers import claims_837, enrollment_834
from pipeline.run_folder import Translation
from rules.acceptance import AcceptanceProfile, agreement_findings, judge

if TYPE_CHECKING:
    from edi.guides.library import GuideLibrary


def translate(data: bytes, profile: AcceptanceProfile) -> Translation:
    """Read a file as far as it can be read; whatever the bytes are, this returns and never raises."""
    scanned = scan(data, _library())
    verdict = judge(scanned, profile)
    tables = {**enrollment_834.read(scanned, verdict), **claims_837.read(scanned, verdict)}
    return Translation(verdict, (*agreement_findings(scanned, profile), *scanned.findings), tables)


@cache
def _library() -> GuideLibrary:
    """Compiled guides, kept for the life of the process."""
    from edi.guides.library import GuideLibrary  # noqa: PLC0415 - compiling reads maps; only who translates pays

    return GuideLibrary()
