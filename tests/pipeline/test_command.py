from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from typer import Typer

from edi.money import dollars
from edi.trouble import Final, Retryable, Usage
from pipeline.command import application, checks, exits, main, warehouse
from sftp.paramiko_remote import ParamikoRemote
from sftp.settings import read_url

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "examples" / "demo" / "config"

Edi = Callable[..., tuple[int, str, str]]
"""Run `edi` with these words: exit code, standard output, standard error."""


@pytest.fixture
def edi(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Edi:
    """The program, in this process, on the demo's configuration and an empty var."""
    monkeypatch.setenv("EDI_CONFIG", str(DEMO))
    monkeypatch.setenv("EDI_VAR", str(tmp_path / "var"))
    monkeypatch.delenv("EDI_WAREHOUSE_URL", raising=False)

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["edi", *words])
        with pytest.raises(SystemExit) as left:
            main()
        out, err = capsys.readouterr()
        return int(left.value.code or 0), out, err

    return run


@pytest.fixture
def warehouse_edi(edi: Edi, fresh_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> Edi:
    """The program with an empty warehouse."""
    monkeypatch.setenv("EDI_WAREHOUSE_URL", fresh_database())
    return edi


def answer(outcome: tuple[int, str, str]) -> dict[str, Any]:
    """The one JSON object that a command printed for a program."""
    code, out, err = outcome
    assert (code, err) == (0, "")
    read: dict[str, Any] = json.loads(out)
    return read


def test_help_comes_at_once() -> None:
    """`edi --help` needs neither pandas nor SQLAlchemy nor SSH."""
    script = (
        "import sys\nsys.argv = ['edi', '--help']\nfrom pipeline.command import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'pandas', 'sqlalchemy', 'paramiko', 'pyarrow', 'psycopg', 'numpy', 'airflow', 'great_expectations'}\n"
        "sys.exit(','.join(heavy & set(sys.modules)) or 0)\n"
    )
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    assert (done.returncode, done.stderr) == (0, "")
    assert "adjudicate" in done.stdout
    assert seconds < 5, "even on a busy machine"


def test_the_program_is_installed() -> None:
    """The environment has `edi`."""
    program = Path(sys.executable).parent / "edi"
    done = subprocess.run([program, "config", "--help"], capture_output=True, text=True, check=False)
    assert (done.returncode, "check" in done.stdout) == (0, True)


@pytest.mark.parametrize("group", ["", "warehouse", "config", "providers"])
def test_every_command_speaks_json(group: str) -> None:
    """Programs can call every command."""
    groups = {"warehouse": warehouse.app, "config": checks.configuration, "providers": checks.providers}
    app = groups.get(group, application.app)
    for command in app.registered_commands:
        assert command.callback is not None
        assert "as_json" in command.callback.__annotations__, command.name or command.callback.__name__


def test_a_configuration_in_order_is_counted(edi: Edi) -> None:
    """`edi config check` names what it found."""
    report = answer(edi("config", "check", "--json"))
    assert report["partners"] == ["acme", "clearlink", "harborbank", "riverclinic"]
    assert (report["environment"], report["providers"], report["payees"]) == ("demo", 5, 5)
    assert answer(edi("config", "digest", "--json")) == {"digest": report["digest"]}


def test_people_read_the_same(edi: Edi) -> None:
    """Without --json a table comes out."""
    code, out, _ = edi("config", "check")
    assert code == exits.DONE
    assert "acme, clearlink, harborbank, riverclinic" in out


def test_a_wrong_configuration_is_a_usage_problem(edi: Edi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 2, all faults, and no traceback."""
    copy = tmp_path / "config"
    shutil.copytree(DEMO, copy)
    settings = (copy / "settings.yaml").read_text()
    (copy / "settings.yaml").write_text(settings.replace("batches: 8", "batches: 0").replace("monday", "someday"))
    monkeypatch.setenv("EDI_CONFIG", str(copy))
    code, out, err = edi("config", "check")
    assert (code, out) == (exits.USAGE, "")
    assert "key 'batches'" in err
    assert "key 'weekday'" in err
    assert "Traceback" not in err
    code, out, err = edi("config", "check", "--json")
    assert (code, err, json.loads(out)["error"]["kind"]) == (exits.USAGE, "", "usage")


def test_an_unknown_word_is_a_usage_problem(edi: Edi) -> None:
    """As every program has it."""
    assert edi("remitt")[0] == exits.USAGE
    assert edi("remit", "--through", "yesterday")[0] == exits.USAGE


def test_a_word_in_another_encoding_is_told_in_a_line(edi: Edi) -> None:
    """It can neither be printed nor stored; --json or not."""
    words = ("pend", "assign", "261490000001", "--to", "Jos\udce9")
    code, out, err = edi(*words)
    assert (code, out, err.count("\n")) == (exits.USAGE, "", 1)
    assert "Word 5 of the command line is not in UTF-8" in err
    assert json.loads(edi(*words, "--json")[1])["error"]["kind"] == "usage"


def test_what_does_not_exist_is_a_usage_problem(warehouse_edi: Edi, tmp_path: Path) -> None:
    """Exit code 2 and no traceback, whatever it is that nobody has; a remark that nobody knows in a table too."""
    table = tmp_path / "coverage_policy.csv"
    table.write_text("procedure_code,lowest,remark_code,effective_from\n99213,J00,N999,2026-01-01\n", encoding="utf-8")
    for said, *words in (
        ("no kind of reference data", "reference", "load", "nosuch", str(table)),
        ("row 1: RARC N999 is in no list", "reference", "load", "coverage_policy", str(table)),
        ("No code list is called nosuch", "codes", "import", "nosuch", str(table)),
        ("does not begin with postgresql://", "replay", "warehouse", "--into", "garbage"),
        ("the warehouse's url is none", "replay", "warehouse", "--into", "postgresql://x:y@host:port/plan"),
        ("nothing of file 99", "replay", "file", "99", "--scratch"),
        ("never kept in this warehouse", "replay", "file", "99", "--scratch", "--bundle", "nosuch"),
        ("Invalid value for", "replay", "file", "9" * 30, "--scratch"),
        ("Invalid value for", "claim", "--file", "9" * 30),
    ):
        code, _, err = warehouse_edi(*words)
        assert (code, said in " ".join(err.split()), "Traceback" in err) == (exits.USAGE, True, False), err


def test_a_stopped_warehouse_is_worth_another_try(edi: Edi) -> None:
    """Exit code 3, and the command that starts it."""
    code, out, err = edi("status")
    assert (code, out) == (exits.RETRYABLE, "")
    assert "edi warehouse start" in err
    code, out, _ = edi("status", "--json")
    assert (code, json.loads(out)["error"]["type"]) == (exits.RETRYABLE, "WarehouseStopped")


@pytest.mark.parametrize(
    ("problem", "code"),
    [
        (Usage("wrong"), exits.USAGE),
        (Retryable("away"), exits.RETRYABLE),
        (Final("broken"), exits.FINAL),
        (KeyError("k"), exits.DEFECT),
    ],
    ids=["usage", "retryable", "final", "a defect"],
)
def test_the_exit_code_tells_what_kind_of_trouble(
    edi: Edi, monkeypatch: pytest.MonkeyPatch, problem: Exception, code: int
) -> None:
    """A script decides by it whether to try again; only a defect shows a traceback."""

    def fail(**_: object) -> None:
        raise problem

    monkeypatch.setattr(application, "app", fail)
    left, _, err = edi()
    assert left == code
    assert ("Traceback" in err) == (code == exits.DEFECT)


def commands_of(group: Typer, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The words of every command."""
    for one in group.registered_commands:
        assert one.callback is not None
        yield (*above, one.name or one.callback.__name__.replace("_", "-"))
    for below in group.registered_groups:
        assert below.typer_instance is not None
        yield from commands_of(below.typer_instance, (*above, str(below.name)))


@pytest.mark.parametrize("words", [(), ("no-such-command",), *commands_of(application.app)], ids=" ".join)
def test_a_wrong_command_line_is_told_to_a_program_as_json(edi: Edi, words: tuple[str, ...]) -> None:
    """Every command alike, whatever is wrong with its words."""
    code, out, err = edi(*words, "--no-such-option", "--json")
    error = json.loads(out)["error"]
    assert (code, error["kind"], err) == (exits.USAGE, "usage", "")
    assert "no-such" in error["message"]
    assert edi(*words, "--no-such-option")[:2] == (exits.USAGE, "")


def test_the_embedded_warehouse_starts_and_stops(edi: Edi) -> None:
    """Started twice it is one server; stopped, its data stay."""
    first = answer(edi("warehouse", "start", "--json"))
    again = answer(edi("warehouse", "start", "--json"))
    assert first["schema_before"] is None
    assert first["schema"] == again["schema_before"] == again["schema"]
    code, out, _ = edi("warehouse", "url")
    assert (code, out.startswith("postgresql://")) == (exits.DONE, True)
    with psycopg.connect(out.strip()) as connection:
        assert connection.execute("select count(*) from file").fetchone() == (0,)
    assert answer(edi("status", "--json"))["balance"] == {"holds": True, "faults": {}}
    assert answer(edi("warehouse", "stop", "--json"))["was_running"] is True
    assert answer(edi("warehouse", "stop", "--json"))["was_running"] is False


def test_another_warehouse_is_not_started(warehouse_edi: Edi) -> None:
    """EDI_WAREHOUSE_URL names a server that is somebody else's to start."""
    code, _, err = warehouse_edi("warehouse", "start")
    assert (code, "EDI_WAREHOUSE_URL" in err) == (exits.USAGE, True)
    assert answer(warehouse_edi("warehouse", "upgrade", "--json"))["schema"]


def test_the_registry_is_loaded_once(warehouse_edi: Edi) -> None:
    """By default from the configuration; equal content is the same version."""
    first = answer(warehouse_edi("providers", "load", "--json"))
    again = answer(warehouse_edi("providers", "load", str(DEMO / "providers.csv"), str(DEMO / "payees.csv"), "--json"))
    assert first == again == {"registry_version": 1, "providers": 5, "payees": 5}


def test_a_wrong_registry_is_a_usage_problem(warehouse_edi: Edi, tmp_path: Path) -> None:
    """The message names file, line and column."""
    spoilt = tmp_path / "providers.csv"
    spoilt.write_text((DEMO / "providers.csv").read_text().replace("1444444446", "1444444440"))
    code, _, err = warehouse_edi("providers", "load", str(spoilt), str(DEMO / "payees.csv"))
    assert (code, "providers.csv line 3 column npi" in err) == (exits.USAGE, True)


def test_the_rules_are_told_with_their_bundle(edi: Edi) -> None:
    """The number is the one that `edi config digest` prints; one stage for itself, or an error that names them."""
    code, digest, _ = edi("config", "digest", "--json")
    told = answer(edi("rules", "list", "--stage", "limits", "--json"))
    assert (code, told["rules_bundle"]) == (0, json.loads(digest)["digest"])
    assert [rule["id"] for rule in told["rules"]] == ["coverage_limits.within_visits_and_units"]
    assert "duplicates.not_seen_before" in edi("rules", "list")[1]
    assert edi("rules", "list", "--stage", "other")[0] == exits.USAGE


def test_status_has_all_its_keys(warehouse_edi: Edi) -> None:
    """The keys are an interface: docs/command_line.md lists them."""
    report = answer(warehouse_edi("status", "--json"))
    assert list(report) == [
        "plan",
        "environment",
        "now",
        "warehouse",
        "files",
        "files_by_partner",
        "claims",
        "refused_in_accepted_sets",
        "disputes",
        "money",
        "remittances",
        "waiting",
        "provider_accounts",
        "outbox",
        "answered_by_partners",
        "refused_by_partners",
        "unanswered_by_partners",
        "deposits",
        "balance",
    ]
    assert report["money"] == {"decided_claims": 0, "billed_cents": 0, "paid_cents": 0, "adjusted_cents": 0}
    assert report["remittances"] == {
        "runs": 0,
        "last_through": None,
        "waits_for_release": None,
        "remittances": 0,
        "payments": 0,
        "paid_cents": 0,
    }
    assert report["waiting"] == {"claims": 0, "balance_cents": 0, "without_payee": 0, "left_out": 0}


def test_a_balance_that_does_not_hold_wants_attention(
    warehouse_edi: Edi, fresh_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 1, so that a monitor need not read."""
    url = fresh_database()
    monkeypatch.setenv("EDI_WAREHOUSE_URL", url)
    with psycopg.connect(url) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute(
            "insert into claim (claim_number, family_id, version_state, state, file_id, set_key, partner, is_test,"
            " kind, patient_control_number, charge_cents, facility_code, frequency_code, received_date, source_start,"
            " source_stop) values ('1', 1, 'active', 'paid', 1, 1, 'acme', false, 'P', '1', 1, '11', '1', now(), 0, 1)"
        )
    code, out, _ = warehouse_edi("status", "--json")
    assert (code, json.loads(out)["balance"]["holds"]) == (exits.ATTENTION, False)


def test_today_is_the_plans(warehouse_edi: Edi, tmp_path: Path) -> None:
    """Half past three in the morning of UTC is still the evening before in New York."""
    (tmp_path / "var").mkdir(exist_ok=True)
    (tmp_path / "var" / "clock").write_text("2026-06-08T03:30:00+00:00")
    assert answer(warehouse_edi("remit", "--through", "today", "--json"))["through"] == "2026-06-07"
    assert warehouse_edi("remit", "--through", "2026-06-08")[0] == exits.FINAL


def test_nothing_to_do_is_done(warehouse_edi: Edi) -> None:
    """Steps on an empty warehouse succeed and change nothing."""
    assert answer(warehouse_edi("process", "--json")) == {"file_ids": [], "files": {}, "reasons": {}, "rows": {}}
    assert answer(warehouse_edi("adjudicate", "--json"))["decided"] == 0
    assert warehouse_edi("deliver", "--json")[0] == exits.DONE


def test_a_partner_that_is_not_reached_does_not_stop_the_others(
    warehouse_edi: Edi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is reported, and the exit code is that of the first trouble."""
    for partner in ("ACME", "CLEARLINK", "RIVERCLINIC"):
        monkeypatch.delenv(f"EDI_SFTP_{partner}", raising=False)
    code, out, err = warehouse_edi("receive", "--partner", "acme", "--partner", "clearlink", "--json")
    assert (code, list(json.loads(out))) == (exits.USAGE, ["acme", "clearlink"])
    assert "EDI_SFTP_ACME" in err


def test_files_run_through_the_whole_pipeline(warehouse_edi: Edi, tmp_path: Path) -> None:
    """An accepted file is done; one that is no X12 wants attention; running again goes on and doubles nothing."""
    enrollment = str(ROOT / "examples" / "demo" / "week1" / "acme" / "enrollment.x12")
    words = ("run", enrollment, "--partner", "acme", "--received-at", "2026-06-01T08:00", "--json")
    first = answer(warehouse_edi(*words))
    assert (first["files"], first["reasons"]) == ({"committed": 1}, {"ANSWERED": 1})
    assert first["rows"]["members"]
    again = answer(warehouse_edi(*words))
    assert (again["file_ids"], again["files"], again["rows"]) == (first["file_ids"], {"committed": 1}, {})
    noise = tmp_path / "noise.x12"
    noise.write_bytes(bytes(range(256)))
    code, out, _ = warehouse_edi("run", str(noise), "--partner", "acme", "--json")
    assert (code, json.loads(out)["files"]) == (exits.ATTENTION, {"quarantined": 1})
    copy = tmp_path / "copy.x12"
    shutil.copyfile(enrollment, copy)
    code, out, _ = warehouse_edi("run", str(copy), "--partner", "acme", "--json")
    assert (code, json.loads(out)["files"]) == (exits.ATTENTION, {"duplicate": 1})


@pytest.mark.parametrize("timestamp", ["soon", "2999-01-01T00:00"])
def test_an_arrival_must_have_happened(warehouse_edi: Edi, tmp_path: Path, timestamp: str) -> None:
    """--received-at takes an instant of the past; it runs the filing limits."""
    file = tmp_path / "a.x12"
    file.write_text("ISA")
    code, _, err = warehouse_edi("run", str(file), "--partner", "acme", "--received-at", timestamp)
    assert (code, "--received-at" in err) == (exits.USAGE, True)


def test_an_unknown_partner_is_a_usage_problem(warehouse_edi: Edi, tmp_path: Path) -> None:
    """And the known ones are listed."""
    file = tmp_path / "a.x12"
    file.write_text("ISA")
    code, _, err = warehouse_edi("run", str(file), "--partner", "acne")
    assert (code, "acme, clearlink, harborbank, riverclinic" in err) == (exits.USAGE, True)


def test_the_bundled_server_serves_every_partner(tmp_path: Path) -> None:
    """It prints, as JSON, the variables that connect the pipeline to it, and stops when told."""
    environment = {**os.environ, "EDI_CONFIG": str(DEMO), "EDI_VAR": str(tmp_path)}
    environment.pop("PYTHONUNBUFFERED", None)
    command = [sys.executable, "-c", "from pipeline.command import main; main()", "sftp-server", "--json"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            report = json.loads(process.stdout.readline())
            endpoint = read_url(report["environment"]["EDI_SFTP_ACME"])
            assert endpoint.port == report["port"]
            with ParamikoRemote(endpoint) as remote:
                assert remote.list("in").files == ()
                assert remote.put(b"ISA", "ack", "a.x12") == "sent"
            assert (Path(report["home"]) / "acme" / "ack" / "a.x12").read_bytes() == b"ISA"
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


@pytest.mark.parametrize(
    ("cents", "shown"), [(0, "$0.00"), (5, "$0.05"), (123456, "$1,234.56"), (-9250, "-$92.50")], ids=str
)
def test_money_is_shown_as_people_write_it(cents: int, shown: str) -> None:
    """Exactly, whatever its sign."""
    assert dollars(cents) == shown
