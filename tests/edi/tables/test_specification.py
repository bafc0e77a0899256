from __future__ import annotations

import pytest

from edi.guides.guide import Guide
from edi.guides.library import default_library
from edi.tables.plan import anchors_of, elements_of, unknown_sources
from edi.tables.specification import Column, Source, Table, parse_source

CLAIM_ANCHOR = ("2300", "CLM")
ADJUSTMENT = ("2320", "CAS")


@pytest.fixture
def professional() -> Guide:
    """The 837P."""
    guide = default_library().find("00501", "HC", "005010X222A1")
    assert guide
    return guide


def test_a_source_may_name_another_element_of_its_group() -> None:
    """The second and third of three, and a component of the first of two."""
    assert parse_source("anchor/CAS00+2") == (Source("anchor", "CAS", None, 0, 0, 2),)
    assert parse_source("anchor/PLB00-1|anchor/PLB00+1") == (
        Source("anchor", "PLB", None, 0, 1, 0),
        Source("anchor", "PLB", None, 0, 0, 1),
    )


def test_element_00_stands_for_each_that_makes_a_row() -> None:
    """Of its place in the group; an element with a number stands for itself."""
    table = Table("adjustment", ADJUSTMENT, (), explode=(2, 19, 3))
    assert table.step == 3
    assert [*elements_of(table, Source("anchor", "CAS", None, 0, 0))] == [2, 5, 8, 11, 14, 17]
    assert [*elements_of(table, Source("anchor", "CAS", None, 0, 0, 2))] == [4, 7, 10, 13, 16, 19]
    assert [*elements_of(table, Source("anchor", "CAS", None, 1, 0))] == [1]


def test_a_table_that_explodes_holds_one_segment() -> None:
    """Whether the declaration says so or not."""
    assert Table("adjustment", ADJUSTMENT, (), explode=(2, 19, 3)).extent == "segment"
    assert Table("claim", CLAIM_ANCHOR, ()).extent == "loop"


def test_a_link_names_its_table() -> None:
    """And reads no element."""
    column = Column("claim_row", "row/claim", "row")
    assert (column.link, column.sources) == ("claim", ())
    assert Column("number", "2300/CLM01").link is None


@pytest.mark.parametrize(("source", "kind"), [("row/claim", "text"), ("2300/CLM01", "row"), ("anchor", "row")])
def test_a_row_number_has_a_kind_of_its_own(source: str, kind: str) -> None:
    """A link is of kind row, and nothing else is."""
    with pytest.raises(ValueError, match="go together"):
        Column("one", source, kind)  # type: ignore[arg-type] # a literal, as a parameter


@pytest.mark.parametrize(
    ("source", "explode"),
    [
        pytest.param("anchor/CAS00", None, id="the table makes no rows of elements"),
        pytest.param("anchor/CAS00+3", (2, 19, 3), id="the group has three elements"),
        pytest.param("anchor/CAS00+1", (2, 19), id="the group has one element"),
        pytest.param("2320/CAS00", (2, 19, 3), id="another segment than the anchor"),
        pytest.param("anchor/CAS01+1", (2, 19, 3), id="an offset from an element with a number"),
        pytest.param("anchor/AMT02", (2, 19, 3), id="a row holds the anchor only"),
    ],
)
def test_a_source_that_could_never_be_read_is_refused(
    source: str, explode: tuple[int, int] | tuple[int, int, int] | None
) -> None:
    """A mistake in a declaration shows when the module is imported; the message names table and column."""
    with pytest.raises(ValueError, match=r"^adjustment\.value: "):
        Table("adjustment", ADJUSTMENT, (Column("value", source),), explode=explode)


def test_a_table_has_no_rows_in_a_guide_of_another_kind(professional: Guide) -> None:
    """The loops are there, but mean something else."""
    assert anchors_of(Table("claim", CLAIM_ANCHOR, ()), professional)
    assert anchors_of(Table("claim", CLAIM_ANCHOR, (), kinds=frozenset({"837P"})), professional)
    assert not anchors_of(Table("claim", CLAIM_ANCHOR, (), kinds=frozenset({"837I"})), professional)


@pytest.mark.parametrize(
    ("source", "is_known"),
    [
        ("2300/CLM01", True),
        ("2300/CLM03", False),
        ("2300/CLM05-3", True),
        ("2300/CLM05-4", False),
        ("2300/CLM01|2300/CLM99", False),
        ("2300/REF[F8]02", True),
        ("2300/REF[QQ]02", False),
        ("2300/ZZZ01", False),
    ],
)
def test_a_source_names_an_element_that_the_guide_uses(professional: Guide, source: str, *, is_known: bool) -> None:
    """In every alternative, and down to the component."""
    table = Table("claim", CLAIM_ANCHOR, (Column("value", source),))
    assert unknown_sources([table], [professional]) == ([] if is_known else ["claim.value"])
