from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edi.archived import bytes_reader, file_reader
from edi.reference.scanner import read_records, scan
from rules import business_units
from rules.business_units import KINDS, SetPlace, UnitTable, find_units
from tests.rules.claim_files import CLEAN, claim, claim_set, damaged_claims, damaged_members, file_of, patient

CORPUS = Path(__file__).parents[1] / "corpus"
SAMPLES = [
    file_of(claim_set([*patient(1), *claim(2)], patient(3)), claim_set(patient(1), control="0002")),
    damaged_members(CLEAN, CLEAN, CLEAN),
    damaged_claims(CLEAN).replace(b"~\n", b"~"),
    damaged_claims(CLEAN, CLEAN).replace(b"~\n", b"~\r\n \t"),
    damaged_claims(CLEAN, CLEAN).replace(b"~\n", b"\n"),
    damaged_claims(CLEAN, CLEAN).replace(b"~", b"\x1c").replace(b"*", b"|"),
    damaged_claims(CLEAN, CLEAN).replace(b"LX*2~\n", b"LX*2~~ ~\n"),
    damaged_claims(CLEAN, CLEAN).replace(b"CLM*ACCOUNT2", b" " * 200 + b"CLM*ACCOUNT2"),
]


def places(data: bytes) -> list[SetPlace]:
    """The sets of claims and members that have a guide."""
    return [
        SetPlace(one, interchange.delimiters, KINDS[group.guide.transaction])
        for interchange in scan(data, snip=2).interchanges
        for group in interchange.groups
        if group.guide is not None and group.guide.transaction in KINDS
        for one in group.sets
    ]


def found(table: UnitTable) -> list[tuple[int, int]]:
    """Offset and position of each unit's first segment."""
    opens = table.opens
    return list(zip(table.starts[opens].tolist(), table.positions[opens].tolist(), strict=True))


def expected(data: bytes) -> list[tuple[int, int]]:
    """The same, from a scan of the file."""
    return [
        (record.source_start, record.position)
        for one in read_records(data)
        if one.guide.transaction in KINDS
        for record in one.segments
        if record.node.id == KINDS[one.guide.transaction].segment
    ]


@pytest.mark.parametrize("data", SAMPLES)
@pytest.mark.parametrize("window", [40, 300, 1 << 20])
def test_units_begin_where_a_scan_finds_them(data: bytes, window: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Under any separators and line ends, and wherever the windows over a large set end."""
    monkeypatch.setattr(business_units, "WINDOW", window)
    assert found(find_units(places(data), bytes_reader(data))) == expected(data)


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*/*83[47]*")), ids=lambda path: path.name)
def test_units_of_the_corpus(path: Path) -> None:
    """Read from disk, as large files are."""
    data = path.read_bytes()
    known = {offset for offset, _ in expected(data)}
    with file_reader(path) as read:
        table = find_units(places(data), read)
    assert known <= {offset for offset, _ in found(table)}


@pytest.mark.parametrize(
    ("data", "numbers"),
    [
        pytest.param(SAMPLES[0], [b"ACCOUNT1", b"ACCOUNT2", b"ACCOUNT3", b"ACCOUNT1"], id="CLM01"),
        pytest.param(SAMPLES[1], [b"SUB001", b"SUB002", b"SUB003"], id="REF02 of REF*0F"),
        pytest.param(SAMPLES[1].replace(b"REF*0F*SUB002~\n", b""), [b"SUB001", b"", b"SUB003"], id="none"),
        pytest.param(
            SAMPLES[0].replace(b"ACCOUNT2", b"N" * 60),
            [b"ACCOUNT1", b"N" * 40, b"ACCOUNT3", b"ACCOUNT1"],
            id="too long",
        ),
    ],
)
@pytest.mark.parametrize("window", [40, 1 << 20])
def test_units_have_the_number_that_their_sender_knows(
    data: bytes, numbers: list[bytes], window: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a byte range; of an absurd one only so much that it is seen to be too long."""
    monkeypatch.setattr(business_units, "WINDOW", window)
    table = find_units(places(data), bytes_reader(data))
    ranges = zip(table.name_starts[table.opens].tolist(), table.name_stops[table.opens].tolist(), strict=True)
    assert [data[start:stop] for start, stop in ranges] == numbers


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(SAMPLES),
    st.integers(200, 900),
    st.binary(max_size=5) | st.sampled_from([b"~", b"~CLM*", b"~HL*", b"CLM"]),
)
def test_damage_moves_units_as_it_moves_segments(original: bytes, place: int, noise: bytes) -> None:
    """A CLM without a place in the guide is a border too: nobody may count what follows to the claim before it."""
    data = original[:place] + noise + original[place + len(noise) :]
    units = dict(found(find_units(places(data), bytes_reader(data))))
    assert set(dict(expected(data)).items()) <= set(units.items())
    offsets = [one for one in units if data[one : one + 3] in {b"CLM", b"INS"}]
    assert len(offsets) == len(units)


def test_a_wall_of_blanks_is_stepped_over_in_one_go() -> None:
    """Whitespace is nobody's; its length must not cost a step for each character and segment."""
    data = SAMPLES[0].replace(b"~\n", b"~" + b" " * 5000)
    assert found(find_units(places(data), bytes_reader(data))) == expected(data)
