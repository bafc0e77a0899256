"""Payments as the bank was told them, and what people do with those that came back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from edi.ach_reasons import meaning
from edi.trouble import Usage
from loaders import bank_notices, deposit_list
from pipeline.rules_bundle import enter

if TYPE_CHECKING:
    from datetime import date

    from loaders.deposit_list import DepositFile, DepositPayment, UnknownNotice
    from pipeline.house import House

MOST_FILES, MOST_UNKNOWN, MOST_PAYMENTS = 20, 50, 100_000
SHOWN_DIGITS = 4


class PaymentUnknown(Usage):
    """No payment of which the bank was told has this trace number."""


def list_deposits(house: House, through: date | None = None) -> dict[str, Any]:
    """What waits for a person, and the last files; or, with `through`, every payment of that run."""
    with house.warehouse.begin() as connection:
        counts = dict(deposit_list.counts(connection))
        if through is not None:
            payments = deposit_list.of_run(connection, through, MOST_PAYMENTS)
            return {**counts, "through": through.isoformat(), "payments": [told_payment(one) for one in payments]}
        return {
            **counts,
            "work": [told_payment(one) for one in deposit_list.work(connection, MOST_PAYMENTS)],
            "unknown_to_us": [_told_unknown(one) for one in deposit_list.unknown(connection, MOST_UNKNOWN)],
            "files": [_told_file(one) for one in deposit_list.files(connection, MOST_FILES)],
        }


def show_deposit(house: House, trace_number: str) -> list[dict[str, Any]]:
    """A payment, and after it each time that it was made again; with what the bank says should be used instead.

    Raises:
        PaymentUnknown: the bank was told of no such payment.
    """
    with house.warehouse.begin() as connection:
        found = deposit_list.of_trace(connection, trace_number)
    if not found:
        raise PaymentUnknown("The bank was told of no payment with this trace number; `edi deposits` lists them.")
    return [told_payment(one, whole=True) for one in found]


def reissue(
    house: House, trace_number: str, by: str, note: str | None = None, *, to_same_account: bool = False
) -> dict[str, Any]:
    """Let a returned payment be made again, with the next run and under its old trace number; once a return.

    Raises:
        loaders.bank_notices.ReissueRefused: it did not come back, or its payee is still paid as when it failed.
    """
    now = house.now()
    with house.warehouse.begin() as connection:
        asked, is_new = bank_notices.ask_reissue(
            connection, trace_number, by, note, now, to_same_account=to_same_account
        )
        if is_new:
            enter(house, connection, "reissue", now, asked)
        last = deposit_list.of_trace(connection, trace_number)[-1]
    return {**told_payment(last), "is_new": is_new}


def told_payment(payment: DepositPayment, *, whole: bool = False) -> dict[str, Any]:
    """A payment for people and programs; numbers of accounts only as a whole `correction` of one payment."""
    correction = payment.correction or None
    if correction and not whole:
        correction = f"...{correction[-SHOWN_DIGITS:]}"
    return {
        "trace_number": payment.trace_number,
        "state": payment.state,
        "payee": payment.payee_id,
        "amount_cents": payment.amount_cents,
        "method": "ACH" if payment.kind == "DEPOSIT" else "CHK",
        "through": payment.through_date.isoformat(),
        "effective_on": payment.effective_on.isoformat(),
        "file": payment.file_name,
        "sent_at": payment.sent_at.isoformat() if payment.sent_at else None,
        "entry_trace": payment.entry_trace,
        "is_reissue": payment.is_reissue,
        "returned": _reason(payment.return_code),
        "returned_on": payment.returned_on.isoformat() if payment.returned_on else None,
        "changed": _reason(payment.change_code),
        "correction": correction,
        "reissue_asked_by": payment.asked_by,
        "reissue_asked_at": payment.asked_at.isoformat() if payment.asked_at else None,
        "note": payment.note,
    }


def _reason(code: str | None) -> str | None:
    return None if code is None else f"{code}: {meaning(code)}"


def _told_file(file: DepositFile) -> dict[str, Any]:
    return {
        "file": file.file_name,
        "state": file.state,
        "bank": file.partner,
        "through": file.through_date.isoformat(),
        "effective_on": file.effective_on.isoformat(),
        "payments": file.payments,
        "total_cents": file.total_cents,
        "returned": file.returned,
    }


def _told_unknown(notice: UnknownNotice) -> dict[str, Any]:
    return {
        "file_id": notice.file_id,
        "record": notice.record,
        "kind": notice.kind,
        "reason": _reason(notice.reason_code) if notice.reason_code else None,
        "amount_cents": notice.amount_cents,
        "settled_on": notice.settled_on.isoformat() if notice.settled_on else None,
    }
