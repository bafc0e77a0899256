"""No key of the warehouse reaches whoever reads an explanation."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.claim_names import named_in, with_names

NAMES = {57: "261490000001", 58: "P-1001 (CLM01) of file 4"}


@pytest.mark.parametrize(
    ("fact", "told"),
    [
        pytest.param(
            {"rule": "R", "original_claim_id": 57, "text": "original claim_id 57 is voided"},
            {"rule": "R", "original_claim_number": "261490000001", "text": "original claim 261490000001 is voided"},
            id="a number of ours",
        ),
        pytest.param(
            {"evidence": "claim_id 58 received 2026-02-20; the latest, claim_id 57, received 2026-03-01"},
            {"evidence": "claim P-1001 (CLM01) of file 4 received 2026-02-20; the latest, claim 261490000001,"
             " received 2026-03-01"},
            id="one that was returned, in another fact than the text",
        ),
        pytest.param({"duplicate_of": 57, "line": 57}, {"duplicate_of": "261490000001", "line": 57}, id="a duplicate"),
        pytest.param({"base_claim_id": None, "cents": 58}, {"base_claim_id": None, "cents": 58}, id="none"),
    ],
)  # fmt: skip
def test_claims_are_told_by_their_numbers(fact: dict[str, Any], told: dict[str, Any]) -> None:
    """In every value, whatever it is called; other figures stay as they are."""
    assert with_names(fact, {key: NAMES[key] for key in named_in([fact])}) == told
