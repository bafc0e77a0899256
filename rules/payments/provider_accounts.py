"""Entries of provider accounts that people bring: what a payment shall take or add beside its claims (domain.md 9.5).

An entry is known by payee, reason and reference, and settled by one payment. Until then it may be told anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from edi.import_problems import ImportProblem, ImportRefused

if TYPE_CHECKING:
    from collections.abc import Collection

RECOVERY, AUTHORIZED_RETURN = "WO", "72"
REASONS = frozenset(
    (RECOVERY, AUTHORIZED_RETURN, "CS", "90", "50", "E3", "IR", "LE", "AP", "BN", "C5", "CT", "CR", "PI", "J1", "AM")
)
"""PLB03-1 of what people book."""
MADE_BY_RUNS = frozenset({"FB", "L6"})
"""A run works these out of its claims and of what it forwards."""
KEY = ("payee_id", "reason_code", "reference")
SAME_MONEY = ("payee_id", "reference", "amount_cents")
MOST_CENTS = 9_999_999_999
"""Of an entry: what a bank's file can move at once."""


@dataclass(frozen=True, slots=True)
class AccountChanges:
    """What a file changes; rows of `KEY`, amount_cents and due_from."""

    added: pd.DataFrame
    changed: pd.DataFrame
    """Not yet settled, and told with another amount or day."""
    unchanged: int


def entry_changes(rows: pd.DataFrame, stored: pd.DataFrame, payees: Collection[str], today: date) -> AccountChanges:
    """What the rows of a file change in the accounts.

    Args:
        rows: row, `KEY`, amount_cents, due_from (missing: at once), in the form of docs/remittance.md.
        stored: `KEY`, amount_cents, due_from, trace_number (of the payment that settled it; missing while it is open),
            by_run (left by a reversal; people cannot change it), is_unreleased (that run may still be abandoned, and
            the entry with it); of the payees of `rows` at least.
        payees: those of the newest registry.
        today: at the plan.

    Raises:
        ImportRefused: with everything that is wrong, row by row.
    """
    told = rows.assign(due_from=rows["due_from"].fillna(pd.Timestamp(today)).astype("datetime64[s]"))
    problems = [*_of_rows(told, payees)]
    loaded = stored[~stored["by_run"]]
    known = told[["row", *KEY]].merge(
        loaded[[*KEY, "amount_cents", "due_from", "trace_number"]], on=list(KEY), how="left", suffixes=("", "_before")
    )
    before = known.drop_duplicates("row").set_index(told.index)
    is_known = before["amount_cents"].notna()
    same_amount = is_known & (before["amount_cents"].fillna(0) == told["amount_cents"].fillna(0))
    settled = is_known & before["trace_number"].notna()
    at_fault = settled & ~same_amount
    problems += [
        ImportProblem(row, f"column amount_cents: the entry was settled by {trace} over another amount")
        for row, trace in zip(told.loc[at_fault, "row"], before.loc[at_fault, "trace_number"], strict=True)
    ]
    problems += _of_recoveries(told, stored)
    if problems:
        raise ImportRefused(problems)
    changed = is_known & ~settled & ~(same_amount & (before["due_from"] == told["due_from"]))
    columns = [*KEY, "amount_cents", "due_from"]
    return AccountChanges(
        added=told.loc[~is_known, columns].sort_values(list(KEY)).reset_index(drop=True),
        changed=told.loc[changed, columns].sort_values(list(KEY)).reset_index(drop=True),
        unchanged=int((is_known & ~changed).sum()),
    )


def _of_rows(rows: pd.DataFrame, payees: Collection[str]) -> Iterator[ImportProblem]:
    amount, reason = rows["amount_cents"].fillna(0), rows["reason_code"]
    yield from _at(rows, ~rows["payee_id"].isin(payees), "column payee_id: the provider registry has no such payee")
    yield from _at(rows, reason.isin(MADE_BY_RUNS), "column reason_code: FB and L6 are worked out by runs alone")
    yield from _at(
        rows, ~reason.isin(REASONS | MADE_BY_RUNS), "column reason_code: unknown; docs/remittance.md has all"
    )
    yield from _at(rows, amount == 0, "column amount_cents: an entry of nothing cannot be sent")
    yield from _at(rows, amount.abs() > MOST_CENTS, "column amount_cents: more than one payment can move")
    yield from _at(rows, (reason == AUTHORIZED_RETURN) & (amount > 0), "column amount_cents: a return (72) is negative")
    yield from _at(rows, rows.duplicated(list(KEY)), "the file has an entry of this payee, reason and reference before")


def _of_recoveries(rows: pd.DataFrame, stored: pd.DataFrame) -> Iterator[ImportProblem]:
    """A refund has the recovery that it pays beside it; and what a run will recover is not booked once more."""
    is_open, by_run = stored["trace_number"].isna(), stored["by_run"]
    either = pd.concat([rows, stored[is_open]])
    owed = either[either["reason_code"] == RECOVERY]
    refunds = rows["reason_code"] == AUTHORIZED_RETURN
    paid = rows.assign(amount_cents=-rows["amount_cents"])
    awaited = _index(paid, SAME_MONEY).isin(_index(stored[is_open & stored["is_unreleased"]], SAME_MONEY))
    yield from _at(
        rows,
        refunds & awaited,
        "the run that left this recovery (WO) is not released yet: book the return (72) after its release",
    )
    has_recovery = _index(paid, SAME_MONEY).isin(_index(owed, SAME_MONEY)) | _index(rows).isin(_index(stored[~is_open]))
    yield from _at(
        rows,
        refunds & ~has_recovery,
        "a return (72) needs an open recovery (WO) of its reference over the same amount",
    )
    twice = pd.Series(_index(rows).isin(_index(stored[is_open & by_run])), rows.index)
    yield from _at(rows, twice, "a run left this recovery open and will take it by itself")


def _index(rows: pd.DataFrame, names: Sequence[str] = KEY) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(rows[list(names)])


def _at(rows: pd.DataFrame, faulty: pd.Series, said: str) -> Iterator[ImportProblem]:
    for row in rows.loc[faulty.astype("bool"), "row"].tolist():
        yield ImportProblem(int(row), said)
