"""Decide claims of a file again by other rules: those whose decision a replay showed to differ, and only as it showed.

`edi replay file FILE --bundle DIGEST` shows what other rules would have decided on the file's own day. To apply that is
a new decision of today, made from what is known today; where this comes to something else than what was shown, the
claim is left as it is and told. Nothing is overwritten: the claim's next decision holds, what was remitted of the one
before is reversed by the next remittance, and what that had used of benefits is taken back.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from loaders import readjudications, replay_comparison
from pipeline.adjudicate import facts_in_rounds, keep, locked_rounds
from pipeline.rules_bundle import enter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from loaders.readjudications import Readjudication
    from loaders.replay_comparison import Newest
    from loaders.warehouse import Warehouse
    from pipeline.configuration import Configuration
    from pipeline.house import House
    from rules.decisions import Decisions

DECIDED_AGAIN = "DECIDED-AGAIN"
NOT_TAKEN_IN, WOULD_WAIT, OTHERWISE_TODAY = "NOT_TAKEN_IN", "WOULD_WAIT", "OTHERWISE_TODAY"
REASONS: Mapping[str, str] = {
    NOT_TAKEN_IN: "these rules would not take it in; its sender was told that we did",
    WOULD_WAIT: "by these rules it would wait, and what is decided does not become undecided",
    OTHERWISE_TODAY: "what is known today leads to another decision than the one that was shown",
    "UNDECIDED": "it waits for a decision, so there is none to be made again",
    "DECIDED_MEANWHILE": "it was decided again meanwhile",
    "NOT_BY_RULES": "a person or another system decided it",
    "VOID": "it is a void, which has no money of its own",
    "SUPERSEDED": "another version took its place",
    "CORRECTION": "it corrects another, whose standing hangs on its decision",
    "CORRECTION_WAITS": "a correction of it is not decided yet",
}
"""Why a claim is left as it is."""


@dataclass(slots=True)
class Readjudicated:
    """What became of the claims whose decision differs."""

    readjudication_id: int | None = None
    """None: nothing was done."""
    applied: list[str] = field(default_factory=list)
    """Claim numbers."""
    left: dict[str, str] = field(default_factory=dict)
    """Claim numbers of those that were left, and one of REASONS."""

    def summary(self) -> dict[str, Any]:
        """For people and programs."""
        return {
            "readjudication": self.readjudication_id,
            "applied": self.applied,
            "left": {number: {"reason": reason, "because": REASONS[reason]} for number, reason in self.left.items()},
        }


def apply_replay(house: House, target: Warehouse, configuration: Configuration, asked: Readjudication) -> Readjudicated:
    """Apply what a replay of a file into `target`, under another configuration, showed."""
    with house.warehouse.begin() as source, target.begin() as scratch:
        recorded = replay_comparison.newest(source, asked.file_id)
        shown = replay_comparison.newest(scratch, asked.file_id)
    return readjudicate(replace(house, configuration=configuration), asked, recorded, shown)


def readjudicate(
    house: House, asked: Readjudication, recorded: Mapping[int, Newest], shown: Mapping[int, Newest]
) -> Readjudicated:
    """Decide again, under the configuration of `house`, what a replay under it showed otherwise; in one transaction.

    `recorded` and `shown` are the decisions in force of the file's claims, by the place of each in the file, here and
    in the warehouse of the replay. Done again it finds nothing that differs.
    """
    report = Readjudicated()
    differing = {
        claim.claim_id: place
        for place, claim in recorded.items()
        if place not in shown or shown[place].substance != claim.substance
    }
    if not differing:
        return report
    by_id = {claim.claim_id: claim for claim in recorded.values()}
    now = house.now()
    with house.warehouse.begin() as connection:
        seen = {claim_id: by_id[claim_id].sequence for claim_id in differing}
        left = readjudications.lock_and_refuse(connection, seen)
        for claim_id, place in differing.items():
            if place not in shown:
                left.setdefault(claim_id, NOT_TAKEN_IN)
            elif shown[place].substance["outcome"] == "pended":
                left.setdefault(claim_id, WOULD_WAIT)
        wanted = {claim_id: shown[place] for claim_id, place in differing.items() if claim_id not in left}
        while wanted:
            trial = connection.begin_nested()
            report.readjudication_id = decide_again(house, connection, asked, sorted(wanted), now)
            made = {claim.claim_id: claim for claim in replay_comparison.newest(connection, asked.file_id).values()}
            unlike = [claim_id for claim_id, one in wanted.items() if made[claim_id].substance != one.substance]
            if not unlike:
                trial.commit()
                enter(house, connection, "decide_again", now, report.readjudication_id, decided=True)
                break
            # the others may share benefits with these, so they are looked at without them
            trial.rollback()
            report.readjudication_id = None
            left.update(dict.fromkeys(unlike, OTHERWISE_TODAY))
            wanted = {claim_id: one for claim_id, one in wanted.items() if claim_id not in left}
    report.applied = sorted(by_id[claim_id].claim_number for claim_id in wanted)
    report.left = {by_id[claim_id].claim_number: reason for claim_id, reason in sorted(left.items())}
    return report


def decide_again(
    house: House, connection: Connection, asked: Readjudication, claim_ids: Sequence[int], now: datetime
) -> int:
    """Decide decided claims once more, as of an instant, and let what was remitted of them fall; its id.

    Whoever calls it enters it into the journal.
    """
    from rules.adjudication import decide  # noqa: PLC0415 - pandas is slow to import

    readjudication_id = readjudications.begin(connection, asked, house.configuration.digest(), now)
    rounds = locked_rounds(connection, claim_ids, again=True)
    for facts in facts_in_rounds(house, connection, rounds, house.received_date(now), again=True):
        decided = decide(facts, house.configuration.rulebook)
        _tell(decided, readjudication_id)
        keep(house, connection, facts, decided, now, again=True)
        readjudications.let_payments_fall(connection)
    return readjudication_id


def _tell(decided: Decisions, readjudication_id: int) -> None:
    """Say first in every explanation that the claim was decided before."""
    entry = {
        "rule": DECIDED_AGAIN,
        "readjudication": readjudication_id,
        "text": f"decided again by these rules, re-adjudication {readjudication_id}, rule {DECIDED_AGAIN}",
    }
    for explanation in decided.claims["explanation"]:
        explanation.insert(0, dict(entry))
