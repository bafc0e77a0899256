"""`edi pend` and its siblings on the command line: what people type, what they read, and how a wrong word is told."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from edi.pend_queues import PendQueues
from pipeline import house
from pipeline.adjudicate import adjudicate
from pipeline.command import exits, main
from pipeline.house import House
from pipeline.process import process_files
from rules.pend_reasons import NO_PRICE
from tests.pipeline.plan import CLAIMS, ENROLLMENT, Plan

Edi = Callable[..., tuple[int, str]]
"""Run `edi` with these words: exit code, and what it printed."""
NAMES = ("ROE", "POE", "DOE", "COE", "FOE", "ANN", "BEN")
"""Of the members."""


@pytest.fixture
def waiting(plan: Plan) -> Plan:
    """Professional claims of the demo, decided without any fee."""
    plan.load_registry()
    plan.change(
        rulebook=replace(plan.house.configuration.rulebook, fees=()),
        queues=PendQueues({NO_PRICE: "pricing"}, "claims"),
    )
    process_files(plan.house, plan.take_in("acme", ENROLLMENT))
    process_files(plan.house, plan.take_in("clearlink", CLAIMS))
    adjudicate(plan.house)
    return plan


@pytest.fixture
def edi(waiting: Plan, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Edi:
    """The program, in this process, in the plan's house."""

    @contextmanager
    def open_house(*_: object, **__: object) -> Iterator[House]:
        yield waiting.house

    monkeypatch.setattr(house, "open_house", open_house)
    monkeypatch.setenv("COLUMNS", "200")

    def run(*words: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["edi", *words])
        with pytest.raises(SystemExit) as left:
            main()
        printed = "".join(capsys.readouterr())
        assert not any(name in printed for name in NAMES)
        return int(left.value.code or 0), printed

    return run


def test_a_day_at_the_desk(waiting: Plan, edi: Edi) -> None:
    """List, show, assign, release, price and deny, each right and each wrong; one plan serves all."""

    def answer(*words: str) -> dict[str, Any]:
        code, printed = edi(*words, "--json")
        assert code == exits.DONE, printed
        read: dict[str, Any] = json.loads(printed)
        return read

    def refused(said: str, *words: str) -> None:
        code, printed = edi(*words)
        assert (code, said in printed) == (exits.USAGE, True), printed
        code, printed = edi(*words, "--json")
        assert (code, json.loads(printed)["error"]["kind"]) == (exits.USAGE, "usage")

    waiting.clock.instant += timedelta(days=20)
    listed = answer("pend", "list")
    first, second, third = (one["claim_number"] for one in listed["claims"][:3])
    charges = {one["claim_number"]: one["charge_cents"] for one in listed["claims"]}
    _lists(edi, answer, refused, listed)
    _assigns(answer, refused, first)
    _releases(refused, first)

    dollars = charges[first] // 200
    refused("expected a line and its amount", "pend", "price", first, "--line", "one=10")
    refused("expected a line and its amount", "pend", "price", first, "--line", "1=10", "--line", "1=11")
    refused("expected a line and its amount", "pend", "price", first, "--line", "1=0")
    refused("has no line 9", "pend", "price", first, "--line", "9=1.00")
    refused("at most its charge", "pend", "price", first, "--line", "1=99999")
    assert answer("pend", "list")["pended"] == listed["pended"]
    priced = answer("pend", "price", first, "--line", f"1={dollars}", "--by", "ann", "--note", "agreed")
    assert priced["outcome"] == "paid"
    refused("does not wait: it is", "pend", "price", first, "--line", f"1={dollars}")

    refused("no such form of code", "pend", "deny", second, "--group", "XX", "--carc", "50")
    refused("no such form of code", "pend", "deny", second, "--group", "CO", "--carc", "fifty")
    refused("no such form of code", "pend", "deny", second, "--group", "CO", "--carc", "50", "--rarc", "Z9")
    refused("CARC 999 is unknown: say another, or", "pend", "deny", second, "--group", "CO", "--carc", "999")
    refused("RARC N999 is in no list", "pend", "deny", second, "--group", "CO", "--carc", "50", "--rarc", "N999")
    assert answer("pend", "show", second)["actions"] == []
    refused("An 835 may not say so", "pend", "deny", second, "--group", "CO", "--carc", "16")
    refused("Missing option '--carc'", "pend", "deny", second, "--group", "CO")
    code, printed = edi("pend", "deny", second, "--group", "CO", "--carc", "50", "--rarc", "N115", "--by", "ann")
    assert (code, "denied" in printed) == (exits.DONE, True)
    refused("does not wait: it is", "pend", "deny", second, "--group", "CO", "--carc", "50")

    code, printed = edi("pend", "show", first)
    assert (code, "agreed" in printed, "ann" in printed) == (exits.DONE, True, True)
    done = answer("pend", "show", f"{first[:5]}-{first[5:]}")["actions"]
    assert [(one["did"], one["by"], one["decision"] is not None) for one in done][-1] == ("price", "ann", True)
    assert answer("pend", "show", third)["actions"] == []
    assert answer("pend", "list")["pended"] == listed["pended"] - 2
    _disputes(answer, refused, first)


