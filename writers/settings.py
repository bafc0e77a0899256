"""Who we are in what we send."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Payer:
    """The health plan as sender of acknowledgments, remittances and payments; from `config/`."""

    name: str
    """835 1000A N102."""
    tin: str
    """Federal tax id, nine digits; TRN03 is `1` and this."""
    address: str
    city: str
    state: str
    zip_code: str
    """Five or nine digits, no hyphen."""
    isa_qualifier: str
    """ISA05 of what we send, such as ZZ or 30."""
    isa_id: str
    """ISA06 of what we send, at most 15 characters."""
    gs_id: str
    """GS02 of what we send, 2 to 15 characters."""
    payer_id: str
    """2010BB NM109 by which claims name us."""
    technical_contact_name: str
    technical_contact_phone: str
    """Ten digits; 835 PER*BL."""
    business_contact_name: str
    business_contact_phone: str
    """Ten digits; 835 PER*CX."""
    web_url: str
    """835 PER*IC."""
    routing_number: str
    """Our bank (ODFI), nine digits; 835 BPR07."""
    account_number: str
    """Our account there; 835 BPR09."""
