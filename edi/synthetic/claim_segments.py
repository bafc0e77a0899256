"""Claims as segments: 2300 and what is under it, for 837P, 837I and 837D."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from edi.money import from_cents
from edi.synthetic.claim_parts import (
    attachment,
    claim_dates,
    claim_provider,
    claim_references,
    day,
    days,
    line_control,
    other_payer,
    prior_decision,
    provider,
    segment,
)
from edi.synthetic.model import Claim, Line, Stay

CODES_A_SEGMENT = 12
"""Components of HI that hold a code each."""


def professional(claim: Claim) -> list[str]:
    """A claim of an 837P (005010X222A1)."""
    accident = f"AA:::{claim.accident_state}" if claim.accident_state else ""
    written = [
        segment(
            "CLM",
            claim.account,
            from_cents(claim.charge),
            "",
            "",
            f"{claim.facility}:B:{claim.frequency}",
            "Y",
            "A",
            "Y",
            "Y",
            claim.signature_source,
            accident,
            *[""] * 8,
            claim.delay_reason,
        ),
        *claim_dates(claim),
        *attachment(claim),
    ]
    if claim.patient_paid:
        written.append(f"AMT*F5*{from_cents(claim.patient_paid)}")
    written += claim_references(claim)
    if claim.note:
        written.append(f"NTE*ADD*{claim.note}")
    written.append(_diagnoses(claim))
    for entity, specialty in (("DN", ""), ("82", "PE"), ("77", ""), ("DQ", "")):
        if entity in claim.providers:
            written += claim_provider(entity, claim.providers[entity], specialty)
    for payer in claim.other_payers:
        written += other_payer(payer, claim.signature_source, claim.lines)
    for number, line in enumerate(claim.lines, 1):
        written += _professional_line(claim, line, number)
    return written


def _professional_line(claim: Claim, line: Line, number: int) -> list[str]:
    procedure = ":".join(("HC", line.code, *line.modifiers))
    pointers = ":".join(map(str, line.pointers))
    written = [
        f"LX*{number}",
        f"SV1*{procedure}*{from_cents(line.charge)}*{line.unit}*{line.units}*{line.place}**{pointers}",
    ]
    if line.day:
        written.append(f"DTP*472*{days(line.day, line.through)}")
    written += line_control(line)
    if line.note:
        written.append(f"NTE*ADD*{line.note}")
    if line.drug:
        code, quantity, unit = line.drug
        written += [f"LIN**N4*{code}", f"CTP****{quantity}*{unit}"]
    if line.rendering:
        written.append(provider("82", line.rendering))
    return written + prior_decision(line, claim.other_payers, f"{procedure}*")


def institutional(claim: Claim) -> list[str]:
    """A claim of an 837I (005010X223A2)."""
    stay = claim.stay
    if stay is None:
        raise ValueError("an institutional claim needs its statement")
    written = [
        segment(
            "CLM",
            claim.account,
            from_cents(claim.charge),
            "",
            "",
            f"{claim.facility}:A:{claim.frequency}",
            "",
            "A",
            "Y",
            "Y",
            *[""] * 10,
            claim.delay_reason,
        ),
    ]
    if stay.discharge_hour:
        written.append(f"DTP*096*TM*{stay.discharge_hour}")
    written.append(f"DTP*434*RD8*{day(stay.statement_from)}-{day(stay.statement_through)}")
    if stay.admitted_at:
        written.append(f"DTP*435*{'D8' if len(stay.admitted_at) == len('CCYYMMDD') else 'DT'}*{stay.admitted_at}")
    written += [
        *claim_dates(claim),
        f"CL1*{stay.admission_type}*{stay.admission_source}*{stay.patient_status}",
        *attachment(claim),
        *claim_references(claim),
    ]
    if claim.note:
        written.append(f"NTE*ADD*{claim.note}")
    written += _stay_codes(claim, stay)
    for entity, specialty in (("71", "AT"), ("72", ""), ("ZZ", ""), ("82", ""), ("77", ""), ("DN", "")):
        if entity in claim.providers:
            written += claim_provider(entity, claim.providers[entity], specialty)
    for payer in claim.other_payers:
        written += other_payer(payer, "", claim.lines)
    for number, line in enumerate(claim.lines, 1):
        written += _institutional_line(claim, line, number)
    return written


def _institutional_line(claim: Claim, line: Line, number: int) -> list[str]:
    procedure = ":".join(("HC", line.code, *line.modifiers)) if line.code else ""
    written = [
        f"LX*{number}",
        f"SV2*{line.revenue_code}*{procedure}*{from_cents(line.charge)}*{line.unit}*{line.units}",
    ]
    if line.day:
        written.append(f"DTP*472*{days(line.day, line.through)}")
    written += line_control(line)
    if line.drug:
        code, quantity, unit = line.drug
        written += [f"LIN**N4*{code}", f"CTP****{quantity}*{unit}"]
    return written + prior_decision(line, claim.other_payers, f"{procedure}*{line.revenue_code}")


def _stay_codes(claim: Claim, stay: Stay) -> list[str]:
    """The HI segments of an institutional bill, in the order of the guide."""
    present = [*claim.present_on_admission, *[""] * len(claim.diagnoses)]
    coded = [
        segment_code("ABK" if place == 0 else "ABF", code, present[place]) for place, code in enumerate(claim.diagnoses)
    ]
    written = [f"HI*{coded[0]}"]
    if stay.admitting_diagnosis:
        written.append(f"HI*ABJ:{stay.admitting_diagnosis}")
    if stay.visit_reasons:
        written.append("HI*" + "*".join(f"APR:{code}" for code in stay.visit_reasons))
    if stay.drg:
        written.append(f"HI*DR:{stay.drg}")
    others = range(1, len(coded), CODES_A_SEGMENT)
    written += ["HI*" + "*".join(coded[first : first + CODES_A_SEGMENT]) for first in others]
    procedures = [
        f"{'BBR' if place == 0 else 'BBQ'}:{code}:D8:{day(done)}" for place, (code, done) in enumerate(stay.procedures)
    ]
    written += [f"HI*{procedures[0]}"] if procedures else []
    written += ["HI*" + "*".join(procedures[1:])] if procedures[1:] else []
    lists = (
        [f"BI:{code}:RD8:{day(first)}-{day(last)}" for code, first, last in stay.spans],
        [f"BH:{code}:D8:{day(done)}" for code, done in stay.occurrences],
        [f"BE:{code}:::{from_cents(amount)}" for code, amount in stay.values],
        [f"BG:{code}" for code in stay.conditions],
    )
    return written + ["HI*" + "*".join(each) for each in lists if each]


def segment_code(qualifier: str, code: str, present: str) -> str:
    """A component of HI; whether the diagnosis was present on admission stands ninth."""
    return f"{qualifier}:{code}:::::::{present}" if present else f"{qualifier}:{code}"


def dental(claim: Claim) -> list[str]:
    """A claim of an 837D (005010X224A2)."""
    written = [
        segment(
            "CLM",
            claim.account,
            from_cents(claim.charge),
            "",
            "",
            f"{claim.facility}:B:{claim.frequency}",
            "Y",
            "A",
            "Y",
            "Y",
            *[""] * 10,
            claim.delay_reason,
        ),
        *claim_dates(claim),
    ]
    if claim.orthodontic_months:
        written.append(f"DN1*{claim.orthodontic_months}*{claim.orthodontic_months - 1}")
    written += [f"DN2*{tooth}*M****JP" for tooth in claim.teeth]
    written += attachment(claim)
    if claim.patient_paid:
        written.append(f"AMT*F5*{from_cents(claim.patient_paid)}")
    written += claim_references(claim)
    if claim.note:
        written.append(f"NTE*ADD*{claim.note}")
    if claim.diagnoses:
        written.append(_diagnoses(claim))
    for entity, specialty in (("DN", "RF"), ("82", "PE"), ("77", ""), ("DD", "AS"), ("DQ", "")):
        if entity in claim.providers:
            written += claim_provider(entity, claim.providers[entity], specialty)
    for payer in claim.other_payers:
        written += other_payer(payer, "", claim.lines)
    for number, line in enumerate(claim.lines, 1):
        procedure = ":".join(("AD", line.code, *line.modifiers))
        areas = ":".join(line.areas)
        pointers = ":".join(map(str, line.pointers))
        service = segment(
            "SV3",
            procedure,
            from_cents(line.charge),
            line.place,
            areas,
            "",
            line.units,
            "",
            "",
            "",
            "",
            pointers if claim.diagnoses else "",
        )
        written += [f"LX*{number}", service]
        written += [segment("TOO", "JP", tooth, surfaces) for tooth, surfaces in line.teeth]
        if line.day:
            written.append(f"DTP*472*D8*{day(line.day)}")
        written += line_control(line)
        written += prior_decision(line, claim.other_payers, f"{procedure}*")
    return written


def _diagnoses(claim: Claim) -> str:
    """HI of a professional or dental claim: the principal diagnosis and the others."""
    return f"HI*ABK:{claim.diagnoses[0]}" + "".join(f"*ABF:{code}" for code in claim.diagnoses[1:])


SEGMENTS: Mapping[str, Callable[[Claim], list[str]]] = {
    "837P": professional,
    "837I": institutional,
    "837D": dental,
}
"""Writers of claims by kind of file."""
