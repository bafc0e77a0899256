"""A hunt: an 834 with values that nobody else has, through every kind of trouble; then each place they must not reach.

Archive, run folder, warehouse rows and what goes to the sender may hold them. Logs, output, exceptions, Data Docs, file
names, the ledger, holds, findings and the outbox's addresses may not.
"""

from __future__ import annotations

import io
import logging
import re
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Never

import pytest

from loaders import enrollment_members
from loaders.warehouse import Warehouse
from pipeline import commit, file_translation
from pipeline.command import main
from pipeline.configuration import load_configuration
from pipeline.hold_decisions import questions, reject
from pipeline.process import ProcessReport
from tests.pipeline.plan import DEMO, ENROLLMENT, Plan

CANARIES = {
    b"ROE*ANN": b"QUIXFINCH*ZELPHA****34*517936284",
    b"POE*BEN": b"VONGREEDLE*OZWALD****34*517936285",
    b"POE*BEA": b"VONGREEDLE*YSOLDEMAR****34*517936286",
    b"COE*CAL": b"XAVERDOTTIR*KJELLBERT****34*517936287",
    b"M100000": b"ZQ8675309",
    b"ELM STREET": b"GOOSEBERRY CRESCENT",
    b"EXAMPLETOWN*CT*06001": b"WUMBLEDORF*CT*064987125",
    b"19800211": b"19470813",
}
"""What the demo's roster says, and what this one says instead."""
VALUES = re.compile(
    r"quixfinch|zelpha|vongreedle|ozwald|ysoldemar|xaverdottir|kjellbert|51793628\d|517-93-628\d|zq8675309"
    r"|gooseberry|wumbledorf|(?<![0-9a-fx.])06498(?!\d?[a-f])|1947.?08.?13|08.13.1947|canary",
    re.IGNORECASE,
)
"""Five digits are in an address of memory or a duration by chance now and then: the postcode begins its word."""


def disguised(content: bytes) -> bytes:
    """The roster with its canaries."""
    for known, canary in CANARIES.items():
        assert known in content
        content = content.replace(known, canary)
    return content


ROSTER = disguised(ENROLLMENT)
FIRST = b"DMG*D8*19470813*F~"
BAD_ROWS = {
    "no subscriber number": ROSTER.replace(b"REF*0F*ZQ86753093~\n", b"").replace(b"SE*72", b"SE*71"),
    "a plan that nobody knows": ROSTER.replace(b"HMO*GOLD*EMP", b"HMO*CANARYPLAN*EMP"),
    "born in the future": ROSTER.replace(b"DMG*D8*19770302", b"DMG*D8*20330302"),
    "no such day": ROSTER.replace(FIRST, b"DMG*D8*19470899*F~"),
    "no such code": ROSTER.replace(FIRST, b"DMG*D8*19470813*CANARY~"),
    "a segment that nobody knows": ROSTER.replace(FIRST, b"QQQ*QUIXFINCH*517936284~\n" + FIRST),
    "an element that is too long": ROSTER.replace(b"11 GOOSEBERRY", b"11 GOOSEBERRY " + b"CANARY " * 40),
    "a character that is not allowed": ROSTER.replace(b"ZELPHA", b"ZEL\x07PHA"),
    "an end for somebody unknown": ROSTER.replace(b"INS*Y*18*021*28*A***FT", b"INS*Y*18*024*07*A***FT", 1),
    "the number of everybody": ROSTER.replace(b"51793628", b"99999999"),
    "cut in a name": ROSTER[: ROSTER.index(b"VONGREEDLE") + 4],
    "a name for a reference": ROSTER.replace(b"ACME20260601A", b"QUIXFINCH517936284"),
    "a sponsor that nobody knows": ROSTER.replace(b"FI*123456789", b"FI*517936284"),
    "a roster with wrong totals": ROSTER.replace(b"****2~", b"****RX~")
    .replace(b"~\nN1*P5", b"~\nQTY*TO*99~\nN1*P5")
    .replace(b"SE*72", b"SE*73"),
    "noise": b"no X12 but QUIXFINCH 517936284",
}


@dataclass
class Hunt:
    """Everything that may be read by somebody without a right to the values."""

    plan: Plan
    records: io.StringIO
    capture: pytest.CaptureFixture[str]
    printed: list[str]

    def process(self, content: bytes) -> ProcessReport | None:
        """Take a file in and process it; what is raised is looked at as a task's log would show it."""
        self.plan.take_in("acme", content)
        try:
            return self.plan.process()
        except Exception:  # noqa: BLE001 - whatever it is
            self.printed.append(traceback.format_exc())
            return None

    def command(self, monkeypatch: pytest.MonkeyPatch, *words: str) -> None:
        """Run `edi`; the house is the same."""
        monkeypatch.setattr(sys, "argv", ["edi", *words])
        with suppress(SystemExit):
            main()

    def found(self) -> list[tuple[str, str]]:
        """Where a value is that must not be there."""
        return sorted({(place, value) for place, text in self._texts() for value in VALUES.findall(text)})

    def _texts(self) -> Iterator[tuple[str, str]]:
        out, err = self.capture.readouterr()
        yield "output", out + err + "\n".join(self.printed)
        yield "log", self.records.getvalue()
        yield from self._files(self.plan.house.var)
        for table in ("file", "file_state_change", "finding", "hold", "number_series", "unknown_plan"):
            columns = "to_jsonb(t)" if table != "hold" else "to_jsonb(t) - 'set_references'"
            # a sponsor's plan code is no value of a person
            columns += " - 'plan_code'" if table == "unknown_plan" else ""
            yield (
                table,
                "\n".join(row["row"] for row in self.plan.rows(f"select ({columns})::text as row from {table} t")),
            )
        query = "select (to_jsonb(t) - 'content' - 'sha256')::text as row from outbox t"
        yield "outbox", "\n".join(row["row"] for row in self.plan.rows(query))
        for partner, server in self.plan.servers.items():
            yield f"names at {partner}", b"\n".join(server.entries).decode()
        yield "questions", "\n".join(f"{one.subject} {one.text}" for one in questions(self.plan.house, "834"))

    def _files(self, folder: Path) -> Iterator[tuple[str, str]]:
        for path in folder.rglob("*"):
            place = path.relative_to(folder)
            yield "file names", str(place)
            if path.is_file() and place.parts[0] not in {"archive", "runs"}:
                yield str(place.parts[0]), path.read_text(encoding="utf-8", errors="replace")


