"""Plain bills: services in the doctor's office, and the bills of a hospital, each with just what it needs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from edi.synthetic.claim_parts import day
from edi.synthetic.dice import Dice
from edi.synthetic.model import Claim, Line, OtherPayer, Stay, Subscriber
from edi.synthetic.people import clinician
from edi.synthetic.varied_claims import decide_line
from edi.synthetic.vocabulary import OTHER_PAYERS, ROOM, Service

OUTPATIENT_HOSPITAL = "22"
"""No copay place."""
PHARMACY = "0250"
STILL_A_PATIENT, DISCHARGED = "30", "01"


def professional_bill(account: str, service_day: date, *services: Service, units: int = 1) -> Claim:
    """Services of one day away from the office."""
    lines = tuple(
        Line(
            charge=service.price * units,
            units=str(units),
            code=service.code,
            day=service_day,
            pointers=(1,),
            control=f"{account}.{number}",
        )
        for number, service in enumerate(services, 1)
    )
    return Claim(account=account, lines=lines, facility=OUTPATIENT_HOSPITAL, diagnoses=("M545",))


def bill_of_stay(dice: Dice, account: str, admitted: date, first: date, through: date, frequency: str) -> Claim:
    """A bill of a stay from one day through another: room and drugs."""
    ends = frequency not in {"2", "3"}
    # the night after the last day is one of the bill while the patient stays
    nights = max((through - first).days + (not ends), 1)
    return Claim(
        account=account,
        lines=(
            Line(125_000 * nights, str(nights), unit="DA", revenue_code=ROOM),
            Line(8_400, "1", revenue_code=PHARMACY),
        ),
        facility="11",
        frequency=frequency,
        diagnoses=("J189",),
        present_on_admission=("Y",),
        providers={"71": clinician(dice)},
        stay=Stay(
            statement_from=first,
            statement_through=through,
            admitted_at=f"{day(admitted)}0900",
            discharge_hour="1100" if ends else "",
            patient_status=DISCHARGED if ends else STILL_A_PATIENT,
            admitting_diagnosis="J189",
        ),
    )


def bill_of_visit(dice: Dice, account: str, service_day: date, cents: int, frequency: str = "1") -> Claim:
    """An outpatient bill of one line of drugs."""
    return Claim(
        account=account,
        lines=(Line(cents, "1", revenue_code=PHARMACY, day=service_day, control=f"{account}.1"),),
        facility="13",
        frequency=frequency,
        diagnoses=("R079",),
        providers={"71": clinician(dice)},
        stay=Stay(statement_from=service_day, statement_through=service_day),
    )


def after_another_payer(dice: Dice, claim: Claim, insured: Subscriber, decided_on: date) -> Claim:
    """The claim with what a payer before us decided of every line on that day."""
    decisions = [decide_line(dice, line) for line in claim.lines]
    lines = tuple(replace(line, prior=each) for line, each in zip(claim.lines, decisions, strict=True))
    payer = _payer_before(dice, insured)
    paid = sum(each.paid for each in decisions)
    return replace(claim, lines=lines, other_payers=(replace(payer, decided=True, decided_on=decided_on, paid=paid),))


def beside_a_silent_payer(dice: Dice, claim: Claim, insured: Subscriber) -> Claim:
    """The claim with a payer before us that decided nothing yet."""
    return replace(claim, other_payers=(_payer_before(dice, insured),))


def _payer_before(dice: Dice, insured: Subscriber) -> OtherPayer:
    name, payer_id = dice.one(OTHER_PAYERS)
    return OtherPayer(
        responsibility="P",
        name=name,
        payer_id=payer_id,
        relation="18",
        subscriber=insured.person,
        member_id=f"X{dice.digits(9)}",
        group_number=f"G{dice.digits(5)}",
        filing_indicator="CI",
        decided=False,
    )
