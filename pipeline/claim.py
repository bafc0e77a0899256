"""`edi claim`: a claim's family, every decision with its facts, and the segment of the file that each is about."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from edi.trouble import Final
from loaders.claim_actions import RecordedAction, actions
from loaders.claim_history import ClaimVersion, DecidedLine, DecisionRecord, claim_history
from pipeline import claim_places
from pipeline.actions_told import told_action
from pipeline.claim_source import ClaimSource, open_source
from rules.pend_reasons import PEND_REASONS

if TYPE_CHECKING:
    from pipeline.claim_places import Place
    from pipeline.house import House

SEPARATORS = re.compile(r"[^0-9A-Z]")


class ClaimUnknown(Final):
    """No claim has the number that was asked for."""


@dataclass(frozen=True, slots=True)
class ClaimView:
    """The claims of a number with their families and corrections, as the documented JSON object."""

    claims: tuple[Mapping[str, Any], ...]

    def summary(self) -> dict[str, object]:
        """For programs."""
        return {"claims": list(self.claims)}


def view_claim(house: House, number: str, *, of_provider: bool = False, show_source: bool = False) -> ClaimView:
    """Look a claim up: by our claim or tracking number, or by the provider's (CLM01).

    `show_source` adds the text of segments, which is health data.

    Raises:
        ClaimUnknown: nothing has the number.
    """
    wanted = number.strip() if of_provider else SEPARATORS.sub("", number.upper())
    with house.warehouse.begin() as connection:
        history = claim_history(connection, wanted, of_provider=of_provider)
        done: defaultdict[int, list[RecordedAction]] = defaultdict(list)
        for action in actions(connection, [version.claim_id for version in history]):
            done[action.claim_id].append(action)
    if not history:
        kind = "provider's claim number (CLM01)" if of_provider else "claim or tracking number of ours"
        raise ClaimUnknown(f"No claim has that {kind}.")
    return ClaimView(
        tuple(_Teller(house, version, done[version.claim_id], show_source=show_source).claim() for version in history)
    )


class _Teller:
    """Tells one version; its file is opened once."""

    def __init__(
        self, house: House, version: ClaimVersion, done: Sequence[RecordedAction], *, show_source: bool
    ) -> None:
        self.version = version
        self.done = done
        self.show_source = show_source
        self.source: ClaimSource | None = open_source(house.archive, version)

    def claim(self) -> dict[str, Any]:
        version = self.version
        return {
            "claim_number": version.claim_number,
            "tracking_number": version.tracking_number,
            "family": version.family_id,
            "version": version.version,
            "version_state": version.version_state,
            "state": version.state,
            "kind": version.kind,
            "frequency_code": version.frequency_code,
            "provider_number": version.patient_control_number,
            "charge_cents": version.charge_cents,
            "received_on": version.received_date.isoformat(),
            "corrects": version.original_claim_number,
            "correction_problem": version.correction_problem,
            "file": {
                "file_id": version.file_id,
                "partner": version.partner,
                "arrived_at": version.arrived_at.isoformat(),
                "transaction_set": version.set_control_number,
            },
            "source": self.find([claim_places.Place("CLM")]),
            "edits": [
                {
                    "edit": edit.edit,
                    "severity": edit.severity,
                    "statuses": edit.statuses.split(),
                    "line_number": edit.line_number,
                    "source": self.find(claim_places.of_statuses(edit.statuses), edit.line_number),
                }
                for edit in version.edits
            ],
            "decisions": [self.decision(decision) for decision in version.decisions],
            "actions": [told_action(action) for action in self.done],
            "remittances": [
                {
                    "entry": sent.entry,
                    "trace_number": sent.trace_number,
                    "through": sent.through_date.isoformat(),
                    "production_date": sent.production_date.isoformat(),
                    "payment_date": sent.payment_date.isoformat(),
                    "payee_id": sent.payee_id,
                    "claim_status_code": sent.claim_status_code,
                    "paid_cents": sent.paid_cents,
                }
                for sent in version.remittances
            ],
        }

    def decision(self, decision: DecisionRecord) -> dict[str, Any]:
        told = [dict(fact) for fact in decision.explanation]
        of_claim = [fact for fact in told if "line" not in fact]
        of_lines = {fact["line"] for fact in told if "line" in fact} - {line.line_number for line in decision.lines}
        return {
            "sequence": decision.sequence,
            "outcome": decision.outcome,
            "decided_by": decision.decided_by,
            "decided_at": decision.decided_at.isoformat(),
            "decided_on": decision.decided_on.isoformat(),
            "pend_reason": decision.pend_reason,
            "pended_because": PEND_REASONS.get(decision.pend_reason) if decision.pend_reason else None,
            "source": self.find(claim_places.of_pend_reason(decision.pend_reason)) if decision.pend_reason else None,
            "claim_status_code": decision.claim_status_code,
            "plan_id": decision.plan_id,
            "rules_bundle": decision.rules_bundle,
            "registry_version": decision.registry_version,
            "charge_cents": decision.charge_cents,
            "allowed_cents": decision.allowed_cents,
            "paid_cents": decision.paid_cents,
            "patient_responsibility_cents": decision.patient_responsibility_cents,
            "interest_cents": decision.interest_cents,
            "facts": of_claim,
            "lines": [self.line(line, told) for line in decision.lines]
            + [
                {
                    "line_number": number,
                    "facts": _facts_of(told, number),
                    "source": self.find(claim_places.LINE, number),
                }
                for number in sorted(of_lines)
            ],
        }

    def line(self, line: DecidedLine, told: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "line_number": line.line_number,
            "charge_cents": line.charge_cents,
            "allowed_cents": line.allowed_cents,
            "paid_cents": line.paid_cents,
            "adjustments": [
                {
                    "group_code": group,
                    "reason_code": reason,
                    "amount_cents": amount,
                    "source": self.find(
                        claim_places.of_adjustment(reason, line.remark_codes if reason != "45" else ()),
                        line.line_number,
                    ),
                }
                for group, reason, amount in line.adjustments
            ],
            "remark_codes": list(line.remark_codes),
            "facts": _facts_of(told, line.line_number),
            "source": self.find(claim_places.LINE, line.line_number),
        }

    def find(self, places: Iterable[Place], line_number: int | None = None) -> dict[str, Any] | None:
        """Where it stands in the archived file; None where there is no such file."""
        if self.source is None:
            return None
        found = self.source.find(places, line_number)
        if found is None:
            return None
        told = {
            "file_id": self.version.file_id,
            "transaction_set": self.version.set_control_number,
            "segment": found.position,
            "segment_id": found.segment_id,
            "element": found.element,
            "bytes": [found.start, found.stop],
        }
        return {**told, "text": found.text} if self.show_source else told


def _facts_of(told: list[dict[str, Any]], line_number: int) -> list[dict[str, Any]]:
    return [fact for fact in told if fact.get("line") == line_number]
