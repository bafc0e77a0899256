"""What a finding code is: level, SNIP type, default severity, and how each acknowledgment spells it.

TA105, AK905, IK502, IK304 and IK403 are the code lists of the TA1 and of the 999 (005010X231A1). A code that
concerns an element has both IK304 (always 8, segment has element errors) and IK403.
"""

from __future__ import annotations

from dataclasses import dataclass

INTERCHANGE, GROUP, SET, SEGMENT, ELEMENT, BUSINESS = "interchange", "group", "set", "segment", "element", "business"
REJECT, ERROR, WARNING, NOTE = "reject", "error", "warning", "note"


@dataclass(frozen=True, slots=True)
class FindingCode:
    """What a code means and where it is answered."""

    id: str
    level: str
    """interchange, group, set, segment, element or business."""
    meaning: str
    snip: int = 1
    """WEDI SNIP type 1 to 7."""
    ta1: str | None = None
    """TA105."""
    ak905: str | None = None
    ik502: str | None = None
    ik304: str | None = None
    ik403: str | None = None
    severity: str = ""
    """Default: reject for interchanges, groups and sets, else error. Nothing but a partner's profile sets another.

    - reject: the interchange, functional group or transaction set that it is about is refused.
    - error: told in the answer. Of segments and elements it refuses the set, unless the partner takes sets with errors
      and the claim at fault can be refused by itself; of a claim, a member or a payment (level business) it refuses
      that one alone.
    - warning: kept, shown, and told in the answer only to partners who take sets with errors; nothing is refused.
    - note: worth knowing.
    """

    def __post_init__(self) -> None:
        if not self.severity:
            default = REJECT if self.level in {INTERCHANGE, GROUP, SET} else ERROR
            object.__setattr__(self, "severity", default)


def element_code(code: str, ik403: str, meaning: str, snip: int = 1, severity: str = ERROR) -> FindingCode:
    """A code about an element."""
    return FindingCode(code, ELEMENT, meaning, snip, ik304="8", ik403=ik403, severity=severity)


def business_code(code: str, meaning: str, severity: str = ERROR, snip: int = 7) -> FindingCode:
    """A code about a claim, a member or a payment, which no TA1 or 999 spells."""
    return FindingCode(code, BUSINESS, meaning, snip, severity=severity)
