"""The complete tables of an 837's repeating segments: a row each, with its claim, loop, line and party.

`loop` says what a row is about: 2300 the claim, 2310 to 2330 a party or another payer of it, 2400 a line, 2410 a
drug, 2420 a party of a line, 2430 another payer's decision on a line.
"""

from __future__ import annotations

from edi.tables.claim_details import LINE_ROW
from edi.tables.claims import CLAIM_DIAGNOSIS, CLAIM_LINE_TOOTH, CLAIM_OCCURRENCE, PARTY_LOOPS
from edi.tables.parts import (
    ADJUSTMENTS,
    adjustment_columns,
    amount_columns,
    contact_columns,
    date_columns,
    quantity_columns,
    reference_columns,
)
from edi.tables.specification import Column, Table

LINE_NUMBER = Column("line_number", "2400/LX01", "count", "service line, empty for the claim as a whole")
LOOP = Column("loop", "anchor", description="where it stands: 2300 claim, 2400 line ...")
PARTY_ROW = Column("party_row", "row/claim_party", "row", "the party of the claim or line that it is about")
COVERAGE_ROW = Column("other_coverage_row", "row/claim_other_coverage", "row", "the other payer that it is about")
ADJUDICATION_ROW = Column(
    "line_adjudication_row", "row/claim_line_adjudication", "row", "the other payer's decision that it is about"
)


def _table(name: str, loops: str, segment: str, columns: tuple[Column, ...], description: str) -> Table:
    """A row for each such segment of a claim."""
    place = (LOOP,) if loops == "2300" else (LINE_NUMBER, LINE_ROW, LOOP)
    return Table(name, (loops, segment), (*place, *columns), parent="claim", extent="segment", description=description)


REFERENCE = _table(
    "claim_reference",
    "|".join(("2300", "2400", "2410", *PARTY_LOOPS)),
    "REF",
    (
        PARTY_ROW,
        COVERAGE_ROW,
        *reference_columns(),
        Column("payer_qualifier", "anchor/REF04-1", description="2U: payer id"),
        Column("payer_id", "anchor/REF04-2", description="the other payer that gave the number; empty: this one"),
    ),
    "A number (REF) of a claim, a line, a drug or a party.",
)

DATE = _table(
    "claim_date",
    "2300|2330B|2400|2430",
    "DTP",
    (COVERAGE_ROW, ADJUDICATION_ROW, *date_columns()),
    "A date (DTP) of a claim, a line, or of another payer's decision.",
)

AMOUNT = _table(
    "claim_amount",
    "2300|2320|2400|2430",
    "AMT",
    (COVERAGE_ROW, ADJUDICATION_ROW, *amount_columns()),
    "An amount (AMT) of a claim, a line, or of another payer's decision.",
)

ADJUSTMENT = Table(
    "claim_adjustment",
    ("2320|2430", "CAS"),
    (LINE_NUMBER, LINE_ROW, LOOP, COVERAGE_ROW, ADJUDICATION_ROW, *adjustment_columns()),
    parent="claim",
    explode=ADJUSTMENTS,
    description="Why another payer paid less than charged (CAS), a row a reason.",
)

NOTE = _table(
    "claim_note",
    "2300|2400",
    "NTE",
    (
        Column("kind", "anchor/NTE01", description="ADD additional, DCP goals, DGN diagnosis, TPO third party ..."),
        Column("note", "anchor/NTE02", description="free text"),
    ),
    "A note (NTE) on a claim or a line.",
)

ATTACHMENT = _table(
    "claim_attachment",
    "2300|2400",
    "PWK",
    (
        Column("report_type", "anchor/PWK01", description="what it is: OZ support data, RB radiology films ..."),
        Column("transmission", "anchor/PWK02", description="how it comes: BM mail, EL electronically, FX fax ..."),
        Column("id_qualifier", "anchor/PWK05", description="AC: attachment control number"),
        Column("control_number", "anchor/PWK06", description="number by which it is matched with the claim"),
    ),
    "Paperwork (PWK) that comes apart from the claim.",
)

FIXED_FORMAT = _table(
    "claim_fixed_format",
    "2300|2400",
    "K3",
    (Column("information", "anchor/K301", description="as the regulation that asks for it lays it out"),),
    "What a regulation asks for and no other segment has (K3).",
)

