from __future__ import annotations

from itertools import chain

import pytest

from edi.guides.guide import Guide
from edi.guides.library import ALIASES, CATALOGUE, GuideLibrary
from edi.guides.node import LoopNode, SegmentNode

LIBRARY = GuideLibrary()


def guide_of(guide_id: str) -> Guide:
    """A guide of the catalogue."""
    guide = LIBRARY.find("00501", CATALOGUE[guide_id].functional_id, guide_id)
    assert guide
    return guide


@pytest.mark.parametrize("guide_id", CATALOGUE)
def test_nodes_under_a_loop_follow_it(guide_id: str) -> None:
    """The scanner clears the counters under a loop as one range."""
    guide = guide_of(guide_id)
    for node in guide.nodes:
        assert guide.nodes[node.index] is node
        if isinstance(node, LoopNode):
            inside = [one.index for one in guide.nodes if one.path[: len(node.path)] == node.path and one is not node]
            assert set(range(node.index + 1, node.stop)) <= set(inside)


@pytest.mark.parametrize("guide_id", CATALOGUE)
def test_every_segment_can_be_reached(guide_id: str) -> None:
    """From ST, by transitions alone, each segment of the guide has a way to it."""
    guide = guide_of(guide_id)
    reached = {guide.header.index}
    frontier = [guide.header]
    while frontier:
        node = frontier.pop()
        for segment_id, place in guide.qualifiers.items():
            for qualifier in (None, *place.codes):
                step = guide.follow(node, segment_id, qualifier)
                if step and step.target.index not in reached:
                    reached.add(step.target.index)
                    frontier.append(step.target)
    missed = [node.path for node in guide.nodes if isinstance(node, SegmentNode) and node.index not in reached]
    assert missed == []


@pytest.mark.parametrize("guide_id", CATALOGUE)
def test_a_required_node_passed_over_is_listed_once(guide_id: str) -> None:
    """What a transition may report as missing has no doubles and is never the target itself."""
    guide = guide_of(guide_id)
    for node in guide.nodes:
        if isinstance(node, SegmentNode):
            for segment_id in guide.qualifiers:
                step = guide.follow(node, segment_id, None)
                if step:
                    assert len(set(step.passed)) == len(step.passed)
                    assert all(one.node is not step.target for one in step.passed)


def test_a_guide_is_compiled_once() -> None:
    """A library keeps its guides, and every alias is the same one."""
    library = GuideLibrary()
    first = library.find("00501", "HC", "005010X222A1")
    assert first is library.find("00501", "HC", "005010X222A2")
    assert set(ALIASES.values()) <= set(CATALOGUE)


@pytest.mark.parametrize(
    ("version", "functional_id", "guide_id"),
    [
        ("00401", "HC", "004010X098A1"),
        ("00501", "HC", "004010X098A1"),
        ("00401", "HC", "005010X222A1"),
        ("00501", "BE", "005010X222A1"),
        ("00501", "BE", "005010X224A2"),
        ("00501", "HC", "005010X225A2"),
        ("00501", "", ""),
    ],
)
def test_other_combinations_are_not_supported(version: str, functional_id: str, guide_id: str) -> None:
    """ISA12, GS01 and GS08 must go together."""
    assert LIBRARY.find(version, functional_id, guide_id) is None


def test_segments_are_found_by_loop_and_qualifier() -> None:
    """A loop may stand in two places of a guide; a qualifier picks one node in each."""
    guide = guide_of("005010X222A1")
    assert len(guide.segments("2300", "CLM")) == 2
    assert [node.key_codes for node in guide.segments("2300", "REF", "F8")] == [frozenset({"F8"})] * 2
    assert guide.segments("2300", "REF", "nothing") == ()


@pytest.mark.parametrize("guide_id", CATALOGUE)
def test_no_two_places_in_a_loop_are_taken_for_each_other(guide_id: str) -> None:
    """Segments of one id in a loop, and first segments of the loops in it, differ in their qualifier."""
    for loop in guide_of(guide_id).nodes:
        if isinstance(loop, LoopNode):
            first = [child.children[:1] if isinstance(child, LoopNode) else [child] for child in loop.children]
            segments = [child for child in chain.from_iterable(first) if isinstance(child, SegmentNode)]
            taken = [(one.id, code) for one in segments for code in (one.key_codes or {""})]
            assert len(taken) == len(set(taken)), loop.path


@pytest.mark.parametrize("guide_id", CATALOGUE)
def test_a_loop_may_stand_as_often_as_its_first_segment(guide_id: str) -> None:
    """Each further one opens the loop again, so a limit of the loop would be one of the segment."""
    for loop in guide_of(guide_id).nodes:
        if isinstance(loop, LoopNode) and loop.children and isinstance(loop.children[0], SegmentNode):
            assert loop.children[0].maximum in {1, loop.maximum}, loop.path
