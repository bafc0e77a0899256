"""A payment as the bank was told it, and each time that it was made again, as lines of text for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from edi.money import dollars
from pipeline.command.claim_page import TextLine

Told = Mapping[str, Any]
METHODS: Mapping[str, str] = MappingProxyType({"ACH": "deposit (ACH)", "CHK": "check"})
STATES: Mapping[str, str] = MappingProxyType(
    {
        "waiting": "waits to be sent to the bank",
        "sent": "sent to the bank",
        "confirmed": "the bank says that it arrived",
        "returned": "it came back",
        "reissue_asked": "it came back, and is made again with the next run",
        "reissued": "it came back, and was made again",
    }
)


def deposit_page(trace_number: str, payments: Sequence[Told]) -> Iterator[TextLine]:
    """The payment, and after it each time that it was made again; then what somebody has to do."""
    first, last = payments[0], payments[-1]
    yield TextLine(f"Payment {trace_number}: {dollars(first['amount_cents'])} to {first['payee']}", 0, "bold")
    for one in payments:
        yield from _payment(one)
    if step := _next_step(trace_number, last):
        yield TextLine(f"next: {step}", 1, "bold")


def _payment(one: Told) -> Iterator[TextLine]:
    again = "again as a " if one["is_reissue"] else ""
    back = one["returned"] is not None
    yield TextLine(
        f"{again}{METHODS[one['method']]}, effective {one['effective_on']}: {STATES[one['state']]}",
        1,
        "yellow" if back else "green" if one["state"] == "confirmed" else None,
    )
    entry = f", entry {one['entry_trace']}" if one["entry_trace"] else ""
    sent = f", sent {one['sent_at']}" if one["sent_at"] else ""
    yield TextLine(f"run through {one['through']}, file {one['file']}{entry}{sent}", 2)
    if back:
        on = f" on {one['returned_on']}" if one["returned_on"] else ""
        yield TextLine(f"returned{on}, {one['returned']}", 2, "red")
    if one["changed"]:
        right = f", right is {one['correction']}" if one["correction"] else ""
        yield TextLine(f"the bank corrects, {one['changed']}{right}", 2, "yellow")
    if one["reissue_asked_by"]:
        note = f": {one['note']}" if one["note"] else ""
        yield TextLine(f"asked for again by {one['reissue_asked_by']} at {one['reissue_asked_at']}{note}", 2)


def _next_step(trace_number: str, last: Told) -> str:
    if last["state"] == "returned":
        return (
            "ask the payee, correct payees.csv and load it (`edi providers load`), then"
            f" `edi deposits reissue {trace_number}`."
        )
    if last["state"] == "reissue_asked":
        return "nothing: the next run makes it again."
    return "correct payees.csv and load it (`edi providers load`)." if last["changed"] else ""
