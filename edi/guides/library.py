"""The guides that are supported, by what a functional group says of itself."""

from __future__ import annotations

from functools import cache
from threading import Lock
from typing import NamedTuple

from edi.codes.lists import CodeLists
from edi.guides.guide import Guide, find_qualifiers
from edi.guides.maps.reader import read_map
from edi.guides.overlays import repair


class _Entry(NamedTuple):
    kind: str
    functional_id: str
    transaction: str
    map: str


VERSION = "00501"
"""ISA12 that goes with every guide here."""

CATALOGUE = {
    "005010X214": _Entry("277CA", "HN", "277", "277.5010.X214.xml"),
    "005010X220A1": _Entry("834", "BE", "834", "834.5010.X220.A1.xml"),
    "005010X221A1": _Entry("835", "HP", "835", "835.5010.X221.A1.xml"),
    "005010X222A1": _Entry("837P", "HC", "837", "837.5010.X222.A1.xml"),
    "005010X223A2": _Entry("837I", "HC", "837", "837Q3.I.5010.X223.A1.xml"),
    "005010X224A2": _Entry("837D", "HC", "837", "837.5010.X224.A2.xml"),
    "005010X231": _Entry("999", "FA", "999", "999.5010.xml"),
    "005010X231A1": _Entry("999", "FA", "999", "999.5010X231.A1.xml"),
}

ALIASES = {
    "005010X220": "005010X220A1",
    "005010X221": "005010X221A1",
    "005010X222": "005010X222A1",
    "005010X222A2": "005010X222A1",
    "005010X223": "005010X223A2",
    "005010X223A1": "005010X223A2",
    "005010X223A3": "005010X223A2",
    "005010X224": "005010X224A2",
    "005010X224A1": "005010X224A2",
    "005010X224A3": "005010X224A2",
}
"""Ids of the same guide with another set of errata; what they change is not in the maps."""


class GuideLibrary:
    """Guides, compiled when first asked for (about 0.1 s each) and kept, and the code lists that go with them."""

    def __init__(self, code_lists: CodeLists | None = None) -> None:
        self.code_lists = code_lists
        """For the checks of SNIP 5; None: the lists that ship with the project."""
        self._guides: dict[str, Guide] = {}
        self._lock = Lock()

    def with_code_lists(self, code_lists: CodeLists) -> GuideLibrary:
        """The very same guides with other code lists."""
        other = GuideLibrary(code_lists)
        other._guides, other._lock = self._guides, self._lock
        return other

    def find(self, version: str, functional_id: str, guide_id: str) -> Guide | None:
        """The guide for ISA12, GS01 and GS08, or None where that combination is not supported."""
        own_id = ALIASES.get(guide_id, guide_id)
        entry = CATALOGUE.get(own_id)
        if entry is None or version != VERSION or functional_id != entry.functional_id:
            return None
        with self._lock:
            if own_id not in self._guides:
                self._guides[own_id] = _compile(own_id, entry)
            return self._guides[own_id]

    def knows(self, version: str, guide_id: str) -> bool:
        """Is it a supported guide, whatever GS01 says?"""
        return version == VERSION and ALIASES.get(guide_id, guide_id) in CATALOGUE


@cache
def default_library() -> GuideLibrary:
    """The one library of this process."""
    return GuideLibrary()


def _compile(guide_id: str, entry: _Entry) -> Guide:
    nodes = read_map(entry.map)
    repair(guide_id, nodes)
    return Guide(guide_id, entry.kind, entry.functional_id, entry.transaction, nodes, find_qualifiers(nodes))
