"""Provider accounts: entries loaded from a file, and what payees owe and are owed beside their claims."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from edi.trouble import Usage
from loaders import provider_accounts, provider_balances
from loaders.payment_runs import lock
from pipeline.rules_bundle import enter

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from loaders.provider_balances import Account
    from pipeline.house import House

WEEK_DAYS = 7


class PayeeUnknown(Usage):
    """No registry and no account has such a payee."""


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a file of entries changed."""

    load_id: int | None
    """None: nothing."""
    added: int
    changed: int
    """Open entries that were told with another amount or day."""
    unchanged: int

    def summary(self) -> dict[str, object]:
        """For people and programs."""
        return {"load": self.load_id, "added": self.added, "changed": self.changed, "unchanged": self.unchanged}


def load_entries(house: House, path: Path, by: str) -> LoadReport:
    """Book the entries of a file in the form of docs/remittance.md; it goes into the archive if it changed something.

    No run is composed meanwhile: an entry is settled as it was read.

    Raises:
        ImportRefused: with everything that is wrong; nothing was booked.
    """
    from parsers.import_forms import read_form  # noqa: PLC0415 - pandas is slow to import
    from pipeline.import_forms import ACCOUNT_ENTRIES, read_bytes, suffix_of  # noqa: PLC0415 - as above
    from rules.payments.provider_accounts import entry_changes  # noqa: PLC0415 - as above

    data = read_bytes(path)
    rows = read_form(data, ACCOUNT_ENTRIES)
    payees = sorted(set(rows["payee_id"]))
    with house.warehouse.begin() as connection:
        lock(connection)
        now = house.now()
        today = house.received_date(now)
        stored = provider_accounts.stored_entries(connection, payees)
        known = provider_accounts.known_payees(connection, payees)
        changes = entry_changes(rows, stored, known, today)
        if changes.added.empty and changes.changed.empty:
            return LoadReport(None, 0, 0, changes.unchanged)
        archived = house.archive.keep_bytes(data, today, suffix_of(data))
        load = provider_accounts.Load(archived, by, now)
        load_id = provider_accounts.store(connection, load, changes.added, changes.changed)
        enter(house, connection, "accounts", now, load_id)
    return LoadReport(load_id, len(changes.added), len(changes.changed), changes.unchanged)


def show_accounts(house: House) -> dict[str, Any]:
    """Every payee with open entries or an open balance, and what is something for a person."""
    today, weeks = house.today(), house.configuration.payments.balance_weeks
    with house.warehouse.begin() as connection:
        found = provider_balances.accounts(connection)
        pool = provider_balances.interest_pool(connection)
    return {
        **told_totals(found, today, weeks),
        "interest_pool": {f"{year}_cents": cents for year, cents in pool.items()},
        "payees": {account.payee_id: _told(account, today, weeks) for account in found},
    }


def show_account(house: House, payee: str) -> dict[str, Any]:
    """Entries of a payee with what settled them, its open balance, and the chain of forwarded balances.

    Raises:
        PayeeUnknown: nothing is known of such a payee.
    """
    today, weeks = house.today(), house.configuration.payments.balance_weeks
    with house.warehouse.begin() as connection:
        is_known = provider_balances.is_payee(connection, payee)
        (found,) = provider_balances.accounts(connection, payee) or (
            provider_balances.Account(payee, 0, 0, 0, None, None, is_known),
        )
        booked = provider_balances.entries(connection, payee)
        chain = provider_balances.forwardings(connection, payee)
        pool = provider_balances.interest_pool(connection, payee)
    if not (is_known or booked or chain):
        raise PayeeUnknown("Neither the provider registry nor any account has a payee of this id.")
    return {
        "payee_id": payee,
        **_told(found, today, weeks),
        "interest_pool": {f"{year}_cents": cents for year, cents in pool.items()},
        "entries": [_plain(asdict(entry)) for entry in booked],
        "forwarded": [_plain(asdict(step)) for step in chain],
    }


def told_totals(found: list[Account], today: date, weeks: int) -> dict[str, Any]:
    """What is open, in all: for `edi status` too."""
    return {
        "open_entries": sum(account.entries for account in found),
        "open_entries_cents": sum(account.entries_cents for account in found),
        "forwarded_balances": sum(account.owed_cents > 0 for account in found),
        "owed_cents": sum(account.owed_cents for account in found),
        "for_a_person": [account.payee_id for account in found if _for_a_person(account, today, weeks)],
    }


def _told(account: Account, today: date, weeks: int) -> dict[str, Any]:
    return {
        "open_entries": account.entries,
        "open_entries_cents": account.entries_cents,
        "owed_cents": account.owed_cents,
        "forwarded_by": account.trace_number,
        "since": account.since.isoformat() if account.since else None,
        "in_registry": account.is_known,
        "for_a_person": _for_a_person(account, today, weeks),
    }


def _for_a_person(account: Account, today: date, weeks: int) -> str | None:
    """What is to be done, and why no run will do it."""
    if account.entries and not account.is_known:
        return "The payee left the provider registry: no remittance takes its entries. Collect or pay them otherwise."
    if account.since and (today - account.since).days > weeks * WEEK_DAYS:
        return (
            f"No remittance has moved the balance for more than {weeks} weeks. Collect it otherwise, "
            "then load an entry (CS) of minus the amount."
        )
    return None


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """With days as text."""
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in row.items()}
