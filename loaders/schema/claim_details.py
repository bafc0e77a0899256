"""What an 837 says besides claims, lines, diagnoses and parties: numbers, dates, amounts, other payers and the rest.

Each row belongs to a claim and, where `line_number` is there, to one line of it; `ordinal` counts in the claim, in the
order sent. `other_coverage`, `line_adjudication` and `party` are the ordinals of the rows of those tables that a row
is about. `loop` says where in the guide it stood. What `claim`, `claim_line` or another of these tables holds in a
column of its own is not repeated: member and provider numbers, dates of service, what the other payer paid.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import BigInteger, Column, Date, ForeignKey, Integer, Numeric, Table, Text, Time
from sqlalchemy.types import TypeEngine

from edi.tables.parts import inpatient_columns, outpatient_columns
from loaders.schema.metadata import metadata, source_range

QUANTITY, DECIMAL = Numeric(15, 3), Numeric(18, 6)


def _detail(name: str, comment: str, *columns: Column[object], of_line: bool = True) -> Table:
    """A table of details of claims, and of their lines unless it says otherwise."""
    line = (_integer("line_number", "service line; empty for the claim as a whole"),) if of_line else ()
    start, stop = source_range()
    return Table(
        name,
        metadata,
        Column("claim_id", BigInteger, ForeignKey("claim.claim_id"), primary_key=True, autoincrement=False),
        Column("ordinal", Integer, primary_key=True, autoincrement=False, comment="order in the claim, from 1"),
        *line,
        *columns,
        cast("Column[object]", start),
        cast("Column[object]", stop),
        comment=comment,
    )


def _text(name: str, comment: str | None = None) -> Column[object]:
    return Column(name, Text, comment=comment)


def _integer(name: str, comment: str) -> Column[object]:
    return Column(name, Integer, comment=comment)


def _count(name: str, comment: str) -> Column[object]:
    return Column(name, BigInteger, comment=comment)


def _cents(name: str, comment: str) -> Column[object]:
    return Column(name, BigInteger, comment=f"{comment}, in exact cents")


def _quantity(name: str, comment: str) -> Column[object]:
    return Column(name, QUANTITY, comment=comment)


def _decimal(name: str, comment: str) -> Column[object]:
    return Column(name, DECIMAL, comment=comment)


def _day(name: str, comment: str) -> Column[object]:
    return Column(name, Date, comment=comment)


def _loop() -> Column[object]:
    return _text("loop", "2300, 2400 ...")


def _payer() -> Column[object]:
    return _integer("other_coverage", "the other payer that it is about: its ordinal")


def _decision() -> Column[object]:
    return _integer("line_adjudication", "the other payer's decision on a line that it is about: its ordinal")


def _party() -> Column[object]:
    return _integer("party", "the claim's own party that it is about: its ordinal in claim_party")


def _contact_columns() -> tuple[Column[object], ...]:
    return (
        _text("function", "PER01"),
        _text("name", "PER02"),
        *(
            _text(f"{part}_{number}", f"PER{2 * number + offset:02}")
            for number in (1, 2, 3)
            for offset, part in ((1, "qualifier"), (2, "number"))
        ),
    )


def _procedure_columns(element: str) -> tuple[Column[object], ...]:
    return (
        _text("procedure_qualifier", f"{element}-1"),
        _text("procedure_code", f"{element}-2"),
        *(_text(f"modifier_{number}", f"{element}-{number + 2}") for number in range(1, 5)),
        _text("procedure_description", f"{element}-7"),
    )


PAYER_TYPES: Mapping[str, TypeEngine[Any]] = {
    "text": Text(),
    "money": BigInteger(),
    "quantity": QUANTITY,
    "decimal": DECIMAL,
}


def _payer_statements() -> tuple[Column[object], ...]:
    """MIA and MOA, named and typed as they are read."""
    return tuple(
        Column(column.name, PAYER_TYPES[column.kind], comment=column.source.removeprefix("anchor/"))
        for column in (*inpatient_columns(), *outpatient_columns())
    )


claim_set = Table(
    "claim_set",
    metadata,
    Column("set_key", BigInteger, ForeignKey("transaction_set.set_key"), primary_key=True, autoincrement=False),
    _text("purpose", "BHT02: 00 original, 18 reissue"),
    _text("reference", "BHT03: the submitter's number of the batch"),
    _day("created", "BHT04"),
    Column("created_at", Time, comment="BHT05"),
    _text("kind", "BHT06: CH chargeable, RP encounter, 31 subrogation"),
    _text("submitter_type", "1000A NM102"),
    _text("submitter_name", "1000A NM103"),
    _text("submitter_first_name", "1000A NM104"),
    _text("submitter_middle_name", "1000A NM105"),
    _text("submitter_id", "1000A NM109"),
    _text("receiver_name", "1000B NM103"),
    _text("receiver_id", "1000B NM109"),
    *source_range(),
    comment="The headers of 837 transaction sets: who sent which batch",
)

claim_set_contact = Table(
    "claim_set_contact",
    metadata,
    Column("set_key", BigInteger, ForeignKey("transaction_set.set_key"), primary_key=True, autoincrement=False),
    Column("ordinal", Integer, primary_key=True, autoincrement=False, comment="order in the set, from 1"),
    _loop(),
    *_contact_columns(),
    *source_range(),
    comment="How the submitters of 837 transaction sets are reached (PER)",
)

claim_other_coverage = _detail(
    "claim_other_coverage",
    "Other payers of claims and what they decided (2320, 2330B)",
    _text("payer_responsibility", "SBR01: P primary, S secondary, T tertiary ..."),
    _text("individual_relationship", "SBR02"),
    _text("group_number", "SBR03"),
    _text("group_name", "SBR04"),
    _text("insurance_type", "SBR05"),
    _text("filing_indicator", "SBR09"),
    _text("payer_id", "2330B NM109"),
    _text("payer_name", "2330B NM103"),
    _day("decided_on", "2330B DTP*573: when that payer decided; professional lines say it in paid_on"),
    _text("benefits_assigned", "OI03"),
    _text("patient_signature_source", "OI04 (P)"),
    _text("release_of_information", "OI06"),
    _cents("paid_cents", "AMT*D: what that payer paid"),
    _cents("noncovered_cents", "AMT*A8"),
    _cents("patient_liability_cents", "AMT*EAF: what it left to the patient"),
    *_payer_statements(),
    of_line=False,
)

claim_line_adjudication = _detail(
    "claim_line_adjudication",
    "What other payers decided on lines (2430)",
    _payer(),
    _text("payer_id", "SVD01"),
    _cents("paid_cents", "SVD02"),
    *_procedure_columns("SVD03"),
    _text("revenue_code", "SVD04 (I)"),
    _quantity("quantity", "SVD05"),
    _count("bundled_line", "SVD06: line into which it bundled this one"),
    _day("paid_on", "DTP*573"),
    _cents("patient_liability_cents", "AMT*EAF"),
)

claim_adjustment = _detail(
    "claim_adjustment",
    "Why other payers paid less than charged (CAS of 2320 and 2430), a row a reason",
    _payer(),
    _decision(),
    _text("group_code", "CAS01: CO, PR, OA, PI or CR"),
    _text("reason_code", "CARC"),
    _cents("amount_cents", "charge less payment for this reason"),
    _quantity("quantity", "units adjusted"),
)

claim_reference = _detail(
    "claim_reference",
    "Numbers (REF) of claims, lines, drugs and parties",
    _loop(),
    _payer(),
    _party(),
    _text("qualifier", "REF01"),
    _text("value", "REF02; of a social security number (SY) the keyed hash"),
    _text("payer_id", "REF04-2: the other payer that gave it; empty: we"),
)

claim_date = _detail(
    "claim_date",
    "Dates (DTP) of claims, lines and other payers' decisions",
    _loop(),
    _payer(),
    _decision(),
    _text("qualifier", "DTP01"),
    _text("format", "DTP02"),
    _text("value", "DTP03 as sent"),
    _day("first_day", "the day, or the first of a range"),
    _day("last_day", "the day, or the last of a range"),
    Column("time_of_day", Time, comment="time of a day with time (DT)"),
)

claim_amount = _detail(
    "claim_amount",
    "Amounts (AMT) of claims and lines, and charges of services bought (PS1)",
    _loop(),
    _payer(),
    _decision(),
    _text("qualifier", "AMT01; PS1 for a service bought from another provider"),
    _cents("amount_cents", "AMT02 or PS102"),
    _text("provider_id", "PS101: of whom it was bought"),
)

claim_information = _detail(
    "claim_information",
    "Codes (HI) other than diagnoses and the DRG: procedures, occurrences, spans, values, conditions, treatments",
    _text("qualifier", "BBR, BBQ procedure; BH occurrence; BI span; BE value; BG condition; TC treatment ..."),
    _text("code", "code of the list that the qualifier names"),
    _day("first_day", "the day, or the first of a span"),
    _day("last_day", "the day, or the last of a span"),
    _cents("amount_cents", "amount of a value code"),
    of_line=False,
)

claim_note = _detail(
    "claim_note",
    "Notes (NTE), and what regulations ask for (K3)",
    _text("kind", "NTE01: ADD, DGN, TPO ...; K3"),
    _text("note", "NTE02 or K301"),
)

claim_attachment = _detail(
    "claim_attachment",
    "Paperwork (PWK) that comes apart from the claim",
    _text("report_type", "PWK01"),
    _text("transmission", "PWK02: BM mail, EL electronically, FX fax ..."),
    _text("id_qualifier", "PWK05"),
    _text("control_number", "PWK06: number by which it is matched"),
)

claim_contract = _detail(
    "claim_contract",
    "Contracts (CN1) under which claims and lines are priced",
    _text("kind", "CN101"),
    _cents("amount_cents", "CN102"),
    _decimal("percentage", "CN103"),
    _text("code", "CN104"),
    _decimal("discount_percentage", "CN105"),
    _text("version", "CN106"),
)

claim_repricing = _detail(
    "claim_repricing",
    "What repricers made of claims and lines (HCP)",
    _text("method", "HCP01"),
    _cents("allowed_cents", "HCP02"),
    _cents("savings_cents", "HCP03"),
    _text("organization", "HCP04"),
    _decimal("rate", "HCP05, in dollars"),
    _text("group_code", "HCP06 (P, I)"),
    _cents("group_cents", "HCP07 (P, I)"),
    _text("revenue_code", "HCP08 (I)"),
    _text("procedure_qualifier", "HCP09"),
    _text("procedure_code", "HCP10"),
    _text("unit", "HCP11"),
    _quantity("quantity", "HCP12"),
    _text("reject_reason", "HCP13"),
    _text("policy_compliance", "HCP14"),
    _text("exception", "HCP15"),
)

claim_ambulance = _detail(
    "claim_ambulance",
    "Ambulance transports (CR1, P)",
    _decimal("weight", "CR102: of the patient, in pounds"),
    _text("reason", "CR104"),
    _decimal("distance", "CR106: miles with the patient on board"),
    _text("round_trip_purpose", "CR109"),
    _text("stretcher_purpose", "CR110"),
)

claim_condition = _detail(
    "claim_condition",
    "Conditions that apply or do not (CRC, a row a condition), and of a spine that is manipulated (CR2)",
    _text("category", "CRC01: 07 ambulance, 70 hospice, ZZ EPSDT ...; CR2"),
    _text("applies", "CRC02: Y or N"),
    _text("condition", "CRC03 to CRC07, or CR208"),
    _text("description", "CR210"),
    _text("description_2", "CR211"),
)

claim_line_drug = _detail(
    "claim_line_drug",
    "Drugs and products that lines are about (LIN, CTP; P, I)",
    _text("qualifier", "LIN02: N4 national drug code"),
    _text("code", "LIN03"),
    _decimal("quantity", "CTP04"),
    _text("unit", "CTP05-1: ML, GR, UN, F2 ..."),
)

claim_line_equipment = _detail(
    "claim_line_equipment",
    "Durable medical equipment of lines (SV5, P)",
    _text("procedure_qualifier", "SV501-1"),
    _text("procedure_code", "SV501-2"),
    _text("unit", "SV502"),
    _decimal("need", "SV503: how long it is necessary"),
    _cents("rental_cents", "SV504"),
    _cents("purchase_cents", "SV505"),
    _text("rental_period", "SV506: 1 weekly, 4 monthly, 6 daily"),
)

claim_line_measure = _detail(
    "claim_line_measure",
    "What was counted, measured or certified for a line (QTY, MEA, CR3; P)",
    _text("segment", "QTY, MEA or CR3"),
    _text("kind", "MEA01, or CR301: I initial, R renewal, S revised"),
    _text("qualifier", "QTY01 or MEA02"),
    _text("unit", "CR302"),
    _decimal("measured", "QTY02, MEA03 or CR303"),
)

claim_line_form = _detail(
    "claim_line_form",
    "Forms filled in for lines (LQ), and each answer in them (FRM; P)",
    _text("qualifier", "LQ01: AS or UT"),
    _text("form", "LQ02"),
    _text("question", "FRM01; empty for the form itself"),
    _text("yes_or_no", "FRM02"),
    _text("answer", "FRM03"),
    _day("day", "FRM04"),
    _decimal("percentage", "FRM05"),
)

claim_contact = _detail(
    "claim_contact",
    "How parties of claims are reached (PER)",
    _loop(),
    _party(),
    *_contact_columns(),
)

claim_tooth = _detail(
    "claim_tooth",
    "Teeth that dental lines are about (TOO), and those of the claim that are missing or to be extracted (DN2)",
    _text("qualifier", "TOO01 or DN206: JP universal tooth numbers"),
    _text("tooth", "TOO02 or DN201"),
    _text("surfaces", "TOO03, one letter a surface"),
    _text("status", "DN202: E to be extracted, M missing"),
)

CLAIM_DETAILS = (
    claim_other_coverage,
    claim_line_adjudication,
    claim_adjustment,
    claim_reference,
    claim_date,
    claim_amount,
    claim_information,
    claim_note,
    claim_attachment,
    claim_contract,
    claim_repricing,
    claim_ambulance,
    claim_condition,
    claim_line_drug,
    claim_line_equipment,
    claim_line_measure,
    claim_line_form,
    claim_contact,
    claim_tooth,
)
"""Tables of details of claims."""
