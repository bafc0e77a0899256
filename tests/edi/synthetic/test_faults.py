"""Every fault of the catalogue is found where it was put, and nothing else is."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from random import Random

import pytest

from edi.delimiters import Delimiters
from edi.finding_codes import CODES
from edi.findings import Finding
from edi.reference.scanner import scan
from edi.scan import Scan
from edi.scanner import scan as scan_compiled
from edi.synthetic.faults.catalogue import CATALOGUE, OTHERWISE, why_not
from edi.synthetic.faults.fault import NoPlace
from edi.synthetic.faults.injection import Placed, generate_faulty, write_faulty
from edi.synthetic.files import RECEIVER, SENDER, Request, UnmakeableFile, generate
from rules.acceptance import AcceptanceProfile, agreement_findings

PROFILE = AcceptanceProfile(
    partner="sender",
    senders=((SENDER.qualifier, SENDER.id),),
    group_senders=(SENDER.application,),
    receivers=((RECEIVER.qualifier, RECEIVER.id),),
    group_receivers=(RECEIVER.application,),
    usages=frozenset({"T"}),
    folder_usage="T",
)
CASES = [(name, kind) for name, fault in CATALOGUE.items() for kind in fault.kinds]
ITEMS, A_SET = 130, 120


def request(kind: str, seed: int = 1) -> Request:
    """A file with everything that the faults need a place in."""
    return Request(kind=kind, items=ITEMS, items_per_set=A_SET, seed=seed)


def findings(data: bytes, stage: str = "scan") -> list[Finding]:
    """What both scanners find, or what the agreement with the sender says besides."""
    scanned: Scan = scan(data)
    assert scan_compiled(data).findings == scanned.findings
    return [*(agreement_findings(scanned, PROFILE) if stage == "agreement" else ()), *scanned.findings]


def is_at(finding: Finding, placed: Placed) -> bool:
    """Is the finding where the fault is said to be, as far as that was said?"""
    told = asdict(placed)
    stated = {name: told[name] for name in told.keys() & asdict(finding).keys() if told[name]}
    if not finding.interchange:  # bytes between interchanges belong to none
        stated.pop("interchange")
    return finding.code == placed.fault and all(getattr(finding, name) == value for name, value in stated.items())


@pytest.mark.parametrize(("name", "kind"), CASES, ids=["-".join(case) for case in CASES])
def test_a_fault_is_found_where_it_is(name: str, kind: str) -> None:
    """Segment and element; beside it nothing but what follows from it by necessity."""
    fault = CATALOGUE[name]
    wanted = request(kind) if fault.part == "SET" else Request(kind=kind, items=12, items_per_set=8)
    data, [placed] = generate_faulty(wanted, [name])
    found = findings(data, fault.stage)
    assert [finding for finding in found if is_at(finding, placed)]
    also = fault.also
    beside = Counter(finding.code for finding in found if finding.code != name)
    assert "*" in also or set(beside) <= set(also)
    if name not in also:
        assert sum(finding.code == name for finding in found) == 1


def test_every_finding_code_has_its_fault() -> None:
    """Or a reason why no single fault of such a file provokes it."""
    assert [code for code in CODES if code not in CATALOGUE and not why_not(code)] == []
    assert set(CATALOGUE) | set(OTHERWISE) <= set(CODES)
    assert not set(CATALOGUE) & set(OTHERWISE)


@pytest.mark.parametrize("seed", range(2, 6))
@pytest.mark.parametrize("name", ["NPI_INVALID", "ELEMENT_LONG", "SEGMENT_UNKNOWN", "CLAIM_CHARGE_IMBALANCE"])
def test_the_seed_chooses_the_place(name: str, seed: int) -> None:
    """Elsewhere for another seed, and found there; at the same place for the same."""
    data, [placed] = generate_faulty(request("837P", seed), [name])
    assert any(is_at(finding, placed) for finding in findings(data))
    assert generate_faulty(request("837P", seed), [name]) == (data, [placed])
    assert placed != generate_faulty(request("837P"), [name])[1][0]


def test_a_fault_goes_into_the_set_that_was_chosen() -> None:
    """Of the file, in whatever interchange it is."""
    wanted = Request(kind="837I", items=60, items_per_set=10, sets_per_interchange=2)
    data, [placed] = generate_faulty(wanted, ["ELEMENT_CODE"], at_set=4)
    assert (placed.interchange, placed.transaction_set) == (2, 2)
    assert [is_at(finding, placed) for finding in findings(data)] == [True]


def test_several_faults_go_into_one_file() -> None:
    """Those that insert or leave out segments move what was put in before them, and its place with it."""
    names = ["ELEMENT_LONG", "NPI_INVALID", "SEGMENT_UNKNOWN", "SEGMENT_TOO_MANY", "GROUP_COUNT_WRONG"]
    data, placed = generate_faulty(request("837P"), names)
    found = findings(data)
    assert Counter(each.fault for each in placed) == Counter(names) == Counter(finding.code for finding in found)
    assert all(any(is_at(finding, each) for finding in found) for each in placed)


def test_other_separators_and_line_breaks_are_kept(tmp_path: Path) -> None:
    """The fault is all that differs; its offset is where the damaged segment begins."""
    odd = Request(kind="837P", items=40, delimiters=Delimiters("|", ">", "!", "'"), line_breaks=True)
    path = tmp_path / "file.x12"
    made, [placed] = write_faulty(path, odd, ["ELEMENT_DATE"])
    right, wrong = generate(odd).split(b"'"), path.read_bytes().split(b"'")
    assert sum(one != other for one, other in zip(right, wrong, strict=True)) == 1
    assert path.read_bytes()[placed.offset :].startswith(b"DMG|D8|20260230")
    assert made.items == 40
    assert json.loads(json.dumps(asdict(placed)))["segment_id"] == "DMG"


def test_what_cannot_be_put_in_is_refused() -> None:
    """Unknown faults, faults of other kinds of files, and files without a place for them."""
    with pytest.raises(UnmakeableFile, match="There is no fault"):
        generate_faulty(request("837P"), ["NO_SUCH_FAULT"])
    with pytest.raises(UnmakeableFile, match="is for 834"):
        generate_faulty(request("837P"), ["COBRA_DATE_MISSING"])
    with pytest.raises(NoPlace):
        generate_faulty(Request(kind="837P", items=1), ["ACCIDENT_STATE_MISSING"])
    with pytest.raises(NoPlace):
        generate_faulty(request("837P"), ["ELEMENT_DATE"], at_set=99)


@pytest.mark.parametrize("seed", range(200))
def test_faults_that_leave_each_other_no_place_are_told_of(seed: int) -> None:
    """Several faults together are put in, or one of them is named that cannot be."""
    chance = Random(seed)  # noqa: S311 - a reproducible test, not a secret
    kind = chance.choice(("837P", "837I", "837D", "834"))
    names = chance.sample([name for name, fault in CATALOGUE.items() if kind in fault.kinds], 4)
    placed, problem = list[Placed](), ""
    try:
        _, placed = generate_faulty(Request(kind=kind, items=4, seed=seed), names)
    except NoPlace as raised:
        problem = str(raised)
    assert sorted(one.fault for one in placed) == sorted(names) or any(problem.startswith(name) for name in names)
