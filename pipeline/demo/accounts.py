"""The demo's accounts: every file, claim and cent, read from the warehouse when all is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from loaders import ledger, outbox
from loaders.balance import balance
from loaders.claim_list import ClaimLine, count_members, list_claims
from loaders.outgoing import outgoing
from loaders.schema.intake import FILE_STATES

if TYPE_CHECKING:
    from pipeline.house import House


@dataclass(frozen=True, slots=True)
class FileAccount:
    """What became of a file."""

    partner: str
    name: str
    received: str
    state: str
    reason: str
    answers: tuple[str, ...]
    """Kinds of what was sent because of it: TA1, 999, REPORT."""


@dataclass(frozen=True, slots=True)
class Accounts:
    """Everything that happened, accounted for."""

    files: tuple[FileAccount, ...]
    claims: tuple[ClaimLine, ...]
    members: int
    coverage_spans: int
    sent: Mapping[str, Mapping[str, int]]
    """Files of ours by kind and outbox state."""
    remittances: int
    payments: int
    paid_out_cents: int
    taken_back_cents: int
    forwarded_cents: int
    waiting_claims: int
    waiting_cents: int
    billed_cents: int
    decided_to_pay_cents: int
    adjusted_cents: int
    balanced: bool

    def figures(self) -> dict[str, Any]:
        """Totals as plain values, the same for every run of the same story."""
        states = Counter(file.state for file in self.files)
        outcomes = Counter(claim.state for claim in self.claims)
        return {
            "files": dict(sorted(states.items())),
            "claims": dict(sorted(outcomes.items())),
            "members": self.members,
            "coverage_spans": self.coverage_spans,
            "sent": {kind: dict(states) for kind, states in sorted(self.sent.items())},
            "remittances": self.remittances,
            "payments": self.payments,
            "paid_out_cents": self.paid_out_cents,
            "taken_back_cents": self.taken_back_cents,
            "forwarded_cents": self.forwarded_cents,
            "waiting_claims": self.waiting_claims,
            "waiting_cents": self.waiting_cents,
            "billed_cents": self.billed_cents,
            "decided_to_pay_cents": self.decided_to_pay_cents,
            "adjusted_cents": self.adjusted_cents,
            "balanced": self.balanced,
        }

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """Files and claims one by one, as plain values."""
        return {"files": [asdict(file) for file in self.files], "claims": [asdict(claim) for claim in self.claims]}


def take_accounts(house: House) -> Accounts:
    """Read the accounts in one transaction."""
    with house.warehouse.begin() as connection:
        files = ledger.list_files(connection, FILE_STATES)
        answers = outbox.kinds_by_file(connection)
        money, out = balance(connection), outgoing(connection)
        claims = list_claims(connection)
        members, spans = count_members(connection)
    return Accounts(
        files=tuple(
            FileAccount(
                file.partner,
                file.remote_path.rpartition("/")[2],
                file.received_date.isoformat(),
                file.state,
                file.reason_code or "",
                answers.get(file.file_id, ()),
            )
            for file in files
        ),
        claims=tuple(claims),
        members=members,
        coverage_spans=spans,
        sent=out.outbox,
        remittances=out.remittances,
        payments=out.payments,
        paid_out_cents=out.paid_cents,
        taken_back_cents=out.taken_back_cents,
        forwarded_cents=out.forwarded_cents,
        waiting_claims=out.waiting_claims,
        waiting_cents=out.waiting_cents,
        billed_cents=money.billed_cents,
        decided_to_pay_cents=money.paid_cents,
        adjusted_cents=money.adjusted_cents,
        balanced=money.holds,
    )
