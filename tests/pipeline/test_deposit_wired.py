"""A week's payments to the bank and back, over a real connection."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from edi.money import to_cents
from parsers.nacha import Entry
from pipeline import house
from pipeline.adjudicate import adjudicate
from pipeline.command import exits, main
from pipeline.house import House
from pipeline.remit import remit
from sftp.keys import make_key_pair
from sftp.remote import RemoteFolder
from sftp.server import RunningServer, ServerSettings, serve
from tests.pipeline.banking import BANK, bank_file, entries_of
from tests.pipeline.plan import CLAIMS, ENROLLMENT, MemoryHouse, Plan

FRIDAY = date(2026, 6, 5)
Edi = Callable[..., tuple[int, str]]
"""Run `edi` with these words: exit code, and what it printed."""


@dataclass(frozen=True, slots=True)
class WiredHouse(MemoryHouse):
    """A house whose bank has a real server."""

    def remote(self, partner_id: str) -> RemoteFolder:
        """The bank's server, or one in memory."""
        return House.remote(self, partner_id) if partner_id == BANK else MemoryHouse.remote(self, partner_id)


@pytest.fixture
def server(tmp_path: Path, plan: Plan) -> Iterator[RunningServer]:
    """The bank's server; the plan knows it."""
    pair = make_key_pair(tmp_path / "key")
    with serve(ServerSettings(tmp_path / "home", tmp_path / "host", {BANK: (pair.public_line,)})) as running:
        for folder in ("in", "archive", "ack", "out", "reports"):
            (running.home(BANK) / folder).mkdir()
        before = plan.house
        plan.house = WiredHouse(
            *(before.configuration, before.warehouse, before.clock, before.archive, before.var),
            endpoints={BANK: running.endpoint(BANK, pair.private_file)},
            servers=plan.servers,
        )
        yield running


@pytest.fixture
def edi(plan: Plan, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Edi:
    """The program, in this process, in the plan's house."""

    @contextmanager
    def open_house(*_: object, **__: object) -> Iterator[House]:
        yield plan.house

    monkeypatch.setattr(house, "open_house", open_house)
    monkeypatch.setenv("COLUMNS", "200")

    def run(*words: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["edi", *words])
        with pytest.raises(SystemExit) as left:
            main()
        return int(left.value.code or 0), "".join(capsys.readouterr())

    return run


def test_payments_go_to_the_bank_and_one_comes_back(plan: Plan, server: RunningServer, edi: Edi) -> None:
    """What the 835s pay by ACH is what the bank's file pays, under the same numbers; a return is known the next look.

    The payment is made again with the next run, which has nothing else to pay.
    """
    home = server.home(BANK)
    plan.load_registry()
    plan.take_in("acme", ENROLLMENT)
    plan.process()
    plan.take_in("clearlink", CLAIMS)
    plan.process()
    adjudicate(plan.house)
    plan.clock.instant += timedelta(days=7)
    report = remit(plan.house, FRIDAY)
    plan.deliver()
    (deposit,) = (home / "out").glob("DEPOSIT_*")
    assert deposit.name in report.files
    entries = entries_of(deposit.read_bytes())
    assert entries
    effective = deposit.read_text().splitlines()[1][69:75]
    assert {one.addenda[0].text[3:83].strip(): told(one, effective) for one in entries} == paid_by_835s(plan)

    returned = home / "in" / "RETURNS.ACH"
    returned.write_bytes(bank_file((entries[0], "R03", "")))
    os.utime(returned, (plan.clock.now().timestamp(),) * 2)
    plan.look()
    assert list((home / "in").iterdir()) == []
    trace = entries[0].identification
    _at_the_desk(edi, trace)

    plan.clock.instant += timedelta(days=7)
    remit(plan.house, FRIDAY + timedelta(days=7))
    plan.deliver()
    (again,) = entries_of((home / "out" / "DEPOSIT_20260612.ach").read_bytes())
    assert again.addenda[0].text[:83] == entries[0].addenda[0].text[:83]
    assert again.trace != entries[0].trace
    shown = json.loads(edi("deposits", "show", trace, "--json")[1])["payments"]
    assert [one["state"] for one in shown] == ["reissued", "sent"]
    assert json.loads(edi("deposits", "--through", "2026-06-12", "--json")[1])["payments"] == [shown[-1]]
    counts = {"told": plan.count("deposit_payment"), "returned": 0, "reissues_waiting": 0, "unknown": 0}
    assert json.loads(edi("status", "--json")[1])["deposits"] == counts
    assert edi("resend", deposit.name)[0] == exits.USAGE
    _silence(plan, edi)


def told(entry: Entry, effective: str) -> tuple[str, str, int, str]:
    """Bank, account, cents and day of an entry."""
    return entry.routing_number, entry.account_number, entry.amount_cents, effective


def paid_by_835s(plan: Plan) -> dict[str, tuple[str, str, int, str]]:
    """The same of what the 835s pay by ACH, by their TRN segment."""
    found = {}
    for content in (row.content.decode() for row in plan.outbox() if row.kind == "835"):
        segments = content.replace("\n", "").split("~")
        header, trace = (next(one for one in segments if one.startswith(name)) for name in ("BPR*", "TRN*"))
        bpr = header.split("*")
        if bpr[4] == "ACH":
            found[f"{trace}~"] = (bpr[13], bpr[15], to_cents(bpr[2]), bpr[16][2:])
    return found


def _at_the_desk(edi: Edi, trace: str) -> None:
    """Find the returned payment, and let it be made again."""
    assert edi("unanswered")[0] == exits.DONE
    code, printed = edi("deposits")
    assert code == exits.DONE
    assert f"look after {trace}: state" in printed
    assert "R03: there is no such account" in printed
    code, printed = edi("deposits", "reissue", trace)
    assert (code, "--same-account" in printed) == (exits.USAGE, True)
    code, printed = edi("deposits", "reissue", trace, "--same-account", "--by", "ann", "--json")
    assert (code, json.loads(printed)["state"]) == (exits.DONE, "reissue_asked")
    assert edi("deposits", "show", "R9")[0] == exits.USAGE
    code, printed = edi("deposits", "show", trace)
    assert code == exits.DONE
    assert f"Payment {trace}: $" in printed
    for words in ("it came back, and is made again with the next run", "R03: there is no such account", "by ann at"):
        assert words in printed
    assert "none" not in printed


def _silence(plan: Plan, edi: Edi) -> None:
    """A week later the 835s of the first run are not answered; one is sent again."""
    code, printed = edi("unanswered", "--json")
    name = json.loads(printed)["files"][0]["file"]
    assert (code, name[:4]) == (exits.ATTENTION, "835_")
    assert name in edi("unanswered")[1]
    before = plan.servers["clearlink"].content(f"out/{name}")
    assert json.loads(edi("resend", name, "--json")[1])["is_new"]
    plan.deliver()
    assert plan.servers["clearlink"].content(f"out/{name}") == before
    assert name not in edi("unanswered", "--json")[1]
