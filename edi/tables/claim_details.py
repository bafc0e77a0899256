"""The complete tables of an 837's claims, lines and parties, and of other payers' decisions on them.

`claim`, `claim_line` and `claim_party` have every column of their namesakes in `edi.tables.claims`, and more. What
repeats, or is said of few claims, has tables of its own in `edi.tables.claim_segments`.
"""

from __future__ import annotations

from dataclasses import replace

from edi.tables.claim_batches import insurance_columns
from edi.tables.claims import CLAIM, CLAIM_LINE, PARTY_LOOPS
from edi.tables.parts import (
    address_columns,
    inpatient_columns,
    name_columns,
    outpatient_columns,
    procedure_columns,
    specialty_columns,
)
from edi.tables.specification import Column, Kind, Table

PATIENT_COLUMNS: tuple[tuple[str, str, Kind, str], ...] = (
    ("death_date", "06", "day", "when the patient died"),
    ("weight", "08", "decimal", "of the patient, in pounds"),
    ("pregnant", "09", "text", "Y: the patient is pregnant"),
)
"""What PAT says of the patient, whose level is the subscriber's or one below it."""

COMPLETE_CLAIM = replace(
    CLAIM,
    columns=(
        *CLAIM.columns,
        Column("provider_signature", "2300/CLM06", description="Y: the provider's signature is on file"),
        Column("accepts_assignment", "2300/CLM07", description="A assigned, B for laboratory services only, C not"),
        Column("benefits_assigned", "2300/CLM08", description="Y: the patient lets us pay the provider"),
        Column("release_of_information", "2300/CLM09", description="Y or I: the patient lets data be released"),
        Column("patient_signature_source", "2300/CLM10", description="P: somebody signed for the patient (P)"),
        Column("related_cause_1", "2300/CLM11-1", description="AA auto accident, EM employment, OA other accident"),
        Column("related_cause_2", "2300/CLM11-2", description="a second cause"),
        Column("accident_state", "2300/CLM11-4", description="state of an auto accident"),
        Column("accident_country", "2300/CLM11-5", description="country of an accident abroad"),
        Column("special_program", "2300/CLM12", description="01 EPSDT, 02 handicapped children, 05 disability ..."),
        Column("admission_type", "2300/CL101", description="1 emergency, 2 urgent, 3 elective ... (I)"),
        Column("admission_source", "2300/CL102", description="where the patient came from (I)"),
        Column("admitted_at", "2300/DTP[435]03", "day_time", "hour of admission (I)"),
        Column("discharged_at", "2300/DTP[096]03", "time", "hour of discharge (I)"),
        Column("drg_code", "2300/HI[DR]01-2", description="diagnosis related group, as the provider sees it (I)"),
        Column("patient_paid_cents", "2300/AMT[F5]02", "money", "what the patient paid already"),
        Column("orthodontic_treatment", "2300/DN104", description="Y: services are for orthodontic treatment (D)"),
        Column("group_number", "2000B/SBR03", description="the subscriber's group or policy number"),
        Column("group_name", "2000B/SBR04", description="name of that group"),
        Column("insurance_type", "2000B/SBR05", description="why Medicare is secondary: 12 working aged ..."),
        Column("currency", "2000A/CUR02", description="currency of the charges, empty for US dollars"),
        Column("patient_relationship", "2000C/PAT01", description="of a patient who is not the subscriber: 19 child"),
        *(
            Column(f"{person}_{name}", f"{loop}/PAT{element}", kind, description)
            for person, loop in (("subscriber", "2000B"), ("dependant", "2000C"))
            for name, element, kind, description in PATIENT_COLUMNS
        ),
    ),
    parent="claim_hierarchy",
)

COMPLETE_LINE = replace(
    CLAIM_LINE,
    columns=(
        *CLAIM_LINE.columns,
        Column(
            "procedure_description",
            "2400/SV101-7|2400/SV202-7|2400/SV301-7",
            description="what was done, in words",
        ),
        *(
            Column(
                f"diagnosis_pointer_{number}",
                f"2400/SV107-{number}|2400/SV311-{number}",
                "count",
                "ordinal of a diagnosis of the claim that the service was for (P, D)",
            )
            for number in range(1, 5)
        ),
        Column("emergency", "2400/SV109", description="Y: an emergency (P)"),
        Column("epsdt", "2400/SV111", description="Y: from an examination of a child (P)"),
        Column("family_planning", "2400/SV112", description="Y: family planning (P)"),
        Column("copay_status", "2400/SV115", description="0: exempt from copayment (P)"),
        Column("noncovered_cents", "2400/SV207", "money", "part of the charge that is not covered (I)"),
    ),
)

