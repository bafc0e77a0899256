"""What an edit is: a small function over all claims of a file, and what the 277CA says where it finds something."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd

Severity = Literal["reject", "report", "accept"]
SEVERITIES: tuple[Severity, ...] = ("reject", "report", "accept")
"""reject: the 277CA returns the claim. report: it is taken in, and what was found is kept beside it. accept: nobody
looks; adjudication decides."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit."""

    id: str
    meaning: str
    statuses: str
    """Of the STC: up to three with blanks between, each `category:status` or `category:status:entity`."""
    snip: int
    """SNIP type; whatever is here goes to the 277CA, never to the 999."""
    source: str
    severity: Severity = "reject"
    """Unless front_end.yaml says otherwise."""
    judge: Callable[[pd.DataFrame], pd.Series] | None = None
    """Which claims it finds something in, by the frame `claims` of the facts; None where somebody else finds out: the
    scanner, or who looks for the original of a correction."""
    effective_from: date | None = None
    """First day of receipt on which it looks; None: since ever."""
    effective_through: date | None = None
    """Last day of receipt; None: until further notice."""

    def is_in_force(self, received: date) -> bool:
        """Does it look at claims received on a day?"""
        since, until = self.effective_from or date.min, self.effective_through or date.max
        return since <= received <= until
