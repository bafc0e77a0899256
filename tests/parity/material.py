"""The files that are compared: the corpus, generated ones, and both with damage."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from importlib.resources import files
from pathlib import Path
from unittest import mock
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from edi.finding_codes import CODES
from edi.guides import overlays
from edi.guides.guide import Guide, find_qualifiers
from edi.guides.library import GuideLibrary
from edi.guides.maps.reader import read_map
from edi.guides.node import SegmentNode
from edi.guides.overlays import OVERLAYS, Overlay
from edi.synthetic.faults.catalogue import CATALOGUE
from edi.synthetic.faults.fault import NoPlace
from edi.synthetic.faults.injection import generate_faulty
from edi.synthetic.files import Request, generate
from tests.parity.mutation import mutate

CORPUS = Path(__file__).parent.parent / "corpus"
ALIASES = {
    b"005010X222A2": b"005010X222A1",
    b"005010X223A3": b"005010X223A2",
    b"005010X222~": b"005010X222A1~",
}
"""Ids that pyx12 does not know, rewritten before both readers read the file."""
NO_DATA = frozenset({"README.md", "LICENSE", "LICENSE.txt", "valid_by_pyx12.txt"})
LONGEST_BASE = 2_500
"""Bytes of a file that is damaged: pyx12 reads about 200,000 a second."""
GENERATED = (("837P", 2), ("837I", 2), ("834", 3))
"""Kinds with so many claims or members. pyx12 has no 837D of version 5010."""
ITEMS = 5
"""So many times as many in files that are not damaged."""
ENOUGH = (4, 20, 200)
"""Claims or members among which there is one that can have a fault."""
SYNTAX_AND_GUIDE = 2
"""The last SNIP type that pyx12 checks."""


class EveryGuide(GuideLibrary):
    """The guides of the product, and those that only pyx12 has: version 4010, and 820."""

    def __init__(self, overlays: tuple[Overlay, ...] = OVERLAYS) -> None:
        super().__init__()
        self.overlays = overlays
        """Those that the maps are repaired with."""
        self._more: dict[str, Guide] = {}

    def find(self, version: str, functional_id: str, guide_id: str) -> Guide | None:
        """As the library, or read from pyx12's map."""
        with mock.patch.object(overlays, "OVERLAYS", self.overlays):
            own = super().find(version, functional_id, guide_id)
        name = _maps().get((version, functional_id, guide_id))
        if own or name is None:
            return own
        if name not in self._more:
            nodes = read_map(name)
            header = next(node for node in nodes if isinstance(node, SegmentNode) and node.id == "ST")
            transaction = next(iter(header.elements[0].inline_codes))
            self._more[name] = Guide(guide_id, name, functional_id, transaction, nodes, find_qualifiers(nodes))
        return self._more[name]

    def knows(self, version: str, guide_id: str) -> bool:
        """Is it a guide of either, whatever GS01 says?"""
        return super().knows(version, guide_id) or any(key[0] == version and key[2] == guide_id for key in _maps())


@cache
def every_guide() -> EveryGuide:
    """One library for all comparisons."""
    return EveryGuide()


@cache
def without(overlay: Overlay | None) -> EveryGuide:
    """The library without one repair of its maps, or without any."""
    return EveryGuide(tuple(one for one in OVERLAYS if overlay is not None and one is not overlay))


@cache
def _maps() -> dict[tuple[str, str, str], str]:
    """ISA12, GS01, GS08 -> map, of those that these three choose."""
    root: Element = fromstring((files("pyx12") / "map" / "maps.xml").read_bytes())
    return {
        (version.get("icvn", ""), one.get("fic", ""), one.get("vriic", "")): one.text or ""
        for version in root.iter("version")
        for one in version.iter("map")
        if one.get("fic") and not one.get("tspc")
    }


def corpus() -> Iterator[tuple[str, bytes]]:
    """Every data file of the corpus with its name, under ids that pyx12 knows."""
    for path in sorted(CORPUS.rglob("*")):
        if path.is_file() and path.name not in NO_DATA and ".expected." not in path.name:
            yield path.relative_to(CORPUS).as_posix(), _renamed(path.read_bytes())


def _renamed(data: bytes) -> bytes:
    for alias, known in ALIASES.items():
        data = data.replace(alias, known)
    return data


@cache
def bases() -> tuple[str, ...]:
    """Small files without a fault to damage: of the corpus, and generated ones."""
    valid = (CORPUS / "valid_by_pyx12.txt").read_text().split()
    texts = [text for name in valid if len(text := _renamed((CORPUS / name).read_bytes())) <= LONGEST_BASE]
    texts += [generate(Request(kind=kind, items=items, seed=seed)) for kind, items in GENERATED for seed in (1, 2, 3)]
    return tuple(text.decode("latin-1") for text in texts)


def mutations(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """So many damaged files, with a name each; everything follows from the seed."""
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    for number in range(count):
        yield f"mutation {seed}/{number}", mutate(chance.choice(bases()), chance).encode("latin-1")


def generated(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Right files of every kind that pyx12 has, in turn."""
    for number in range(count):
        kind, items = GENERATED[number % len(GENERATED)]
        request = Request(kind=kind, items=items * ITEMS, seed=seed * 1000 + number, items_per_set=ITEMS)
        yield f"generated {seed}/{number} {kind}", generate(request)


def faulty(seed: int) -> Iterator[tuple[str, bytes]]:
    """Right files of every kind with one fault each, of all those that are told without looking between segments."""
    for kind, _ in GENERATED:
        for code, fault in CATALOGUE.items():
            if kind in fault.kinds and CODES[code].snip <= SYNTAX_AND_GUIDE:
                yield f"{code} {seed} {kind}", _with_fault(kind, code, seed)


def _with_fault(kind: str, code: str, seed: int) -> bytes:
    """A small file, larger only where a small one has no place for the fault."""
    *small, last = ENOUGH
    for items in small:
        with suppress(NoPlace):
            return generate_faulty(Request(kind=kind, items=items, seed=seed), [code])[0]
    return generate_faulty(Request(kind=kind, items=last, seed=seed), [code])[0]