CONDITION = Table(
    "claim_condition",
    ("2300|2400", "CRC"),
    (
        LINE_NUMBER,
        LINE_ROW,
        LOOP,
        Column("category", "anchor/CRC01", description="07 ambulance, 70 hospice, E1 glasses, ZZ EPSDT referral ..."),
        Column("applies", "anchor/CRC02", description="Y or N: do the conditions apply?"),
        Column("condition", "anchor/CRC00", description="which condition"),
    ),
    parent="claim",
    explode=(3, 7),
    description="A condition that applies or does not (CRC), a row a condition.",
)

INFORMATION = Table(
    "claim_information",
    ("2300", "HI"),
    (
        Column("qualifier", "anchor/HI00-1", description="ABK diagnosis, BBR procedure, BE value, BG condition ..."),
        Column("code", "anchor/HI00-2", description="code of the list that the qualifier names"),
        Column("date_format", "anchor/HI00-3", description="D8 day, RD8 range of days"),
        Column("first_day", "anchor/HI00-4", "day", "the day, or the first of an occurrence span"),
        Column("last_day", "anchor/HI00-4", "last_day", "the day, or the last of an occurrence span"),
        Column("amount_cents", "anchor/HI00-5", "money", "amount of a value code"),
        Column("present_on_admission", "anchor/HI00-9", description="Y, N, U or W, of a diagnosis (I)"),
    ),
    parent="claim",
    explode=(1, 12),
    description=(
        "Every code of a claim's health information (HI), in the order sent: diagnoses, procedures, DRG, condition, "
        "occurrence, span, value and treatment codes."
    ),
)

CONTRACT = _table(
    "claim_contract",
    "2300|2400",
    "CN1",
    (
        Column("kind", "anchor/CN101", description="01 DRG, 02 per diem, 05 capitated ..."),
        Column("amount_cents", "anchor/CN102", "money", "contract amount"),
        Column("percentage", "anchor/CN103", "decimal", "allowed or charged, in per cent"),
        Column("code", "anchor/CN104", description="which contract"),
        Column("discount_percentage", "anchor/CN105", "decimal", "terms discount in per cent"),
        Column("version", "anchor/CN106", description="version of the contract"),
    ),
    "The contract (CN1) under which a claim or a line is priced.",
)

REPRICING = _table(
    "claim_repricing",
    "2300|2400",
    "HCP",
    (
        Column("method", "anchor/HCP01", description="01 priced as billed, 02 standard fee schedule ..."),
        Column("allowed_cents", "anchor/HCP02", "money", "allowed amount"),
        Column("savings_cents", "anchor/HCP03", "money", "charge less allowed amount"),
        Column("organization", "anchor/HCP04", description="who repriced it"),
        Column("rate", "anchor/HCP05", "decimal", "per diem or flat rate, in dollars"),
        Column("group_code", "anchor/HCP06", description="approved ambulatory patient group, or DRG (P, I)"),
        Column("group_cents", "anchor/HCP07", "money", "amount of that group (P, I)"),
        Column("revenue_code", "anchor/HCP08", description="approved revenue code (I)"),
        Column("procedure_qualifier", "anchor/HCP09", description="HC HCPCS, AD dental"),
        Column("procedure_code", "anchor/HCP10", description="approved procedure"),
        Column("unit", "anchor/HCP11", description="UN units, MJ minutes, DA days"),
        Column("quantity", "anchor/HCP12", "quantity", "approved units"),
        Column("reject_reason", "anchor/HCP13", description="why it was not repriced"),
        Column("policy_compliance", "anchor/HCP14", description="1 followed, 2 not followed ..."),
        Column("exception", "anchor/HCP15", description="1 out-of-network emergency, 6 other ..."),
    ),
    "What a repricer made of a claim or a line (HCP).",
)

AMBULANCE = _table(
    "claim_ambulance",
    "2300|2400",
    "CR1",
    (
        Column("weight_unit", "anchor/CR101", description="LB: pounds"),
        Column("weight", "anchor/CR102", "decimal", "of the patient"),
        Column("reason", "anchor/CR104", description="why this destination: A nearest facility ..."),
        Column("distance_unit", "anchor/CR105", description="DH: miles"),
        Column("distance", "anchor/CR106", "decimal", "with the patient on board"),
        Column("round_trip_purpose", "anchor/CR109", description="in words"),
        Column("stretcher_purpose", "anchor/CR110", description="in words"),
    ),
    "An ambulance transport (CR1, P).",
)

