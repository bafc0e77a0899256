"""The plan's bank, which makes the payments (settings.yaml, `remittance.bank`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.configuration.document import Section
from pipeline.configuration.shapes import BANK_NAME, COMPANY_ID, PARTNER_ID, ROUTING_NUMBER
from writers.deposit_file import DepositTerms

if TYPE_CHECKING:
    from pipeline.configuration.partners import Partner
    from pipeline.configuration.settings import Environment
    from writers.settings import Payer


@dataclass(frozen=True, slots=True, kw_only=True)
class BankSettings:
    """Who makes the payments, and how it is told of them."""

    partner: str
    """Trading partner of the role bank."""
    terms: DepositTerms


def read_bank(
    remittance: Section, payer: Payer, partners: Mapping[str, Partner], environment: Environment
) -> BankSettings | None:
    """The key `bank` of the section `remittance`; None where another system makes the payments."""
    if not remittance.has("bank"):
        return None
    section = remittance.section("bank")
    destination = section.section("destination")
    own = f"1{payer.tin}"
    settings = BankSettings(
        partner=section.text("partner", PARTNER_ID),
        terms=DepositTerms(
            destination=destination.text("routing_number", ROUTING_NUMBER),
            destination_name=destination.text("name", BANK_NAME),
            origin=section.optional_text("origin", COMPANY_ID) or own,
            company_name=section.optional_text("company_name", BANK_NAME) or payer.name,
            company_id=section.optional_text("company_id", COMPANY_ID) or own,
            payer_id=own,
            odfi=payer.routing_number,
            account_number=payer.account_number,
            is_balanced=section.flag("balanced", default=False),
        ),
    )
    bank = partners.get(settings.partner)
    if settings.partner and (bank is None or bank.role != "bank"):
        section.note("partner", "no trading partner of partners.yaml with the role bank")
    elif bank is not None and environment == "test" and bank.usage == "production":
        section.note("partner", "a bank with usage production moves money, and this environment is for tests")
    return settings
