"""`edi claim`: a claim's family, every decision with its facts, and the segment of the file that each is about."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from edi.trouble import Final
from loaders import open_disputes, opening_balances
from loaders.claim_actions import RecordedAction, actions
from loaders.claim_history import ClaimVersion, DecidedLine, DecisionRecord, claim_history, claim_names
from loaders.claim_lookup import Candidate, Wanted, find_claims
from pipeline import claim_places
from pipeline.actions_told import told_action
from pipeline.benefits_told import in_period, told_benefit
from pipeline.claim_names import named_in, with_names
from pipeline.claim_source import ClaimSource, open_source
from pipeline.claim_story import because, next_step, standing, timeline
from pipeline.disputes import told_dispute
from rules.front_end.screen import BY_ID
from writers.reasons import adjustment_words, remark_words

if TYPE_CHECKING:
    from pipeline.claim_places import Place
    from pipeline.house import House

SEPARATORS = re.compile(r"[^0-9A-Z]")


class ClaimUnknown(Final):
    """No claim is what was asked for."""


@dataclass(frozen=True, slots=True)
class ClaimView:
    """The claims that were asked for with their families and corrections, as the documented JSON objects."""

    claims: tuple[Mapping[str, Any], ...]
    timeline: tuple[Mapping[str, str], ...] = ()
    candidates: tuple[Mapping[str, Any], ...] = ()
    """Where several claims were meant that have nothing to do with each other: one line each, and no `claims`."""

    def summary(self) -> dict[str, object]:
        """For programs."""
        return {"claims": list(self.claims), "timeline": list(self.timeline), "candidates": list(self.candidates)}


def view_claim(
    house: House,
    number: str | None = None,
    *,
    of_provider: bool = False,
    subscriber: str | None = None,
    file_id: int | None = None,
    everything: bool = False,
    show_source: bool = False,
) -> ClaimView:
    """Look a claim up: by our claim or tracking number, by the provider's (CLM01), by its member or its file.

    A number that is none of ours is taken for the provider's; `of_provider` says at once that it is. Where that names
    claims that have nothing to do with each other they are listed; `everything` tells each of them whole. `show_source`
    adds the text of segments, which is health data.

    Raises:
        ClaimUnknown: nothing fits.
    """
    with house.warehouse.begin() as connection:
        found: list[Candidate] = []
        for wanted in _readings(number, subscriber, file_id, of_provider=of_provider):
            found = found or find_claims(connection, wanted)
        if not found:
            raise ClaimUnknown(_unknown(number, subscriber, file_id, of_provider=of_provider))
        if len({one.history for one in found}) > 1 and not everything:
            return ClaimView((), candidates=tuple(_candidate(one) for one in found))
        history = claim_history(connection, [one.claim_id for one in found])
        done: defaultdict[int, list[RecordedAction]] = defaultdict(list)
        for action in actions(connection, [version.claim_id for version in history]):
            done[action.claim_id].append(action)
        facts = [fact for version in history for decision in version.decisions for fact in decision.explanation]
        names = claim_names(connection, named_in(facts))
        members = {version.member_id for version in history if version.member_id is not None}
        families = {version.family_id for version in history if version.family_id is not None}
        disputes: defaultdict[int | None, list[Mapping[str, Any]]] = defaultdict(list)
        for dispute in open_disputes.disputes_of(connection, families):
            closed = house.received_date(dispute.closed_at).isoformat() if dispute.closed_at else None
            disputes[dispute.family_id].append({**told_dispute(dispute), "closed_on": closed})
        used = {member: opening_balances.benefits_used(connection, [member]) for member in sorted(members)}
    told = [
        _Teller(house, version, done[version.claim_id], names, show_source=show_source).claim() for version in history
    ]
    for claim, version in zip(told, history, strict=True):
        day = version.service_from or version.received_date
        benefits = in_period(used.get(version.member_id or 0, ()), day)
        claim["disputes"] = disputes[version.family_id]
        claim["opening_balances"] = [told_benefit(one) for one in benefits if one.opening]
        claim["replaced_by"] = _replaced_by(claim, told)
        claim["standing"] = standing(claim)
        claim["next_step"] = next_step(claim)
    return ClaimView(tuple(told), tuple(event._asdict() for event in timeline(told)))


def _readings(
    number: str | None, subscriber: str | None, file_id: int | None, *, of_provider: bool
) -> Iterable[Wanted]:
    """What may be meant, the likeliest first."""
    if number is None:
        yield Wanted(subscriber=subscriber, file_id=file_id)
        return
    if not of_provider:
        yield Wanted(number=SEPARATORS.sub("", number.upper()), subscriber=subscriber, file_id=file_id)
    yield Wanted(provider_number=number.strip(), subscriber=subscriber, file_id=file_id)


def _unknown(number: str | None, subscriber: str | None, file_id: int | None, *, of_provider: bool) -> str:
    """What is not there, without repeating what may be an element's value."""
    kind = "provider's claim number (CLM01)" if of_provider else "number, be it ours or the provider's (CLM01)"
    asked = [f"that {kind}"] if number is not None else []
    asked += ["that member"] if subscriber is not None else []
    asked += [f"file {file_id}"] if file_id is not None else []
    return f"No claim has {' and '.join(asked)}." if asked else "Say which claim: a number, --member or --file."


