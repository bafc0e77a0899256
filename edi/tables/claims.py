"""What of an 837 is decided first of all: claims, lines, diagnoses, under the same names for every variant.

837P (005010X222A1), 837I (005010X223A2) and 837D (005010X224A2) share these tables. A source that only one of the
guides has is simply absent in the others. Where they use a loop id for different things (2310B is rendering in one,
operating in the other) the qualifier tells them apart. Columns that follow from others, such as whose name the
patient's is, are derived by `parsers.claims_837`.
"""

from __future__ import annotations

from edi.tables.specification import Column, Table

CLAIM = Table(
    "claim",
    ("2300", "CLM"),
    (
        Column("batch_reference", "HEADER/BHT03", description="the submitter's number of the batch"),
        Column("submitter_id", "1000A/NM109", description="who sent the batch, as agreed with us"),
        Column("submitter_entity_type", "1000A/NM102", description="1 person, 2 organisation"),
        Column("submitter_name", "1000A/NM103", description="of who sent the batch"),
        Column("submitter_first_name", "1000A/NM104", description="of a person who sent the batch"),
        Column("patient_control_number", "2300/CLM01", description="the provider's number of the claim"),
        Column("charge_cents", "2300/CLM02", "money", "total charge, the sum of the lines"),
        Column("facility_code", "2300/CLM05-1", description="place of service (P, D), first two bill type digits (I)"),
        Column("facility_qualifier", "2300/CLM05-2", description="B place of service, A bill type"),
        Column("frequency_code", "2300/CLM05-3", description="1 original, 7 replacement, 8 void ..."),
        Column("predetermination", "2300/CLM19", description="PB: an estimate is asked for, not payment (D)"),
        Column("delay_reason", "2300/CLM20", description="why it comes late"),
        Column("payer_claim_control_number", "2300/REF[F8]02", description="our number of the claim it corrects"),
        Column("clearinghouse_trace", "2300/REF[D9]02", description="the clearinghouse's number of the claim"),
        Column("prior_authorization", "2300/REF[G1]02", description="number of our prior authorization"),
        Column("referral_number", "2300/REF[9F]02", description="number of the referral"),
        Column("filing_indicator", "2000B/SBR09", description="CI commercial, MB Medicare part B ..."),
        Column("payer_responsibility", "2000B/SBR01", description="P primary, S secondary, T tertiary ..."),
        Column("individual_relationship", "2000B/SBR02", description="18: the patient is the subscriber"),
        Column("subscriber_id", "2010BA/NM109", description="the member id on the card"),
        Column("subscriber_last_name", "2010BA/NM103", description="of the subscriber"),
        Column("subscriber_first_name", "2010BA/NM104", description="of the subscriber"),
        Column("subscriber_birth_date", "2010BA/DMG02", "day", "of the subscriber"),
        Column("subscriber_gender", "2010BA/DMG03", description="F, M or U"),
        Column("dependant", "2010CA/NM101", description="QC where the patient is not the subscriber"),
        Column("dependant_last_name", "2010CA/NM103", description="of a patient who is not the subscriber"),
        Column("dependant_first_name", "2010CA/NM104", description="of a patient who is not the subscriber"),
        Column("dependant_birth_date", "2010CA/DMG02", "day", "of a patient who is not the subscriber"),
        Column("dependant_gender", "2010CA/DMG03", description="F, M or U"),
        Column("payer_id", "2010BB/NM109", description="who is to pay, as the sender knows us"),
        Column("billing_npi", "2010AA/NM109", description="national provider id of the billing provider"),
        Column("billing_tin", "2010AA/REF[EI]02|2010AA/REF[SY]02", description="tax id, or social security number"),
        Column("billing_name", "2010AA/NM103", description="name of the billing provider"),
        Column("billing_entity_type", "2010AA/NM102", description="1 person, 2 organisation"),
        Column("billing_first_name", "2010AA/NM104", description="of a billing provider who is a person"),
        Column("billing_taxonomy", "2000A/PRV[BI]03", description="specialty of the billing provider"),
        Column("rendering_npi", "2310B/NM1[82]09|2310D/NM1[82]09", description="who gave the services"),
        Column("statement_from", "2300/DTP[434]03", "day", "first day of the statement (I)"),
        Column("statement_through", "2300/DTP[434]03", "last_day", "last day of the statement (I)"),
        Column("claim_service_from", "2300/DTP[472]03", "day", "first day of service of the claim as a whole (D)"),
        Column("claim_service_through", "2300/DTP[472]03", "last_day", "last day of service of the whole claim (D)"),
        Column("admission_date", "2300/DTP[435]03", "day", "day of admission"),
        Column("patient_status", "2300/CL103", description="30 still a patient, 01 discharged home ... (I)"),
        Column("orthodontic_months", "2300/DN101", "quantity", "months of orthodontic treatment in all (D)"),
        Column("orthodontic_months_remaining", "2300/DN102", "quantity", "those still to come (D)"),
    ),
    description="A claim (CLM).",
)

