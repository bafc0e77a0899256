from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edi.finding_codes import CODES
from edi.finding_columns import CodeUnknown, from_arrow, to_arrow
from edi.findings import FIELDS, Finding, FindingTable

NUMBERS = st.integers(0, 2**40)
TEXTS = st.sampled_from(["", "CLM", "2300", "2010AA", "1251", "C022"])
FINDINGS = st.lists(
    st.builds(
        Finding,
        st.sampled_from(sorted(CODES)),
        *[NUMBERS] * 4,
        TEXTS,
        TEXTS,
        *[NUMBERS] * 3,
        TEXTS,
        *[NUMBERS] * 2,
    ),
    max_size=20,
)


@settings(deadline=None)
@given(FINDINGS)
def test_columns_hold_the_findings(findings: list[Finding]) -> None:
    """Every field of each, in their order, also through Arrow."""
    table = FindingTable.of(findings)
    assert list(table) == findings
    columns = to_arrow(table)
    assert columns.column_names == list(FIELDS)
    assert columns.to_pylist() == [{name: getattr(one, name) for name in FIELDS} for one in findings]
    assert list(from_arrow(columns)) == findings


@settings(deadline=None)
@given(FINDINGS, FINDINGS)
def test_joined_findings_are_both(first: list[Finding], second: list[Finding]) -> None:
    """The first, then the second, whatever numbers their texts had."""
    together = FindingTable.of(first).joined(FindingTable.of(second))
    assert list(together) == first + second
    assert len(set(together.texts)) == len(together.texts)


def test_a_code_of_another_program_is_told() -> None:
    """Nobody could say how severe it is."""
    columns = to_arrow(FindingTable.of([Finding("ELEMENT_CODE")]))
    retired = columns.set_column(0, "code", pa.array(["ELEMENT_RETIRED"]))
    with pytest.raises(CodeUnknown, match="ELEMENT_RETIRED"):
        from_arrow(retired)