def _candidate(one: Candidate) -> dict[str, Any]:
    return {
        "claim_number": one.claim_number,
        "tracking_number": one.tracking_number,
        "provider_number": one.patient_control_number,
        "state": one.state,
        "version_state": one.version_state,
        "kind": one.kind,
        "frequency_code": one.frequency_code,
        "charge_cents": one.charge_cents,
        "received_on": one.received_date.isoformat(),
        "partner": one.partner,
        "file_id": one.file_id,
        "statuses": one.statuses.split(),
    }


def _replaced_by(claim: Mapping[str, Any], claims: Sequence[Mapping[str, Any]]) -> str | None:
    """The number of the version that took its place."""
    if claim["version_state"] not in {"replaced", "voided"} or claim["version"] is None:
        return None
    later = [one for one in claims if one["family"] == claim["family"] and (one["version"] or 0) > claim["version"]]
    numbers = [one["claim_number"] for one in sorted(later, key=lambda one: one["version"]) if one["claim_number"]]
    return next(iter(numbers), None)


class _Teller:
    """Tells one version; its file is opened once."""

    def __init__(
        self,
        house: House,
        version: ClaimVersion,
        done: Sequence[RecordedAction],
        names: Mapping[int, str],
        *,
        show_source: bool,
    ) -> None:
        self.house = house
        self.names = names
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
            "is_test": version.is_test,
            "corrects": version.original_claim_number,
            "correction_problem": version.correction_problem,
            "file": {
                "file_id": version.file_id,
                "partner": version.partner,
                "kind": version.file_kind,
                "name": version.remote_path.rpartition("/")[2],
                "archive_path": version.archive_path,
                "arrived_at": version.arrived_at.isoformat(),
                "transaction_set": version.set_control_number,
            },
            "source": self.find([claim_places.Place("CLM")]),
            "edits": [
                {
                    "edit": edit.edit,
                    "meaning": BY_ID[edit.edit].meaning if edit.edit in BY_ID else None,
                    "severity": edit.severity,
                    "statuses": edit.statuses.split(),
                    "line_number": edit.line_number,
                    "source": self.find(claim_places.of_statuses(edit.statuses), edit.line_number),
                }
                for edit in version.edits
            ],
            "decisions": [self.decision(decision) for decision in version.decisions],
            "actions": [
                {**told_action(action), "on": self.house.received_date(action.acted_at).isoformat()}
                for action in self.done
            ],
            "remittances": [
                {
                    "entry": sent.entry,
                    "trace_number": sent.trace_number,
                    "through": sent.through_date.isoformat(),
                    "is_released": sent.is_released,
                    "production_date": sent.production_date.isoformat(),
                    "payment_date": sent.payment_date.isoformat(),
                    "payee_id": sent.payee_id,
                    "claim_status_code": sent.claim_status_code,
                    "paid_cents": sent.paid_cents,
                    "interest_cents": sent.interest_cents,
                    "interest_rule": sent.interest_rule,
                    "days_late": sent.days_late,
                }
                for sent in version.remittances
            ],
            "left_out": [
                {"through": one.through_date.isoformat(), "line_number": one.line_number, "law": one.law}
                for one in version.left_out
            ],
        }

    def decision(self, decision: DecisionRecord) -> dict[str, Any]:
        told = [with_names(fact, self.names) for fact in decision.explanation]
        of_claim = [fact for fact in told if "line" not in fact]
        of_lines = {fact["line"] for fact in told if "line" in fact} - {line.line_number for line in decision.lines}
        return {
            "sequence": decision.sequence,
            "outcome": decision.outcome,
            "decided_by": decision.decided_by,
            "source_system": decision.source_system,
            "decided_at": decision.decided_at.isoformat(),
            "decided_on": decision.decided_on.isoformat(),
            "pend_reason": decision.pend_reason,
            "pended_because": because(decision.pend_reason),
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
            "benefits_used": [
                {
                    "holder": used.holder,
                    "plan_id": used.plan_id,
                    "counter": used.counter,
                    "period_from": used.period_from.isoformat(),
                    "before": used.before,
                    "taken_back": used.taken_back,
                    "used": used.used,
                }
                for used in decision.used
            ],
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
                    "words": adjustment_words(group, reason),
                    "source": self.find(
                        claim_places.of_adjustment(reason, line.remark_codes if reason != "45" else ()),
                        line.line_number,
                    ),
                }
                for group, reason, amount in line.adjustments
            ],
            "remark_codes": list(line.remark_codes),
            "remarks": [remark_words(code) for code in line.remark_codes],
            "facts": _facts_of(told, line.line_number),
            "source": self.find(claim_places.LINE, line.line_number),
        }

    def find(self, places: Iterable[Place], line_number: int | None = None) -> dict[str, Any] | None:
        """Where it stands in the archived file; None where there is no such file."""
        version = self.version
        if version.file_kind == "import":
            line = next((one for one in version.lines if one.line_number == line_number), None)
            start, stop = (one := line or version).source_start, one.source_stop
            return {"file_id": version.file_id, "rows": [start, stop - 1]}
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
