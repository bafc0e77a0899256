"""Translate: archived bytes to findings, verdicts and business tables. A pure function; no clock, no database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from edi.archived import bytes_reader
from edi.findings import FindingTable
from parsers import claims_837, enrollment_834
from parsers.acknowledgments import answer_rows
from parsers.refused_lines import with_services
from pipeline.run_folder import Translation
from rules.acceptance import AcceptanceProfile, agreement_findings, judge, refusal_findings
from rules.front_end.findings import claim_findings
from rules.front_end.syntax import refused_findings

if TYPE_CHECKING:
    from edi.guides.library import GuideLibrary


def translate(data: bytes, profile: AcceptanceProfile, library: GuideLibrary | None = None) -> Translation:
    """Read a file as far as it can be read; whatever the bytes are, this returns and never raises.

    Guides and code lists are those of the library, by default those that ship.
    """
    from edi.claim_line_numbers import with_numbers  # noqa: PLC0415 - the command line must start without Arrow
    from edi.tables.catalogue import ACKNOWLEDGMENT  # noqa: PLC0415 - as above
    from edi.tables.claim_intake import CLAIM_INTAKE  # noqa: PLC0415 - as above
    from edi.tables.enrollment import ENROLLMENT_INTAKE  # noqa: PLC0415 - as above
    from edi.tables.reader import read_tables  # noqa: PLC0415 - as above

    wanted = (*ENROLLMENT_INTAKE, *CLAIM_INTAKE, *ACKNOWLEDGMENT)
    scanned, extracted = read_tables(data, wanted, library, encoding=profile.encoding)
    verdict = judge(scanned, profile, bytes_reader(data))
    tables = {
        **enrollment_834.read(scanned, verdict, extracted),
        **claims_837.read(scanned, verdict, extracted),
    }
    tables["refused_line"] = with_services(tables["refused_line"], scanned, data)
    tables["refused_finding"] = refused_findings(tables, verdict)
    # a line is named by the number that the warehouse gives it
    numbered = {**tables, "claim_line": with_numbers(tables["claim_line"])}
    tables["claim_finding"] = claim_findings(scanned.findings, numbered, profile.severities)
    answers = answer_rows(scanned, extracted)
    if answers.num_rows:
        tables["partner_answer"] = answers
    findings = FindingTable.of(agreement_findings(scanned, profile)).joined(scanned.findings)
    return Translation(verdict, findings.joined(FindingTable.of(refusal_findings(verdict))), tables)
