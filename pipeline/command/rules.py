"""`edi rules`: what judges claims, in the order of application."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.command.printing import Json, tell

rules = typer.Typer(help="The rules that judge claims, and the bundle in force.", no_args_is_help=True)


@rules.callback()
def _group() -> None:
    """Keep `list` a word of its own while it is the only command."""


@rules.command("list")
def list_rules(
    stage: Annotated[str | None, typer.Option(help="front_end, adjudication, limits or laws; all by default.")] = None,
    as_json: Json = False,
) -> None:
    """Every rule with its stage, effective dates, source and what it says; and the bundle that decisions name."""
    from pipeline.configuration import load_configuration  # noqa: PLC0415 - `edi --help` answers at once
    from rules.registry import STAGES, registered  # noqa: PLC0415 - as above

    if stage is not None and stage not in STAGES:
        raise typer.BadParameter(f"expected one of {', '.join(STAGES)}", param_hint="--stage")
    told = [rule for rule in registered() if stage in {None, rule.stage}]
    bundle = load_configuration().digest()
    if as_json:
        tell("", {"rules_bundle": bundle, "rules": [rule.summary() for rule in told]}, as_json=True)
        return
    typer.echo(f"Rules bundle {bundle}")
    for rule in told:
        days = f"{rule.effective_from or 'ever'} to {rule.effective_through or 'further notice'}"
        typer.echo(f"{rule.stage:12}  {rule.id:42}  {days:22}  {rule.says}  [{rule.source}]")
