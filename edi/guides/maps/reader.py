"""Read guide maps into nodes: our own, and those of the pyx12 package (BSD-3-Clause, John Holland).

A map writes a property as an attribute or as a child element; the attribute wins. Children of a loop are matched by
position, loops before segments at one position, else in the order of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING

from defusedxml.ElementTree import fromstring

from edi.guides.node import REQUIRED, UNLIMITED, ElementSpecification, LoopNode, SegmentNode, SyntaxNote

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

SYNTAX_KINDS = frozenset("PRECL")


def read_map(name: str) -> tuple[LoopNode | SegmentNode, ...]:
    """ST_LOOP of a map and all under it, in document order."""
    for loop in _load(name).iter("loop"):
        if loop.get("xid") == "ST_LOOP":
            reader = _Reader()
            reader.loop(loop, None)
            return tuple(reader.nodes)
    raise ValueError(f"the map {name} has no ST_LOOP")


def _load(name: str) -> Element:
    own = files(__package__) / name
    source = own if own.is_file() else files("pyx12") / "map" / name
    root: Element = fromstring(source.read_bytes())
    return root


def _text(xml: Element, name: str) -> str:
    return xml.get(name) or xml.findtext(name) or ""


@cache
def _data_elements() -> dict[str, tuple[str, int, int]]:
    """Data element number -> type, least and greatest length."""
    return {
        _text(one, "ele_num"): (_text(one, "data_type"), int(_text(one, "min_len")), int(_text(one, "max_len")))
        for one in _load("dataele.xml").iter("data_ele")
    }


LATER_CODES: Mapping[str, frozenset[str]] = MappingProxyType({"claim_status": frozenset({"787"})})
"""Codes younger than the lists of the maps that we write ourselves, by list: 787 asks for a new claim (RFI 2398)."""


@cache
def external_codes() -> dict[str, frozenset[str]]:
    """Name of a code list that the maps only refer to -> its codes."""
    lists = {
        _text(one, "id"): frozenset(code.text for code in one.iterfind("version/code") if code.text)
        for one in _load("codes.xml").iter("codeset")
    }
    return {name: codes | LATER_CODES.get(name, frozenset()) for name, codes in lists.items()}


class _Reader:
    """Numbers nodes as it meets them, so that those under a loop follow it without a gap."""

    def __init__(self) -> None:
        self.nodes: list[LoopNode | SegmentNode] = []

    def loop(self, xml: Element, parent: LoopNode | None) -> LoopNode:
        identifier = _text(xml, "xid")
        node = LoopNode(
            index=len(self.nodes),
            id=identifier,
            name=_text(xml, "name"),
            parent=parent,
            usage=_text(xml, "usage") or "S",
            position=int(_text(xml, "pos") or 0),
            maximum=_limit(_text(xml, "repeat")),
            path=(*parent.path, identifier) if parent else (identifier,),
        )
        self.nodes.append(node)
        node.children.extend(self.loop(child, node) for child in xml.findall("loop"))
        node.children.extend(self.segment(child, node) for child in xml.findall("segment"))
        node.children.sort(key=lambda child: child.position)
        node.stop = len(self.nodes)
        return node

    def segment(self, xml: Element, parent: LoopNode) -> SegmentNode:
        identifier = _text(xml, "xid")
        elements = sorted((e for e in xml if e.tag in {"element", "composite"}), key=lambda e: int(_text(e, "seq")))
        node = SegmentNode(
            index=len(self.nodes),
            id=identifier,
            name=_text(xml, "name"),
            parent=parent,
            usage=_text(xml, "usage") or "S",
            position=int(_text(xml, "pos") or 0),
            maximum=_limit(_text(xml, "max_use")),
            elements=tuple(
                _element(element, f"{identifier}{place:02}") for place, element in enumerate(elements, start=1)
            ),
            syntax=tuple(_syntax(xml)),
            path=(*parent.path, identifier),
        )
        node.key_element, node.key_component, node.key_codes = _key(node)
        self.nodes.append(node)
        return node


def _limit(text: str) -> int:
    return UNLIMITED if text in {"", ">1"} else int(text)


def _syntax(xml: Element) -> Iterator[SyntaxNote]:
    for note in xml.findall("syntax"):
        text = (note.text or "").strip()
        if text[:1] in SYNTAX_KINDS:
            yield SyntaxNote(text[0], tuple(int(place) for place in re.findall("..", text[1:])))


def _element(xml: Element, reference: str = "") -> ElementSpecification:
    """An element, composite or component; `reference` is its designator where the map leaves it out."""
    number = _text(xml, "data_ele")
    plain = ElementSpecification(
        reference=_text(xml, "xid") or reference,
        name=_text(xml, "name"),
        usage=_text(xml, "usage") or "S",
        data_element=number,
        repeat=int(_text(xml, "repeat") or 1),
    )
    if xml.tag == "composite":
        return replace(plain, components=_components(xml, plain))
    data_type, minimum, maximum = _data_elements()[number]
    codes: frozenset[str] = frozenset()
    valid = xml.find("valid_codes")
    if valid is not None:
        codes = frozenset(code.text for code in valid.findall("code") if code.text)
        if external := valid.get("external"):
            codes |= external_codes()[external]
    return replace(
        plain,
        data_type=data_type,
        minimum=minimum,
        maximum=maximum,
        codes=codes,
        pattern=xml.findtext("regex") or "",
        inline_codes=frozenset(code.text for code in valid.findall("code") if code.text)
        if valid is not None
        else codes,
    )


def _components(xml: Element, composite: ElementSpecification) -> tuple[ElementSpecification, ...]:
    """Components; the first one of a composite that may be absent is not required by itself."""
    components = [_element(one) for one in xml.findall("element")]
    if components and components[0].usage == REQUIRED and composite.usage != REQUIRED:
        components[0] = replace(components[0], usage="S")
    return tuple(components)


def _key(node: SegmentNode) -> tuple[int, int, frozenset[str]]:
    """Element, component and values that tell this node from others of its id; element 0 where the id does.

    These are the places that the maps were written for: a required code in 01, the first component of 01, ENT02, HL03.
    """
    nothing = ElementSpecification("", "", "S", "")
    first, second, third = (*node.elements, nothing, nothing, nothing)[:3]
    if first.components:
        start = first.components[0]
        if start.inline_codes and (start.data_type == "ID" or node.id == "CTX"):
            return 1, 1, start.inline_codes
    elif first.data_type == "ID" and first.usage == REQUIRED and first.inline_codes:
        return 1, 0, first.inline_codes
    if node.id == "ENT" and second.inline_codes:
        return 2, 0, second.inline_codes
    if node.id == "HL" and third.inline_codes:
        return 3, 0, third.inline_codes
    return 0, 0, frozenset()
