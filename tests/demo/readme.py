"""What the README says of the demo, and what the demo prints, without what differs between two performances."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.claim import view_claim
from pipeline.command.claim_page import TextLine, page
from pipeline.house import House
from tests.demo.conftest import REPOSITORY

BLOCK = re.compile(r"```console\n\$ edi claim (\S+)\n(.*?)```", re.DOTALL)
CUT = re.compile(r"tail -c \+(\d+) (\S+) \| head -c (\d+) +# (\S+)")
AS_IT_HAPPENED = ((r"in file \d+,", "in file N,"), (r"T\d{9}\b", "T"), (r"rules bundle [0-9a-f]{12}", "rules bundle"))
"""Partners are looked at side by side, so files and corrections draw their numbers in any order; rules change."""


def readme() -> str:
    """The README's text."""
    return (REPOSITORY / "README.md").read_text()


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
