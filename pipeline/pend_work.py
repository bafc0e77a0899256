"""What people do with claims that wait: each deed recorded, and the claim decided in the same transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from edi.trouble import Usage
from loaders import claim_actions
from pipeline.actions_told import told_action
from pipeline.adjudicate import facts_of, keep
from pipeline.rules_bundle import enter
from rules.pend_reasons import PEND_REASONS
from rules.pend_work import may_be_denied, may_be_released

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from edi.claim_facts import ClaimFacts
    from loaders.claim_actions import Pended
    from pipeline.house import House
    from rules.decisions import Decisions

OPEN = 100_000
"""Days without an end."""
BUCKETS: Mapping[str, tuple[int, int]] = {"0-15": (0, 15), "16-30": (16, 30), "31-45": (31, 45), "46+": (46, OPEN)}
"""Days for which claims have waited, first and last."""


class ActionRefused(Usage):
    """What somebody wanted to do with a claim that waits cannot be done; nothing was."""


@dataclass(frozen=True, slots=True)
class Acted:
    """What came of an action."""

    claim_number: str
    action_id: int
    outcome: str
    pend_reason: str | None
    """What it waits for now, if it does."""
    paid_cents: int

    def summary(self) -> dict[str, object]:
        """For people and programs."""
        return {
            "claim_number": self.claim_number,
            "action": self.action_id,
            "outcome": self.outcome,
            "pend_reason": self.pend_reason,
            "paid_cents": self.paid_cents,
        }


def bucket_of(days: int) -> str:
    """The bucket of so many days."""
    return next(name for name, (_, last) in BUCKETS.items() if days <= last)


def pended(
    house: House, *, reason: str | None = None, owner: str | None = None, bucket: str | None = None, most: int = 100
) -> dict[str, Any]:
    """Claims that wait, the longest first, and all of them counted by reason, owner and bucket."""
    today = house.today()
    queues = house.configuration.queues
    with house.warehouse.begin() as connection:
        counts = claim_actions.count_pended(connection, queues)
        rows = claim_actions.list_pended(
            connection, queues, reason=reason, owner=owner, since=_since(today, bucket), most=most
        )
    by: dict[str, Counter[str]] = {"by_reason": Counter(), "by_owner": Counter()}
    ages: Counter[str] = Counter(dict.fromkeys(BUCKETS, 0))
    for count in counts:
        by["by_reason"][count.pend_reason] += count.claims
        by["by_owner"][count.owner] += count.claims
        ages[bucket_of(_days(today, count.pended_on))] += count.claims
    return {
        "pended": sum(count.claims for count in counts),
        "charge_cents": sum(count.charge_cents for count in counts),
        **{name: dict(sorted(counted.items())) for name, counted in by.items()},
        "by_age": dict(ages),
        "claims": [_told(row, today) for row in rows],
    }


def work_on(house: House, claim_number: str) -> dict[str, Any]:
    """What people did with a claim, in order."""
    with house.warehouse.begin() as connection:
        claim_id = claim_actions.find(connection, claim_number)
        done = claim_actions.actions(connection, [claim_id])
    return {"claim_number": claim_number, "actions": [told_action(action) for action in done]}


def assign(house: House, claim_number: str, owner: str | None, by: str, note: str | None = None) -> dict[str, object]:
    """Give a claim that waits to a person, or back to the queue of its reason.

    Raises:
        NotPended: it does not wait.
    """
    with house.warehouse.begin() as connection:
        claim_id, reason = claim_actions.lock_pended(connection, claim_number)
        now = house.now()
        action = claim_actions.record(connection, claim_id, "assign", reason, by, now, note=note, owner=owner)
        enter(house, connection, "act", now, action)
    queues = house.configuration.queues
    owned = owner or queues.by_reason.get(reason, queues.default)
    return {"claim_number": claim_number, "action": action, "pend_reason": reason, "owner": owned}


def release(house: House, claim_number: str, by: str, note: str | None = None, reason: str | None = None) -> Acted:
    """Set the reason that a claim waits for aside, and decide it again.

    Raises:
        NotPended: it does not wait, or not for `reason`.
        ActionRefused: the reason is that something is missing without which it cannot be decided.
    """
    from rules.adjudication import decide  # noqa: PLC0415 - pandas is slow to import

    with house.warehouse.begin() as connection:
        claim_id, waits_for = claim_actions.lock_pended(connection, claim_number, reason)
        if not may_be_released(waits_for):
            raise ActionRefused(f"{waits_for} cannot be set aside: {PEND_REASONS.get(waits_for, waits_for)}")
        action = claim_actions.record(connection, claim_id, "release", waits_for, by, house.now(), note=note)
        facts = facts_of(house, connection, [claim_id], house.today())
        decided = decide(facts, house.configuration.rulebook)
        return _store(connection, house, facts, decided, (claim_number, claim_id, action, waits_for))


def price(house: House, claim_number: str, prices: Mapping[int, int], by: str, note: str | None = None) -> Acted:
    """Allow amounts, in cents by line, for lines of a claim that waits for want of a price, and decide it again.

    Raises:
        NotPended: it does not wait.
        ActionRefused: an amount fits no line or exceeds its charge, or a line is still without a price.
    """
    from rules.adjudication import decide  # noqa: PLC0415 - as above

    with house.warehouse.begin() as connection:
        claim_id, waits_for = claim_actions.lock_pended(connection, claim_number)
        action = claim_actions.record(
            connection, claim_id, "price", waits_for, by, house.now(), note=note, prices=prices
        )
        facts = facts_of(house, connection, [claim_id], house.today())
        charges = dict(zip(facts.lines["line_number"].tolist(), facts.lines["charge_cents"].tolist(), strict=True))
        for line, cents in sorted(prices.items()):
            if line not in charges:
                raise ActionRefused(f"The claim has no line {line}.")
            if not 0 < cents <= charges[line]:
                raise ActionRefused(f"The amount of line {line} must be more than nothing and at most its charge.")
        decided = decide(facts, house.configuration.rulebook)
        return _store(connection, house, facts, decided, (claim_number, claim_id, action, waits_for))


def deny(
    house: House,
    claim_number: str,
    reason: tuple[str, str, Sequence[str]],
    by: str,
    note: str | None = None,
) -> Acted:
    """Deny a claim that waits: `reason` is group, CARC and RARCs for the whole charge of every line.

    Raises:
        NotPended: it does not wait.
        ActionRefused: a code is unknown or out of date, the codes break a law of the 835, or no remittance could be
            written of the claim.
    """
    from rules.adjudication import decide, laws_broken  # noqa: PLC0415 - as above
    from rules.operator_actions import Denial, denied  # noqa: PLC0415 - as above

    _refuse_unknown(house, reason)
    with house.warehouse.begin() as connection:
        claim_id, waits_for = claim_actions.lock_pended(connection, claim_number)
        if not may_be_denied(waits_for):
            raise ActionRefused(f"No remittance can be written of it: {PEND_REASONS.get(waits_for, waits_for)}")
        action = claim_actions.record(
            connection, claim_id, "deny", waits_for, by, house.now(), note=note, denial=reason
        )
        facts = facts_of(house, connection, [claim_id], house.today())
        denial = Denial(reason[0], reason[1], tuple(reason[2]), action, waits_for)
        decided = denied(facts, decide(facts, house.configuration.rulebook), denial)
        laws = laws_broken(decided, facts, house.configuration.rulebook)["law"].tolist()
        if laws:
            raise ActionRefused(f"An 835 may not say so: {'; '.join(laws)}.")
        return _store(connection, house, facts, decided, (claim_number, claim_id, action, waits_for), source="person")


def _refuse_unknown(house: House, reason: tuple[str, str, Sequence[str]]) -> None:
    """Whoever reads the 835 must know the codes on the day it is made."""
    codes, today = house.configuration.reason_codes(), house.today()
    _, carc, rarcs = reason
    faults = [codes.reasons.fault(carc, today), *(codes.remarks.fault(rarc, today) for rarc in rarcs)]
    told = [fault for fault in faults if fault is not None]
    if told:
        raise ActionRefused(f"{'; '.join(told)}.")


def _store(
    connection: Connection,
    house: House,
    facts: ClaimFacts,
    decided: Decisions,
    about: tuple[str, int, int, str],
    source: str = "rules",
) -> Acted:
    """Store the decision and tie the action to it; raises ActionRefused where the claim waits as before."""
    claim_number, claim_id, action, waited_for = about
    now = house.now()
    (head,) = decided.claims.to_dict("records")
    if head["outcome"] == "pended" and head["pend_reason"] == waited_for:
        raise ActionRefused(f"Claim {claim_number} would still wait for {waited_for}.")
    keep(house, connection, facts, decided, now, source=source)
    claim_actions.tie_to_decision(connection, action, claim_id)
    enter(house, connection, "act", now, action, decided=True)
    return Acted(claim_number, action, head["outcome"], head["pend_reason"], int(head["paid_cents"]))


def _told(row: Pended, today: date) -> dict[str, Any]:
    days = _days(today, row.pended_on)
    return {
        "claim_number": row.claim_number,
        "kind": row.kind,
        "frequency_code": row.frequency_code,
        "charge_cents": row.charge_cents,
        "received_on": row.received_date.isoformat(),
        "partner": row.partner,
        "pend_reason": row.pend_reason,
        "because": PEND_REASONS.get(row.pend_reason),
        "pended_on": row.pended_on.isoformat(),
        "reason_since": row.reason_since.isoformat(),
        "days": days,
        "age": bucket_of(days),
        "assigned_to": row.assigned_to,
        "owner": row.owner,
    }


def _days(today: date, since: date) -> int:
    return max((today - since).days, 0)


def _since(today: date, bucket: str | None) -> tuple[date, date]:
    """First and last day on which claims of a bucket began to wait."""
    if bucket is None:
        return date.min, date.max
    least, most = BUCKETS[bucket]
    first = date.min if most == OPEN else today - timedelta(days=most)
    return first, date.max if least == 0 else today - timedelta(days=least)
