"""Make, start, find and stop the server of one folder.

The folder holds `data/` (PostgreSQL's own), `password`, `endpoint.json` (the port), `server.log`, and two lock files.
`start.lock` lets one process at a time work on the server. `alive.lock` is held by the server itself: it inherits the
locked descriptor, so the lock is free exactly when neither the server nor one of its children runs any more. That,
and no process number, tells a live server from what a SIGKILL or a container's restart left behind.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from edi.trouble import Final, Retryable
from loaders.server.account import Account, account_for, environment, run
from loaders.server.binaries import Binaries, find_binaries

HOST = "127.0.0.1"
ROLE = "edi"
START_SECONDS = 90
"""Crash recovery replays the log before the server answers; a minute of that is ordinary."""
STOP_SECONDS = 60
LOCK_SECONDS = START_SECONDS + STOP_SECONDS
PAUSE_SECONDS = 0.05
PORT_ATTEMPTS = 10

SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # nothing of a row may reach the log: no details, no statements, no parameters, not even an error's first line
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_min_messages": "log",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "logging_collector": "off",
    "log_destination": "stderr",
    # containers give /dev/shm 64 MB, too little for a parallel hash join; files in the data folder have room
    "dynamic_shared_memory_type": "mmap",
    "max_wal_size": "2GB",
    # a batch of claims and what is read for it; taken only as far as it is used
    "shared_buffers": "512MB",
    "temp_buffers": "256MB",
    "work_mem": "64MB",
    "jit": "off",
}


class ServerUnavailable(Retryable):
    """The server did not start, answer or stop in time."""


class ServerBroken(Final):
    """The server cannot run in this folder; its log says why."""


def start(folder: Path, database: str = "warehouse") -> str:
    """Make and start the folder's server unless it runs already; the url of `database`, which is made when missing.

    Idempotent, also between processes. Waits for crash recovery. Raises ServerUnavailable when it takes longer than
    90 seconds and ServerBroken when PostgreSQL gives up.
    """
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        binaries = find_binaries()
        account = account_for(folder / "data")
        _make(folder, account, binaries)
        port = _started(folder, account, binaries)
        _ensure_database(folder, port, database)
    return _url(folder, port, database)


def running(folder: Path, database: str = "warehouse") -> str | None:
    """The url of the folder's server when it answers, else None."""
    folder = folder.resolve()
    port = _last_port(folder)
    return _url(folder, port, database) if port and _answers(folder, port) else None


def stop(folder: Path) -> None:
    """Stop the folder's server, if it runs, without waiting for its clients to leave; they lose open transactions."""
    folder = folder.resolve()
    if not folder.is_dir():
        return
    with _alone(folder):
        if not _alive(folder):
            return
        process = int((folder / "data" / "postmaster.pid").read_text(encoding="ascii").split("\n", 1)[0])
        # SIGINT is PostgreSQL's fast shutdown. A server killed a moment ago is gone already, and its children follow
        try:
            os.kill(process, signal.SIGINT)
        except ProcessLookupError:
            pass
        except PermissionError:
            raise ServerBroken(f"the server in {folder} belongs to another account") from None
        deadline = time.monotonic() + STOP_SECONDS
        while _alive(folder):
            if time.monotonic() > deadline:
                raise ServerUnavailable(f"the server in {folder} did not stop within {STOP_SECONDS} seconds")
            time.sleep(PAUSE_SECONDS)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Only one process at a time works on the folder's server."""
    deadline = time.monotonic() + LOCK_SECONDS
    with (folder / "start.lock").open("a") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise ServerUnavailable(f"another process has been working on the server in {folder}") from None
                time.sleep(PAUSE_SECONDS)
        yield


