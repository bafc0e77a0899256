"""To whom an answer goes, and the part of its name that comes from the sender."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from edi.verdict import InterchangeVerdict
    from pipeline.house import House

CONTROL_DIGITS = 9


def addressee(house: House, interchange: InterchangeVerdict, delivered_by: str) -> str:
    """The partner whose interchange it is; where that is nobody we know, the one whose folder it lay in."""
    sender = (interchange.sender_qualifier, interchange.sender_id)
    for partner in house.configuration.partners.values():
        if (partner.isa_qualifier, partner.isa_id) == sender:
            return partner.id
    return delivered_by


def quotable(control_number: str) -> str:
    """The sender's interchange number for our file's name, if it is one."""
    fit = len(control_number) == CONTROL_DIGITS and control_number.isascii() and control_number.isdigit()
    return control_number if fit else "unnumbered"
