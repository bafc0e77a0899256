"""`edi generate`: synthetic files of any size, files with chosen faults, and whole worlds."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.command.printing import Json, busy, tell

if TYPE_CHECKING:
    from edi.synthetic.files import Party

app = typer.Typer(
    help="Synthetic files: valid ones of any size, ones with chosen faults, and whole worlds. Nobody in them is real.",
    no_args_is_help=True,
)

MEGABYTE = 1_000_000
FAULTS_FILE = ".faults.json"
TITLES = {
    "837P": "Professional claims (005010X222A1).",
    "837I": "Institutional claims (005010X223A2).",
    "837D": "Dental claims (005010X224A2).",
    "834": "Members of employer groups (005010X220A1).",
}

Seed = Annotated[int, typer.Option(help="Equal seeds and options make equal files.")]
Usage = Annotated[str, typer.Option(metavar="T|P", help="ISA15: test or production.")]
Identity = Annotated[
    str | None,
    typer.Option(metavar="[QUALIFIER:]ID[/GROUP_ID]", help="Interchange id, with GS02 or GS03 where that differs."),
]


def _file_command(kind: str) -> Callable[..., None]:
    def make(
        out: Annotated[Path, typer.Option(dir_okay=False, help="The file to write.")],
        claims: Annotated[
            int | None, typer.Option("--claims", "--members", min=1, help="How many claims, or members of an 834.")
        ] = None,
        mb: Annotated[
            float | None, typer.Option(min=0.001, help="As many as fit into so many megabytes (of 1,000,000).")
        ] = None,
        seed: Seed = 1,
        usage: Usage = "T",
        fault: Annotated[
            list[str] | None,
            typer.Option(help="Put this fault in; may be given several times. `edi generate faults` lists them."),
        ] = None,
        fault_set: Annotated[int, typer.Option(min=1, help="The transaction set of the file to put it into.")] = 1,
        sender: Identity = None,
        receiver: Identity = None,
        control_number: Annotated[int, typer.Option(min=1, help="ISA13 of the first interchange.")] = 1,
        as_of: Annotated[
            str | None, typer.Option(metavar="DATE", help="Day of the file; services lie in the weeks before it.")
        ] = None,
        per_set: Annotated[int, typer.Option(min=1, max=5000, help="Claims or members of a transaction set.")] = 1000,
        sets_per_interchange: Annotated[
            int | None, typer.Option(min=1, help="Begin a new interchange after so many sets.")
        ] = None,
        line_breaks: Annotated[bool, typer.Option(help="A line feed after every segment.")] = False,
        as_json: Json = False,
    ) -> None:
        from edi.synthetic.faults.injection import write_faulty  # noqa: PLC0415 - `edi --help` answers at once
        from edi.synthetic.files import DAY_AS_OF, RECEIVER, SENDER, Request  # noqa: PLC0415 - as above
        from edi.synthetic.files import write as write_file  # noqa: PLC0415 - as above

        with _usage_errors(), busy("writing", as_json=as_json):
            request = Request(
                kind=kind,
                items=claims,
                size=None if mb is None else int(mb * MEGABYTE),
                seed=seed,
                usage=usage,
                as_of=_day(as_of, "--as-of") or DAY_AS_OF,
                sender=_party(sender, SENDER),
                receiver=_party(receiver, RECEIVER),
                control_number=control_number,
                items_per_set=per_set,
                sets_per_interchange=sets_per_interchange,
                line_breaks=line_breaks,
            )
            if fault:
                made, placed = write_faulty(out, request, fault, at_set=fault_set)
                places = [asdict(each) for each in placed]
                side = out.with_name(out.name + FAULTS_FILE)
                side.write_text(json.dumps(places, indent=2) + "\n", encoding="utf-8")
            else:
                made, places, side = write_file(out, request), [], None
        report: dict[str, object] = {
            "file": str(out),
            "bytes": out.stat().st_size,
            "interchanges": made.interchanges,
            "transaction_sets": made.transaction_sets,
            "members" if kind == "834" else "claims": made.items,
        }
        if side:
            report["faults_file"] = str(side)
            report["faults"] = places if as_json else [each["fault"] for each in places]
        tell(f"{kind} written", report, as_json=as_json)

    make.__doc__ = f"{TITLES[kind]} Say how many (--claims) or how large (--mb)."
    return make


for each_kind in TITLES:
    app.command(each_kind)(_file_command(each_kind))


@app.command()
def faults(as_json: Json = False) -> None:
    """List the faults that can be put into a file: the finding code, the kinds of files, and what is done."""
    from edi.synthetic.faults.catalogue import CATALOGUE  # noqa: PLC0415 - as above

    if as_json:
        listed = {
            name: {"does": fault.does, "kinds": list(fault.kinds), "also": list(fault.also)}
            for name, fault in CATALOGUE.items()
        }
        tell("", {"faults": listed}, as_json=True)
    else:
        for name, fault in CATALOGUE.items():
            typer.echo(f"{name:32}{fault.does} ({', '.join(fault.kinds)})")


@app.command()
def world(
    out: Annotated[Path, typer.Option(file_okay=False, help="An empty folder, or one to be made.")],
    seed: Seed = 1,
    members: Annotated[int, typer.Option(help="Members of all employer groups.")] = 200,
    claims: Annotated[int, typer.Option(help="Claims of all weeks.")] = 300,
    weeks: Annotated[int, typer.Option(help="Weeks; corrections come in the week after their original.")] = 2,
    share: Annotated[
        list[str] | None, typer.Option(metavar="OUTCOME=SHARE", help="Such as clean=0.8; may be given several times.")
    ] = None,
    kind: Annotated[list[str] | None, typer.Option(help="Only these kinds of claims: 837P, 837I, 837D.")] = None,
    first_day: Annotated[
        str | None, typer.Option(metavar="DATE", help="The day on which the first files are received.")
    ] = None,
    usage: Usage = "P",
    as_json: Json = False,
) -> None:
    """Members, providers, contracts, fees and partners, the files they send, and what must become of every claim."""
    from edi.synthetic.files import DAY_AS_OF  # noqa: PLC0415 - as above
    from edi.synthetic.world.world import CLAIM_KINDS, WorldRequest  # noqa: PLC0415 - as above
    from edi.synthetic.world.write import write_world  # noqa: PLC0415 - as above

    with _usage_errors(), busy("making a world", as_json=as_json):
        request = WorldRequest(
            seed=seed,
            members=members,
            claims=claims,
            weeks=weeks,
            shares=_shares(share or []),
            kinds=tuple(kind or CLAIM_KINDS),
            first_day=_day(first_day, "--first-day") or DAY_AS_OF,
            usage=usage,
        )
        made = write_world(out, request)
    tell("World written", {"folder": str(out), **made.summary()}, as_json=as_json)


@app.command()
def corrections(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="A world.")],
    remittance: Annotated[
        list[Path], typer.Option(exists=True, help="835 files of the plan, or folders of them; several times.")
    ],
    as_json: Json = False,
) -> None:
    """Fill in the claim numbers that a world's corrections quote, from the 835s that the plan sent.

    A template whose claims are not in them yet waits for a later week.
    """
    from edi.synthetic.world.corrections import NumberUnknown, claim_numbers, fill  # noqa: PLC0415 - as above
    from edi.synthetic.world.world import TEMPLATE  # noqa: PLC0415 - as above

    paths = [path for one in remittance for path in (sorted(one.glob("*.x12")) if one.is_dir() else [one])]
    numbers = claim_numbers(path.read_bytes() for path in paths)
    filled: list[str] = []
    waiting: list[str] = []
    for template in sorted(folder.glob(f"week*/*/*{TEMPLATE}")):
        try:
            content = fill(template.read_bytes(), numbers)
        except NumberUnknown:
            waiting.append(str(template))
            continue
        path = template.with_name(template.name.removesuffix(TEMPLATE))
        path.write_bytes(content)
        filled.append(str(path))
    tell("Corrections", {"claim_numbers": len(numbers), "filled": filled, "waiting": waiting}, as_json=as_json)


@contextmanager
def _usage_errors() -> Iterator[None]:
    """What cannot be made is an error of the command line.

    Raises:
        typer.BadParameter: saying why.
    """
    from edi.synthetic.faults.fault import NoPlace  # noqa: PLC0415 - as above
    from edi.synthetic.files import UnmakeableFile  # noqa: PLC0415 - as above

    try:
        yield
    except (NoPlace, UnmakeableFile) as problem:
        raise typer.BadParameter(str(problem)) from None


def _day(text: str | None, option: str) -> date | None:
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no time zone
    except ValueError:
        raise typer.BadParameter("a day is written YYYY-MM-DD", param_hint=option) from None


def _party(text: str | None, usual: Party) -> Party:
    """`ID`, `ZZ:ID`, `ID/GROUP` or `ZZ:ID/GROUP`."""
    from edi.synthetic.files import Party  # noqa: PLC0415 - as above

    if text is None:
        return usual
    qualifier, colon, rest = text.rpartition(":")
    party_id, _, group_id = rest.partition("/")
    return Party(party_id, usual.name, qualifier if colon else usual.qualifier, group_id)


def _shares(texts: list[str]) -> dict[str, float]:
    found = {}
    for text in texts:
        name, _, share = text.partition("=")
        try:
            found[name] = float(share)
        except ValueError:
            raise typer.BadParameter("a share is written OUTCOME=0.1", param_hint="--share") from None
    return found
