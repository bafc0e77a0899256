"""Valid files: nobody finds anything in them, and they are what was asked for."""

from __future__ import annotations

import io
import re
import tracemalloc
from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import pyx12.params
import pyx12.x12n_document

from edi.business.forms import FORMS
from edi.delimiters import Delimiters
from edi.reference.scanner import scan
from edi.synthetic.files import KINDS, Made, Party, Request, UnmakeableFile, generate, pieces, write

MEGABYTE = 1_000_000


def accepted_by_pyx12(content: bytes) -> bool:
    """Does pyx12 take it?"""
    document = io.StringIO(content.decode("ascii"))
    return bool(pyx12.x12n_document.x12n_document(pyx12.params.params(), document, fd_997=None, fd_html=None))


@pytest.mark.parametrize("kind", ["837P", "837I", "834"])
@pytest.mark.parametrize("seed", [1, 2])
def test_pyx12_accepts_it(kind: str, seed: int) -> None:
    """Another reading of the guides; it has none of 837D."""
    assert accepted_by_pyx12(generate(Request(kind=kind, items=80, seed=seed, items_per_set=30)))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "shape",
    [
        {},
        {"seed": 7, "line_breaks": True},
        {"items_per_set": 1, "sets_per_interchange": 1},
        {"delimiters": Delimiters("|", ">", "!", "\n"), "sets_per_interchange": 2, "items_per_set": 100},
        {"usage": "P", "as_of": date(2024, 2, 29), "control_number": 999_999_000},
    ],
    ids=["one set", "lines", "tiny interchanges", "other separators", "another day"],
)
def test_the_scanner_finds_nothing(kind: str, shape: dict[str, Any]) -> None:
    """Of SNIP 1 to 5."""
    found = scan(generate(Request(kind=kind, items=400, **shape)))
    assert Counter(finding.code for finding in found.findings) == {}


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_rich(kind: str) -> None:
    """A few hundred claims have what claims can have."""
    segments = {segment.split("*")[0] for segment in generate(Request(kind=kind, items=400)).decode().split("~")}
    wanted = {
        "834": "BGN QTY INS REF DTP NM1 PER N3 N4 DMG HD AMT LX COB",
        "837P": "PRV SBR PAT CLM DTP PWK AMT REF NTE HI NM1 CAS OI LX SV1 LIN CTP SVD",
        "837I": "PRV SBR PAT CLM DTP CL1 REF NTE HI NM1 CAS AMT OI LX SV2 LIN CTP SVD",
        "837D": "PRV SBR PAT CLM DTP DN1 DN2 AMT REF HI NM1 CAS OI LX SV3 TOO SVD",
    }[kind]
    assert set(wanted.split()) <= segments


@pytest.mark.parametrize("kind", KINDS)
def test_equal_requests_are_equal_bytes(kind: str) -> None:
    """And another seed is another file."""
    request = Request(kind=kind, items=50)
    assert generate(request) == generate(request)
    assert generate(request) != generate(Request(kind=kind, items=50, seed=2))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("items", "per_set", "sets"), [(1, 1000, [1]), (25, 10, [10, 10, 5]), (7001, 5000, [5000, 2001])]
)
def test_it_has_so_many_claims(kind: str, items: int, per_set: int, sets: list[int]) -> None:
    """In sets of at most so many, each with a number of its own."""
    content = generate(Request(kind=kind, items=items, items_per_set=per_set)).decode()
    unit = "~INS*" if kind == "834" else "~CLM*"
    assert [each.count(unit) for each in content.split("~ST*")[1:]] == sets
    numbers = re.findall(r"~ST\*\d+\*(\d+)\*", content)
    assert numbers == [f"{number:04d}" for number in range(1, len(sets) + 1)]
    if kind != "834":
        accounts = re.findall(r"~CLM\*([^*]+)\*", content)
        assert len(set(accounts)) == items


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [1, 20_000, MEGABYTE, 7 * MEGABYTE])
def test_it_is_as_large_as_was_asked_for(tmp_path: Path, kind: str, size: int) -> None:
    """Never larger, unless a single claim is, and smaller by no more than a few claims."""
    made = write(tmp_path / "file.x12", Request(kind=kind, size=size))
    content = (tmp_path / "file.x12").read_bytes()
    assert made.size == len(content)
    if size == 1:
        assert made.items == 1
    else:
        assert size - 12_000 < len(content) <= size
    assert made.segments == content.count(b"~")
    assert made.items == content.count(b"~INS*" if kind == "834" else b"~CLM*")


