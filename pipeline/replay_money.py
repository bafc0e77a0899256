"""Do again what moved money: a run of payments composed, released or given up, accounts' entries, reissues."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loaders import bank_notices, provider_accounts
from loaders import replay as replays
from pipeline import remit_lifecycle
from pipeline.deposit_work import reissue
from pipeline.provider_accounts import load_entries

if TYPE_CHECKING:
    from loaders.schema.replay import Work
    from pipeline.house import House


def compose_again(original: House, house: House, run: int) -> None:
    """Compose a run of the original warehouse in that of `house`, which stands at the instant of the original."""
    with original.warehouse.begin() as connection:
        through = replays.settled_through(connection, run)
        is_out = replays.is_released_untold(connection, run)
    remit_lifecycle.compose(house, through)
    if is_out:
        remit_lifecycle.release(house, through, remit_lifecycle.AUTOMATIC)


def end_again(original: House, house: House, run: int, work: Work) -> None:
    """Release it or give it up, as it was done."""
    with original.warehouse.begin() as connection:
        find = replays.released_run if work == "release" else replays.abandoned_run
        through, by, note = find(connection, run)
    act = remit_lifecycle.release if work == "release" else remit_lifecycle.abandon
    act(house, through, by, note)


def load_again(original: House, house: House, load_id: int) -> None:
    """Book the entries of a file as they were booked, from its archived bytes."""
    with original.warehouse.begin() as connection:
        loaded = provider_accounts.loaded_file(connection, load_id)
    original.archive.read(loaded.archive_path)
    load_entries(house, original.archive.path(loaded.archive_path), loaded.by)


def pay_again(original: House, house: House, reissue_id: int) -> None:
    """Let a returned payment be made again, as a person did."""
    with original.warehouse.begin() as connection:
        asked = bank_notices.asked_reissue(connection, reissue_id)
    reissue(house, asked.trace_number, asked.asked_by, asked.note, to_same_account=asked.to_same_account)
