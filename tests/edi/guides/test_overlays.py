"""Each repair of a map: what was refused passes, and what must be refused still is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from edi.guides import library
from edi.guides.library import CATALOGUE, VERSION, GuideLibrary
from edi.guides.maps.reader import read_map
from edi.guides.node import LoopNode, SegmentNode
from edi.guides.overlays import OVERLAYS, overlays_of, repair
from edi.scan import Scan

FileOf = Callable[..., bytes]
Scanner = Callable[..., Scan]
OTHER_PAYER = "SBR*S*18*******CI~OI***Y***Y~NM1*IL*1*DOE*JANE****MI*X1~NM1*PR*2*OTHER PLAN*****PI*OTHER"
OCCURRENCES = "HI*BH:42:D8:20250204*BH:A1:D8:20250101"
RECEIVER = "NM1*40*2*HEALTH PLAN*****46*PLAN"
SUBMITTER, CONTACT = "NM1*41*2*CLEARING HOUSE*****46*CLEARING", "PER*IC*HELP DESK*TE*5555550100"
RENDERING = "NM1*82*1*ROE*RICHARD****XX*1234567802"
ADDRESS = "N3*1 MAIN STREET~N4*SPRINGFIELD*IL*627010001"

RIGHT = {
    "a subrogation demand": (
        "837P",
        {"BHT*0019*00*BATCH1*20250301*0915*CH": "BHT*0019*00*BATCH1*20250301*0915*31"},
    ),
    "other payer's providers in any order (P)": (
        "837P",
        {RENDERING: f"{RENDERING}~{OTHER_PAYER}~NM1*85*2~REF*G2*1~NM1*77*2~REF*G2*2~NM1*82*1~REF*G2*3"},
    ),
    "other payer's providers in any order (I)": (
        "837I",
        {OCCURRENCES: f"{OTHER_PAYER}~NM1*85*2~REF*G2*1~NM1*DN*1~REF*G2*2~NM1*71*1~REF*G2*3"},
    ),
    "ambulance before the rendering provider of a line": (
        "837P",
        {"REF*6R*LINE2": (f"REF*6R*LINE2~NM1*PW*2~{ADDRESS}~NM1*45*2~{ADDRESS}~NM1*82*1*ROE*RICHARD****XX*1234567802")},
    ),
    "referring before attending provider": (
        "837I",
        {OCCURRENCES: ("NM1*DN*1*POE*ANN****XX*1234567893~NM1*71*1*ROE*RICHARD****XX*1234567802")},
    ),
    "referring before operating provider of a line": (
        "837I",
        {
            "SV2*0120**900*DA*3": (
                "SV2*0120**900*DA*3~NM1*DN*1*POE*ANN****XX*1234567893~NM1*72*1*ROE*RICHARD****XX*1234567802"
            )
        },
    ),
    "pay-to plan before pay-to address": (
        "837I",
        {"REF*EI*123456789": f"REF*EI*123456789~NM1*PE*2*PLAN*****PI*77~{ADDRESS}~REF*EI*123456789~NM1*87*2~{ADDRESS}"},
    ),
    "receiver before submitter": (
        "837I",
        {
            SUBMITTER: "",
            CONTACT: "",
            RECEIVER: f"{RECEIVER}~{SUBMITTER}~{CONTACT}",
        },
    ),
    "a dependant behind a claim of the subscriber": (
        "837I",
        {
            "HL*2*1*22*0": "HL*2*1*22*1",
            "SV2*0120**900*DA*3": (
                "SV2*0120**900*DA*3~HL*3*2*23*0~PAT*19~NM1*QC*1*DOE*JIM~N3*2 OAK STREET~N4*SPRINGFIELD*IL*62701~"
                "DMG*D8*20150102*M~CLM*PCN9*900***11:A:1**A*Y*Y~DTP*434*RD8*20250201-20250204~DTP*435*DT*202502011030~"
                "CL1*1*1*01~HI*ABK:J45909:::::::Y~HI*ABJ:J45909~LX*1~SV2*0120**900*DA*3"
            ),
        },
    ),
    "payer before sponsor": (
        "834",
        {
            "N1*P5*SMALL BAKERY*FI*987654321": "",
            "N1*IN*HEALTH PLAN*FI*123456789": (
                "N1*BO*BROKER*FI*111111111~N1*IN*HEALTH PLAN*FI*123456789~N1*P5*SMALL BAKERY*FI*987654321"
            ),
        },
    ),
    "drop-off location before the responsible person": (
        "834",
        {"DMG*D8*19800102*F": f"DMG*D8*19800102*F~NM1*45*1~{ADDRESS}~NM1*S1*1*ROE*RICHARD"},
    ),
}


def _free_the_guides_id(_guide_id: str, nodes: tuple[LoopNode | SegmentNode, ...]) -> None:
    """Without this one, no set in the map's own words would pass."""
    OVERLAYS[0].change(next(node for node in nodes if node.id == "ST"))


@pytest.fixture(scope="module")
def unrepaired() -> GuideLibrary:
    """Guides as their maps have them."""
    guides = GuideLibrary()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(library, "repair", _free_the_guides_id)
        for guide_id, entry in CATALOGUE.items():
            guides.find(VERSION, entry.functional_id, guide_id)
    return guides


@pytest.mark.parametrize(("kind", "changes"), RIGHT.values(), ids=RIGHT)
def test_what_the_maps_refused_passes(
    scan: Scanner, file_of: FileOf, unrepaired: GuideLibrary, kind: str, changes: dict[str, str]
) -> None:
    """And without the repair it would be refused still."""
    data = file_of(kind, changes)
    assert list(scan(data, snip=2).findings) == []
    assert len(scan(data, unrepaired, snip=2).findings)


