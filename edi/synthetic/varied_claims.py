"""Claims as they come: many services, dates, references, providers and other payers, and all of it consistent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from edi.synthetic import vocabulary as words
from edi.synthetic.claim_parts import day
from edi.synthetic.dice import Dice
from edi.synthetic.identifiers import random_ssn
from edi.synthetic.model import (
    Adjustment,
    Claim,
    Line,
    OtherPayer,
    Patient,
    PriorDecision,
    Provider,
    Stay,
    Subscriber,
)
from edi.synthetic.people import ADULT_YEARS, CHILD_YEARS, clinician, organization, person
from edi.synthetic.serials import ACCOUNT, CONTROL, TRACE

OLDEST_SERVICE_DAYS, NEWEST_SERVICE_DAYS = 45, 4
SHARE_WITH_ANOTHER_PAYER = 0.12
SHARE_WITH_SSN = 0.03


def claim(dice: Dice, kind: str, as_of: date, subscriber: Subscriber, patient: Patient | None) -> Claim:
    """A claim of a kind for a subscriber or a dependant, sent on a day."""
    made = MAKERS[kind](dice, as_of)
    if subscriber.responsibility == "P":
        return made
    return _after_another_payer(dice, made, as_of, subscriber, patient)


def _references(dice: Dice, *middle: tuple[str, str], medical_record: bool = True) -> tuple[tuple[str, str], ...]:
    """REF of a claim in the order of the guides; `middle` stands between authorization and trace."""
    found = []
    if dice.chance(0.08):
        found.append(("9F", f"RF{dice.digits(7)}"))
    if dice.chance(0.2):
        found.append(("G1", f"AUTH{dice.digits(7)}"))
    found += middle
    if dice.chance(0.6):
        found.append(("D9", TRACE))
    if medical_record and dice.chance(0.5):
        found.append(("EA", f"MRN{dice.digits(7)}"))
    return tuple(found)


def _charge(dice: Dice, price: int, units: int = 1) -> int:
    return price * units + dice.below(price // 10 + 1)


def _professional(dice: Dice, as_of: date) -> Claim:
    service_day = dice.day_before(as_of, NEWEST_SERVICE_DAYS, OLDEST_SERVICE_DAYS)
    place = words.HOSPITAL if dice.chance(0.06) else dice.one(words.PLACES_OF_SERVICE)
    diagnoses = tuple(dice.some(words.DIAGNOSES, dice.between(1, 4) if dice.chance(0.9) else 12))
    lines = tuple(_professional_line(dice, service_day, len(diagnoses)) for _ in range(dice.between(1, 5)))
    has_laboratory = any(line.code == "81002" for line in lines)
    is_accident = dice.chance(0.04)
    return Claim(
        account=f"PT{ACCOUNT}",
        lines=lines,
        facility=place,
        frequency="1",
        diagnoses=diagnoses,
        dates=_professional_dates(dice, service_day, place, is_accident=is_accident),
        references=_references(dice, *([("X4", f"05D{dice.digits(7)}")] if has_laboratory else [])),
        accident_state=dice.one(words.ACCIDENT_STATES) if is_accident else "",
        signature_source="P" if dice.chance(0.2) else "",
        patient_paid=dice.one((1500, 2000, 2500, 4000)) if dice.chance(0.12) else 0,
        attachment="OZ" if dice.chance(0.03) else "",
        note=dice.one(words.NOTES) if dice.chance(0.05) else "",
        providers=_professional_providers(dice),
    )


def _professional_dates(
    dice: Dice, service_day: date, place: str, *, is_accident: bool
) -> tuple[tuple[str, str, str], ...]:
    found = []
    if dice.chance(0.2):
        found.append(("431", "D8", day(dice.day_before(service_day, 1, 60))))
    if dice.chance(0.05):
        found.append(("304", "D8", day(dice.day_before(service_day, 10, 200))))
    if is_accident:
        found.append(("439", "D8", day(dice.day_before(service_day, 0, 20))))
    if place == words.HOSPITAL:
        found.append(("435", "D8", day(dice.day_before(service_day, 0, 3))))
    return tuple(found)


def _professional_line(dice: Dice, service_day: date, diagnoses: int) -> Line:
    form = dice.below(20)
    units, unit, drug = 1, "UN", None
    if form == 0:
        service = dice.one(words.DRUGS)
        units = dice.between(1, service.most_units)
        drug = (dice.one(words.NATIONAL_DRUG_CODES), str(dice.between(1, 5)), dice.one(("ML", "UN")))
    elif form == 1:
        service, unit, units = words.ANAESTHESIA, "MJ", dice.between(30, 180)
    else:
        service = dice.one(words.SERVICES)
        units = dice.between(1, service.most_units)
    several_days = units > 1 and unit == "UN" and dice.chance(0.3)
    first = service_day - timedelta(days=units) if several_days else service_day
    return Line(
        charge=_charge(dice, service.price, units),
        units=str(units),
        code=service.code,
        modifiers=_modifiers(dice, service),
        unit=unit,
        day=first,
        through=service_day,
        pointers=tuple(range(1, dice.between(1, min(diagnoses, 4)) + 1)),
        control=CONTROL if dice.chance(0.8) else "",
        drug=drug,
        rendering=clinician(dice) if dice.chance(0.03) else None,
        note=dice.one(words.NOTES) if dice.chance(0.02) else "",
    )


def _modifiers(dice: Dice, service: words.Service) -> tuple[str, ...]:
    if service is words.ANAESTHESIA:
        return service.modifiers
    if not service.modifiers or dice.chance(0.6):
        return ()
    return service.modifiers if dice.chance(0.1) else (dice.one(service.modifiers),)


def _professional_providers(dice: Dice) -> dict[str, Provider]:
    found: dict[str, Provider] = {}
    if dice.chance(0.3):
        found["DN"] = clinician(dice)
    if dice.chance(0.7):
        found["82"] = clinician(dice, dice.one(words.TAXONOMIES) if dice.chance(0.8) else "")
    if dice.chance(0.2):
        found["77"] = organization(dice, "CLINIC", "")
    if dice.chance(0.03):
        found["DQ"] = clinician(dice)
    return found


def _institutional(dice: Dice, as_of: date) -> Claim:
    return _stay(dice, as_of) if dice.chance(0.4) else _visit(dice, as_of)


def _stay(dice: Dice, as_of: date) -> Claim:
    through = dice.day_before(as_of, NEWEST_SERVICE_DAYS, OLDEST_SERVICE_DAYS)
    nights = dice.between(1, 9)
    first = through - timedelta(days=nights)
    diagnoses = tuple(dice.some(words.DIAGNOSES, dice.between(2, 6) if dice.chance(0.9) else 18))
    procedures = tuple((code, first) for code in dice.some(words.PROCEDURES_OF_STAYS, dice.between(0, 2)))
    room = Line(_charge(dice, 125000, nights), str(nights), unit="DA", revenue_code=words.ROOM, control=CONTROL)
    others = [_revenue_line(dice, None, names_procedure=False) for _ in range(dice.between(1, 4))]
    providers = {"71": clinician(dice, dice.one(words.TAXONOMIES) if dice.chance(0.5) else "")}
    if procedures:
        providers["72"] = clinician(dice)
    return Claim(
        account=f"PT{ACCOUNT}",
        lines=(room, *others),
        facility=dice.one(words.BILL_TYPES_OF_STAYS),
        diagnoses=diagnoses,
        present_on_admission=tuple(dice.one(("Y", "Y", "Y", "N", "U")) for _ in diagnoses),
        references=_references(dice),
        note=dice.one(words.NOTES) if dice.chance(0.05) else "",
        providers=providers,
        stay=Stay(
            statement_from=first,
            statement_through=through,
            admitted_at=f"{day(first)}{dice.below(24):02d}{dice.below(60):02d}",
            discharge_hour=f"{dice.below(24):02d}{dice.below(60):02d}",
            admission_type=dice.one(("1", "2", "3")),
            admission_source=dice.one(("1", "2", "4")),
            patient_status=dice.one(("01", "01", "02", "06")),
            admitting_diagnosis=diagnoses[0],
            drg=dice.one(words.DRGS) if dice.chance(0.5) else "",
            procedures=procedures,
            occurrences=(("42", through),) if dice.chance(0.3) else (),
            spans=(("74", first, first + timedelta(days=1)),) if dice.chance(0.1) else (),
            values=(("80", nights * 100),) if dice.chance(0.5) else (),
        ),
    )


def _visit(dice: Dice, as_of: date) -> Claim:
    service_day = dice.day_before(as_of, NEWEST_SERVICE_DAYS, OLDEST_SERVICE_DAYS)
    diagnoses = tuple(dice.some(words.DIAGNOSES, dice.between(1, 5)))
    providers = {"71": clinician(dice, dice.one(words.TAXONOMIES) if dice.chance(0.4) else "")}
    if dice.chance(0.1):
        providers["82"] = clinician(dice)
    return Claim(
        account=f"PT{ACCOUNT}",
        lines=tuple(_revenue_line(dice, service_day, names_procedure=True) for _ in range(dice.between(1, 4))),
        facility=dice.one(words.BILL_TYPES_OF_VISITS),
        diagnoses=diagnoses,
        references=_references(dice),
        attachment="OZ" if dice.chance(0.02) else "",
        providers=providers,
        stay=Stay(
            statement_from=service_day,
            statement_through=service_day,
            admission_type=dice.one(("1", "2", "3")),
            visit_reasons=tuple(diagnoses[:1]) if dice.chance(0.5) else (),
            occurrences=(("11", service_day - timedelta(days=3)),) if dice.chance(0.3) else (),
            conditions=("09",) if dice.chance(0.1) else (),
            values=(("01", 45000),) if dice.chance(0.2) else (),
        ),
    )


def _revenue_line(dice: Dice, service_day: date | None, *, names_procedure: bool) -> Line:
    revenue_code, service = dice.one(words.REVENUE[1:])
    units = dice.between(1, service.most_units)
    drug = None
    if names_procedure and service.code.startswith("J"):
        drug = (dice.one(words.NATIONAL_DRUG_CODES), str(units), "ML")
    return Line(
        charge=_charge(dice, service.price, units),
        units=str(units),
        code=service.code if names_procedure else "",
        modifiers=_modifiers(dice, service) if names_procedure else (),
        revenue_code=revenue_code,
        day=service_day,
        control=CONTROL if dice.chance(0.7) else "",
        drug=drug,
    )


def _dental(dice: Dice, as_of: date) -> Claim:
    service_day = dice.day_before(as_of, NEWEST_SERVICE_DAYS, OLDEST_SERVICE_DAYS)
    lines = tuple(_dental_line(dice, service_day) for _ in range(dice.between(1, 4)))
    one_day = dice.chance(0.7)
    providers: dict[str, Provider] = {}
    if dice.chance(0.7):
        providers["82"] = clinician(dice, words.DENTIST)
    if dice.chance(0.1):
        providers["77"] = organization(dice, "DENTAL CENTER", "")
    return Claim(
        account=f"PT{ACCOUNT}",
        # one date of the claim serves all its lines
        lines=tuple(replace(line, day=None) for line in lines) if one_day else lines,
        facility="11",
        diagnoses=("K0262",) if dice.chance(0.2) else (),
        dates=(("472", "D8", day(service_day)),) if one_day else (),
        references=_references(dice, medical_record=False),
        patient_paid=dice.one((1500, 2500, 5000)) if dice.chance(0.1) else 0,
        attachment="RB" if dice.chance(0.05) else "",
        note=dice.one(words.NOTES) if dice.chance(0.03) else "",
        providers=providers,
        teeth=tuple(dice.some(words.TEETH, dice.between(1, 4))) if dice.chance(0.15) else (),
        orthodontic_months=dice.between(12, 30) if dice.chance(0.04) else 0,
    )


def _dental_line(dice: Dice, service_day: date) -> Line:
    form = dice.below(10)
    areas: tuple[str, ...] = ()
    teeth: tuple[tuple[str, str], ...] = ()
    if form < 5:  # noqa: PLR2004 - half of them
        service = dice.one(words.DENTAL_SERVICES)
    elif form < 8:  # noqa: PLR2004 - three in ten
        service = dice.one(words.DENTAL_WORK)
        teeth = ((dice.one(words.TEETH), dice.one(words.SURFACES) if service.code == "D2392" else ""),)
    else:
        service = dice.one(words.DENTAL_AREA_WORK)
        areas = tuple(dice.some(words.QUADRANTS, dice.between(1, 2)))
    return Line(
        charge=_charge(dice, service.price),
        units="1",
        code=service.code,
        day=service_day,
        pointers=(1,),
        control=CONTROL if dice.chance(0.7) else "",
        areas=areas,
        teeth=teeth,
    )


MAKERS: Mapping[str, Callable[[Dice, date], Claim]] = {
    "837P": _professional,
    "837I": _institutional,
    "837D": _dental,
}


def _after_another_payer(
    dice: Dice, made: Claim, as_of: date, subscriber: Subscriber, patient: Patient | None
) -> Claim:
    """The claim after another payer decided it: of its lines, or of the claim as a whole; both ways it balances."""
    name, payer_id = dice.one(words.OTHER_PAYERS)
    payer = OtherPayer(
        responsibility="P",
        name=name,
        payer_id=payer_id,
        relation="18" if patient is None else "19",
        subscriber=subscriber.person,
        member_id=f"X{dice.digits(9)}",
        group_number=f"G{dice.digits(5)}",
        filing_indicator="CI",
        decided=True,
        decided_on=dice.day_before(as_of, 1, NEWEST_SERVICE_DAYS - 1),
        claim_number=f"OP{dice.digits(10)}" if dice.chance(0.4) else "",
    )
    decisions = [decide_line(dice, line) for line in made.lines]
    paid = sum(each.paid for each in decisions)
    if dice.chance(0.6):
        # its day of decision then stands at the lines
        lines = tuple(replace(line, prior=each) for line, each in zip(made.lines, decisions, strict=True))
        return replace(made, lines=lines, other_payers=(replace(payer, paid=paid),))
    totals: dict[tuple[str, str], int] = {}
    for each in decisions:
        for change in each.adjustments:
            totals[change.group, change.reason] = totals.get((change.group, change.reason), 0) + change.amount
    changes = tuple(Adjustment(group, reason, amount) for (group, reason), amount in totals.items())
    return replace(made, other_payers=(replace(payer, paid=paid, adjustments=changes),))


def decide_line(dice: Dice, line: Line) -> PriorDecision:
    """What another payer makes of a line: a write-off, coinsurance, perhaps a deductible, and payment of the rest."""
    write_off = line.charge * dice.between(5, 30) // 100
    coinsurance = (line.charge - write_off) * dice.one((10, 20)) // 100
    deductible = min(line.charge - write_off - coinsurance, dice.one((0, 0, 2500)))
    parts = (("CO", "45", write_off), ("PR", "2", coinsurance), ("PR", "1", deductible))
    return PriorDecision(
        paid=line.charge - write_off - coinsurance - deductible,
        adjustments=tuple(Adjustment(*part) for part in parts if part[2]),
    )


def family(dice: Dice, as_of: date, member_id: str) -> tuple[Subscriber, Patient | None]:
    """A subscriber with member number, and the dependant who is the patient in a share of cases."""
    head = person(dice, as_of, years=ADULT_YEARS)
    subscriber = Subscriber(
        person=head,
        member_id=member_id,
        group_number=f"GRP{dice.digits(5)}",
        filing_indicator=dice.one(words.FILING_INDICATORS),
        payer_name="EXAMPLE HEALTH PLAN",
        payer_id="87726",
        responsibility="S" if dice.chance(SHARE_WITH_ANOTHER_PAYER) else "P",
        ssn=random_ssn(dice) if dice.chance(SHARE_WITH_SSN) else "",
    )
    if not dice.chance(0.25):
        return subscriber, None
    relation = dice.one(words.RELATIONS)
    years = CHILD_YEARS if relation == "19" else ADULT_YEARS
    return subscriber, Patient(person(dice, as_of, last=head.last, home=head.address, years=years), relation)
