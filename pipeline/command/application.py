"""The program: its commands by name, and what happens when one of them fails."""

from __future__ import annotations

import sys

import typer
from typer.exceptions import TyperException

from edi.trouble import Trouble
from pipeline.command import (
    accounts,
    airflow,
    checks,
    claims,
    codes,
    demo,
    deposits,
    disputes,
    files,
    generate,
    holds,
    imports,
    inspection,
    members,
    money,
    pend,
    reference,
    remit,
    replay,
    rules,
    transport,
    warehouse,
)
from pipeline.command.exits import DEFECT, tell_trouble, tell_usage

app = typer.Typer(
    name="edi",
    help="X12 EDI at a health plan: 834 and 837 in; acknowledgments, warehouse, weekly 835 and EOP out. "
    "EDI_CONFIG names the configuration (./config), EDI_VAR the folder of whatever changes (./var), "
    "EDI_WAREHOUSE_URL a PostgreSQL server in place of the embedded one.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

app.command("validate")(inspection.validate)
app.command("ack")(inspection.ack)
app.command("parse")(inspection.parse)
app.command("explain")(inspection.explain)
app.command("run")(files.run)
app.command("receive")(transport.receive)
app.command("process")(files.process)
app.command("adjudicate")(claims.adjudicate)
app.command("claim")(claims.claim)
app.command("deliver")(transport.deliver)
app.command("resend")(transport.resend)
app.command("unanswered")(transport.unanswered)
app.command("member")(members.member)
app.command("status")(money.status)
app.command("balance")(money.balance)
app.command("sftp-server")(transport.sftp_server)
app.add_typer(accounts.app, name="accounts")
app.add_typer(airflow.app, name="airflow")
app.add_typer(demo.app, name="demo")
app.add_typer(generate.app, name="generate")
app.add_typer(holds.app, name="hold")
app.add_typer(pend.app, name="pend")
app.add_typer(remit.app, name="remit")
app.add_typer(disputes.app, name="dispute")
app.add_typer(deposits.app, name="deposits")
app.add_typer(imports.decisions, name="decisions")
app.add_typer(imports.opening, name="opening")
app.add_typer(warehouse.app, name="warehouse")
app.add_typer(checks.providers, name="providers")
app.add_typer(checks.configuration, name="config")
app.add_typer(codes.codes, name="codes")
app.add_typer(reference.reference, name="reference")
app.add_typer(replay.app, name="replay")
app.add_typer(rules.rules, name="rules")


def _is_text(word: str) -> bool:
    """Bytes that are no UTF-8 come as surrogates, which can neither be printed nor stored."""
    try:
        word.encode()
    except UnicodeEncodeError:
        return False
    return True


def main() -> None:
    """Run the program and leave it with a documented exit code (docs/command_line.md)."""
    as_json = "--json" in sys.argv
    undecodable = [place for place, word in enumerate(sys.argv) if not _is_text(word)]
    if undecodable:
        message = f"Word {undecodable[0]} of the command line is not in UTF-8: write it so, or rename the file."
        raise SystemExit(tell_usage("NotText", message, as_json=as_json))
    try:
        code = app(standalone_mode=not as_json)  # what Typer tells of a wrong command line is no JSON
    except TyperException as problem:
        raise SystemExit(tell_usage(type(problem).__name__, problem.format_message())) from None
    except Trouble as problem:
        raise SystemExit(tell_trouble(problem, as_json=as_json)) from None
    except Exception:  # noqa: BLE001 - shown whole, as it would be without us, but under its own exit code
        sys.excepthook(*sys.exc_info())
        raise SystemExit(DEFECT) from None
    raise SystemExit(code or 0)
