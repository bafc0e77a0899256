"""The complete tables of an 834 (005010X220A1).

`enrollment_header`, `enrollment_member` and `enrollment_coverage` have every column of their namesakes in
`edi.tables.enrollment_rows`, and more. A member's own name and address are in the member's row, other people's in
`enrollment_party`, providers' in `enrollment_provider`.
"""

from __future__ import annotations

from dataclasses import replace

from edi.tables.enrollment_rows import CONTROL_TOTAL, COVERAGE, HEADER, MEMBER
from edi.tables.parts import (
    address_columns,
    amount_columns,
    contact_columns,
    date_columns,
    header_columns,
    name_columns,
    organization_columns,
    place_columns,
    reference_columns,
)
from edi.tables.specification import Column, Table

LOOP = Column("loop", "anchor", description="where it stands: 2000 member, 2300 coverage ...")
COVERAGE_ROW = Column("coverage_row", "row/enrollment_coverage", "row", "the coverage that it is about")
OTHER_COVERAGE_ROW = Column(
    "other_coverage_row", "row/enrollment_other_coverage", "row", "the other insurer's coverage that it is about"
)
PARTY_ROW = Column("party_row", "row/enrollment_party", "row", "the person or organisation that it is about")
PROVIDER_ROW = Column("provider_row", "row/enrollment_provider", "row", "the provider that it is about")
PREFIX = Column("name_prefix", "anchor/NM106", description="such as DR")

COMPLETE_HEADER = replace(
    HEADER,
    columns=(
        *HEADER.columns,
        *header_columns(),
        Column("created_at", "HEADER/BGN04", "time", "at what time"),
        Column("time_zone", "HEADER/BGN05", description="of that time: ET eastern, UT universal ..."),
    ),
)

ORGANIZATION = Table(
    "enrollment_organization",
    ("1000A|1000B|1000C", "N1"),
    (
        Column("loop", "anchor", description="1000A sponsor, 1000B insurer, 1000C broker or administrator"),
        *organization_columns(),
        Column("account_number", "1100C/ACT01", description="account of the broker or administrator"),
        Column("account_number_2", "1100C/ACT06", description="a second one"),
    ),
    description="Sponsor, insurer, brokers and administrators of the file (N1, ACT).",
)

COMPLETE_MEMBER = replace(
    MEMBER,
    columns=(
        *MEMBER.columns,
        Column("medicare_plan", "2000/INS06-1", description="A, B, C both, D, E none"),
        Column("medicare_reason", "2000/INS06-2", description="0 age, 1 disability, 2 renal disease"),
        Column("employment_status", "2000/INS08", description="FT, PT, RT retired, TE terminated, L1 leave ..."),
        Column("student_status", "2000/INS09", description="F full-time, P part-time, N not"),
        Column("handicapped", "2000/INS10", description="Y or N"),
        Column("confidentiality", "2000/INS13", description="R restricted, U unrestricted"),
        Column("birth_sequence", "2000/INS17", "count", "order of birth of twins"),
        Column(
            "name_entity", "2100A/NM101", description="IL as before, 74 corrected: the old name is a party of 2100B"
        ),
        Column("name_prefix", "2100A/NM106", description="such as DR"),
        Column("name_suffix", "2100A/NM107", description="such as JR"),
        Column("address_2", "2100A/N302", description="second line of the address"),
        Column("country", "2100A/N404", description="empty for the United States"),
        Column("location_qualifier", "2100A/N405", description="CY county, 60 area"),
        Column("location", "2100A/N406", description="county or area under that qualifier"),
        Column("country_subdivision", "2100A/N407", description="subdivision of a foreign country"),
        Column("marital_status", "2100A/DMG04", description="M married, I single, D divorced ..."),
        Column("citizenship", "2100A/DMG06", description="1 citizen, 2 non-resident alien ..."),
        Column("race_collection_qualifier", "2100A/DMG10", description="REC: how race was found out"),
        Column("race_collection", "2100A/DMG11", description="self-reported or otherwise"),
        Column("income_frequency", "2100A/ICM01", description="1 weekly, 4 monthly, 7 annual ..."),
        Column("income_cents", "2100A/ICM02", "money", "wage in that time"),
        Column("work_hours", "2100A/ICM03", "decimal", "hours worked in that time"),
        Column("work_location", "2100A/ICM04", description="location code of the employer"),
        Column("salary_grade", "2100A/ICM05", description="grade of the employer"),
        Column("health_code", "2100A/HLH01", description="T tobacco, S substance abuse, N none ..."),
        Column("height", "2100A/HLH02", "decimal", "inches"),
        Column("weight", "2100A/HLH03", "decimal", "pounds"),
    ),
)

