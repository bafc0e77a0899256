"""Random weeks of a plan: whatever is decided, corrected, voided, said of interest or booked, no cent is lost."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from edi.payment_balance import imbalances
from edi.payment_run import PaymentRun
from rules.payments.compose import PaymentTerms, compose
from rules.payments.settings import InterestRule, PaymentSettings
from tests.rules.payments.readers import as_a_stranger, as_composed, as_we_read, balances
from tests.rules.payments.weeks import RIVER, Row, adjusted, claim, due, line, patient
from tests.writers.remittances import PAYER, accepted_by_pyx12
from writers.remittance_files import Receiver, Sending, write_remittances

PAYEES: tuple[Row, ...] = (RIVER, RIVER | {"payee_id": "HILL"}, RIVER | {"payee_id": "LAKE", "payment_method": "CHK"})
MONDAY = date(2026, 6, 1)
REASONS = ("CO 45", "CO 97", "PR 1", "PR 2", "PR 3", "OA 23", "CO 253")
LATE = InterestRule(id="ALL", days=3, percent_a_year=Decimal(15), least_cents=100, below_least="pooled")
"""Each week is paid ten days after receipt."""


class RandomPlan:
    """Decides claims by dice, remembers what was remitted, and knows what it should have come to."""

    def __init__(self, seed: int) -> None:
        self.settings = PaymentSettings(interest_rules=(LATE,), recovery_after_days=14 if seed % 2 else None)
        self.left: list[tuple[date, Row]] = []
        """Overpayments that are taken later, and when."""
        self.dice = random.Random(seed)  # noqa: S311 - made-up data
        self.number = 26150000000
        self.entry = 0
        self.sent: dict[int, Row] = {}
        """By claim id, the versions that are in force as they were remitted: claim, lines and adjustments."""
        self.open: dict[str, Row] = {}
        self.decisions: list[tuple[str, str]] = []
        self.remitted: list[tuple[str, str]] = []
        self.booked = 0
        self.paid = 0
        self.pooled = 0

    def decided(self, received: date, *, corrects: Row | None = None) -> Row:
        """A claim of up to three lines, each paid or denied; or a correction or void of one that was remitted."""
        dice = self.dice
        self.number += 1
        number = self.number
        if corrects and dice.random() < 0.3:
            void = claim(
                number, corrects["claim"]["patient_control_number"], str(received), 0, 0, 0, status_code="void"
            )
            return {"claim": self._correcting(void, corrects, "8"), "lines": [], "adjustments": []}
        lines, adjustments = [], []
        for place in range(1, dice.randint(1, 3) + 1):
            charge = dice.randint(1, 90_000)
            left = charge
            for codes in dice.sample(REASONS, dice.randint(0, 3)):
                cents = dice.randint(0, left)
                if cents:
                    adjustments.append(adjusted(number, place, codes, cents))
                    left -= cents
            units = {"units": "4", "paid_units": dice.choice((None, "3", "0"))}
            lines.append(line(number, "99213", str(received), charge, left, left or None, f"L{place}", **units))
        charge, paid = (sum(each[name] for each in lines) for name in ("charge_cents", "paid_cents"))
        for codes in dice.sample(REASONS, dice.choice((0, 0, 0, 1, 2))):
            cents = dice.randint(0, paid)
            if cents:
                adjustments.append(adjusted(number, 0, codes, cents) | {"quantity": dice.choice((None, "2"))})
                paid -= cents
        share = sum(each["amount_cents"] for each in adjustments if each["group_code"] == "PR")
        interest = dice.choice((None, None, 0, dice.randint(1, 900))) if paid else 0
        made = claim(number, f"ACCOUNT-{number}", str(received), charge, paid, share, interest_cents=interest)
        made = made | {"payee_id": dice.choice(PAYEES)["payee_id"], "outcome": "paid" if paid else "denied"}
        if corrects:
            made = self._correcting(made, corrects, "7")
        return {"claim": made, "lines": lines, "adjustments": adjustments}

    @staticmethod
    def _correcting(made: Row, corrects: Row, frequency: str) -> Row:
        original = corrects["claim"]
        return made | {
            "frequency_code": frequency,
            "payee_id": original["payee_id"],
            "original_claim_number": original["claim_number"],
            "reverses": original["claim_id"],
        }

    def week(self, number: int) -> tuple[PaymentRun, list[bytes]]:
        """New claims, corrections of what is in force, and entries of provider accounts; composed and written."""
        received = MONDAY + timedelta(days=7 * number)
        decisions = [self.decided(received) for _ in range(self.dice.randint(0, 6))]
        again = self.dice.sample(sorted(self.sent), min(len(self.sent), self.dice.randint(0, 4)))
        decisions += [self.decided(received, corrects=self.sent[each]) for each in again]
        entries = [self._entry() for _ in range(self.dice.randint(0, 2))]
        entries += [row for day, row in self.left if day <= received]
        self.left = [(day, row) for day, row in self.left if day > received]
        sent = [self.sent[each] for each in again]
        week = due(
            claims=[each["claim"] for each in decisions],
            lines=_all(decisions, "lines"),
            adjustments=_all(decisions, "adjustments"),
            sent=([each["claim"] for each in sent], _all(sent, "lines"), _all(sent, "adjustments")),
            names=[patient(each["claim"]["claim_id"], "ROE", "ANN", "M0000001") for each in decisions],
            sent_names=[patient(each["claim"]["claim_id"], "ROE", "ANN", "M0000001") for each in sent],
            payees=PAYEES,
            balances=list(self.open.values()),
            entries=entries,
        )
        day = received + timedelta(days=8)
        composed = compose(
            week,
            PaymentTerms(
                production_date=day,
                payment_date=day + timedelta(days=2),
                first_trace_number=1000 * (number + 1),
                filing_indicators={"HMO": "HM"},
                lines_of_business={},
                settings=self.settings,
            ),
        )
        sending = Sending(1, "P", datetime(day.year, day.month, day.day, 6, tzinfo=UTC))
        receivers = {"clearhouse": Receiver("ZZ", "CLRHOUSE01", "CLRHOUSE01")}
        files = list(write_remittances(composed.run, PAYER, receivers, sending))
        for each in again:
            del self.sent[each]
        for row in composed.left.to_dict("records"):
            self.entry += 1
            later = {"entry_id": self.entry, "reason_code": "WO", "amount_cents": row["cents"]}
            self.left.append((composed.left_until, later | {name: row[name] for name in ("payee_id", "reference")}))
        self._remember(composed.run, decisions)
        return composed.run, files

    def _entry(self) -> Row:
        self.entry += 1
        cents = self.dice.choice((-1, 1)) * self.dice.randint(1, 40_000)
        self.booked += cents
        return {
            "payee_id": self.dice.choice(PAYEES)["payee_id"],
            "entry_id": self.entry,
            "reason_code": self.dice.choice(("LE", "WO", "CS")),
            "reference": f"E{self.entry}",
            "amount_cents": cents,
        }

    def _remember(self, run: PaymentRun, decisions: Sequence[Row]) -> None:
        """What an 835 said is what the next one takes back, interest included."""
        by_id = {each["claim"]["claim_id"]: each for each in decisions}
        self.decisions += [(each["claim"]["claim_number"], "payment") for each in decisions]
        for row in run.claims.to_pylist():
            self.remitted.append((row["claim_number"], row["entry"]))
            if row["entry"] == "payment" and row["status_code"] != "void":
                decision = by_id[row["claim_id"]]
                kept = {name: value for name, value in decision["claim"].items() if name != "reverses"}
                self.sent[row["claim_id"]] = decision | {
                    "claim": kept | {name: row[name] for name in ("interest_cents", "pooled_cents")},
                    "lines": [_as_sent(each) for each in decision["lines"]],
                }
        payees = run.payments["payee_id"].to_pylist()
        traces = run.payments["trace_number"].to_pylist()
        for row in run.provider_adjustments.to_pylist():
            if row["reason_code"] == "FB":
                payee = payees[row["payment"]]
                if row["amount_cents"] > 0:
                    assert self.open.pop(payee)["trace_number"] == row["reference"]
                else:
                    assert payee not in self.open
                    assert row["reference"] == traces[row["payment"]]
                    self.open[payee] = {
                        "payee_id": payee,
                        "trace_number": row["reference"],
                        "owed_cents": -row["amount_cents"],
                    }
        self.paid += sum(run.payments["payment_cents"].to_pylist())
        self.pooled += sum(run.claims["pooled_cents"].to_pylist())


def _all(decisions: Sequence[Row], name: str) -> list[Row]:
    return [row for each in decisions for row in each[name]]


def _as_sent(decided: Row) -> Row:
    """A line as it was remitted: units that were paid for, and those billed where they differ."""
    paid = decided["paid_units"] or decided["units"]
    billed = decided["units"] if paid != decided["units"] else None
    return decided | {"units": paid, "billed_units": billed, "paid_units": None}


@pytest.mark.parametrize("seed", range(12))
def test_no_cent_is_lost_over_ten_weeks(seed: int) -> None:
    """Each 835 balances as a stranger reads it; paid = in force with its interest - bookings + open balances.

    Each claim version is remitted exactly once, and taken back once at most.
    """
    plan = RandomPlan(seed)
    for number in range(10):
        run, files = plan.week(number)
        assert imbalances(run) == ()
        assert len(files) == run.payments.num_rows
        for place, content in enumerate(files):
            money = as_a_stranger(content)
            assert balances(money)
            assert money == as_we_read(content) == as_composed(run, place)
        if files and number % 5 == 0:
            assert accepted_by_pyx12(files[0])
    in_force = sum(each["claim"]["paid_cents"] + each["claim"]["interest_cents"] for each in plan.sent.values())
    owed = sum(each["owed_cents"] for each in plan.open.values())
    left = sum(row["amount_cents"] for _, row in plan.left)
    assert plan.paid == in_force - plan.booked + owed + left
    assert plan.pooled == sum(each["claim"]["pooled_cents"] for each in plan.sent.values())
    assert sorted(each for each in plan.remitted if each[1] == "payment") == sorted(plan.decisions)
    assert len(set(plan.remitted)) == len(plan.remitted)
