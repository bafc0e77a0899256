"""Do again what became of a run of payments: its composition, its release, or that it was given up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loaders import replay as replays
from pipeline import remit_lifecycle

if TYPE_CHECKING:
    from loaders.journal import Work
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
