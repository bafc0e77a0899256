"""Our dental map in pyx12's own hands: it reads it, and judges the same files as we do."""

from __future__ import annotations

import io
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
import pyx12.params
import pyx12.x12n_document
from defusedxml.ElementTree import fromstring, tostring

from tests.edi.guides.test_dental import CORPUS, RIGHT, WRONG

FileOf = Callable[..., bytes]
PYX12 = files("pyx12") / "map"
OURS = (files("edi.guides.maps") / "837.5010.X224.A2.xml").read_bytes()
CRASHES_PYX12 = "six areas"
"""Too many components end it by an IndexError."""
COPIED = ("dataele.xml", "codes.xml", "maps.xml", "x12.control.00501.xml")


@pytest.fixture(scope="module")
def maps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of maps with ours in the envelope of the professional claim's map."""
    folder = tmp_path_factory.mktemp("maps")
    for name in COPIED:
        (folder / name).write_bytes((PYX12 / name).read_bytes())
    index = (PYX12 / "maps.xml").read_text(encoding="utf-8")
    one = '<map vriic="005010X222A1" fic="HC" abbr="837P">837.5010.X222.A1.xml</map>'
    assert one in index
    own = one.replace("X222A1", "X224A2").replace("837P", "837D").replace("X222.A1", "X224.A2")
    (folder / "maps.xml").write_text(index.replace(one, own), encoding="utf-8")
    envelope: Element = fromstring((PYX12 / "837.5010.X222.A1.xml").read_bytes())
    group = next(loop for loop in envelope.iter("loop") if loop.get("xid") == "GS_LOOP")
    for place, loop in enumerate(list(group)):
        if loop.get("xid") == "ST_LOOP":
            group[place] = next(iter(fromstring(OURS)))
    written = tostring(envelope).replace(b"<code>005010X222A1</code>", b"<code>005010X224A2</code>")
    (folder / "837.5010.X224.A2.xml").write_bytes(written)
    return folder


def accepts(data: bytes, maps: Path) -> bool:
    """Does pyx12 find nothing wrong with a file?"""
    document = io.StringIO(data.decode("ascii"))
    parameters = pyx12.params.params()
    return bool(pyx12.x12n_document.x12n_document(parameters, document, fd_997=None, fd_html=None, map_path=str(maps)))


@pytest.mark.parametrize("changes", RIGHT.values(), ids=RIGHT)
def test_pyx12_accepts_what_is_right(file_of: FileOf, maps: Path, changes: dict[str, str]) -> None:
    """The XML form is its own, and so is its reading of it."""
    assert accepts(file_of("837D", changes), maps)


@pytest.mark.parametrize("name", [name for name in WRONG if name != CRASHES_PYX12])
def test_pyx12_refuses_what_is_wrong(file_of: FileOf, maps: Path, name: str) -> None:
    """Every fault that we report with this map."""
    changes, _ = WRONG[name]
    assert not accepts(file_of("837D", changes), maps)


def test_pyx12_accepts_the_foreign_sample(maps: Path) -> None:
    """As we do."""
    assert accepts((CORPUS / "moov/837d_sample.txt").read_bytes(), maps)
