"""The README shows what a newcomer gets: the explained claim is the demo's, character for character."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from loaders import server
from pipeline.claim import view_claim
from pipeline.command.claim_page import page
from pipeline.house import House, embedded_warehouse_folder, open_house
from tests.demo.conftest import REPOSITORY, Played

BLOCK = re.compile(r"```console\n\$ edi claim (\S+)\n(.*?)```", re.DOTALL)
CUT = re.compile(r"tail -c \+(\d+) (\S+) \| head -c (\d+) +# (\S+)")
AS_IT_HAPPENED = ((r"in file \d+,", "in file N,"), (r"T\d{9}\b", "T"), (r"rules bundle [0-9a-f]{12}", "rules bundle"))
"""Partners are looked at side by side, so files and corrections draw their numbers in any order; rules change."""


@pytest.fixture
def house(played: Played) -> Iterator[House]:
    """The demo's house, its warehouse started once more."""
    server.start(embedded_warehouse_folder(played.var))
    try:
        with open_house(REPOSITORY / "examples" / "demo" / "config", played.var) as opened:
            yield opened
    finally:
        server.stop(embedded_warehouse_folder(played.var))


def shown(house: House, number: str) -> str:
    """What `edi claim` prints."""
    view = view_claim(house, number)
    return "".join(f"{'  ' * line.depth}{line.text}".rstrip() + "\n" for line in page(view.claims, view.timeline))


def anywhere(text: str) -> str:
    """Without what differs from one performance to the next."""
    for pattern, name in AS_IT_HAPPENED:
        text = re.sub(pattern, name, text)
    return text


@pytest.mark.timeout(600)
def test_the_readmes_claim_is_the_demos(house: House, played: Played) -> None:
    """By its number (CLP07), the provider's (CLM01), and from the segment back: the bytes are in the archive."""
    readme = (REPOSITORY / "README.md").read_text()
    ((number, told),) = BLOCK.findall(readme)
    output = shown(house, number)
    assert anywhere(output) == anywhere(told)
    (_, second) = view_claim(house, number).claims
    assert shown(house, second["tracking_number"]) == output
    assert shown(house, second["provider_number"]) == output
    ((first, path, length, segment),) = CUT.findall(readme)
    content = (played.var / path.removeprefix("var/")).read_bytes()
    assert content[int(first) - 1 :][: int(length)].decode() == segment
    # the way back from the 835
    assert any(
        f"CLP*{second['provider_number']}*1*" in file.read_text() and number in file.read_text()
        for file in (played.var / "sftp" / "clearlink" / "out").glob("835_*.x12")
    )
