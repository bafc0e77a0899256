"""How a command ends: its exit code, and one paragraph that says what happened and what to do next."""

from __future__ import annotations

import json
import sys

from edi.trouble import Retryable, Trouble

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
    from edi.import_problems import ImportRefused  # noqa: PLC0415 - as below
    from loaders.bank_notices import ReissueRefused  # noqa: PLC0415 - as below
    from loaders.claim_actions import NotPended  # noqa: PLC0415 - as below
    from loaders.holds import FileUnknown, NotHeld  # noqa: PLC0415 - a program that fares well needs none of these
    from loaders.open_disputes import DisputeRefused  # noqa: PLC0415 - as below
    from loaders.provider_files import RegistryRefused  # noqa: PLC0415 - as above
    from loaders.resends import ResendRefused  # noqa: PLC0415 - as above
    from pipeline.clock import ClockProblem  # noqa: PLC0415 - as above
    from pipeline.configuration import ConfigurationProblem  # noqa: PLC0415 - as above
    from pipeline.deposit_work import PaymentUnknown  # noqa: PLC0415 - as above
    from pipeline.house import ConnectionUnknown, PartnerUnknown  # noqa: PLC0415 - as above
    from pipeline.inspection.access import FileUnreadable, FolderUnwritable  # noqa: PLC0415 - as above
    from pipeline.inspection.excerpt import ValuesRefused  # noqa: PLC0415 - as above
    from pipeline.inspection.explain import NothingToExplain  # noqa: PLC0415 - as above
    from pipeline.pend_work import ActionRefused  # noqa: PLC0415 - as above
    from pipeline.provider_accounts import PayeeUnknown  # noqa: PLC0415 - as above
    from sftp.settings import EndpointInvalid  # noqa: PLC0415 - as above

    settings = (
        ActionRefused,
        ConfigurationProblem,
        ClockProblem,
        ConnectionUnknown,
        DisputeRefused,
        EndpointInvalid,
        FileUnknown,
        FileUnreadable,
        FolderUnwritable,
        ImportRefused,
        NotHeld,
        NotPended,
        NothingToExplain,
        PartnerUnknown,
        PayeeUnknown,
        PaymentUnknown,
        RegistryRefused,
        ReissueRefused,
        ResendRefused,
        ValuesRefused,
    )
    if isinstance(problem, settings):
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


def tell_usage(name: str, message: str) -> int:
    """Say to a program, as JSON on standard output, that it called a command wrongly; returns the exit code."""
    _write_error("usage", name, message)
    return USAGE


def _write_error(kind: str, name: str, message: str) -> None:
    error = {"kind": kind, "type": name, "message": message}
    sys.stdout.write(json.dumps({"error": error}) + "\n")