@pytest.fixture
def hunt(
    warehouse: Warehouse, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Hunt]:
    """The demo's plan with its expectations, and every log at its most talkative."""
    plan = Plan(warehouse, tmp_path / "var", load_configuration(DEMO / "config"))
    records = io.StringIO()
    handler = logging.StreamHandler(records)
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    monkeypatch.setenv("EDI_CONFIG", str(DEMO / "config"))
    monkeypatch.setenv("EDI_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("EDI_WAREHOUSE_URL", warehouse.engine.url.render_as_string(hide_password=False))
    yield Hunt(plan, records, capsys, [])
    root.setLevel(before)
    root.removeHandler(handler)


@pytest.mark.parametrize("content", BAD_ROWS.values(), ids=BAD_ROWS.keys())
def test_a_fault_of_the_file_shows_no_value(
    hunt: Hunt, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes
) -> None:
    """Whether rows are refused, or the file is held, refused or set aside; whatever is asked about it then."""
    hunt.process(content)
    hunt.process(content.replace(b"000001001", b"000001002"))
    (tmp_path / "roster.x12").write_bytes(content)
    for words in ("status", "process", "hold list", "hold show 1", "hold show 2 --json", "hold reject 1"):
        hunt.command(monkeypatch, *words.split())
    for words in ("validate", "validate --json --partner acme"):
        hunt.command(monkeypatch, *words.split(), str(tmp_path / "roster.x12"))
    for one in questions(hunt.plan.house, "834"):
        reject(hunt.plan.house, one.file_id, "ann", "not theirs")
    hunt.plan.look_once()
    hunt.plan.deliver()
    assert hunt.found() == []


def test_a_name_for_a_control_number_names_no_file_of_ours(hunt: Hunt) -> None:
    """The names of answers hold ISA13 only where it is a number."""
    hunt.process(ROSTER.replace(b"000001001", b"QUIXFINCH"))
    hunt.plan.deliver()
    assert hunt.plan.outbox()
    assert hunt.found() == []


def test_the_hunt_finds_what_is_there(hunt: Hunt) -> None:
    """In a log, in a reason, in the name of a file of ours: it is not for blindness that it finds nothing."""
    hunt.process(ROSTER)
    logging.getLogger("pipeline").info("Member %s", "QUIXFINCH")
    hunt.plan.execute("update file set reason = 'born 1947-08-13'")
    (hunt.plan.house.var / "data_docs" / "ZELPHA.txt").write_text("517-93-6284")
    assert hunt.found() == [
        ("data_docs", "517-93-6284"),
        ("file", "1947-08-13"),
        ("file names", "ZELPHA"),
        ("log", "QUIXFINCH"),
    ]
    print("VonGreedle")  # noqa: T201 - what a command would do
    assert ("output", "VonGreedle") in hunt.found()


def quote_a_value(*_: object, **__: object) -> Never:
    """What a defect may say."""
    raise ValueError(ROSTER.decode())


TROUBLE: dict[str, Callable[[pytest.MonkeyPatch, Plan], object]] = {
    "a constraint": lambda _, plan: plan.execute("alter table member add constraint c check (last_name not like 'Q%')"),
    "a number that is one already": lambda _, plan: plan.execute("create unique index u on member (last_name)"),
    "a text that is no number": lambda _, plan: plan.execute(
        "alter table member add c int generated always as (last_name::int) stored"
    ),
    "a table that is gone": lambda _, plan: plan.execute("alter table coverage_span rename to gone"),
    "a trigger that quotes": lambda _, plan: plan.execute(
        "create function quote() returns trigger language plpgsql as "
        "$$begin raise exception 'no % here', new.last_name using detail = new.first_name; end$$;"
        "create trigger t before insert on member for each row execute function quote()"
    ),
    "a defect of the translation": lambda monkey, _: monkey.setattr(file_translation, "translate", quote_a_value),
    "a defect of the load": lambda monkey, _: monkey.setattr(enrollment_members, "run", quote_a_value),
    "a defect of the answers": lambda monkey, _: monkey.setattr(commit, "answer", quote_a_value),
    "a defect of the expectations": lambda monkey, _: monkey.setattr(
        "rules.expectations.measuring.evaluate", quote_a_value
    ),
}


@pytest.mark.parametrize("trouble", TROUBLE.values(), ids=TROUBLE.keys())
def test_trouble_of_ours_shows_no_value(
    hunt: Hunt, monkeypatch: pytest.MonkeyPatch, trouble: Callable[[pytest.MonkeyPatch, Plan], object]
) -> None:
    """The database's own words quote rows, and so do those of a defect: neither goes further."""
    trouble(monkeypatch, hunt.plan)
    for _ in range(2):
        report = hunt.process(ROSTER)
        assert report is None or "committed" not in report.states, "the trouble was met"
    assert hunt.found() == []