def test_copies_beyond_the_pool_are_valid_too() -> None:
    """Running numbers go on; nothing else is shared that must not be."""
    content = generate(Request(kind="837P", items=12_000, items_per_set=2000))
    accounts = re.findall(rb"~CLM\*([^*]+)\*", content)
    assert len(set(accounts)) == 12_000
    assert len(set(re.findall(rb"~NM1\*IL\*[^~]*\*MI\*(W[^~*]+)", content))) > 10_000
    assert scan(content[: content.index(b"~ST*837*0004*")] + b"~GE*3*1~IEA*1*000000001~").findings == ()


def test_memory_does_not_grow_with_the_file() -> None:
    """Piece by piece: 60 MB take what 6 take."""

    def peak(size: int) -> int:
        tracemalloc.start()
        try:
            for _ in pieces(Request(kind="834", size=size, items_per_set=500), Made()):
                pass
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    small, large = peak(6 * MEGABYTE), peak(60 * MEGABYTE)
    assert large < small + MEGABYTE


def test_nobody_is_real() -> None:
    """NPIs begin with 2, tax numbers with 97, and what stands for social security numbers was never issued."""
    claims = generate(Request(kind="837P", items=300)).decode()
    npis = set(re.findall(r"\*XX\*(\d+)", claims))
    assert len(npis) > 300
    assert all(npi.startswith("2") and FORMS["npi"](npi) for npi in npis)
    assert all(number.startswith("97") for number in re.findall(r"REF\*EI\*(\d+)", claims))
    members = generate(Request(kind="834", items=300)).decode()
    for number in re.findall(r"\*34\*(\d{9})", members) + re.findall(r"REF\*SY\*(\d+)", claims):
        assert number.startswith("9")
        assert 1 <= int(number[3:5]) <= 49


def test_the_envelope_says_who_when_and_how() -> None:
    """As asked for; interchanges count up."""
    request = Request(
        kind="834",
        items=4,
        items_per_set=2,
        sets_per_interchange=1,
        usage="P",
        control_number=41,
        as_of=date(2025, 3, 4),
        sender=Party("ACME", "ACME", "30", "ACMEGS"),
        receiver=Party("PLAN", "PLAN"),
    )
    found = scan(generate(request))
    first, second = found.interchanges
    assert [each.strip() for each in first.fields[5:10]] == ["30", "ACME", "ZZ", "PLAN", "250304"]
    assert (first.fields[13], second.fields[13], first.fields[15]) == ("000000041", "000000042", "P")
    assert first.groups[0].fields[1:5] == ("BE", "ACMEGS", "PLAN", "20250304")
    references = [group.sets[0].reference for each in found.interchanges for group in each.groups]
    assert len(set(references)) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "835", "items": 1},
        {"kind": "834"},
        {"kind": "834", "items": 1, "size": 1},
        {"kind": "834", "items": 0},
        {"kind": "834", "items": 1, "items_per_set": 5001},
        {"kind": "834", "items": 1, "usage": "X"},
        {"kind": "834", "items": 1, "control_number": 0},
    ],
)
def test_what_cannot_be_made_is_refused(wrong: dict[str, Any]) -> None:
    """Before anything is written."""
    with pytest.raises(UnmakeableFile):
        Request(**wrong)


def test_control_numbers_run_out() -> None:
    """There are nine digits."""
    request = Request(kind="834", items=3, items_per_set=1, sets_per_interchange=1, control_number=999_999_998)
    with pytest.raises(UnmakeableFile, match="beyond"):
        generate(request)


def test_pieces_follow_one_another() -> None:
    """ISA, GS, sets, GE, IEA, and again."""
    request = Request(kind="837D", items=5, items_per_set=1, sets_per_interchange=3)
    names = [piece.name for piece in pieces(request, Made())]
    assert names == ["ISA", "GS", "SET", "SET", "SET", "GE", "IEA", "ISA", "GS", "SET", "SET", "GE", "IEA"]
    numbers = [piece.interchange for piece in pieces(request, Made())]
    assert all(one <= other for one, other in pairwise(numbers))
