"""Which edits reject, which are only reported, and which are left to adjudication: by partner and day of receipt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from rules.front_end.edit import Severity

RepeatedBatches = Literal["hold", "accept"]
REPEATED_BATCHES: tuple[RepeatedBatches, ...] = get_args(RepeatedBatches)
FREQUENCIES = (
    *(f"I{frequency}" for frequency in "012345789Q"),
    *(f"{kind}{frequency}" for kind in "PD" for frequency in "178"),
)
DELAY_REASONS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "15")
"""CLM20, as the guides have it (domain.md 5.7)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitter:
    """Somebody who may send claims: 1000A NM109."""

    id: str
    providers: tuple[str, ...] = ()
    """Billing NPIs whose claims; none: everybody's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditRule:
    """What becomes of claims in which an edit finds something."""

    edit: str
    severity: Severity
    partners: tuple[str, ...] = ()
    """Whose claims; none: everybody's."""
    effective_from: date = date.min
    """First day of receipt."""
    effective_through: date = date.max
    """Last day of receipt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontEndSettings:
    """The plan's settings of its edits."""

    rules: tuple[EditRule, ...] = ()
    payer_ids: tuple[str, ...] = ()
    """2010BB NM109 by which claims may name us; none: any."""
    frequencies: tuple[str, ...] = FREQUENCIES
    """Kind of claim and CLM05-3 that may be sent."""

    submitters: tuple[Submitter, ...] = ()
    """Who may send claims; none: anybody."""
    delay_reasons: tuple[str, ...] = DELAY_REASONS
    """CLM20 that may be given."""

    repeated_batches: RepeatedBatches = "hold"
    """What becomes of a file with a batch that came before (domain.md 1.3)."""
    most_claims_per_set: int | None = None
    """A file with more in a transaction set waits for a person; None: any number. The guides advise 5,000."""

    def severity(self, edit: str, default: Severity, partner: str, received: date) -> Severity:
        """That of the rule for this partner, else of the rule for everybody; of several the one that began last."""
        found = [
            rule
            for rule in self.rules
            if rule.edit == edit
            and rule.effective_from <= received <= rule.effective_through
            and (not rule.partners or partner in rule.partners)
        ]
        if not found:
            return default
        return max(found, key=lambda rule: (bool(rule.partners), rule.effective_from)).severity

    def content(self) -> list[object]:
        """Plain values for a digest."""
        rules = [
            [rule.edit, rule.severity, *rule.partners, f"{rule.effective_from} {rule.effective_through}"]
            for rule in self.rules
        ]
        return [
            *(rules, list(self.payer_ids), list(self.frequencies), self.repeated_batches),
            [[one.id, *one.providers] for one in self.submitters],
            *(list(self.delay_reasons), self.most_claims_per_set),
        ]
