"""Which owners of leases are known to be gone."""

from __future__ import annotations

import subprocess
import sys

import pytest

from pipeline.process import lease_batches
from pipeline.this_machine import is_dead, this_process
from tests.pipeline.plan import CLAIMS, ENROLLMENT, Plan


@pytest.fixture
def gone() -> str:
    """The name of a process of this machine that has ended."""
    starter = [sys.executable, "-c", "from pipeline.this_machine import this_process; print(this_process())"]
    return subprocess.run(starter, check=True, capture_output=True, text=True).stdout.strip()


def test_only_an_ended_process_of_this_machine_is_dead(gone: str) -> None:
    """A running one is not, and of other machines and of Airflow's runs nothing is known."""
    assert is_dead(gone)
    assert not is_dead(this_process())
    assert not is_dead("another-machine:1")
    assert not is_dead("scheduled__2026-06-01T08:00:00+00:00")


@pytest.mark.parametrize(("kind", "partner", "content"), [("837", "clearlink", CLAIMS), ("834", "acme", ENROLLMENT)])
def test_what_a_killed_process_held_is_taken_over_at_once(
    plan: Plan, gone: str, kind: str, partner: str, content: bytes
) -> None:
    """Running the command again goes on where it stopped; the leases of others are kept."""
    ids = plan.take_in(partner, content)
    assert lease_batches(plan.house, kind, gone) == [ids]
    assert lease_batches(plan.house, kind, this_process()) == [ids]
    assert lease_batches(plan.house, kind, "another-machine:1") == []
    assert plan.files()[0].attempts == 2
