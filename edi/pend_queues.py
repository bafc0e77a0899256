"""Who looks after claims that wait, unless a person took one over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PendQueues:
    """Queues by the reason that claims wait for."""

    by_reason: Mapping[str, str]
    default: str
    """Of all other reasons."""
