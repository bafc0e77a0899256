"""Under which account the server runs, and how its programs are started as that account.

PostgreSQL refuses to run as root. An ordinary user's server runs as that user; root's runs as the owner of the data
folder, at first `nobody`.
"""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from edi.trouble import Final
from loaders.server import unprivileged

CANDIDATES = ("nobody", "daemon")
"""Accounts that every Unix has; initdb needs one that the password database knows."""


class NoAccount(Final):
    """Root has no other account to run the server as."""


@dataclass(frozen=True, slots=True)
class Account:
    """Who runs the server; without a change of user when `switches` is false."""

    user: int
    group: int
    switches: bool

    def own(self, path: Path) -> None:
        """Give a file or folder to the account; nothing to do when we are that account."""
        if self.switches:
            os.chown(path, self.user, self.group)

    def command(
        self, program: Path, arguments: Sequence[str], *, reads: Sequence[Path], detached: bool = False
    ) -> list[str]:
        """Command line that runs `program` as the account, able to reach `reads` whatever their parents' modes."""
        launcher = [sys.executable, "-I", "-S", unprivileged.__file__]
        if self.switches:
            launcher += ["--user", str(self.user), "--group", str(self.group)]
        if detached:
            launcher.append("--detach")
        for path in reads:
            launcher += ["--reads", str(path)]
        return [*launcher, "--", str(program), *arguments]


def account_for(data: Path) -> Account:
    """Who runs the server of a data folder, whether that exists yet or not; NoAccount when root finds nobody."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), switches=False)
    if data.exists() and data.stat().st_uid != 0:
        owner = data.stat()
        return Account(owner.st_uid, owner.st_gid, switches=True)
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, switches=True)
    raise NoAccount(f"PostgreSQL does not run as root, and none of the accounts {', '.join(CANDIDATES)} exists")


def run(command: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command of `Account.command` to its end, in `folder`, and hand back what it said."""
    return subprocess.run(  # noqa: S603 - our own launcher with PostgreSQL's programs from the wheel
        command, cwd=folder, env=environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )


def environment() -> dict[str, str]:
    """A plain environment: messages in English, and none of the caller's PG variables."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
