"""How a command ends: its exit code, and one paragraph that says what happened and what to do next."""

from __future__ import annotations

import json
import sys

from edi.trouble import Retryable, Trouble, Usage

DONE = 0
ATTENTION = 1
"""Done, but something needs a look: a file was not accepted, or the balance does not hold."""
USAGE = 2
"""The command line or the configuration is wrong; nothing was done."""
RETRYABLE = 3
"""Something was away; the same command may succeed later."""
FINAL = 4
"""It failed, and trying again changes nothing."""
DEFECT = 70
"""A fault of the program itself."""

ADVICE = {
    USAGE: "Correct it and run the command again; `edi config check` looks at the whole configuration.",
    RETRYABLE: "This may pass by itself: run the same command again, it goes on where it stopped.",
    FINAL: "Running it again changes nothing until the cause is mended.",
}


def exit_code(problem: Trouble) -> int:
    """The exit code that a trouble ends the program with."""
    if isinstance(problem, Usage):
        return USAGE
    return RETRYABLE if isinstance(problem, Retryable) else FINAL


def tell_trouble(problem: Trouble, *, as_json: bool) -> int:
    """Say on standard error (or, for programs, as JSON on standard output) what went wrong; returns the exit code."""
    code = exit_code(problem)
    if as_json:
        kind = {USAGE: "usage", RETRYABLE: "retryable", FINAL: "final"}[code]
        _write_error(kind, type(problem).__name__, str(problem))
    else:
        sys.stderr.write(f"edi: {problem}\n{ADVICE[code]}\n")
    return code


def tell_usage(name: str, message: str, *, as_json: bool = True) -> int:
    """Say that a command was called wrongly: to a program, as JSON on standard output; returns the exit code."""
    if as_json:
        _write_error("usage", name, message)
    else:
        sys.stderr.write(f"edi: {message}\n")
    return USAGE


def _write_error(kind: str, name: str, message: str) -> None:
    error = {"kind": kind, "type": name, "message": message}
    sys.stdout.write(json.dumps({"error": error}) + "\n")
