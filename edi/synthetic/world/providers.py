"""The billing providers of a world and their contracts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from edi.synthetic import vocabulary as words
from edi.synthetic.dice import Dice
from edi.synthetic.identifiers import npi, tin
from edi.synthetic.model import Provider
from edi.synthetic.people import organization
from edi.synthetic.world.plan import FIRST_DAY

NAMES = {
    "837P": ("MEDICAL GROUP", "207Q00000X"),
    "837I": ("HOSPITAL", words.HOSPITAL_TAXONOMY),
    "837D": ("DENTAL CARE", words.DENTAL_CLINIC),
}
CONTRACTED, OUT_OF_CONTRACT, NOT_ON_FILE = "contracted", "out of contract", "not on file"
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

    @property
    def contract_from(self) -> date:
        """The first day of its contract."""
        return FIRST_DAY


def billers(dice: Dice, kinds: tuple[str, ...], claims: int, contracts_ended: date) -> tuple[Biller, ...]:
    """For each kind of claims several under contract, one whose contract ended, and one that is not on file."""
    found: list[Biller] = []
    for kind in kinds:
        suffix, taxonomy = NAMES[kind]
        several = min(MOST_PROVIDERS, 2 + claims // len(kinds) // CLAIMS_A_PROVIDER)
        for standing in (*[CONTRACTED] * several, OUT_OF_CONTRACT, NOT_ON_FILE):
            number = len(found) + 1
            made = organization(dice, suffix, taxonomy)
            # numbers that no other provider of the world has
            provider = replace(made, npi=npi(10_000_000 + number), tin=tin(1_000_000 + number), pay_to=None)
            through = contracts_ended if standing == OUT_OF_CONTRACT else None
            found.append(Biller(provider, kind, standing, f"PAYEE-{number:03d}", through))
    return tuple(found)
