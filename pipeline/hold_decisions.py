"""A person's decision about a held file: who took it, when, and the file's way on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from loaders import holds, ledger
from pipeline import commit
from pipeline.file_steps import each_file
from pipeline.holds import told

if TYPE_CHECKING:
    from loaders.holds import Decision, HoldRow
    from loaders.ledger import LedgerFile
    from pipeline.house import House


def release(
    house: House, file_id: int, by: str, note: str | None = None, *, newest_seen: int | None = None
) -> list[str]:
    """Allow what a file is held for, and nothing else; the next run commits it. Returns the codes allowed.

    What is allowed are these reasons with these figures (`loaders.hold_releases`). `newest_seen` is the newest hold
    that the person saw.

    Raises:
        loaders.holds.FileUnknown: there is no such file.
        loaders.holds.NotHeld: it does not wait for a decision, or somebody was faster.
        loaders.holds.HeldAnew: it waits for one about a newer hold than `newest_seen`.
    """
    return _decide(house, file_id, "released", by, note, newest_seen)


def reject(
    house: House, file_id: int, by: str, note: str | None = None, *, newest_seen: int | None = None
) -> list[str]:
    """Refuse a held file: nothing of it is applied, and its answers are queued at once. Returns the codes.

    Raises:
        loaders.holds.FileUnknown: there is no such file.
        loaders.holds.NotHeld: it does not wait for a decision, or somebody was faster.
        loaders.holds.HeldAnew: it waits for one about a newer hold than `newest_seen`.
    """
    codes = _decide(house, file_id, "rejected", by, note, newest_seen)

    def answer(file: LedgerFile) -> None:
        if file.state == "checked":
            commit.commit(house, file)

    each_file(house, [file_id], answer)
    return codes


def _decide(
    house: House, file_id: int, decision: Decision, by: str, note: str | None, newest_seen: int | None
) -> list[str]:
    with house.warehouse.begin() as connection:
        return holds.decide(connection, file_id, decision, by, note, house.now(), newest_seen=newest_seen)


def held_files(house: House, kind: str | None = None) -> list[dict[str, Any]]:
    """Files that wait for a decision, of a kind or of all, longest first, each with its reasons in words."""
    files: dict[int, dict[str, Any]] = {}
    with house.warehouse.begin() as connection:
        waiting = holds.list_holds(connection, open_only=True)
    for row in waiting:
        if kind is None or row.kind == kind:
            shown = files.setdefault(row.file_id, {**_file(row), "codes": [], "reasons": []})
            shown["codes"].append(row.code)
            shown["reasons"].append(told(row.code, row.facts))
            shown["newest"] = row.hold_id
    return list(files.values())


@dataclass(frozen=True, slots=True)
class Question:
    """What a person is asked about a held file, as text without any value of the file."""

    file_id: int
    newest_hold: int
    """The answer is about this one and those before."""
    run_id: str
    """Names the file, its newest hold and the day, so that it is asked once a day."""
    subject: str
    text: str


def questions(house: House, kind: str) -> list[Question]:
    """One for each held file of a kind."""
    return [
        Question(
            file_id=one["file_id"],
            newest_hold=one["newest"],
            run_id=f"file_{one['file_id']}_hold_{one['newest']}_{house.today().isoformat()}",
            subject=f"Release or reject file {one['file_id']} ({kind} of {one['partner']})?",
            text="\n".join([*(f"- {reason}" for reason in one["reasons"]), "", _advice(one["file_id"])]),
        )
        for one in held_files(house, kind)
    ]


def _advice(file_id: int) -> str:
    return (
        f"`edi hold show {file_id}` has the figures. Released, this is allowed for this file; rejected, nothing "
        "of it is applied, and its sender is told."
    )


@dataclass(frozen=True, slots=True)
class TakenDecision:
    """What somebody decided about a hold."""

    decision: str
    by: str
    words: str
    """Who, what and when, for people."""


def decision_on(house: House, hold_id: int) -> TakenDecision | None:
    """What was decided about a hold; None while it waits.

    Raises:
        loaders.holds.HoldUnknown: there is no such hold, so that nobody can decide about it.
    """
    with house.warehouse.begin() as connection:
        row = holds.read_hold(connection, hold_id)
    if row.decision is None:
        return None
    return TakenDecision(row.decision, row.decided_by or "", holds.decided_in_words(row))


@dataclass(frozen=True, slots=True)
class HoldsOfFile:
    """A file of the ledger and why it was ever held."""

    file_id: int
    state: str
    holds: list[dict[str, Any]]


def holds_of(house: House, file_id: int) -> HoldsOfFile:
    """Every hold that a file ever had, with what was decided, by whom and when.

    Raises:
        loaders.holds.FileUnknown: there is no such file.
    """
    with house.warehouse.begin() as connection:
        file = ledger.read_file(connection, file_id)
        rows = holds.list_holds(connection, file_id=file_id)
    if file is None:
        raise holds.FileUnknown(f"The ledger has no file {file_id}.")
    shown = [
        {
            "hold_id": row.hold_id,
            "code": row.code,
            "reason": told(row.code, row.facts),
            "facts": dict(row.facts),
            "opened_at": row.opened_at.isoformat(),
            "decision": row.decision,
            "decided_by": row.decided_by,
            "decided_at": row.decided_at.isoformat() if row.decided_at else None,
            "note": row.note,
        }
        for row in rows
    ]
    return HoldsOfFile(file_id, file.state, shown)


def _file(row: HoldRow) -> dict[str, Any]:
    return {"file_id": row.file_id, "partner": row.partner, "kind": row.kind, "opened_at": row.opened_at.isoformat()}