PATIENT_CONDITION = _table(
    "claim_patient_condition",
    "2300",
    "CR2",
    (
        Column("condition", "anchor/CR208", description="A acute, C chronic, D non-acute ..."),
        Column("description", "anchor/CR210", description="in words"),
        Column("description_2", "anchor/CR211", description="further words"),
    ),
    "The condition of a patient whose spine is manipulated (CR2, P).",
)

EQUIPMENT = _table(
    "claim_line_equipment",
    "2400",
    "SV5",
    (
        Column("procedure_qualifier", "anchor/SV501-1", description="HC: HCPCS"),
        Column("procedure_code", "anchor/SV501-2", description="which equipment"),
        Column("unit", "anchor/SV502", description="DA: days"),
        Column("need", "anchor/SV503", "decimal", "how long it is medically necessary"),
        Column("rental_cents", "anchor/SV504", "money", "rental price"),
        Column("purchase_cents", "anchor/SV505", "money", "purchase price"),
        Column("rental_period", "anchor/SV506", description="1 weekly, 4 monthly, 6 daily"),
    ),
    "Durable medical equipment of a line (SV5, P).",
)

CERTIFICATION = _table(
    "claim_line_certification",
    "2400",
    "CR3",
    (
        Column("kind", "anchor/CR301", description="I initial, R renewal, S revised"),
        Column("unit", "anchor/CR302", description="MO: months"),
        Column("duration", "anchor/CR303", "decimal", "how long the equipment is needed"),
    ),
    "The certification of equipment of a line (CR3, P).",
)

PURCHASED_SERVICE = _table(
    "claim_line_purchased_service",
    "2400",
    "PS1",
    (
        Column("provider_id", "anchor/PS101", description="from whom the service was bought"),
        Column("charge_cents", "anchor/PS102", "money", "what that provider charged"),
    ),
    "A service of a line that the provider bought from another (PS1, P).",
)

QUANTITY = _table(
    "claim_line_quantity",
    "2400",
    "QTY",
    quantity_columns(),
    "A quantity of a line (QTY): patients transported, obstetric additional units (P).",
)

MEASUREMENT = _table(
    "claim_line_measurement",
    "2400",
    "MEA",
    (
        Column("kind", "anchor/MEA01", description="OG starting dosage, TR test result"),
        Column("qualifier", "anchor/MEA02", description="HT height, R1 hemoglobin, R2 hematocrit ..."),
        Column("measured", "anchor/MEA03", "decimal", "the measurement"),
    ),
    "A test result of a line (MEA, P).",
)

FORM_ANSWER = _table(
    "claim_line_form_answer",
    "2440",
    "FRM",
    (
        Column("form_row", "row/claim_line_form", "row", "the form"),
        Column("question", "anchor/FRM01", description="number or letter of the question"),
        Column("yes_or_no", "anchor/FRM02", description="Y, N or W not applicable"),
        Column("answer", "anchor/FRM03", description="in words or as a code"),
        Column("day", "anchor/FRM04", "day", "an answer that is a day"),
        Column("percentage", "anchor/FRM05", "decimal", "an answer that is a number or percentage"),
    ),
    "An answer in a form of a line (FRM, P).",
)

CONTACT = _table(
    "claim_contact",
    "2310C|2420E",
    "PER",
    (PARTY_ROW, *contact_columns()),
    "How to reach a party of a claim or a line (PER, P).",
)

TOOTH_STATUS = _table(
    "claim_tooth_status",
    "2300",
    "DN2",
    (
        Column("tooth", "anchor/DN201", description="which tooth"),
        Column("status", "anchor/DN202", description="E to be extracted, M missing"),
        Column("qualifier", "anchor/DN206", description="JP: universal tooth numbers"),
    ),
    "A missing tooth, or one to be extracted (DN2, D).",
)

CLAIM_SEGMENT_TABLES = (
    CLAIM_LINE_TOOTH,
    CLAIM_DIAGNOSIS,
    CLAIM_OCCURRENCE,
    REFERENCE,
    DATE,
    AMOUNT,
    ADJUSTMENT,
    NOTE,
    ATTACHMENT,
    FIXED_FORMAT,
    CONDITION,
    INFORMATION,
    CONTRACT,
    REPRICING,
    AMBULANCE,
    PATIENT_CONDITION,
    EQUIPMENT,
    CERTIFICATION,
    PURCHASED_SERVICE,
    QUANTITY,
    MEASUREMENT,
    FORM_ANSWER,
    CONTACT,
    TOOTH_STATUS,
)
