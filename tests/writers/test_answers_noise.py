from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from hypothesis import given, settings
from hypothesis import strategies as st

from edi.archived import bytes_reader
from edi.reference.extract import extract
from edi.reference.scanner import read_records, scan
from edi.tables.acknowledgments import ACKNOWLEDGMENT_TABLES
from edi.tables.claim_intake import CLAIM_INTAKE
from edi.tables.enrollment import ENROLLMENT_INTAKE
from parsers import acknowledgments, claims_837, enrollment_834
from rules.acceptance import AcceptanceProfile, judge
from tests.rules.claim_files import CLAIM, MEMBER, damaged_claims, damaged_members
from tests.writers.remittances import PAYER, accepted_by_pyx12
from writers.answers import answer
from writers.quoting import Quoting

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
NOW = datetime(2026, 4, 2, 9, 30, tzinfo=UTC)
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
@given(st.sampled_from(ORIGINALS), EDITS, st.sampled_from(["reject_set", "accept_with_errors"]), st.booleans())
def test_whatever_is_damaged_is_answered_properly(
    original: bytes,
    edits: list[tuple[float, int, bytes]],
    claim_syntax: Literal["reject_set", "accept_with_errors"],
    copies: bool,
) -> None:
    """Nothing raises; every answer scans clean, unless the sender's own qualifier, which addresses it, is none."""
    profile = AcceptanceProfile("anybody", usages=frozenset({"P", "T"}), claim_syntax=claim_syntax)
    data = spoil(original, edits)
    scanned = scan(data)
    verdict = judge(scanned, profile, bytes_reader(data))
    extracted = extract(read_records(data), (*ENROLLMENT_INTAKE, *CLAIM_INTAKE, *ACKNOWLEDGMENT_TABLES))
    enrollment_834.read(scanned, verdict, extracted)
    claims_837.read(scanned, verdict, extracted)
    acknowledgments.read(scanned, extracted)
    assert bool(verdict.unreadable) == (not verdict.interchanges)
    quoting = Quoting(bytes_reader(data), bad_data=copies)
    for interchange in verdict.interchanges:
        content = answer(interchange, PAYER, 42, NOW, quoting)
        findings = {finding.code for finding in scan(content).findings} if content else set()
        assert findings <= {"SENDER_QUALIFIER_INVALID", "RECEIVER_QUALIFIER_INVALID"}


FAULTS = st.lists(
    st.tuples(
        st.sampled_from([*CLAIM, *MEMBER]),
        st.sampled_from(["*", '*A`B"C', "*:::::::::::::", "~QQ*1", "^^^^^^"]),
        st.integers(1, 3),
    ),
    min_size=1,
    max_size=3,
)


@settings(deadline=None, max_examples=60)
@given(FAULTS, st.sampled_from(["reject_set", "accept_with_errors"]), st.integers(1, 4))
def test_what_is_told_of_faulty_claims_and_members_is_valid(
    faults: list[tuple[str, str, int]], claim_syntax: Literal["reject_set", "accept_with_errors"], most_told: int
) -> None:
    """By pyx12 and by our own scanner: claims named, values copied, and what is not told left out without a trace."""
    profile = AcceptanceProfile("anybody", claim_syntax=claim_syntax, most_told=most_told)
    for damaged in (damaged_claims, damaged_members):
        damages = [{segment: segment + tail for segment, tail, place in faults if place == one} for one in (1, 2, 3)]
        data = damaged(*damages)
        (interchange,) = judge(scan(data), profile, bytes_reader(data)).interchanges
        content = answer(interchange, PAYER, 42, NOW, Quoting(bytes_reader(data), bad_data=True))
        assert content is not None
        assert scan(content).findings == ()
        assert accepted_by_pyx12(content)
