"""The rules, by what they are about."""

from __future__ import annotations

from edi.business.declarations.claims import CLAIMS
from edi.business.declarations.codes import CLAIM_CODES, EVERYWHERE, REMITTANCE_CODES
from edi.business.declarations.enrollment import ENROLLMENT
from edi.business.declarations.remittances import REMITTANCES
from edi.business.declarations.status import STATUS
from edi.business.language import Declaration

DECLARATIONS: tuple[Declaration, ...] = (
    EVERYWHERE,
    CLAIMS,
    CLAIM_CODES,
    ENROLLMENT,
    REMITTANCES,
    REMITTANCE_CODES,
    STATUS,
)
"""The scopes of a guide are those of the first declaration of its kind that has any."""
