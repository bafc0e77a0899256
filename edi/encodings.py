"""Which bytes beyond ASCII a partner's files may hold in texts."""

from __future__ import annotations

from typing import Literal

Encoding = Literal["ascii", "latin-1", "utf-8"]
"""Of elements of type AN. X12's own sets are within ASCII; the other two are agreed with a partner.

- ascii: no byte from 80 (hexadecimal) on.
- latin-1: A0 to FF as well, a byte a character.
- utf-8: every well-formed sequence; an element is as long as it has characters.
"""
