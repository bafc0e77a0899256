"""Repairs of known faults in the maps: each one fact, with what speaks for it.

A fault is mended only where the material shows it: the base standard, another guide of the same transaction, or the
map against itself. Where a map is merely silent it stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from edi.guides.node import REQUIRED, SITUATIONAL, UNLIMITED, ElementSpecification, LoopNode, SegmentNode

Node = LoopNode | SegmentNode

PROFESSIONAL, INSTITUTIONAL = "005010X222A1", "005010X223A2"
ENROLLMENT, CLAIM_ACKNOWLEDGMENT, REMITTANCE = "005010X220A1", "005010X214", "005010X221A1"
ATTACHED_CERTIFICATE = "CT"


class Overlay(NamedTuple):
    """A repair of every node at some places of some guides."""

    guides: tuple[str, ...]
    """Empty: every guide."""
    places: tuple[str, ...]
    """Loop ids such as 2330D, or a segment with its loop, such as 2400/PWK."""
    change: Callable[[Node], None]
    fact: str
    """What is so."""
    reason: str
    """How the map has it, and what shows that it is wrong."""


def at(position: int) -> Callable[[Node], None]:
    """The place among the siblings; what stands at one place may come in any order."""

    def change(node: Node) -> None:
        node.position = position

    return change


def used(usage: str) -> Callable[[Node], None]:
    """Whether a loop or segment is required."""

    def change(node: Node) -> None:
        node.usage = usage

    return change


def at_most(maximum: int) -> Callable[[Node], None]:
    """How often it may stand there."""

    def change(node: Node) -> None:
        node.maximum = maximum

    return change


def element(place: int, change: Callable[[ElementSpecification], ElementSpecification]) -> Callable[[Node], None]:
    """Change an element of a segment, counted from 1."""

    def change_node(node: Node) -> None:
        if not isinstance(node, SegmentNode):
            raise TypeError(f"{node} has no elements")
        elements = list(node.elements)
        elements[place - 1] = change(elements[place - 1])
        node.elements = tuple(elements)

    return change_node


def _required(specification: ElementSpecification) -> ElementSpecification:
    return replace(specification, usage=REQUIRED)


def _any_value(specification: ElementSpecification) -> ElementSpecification:
    return replace(specification, codes=frozenset(), inline_codes=frozenset())


def _also(*codes: str) -> Callable[[ElementSpecification], ElementSpecification]:
    """Further codes."""

    def change(specification: ElementSpecification) -> ElementSpecification:
        return replace(
            specification,
            codes=specification.codes.union(codes),
            inline_codes=specification.inline_codes.union(codes),
        )

    return change


def _tell_certificates_apart(node: Node) -> None:
    """The certificate takes CT with its own PWK02; the supplement keeps every other CT."""
    if isinstance(node, SegmentNode) and node.key_codes == {ATTACHED_CERTIFICATE}:
        node.key_codes = frozenset(f"{ATTACHED_CERTIFICATE}/{method}" for method in node.elements[1].codes)


OVERLAYS = (
    Overlay(
        guides=(),
        places=("ST_LOOP/ST",),
        change=element(3, _any_value),
        fact="ST03 has no code list",
        reason=(
            "some maps list the guide's own id; a set may say any alias of it. That ST03 says the same as GS08 is "
            "checked with the group (SET_GUIDE_MISMATCH)"
        ),
    ),
    Overlay(
        guides=(PROFESSIONAL,),
        places=("ST_LOOP/ST",),
        change=element(3, _required),
        fact="ST03 is required",
        reason="the map has it situational, against the maps of the other claims, of enrolment and of acknowledgments",
    ),
    Overlay(
        guides=(PROFESSIONAL,),
        places=("HEADER/BHT",),
        change=element(6, _also("31")),
        fact="BHT06 may be 31, a subrogation demand",
        reason="missing in the map; 837I and 837D have it",
    ),
    Overlay(
        guides=(PROFESSIONAL,),
        places=("2400/PWK",),
        change=_tell_certificates_apart,
        fact="a line's PWK*CT is the certificate of medical necessity only where PWK02 is one of that segment's",
        reason=(
            "both PWK segments of a line have CT in PWK01, so every CT was taken for the line supplement, and the "
            "guide's own oxygen and wheelchair examples were refused"
        ),
    ),
    Overlay(
        guides=(PROFESSIONAL, INSTITUTIONAL),
        places=("2330C", "2330D", "2330E", "2330F", "2330G"),
        change=at(3250),
        fact="providers of another payer come in any order",
        reason="they are one loop 2330 of the base 837, whose NM1 is at 3250; the maps put them one behind the other",
    ),
    Overlay(
        guides=(INSTITUTIONAL,),
        places=("2330H", "2330I"),
        change=at(3250),
        fact="providers of another payer come in any order",
        reason="as above; these two the 837P does not have",
    ),
    Overlay(
        guides=(PROFESSIONAL,),
        places=("2420G", "2420H"),
        change=at(5000),
        fact="the ambulance locations of a line come in any order with its providers",
        reason="one loop 2420 of the base 837, NM1 at 5000; the map puts them behind",
    ),
    Overlay(
        guides=(INSTITUTIONAL,),
        places=("2420D",),
        change=at(5000),
        fact="the referring provider of a line comes in any order with the others",
        reason="one loop 2420 of the base 837, NM1 at 5000; the map puts it behind",
    ),
    Overlay(
        guides=(INSTITUTIONAL,),
        places=("2310F",),
        change=at(2500),
        fact="the referring provider of a claim comes in any order with the others",
        reason="one loop 2310 of the base 837, NM1 at 2500; the map puts it behind",
    ),
    Overlay(
        guides=(INSTITUTIONAL,),
        places=("2010AC",),
        change=at(150),
        fact="pay-to plan and pay-to address come in any order",
        reason="one loop 2010 of the base 837, NM1 at 0150; the map puts the plan behind",
    ),
    Overlay(
        guides=(INSTITUTIONAL,),
        places=("1000B",),
        change=at(200),
        fact="submitter and receiver come in any order",
        reason="one loop 1000 of the base 837, NM1 at 0200; the map puts the receiver behind",
    ),
    Overlay(
        guides=(INSTITUTIONAL,),
        places=("2000C",),
        change=at(1400),
        fact="patients come behind the subscriber's own claims",
        reason=(
            "the map has 2000C at 0200 before 2300 at 1300: a dependant behind a claim of the subscriber had no "
            "place. 837P and 837D have it behind"
        ),
    ),
    Overlay(
        guides=(ENROLLMENT,),
        places=("1000B", "1000C"),
        change=at(700),
        fact="sponsor, payer and brokers come in any order",
        reason="one loop 1000 of the base 834, N1 at 0700; the map puts them one behind the other",
    ),
    Overlay(
        guides=(ENROLLMENT,),
        places=("2100H",),
        change=at(300),
        fact="the drop-off location comes in any order with the member's other names",
        reason="one loop 2100 of the base 834, NM1 at 0300; the map puts it behind",
    ),
    Overlay(
        guides=(CLAIM_ACKNOWLEDGMENT,),
        places=("2000C", "2000D"),
        change=used(SITUATIONAL),
        fact="a batch may be refused as a whole, or a provider's claims together, without the levels below",
        reason="the map requires both levels, yet HL04 of the receiver may be 0",
    ),
    Overlay(
        guides=(CLAIM_ACKNOWLEDGMENT,),
        places=("2000C/HL",),
        change=element(4, _also("0")),
        fact="HL04 of a billing provider may be 0",
        reason="the map has 1 only; a provider whose claims are refused together has no patients below",
    ),
    Overlay(
        guides=(CLAIM_ACKNOWLEDGMENT,),
        places=("2200C", "2200C/STC"),
        change=used(SITUATIONAL),
        fact="trace, status and totals of a billing provider are optional",
        reason="the map requires trace and status of every provider; accepted 277CAs in use leave them out",
    ),
    Overlay(
        guides=(CLAIM_ACKNOWLEDGMENT,),
        places=("2220D/STC",),
        change=at_most(UNLIMITED),
        fact="STC of a line repeats",
        reason="once in the map; at all other levels it repeats there too",
    ),
    Overlay(
        guides=(REMITTANCE,),
        places=("FOOTER",),
        change=at_most(UNLIMITED),
        fact="PLB repeats",
        reason="any number in the map, but as the first segment of a wrapping loop that may stand once only",
    ),
)


def overlays_of(guide_id: str) -> tuple[Overlay, ...]:
    """Those of a guide, given its own id."""
    return tuple(overlay for overlay in OVERLAYS if not overlay.guides or guide_id in overlay.guides)


def repair(guide_id: str, nodes: tuple[Node, ...]) -> None:
    """Correct the nodes of a guide in place.

    Raises:
        ValueError: a place to be mended is not there; the map is another one than the overlays were written for.
    """
    for overlay in overlays_of(guide_id):
        for place in overlay.places:
            found = [node for node in nodes if _name(node) == place]
            if not found:
                raise ValueError(f"the map of {guide_id} has no {place}")
            for node in found:
                overlay.change(node)
    for node in nodes:
        if isinstance(node, LoopNode):
            # loops before segments at one place, else as in the file: as the reader numbered them
            node.children.sort(key=lambda child: (child.position, child.index))


def _name(node: Node) -> str:
    return node.id if isinstance(node, LoopNode) else f"{node.parent.id}/{node.id}"
