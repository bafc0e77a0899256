"""What is still to do: files on their way, claims without a decision, answers not delivered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loaders import ledger, outbox
from loaders.balance import balance
from loaders.outgoing import outgoing
from pipeline.process import SET_ASIDE

if TYPE_CHECKING:
    from pipeline.house import House


def unfinished_work(house: House) -> dict[str, int]:
    """Counts that are all zero when every step has done what it can do now."""
    with house.warehouse.begin() as connection:
        files = ledger.list_files(connection, (*ledger.UNFINISHED, "committed"))
        set_aside = [file.file_id for file in ledger.list_files(connection, SET_ASIDE)]
        unanswered = outbox.unanswered(connection, set_aside)
        claims = balance(connection).claims
        sent = outgoing(connection).outbox
    return {
        "files": len(files) + len(unanswered),
        "claims": claims.get("accepted", 0),
        "outbox": sum(states.get("pending", 0) for states in sent.values()),
    }
