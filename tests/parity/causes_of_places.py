"""Causes of differences in where segments stand in the guide."""

from __future__ import annotations

from edi.guides.node import LoopNode, SegmentNode
from edi.guides.overlays import OVERLAYS, Overlay
from tests.parity.comparison import Difference
from tests.parity.material import every_guide, without


def overlay_of(difference: Difference) -> Overlay | None:
    """The repair of the map without which the two would agree at this place."""
    for overlay in OVERLAYS:
        if difference.is_ours != (difference.place in difference.case.under(without(overlay)).places):
            return overlay
    return None


def map_repaired(difference: Difference) -> bool:
    """With the map unrepaired the two agree at this place."""
    case, place = difference.case, difference.place
    as_it_is = place in case.under(every_guide()).places
    return difference.is_ours == as_it_is != (place in case.under(without(None)).places)


def any_order(difference: Difference) -> bool:
    """What is missing stands at the same position, in the same loop, as what follows."""
    place, case = difference.place, difference.case
    if place.code != "3":
        return False
    if not difference.is_ours:
        return any(_same_position(node, place.loop, place.segment) for node in _path(difference.node))
    early = (
        Difference(case, one, is_ours=False)
        for one in case.theirs.places
        if one[1:] == place[1:] and one.row < place.row and case.our_sets.get(one.row) is case.our_sets.get(place.row)
    )
    return any(any_order(one) for one in early)


def _path(node: SegmentNode | None) -> list[SegmentNode | LoopNode]:
    path: list[SegmentNode | LoopNode] = []
    step: SegmentNode | LoopNode | None = node
    while step:
        path.append(step)
        step = step.parent
    return path


def _same_position(node: SegmentNode | LoopNode, loop: str, segment: str) -> bool:
    if node.parent is None:
        return False
    for sibling in node.parent.children:
        if sibling is node or sibling.position != node.position:
            continue
        if isinstance(sibling, LoopNode) and sibling.id == loop and sibling.children[0].id == segment:
            return True
        if isinstance(sibling, SegmentNode) and (sibling.parent.id, sibling.id) == (loop, segment):
            return True
    return False


def across_parents(difference: Difference) -> bool:
    """What is missing has the same position number as the segment that was found, but in another loop."""
    place, node = difference.place, difference.node
    if not difference.is_ours or place.code != "3" or node is None:
        return False
    nodes = (one for guide in difference.case.guides for one in guide.nodes)
    return any(
        isinstance(one, SegmentNode)
        and (one.parent.id, one.id) == (place.loop, place.segment)
        and one.position == node.position
        and one.parent is not node.parent
        for one in nodes
    )


def qualifier_suffix(difference: Difference) -> bool:
    """Without the component separators at the end of qualifiers we would say what pyx12 says."""
    case, row = difference.case, difference.row
    if not case.suffixed:
        return False
    if row and not difference.is_ours and difference.code == "6" and difference.place.element in {1, 3}:
        return difference.value.endswith(case.rows.component) and case.has_ours(row.number, "1")
    return difference.is_ours != (difference.place in case.without_suffixes.places)


def unplaced(difference: Difference) -> bool:
    """Both say that the segment has no place."""
    codes = {"LX", "HL1", "HL2", "SEG1", "8"}
    return difference.code in codes and not difference.is_ours and difference.case.has(difference.place.row, "1")


def leading_blank(difference: Difference) -> bool:
    """A blank stands before the segment id."""
    return difference.code == "blank" and difference.row is not None and difference.row.text.startswith(" ")
