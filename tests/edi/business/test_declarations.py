from __future__ import annotations

import pytest

from edi.business.compile import compile_business
from edi.business.declarations import DECLARATIONS
from edi.business.language import Form, Listed, Pointer, Wrong
from edi.business.program import segments_at
from edi.compiled import business_layout
from edi.finding_codes.balances import BALANCES
from edi.finding_codes.code_lists import CODE_LISTS
from edi.finding_codes.situations import SITUATIONS
from edi.guides.library import default_library
from tests.edi.business.samples import GROUPS

ELSEWHERE = {"CLAIM_CHARGE_IMBALANCE", "CLAIM_ORIGINAL_MISSING"}
"""Codes of claims that later stages know too."""


def test_every_code_is_declared_and_every_declaration_has_a_code() -> None:
    """A code that nothing tells would stand in the documents for nothing."""
    told = set()
    for declaration in DECLARATIONS:
        told |= {judgment.code for judgment in declaration.judgments}
        for one in declaration.observations:
            if isinstance(one, Form | Wrong | Pointer):
                told.add(one.code)
            elif isinstance(one, Listed):
                told |= {f"{one.name}_UNKNOWN", f"{one.name}_NOT_EFFECTIVE"}
    assert told == {code.id for code in (*BALANCES, *SITUATIONS, *CODE_LISTS)} | ELSEWHERE


def test_every_place_is_in_a_guide_of_its_kind() -> None:
    """A misspelt loop or segment would never be looked at."""
    guides = [default_library().find("00501", *names) for names in GROUPS.values()]
    for declaration in DECLARATIONS:
        mine = [guide for guide in guides if guide and guide.kind in declaration.kinds]
        places = [one.place for one in declaration.observations] + [scope.opener for scope in declaration.scopes]
        assert [place for place in places if not any(True for guide in mine for _ in segments_at(guide, place))] == []


def test_what_the_kernel_has_no_room_for_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """At once, when a guide is compiled, not in the middle of a file."""
    guide = default_library().find("00501", *GROUPS["837P"])
    assert guide is not None
    for limit in ("MOST_SCOPES", "MOST_FACTS", "MOST_SUMS", "MOST_LEDGERS", "MOST_COLUMNS"):
        with monkeypatch.context() as patch:
            patch.setattr(business_layout, limit, 1)
            with pytest.raises(ValueError, match="has room for 1 "):
                compile_business(guide, 5)


def test_without_business_types_no_segment_has_a_role() -> None:
    """A scan of SNIP 1 and 2 pays nothing; each further type adds to the tables."""
    for names in GROUPS.values():
        guide = default_library().find("00501", *names)
        assert guide is not None
        rows = [len(compile_business(guide, snip).rules) for snip in (3, 4, 5)]
        assert rows == sorted(rows)
        assert compile_business(guide, 5).roles.sum() > 0
