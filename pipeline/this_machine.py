"""Processes of this machine: a name for the one that asks, and whether another still runs."""

from __future__ import annotations

import os
import socket
from contextlib import suppress


def this_process() -> str:
    """A name for leases that this process takes without an Airflow run to name them after."""
    return f"{socket.gethostname()}:{os.getpid()}"


def is_dead(owner: str) -> bool:
    """Is this the name of a process of this machine that no longer runs? Of others nothing is known here."""
    machine, _, process = owner.rpartition(":")
    return machine == socket.gethostname() and process.isdigit() and not runs(int(process))


def runs(process: int) -> bool:
    """Does a process of this number run on this machine?"""
    with suppress(PermissionError):  # somebody else's process, but a running one
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return False
    return True
