"""`edi remit` and its parts: what people type and read, and what a dry run leaves behind, which is nothing."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from loaders.warehouse import Warehouse
from pipeline import house as houses
from pipeline.command import exits, main
from pipeline.house import House
from pipeline.remit_lifecycle import compose, release
from tests.loaders.desk import SUNDAY, Desk
from tests.pipeline.remitting import NEXT_SUNDAY, content, house_of, later

Edi = Callable[..., tuple[int, str]]
"""Run `edi` with these words: exit code, and what it printed."""


class Plan:
    """A house whose time passes."""

    def __init__(self, house: House) -> None:
        self.house = house

    @contextmanager
    def open(self, *_: object, **__: object) -> Iterator[House]:
        """Stands for `pipeline.house.open_house`."""
        yield self.house


@pytest.fixture
def desk(warehouse: Warehouse) -> Desk:
    """A warehouse with a registry, a member and a file."""
    return Desk(warehouse).open()


@pytest.fixture
def plan(desk: Desk, tmp_path: Path) -> Plan:
    """A plan whose runs a person releases."""
    return Plan(house_of(desk, tmp_path, "person"))


@pytest.fixture
def edi(plan: Plan, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Edi:
    """The program, in this process, in the plan's house."""
    monkeypatch.setattr(houses, "open_house", plan.open)
    monkeypatch.setenv("COLUMNS", "200")

    def run(*words: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["edi", "remit", *words])
        with pytest.raises(SystemExit) as left:
            main()
        printed = "".join(capsys.readouterr())
        assert not any(name in printed for name in ("ROE", "ANN", "M0000001"))
        return left.value.code if isinstance(left.value.code, int) else 1, printed

    return run


def told(outcome: tuple[int, str]) -> dict[str, Any]:
    """The one JSON object that a command printed for a program."""
    code, out = outcome
    assert code == exits.DONE, out
    read: dict[str, Any] = json.loads(out)
    return read


def test_a_week_is_rehearsed_composed_looked_at_and_released(desk: Desk, plan: Plan, edi: Edi) -> None:
    """The dry run says what the run then says, and writes nothing at all."""
    desk.decide(desk.claim(), 8000, ("PR", "3", 2000))
    desk.decide(desk.claim(payee="LAKE"), 9000)
    desk.decide(desk.claim(), 0, outcome="pended")
    desk.decide(desk.claim(billing_npi="1999999992"), 7000)
    before = content(plan.house)
    rehearsed = told(edi("dry-run", "--through", "2026-06-21", "--json"))
    assert content(plan.house) == before
    assert (rehearsed["paid_cents"], rehearsed["payments"], rehearsed["claims"]) == (17000, 2, 2)
    assert rehearsed["waiting"] == {"NO_PRICE": 1}
    assert len(rehearsed["without_payee"]) == 1
    code, printed = edi("dry-run", "--through", "2026-06-21")
    assert code == exits.DONE
    assert "$170.00 in 2 payments of 2 remittances: 2 claims, 0 reversals, payment date 2026-06-24" in printed
    assert "waits, and is in no payment: 1 NO_PRICE" in printed
    composed = told(edi("compose", "--through", "2026-06-21", "--json"))
    assert (composed["state"], composed["new_claims"]) == ("composed", 2)
    shown = told(edi("show", "--json"))
    assert shown["payees"] == rehearsed["payees"]
    assert told(edi("diff", "2026-06-21", "dry-run", "--json")) == {
        "paid_cents": {"before": 17000, "after": 17000},
        "payees": [],
        "claims": [],
    }
    late = desk.claim(payee="LAKE")
    desk.decide(late, 100)
    state = content(plan.house)
    changed = told(edi("diff", "2026-06-21", "dry-run", "--json"))
    assert changed["payees"] == [{"payee_id": "LAKE", "before_cents": 9000, "after_cents": 9100}]
    ((entry, before_cents, after_cents),) = [
        (one["entry"], one["before_cents"], one["after_cents"]) for one in changed["claims"]
    ]
    assert (entry, before_cents, after_cents) == ("payment", None, 100)
    assert "payee LAKE: $90.00 -> $91.00" in edi("diff", "2026-06-21", "dry-run")[1]
    assert content(plan.house) == state
    assert told(edi("abandon", "2026-06-21", "--note", "one more", "--json"))["state"] == "abandoned"
    assert told(edi("--through", "2026-06-21", "--json"))["state"] == "composed"
    code, printed = edi("release", "--by", "ann", "--note", "looked at")
    assert code == exits.DONE
    assert "released" in printed
    assert "released by ann (looked at)" in edi("show", "2026-06-21")[1]
    for words in (("abandon", "2026-06-21"), ("dry-run", "--through", "2026-06-21"), ("show", "2026-06-28")):
        assert edi(*words)[0] == exits.FINAL


