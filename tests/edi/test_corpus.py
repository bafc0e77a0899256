from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from edi.finding_codes import CODES
from edi.reference import scanner
from edi.reference.scanner import read_records

scan = partial(scanner.scan, snip=2)

CORPUS = Path(__file__).parents[1] / "corpus"
VALID = (CORPUS / "valid_by_pyx12.txt").read_text().split()


@pytest.mark.parametrize("name", VALID)
def test_what_pyx12_accepts_has_no_error(name: str) -> None:
    """A file in which the maps' own validator finds nothing is right for us too, and all its segments have a place."""
    data = (CORPUS / name).read_bytes()
    scanned = scan(data)
    assert [one for one in scanned.findings if CODES[one.code].severity in {"error", "reject"}] == []
    sets = [one for interchange in scanned.interchanges for group in interchange.groups for one in group.sets]
    assert sets
    assert [len(one.segments) for one in read_records(data)] == [one.segment_count for one in sets]


EXPECTED = [
    # file, codes that must be among the findings
    ("imsweb/x12_loop_errors1_exceeds_max_1_parent.txt", {"LOOP_TOO_MANY"}),
    ("imsweb/x12_loop_errors3_missing_loops.txt", {"SEGMENT_MISSING"}),
    ("imsweb/x12_bad_segment_identifier.txt", {"SEGMENT_UNKNOWN"}),
    ("imsweb/x12_bad_valid_code.txt", {"SEGMENT_UNEXPECTED"}),
    ("imsweb/x12_bad_first_line.txt", {"INTERCHANGE_HEADER_BROKEN"}),
    ("imsweb/x12_multiple_gs.txt", {"GROUP_COUNT_WRONG", "GROUP_CONTROL_DUPLICATE"}),
    ("imsweb/x12_multiple_st.txt", {"SET_COUNT_WRONG", "SET_CONTROL_DUPLICATE"}),
    ("imsweb/x12_segment_errors.txt", {"SEGMENT_MISSING", "SEGMENT_TOO_MANY"}),
    ("imsweb/x12_999_accepted.txt", {"INTERCHANGE_CONTROL_MISMATCH"}),
    ("linuxforhealth/managed-care.835", {"ELEMENT_DATE"}),
    ("linuxforhealth/medicare-part-a.835", {"ELEMENT_NOT_USED"}),
    ("moov/835_sample1.txt", {"TRAILING_SEPARATOR"}),
    (
        "pyx12/functional/trailer_errors.x12",
        {"INTERCHANGE_CONTROL_MISMATCH", "GROUP_CONTROL_MISMATCH", "SEGMENT_COUNT_WRONG"},
    ),
    ("pyx12/functional/fail_no_IEA.x12", {"INTERCHANGE_TRAILER_MISSING"}),
]


@pytest.mark.parametrize(("name", "codes"), EXPECTED, ids=[name for name, _ in EXPECTED])
def test_what_is_wrong_by_name_is_found(name: str, codes: set[str]) -> None:
    """Files that their projects keep because they are wrong have the fault they are kept for."""
    assert codes <= {one.code for one in scan((CORPUS / name).read_bytes()).findings}


def test_4010_groups_are_read_but_not_supported() -> None:
    """Eight interchanges of the older version, each with its group and sets."""
    scanned = scan((CORPUS / "pyx12/functional/mult_isa.x12").read_bytes())
    groups = [group for interchange in scanned.interchanges for group in interchange.groups]
    assert sum(one.code == "GUIDE_UNSUPPORTED" for one in scanned.findings) == len(groups) == 8
    assert all(group.guide is None and group.sets for group in groups)
