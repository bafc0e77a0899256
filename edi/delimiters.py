"""The four characters that separate the parts of an interchange; each ISA segment fixes its own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Delimiters:
    """Separators of one interchange, one character each."""

    element: str = "*"
    """Fourth character of the ISA."""
    component: str = ":"
    """ISA16."""
    repetition: str = "^"
    """ISA11; empty where the interchange has none (version 00401, or a letter or digit there)."""
    segment: str = "~"
    """The character after ISA16."""


DEFAULT = Delimiters()
