"""Judge one file as the pipeline would judge it."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from hashlib import file_digest
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from edi.archived import file_reader
from edi.finding_codes import CODES, ERROR, REJECT
from edi.findings import Finding
from edi.scanner import MOST_SNIP, scan_file
from pipeline.inspection.access import reading
from rules.acceptance import AcceptanceProfile, agreement_findings, judge
from writers.settings import Payer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from edi.guides.library import GuideLibrary
    from edi.scan import Scan
    from edi.verdict import FileVerdict

EVERY_TRANSACTION = frozenset({"834", "837P", "837I", "837D", "835", "277CA", "999"})
ANYBODY = AcceptanceProfile("", usages=frozenset({"P", "T"}), folder_usage="P", transactions=EVERY_TRANSACTION)
"""Who agreed to everything that a guide allows: a file is then judged by the guides alone."""
WHOEVER_IS_NAMED = Payer(**dict.fromkeys((one.name for one in fields(Payer)), ""))
"""Nobody in particular: an answer then goes out under the name that the file itself is addressed to."""

ACCEPTED, ACCEPTED_WITH_ERRORS = "accepted", "accepted_with_errors"
PARTIALLY_ACCEPTED, REJECTED = "partially_accepted", "rejected"


@dataclass(frozen=True, slots=True)
class Inspection:
    """A file, what the scan found in it, and what we would answer."""

    path: Path
    sha256: str
    scan: Scan
    verdict: FileVerdict
    profile: AcceptanceProfile
    agreed: tuple[Finding, ...] = field(default=())
    """Findings about the agreement with the partner."""

    def findings(self) -> Iterator[Finding]:
        """All of them, one after the other, in the order of the file."""
        return chain(self.agreed, self.scan.findings)

    def severity(self, code: str) -> str:
        """How severe a finding of this code is for the partner."""
        return self.profile.severities.get(code, CODES[code].severity)

    @property
    def refuses(self) -> bool:
        """Is anything refused: an interchange, a group, a set, a claim, a member or a payment?"""
        return self.answer in {REJECTED, PARTIALLY_ACCEPTED} or self._has_errors()

    def _has_errors(self) -> bool:
        codes = {*(finding.code for finding in self.agreed), *self.scan.findings.codes()}
        return any(self.severity(code) in {REJECT, ERROR} for code in codes)

    @property
    def answer(self) -> str:
        """One word for the file: accepted, accepted_with_errors, partially_accepted or rejected."""
        judged = {interchange.ordinal: interchange for interchange in self.verdict.interchanges}
        taken, refused, noted = False, self.verdict.unreadable is not None, False
        for interchange in self.scan.interchanges:
            answer = judged.get(interchange.ordinal)
            if answer is None or answer.code == "R":
                refused = True
                continue
            noted |= answer.code == "E"
            taken |= not answer.groups
            for group in answer.groups:
                taken |= group.code != "R"
                refused |= group.code in {"R", "P"}
                noted |= group.code == "E"
        if refused:
            return PARTIALLY_ACCEPTED if taken else REJECTED
        return ACCEPTED_WITH_ERRORS if noted or self._has_errors() else ACCEPTED


def inspect(
    path: Path, profile: AcceptanceProfile = ANYBODY, library: GuideLibrary | None = None, *, snip: int = MOST_SNIP
) -> Inspection:
    """Scan and judge a file in bounded memory, whatever its size; by default with the code lists that ship.

    Raises:
        FileUnreadable: there is no such file, or it may not be read.
    """
    with reading(path):
        with path.open("rb") as stream:
            sha256 = file_digest(stream, "sha256").hexdigest()
        scanned = scan_file(path, library, snip=snip, encoding=profile.encoding)
        with file_reader(path) as read:
            verdict = judge(scanned, profile, read)
    return Inspection(path, sha256, scanned, verdict, profile, agreement_findings(scanned, profile))