def _alive(folder: Path) -> bool:
    """Does the server, or a child of it, still hold its lock?"""
    with (folder / "alive.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _make(folder: Path, account: Account, binaries: Binaries) -> None:
    """Make the data folder with its password, whole or not at all."""
    data = folder / "data"
    if data.exists():
        return
    unfinished = folder / "data.unfinished"
    if unfinished.exists():
        shutil.rmtree(unfinished)
    unfinished.mkdir(mode=0o700)
    account.own(unfinished)
    password = folder / "password"
    password.unlink(missing_ok=True)
    with os.fdopen(os.open(password, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(secrets.token_hex(24))
    account.own(password)
    # the built-in locale sorts by code point everywhere alike and needs nothing of the machine's C library
    arguments = ["--pgdata", str(unfinished), "--username", ROLE, "--pwfile", str(password)]
    arguments += ["--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C"]
    arguments += ["--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]
    reads = [*binaries.all, unfinished, password]
    outcome = run(account.command(binaries.initdb, arguments, reads=reads), folder)
    if outcome.returncode != 0:
        raise ServerBroken(f"initdb failed in {folder}: {outcome.stderr.strip()}")
    unfinished.rename(data)


def _started(folder: Path, account: Account, binaries: Binaries) -> int:
    """Start the server unless it is alive, and wait until it answers; its port."""
    deadline = time.monotonic() + START_SECONDS
    port = _last_port(folder)
    launches = 0
    log_start = 0
    while time.monotonic() < deadline:
        if not _alive(folder):
            log = _log_since(folder, log_start) if launches else ""
            if launches and (launches == PORT_ATTEMPTS or "Address already in use" not in log):
                fatal = [line.partition("FATAL:")[2].strip() for line in log.splitlines() if "FATAL:" in line]
                raise ServerBroken(f"PostgreSQL ended at its start: {' '.join(fatal) or 'see server.log'} ({folder})")
            port = _free_port(port if launches == 0 else None)
            log_start = _launch(folder, account, binaries, port)
            launches += 1
        elif port and _answers(folder, port):
            return port
        time.sleep(PAUSE_SECONDS)
    raise ServerUnavailable(f"the server in {folder} did not answer within {START_SECONDS} seconds")


def _launch(folder: Path, account: Account, binaries: Binaries, port: int) -> int:
    """Start PostgreSQL as a process of its own that holds the alive lock; where its log begins."""
    data = folder / "data"
    # nobody is alive, so this names a dead process, or by chance a stranger that PostgreSQL would take for itself
    (data / "postmaster.pid").unlink(missing_ok=True)
    (folder / "endpoint.json").write_text(json.dumps({"host": HOST, "port": port}) + "\n", encoding="ascii")
    arguments = ["-D", str(data), "-p", str(port)]
    for name, value in SETTINGS.items():
        arguments += ["-c", f"{name}={value}"]
    command = account.command(binaries.postgres, arguments, reads=[*binaries.all, data], detached=True)
    with (folder / "server.log").open("ab") as log, (folder / "alive.lock").open("a") as lock:
        log_start = log.tell()
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        subprocess.run(  # noqa: S603 - our own launcher with PostgreSQL's program from the wheel
            command,
            cwd=folder,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[lock.fileno()],
            start_new_session=True,
            check=False,
        )
    return log_start


def _log_since(folder: Path, start: int) -> str:
    """What the server has logged from there on; its settings keep values out of it."""
    with (folder / "server.log").open("rb") as log:
        log.seek(start)
        return log.read().decode(errors="replace")


def _free_port(wanted: int | None) -> int:
    """A loopback port that is free now: the wanted one if it can be had, so that an url stays good over a restart."""
    for port in (wanted, 0):
        if port is None:
            continue
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise ServerUnavailable("no loopback port is free")


def _last_port(folder: Path) -> int | None:
    """The port of the last start, None before the first."""
    try:
        return int(json.loads((folder / "endpoint.json").read_text(encoding="ascii"))["port"])
    except FileNotFoundError:
        return None


def _password(folder: Path) -> str:
    return (folder / "password").read_text(encoding="ascii")


def _url(folder: Path, port: int, database: str) -> str:
    return f"postgresql+psycopg://{ROLE}:{_password(folder)}@{HOST}:{port}/{database}"


def _connect(folder: Path, port: int) -> psycopg.Connection[tuple[object, ...]]:
    """A connection to the maintenance database, outside transactions."""
    return psycopg.connect(
        host=HOST,
        port=port,
        user=ROLE,
        password=_password(folder),
        dbname="postgres",
        connect_timeout=10,
        autocommit=True,
    )


def _answers(folder: Path, port: int) -> bool:
    """Does our server answer there? A stranger on the port does not know the password."""
    try:
        _connect(folder, port).close()
    except psycopg.OperationalError:
        return False
    return True


def _ensure_database(folder: Path, port: int, database: str) -> None:
    """Make the database unless it is there."""
    with _connect(folder, port) as connection:
        found = connection.execute("select 1 from pg_database where datname = %s", [database]).fetchone()
        if found is None:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(database)))
