"""Make the fullest file that a guide allows: every segment, every element, from the guide's own nodes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from edi.guides.guide import Guide
from edi.guides.node import NOT_USED, ElementSpecification, LoopNode, SegmentNode

FORMAT, PERIOD = "1250", "1251"
LEVELS = "2000"
FIRST_DAY = date(2025, 1, 1)
LEAST_UNIQUE = 6
COPIES = 2
"""How often what may repeat does."""


def fullest_file(guide: Guide) -> bytes:
    """One transaction set in its envelopes, without a fault in form."""
    isa = "ISA*00*          *00*          *ZZ*CLEARING       *ZZ*PLAN           *250301*0915*^*00501*000000101*0*T*:"
    gs = f"GS*{guide.functional_id}*CLEARING*PLAN*20250301*0915*7*X*{guide.id}"
    segments = _Maker(guide).segments()
    return "~".join([isa, gs, *segments, "GE*1*7", "IEA*1*000000101", ""]).encode()


class _Maker:
    """Walks the guide in the order in which a file has to stand."""

    def __init__(self, guide: Guide) -> None:
        self.guide = guide
        self.values = 0
        self.written = 0
        self.levels: list[int] = []
        self.level = 0

    def segments(self) -> list[str]:
        """The transaction set."""
        root = self.guide.nodes[0]
        assert isinstance(root, LoopNode)
        return list(self._loop(root, []))

    def _loop(self, loop: LoopNode, numbered: list[None]) -> Iterator[str]:
        """A loop; `numbered` grows by one for each LX in the loop around it."""
        within: list[None] = []
        is_level = any(isinstance(child, SegmentNode) and child.id == "HL" for child in loop.children)
        for child in loop.children:
            if isinstance(child, LoopNode):
                for _ in range(1 if child.id.startswith(LEVELS) else min(child.maximum, COPIES)):
                    yield from self._loop(child, within)
            else:
                for copy in range(min(child.maximum, COPIES)):
                    self.written += 1
                    yield "*".join(self._segment(child, copy, numbered)).rstrip("*")
        if is_level:
            self.levels.pop()

    def _segment(self, node: SegmentNode, copy: int, numbered: list[None]) -> list[str]:
        match node.id:
            case "ST":
                self.written = 1
                named = [element.usage != NOT_USED for element in node.elements[2:]]
                return ["ST", self.guide.transaction, "0001", *([self.guide.id] if any(named) else [])]
            case "SE":
                return ["SE", str(self.written), "0001"]
            case "HL":
                return self._level(node)
            case "LX":
                numbered.append(None)
                return ["LX", str(len(numbered))]
        key = sorted(node.key_codes)[copy % len(node.key_codes)] if node.key_codes else ""
        elements: list[str] = []
        for number, element in enumerate(node.elements, 1):
            code = key if number == node.key_element else ""
            elements.append(self._element(element, elements, code.partition("/")[0], repeat=not code))
        if "/" in key:
            elements[1] = key.partition("/")[2]
        self._exclude(node, elements)
        return [node.id, *elements]

    def _level(self, node: SegmentNode) -> list[str]:
        self.level += 1
        parent = str(self.levels[-1]) if self.levels else ""
        self.levels.append(self.level)
        children = any(
            isinstance(one, SegmentNode) and one.id == "HL"
            for one in self.guide.nodes[node.parent.index : node.parent.stop]
            if one is not node
        )
        used = len(node.elements) == 4 and node.elements[3].usage != NOT_USED
        return ["HL", str(self.level), parent, min(node.key_codes), *([str(int(children))] if used else [])]

    def _exclude(self, node: SegmentNode, elements: list[str]) -> None:
        """Of elements that exclude each other now one and now another is left."""
        for note in node.syntax:
            present = [place for place in note.places if place <= len(elements) and elements[place - 1]]
            if note.kind == "E" and len(present) > 1:
                self.values += 1
                stays = present[self.values % len(present)]
                for place in present:
                    if place != stays:
                        elements[place - 1] = ""

    def _element(self, element: ElementSpecification, before: list[str], code: str, *, repeat: bool) -> str:
        if element.usage == NOT_USED:
            return ""
        copies = min(element.repeat, COPIES) if repeat else 1
        if not element.components:
            return "^".join(code or self._value(element, before) for _ in range(copies))
        return "^".join(self._composite(element, code) for _ in range(copies))

    def _composite(self, element: ElementSpecification, code: str) -> str:
        parts: list[str] = []
        for component in element.components:
            value = "" if component.usage == NOT_USED else self._value(component, parts)
            parts.append(code if code and not parts else value)
        return ":".join(parts).rstrip(":")

    def _value(self, element: ElementSpecification, before: list[str]) -> str:
        self.values += 1
        if element.codes:
            codes = sorted(element.codes)
            return codes[self.values % len(codes)]
        if element.data_element == PERIOD:
            return self._period(before[-1])
        return self._text(element)

    def _text(self, element: ElementSpecification) -> str:
        """A value of the type, another one each time where there is room for it."""
        match element.data_type:
            case "DT":
                return self._day()
            case "TM":
                return f"{self.values % 24:02}{self.values % 60:02}"
            case "N0":
                return str(self.values % 10 ** min(element.maximum, LEAST_UNIQUE)).zfill(element.minimum)
            case "R":
                return f"{self.values % 1000}.5" if element.maximum > len("999.5") else "7"
        unique = f"{self.values:09}" if element.pattern else f"V{self.values:05}"
        text = unique if element.maximum >= LEAST_UNIQUE else "AB"[: element.maximum]
        return text.ljust(element.minimum, "X")

    def _period(self, form: str) -> str:
        """A date in the format that stands before it."""
        match form:
            case "RD8":
                return f"{self._day()}-{self._day(7)}"
            case "DT":
                return f"{self._day()}{self.values % 24:02}30"
            case "TM":
                return f"{self.values % 24:02}45"
            case _:
                return self._day()

    def _day(self, later: int = 0) -> str:
        return f"{FIRST_DAY + timedelta(self.values % 365 + later):%Y%m%d}"
