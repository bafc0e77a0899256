from __future__ import annotations

from edi.guides.library import default_library
from edi.tables.claims import CLAIMS
from edi.tables.enrollment import ENROLLMENT
from edi.tables.plan import unknown_sources
from parsers.claims_837 import CLAIM_COLUMNS


def test_every_source_stands_in_a_guide() -> None:
    """A mistyped loop, segment, qualifier or element would only ever be empty."""
    library = default_library()
    enrollment = library.find("00501", "BE", "005010X220A1")
    professional = library.find("00501", "HC", "005010X222A1")
    institutional = library.find("00501", "HC", "005010X223A2")
    assert enrollment
    assert professional
    assert institutional
    assert unknown_sources(ENROLLMENT, [enrollment]) == []
    assert unknown_sources(CLAIMS, [professional, institutional]) == []


def test_a_column_is_named_once() -> None:
    """In every table."""
    for table in (*ENROLLMENT, *CLAIMS):
        names = [column.name for column in table.columns]
        assert len(names) == len(set(names)), table.name
    assert len(CLAIM_COLUMNS) == len(set(CLAIM_COLUMNS))
