"""What people did with claims, as the documented JSON objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from loaders.claim_actions import RecordedAction


def told_action(action: RecordedAction) -> dict[str, Any]:
    """An action for people and programs."""
    return {
        "action": action.action_id,
        "did": action.action,
        "pend_reason": action.pend_reason,
        "by": action.acted_by,
        "at": action.acted_at.isoformat(),
        "note": action.note,
        "owner": action.owner,
        "group_code": action.group_code,
        "reason_code": action.reason_code,
        "remark_codes": action.remark_codes.split() if action.remark_codes else [],
        "prices": dict(action.prices) if action.prices else {},
        "decision": action.sequence,
    }
