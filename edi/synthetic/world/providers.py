"""The billing providers of a world and their contracts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from edi.synthetic import vocabulary as words
from edi.synthetic.dice import Dice
from edi.synthetic.identifiers import npi, tin
from edi.synthetic.model import Provider
from edi.synthetic.people import organization
from edi.synthetic.world.plan import CORE_NETWORK, FIRST_DAY, OTHER_NETWORK

NAMES = {
    "837P": ("MEDICAL GROUP", "207Q00000X"),
    "837I": ("HOSPITAL", words.HOSPITAL_TAXONOMY),
    "837D": ("DENTAL CARE", words.DENTAL_CLINIC),
}
CONTRACTED, OUT_OF_CONTRACT, NOT_ON_FILE = "contracted", "out of contract", "not on file"
OUT_OF_NETWORK, OTHER_TIN = "out of network", "other tin"
CLAIMS_A_PROVIDER = 40
MOST_PROVIDERS = 50


@dataclass(frozen=True, slots=True)
class Biller:
    """A billing provider, its payee, and how it stands to the plan."""

    provider: Provider
    kind: str
    standing: str
    payee_id: str
    contract_through: date | None
    network: str = CORE_NETWORK

    @property
    def contract_from(self) -> date:
        """The first day of its contract."""
        return FIRST_DAY


def billers(dice: Dice, kinds: tuple[str, ...], claims: int, contracts_ended: date) -> tuple[Biller, ...]:
    """For each kind of claims several under contract, and one of each other standing.

    Its contract ended; it is not on file; its contract is of another network; it is on file with another TIN.
    """
    found: list[Biller] = []
    for kind in kinds:
        suffix, taxonomy = NAMES[kind]
        several = min(MOST_PROVIDERS, 2 + claims // len(kinds) // CLAIMS_A_PROVIDER)
        for standing in (*[CONTRACTED] * several, OUT_OF_CONTRACT, NOT_ON_FILE, OUT_OF_NETWORK, OTHER_TIN):
            number = len(found) + 1
            made = organization(dice, suffix, taxonomy)
            # numbers that no other provider of the world has
            provider = replace(made, npi=npi(10_000_000 + number), tin=tin(1_000_000 + number), pay_to=None)
            if standing == OTHER_TIN:
                provider = replace(provider, npi=found[-1].provider.npi)
            through = contracts_ended if standing == OUT_OF_CONTRACT else None
            network = OTHER_NETWORK if standing == OUT_OF_NETWORK else CORE_NETWORK
            found.append(Biller(provider, kind, standing, f"PAYEE-{number:03d}", through, network))
    return tuple(found)