def _lists(
    edi: Edi, answer: Callable[..., dict[str, Any]], refused: Callable[..., None], listed: dict[str, Any]
) -> None:
    """By reason, owner and age; what is counted is all that waits."""
    code, printed = edi("pend", "list")
    assert code == exits.DONE
    for one in listed["claims"]:
        assert one["claim_number"] in printed
        assert (one["days"], one["age"], one["owner"]) == (20, "16-30", "pricing")
    assert answer("pend", "list", "--reason", NO_PRICE)["claims"] == listed["claims"]
    assert answer("pend", "list", "--age", "16-30", "--owner", "pricing")["claims"] == listed["claims"]
    for nothing in (("--reason", "NO_PLAN"), ("--age", "0-15"), ("--owner", "ann")):
        found = answer("pend", "list", *nothing)
        assert (found["claims"], found["pended"]) == ([], listed["pended"])
    assert answer("pend", "list", "--limit", "1")["claims"] == listed["claims"][:1]
    refused("expected 0-15, 16-30, 31-45, 46+", "pend", "list", "--age", "20")
    for limit in ("0", "10001", "9" * 30):
        refused("Invalid value for '--limit'", "pend", "list", "--limit", limit)
    refused("No claim of ours has that number", "pend", "show", "999")


def _assigns(answer: Callable[..., dict[str, Any]], refused: Callable[..., None], number: str) -> None:
    """To a person and back; a number that nobody has is told."""
    for _ in range(2):  # again it says the same
        assert answer("pend", "assign", number, "--to", "ann", "--by", "jo")["owner"] == "ann"
    assert [one["claim_number"] for one in answer("pend", "list", "--owner", "ann")["claims"]] == [number]
    assert answer("pend", "assign", number)["owner"] == "pricing"
    refused("No claim of ours has that number", "pend", "assign", "999", "--to", "ann")
    for nobody in ("", "  ", "an\tn", "n" * 61):
        refused("expected 1 to 60 characters", "pend", "assign", number, "--to", nobody)


def _releases(refused: Callable[..., None], number: str) -> None:
    """Not of what is missing, nor of what it does not wait for."""
    refused("NO_PRICE cannot be set aside", "pend", "release", number)
    refused("waits for NO_PRICE", "pend", "release", number, "--reason", "NO_PLAN")
    refused("No claim of ours has that number", "pend", "release", "999")


def _disputes(answer: Callable[..., dict[str, Any]], refused: Callable[..., None], number: str) -> None:
    """`edi dispute` of the same claim."""
    assert answer("dispute", "open", number, "--reference", "D-1", "--channel", "paper")["is_new"]
    refused("a day is written YYYY-MM-DD", "dispute", "open", number, "--reference", "D-2", "--on", "1 June")
    refused("expected up to 40 letters", "dispute", "open", number, "--reference", "D 2")
    refused("yet to come", "dispute", "open", number, "--reference", "D-2", "--on", "2099-01-01")
    refused("The claim came on 2026-06-01", "dispute", "open", number, "--reference", "D-2", "--on", "0001-01-01")
    assert answer("status")["disputes"]["open"] == 1
    assert [one["reference"] for one in answer("dispute", "list")["disputes"]] == ["D-1"]
    refused("No dispute has that reference", "dispute", "close", "D-2", "--outcome", "upheld")
    assert answer("dispute", "close", "D-1", "--outcome", "withdrawn")["is_new"]
    assert answer("dispute", "list")["disputes"] == []
