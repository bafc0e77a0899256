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
    if capabilities:
        _call("prctl", PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setgid(group)
    os.setuid(user)
    # access(2) answers for the bare account: for anyone but root it leaves capabilities aside
    reachable = os.access(program, os.R_OK | os.X_OK) and all(os.access(path, os.R_OK) for path in reads)
    if capabilities and not reachable:
        keep_through_exec(capabilities)


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
