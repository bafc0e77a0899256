from __future__ import annotations

from importlib.resources import files
from itertools import groupby
from pathlib import Path

import pytest

from edi.guides.maps import facts
from edi.guides.maps.facts import OWN_MAPS, SAME_CONTENT, OwnMap, read_facts, to_map
from edi.guides.maps.reader import external_codes, read_map
from edi.guides.node import NOT_USED, REQUIRED, UNLIMITED, LoopNode, SegmentNode

MAPS = Path(facts.__file__).parent
DENTAL = OWN_MAPS[0]
ROWS = read_facts(MAPS / DENTAL.facts)
NODES = read_map(DENTAL.map)
ORIGINAL, COPY = "/2000B/2300", "/2000B/2000C/2300"
"""The claim loop is written once in the table."""
Row = dict[str, str]


def path_of(node: LoopNode | SegmentNode) -> str:
    """Of the loop, or of the segment's loop."""
    return "/".join(node.path if isinstance(node, LoopNode) else node.path[:-1])


def told(row: Row) -> tuple[object, ...]:
    """What a row says of a loop or segment."""
    same = SAME_CONTENT.fullmatch(row["name"])
    maximum = UNLIMITED if row["max"] == ">1" else int(row["max"])
    return (row["id"], same[1] if same else row["name"], row["usage"], int(row["pos"]), maximum)


def held(node: LoopNode | SegmentNode) -> tuple[object, ...]:
    """The same of a node."""
    return (node.id, node.name, node.usage, node.position, node.maximum)


def segments_by_loop() -> dict[str, list[SegmentNode]]:
    """Segments in the order of the map, by the path of their loop."""
    found: dict[str, list[SegmentNode]] = {}
    for node in NODES:
        if isinstance(node, SegmentNode):
            found.setdefault(path_of(node), []).append(node)
    return found


def segment_rows() -> dict[str, list[list[Row]]]:
    """By the path of their loop: the row of each segment, with those of its elements behind it."""
    found: dict[str, list[list[Row]]] = {}
    for row in ROWS:
        if row["kind"] == "segment":
            found.setdefault(row["path"], []).append([row])
        elif row["kind"] != "loop":
            found[row["path"].rpartition("/")[0]][-1].append(row)
    return found


def allowed(row: Row) -> frozenset[str]:
    """Inline codes and those of the list that they name."""
    codes: frozenset[str] = frozenset()
    for code in row["codes"].split():
        name = code.removeprefix("ext:")
        codes |= external_codes()[name] if name != code else {code}
    return codes


@pytest.mark.parametrize("own", OWN_MAPS, ids=[own.map for own in OWN_MAPS])
def test_a_map_is_what_its_table_makes(own: OwnMap) -> None:
    """The committed map is the committed table's, byte for byte."""
    assert (MAPS / own.map).read_bytes() == to_map(read_facts(MAPS / own.facts), own)


def test_every_loop_and_segment_of_the_table_is_a_node() -> None:
    """Read back without the converter, and nothing else is there but the second place of the claim loop."""
    loops = {path_of(node): held(node) for node in NODES if isinstance(node, LoopNode)}
    rows = {row["path"]: told(row) for row in ROWS if row["kind"] == "loop"}
    inside = {path.replace(ORIGINAL, COPY): row for path, row in rows.items() if f"{ORIGINAL}/" in path}
    assert loops == rows | inside
    segments = {path: [held(node) for node in nodes] for path, nodes in segments_by_loop().items()}
    wanted = {path: [told(group[0]) for group in groups] for path, groups in segment_rows().items()}
    copied = {path.replace(ORIGINAL, COPY): told_ for path, told_ in wanted.items() if ORIGINAL in path}
    assert segments == wanted | copied


def test_every_element_of_the_table_is_specified() -> None:
    """With its usage, codes and notes, and the type and lengths that the table repeats from the dictionary."""
    rows = segment_rows()
    for path, nodes in segments_by_loop().items():
        for node, (of_segment, *of_elements) in zip(nodes, rows[path.replace(COPY, ORIGINAL)], strict=True):
            notes = [note.kind + "".join(f"{place:02}" for place in note.places) for note in node.syntax]
            assert " ".join(notes) == of_segment["syntax_notes"]
            found = [one for element in node.elements for one in (element, *element.components)]
            for one, row in zip(found, of_elements, strict=True):
                assert (one.reference, one.data_element) == (row["id"], row["data_element"])
                if row["kind"] != "composite":
                    sizes = (one.data_type, one.minimum, one.maximum)
                    assert sizes == (row["type"], int(row["min"]), int(row["max_len"]))
                    assert one.codes == allowed(row)


def test_usage_is_the_tables() -> None:
    """But for the first component of a composite that may be absent: it is not required by itself."""
    rows = segment_rows()
    for path, nodes in segments_by_loop().items():
        for node, (_, *of_elements) in zip(nodes, rows[path.replace(COPY, ORIGINAL)], strict=True):
            by_element = groupby(of_elements, key=lambda row: row["id"].partition("-")[0])
            for element, (_, group) in zip(node.elements, by_element, strict=True):
                own, *components = (row["usage"] for row in group)
                assert element.usage == own
                if components and own != REQUIRED:
                    components[0] = "S"
                assert [one.usage for one in element.components] == components


def test_nothing_that_is_not_used_has_components() -> None:
    """So that a value there is told as not used, and nothing else is said of it."""
    for node in NODES:
        if isinstance(node, SegmentNode):
            assert not any(one.components for one in node.elements if one.usage == NOT_USED)


@pytest.mark.parametrize(
    "row",
    [
        {"kind": "loop", "path": "NOWHERE/2000A", "id": "2000A"},
        {"kind": "loop", "path": "ST_LOOP", "id": "2000A"},
        {"kind": "remark", "path": "ST_LOOP"},
    ],
)
def test_a_table_that_makes_no_tree_is_refused(row: Row) -> None:
    """Rather than made into some other map."""
    whole = dict.fromkeys(ROWS[0], "") | row
    with pytest.raises(ValueError, match=r"no (place for|kind of row)"):
        to_map([*ROWS, whole], DENTAL)


def test_the_notice_of_the_maps_goes_along() -> None:
    """Shared loops follow pyx12's map of the professional claim, so its licence lies beside the table."""
    notice = (files("edi.guides.maps") / "LICENSE.pyx12.txt").read_text(encoding="utf-8")
    assert "John Holland" in notice
    assert "Redistributions of source code must retain" in notice