EMPLOYMENT_CLASS = Table(
    "enrollment_employment_class",
    ("2100A", "EC"),
    (Column("employment_class", "anchor/EC00", description="01 union, 17 salaried, 22 hourly ..."),),
    parent="enrollment_member",
    explode=(1, 3),
    description="A class of employees to which a member belongs (EC).",
)

RACE = Table(
    "enrollment_race",
    ("2100A|2100B", "DMG"),
    (
        LOOP,
        Column("race", "anchor/DMG00-1", description="race or ethnicity by X12's list"),
        Column("qualifier", "anchor/DMG00-2", description="RET: by the list of the CDC"),
        Column("code", "anchor/DMG00-3", description="race or ethnicity by that list"),
    ),
    parent="enrollment_member",
    explode=(5, 5),
    repetitions=True,
    description="A race or ethnicity of a member (DMG05).",
)

LANGUAGE = Table(
    "enrollment_language",
    ("2100A", "LUI"),
    (
        Column("qualifier", "anchor/LUI01", description="LD NISO, LE ISO 639"),
        Column("language", "anchor/LUI02", description="code of the language"),
        Column("language_name", "anchor/LUI03", description="in words"),
        Column("proficiency", "anchor/LUI04", description="5 reads, 6 writes, 7 speaks, 8 native"),
    ),
    parent="enrollment_member",
    extent="segment",
    description="A language of a member (LUI).",
)

DISABILITY = Table(
    "enrollment_disability",
    ("2200", "DSB"),
    (
        Column("kind", "anchor/DSB01", description="1 short term, 2 long term, 3 permanent, 4 none"),
        Column("diagnosis_qualifier", "anchor/DSB07", description="DX ICD-9-CM, ZZ ICD-10-CM"),
        Column("diagnosis", "anchor/DSB08", description="what disables the member"),
    ),
    parent="enrollment_member",
    description="A disability of a member (DSB).",
)

COMPLETE_COVERAGE = replace(
    COVERAGE,
    columns=(*COVERAGE.columns, Column("late_enrollment", "2300/HD09", description="Y: enrolled late")),
)

IDENTIFICATION_CARD = Table(
    "enrollment_identification_card",
    ("2300", "IDC"),
    (
        COVERAGE_ROW,
        Column("plan", "anchor/IDC01", description="plan coverage description"),
        Column("kind", "anchor/IDC02", description="D dental, H health, P prescription drugs"),
        Column("count", "anchor/IDC03", "quantity", "how many cards"),
        Column("action", "anchor/IDC04", description="1 add, 2 change, RX replace"),
    ),
    parent="enrollment_member",
    extent="segment",
    description="Identification cards to make for a coverage (IDC).",
)

PROVIDER = Table(
    "enrollment_provider",
    ("2310", "LX"),
    (
        Column("number", "2310/LX01", "count", "from 1 in each coverage"),
        Column("entity_code", "2310/NM101", description="P3 primary care, 3D obstetrics, QA pharmacy, FA facility ..."),
        Column("entity_type", "2310/NM102", description="1 person, 2 organisation"),
        Column("last_or_organization_name", "2310/NM103", description="last name, or name of the organisation"),
        Column("first_name", "2310/NM104", description="first name of a person"),
        Column("middle_name", "2310/NM105", description="middle name or initial"),
        Column("name_prefix", "2310/NM106", description="such as DR"),
        Column("name_suffix", "2310/NM107", description="such as JR"),
        Column("id_qualifier", "2310/NM108", description="XX national provider id, SV provider number ..."),
        Column("identifier", "2310/NM109", description="id under that qualifier"),
        Column("relation", "2310/NM110", description="25 established patient, 26 not, 72 unknown"),
        *(replace(column, source=column.source.replace("anchor", "2310")) for column in place_columns()),
        Column("change", "2310/PLA01", description="2: the provider changes"),
        Column("change_entity", "2310/PLA02", description="1P: provider"),
        Column("change_effective", "2310/PLA03", "day", "first day with this provider"),
        Column("change_reason", "2310/PLA05", description="AA dissatisfied with hours, 14 voluntary ..."),
    ),
    parent="enrollment_coverage",
    description="A provider whom a member chose for a coverage (LX, NM1, PLA); the street is apart.",
)

PROVIDER_STREET = Table(
    "enrollment_provider_street",
    ("2310", "N3"),
    (
        Column("address_1", "anchor/N301", description="street"),
        Column("address_2", "anchor/N302", description="second line"),
    ),
    parent="enrollment_provider",
    extent="segment",
    description="Address lines of a provider (N3), which may come twice.",
)

OTHER_COVERAGE = Table(
    "enrollment_other_coverage",
    ("2320", "COB"),
    (
        Column("responsibility", "anchor/COB01", description="P primary, S secondary, T tertiary, U unknown"),
        Column("group_number", "anchor/COB02", description="group or policy with the other insurer"),
        Column("coordination", "anchor/COB03", description="1 coordination, 5 unknown, 6 no coordination"),
    ),
    parent="enrollment_coverage",
    description="Another insurer's coverage of a member (COB).",
)