WRONG = {
    "no ST03": ("837P", {"ST*837*0001*005010X222A1": "ST*837*0001"}, ("ELEMENT_MISSING", "ST")),
    "a kind of batch that is none": (
        "837P",
        {"BHT*0019*00*BATCH1*20250301*0915*CH": "BHT*0019*00*BATCH1*20250301*0915*32"},
        ("ELEMENT_CODE", "BHT"),
    ),
    "no sponsor": ("834", {"N1*P5*SMALL BAKERY*FI*987654321": ""}, ("SEGMENT_MISSING", "N1")),
    "no submitter": (
        "837I",
        {SUBMITTER: "", CONTACT: ""},
        ("SEGMENT_MISSING", "NM1"),
    ),
    "two payers": (
        "834",
        {"N1*IN*HEALTH PLAN*FI*123456789": "N1*IN*HEALTH PLAN*FI*123456789~N1*IN*HEALTH PLAN*FI*123456789"},
        ("LOOP_TOO_MANY", "N1"),
    ),
}


@pytest.mark.parametrize(("kind", "changes", "found"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_still_found(
    scan: Scanner, file_of: FileOf, kind: str, changes: dict[str, str], found: tuple[str, str]
) -> None:
    """A repaired place keeps its other rules."""
    assert found in {(one.code, one.segment_id) for one in scan(file_of(kind, changes), snip=2).findings}


CLAIM_ANSWER = """
ST*277*0001*005010X214
BHT*0085*08*ANSWER1*20250302*0915*TH
HL*1**20*1
NM1*PR*2*HEALTH PLAN*****PI*PLAN
TRN*1*RECEIPT1
DTP*050*D8*20250301
DTP*009*D8*20250302
HL*2*1*21*{children}
NM1*41*2*CLEARING HOUSE*****46*CLEARING
TRN*2*BATCH1
STC*A1:19:PR*20250302*WQ*150.5
"""
PROVIDER = """
HL*3*2*19*1
NM1*85*2*GREEN CLINIC*****XX*1234567893
HL*4*3*PT
NM1*QC*1*DOE*JANE****MI*M1001
TRN*2*PCN1
STC*A7:21*20250302*U*150.5
DTP*472*D8*20250215
SVC*HC:99213*100.5*****1
STC*A7:454*20250302*U
STC*A7:21*20250302*U
REF*FJ*1
"""


def claim_answer(detail: str) -> bytes:
    """A 277CA with the levels under the receiver, or without any."""
    head = CLAIM_ANSWER.format(children="1" if detail else "0")
    segments = [*head.strip().split("\n"), *detail.strip().split("\n")] if detail else head.strip().split("\n")
    segments = [
        "ISA*00*          *00*          *ZZ*PLAN           *ZZ*CLEARING       *250302*0915*^*00501*000000101*0*T*:",
        "GS*HN*PLAN*CLEARING*20250302*0915*7*X*005010X214",
        *segments,
        f"SE*{len(segments) + 1}*0001",
        "GE*1*7",
        "IEA*1*000000101",
    ]
    return "".join(f"{segment}~" for segment in segments).encode()


REFUSED_PROVIDER = """
HL*3*2*19*0
NM1*85*2*GREEN CLINIC*****XX*1234567893
TRN*1*0
STC*A3:496:85**U*150.5
"""


@pytest.mark.parametrize(
    "detail", ["", PROVIDER, REFUSED_PROVIDER], ids=["batch refused", "provider without trace", "provider refused"]
)
def test_levels_of_a_claim_acknowledgment_may_end_early(scan: Scanner, unrepaired: GuideLibrary, detail: str) -> None:
    """HL04 of the receiver may be 0; a provider needs no status of its own; a line may have several."""
    assert list(scan(claim_answer(detail), snip=2).findings) == []
    assert len(scan(claim_answer(detail), unrepaired, snip=2).findings)


def test_every_element_has_its_designator() -> None:
    """In every guide, and it says the place where the element really stands."""
    for entry in CATALOGUE.values():
        for node in read_map(entry.map):
            if isinstance(node, SegmentNode):
                assert [one.reference for one in node.elements] == [
                    f"{node.id}{place:02}" for place in range(1, len(node.elements) + 1)
                ]


def state(node: LoopNode | SegmentNode) -> tuple[object, ...]:
    """All that a repair may change."""
    own = (node.elements, node.key_codes) if isinstance(node, SegmentNode) else tuple(node.children)
    return (node.usage, node.position, node.maximum, *own)


@pytest.mark.parametrize("guide_id", CATALOGUE)
def test_every_repair_mends_something(guide_id: str) -> None:
    """A repair that changes nothing of a guide has had its day: its map is right now."""
    nodes = read_map(CATALOGUE[guide_id].map)
    for overlay in overlays_of(guide_id):
        before = [state(node) for node in nodes]
        for place in overlay.places:
            for node in nodes:
                if place in {node.id, "/".join(node.path[-2:])}:
                    overlay.change(node)
        if overlay.guides:
            assert [state(node) for node in nodes] != before, overlay.fact


def test_repairs_are_for_guides_that_there_are() -> None:
    """And every one says what is so and why."""
    for overlay in OVERLAYS:
        assert set(overlay.guides) <= set(CATALOGUE)
        assert overlay.places
        assert overlay.fact
        assert overlay.reason


def test_another_map_than_expected_is_refused() -> None:
    """A new release of the maps without a place to be mended must not go unseen."""
    with pytest.raises(ValueError, match="the map of 005010X222A1 has no"):
        repair("005010X222A1", read_map(CATALOGUE["005010X221A1"].map))
