"""Start a program as an unprivileged account that can still reach its files. Run as a script, standard library only.

    python -I -S unprivileged.py [--user N --group N] [--detach] [--reads PATH]... -- PROGRAM [ARGUMENT]...

A project may lie in a folder that only root may enter (a clone under /root or in a `mktemp -d`). Nobody's modes are
changed for that: where the account cannot reach a path of `--reads`, the program keeps the two Linux capabilities to
pass by file modes, as ambient capabilities, which survive the exec of a program that knows nothing of them
(capabilities(7)). Where it can, the program runs with none at all.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import sys
from collections.abc import Sequence
from pathlib import Path

PR_SET_KEEPCAPS = 8
PR_SET_SECUREBITS = 28
SECBIT_NO_SETUID_FIXUP = 1 << 2
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
CAPABILITY_VERSION_3 = 0x20080522
CAP_DAC_OVERRIDE = 1
CAP_DAC_READ_SEARCH = 2


class CapabilityHeader(ctypes.Structure):
    """struct __user_cap_header_struct of linux/capability.h."""

    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class CapabilityData(ctypes.Structure):
    """struct __user_cap_data_struct of linux/capability.h."""

    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


def become(user: int, group: int, program: str, reads: Sequence[str]) -> None:
    """Give up root for an account, keeping only what it takes to run `program` and to reach `reads`."""
    # read while we are root: afterwards even Python's own modules may be out of reach
    capabilities = permitted_file_capabilities() if sys.platform == "linux" else ()
    keeps = bool(capabilities) and not reachable_by(user, group, program, reads)
    if keeps and not spare_capabilities():
        _call("prctl", PR_SET_KEEPCAPS, 1, 0, 0, 0)
    take_identity(user, group)
    if keeps:
        keep_through_exec(capabilities)


def take_identity(user: int, group: int) -> None:
    """Become the account, for good."""
    os.setgroups([])
    os.setgid(group)
    os.setuid(user)


def reachable_by(user: int, group: int, program: str, reads: Sequence[str]) -> bool:
    """Could the bare account run the program and read the paths? Tried out in a child, which is given up for it."""
    child = os.fork()
    if child == 0:
        take_identity(user, group)
        fine = os.access(program, os.R_OK | os.X_OK) and all(os.access(path, os.R_OK) for path in reads)
        os._exit(0 if fine else 1)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) == 0


def spare_capabilities() -> bool:
    """Have a change of user leave capabilities alone, and access(2) respect them; False where we may not ask for it.

    Without that, access(2) answers for the bare account, and PostgreSQL's programs look for each other with it.
    """
    try:
        _call("prctl", PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
    except PermissionError:  # a container without CAP_SETPCAP
        return False
    return True


def permitted_file_capabilities() -> tuple[int, ...]:
    """Those of the two file capabilities that this process may use; containers often give but one."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    permitted = next(int(line.split()[1], 16) for line in lines if line.startswith("CapPrm:"))
    return tuple(number for number in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH) if permitted >> number & 1)


def keep_through_exec(capabilities: Sequence[int]) -> None:
    """Make these the process's only capabilities, and ambient."""
    mask = sum(1 << number for number in capabilities)
    data = (CapabilityData * 2)(CapabilityData(mask, mask, mask), CapabilityData(0, 0, 0))
    _call("capset", ctypes.byref(CapabilityHeader(CAPABILITY_VERSION_3, 0)), data)
    for number in capabilities:
        _call("prctl", PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, number, 0, 0)


def _call(function: str, *arguments: object) -> None:
    """Call a C library function that returns 0 for success; OSError otherwise."""
    library = ctypes.CDLL(None, use_errno=True)
    if getattr(library, function)(*arguments) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{function}: {os.strerror(code)}")


def main(arguments: Sequence[str]) -> None:
    """Become the account, leave the caller's process tree if asked to, and turn into the program."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--user", type=int)
    parser.add_argument("--group", type=int)
    parser.add_argument("--detach", action="store_true")
    parser.add_argument("--reads", action="append", default=[])
    parser.add_argument("program")
    parser.add_argument("arguments", nargs="*")
    options = parser.parse_args(arguments)
    if options.user is not None:
        become(options.user, options.group, options.program, options.reads)
    if options.detach and os.fork():
        # the caller waits for this half only; the server belongs to init from here on, so nobody leaves a zombie
        os._exit(0)
    os.execv(options.program, [options.program, *options.arguments])  # noqa: S606 - no shell wanted: this is exec


if __name__ == "__main__":
    main(sys.argv[1:])