CLAIM_LINE = Table(
    "claim_line",
    ("2400", "LX"),
    (
        Column("line_number", "2400/LX01", "count", "from 1 in each claim"),
        Column(
            "procedure_qualifier",
            "2400/SV101-1|2400/SV202-1|2400/SV301-1",
            description="HC HCPCS or CPT, AD dental procedure",
        ),
        Column("procedure_code", "2400/SV101-2|2400/SV202-2|2400/SV301-2", description="what was done"),
        Column("modifier_1", "2400/SV101-3|2400/SV202-3|2400/SV301-3", description="first procedure modifier"),
        Column("modifier_2", "2400/SV101-4|2400/SV202-4|2400/SV301-4", description="second procedure modifier"),
        Column("modifier_3", "2400/SV101-5|2400/SV202-5|2400/SV301-5", description="third procedure modifier"),
        Column("modifier_4", "2400/SV101-6|2400/SV202-6|2400/SV301-6", description="fourth procedure modifier"),
        Column("revenue_code", "2400/SV201", description="kind of hospital service (I)"),
        Column("charge_cents", "2400/SV102|2400/SV203|2400/SV302", "money", "charge of the line"),
        Column("unit", "2400/SV103|2400/SV204", description="UN units, MJ minutes, DA days (P, I)"),
        Column("quantity", "2400/SV104|2400/SV205|2400/SV306", "quantity", "how many units, or procedures (D)"),
        Column("place_of_service", "2400/SV105|2400/SV303", description="empty: that of the claim (P, D)"),
        Column("service_from", "2400/DTP[472]03", "day", "first day of service"),
        Column("service_through", "2400/DTP[472]03", "last_day", "last day of service"),
        Column("line_control_number", "2400/REF[6R]02", description="the provider's number of the line"),
        Column("rendering_npi", "2420A/NM1[82]09|2420C/NM1[82]09", description="who gave this service, if another"),
        *(
            Column(f"oral_cavity_area_{place}", f"2400/SV304-{place}", description="area of the mouth (D)")
            for place in range(1, 6)
        ),
        Column("prosthesis_code", "2400/SV305", description="I initial placement, R replacement (D)"),
    ),
    parent="claim",
    description="A service line of a claim (LX).",
)

CLAIM_LINE_TOOTH = Table(
    "claim_line_tooth",
    ("2400", "TOO"),
    (
        Column("line_number", "2400/LX01", "count", "line of the claim"),
        Column("qualifier", "anchor/TOO01", description="JP: universal tooth numbers"),
        Column("tooth", "anchor/TOO02", description="which tooth was treated"),
        *(
            Column(f"surface_{place}", f"anchor/TOO03-{place}", description="surface of it: B, D, F, I, L, M or O")
            for place in range(1, 6)
        ),
    ),
    parent="claim_line",
    extent="segment",
    description="A tooth that a dental line is about (D).",
)

CLAIM_DIAGNOSIS = Table(
    "claim_diagnosis",
    ("2300", "HI"),
    (
        Column("qualifier", "anchor/HI00-1", description="ABK principal, ABF other, ABJ admitting ..."),
        Column("code", "anchor/HI00-2", description="ICD-10-CM, or ICD-9-CM under BK, BF, BJ, PR, BN"),
        Column("present_on_admission", "anchor/HI00-9", description="Y, N, U or W (I)"),
    ),
    parent="claim",
    explode=(1, 12),
    qualifiers=frozenset({"ABK", "ABF", "ABJ", "APR", "ABN", "BK", "BF", "BJ", "PR", "BN"}),
    description="A diagnosis of a claim, in the order sent.",
)

CLAIM_OCCURRENCE = Table(
    "claim_occurrence",
    ("2300", "HI"),
    (
        Column("code", "anchor/HI00-2", description="occurrence code; 42 date of discharge"),
        Column("day", "anchor/HI00-4", "day", "when it was"),
    ),
    parent="claim",
    explode=(1, 12),
    qualifiers=frozenset({"BH"}),
    description="An occurrence code with its day (I).",
)


PARTY_LOOPS = (
    *(f"2310{letter}" for letter in "ABCDEF"),
    *(f"2330{letter}" for letter in "ABCDEFGHI"),
    *(f"2420{letter}" for letter in "ABCDEFGH"),
)
