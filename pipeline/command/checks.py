"""`edi config check` and `edi providers load`: what the plan edits, looked at before it is used."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.command.printing import Json, tell

configuration = typer.Typer(help="The configuration that EDI_CONFIG names.", no_args_is_help=True)
providers = typer.Typer(help="The provider registry: who may bill, and who is paid.", no_args_is_help=True)


@configuration.command()
def check(as_json: Json = False) -> None:
    """Read every file of the configuration, and name every fault by file, line and key."""
    from pipeline.configuration import load_configuration  # noqa: PLC0415 - `edi --help` answers at once
    from pipeline.provider_registry import check_registry  # noqa: PLC0415 - as above

    loaded = load_configuration()
    registered = check_registry(loaded, loaded.providers_csv, loaded.payees_csv)
    rulebook = loaded.rulebook
    report = {
        "folder": str(loaded.folder),
        "environment": loaded.environment,
        "digest": loaded.digest(),
        "partners": sorted(loaded.partners),
        "groups": [group.id for group in rulebook.groups],
        "plans": sorted({plan.id for plan in rulebook.plans}),
        "filing_rules": [rule.id for rule in rulebook.filing_rules],
        "fees": len(rulebook.fees),
        "expectations": len(loaded.expectations),
        "code_lists": sorted(loaded.guide_library().code_lists or ()),
        "providers": registered.providers,
        "payees": registered.payees,
    }
    tell("The configuration is in order", report, as_json=as_json)


@configuration.command()
def digest(as_json: Json = False) -> None:
    """Print the name of the rules bundle: equal digests judge and decide alike."""
    from pipeline.configuration import load_configuration  # noqa: PLC0415 - `edi --help` answers at once

    found = load_configuration().digest()
    if as_json:
        tell("", {"digest": found}, as_json=True)
    else:
        typer.echo(found)


@providers.command()
def load(
    providers_csv: Annotated[Path | None, typer.Argument(help="By default providers.csv of the configuration.")] = None,
    payees_csv: Annotated[Path | None, typer.Argument(help="By default payees.csv of the configuration.")] = None,
    as_json: Json = False,
) -> None:
    """Load two CSV files as a new version of the registry; what is in force already makes no new version."""
    from pipeline.house import open_house  # noqa: PLC0415 - `edi --help` answers at once
    from pipeline.provider_registry import load_providers  # noqa: PLC0415 - as above

    with open_house() as house:
        loaded = load_providers(house, providers_csv, payees_csv)
    report = {"registry_version": loaded.version, "providers": loaded.providers, "payees": loaded.payees}
    tell("Provider registry loaded", report, as_json=as_json)
