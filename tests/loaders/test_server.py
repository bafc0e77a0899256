from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from loaders import server
from loaders.server.account import account_for, run
from loaders.server.binaries import Binaries, find_binaries


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder for one server, below a folder that only its owner may enter."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    yield closed / "warehouse"
    server.stop(closed / "warehouse")
    shutil.rmtree(closed)


def ask(url: str, query: str) -> object:
    """The first value of a query's answer."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        cursor = connection.execute(query.encode())
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def server_process(folder: Path) -> int:
    """Number of the server's process, from its own file."""
    return int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])


def test_starting_a_running_server_changes_nothing(folder: Path) -> None:
    """start() is idempotent: one server, one url."""
    url = server.start(folder)
    process = server_process(folder)
    assert server.start(folder) == url
    assert server_process(folder) == process
    assert server.running(folder) == url


def test_a_stopped_server_keeps_its_url_and_rows(folder: Path) -> None:
    """An url that somebody noted stays good over a restart."""
    assert server.running(folder) is None
    url = server.start(folder)
    ask(url, "create table kept as select 7 as number")
    server.stop(folder)
    assert server.running(folder) is None
    assert server.start(folder) == url
    assert ask(url, "select number from kept") == 7


def test_stopping_what_never_ran_is_no_error(tmp_path: Path) -> None:
    """stop() leaves nothing behind where nothing was."""
    server.stop(tmp_path / "nothing")
    assert not (tmp_path / "nothing").exists()


def test_processes_that_start_it_at_once_get_one_server_which_outlives_them(folder: Path) -> None:
    """Whoever comes first starts it; the others find it."""
    program = f"from pathlib import Path; from loaders import server; print(server.start(Path({str(folder)!r})))"
    starters = [subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) for _ in range(3)]
    urls = {starter.communicate(timeout=120)[0].strip() for starter in starters}
    assert [starter.returncode for starter in starters] == [0, 0, 0]
    assert urls == {server.running(folder)}


def test_a_killed_server_comes_back_with_what_was_committed(folder: Path) -> None:
    """SIGKILL costs no committed row, and what it leaves behind does not stop the next start."""
    url = server.start(folder)
    ask(url, "create table kept as select 7 as number")
    os.kill(server_process(folder), signal.SIGKILL)
    # as after a container's restart, the process number in the stale file is that of somebody else
    stale = folder / "data" / "postmaster.pid"
    stale.write_text("\n".join([str(os.getpid()), *stale.read_text().splitlines()[1:]]))
    assert server.start(folder) == url
    assert ask(url, "select number from kept") == 7


def test_what_an_interrupted_first_start_left_is_done_again(folder: Path) -> None:
    """A data folder is made whole or not at all."""
    (folder / "data.unfinished").mkdir(parents=True)
    (folder / "data.unfinished" / "PG_VERSION").write_text("18\n")
    (folder / "password").write_text("of the interrupted start")
    assert ask(server.start(folder), "select 7") == 7


def test_a_port_that_somebody_else_took_is_given_up(folder: Path) -> None:
    """A stranger on the last port only costs the server its old url."""
    first = server.start(folder)
    server.stop(folder)
    port = int(first.rsplit(":", 1)[1].split("/")[0])
    with socket.socket() as stranger:
        stranger.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        stranger.bind(("127.0.0.1", port))
        stranger.listen()
        second = server.start(folder)
    assert second != first
    assert ask(second, "select 7") == 7


def test_a_broken_data_folder_is_said_once_and_for_all(folder: Path) -> None:
    """What PostgreSQL cannot run is final, and says why."""
    server.start(folder)
    server.stop(folder)
    (folder / "data" / "PG_VERSION").write_text("9\n")
    with pytest.raises(server.ServerBroken, match="incompatible with server"):
        server.start(folder)


def test_parents_keep_their_modes_and_the_server_is_not_root(folder: Path) -> None:
    """Folders that only their owner may enter stay so, and the server runs below them all the same."""
    parents = [*folder.parents]
    before = [parent.stat().st_mode for parent in parents]
    url = server.start(folder)
    assert [parent.stat().st_mode for parent in parents] == before
    owner = (folder / "data").stat().st_uid
    assert owner != 0
    assert os.geteuid() in {0, owner}
    assert ask(url, "select count(*) > 100 from pg_timezone_names") is True  # files of the wheel are within reach