OTHER_COVERAGE = Table(
    "claim_other_coverage",
    ("2320", "SBR"),
    (
        *insurance_columns(),
        Column("payer_id", "2330B/NM109", description="id of that payer; its adjudications of lines repeat it"),
        Column("payer_name", "2330B/NM103", description="name of that payer"),
        Column("decided_on", "2330B/DTP[573]03", "day", "when that payer decided on the claim"),
        Column("benefits_assigned", "anchor/OI03", description="Y: the patient lets that payer pay the provider"),
        Column("patient_signature_source", "anchor/OI04", description="P: somebody signed for the patient (P)"),
        Column("release_of_information", "anchor/OI06", description="Y or I: the patient lets data be released"),
        Column("paid_cents", "anchor/AMT[D]02", "money", "what that payer paid for the claim"),
        Column("noncovered_cents", "anchor/AMT[A8]02", "money", "what that payer does not cover"),
        Column("patient_liability_cents", "anchor/AMT[EAF]02", "money", "what is left to the patient"),
        *inpatient_columns(),
        *outpatient_columns(),
    ),
    parent="claim",
    description="Another payer of a claim and what it decided (SBR, OI, AMT, MIA, MOA); its lines are adjudications.",
)

LINE_ROW = Column("line_row", "row/claim_line", "row", "the service line that it is about")

COMPLETE_PARTY = Table(
    "claim_party",
    ("|".join(PARTY_LOOPS), "NM1"),
    (
        Column("line_number", "2400/LX01", "count", "service line, empty for the claim as a whole"),
        LINE_ROW,
        Column("loop", "anchor", description="which party: 2310B, 2420A ..."),
        Column("other_coverage_row", "row/claim_other_coverage", "row", "the other payer whose party it is"),
        *name_columns(),
        *specialty_columns(),
        *address_columns(),
    ),
    parent="claim",
    description="A party that is named in a claim or a line (NM1).",
)

LINE_ADJUDICATION = Table(
    "claim_line_adjudication",
    ("2430", "SVD"),
    (
        Column("line_number", "2400/LX01", "count", "line of the claim"),
        Column("payer_id", "anchor/SVD01", description="which other payer"),
        Column("paid_cents", "anchor/SVD02", "money", "what it paid for the line"),
        *procedure_columns("anchor/SVD03"),
        Column("revenue_code", "anchor/SVD04", description="kind of hospital service that it paid (I)"),
        Column("quantity", "anchor/SVD05", "quantity", "units that it paid"),
        Column("bundled_line", "anchor/SVD06", "count", "line into which it bundled this one"),
        Column("paid_on", "anchor/DTP[573]03", "day", "when it paid or decided"),
        Column("patient_liability_cents", "anchor/AMT[EAF]02", "money", "what is left to the patient"),
    ),
    parent="claim_line",
    description="What another payer decided on a line (SVD).",
)

LINE_DRUG = Table(
    "claim_line_drug",
    ("2410", "LIN"),
    (
        Column("line_number", "2400/LX01", "count", "line of the claim"),
        Column("qualifier", "anchor/LIN02", description="N4: national drug code"),
        Column("code", "anchor/LIN03", description="which drug or product"),
        Column("quantity", "anchor/CTP04", "decimal", "how much of it"),
        Column("unit", "anchor/CTP05-1", description="ML, GR, UN, F2 international unit ..."),
    ),
    parent="claim_line",
    description="The drug or product that a line is about (LIN, CTP; P, I).",
)

LINE_FORM = Table(
    "claim_line_form",
    ("2440", "LQ"),
    (
        Column("line_number", "2400/LX01", "count", "line of the claim"),
        Column("qualifier", "anchor/LQ01", description="AS or UT: whose form"),
        Column("form", "anchor/LQ02", description="which form"),
    ),
    parent="claim_line",
    description="A form filled in for a line (LQ), such as a certificate of medical necessity (P).",
)

CLAIM_DETAIL_TABLES = (
    COMPLETE_CLAIM,
    COMPLETE_LINE,
    OTHER_COVERAGE,
    COMPLETE_PARTY,
    LINE_ADJUDICATION,
    LINE_DRUG,
    LINE_FORM,
)
