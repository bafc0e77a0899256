"""The provider registry of a plan: two CSV files, checked against the partners and loaded into the warehouse."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from loaders.provider_files import RegistryRefused, read_registry

if TYPE_CHECKING:
    from pipeline.configuration import Configuration
    from pipeline.house import House

PARTNER_COLUMNS = ("remittance_partner", "statement_partner")


@dataclass(frozen=True, slots=True)
class RegistrySize:
    """How many rows the files hold."""

    providers: int
    payees: int


@dataclass(frozen=True, slots=True)
class LoadedRegistry(RegistrySize):
    """A registry in the warehouse."""

    version: int


def check_registry(configuration: Configuration, providers_csv: Path, payees_csv: Path) -> RegistrySize:
    """Read both files without a warehouse.

    Raises:
        loaders.provider_files.RegistryRefused: with every fault, among them partners that are not configured.
    """
    providers, payees = read_registry(providers_csv, payees_csv)
    known = {partner.id for partner in configuration.partners.values() if partner.role != "bank"}
    problems = [
        f"{payees_csv.name} payee {payee['payee_id']} column {column}: not in partners.yaml, or a bank"
        for payee in payees
        for column in PARTNER_COLUMNS
        if payee[column] not in known
    ]
    if problems:
        raise RegistryRefused(problems)
    return RegistrySize(len(providers), len(payees))


def load_providers(house: House, providers_csv: Path | None = None, payees_csv: Path | None = None) -> LoadedRegistry:
    """Load both files, by default those of the configuration, as the registry in force.

    Content equal to that of the version in force makes no new one.

    Raises:
        loaders.provider_files.RegistryRefused: as `check_registry` does.
    """
    from loaders.providers import load_registry  # noqa: PLC0415 - the check alone needs no database

    configuration = house.configuration
    providers_csv, payees_csv = providers_csv or configuration.providers_csv, payees_csv or configuration.payees_csv
    size = check_registry(configuration, providers_csv, payees_csv)
    with house.warehouse.begin() as connection:
        version = load_registry(connection, providers_csv, payees_csv, house.now())
    return LoadedRegistry(size.providers, size.payees, version)
