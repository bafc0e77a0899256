from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from edi.reference.scanner import scan
from parsers import acknowledgments, claims_837, enrollment_834
from rules.acceptance import AcceptanceProfile, judge
from tests.writers.remittances import PAYER
from writers.answers import answer

CORPUS = Path(__file__).parents[1] / "corpus"
ORIGINALS = [
    (CORPUS / name).read_bytes()
    for name in (
        "pyx12/834_deident_family.txt",
        "linuxforhealth/demo.example1.837",
        "linuxforhealth/two-claims-single-provider.837i",
        "imsweb/x12_multiple_gs.txt",
        "imsweb/x12_999_rejected.txt",
        "pyx12/functional/mult_isa.x12",
    )
]
NOISE = st.binary(max_size=6) | st.text("*:~^<>\n AZ09GSTEIA-.", max_size=6).map(str.encode)
EDITS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), NOISE), min_size=1, max_size=6)
"""Where (as a part of the file, more often near its head), how many bytes go, and what comes instead."""


def spoil(data: bytes, edits: list[tuple[float, int, bytes]]) -> bytes:
    """The file with every edit made."""
    for place, gone, come in edits:
        at = int(place**2 * len(data))
        data = data[:at] + come + data[at + gone :]
    return data


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(ORIGINALS), EDITS, st.sampled_from(["reject_set", "accept_with_errors"]))
def test_whatever_is_damaged_is_answered_properly(
    original: bytes, edits: list[tuple[float, int, bytes]], claim_syntax: str
) -> None:
    """Nothing raises; every answer scans clean, unless the sender's own qualifier, which addresses it, is none."""
    profile = AcceptanceProfile("anybody", usages=frozenset({"P", "T"}), claim_syntax=claim_syntax)  # type: ignore[arg-type] # one of its two values
    scanned = scan(spoil(original, edits))
    verdict = judge(scanned, profile)
    enrollment_834.read(scanned, verdict)
    claims_837.read(scanned, verdict)
    acknowledgments.read(scanned)
    assert bool(verdict.unreadable) == (not verdict.interchanges)
    for interchange in verdict.interchanges:
        content = answer(interchange, PAYER, 42, datetime(2026, 4, 2, 9, 30, tzinfo=UTC))
        findings = {finding.code for finding in scan(content).findings} if content else set()
        assert findings <= {"SENDER_QUALIFIER_INVALID", "RECEIVER_QUALIFIER_INVALID"}
