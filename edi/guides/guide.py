"""A guide: the loops and segments of one transaction set as a tree, and where each segment leads in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from edi.guides.matcher import Transition, resolve
from edi.guides.node import LoopNode, SegmentNode


class QualifierPlace(NamedTuple):
    """Which element tells segments of one id apart, and its values that do."""

    element: int
    """0: the id alone."""
    component: int
    """1: its first component; 0: the whole element."""
    codes: frozenset[str]
    refined: frozenset[str]
    """Values that need the next element too: the qualifier is then `value/next`, if that is among the codes."""


@dataclass(eq=False, slots=True)
class Guide:
    """An implementation guide, ready for the scanner."""

    id: str
    """Its own id, such as 005010X222A1; a group may have named it by an alias."""
    kind: str
    """834, 835, 837P, 837I, 837D, 999 or 277CA."""
    functional_id: str
    """GS01 of its groups."""
    transaction: str
    """ST01 of its sets."""
    nodes: tuple[LoopNode | SegmentNode, ...]
    """ST_LOOP and all under it in document order; a node's index is its place here."""
    qualifiers: dict[str, QualifierPlace]
    """Every segment id of the guide."""
    transitions: list[dict[tuple[str, str | None], Transition | None]] = field(init=False)
    """By node: those asked for so far. There is one answer for each key, so threads may share them."""

    def __post_init__(self) -> None:
        self.transitions = [{} for _ in self.nodes]

    @property
    def header(self) -> SegmentNode:
        """ST."""
        return self.segments("ST_LOOP", "ST")[0]

    def segments(self, loop: str, segment_id: str, qualifier: str | None = None) -> tuple[SegmentNode, ...]:
        """The places of a segment in loops of this id (a loop may occur more than once in a guide)."""
        return tuple(
            node
            for node in self.nodes
            if isinstance(node, SegmentNode)
            and node.id == segment_id
            and node.parent.id == loop
            and (qualifier is None or qualifier in node.key_codes)
        )

    def follow(self, node: SegmentNode, segment_id: str, qualifier: str | None) -> Transition | None:
        """Where a segment after `node` stands, or None where it has no place.

        `qualifier` is None unless it is one of `qualifiers[segment_id].codes`, which bounds what is remembered.
        """
        known = self.transitions[node.index]
        key = (segment_id, qualifier)
        if key not in known:
            known[key] = resolve(node, segment_id, qualifier)
        return known[key]

    def __repr__(self) -> str:
        return f"Guide({self.id})"


def find_qualifiers(nodes: tuple[LoopNode | SegmentNode, ...]) -> dict[str, QualifierPlace]:
    """Where each segment id of the guide has its qualifier.

    Raises:
        ValueError: segments of one id are told apart on different elements, which the scanner cannot follow.
    """
    by_id: dict[str, list[SegmentNode]] = {}
    for node in nodes:
        if isinstance(node, SegmentNode):
            by_id.setdefault(node.id, []).append(node)
    places = {}
    for segment_id, twins in by_id.items():
        keys = {(node.key_element, node.key_component) for node in twins if node.key_element}
        if len(keys) > 1:
            raise ValueError(f"{segment_id} is told apart on different elements")
        codes = frozenset(code for node in twins for code in node.key_codes)
        refined = frozenset(code.split("/")[0] for code in codes if "/" in code)
        element, component = keys.pop() if keys else (0, 0)
        places[segment_id] = QualifierPlace(element, component, codes, refined)
    return places
