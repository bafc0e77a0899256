"""Two loaders of overlapping claims at once end in the warehouse of one after the other."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, event

from loaders.warehouse import open_warehouse
from pipeline.opening_import import import_opening_claims
from pipeline.process import commit_files, expect_files, process_files, translate_files
from tests.pipeline.plan import CLAIMS, ENROLLMENT, Plan
from tests.pipeline.story import numbered
from tests.pipeline.test_opening_import import EXAMPLE, PAID, bill

SECONDS = 60
WAITING = """
select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
"""


class Race:
    """Members, claims paid before, and two files that are ready to be committed."""

    def __init__(self, url: str, var: Path, files: tuple[bytes, bytes]) -> None:
        self.plan = Plan(open_warehouse(url), var)
        self.plan.load_registry()
        process_files(self.plan.house, self.plan.take_in("acme", ENROLLMENT))
        import_opening_claims(self.plan.house, EXAMPLE, "legacy", "jo")
        self.ids = self.plan.take_in("clearlink", *files)
        expect_files(self.plan.house, translate_files(self.plan.house, self.ids))

    def end(self) -> dict[str, list[str]]:
        """What the warehouse holds."""
        content = self.plan.content()
        self.plan.house.close()
        return content

    def run(self, *order: int) -> dict[str, list[str]]:
        """One after the other."""
        for place in order:
            commit_files(self.plan.house, [self.ids[place]])
        return self.end()

    def run_at_once(self) -> dict[str, list[str]]:
        """The second begins when the first has done everything but commit, and waits or ends before it does."""
        stands, goes_on = threading.Event(), threading.Event()
        engine = self.plan.house.warehouse.engine
        first = threading.Thread(target=commit_files, args=(self.plan.house, [self.ids[0]]))
        second = threading.Thread(target=commit_files, args=(self.plan.house, [self.ids[1]]))

        def stand(connection: Connection) -> None:
            if threading.current_thread() is not first or stands.is_set():
                return
            written = connection.exec_driver_sql("select pg_current_xact_id_if_assigned() is not null")
            if written.scalar_one():
                stands.set()
                goes_on.wait(SECONDS)

        event.listen(engine, "commit", stand)
        first.start()
        assert stands.wait(SECONDS)
        second.start()
        deadline = time.monotonic() + SECONDS
        while second.is_alive() and not self.plan.rows(WAITING)[0]["count"]:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        goes_on.set()
        first.join(SECONDS)
        second.join(SECONDS)
        event.remove(engine, "commit", stand)
        return self.end()


def corrections(plan: Plan, patch: pytest.MonkeyPatch, *frequencies: str) -> tuple[bytes, bytes]:
    """Two bills that correct one paid claim."""
    made: list[bytes] = []

    def keep(_partner: str, content: bytes) -> list[int]:
        made.append(content)
        return [0]

    patch.setattr(plan, "take_in", keep)
    patch.setattr(plan, "process", lambda: None)
    for place, frequency in enumerate(frequencies):
        bill(plan, frequency, PAID, charge=100 + place)
    return numbered(made[0], 7001), numbered(made[1], 7002)


@pytest.mark.parametrize("scene", ["one batch twice", "two replacements", "a replacement and a void", "one duplicate"])
def test_two_at_once_end_as_one_after_the_other(
    fresh_database: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scene: str
) -> None:
    """In the order in which they took their locks, to the last row."""
    files = numbered(CLAIMS, 7001), numbered(CLAIMS, 7002)
    if scene != "one batch twice":
        frequencies = {"two replacements": "77", "a replacement and a void": "78", "one duplicate": "11"}[scene]
        helper = Plan(open_warehouse(fresh_database()), tmp_path / "helper")
        with monkeypatch.context() as patch:
            files = corrections(helper, patch, *frequencies)
        helper.house.close()
    raced = Race(fresh_database(), tmp_path / "raced", files).run_at_once()
    serial = Race(fresh_database(), tmp_path / "serial", files).run(0, 1)
    assert len(serial["claim"]) > 5
    assert raced == serial
