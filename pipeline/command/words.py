"""What people type into free options: who they are, why they do it, which system a file is from."""

from __future__ import annotations

import re
from typing import Annotated

import typer

NAME, NOTE = 60, 500
"""Most characters of a name, and of a note."""
SYSTEM = re.compile(r"[A-Za-z0-9_-]{1,40}", re.ASCII)


def person(text: str | None) -> str | None:
    """A person or a queue, as lists show it on one line."""
    return _shown(text, NAME)


def remark(text: str | None) -> str | None:
    """A note of one line."""
    return _shown(text, NOTE)


def system(text: str) -> str:
    """The short name of another system."""
    if not SYSTEM.fullmatch(text):
        raise typer.BadParameter("expected up to 40 letters, digits, - and _")
    return text


def _shown(text: str | None, most: int) -> str | None:
    if text is None:
        return None
    words = text.strip()
    if not words or len(words) > most or not words.isprintable():
        raise typer.BadParameter(f"expected 1 to {most} characters that can be printed")
    return words


Note = Annotated[str | None, typer.Option(callback=remark, help="Why, for whoever reads it later; no personal data.")]
"""What whoever decides may add."""
