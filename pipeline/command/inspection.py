"""`edi validate`, `edi ack`, `edi parse`, `edi explain`: look at files of this machine, without ledger or warehouse."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.command.exits import ATTENTION, USAGE
from pipeline.command.printing import LARGEST, Json, busy, tell

if TYPE_CHECKING:
    from edi.guides.library import GuideLibrary
    from pipeline.inspection.inspect import Inspection
    from rules.acceptance import AcceptanceProfile
    from writers.settings import Payer

HIGHEST_SNIP = 5
SHOWN = 25
Files = Annotated[list[Path], typer.Argument(help="X12 files.", show_default=False)]
Partner = Annotated[
    str | None,
    typer.Option(help="Judge as a delivery of this trading partner (partners.yaml of EDI_CONFIG); else by the guides."),
]
ShowValues = Annotated[
    bool, typer.Option("--show-values", help="Show element values, which may be health data; refused inside a task.")
]
Snip = Annotated[int, typer.Option(min=2, max=HIGHEST_SNIP, help="Highest SNIP type that is checked.")]


class Format(StrEnum):
    """How tables are written."""

    PARQUET = "parquet"
    CSV = "csv"
    JSONL = "jsonl"


def validate(
    files: Files,
    partner: Partner = None,
    snip: Snip = HIGHEST_SNIP,
    limit: Annotated[int, typer.Option(min=0, max=LARGEST, help="Findings of a file that are shown.")] = SHOWN,
    show_values: ShowValues = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a file, a line each.")] = False,
) -> None:
    """Check files against the HIPAA guides: every finding with its segment, and what we would answer.

    Exit code 0: accepted; 1: something is rejected; 2: a file could not be read.
    """
    from pipeline.inspection.access import FileUnreadable  # noqa: PLC0415 - `edi --help` answers at once
    from pipeline.inspection.excerpt import refuse_values_in_tasks  # noqa: PLC0415 - as above
    from pipeline.inspection.inspect import inspect  # noqa: PLC0415 - as above

    if show_values:
        refuse_values_in_tasks()
    profile, _, library = _agreement(partner)
    _get_ready(as_json=as_json)
    worst = 0
    for path in files:
        try:
            inspection = inspect(path, profile, library, snip=snip)
        except FileUnreadable as problem:
            worst = USAGE
            _tell_unreadable(path, problem, as_json=as_json)
            continue
        _show(inspection, limit, show_values=show_values, as_json=as_json)
        worst = max(worst, ATTENTION if inspection.refuses else 0)
    if worst:
        raise typer.Exit(worst)


def ack(
    file: Annotated[Path, typer.Argument(help="An X12 file.", show_default=False)],
    out: Annotated[Path, typer.Option(help="Folder for the answers.", show_default=False)],
    partner: Partner = None,
    control_number: Annotated[int, typer.Option(min=1, max=999_999_999, help="Our first ISA13.")] = 1,
    as_json: Json = False,
) -> None:
    """Write the TA1 and 999 that answer a file, one interchange for each of its interchanges.

    These are for looking at, and for tests: the pipeline draws its own control numbers. Exit code 1 when something is
    rejected.
    """
    from pipeline.clock import SystemClock  # noqa: PLC0415 - `edi --help` answers at once
    from pipeline.inspection.answers import write_answers  # noqa: PLC0415 - as above
    from pipeline.inspection.inspect import inspect  # noqa: PLC0415 - as above

    profile, payer, library = _agreement(partner)
    _get_ready(as_json=as_json)
    inspection = inspect(file, profile, library)
    written = write_answers(inspection, out, payer, control_number, SystemClock().now())
    report = {"file": str(file), "verdict": inspection.answer, "answers": [str(path) for path in written]}
    tell("Answers written", report, as_json=as_json)
    if inspection.refuses:
        raise typer.Exit(ATTENTION)


def parse(
    file: Annotated[Path, typer.Argument(help="An X12 file.", show_default=False)],
    out: Annotated[Path, typer.Option(help="Folder for the tables, one file each.", show_default=False)],
    form: Annotated[Format, typer.Option("--format", help="File format.")] = Format.PARQUET,
    as_json: Json = False,
) -> None:
    """Turn a file into tables, whether we would accept it or not; docs/columns.md names every column and its source."""
    from pipeline.inspection.tables import write_tables  # noqa: PLC0415 - `edi --help` answers at once

    _get_ready(as_json=as_json)
    with busy(f"reading {file}", as_json=as_json):
        scanned, rows = write_tables(file, out, form.value)
    tell("Tables written", {"file": str(file), "bytes": scanned.size, "rows": rows}, as_json=as_json)


def explain(
    what: Annotated[str, typer.Argument(metavar="CODE|FILE", help="A finding code, or an X12 file.")],
    segment: Annotated[int | None, typer.Option(min=1, help="Position in the transaction set, ST = 1.")] = None,
    interchange: Annotated[int, typer.Option(min=1, help="Its ordinal in the file.")] = 1,
    group: Annotated[int, typer.Option(min=1, help="Its ordinal in the interchange.")] = 1,
    transaction_set: Annotated[int, typer.Option("--set", min=1, help="Its ordinal in the group.")] = 1,
    show_values: ShowValues = False,
    as_json: Json = False,
) -> None:
    """Explain a finding code, or with --segment one segment of a file by its guide."""
    from pipeline.inspection.excerpt import refuse_values_in_tasks  # noqa: PLC0415 - `edi --help` answers at once
    from pipeline.inspection.explain import explain_code, explain_segment  # noqa: PLC0415 - as above

    if segment is None:
        tell(what.upper(), explain_code(what), as_json=as_json)
        return
    if show_values:
        refuse_values_in_tasks()
    place = (interchange, group, transaction_set)
    found = explain_segment(Path(what), place, segment, show_values=show_values)
    if as_json:
        tell("", asdict(found), as_json=True)
        return
    from rich.console import Console  # noqa: PLC0415 - as above
    from rich.table import Table  # noqa: PLC0415 - as above

    console = Console(soft_wrap=True, highlight=False)
    console.print(f"{found.segment} {found.name}", style="bold", markup=False)
    console.print(f"{found.guide}: {found.path}; {found.usage}, {found.repeat}", markup=False)
    table = Table(box=None, pad_edge=False)
    for heading in ("element", "name", "usage", "form", "value", "codes"):
        table.add_column(heading, overflow="fold")
    for line in found.elements:
        table.add_row(line.reference, line.name, line.usage, line.form, line.value, line.codes)
    console.print(table, markup=False)


def _agreement(partner: str | None) -> tuple[AcceptanceProfile, Payer, GuideLibrary | None]:
    """What a file is judged by, and who we are: without a partner, whoever the file says that it is for."""
    from pipeline.inspection.inspect import ANYBODY, WHOEVER_IS_NAMED  # noqa: PLC0415 - as above

    if partner is None:
        return ANYBODY, WHOEVER_IS_NAMED, None
    from pipeline.configuration import load_configuration  # noqa: PLC0415 - as above
    from pipeline.house import PartnerUnknown  # noqa: PLC0415 - as above

    configuration = load_configuration()
    known = configuration.partners.get(partner)
    if known is None:
        raise PartnerUnknown(f"partners.yaml has no partner {partner!r}.")
    return known.acceptance_profile(configuration.payer, "P"), configuration.payer, configuration.guide_library()


def _get_ready(*, as_json: bool) -> None:
    """Compile the scanner where that was never done on this machine, and say so: it takes some seconds."""
    from edi.scanner import is_warm, warm  # noqa: PLC0415 - as above

    if is_warm():
        return
    if not as_json:
        sys.stderr.write("edi: compiling the scanner for this machine, once; this takes some seconds ...\n")
        sys.stderr.flush()
    warm()


def _show(inspection: Inspection, limit: int, *, show_values: bool, as_json: bool) -> None:
    if as_json:
        from pipeline.inspection.report import report_text  # noqa: PLC0415 - as above

        sys.stdout.writelines(report_text(inspection))
        sys.stdout.write("\n")
        sys.stdout.flush()
        return
    from rich.console import Console  # noqa: PLC0415 - as above
    from rich.text import Text  # noqa: PLC0415 - as above

    from pipeline.inspection.show import findings, headline  # noqa: PLC0415 - as above

    console = Console(soft_wrap=True)
    console.print(Text.assemble(*headline(inspection)))
    for line in findings(inspection, limit, show_values=show_values):
        console.print(Text.assemble(*line))


def _tell_unreadable(path: Path, problem: Exception, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(
            json.dumps({"file": str(path), "error": {"kind": "unreadable", "message": str(problem)}}) + "\n"
        )
    else:
        sys.stderr.write(f"edi: {problem}\n")
