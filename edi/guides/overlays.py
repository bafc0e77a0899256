"""Repairs of known faults in the maps."""

from __future__ import annotations

from dataclasses import replace

from edi.guides.node import ElementSpecification, LoopNode, SegmentNode

ATTACHED_CERTIFICATE = "CT"
"""PWK01 of both paperwork segments of a professional service line: the line supplement, and the DMERC certificate
of medical necessity. Only PWK02 tells them apart."""


def repair(guide_id: str, nodes: tuple[LoopNode | SegmentNode, ...]) -> None:
    """Correct the nodes of a guide in place."""
    for node in nodes:
        if not isinstance(node, SegmentNode):
            continue
        if node.id == "ST":
            node.elements = tuple(_allow_aliases(element) for element in node.elements)
        elif guide_id == "005010X222A1" and (node.parent.id, node.id) == ("2400", "PWK"):
            _tell_certificates_apart(node)


def _allow_aliases(element: ElementSpecification) -> ElementSpecification:
    """ST03 may be any alias of the guide; whether it agrees with GS08 is the group's concern."""
    return replace(element, codes=frozenset()) if element.reference == "ST03" else element


def _tell_certificates_apart(node: SegmentNode) -> None:
    """The certificate takes CT with its own PWK02; the supplement keeps every other CT."""
    if node.key_codes == {ATTACHED_CERTIFICATE}:
        node.key_codes = frozenset(f"{ATTACHED_CERTIFICATE}/{method}" for method in node.elements[1].codes)
