"""The laws that every payment of a run obeys, in integer cents: what breaks one is not sent (domain.md 2, 8.1, 9)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from edi.payment_run import INTEREST, MEMBER_UNKNOWN, NO_PAYMENT, PAYMENT, REVERSAL, REVERSED, VOID, WHOLE_CLAIM
from edi.trouble import Final

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    from edi.payment_run import PaymentRun

    Integers = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]

MOST_SERVICES = 999
"""SVC loops that a claim can hold."""
MOST_SHOWN = 5
LINES_A_CLAIM = 1_000_000
"""More than any line number: claim and line as one number."""
INTEREST_OWED = "L6"
"""PLB03-1 of interest."""
NO_CLAIM = -1
"""Place of the claim where a law is about a payment as a whole."""


class PaymentsUnbalanced(Final):
    """Payments break laws of the 835. The message holds claim numbers, line numbers and names of laws."""


class Imbalance(NamedTuple):
    """A law that does not hold, and where."""

    law: str
    trace_number: str
    claim_number: str = ""
    line_number: int = 0
    claim: int = NO_CLAIM
    """Its place in the run, for a reversal may have the number of its payment."""

    def __str__(self) -> str:
        line = f" line {self.line_number}" if self.line_number else ""
        claim = f", claim {self.claim_number}{line}" if self.claim_number else ""
        return f"{self.law} (payment {self.trace_number}{claim})"


def prove(run: PaymentRun) -> None:
    """Check every law.

    Raises:
        PaymentsUnbalanced: naming the first that are broken.
    """
    if found := imbalances(run):
        shown = "; ".join(str(each) for each in found[:MOST_SHOWN])
        raise PaymentsUnbalanced(f"{len(found)} laws of the 835 are broken: {shown}")


def imbalances(run: PaymentRun) -> tuple[Imbalance, ...]:
    """Every law that a payment, claim or line of the run breaks; empty when all may be sent."""
    laws = _Laws(run)
    return (*laws.of_lines(), *laws.of_claims(), *laws.of_order(), *laws.of_payments())


class _Laws:
    """The columns that the laws are about, as numbers."""

    def __init__(self, run: PaymentRun) -> None:
        claims, services, adjustments = run.claims, run.services, run.adjustments
        self.run = run
        self.count = claims.num_rows
        self.entry, self.status = _texts(claims, "entry"), _texts(claims, "status_code")
        self.charge, self.paid = _integers(claims, "charge_cents"), _integers(claims, "paid_cents")
        self.payment = _integers(claims, "payment")
        self.line_claim, self.line_number = _integers(services, "claim"), _integers(services, "line_number")
        self.line_charge, self.line_paid = _integers(services, "charge_cents"), _integers(services, "paid_cents")
        self.of_claim, self.of_line = _integers(adjustments, "claim"), _integers(adjustments, "line_number")
        self.adjusted, self.group = _integers(adjustments, "amount_cents"), _texts(adjustments, "group_code")
        self.reason = _texts(adjustments, "reason_code")

    def of_lines(self) -> Iterator[Imbalance]:
        """The service balance, and what a service may say of its adjustments."""
        lines = self.line_claim * LINES_A_CLAIM + self.line_number
        order = np.argsort(lines, kind="stable")
        adjusted_line = self.of_claim * LINES_A_CLAIM + self.of_line
        on_line = self.of_line != WHOLE_CLAIM
        place = np.searchsorted(lines[order], adjusted_line)
        known = (place < len(lines)) & (lines[order][np.minimum(place, max(len(lines) - 1, 0))] == adjusted_line)
        stray = on_line & ~known
        yield from self._claims(
            "an adjustment belongs to a line of its claim", self.of_claim[stray], self.of_line[stray]
        )
        total = np.zeros(len(lines), np.int64)
        np.add.at(total, order[place[on_line & known]], self.adjusted[on_line & known])
        wrong = self.line_charge - total != self.line_paid
        yield from self._claims(
            "service charge - adjustments = service payment", self.line_claim[wrong], self.line_number[wrong]
        )
        twice = _repeated(lines)
        yield from self._claims("a line is said once", self.line_claim[twice], self.line_number[twice])
        codes = np.unique(np.char.add(np.char.add(self.group, " "), self.reason), return_inverse=True)[1]
        twice = _repeated(adjusted_line * (int(codes.max(initial=0)) + 1) + codes)
        yield from self._claims("a group and reason stands once", self.of_claim[twice], self.of_line[twice])
        nameless = _texts(self.run.services, "procedure_code") == ""
        yield from self._claims("a service names what was done", self.line_claim[nameless], self.line_number[nameless])
        nothing = self.adjusted == 0
        yield from self._claims("no adjustment of nothing", self.of_claim[nothing], self.of_line[nothing])

    def of_claims(self) -> Iterator[Imbalance]:
        """The claim balance, and what status and entry allow."""
        on_claim = self.of_line == WHOLE_CLAIM
        own = self._sum(self.of_claim[on_claim], self.adjusted[on_claim])
        yield from self._where("claim charge = sum of service charges", self._differs(self.charge, self.line_charge))
        paid = self._sum(self.line_claim, self.line_paid) - own
        yield from self._where(
            "claim payment = service payments - claim adjustments", self._has_lines & (paid != self.paid)
        )
        everything = self._sum(self.of_claim, self.adjusted)
        yield from self._where("claim charge - all adjustments = claim payment", self.charge - everything != self.paid)
        is_reversal = self.entry == REVERSAL
        yield from self._where("status 22 exactly on reversals", (self.status == REVERSED) != is_reversal)
        known = self.run.claims["member_known"].to_numpy().astype(bool)
        yield from self._where("status 4 only where the member is unknown", (self.status == MEMBER_UNKNOWN) & known)
        yield from self._where(
            "patient responsibility = sum of PR adjustments, absent on a reversal", self._share_wrong()
        )
        interest = _integers(self.run.claims, "interest_cents")
        yield from self._where(
            "only a reversal takes money back", (self.entry == PAYMENT) & ((self.paid < 0) | (interest < 0))
        )
        yield from self._where("a reversal pays no interest", is_reversal & (interest > 0))
        void = self.status == VOID
        yield from self._where(
            "an accepted void has no money of its own", void & ((self.charge != 0) | (interest != 0) | self._has_lines)
        )
        services = np.bincount(self.line_claim, minlength=self.count)
        bare = (services == 0) & ~void & (np.bincount(self.of_claim[on_claim], minlength=self.count) == 0)
        yield from self._where(
            "a claim has 1 to 999 services, or adjustments of its own", bare | (services > MOST_SERVICES)
        )

    def of_order(self) -> Iterator[Imbalance]:
        """A reversal stands directly before what takes its place, in the same payment (RFI 791).

        That is a correction or void of it, or the claim itself, decided again.
        """
        reversals = np.flatnonzero(self.entry == REVERSAL)
        following = np.minimum(reversals + 1, self.count - 1)
        numbers, originals = _texts(self.run.claims, "claim_number"), _texts(self.run.claims, "original_claim_number")
        right = (
            (following > reversals)
            & (self.entry[following] == PAYMENT)
            & ((originals[following] == numbers[reversals]) | (numbers[following] == numbers[reversals]))
            & (self.payment[following] == self.payment[reversals])
        )
        yield from self._claims("a reversal stands before its correction", reversals[~right])
        apart = np.zeros(self.run.payments.num_rows, bool)
        apart[self.payment[1:][np.diff(self.payment) < 0]] = True
        yield from self._payments("claims stand together by payment", apart)

    def of_payments(self) -> Iterator[Imbalance]:
        """The transaction balance: payment = claim payments - provider adjustments; and how it is paid."""
        payments, provider = self.run.payments, self.run.provider_adjustments
        cents = _integers(payments, "payment_cents")
        owed = np.zeros(len(cents), np.int64)
        np.add.at(owed, self.payment, self.paid)
        taken_by, taken = _integers(provider, "payment"), _integers(provider, "amount_cents")
        np.subtract.at(owed, taken_by, taken)
        yield from self._payments("payment = claim payments - provider adjustments", owed != cents)
        yield from self._payments("a payment is not negative", cents < 0)
        method = _texts(payments, "payment_method")
        yield from self._payments("method NON exactly when nothing is paid", (method == NO_PAYMENT) != (cents == 0))
        zero = np.zeros(len(cents), bool)
        zero[taken_by[taken == 0]] = True
        yield from self._payments("no provider adjustment of nothing", zero)
        yield from self._payments("interest owed = - interest of the claims", self._interest_wrong(len(cents)))

    def _interest_wrong(self, count: int) -> Flags:
        amounts, provider = self.run.amounts, self.run.provider_adjustments
        interest = _texts(amounts, "qualifier") == INTEREST
        total = np.zeros(count, np.int64)
        np.add.at(total, self.payment[_integers(amounts, "claim")[interest]], _integers(amounts, "cents")[interest])
        owed = _texts(provider, "reason_code") == INTEREST_OWED
        np.add.at(total, _integers(provider, "payment")[owed], _integers(provider, "amount_cents")[owed])
        return np.asarray(total != 0, bool)

    def _share_wrong(self) -> Flags:
        column = self.run.claims["patient_responsibility_cents"]
        said = column.fill_null(0).to_numpy()
        absent = column.is_null().to_numpy()
        owed = self.group == "PR"
        share = self._sum(self.of_claim[owed], self.adjusted[owed])
        return np.asarray(np.where(self.entry == REVERSAL, ~absent, absent | (said != share)), bool)

    @property
    def _has_lines(self) -> Flags:
        found = np.zeros(self.count, bool)
        found[self.line_claim] = True
        return found

    def _differs(self, claims: Integers, lines: Integers) -> Flags:
        """A claim without lines is one whose adjustments are its own: nothing to compare."""
        return np.asarray(self._has_lines & (self._sum(self.line_claim, lines) != claims), bool)

    def _sum(self, places: Integers, values: Integers) -> Integers:
        total = np.zeros(self.count, np.int64)
        np.add.at(total, places, values)
        return total

    def _where(self, law: str, wrong: Flags) -> Iterator[Imbalance]:
        return self._claims(law, np.flatnonzero(wrong))

    def _claims(self, law: str, places: Integers, lines: Integers | None = None) -> Iterator[Imbalance]:
        numbers = lines if lines is not None else np.zeros(len(places), np.int64)
        for place, line in zip(places.tolist(), numbers.tolist(), strict=True):
            claim_number = self.run.claims["claim_number"][place].as_py()
            yield Imbalance(law, self._trace(int(self.payment[place])), claim_number, line, place)

    def _payments(self, law: str, wrong: Flags) -> Iterator[Imbalance]:
        for place in np.flatnonzero(wrong).tolist():
            yield Imbalance(law, self._trace(place))

    def _trace(self, payment: int) -> str:
        return str(self.run.payments["trace_number"][payment].as_py())


def _integers(table: pa.Table, name: str) -> Integers:
    return np.asarray(table[name].to_numpy(), np.int64)


def _texts(table: pa.Table, name: str) -> npt.NDArray[np.str_]:
    """Codes as numpy text; missing is empty."""
    return np.asarray(table[name].fill_null("").to_pylist(), dtype=np.str_)


def _repeated(values: Integers) -> Flags:
    """Every occurrence but the first."""
    _, first = np.unique(values, return_index=True)
    found = np.ones(len(values), bool)
    found[first] = False
    return found
