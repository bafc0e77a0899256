"""What a family of the narrow product owes of its claims, one after the other: the generator's own arithmetic."""

from __future__ import annotations

from edi.synthetic.model import Claim, Patient, PriorDecision
from edi.synthetic.world.plan import Product, Terms, allowed, left_to_patient, share


class FamilyYear:
    """What a family has paid so far in a year."""

    def __init__(self, product: Product) -> None:
        if product.terms is None:
            raise ValueError("a product without deductible and maximum needs no account")
        self.terms: Terms = product.terms
        self.coinsurance = product.coinsurance
        self.deductible_of_family = 0
        self.deductible: dict[Patient | None, int] = {}
        self.owed: dict[Patient | None, int] = {}

    def pays(self, claim: Claim, patient: Patient | None) -> int:
        """What the plan pays for the next claim, in cents; what the member owes is counted."""
        return sum(self._line(allowed(line), _left(line.prior), patient) for line in claim.lines)

    def _line(self, cents: int, left: int | None, who: Patient | None) -> int:
        room = self.terms.maximum - self.owed.get(who, 0)
        own = self.terms.deductible - self.deductible.get(who, 0)
        shared = self.terms.family_deductible - self.deductible_of_family
        deducted = min(cents, own, shared, room)
        coinsured = min(share(cents - deducted, self.coinsurance), room - deducted)
        benefit = cents - deducted - coinsured
        if left is not None:
            # after another payer the member owes what neither pays
            due = max(left - benefit, 0)
            benefit = min(benefit, left)
            deducted = min(deducted, due)
            coinsured = min(coinsured, due - deducted)
        self.deductible_of_family += deducted
        self.deductible[who] = self.deductible.get(who, 0) + deducted
        self.owed[who] = self.owed.get(who, 0) + deducted + coinsured
        return benefit


def _left(prior: PriorDecision | None) -> int | None:
    return None if prior is None else left_to_patient(prior)
