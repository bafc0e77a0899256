from __future__ import annotations

import pytest

from edi.archived import bytes_reader
from edi.tables.claim_intake import CLAIM_INTAKE
from edi.tables.reader import read_tables
from parsers import claims_837
from parsers.refused_lines import READ, with_services
from rules.acceptance import AcceptanceProfile, judge
from tests.rules.claim_files import CLEAN, damaged_claims

LINE = "SV1*HC:99213*100*UN*1***1"


@pytest.mark.parametrize(
    ("damaged", "said"),
    [
        ("SV1*ZZ:99213*100*UN*1***1", ("ZZ", "99213", None, 10000)),
        ("SV1*ZZ:99213*1,0*UN*1***1", ("ZZ", "99213", None, None)),
        ("SV1*ZZ", ("ZZ", None, None, None)),
        ("SV1*HC:99213*100*QQ*1***1", ("HC", "99213", None, 10000)),
    ],
)
def test_a_line_says_what_was_billed_though_the_guide_has_no_such_segment(
    damaged: str, said: tuple[object, ...]
) -> None:
    """Code and charge as sent, of the line at fault alone; a charge that is none is left out."""
    data = damaged_claims(CLEAN, {LINE: damaged})
    scanned, tables = read_tables(data, CLAIM_INTAKE)
    verdict = judge(scanned, AcceptanceProfile("x", claim_syntax="accept_with_errors"), bytes_reader(data))
    lines = claims_837.read(scanned, verdict, tables)["refused_line"]
    read = with_services(lines, scanned, data).select(READ).to_pylist()
    assert [tuple(row.values()) for row in read] == [said, ("HC", "87880", None, 5000)]
    assert with_services(lines, scanned, data).drop(READ) == lines.drop(READ)