def test_only_the_password_opens_it_and_only_from_this_machine(folder: Path) -> None:
    """Loopback, no socket file, and scram."""
    url = server.start(folder)
    password = (folder / "password").read_text()
    assert (folder / "password").stat().st_mode & 0o777 == 0o600
    assert password in url
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        ask(url.replace(password, "guessed"), "select 7")
    assert ask(url, "show listen_addresses") == "127.0.0.1"
    assert ask(url, "show unix_socket_directories") == ""


def test_the_log_holds_no_value_of_a_refused_row(folder: Path) -> None:
    """Neither rows nor statements nor error texts reach the log."""
    url = server.start(folder)
    ask(url, "create table person (name text primary key, born date)")
    ask(url, "insert into person values ('CANARY', '1950-01-01')")
    for refused in (
        "insert into person values ('CANARY', '1950-01-01')",
        "insert into person values ('other', 'CANARY')",
        "select 'CANARY'::int",
        "select CANARY from person",
    ):
        with pytest.raises(psycopg.Error):
            ask(url, refused)
    log = (folder / "server.log").read_text()
    assert "ready to accept connections" in log
    assert "CANARY" not in log


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("TimeZone", "UTC"),
        ("log_error_verbosity", "terse"),
        ("log_min_error_statement", "panic"),
        ("log_parameter_max_length_on_error", "0"),
        ("password_encryption", "scram-sha-256"),
        ("server_encoding", "UTF8"),
    ],
)
def test_settings(postgres: Path, setting: str, value: str) -> None:
    """Times are UTC, errors are logged without rows."""
    assert ask(server.start(postgres), f"show {setting}") == value


def test_rows_are_safe_on_disk(tmp_path: Path) -> None:
    """As it is started; the server that tests share is told otherwise."""
    folder = tmp_path / "postgres"
    try:
        assert ask(server.start(folder), "show fsync") == "on"
    finally:
        server.stop(folder)


def test_text_sorts_by_code_point_on_every_machine(postgres: Path) -> None:
    """The locale is PostgreSQL's own, not the C library's."""
    query = "select string_agg(letter, '' order by letter) from unnest(array['b', 'B', 'a', 'é', 'A']) as letter"
    assert ask(server.start(postgres), query) == "ABabé"


def test_an_unprivileged_program_reads_what_it_must(tmp_path: Path) -> None:
    """Below a folder that only its owner may enter, whoever that is."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    (closed / "file").write_text("content")
    program = Path(shutil.which("cat") or "")
    account = account_for(closed / "data")
    outcome = run(account.command(program, [str(closed / "file")], reads=[closed / "file"]), Path("/"))
    assert (outcome.returncode, outcome.stdout) == (0, "content")


def test_an_unprivileged_program_keeps_no_power_that_it_does_not_need(tmp_path: Path) -> None:
    """Where the account reaches its files by itself, no capability is left."""
    account = account_for(tmp_path / "data")
    outcome = run(account.command(Path(shutil.which("cat") or ""), ["/proc/self/status"], reads=[Path("/")]), Path("/"))
    status = dict(line.split(":\t", 1) for line in outcome.stdout.splitlines())
    ours = dict(line.split(":\t", 1) for line in Path("/proc/self/status").read_text().splitlines())
    left = "0000000000000000" if account.switches else ours["CapAmb"]
    assert status["CapEff"] == status["CapAmb"] == left
    assert status["Uid"].split() == [str(account.user)] * 4
    assert account.user != 0


def test_the_programs_themselves_may_lie_where_only_their_owner_enters(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clone in a private folder has its virtual environment there too, and initdb looks for postgres beside it."""
    installed = find_binaries()
    package = installed.initdb.parents[2]
    for part in (package / installed.initdb.parents[1].name, package.with_name(f"{package.name}.libs")):
        shutil.copytree(part, folder.parent / part.relative_to(package.parent), symlinks=True)
    moved = [folder.parent / path.relative_to(package.parent) for path in installed.all]
    monkeypatch.setattr("loaders.server.lifecycle.find_binaries", lambda: Binaries(*moved))
    assert ask(server.start(folder), "select 1") == 1
