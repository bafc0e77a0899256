"""What the README says of the demo, and what the demo prints, without what differs between two performances."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.claim import view_claim
from pipeline.command.claim_page import TextLine, page
from pipeline.command.remit_page import remittance_page
from pipeline.house import House
from pipeline.remit_inspection import show_remittance
from tests.demo.conftest import REPOSITORY

BLOCK = re.compile(r"```console\n\$ ([^\n]+)\n(.*?)```", re.DOTALL)
"""A command, and what it prints."""
FILE = re.compile(r"\| `var/(\S+)` \| says \|\n\|---\|---\|\n((?:\| .*\n)+)")
SEGMENT = re.compile(r"^\| `([^`]+)` \|", re.MULTILINE)
"""A table of segments, and the file that holds them in this order."""
CUT = re.compile(r"tail -c \+(\d+) (\S+) \| head -c (\d+) +# (\S+)")
AS_IT_HAPPENED = (
    (r"in file \d+,", "in file N,"),
    (r"T\d{9}\b", "T"),
    (r"rules bundle [0-9a-f]{12}", "rules bundle"),
    (r"\b26(152|160)\d{7}\b", r"26\1"),
)
"""Partners are looked at side by side, so files and a day's claims draw their numbers in any order; rules change."""


def readme() -> str:
    """The README's text."""
    return (REPOSITORY / "README.md").read_text()


def told() -> dict[str, str]:
    """What the README says that commands print, by command."""
    return dict(BLOCK.findall(readme()))


def segments_told() -> dict[str, list[str]]:
    """The segments that the README shows, by file under var/."""
    return {file: SEGMENT.findall(rows) for file, rows in FILE.findall(readme())}


def remittance_shown(house: House, trace_number: str) -> str:
    """What `edi remit show` prints."""
    return printed(remittance_page(show_remittance(house, trace_number)))


def claim_shown(house: House, number: str) -> str:
    """What `edi claim` prints."""
    view = view_claim(house, number)
    return printed(page(view.claims, view.timeline))


def printed(lines: Iterable[TextLine]) -> str:
    """Lines as a terminal has them."""
    return "".join(f"{'  ' * line.depth}{line.text}".rstrip() + "\n" for line in lines)


def anywhere(text: str) -> str:
    """Without what differs from one performance to the next."""
    for pattern, name in AS_IT_HAPPENED:
        text = re.sub(pattern, name, text)
    return text
