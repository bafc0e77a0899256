"""The parts of a guide: loops, segments, elements, components."""

from __future__ import annotations

from dataclasses import dataclass, field

SITUATIONAL, REQUIRED, NOT_USED = "S", "R", "N"
UNLIMITED = 2**31 - 1


@dataclass(frozen=True, slots=True)
class ElementSpecification:
    """What the guide says of an element, a composite or a component."""

    reference: str
    """Reference designator such as CLM05-01."""
    name: str
    usage: str
    data_element: str
    """X12 data element number; of a composite its C-number, or empty."""
    data_type: str = "AN"
    """AN, ID, R, N0 to N9, DT, TM or B."""
    minimum: int = 0
    maximum: int = 0
    codes: frozenset[str] = frozenset()
    """Every value allowed, inline and external ones together; empty when any value is."""
    inline_codes: frozenset[str] = frozenset()
    """Those that the map itself lists."""
    pattern: str = ""
    """Regular expression the value must contain a match of; empty when there is none."""
    repeat: int = 1
    components: tuple[ElementSpecification, ...] = ()
    """Empty for a simple element."""


@dataclass(frozen=True, slots=True)
class SyntaxNote:
    """A rule between elements of one segment."""

    kind: str
    """P all or none, R at least one, E at most one, C if the first then all, L if the first then one other."""
    places: tuple[int, ...]


@dataclass(eq=False, slots=True)
class LoopNode:
    """A loop of the guide; `children` are in matching order."""

    index: int
    id: str
    name: str
    parent: LoopNode | None
    usage: str
    position: int
    maximum: int
    path: tuple[str, ...] = ()
    stop: int = 0
    """The nodes under the loop have the indices from its own to this one."""
    children: list[LoopNode | SegmentNode] = field(default_factory=list)

    def __repr__(self) -> str:
        return f"LoopNode({'/'.join(self.path)})"


@dataclass(eq=False, slots=True)
class SegmentNode:
    """A segment at one place of the guide."""

    index: int
    id: str
    name: str
    parent: LoopNode
    usage: str
    position: int
    maximum: int
    elements: tuple[ElementSpecification, ...] = ()
    syntax: tuple[SyntaxNote, ...] = ()
    key_element: int = 0
    """The element whose value tells segments of one id apart, 0 when the id alone does."""
    key_component: int = 0
    key_codes: frozenset[str] = frozenset()
    """The values there that select this node."""
    path: tuple[str, ...] = ()

    @property
    def loop(self) -> str:
        """Id of the loop around it, such as 2300."""
        return self.parent.id

    def accepts(self, segment_id: str, qualifier: str | None) -> bool:
        """Does a segment with this id and qualifier stand here?"""
        return self.id == segment_id and (not self.key_element or qualifier in self.key_codes)

    def __repr__(self) -> str:
        return f"SegmentNode({'/'.join(self.path)})"