OTHER_COVERAGE_SERVICE = Table(
    "enrollment_other_coverage_service",
    ("2320", "COB"),
    (Column("service_type", "anchor/COB00", description="1 medical, 35 dental, 88 pharmacy ..."),),
    parent="enrollment_other_coverage",
    explode=(4, 4),
    repetitions=True,
    description="A kind of service that another insurer covers (COB04).",
)

PARTY = Table(
    "enrollment_party",
    ("2100B|2100C|2100D|2100E|2100F|2100G|2100H|2330", "NM1"),
    (
        Column(
            "loop",
            "anchor",
            description=(
                "2100B the member's old name, C mailing address, D employer, E school, F custodial parent, "
                "G responsible person, H drop-off, 2330 other insurer"
            ),
        ),
        COVERAGE_ROW,
        OTHER_COVERAGE_ROW,
        *name_columns(),
        PREFIX,
        *address_columns(),
        Column("birth_date", "anchor/DMG02", "day", "birth date as it was (2100B)"),
        Column("gender", "anchor/DMG03", description="F, M or U as it was (2100B)"),
        Column("marital_status", "anchor/DMG04", description="as it was (2100B)"),
        Column("citizenship", "anchor/DMG06", description="as it was (2100B)"),
        Column("race_collection_qualifier", "anchor/DMG10", description="REC: how race was found out (2100B)"),
        Column("race_collection", "anchor/DMG11", description="self-reported or otherwise (2100B)"),
    ),
    parent="enrollment_member",
    description="Somebody else who matters to a member, or another name or address of the member (NM1).",
)

CONTACT = Table(
    "enrollment_contact",
    ("2100A|2100D|2100E|2100F|2100G|2310|2330", "PER"),
    (LOOP, COVERAGE_ROW, PARTY_ROW, PROVIDER_ROW, *contact_columns()),
    parent="enrollment_member",
    extent="segment",
    description="How to reach a member, a party or a provider (PER).",
)

REFERENCE = Table(
    "enrollment_reference",
    ("HEADER|2000|2300|2320", "REF"),
    (LOOP, COVERAGE_ROW, OTHER_COVERAGE_ROW, *reference_columns()),
    parent="enrollment_member",
    extent="segment",
    description="A number (REF) of the file, a member, a coverage or another coverage.",
)

DATE = Table(
    "enrollment_date",
    ("HEADER|2000|2200|2300|2320", "DTP"),
    (
        LOOP,
        COVERAGE_ROW,
        OTHER_COVERAGE_ROW,
        Column("disability_row", "row/enrollment_disability", "row", "the disability that it is about"),
        *date_columns(),
    ),
    parent="enrollment_member",
    extent="segment",
    description="A date (DTP) of the file, a member, a disability, a coverage or another coverage.",
)

AMOUNT = Table(
    "enrollment_amount",
    ("2100A|2300", "AMT"),
    (LOOP, COVERAGE_ROW, *amount_columns()),
    parent="enrollment_member",
    extent="segment",
    description="An amount (AMT) of a member or a coverage: premium, copayment, deductible ...",
)

REPORTING_CATEGORY = Table(
    "enrollment_reporting_category",
    ("2700", "LX"),
    (
        Column("number", "2700/LX01", "count", "from 1 for each member"),
        Column("entity_code", "2750/N101", description="75: participant"),
        Column("name", "2750/N102", description="which category"),
        Column("qualifier", "2750/REF01", description="17 client reporting category, 00 contracting district ..."),
        Column("value", "2750/REF02", description="the member's value in the category"),
        Column("date_qualifier", "2750/DTP01", description="007 effective"),
        Column("date_format", "2750/DTP02", description="D8 day, RD8 range of days"),
        Column("first_day", "2750/DTP03", "day", "first day on which it holds"),
        Column("last_day", "2750/DTP03", "last_day", "last day on which it holds, where a range was sent"),
    ),
    parent="enrollment_member",
    description="A category by which the sponsor wants reports (LX, N1, REF, DTP under LS 2700).",
)

ENROLLMENT_TABLES = (
    COMPLETE_HEADER,
    ORGANIZATION,
    CONTROL_TOTAL,
    COMPLETE_MEMBER,
    EMPLOYMENT_CLASS,
    RACE,
    LANGUAGE,
    DISABILITY,
    COMPLETE_COVERAGE,
    IDENTIFICATION_CARD,
    PROVIDER,
    PROVIDER_STREET,
    OTHER_COVERAGE,
    OTHER_COVERAGE_SERVICE,
    PARTY,
    CONTACT,
    REFERENCE,
    DATE,
    AMOUNT,
    REPORTING_CATEGORY,
)
"""All that an 834 says, parents first."""