def test_a_remittance_is_drawn_with_its_claims_and_balances(desk: Desk, plan: Plan, edi: Edi) -> None:
    """A correction behind the reversal of its original, and what is forwarded; broken ones want attention."""
    original, voided = desk.claim(), desk.claim()
    desk.decide(original, 8000, ("PR", "2", 1000))
    desk.decide(voided, 5000)
    compose(plan.house, SUNDAY)
    release(plan.house, None, "ann")
    desk.decide(desk.correct(original), 9000)
    desk.decide(desk.correct(voided, frequency="8"), 0, outcome="paid", claim_status_code="void")
    plan.house = later(plan.house)
    compose(plan.house, NEXT_SUNDAY)
    drawn = told(edi("show", "R000000002", "--json"))
    assert [(claim["entry"], claim["status_code"], claim["paid_cents"]) for claim in drawn["claims"]] == [
        ("reversal", "22", -8000),
        ("payment", "1", 9000),
        ("reversal", "22", -5000),
        ("payment", "void", 0),
    ]
    assert (drawn["forwarded_cents"], drawn["payment_cents"]) == (4000, 0)
    assert drawn["balances"] == {
        "service": {"checked": 3, "holds": True},
        "claim": {"checked": 4, "holds": True},
        "transaction": {
            "claims_cents": -4000,
            "provider_adjustments_cents": -4000,
            "payment_cents": 0,
            "holds": True,
        },
    }
    code, printed = edi("show", "R000000002")
    assert code == exits.DONE
    for words in (
        "1. HC 99213: takes back $150.00 - CO 45 $60.00, PR 2 $10.00 = $80.00",
        "PLB FB R000000002: adds $40.00",
        "transaction balance: claims -$40.00 + PLB $40.00 = $0.00: holds",
    ):
        assert words in printed
    assert "claims -$40.00 + forwarded $40.00" in edi("show")[1]
    with plan.house.warehouse.begin() as conn:
        conn.execute(text("update remittance_service set paid_cents = paid_cents + 1 where paid_cents = 9000"))
    code, printed = edi("show", "R000000002")
    assert (code, "service balance" in printed, "DOES NOT HOLD" in printed) == (exits.ATTENTION, True, True)
    code, printed = edi("release")
    assert (code, "service charge - adjustments = service payment" in printed) == (exits.FINAL, True)


def test_what_is_left_out_wants_attention(desk: Desk, edi: Edi) -> None:
    """By claim number, line and law; in a rehearsal, after it, and until it is decided again."""
    bad = desk.claim()
    desk.decide(bad, 0)
    desk.decide(desk.claim(), 8000)
    odd = desk.claim(patient_control_number="*:^~|>!;<\\`{}[]")
    desk.decide(odd, 5000)
    commands = (("dry-run", "--through", "2026-06-21"), ("compose", "--through", "2026-06-21"), ("show",))
    for words in commands:
        code, out = edi(*words, "--json")
        report = json.loads(out)
        assert (code, report["paid_cents"]) == (exits.ATTENTION, 8000)
        assert [(one["line_number"], one["law"]) for one in report["left_out"]] == [
            (1, "reason 45 never takes the whole charge"),
            (0, "the values of a remittance leave characters to separate them"),
        ]
        code, printed = edi(*words)
        assert code == exits.ATTENTION
        assert f"claim {report['left_out'][0]['claim_number']} line 1: reason 45 never takes" in printed
    assert told(edi("diff", "2026-06-21", "dry-run", "--json"))["claims"] == []
    for claim_id in (bad, odd):
        desk.decide(claim_id, 0, ("CO", "29", 15000))
    code, printed = edi("show")
    assert (code, "(decided again since)" in printed) == (exits.DONE, True)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((), exits.USAGE),
        (("--through", "sunday"), exits.USAGE),
        (("compose",), exits.USAGE),
        (("diff", "2026-06-21"), exits.USAGE),
        (("diff", "dry-run", "dry-run"), exits.FINAL),
        (("diff", "yesterday", "dry-run"), exits.USAGE),
        (("release", "R000000001"), exits.USAGE),
        (("release",), exits.FINAL),
        (("show",), exits.FINAL),
        (("show", "R000000001"), exits.FINAL),
        (("dry-run", "--through", "2026-06-23"), exits.FINAL),
    ],
)
def test_a_wrong_word_changes_nothing(edi: Edi, words: tuple[str, ...], code: int) -> None:
    """And is told as what it is."""
    assert edi(*words)[0] == code
