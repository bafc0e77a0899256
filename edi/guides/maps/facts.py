"""Turn a table of facts about a guide into a map: `python -m edi.guides.maps.facts` writes ours anew.

The table is a CSV file with one row for each loop, segment, element, composite and component, in the order of the map.
Its columns, as far as they go into the map:

- `kind`, and `id` such as 2310A, CLM, CLM05 or CLM05-01, and a short `name`;
- `path`: of a loop its own; of a segment the loop's that it stands in;
- `usage`: R required, S situational, N not used; `pos`: the place among its siblings, of an element in its segment;
- `max`: greatest number of loops or segments, `>1` for any;
- `data_element`: number in the X12 dictionary, which has type and lengths (the table repeats them, to be compared);
- `codes`: allowed values; `ext:NAME` is a code list that the maps share;
- `syntax_notes`: between elements of a segment, as P0304.

A loop whose name says `same content as PATH` has the children of that other loop. `confidence` and `source` say how
sure each row is (README.md in this folder).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from copy import deepcopy
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement, indent, tostring

SAME_CONTENT = re.compile(r"(.+); same content as (\S+)")
EXTERNAL = "ext:"


class OwnMap(NamedTuple):
    """A map made from a table."""

    facts: str
    """The table, a file of this folder."""
    map: str
    transaction: str
    """ST01."""
    name: str


OWN_MAPS = (OwnMap("837D.csv", "837.5010.X224.A2.xml", "837", "Health care claim: dental, 005010X224A2"),)


def to_map(rows: Iterable[dict[str, str]], own: OwnMap) -> bytes:
    """The map as a file.

    Raises:
        ValueError: the rows do not make a tree.
    """
    root = Element("transaction", xid=own.transaction, name=own.name)
    _Tree(root).grow(rows)
    indent(root, " ")
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def read_facts(path: Path) -> list[dict[str, str]]:
    """The rows of a table."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class _Tree:
    """Hangs each row where it belongs: elements under the last segment, components under the last composite."""

    def __init__(self, root: Element) -> None:
        self.loops = {"": root}
        self.segment = root
        self.composite = root

    def grow(self, rows: Iterable[dict[str, str]]) -> None:
        copies = []
        for row in rows:
            match row["kind"]:
                case "loop":
                    same = SAME_CONTENT.fullmatch(row["name"])
                    loop = self._loop(row, same[1] if same else row["name"])
                    if same:
                        copies.append((loop, self.loops[same[2]]))
                case "segment":
                    self.segment = _segment(self.loops[row["path"]], row)
                case "element":
                    _element(self.segment, row)
                case "composite":
                    self.composite = SubElement(self.segment, "composite", _properties(row))
                case "component":
                    _element(self.composite, row)
                case kind:
                    raise ValueError(f"no kind of row: {kind}")
        for loop, original in copies:
            loop.extend(deepcopy(list(original)))

    def _loop(self, row: dict[str, str], name: str) -> Element:
        around, _, own = row["path"].rpartition("/")
        if own != row["id"] or around not in self.loops:
            raise ValueError(f"no place for the loop {row['path']}")
        properties = {"xid": own, "name": name, "usage": row["usage"], "pos": row["pos"], "repeat": row["max"]}
        self.loops[row["path"]] = SubElement(self.loops[around], "loop", properties)
        return self.loops[row["path"]]


def _segment(loop: Element, row: dict[str, str]) -> Element:
    properties = {"xid": row["id"], "name": row["name"], "usage": row["usage"], "pos": row["pos"]}
    segment = SubElement(loop, "segment", properties | {"max_use": row["max"]})
    for note in row["syntax_notes"].split():
        SubElement(segment, "syntax").text = note
    return segment


def _element(parent: Element, row: dict[str, str]) -> None:
    element = SubElement(parent, "element", _properties(row))
    codes = row["codes"].split()
    external = [code.removeprefix(EXTERNAL) for code in codes if code.startswith(EXTERNAL)]
    if codes:
        valid = SubElement(element, "valid_codes", {"external": external[0]} if external else {})
        for code in codes:
            if not code.startswith(EXTERNAL):
                SubElement(valid, "code").text = code


def _properties(row: dict[str, str]) -> dict[str, str]:
    names = {"xid": "id", "data_ele": "data_element", "name": "name", "usage": "usage", "seq": "pos"}
    return {name: row[column] for name, column in names.items()}


def main(folder: Path = Path(__file__).parent) -> None:
    """Write our maps."""
    for own in OWN_MAPS:
        (folder / own.map).write_bytes(to_map(read_facts(folder / own.facts), own))


if __name__ == "__main__":
    main()
