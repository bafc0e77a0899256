"""What an 834 says of members besides who they are and what covers them.

Each row is a statement that a file made. It is in force until a file says otherwise: then it is superseded, never
changed. A file that repeats it leaves no trace, and what a file does not speak of stays. `loop` says where in the
guide it stood; `insurance_line` and `plan_code` are those of the coverage (HD) under which it stood, empty for what
is about the member.
"""

from __future__ import annotations

from typing import cast

from sqlalchemy import BigInteger, Column, Date, ForeignKey, Index, Integer, Numeric, Table, Text
from sqlalchemy.dialects.postgresql import DATERANGE

from loaders.schema.metadata import instant, metadata, source_range, surrogate_key


def _recorded() -> tuple[Column[object], ...]:
    """When and from where we came to know it, and came to know better."""
    start, stop = source_range()
    return (
        instant("recorded_at", nullable=False, comment="when we came to know it"),
        instant("superseded_at", comment="when we came to know better; empty while it is in force"),
        Column("file_id", BigInteger, ForeignKey("file.file_id"), nullable=False, comment="file that said so"),
        Column("superseded_by", BigInteger, ForeignKey("file.file_id"), comment="file that said otherwise"),
        cast("Column[object]", start),
        cast("Column[object]", stop),
    )


def _statement(name: str, comment: str, *columns: Column[object]) -> Table:
    """A table of statements about members."""
    return Table(
        name,
        metadata,
        surrogate_key("statement_id"),
        Column("member_id", BigInteger, ForeignKey("member.member_id"), nullable=False),
        *columns,
        *_recorded(),
        Index(f"ix_{name}_member_id", "member_id"),
        comment=comment,
    )


def _text(name: str, comment: str | None = None) -> Column[object]:
    return Column(name, Text, comment=comment)


def _number(name: str, comment: str) -> Column[object]:
    return Column(name, Integer, comment=comment)


def _place() -> tuple[Column[object], ...]:
    return (
        _text("loop", "2000, 2300 ..."),
        _text("insurance_line", "HD03 of the coverage that it is about"),
        _text("plan_code", "HD04 of that coverage"),
    )


OTHER_COVERAGE = "the other insurer's coverage that it is about: its ordinal"

member_reference = _statement(
    "member_reference",
    "Numbers (REF) of members and coverages",
    *_place(),
    _number("other_coverage", OTHER_COVERAGE),
    _text("qualifier", "REF01"),
    _text("value", "REF02; of a social security number (SY) the keyed hash"),
)

member_date = _statement(
    "member_date",
    "Dates (DTP) of members and coverages; those of eligibility and benefits stand in the member and its spans",
    *_place(),
    _number("other_coverage", OTHER_COVERAGE),
    _number("disability", "the disability that it is about: its ordinal"),
    _text("qualifier", "DTP01"),
    _text("format", "DTP02"),
    _text("value", "DTP03 as sent"),
    Column("first_day", Date, comment="the day, or the first of a range"),
    Column("last_day", Date, comment="the day, or the last of a range"),
)

member_amount = _statement(
    "member_amount",
    "Amounts (AMT) of members and coverages: premium, copayment, deductible",
    *_place(),
    _text("qualifier", "AMT01"),
    Column("amount_cents", BigInteger, comment="exact cents"),
)

member_party = _statement(
    "member_party",
    "Other people, organisations, names and addresses of members (NM1)",
    *_place(),
    _number("other_coverage", OTHER_COVERAGE),
    _number("ordinal", "order in its loop, from 1"),
    _text("entity_code", "NM101"),
    _text("entity_type", "NM102"),
    _text("last_or_organization_name", "NM103"),
    _text("first_name", "NM104"),
    _text("middle_name", "NM105"),
    _text("name_prefix", "NM106"),
    _text("name_suffix", "NM107"),
    _text("id_qualifier", "NM108"),
    _text("identifier", "NM109; of a social security number (34) the keyed hash"),
    _text("address_1", "N301"),
    _text("address_2", "N302"),
    _text("city", "N401"),
    _text("state", "N402"),
    _text("zip", "N403"),
    _text("country", "N404"),
    _text("country_subdivision", "N407"),
    Column("birth_date", Date, comment="DMG02 (2100B)"),
    _text("gender", "DMG03 (2100B)"),
    _text("marital_status", "DMG04 (2100B)"),
    _text("citizenship", "DMG06 (2100B)"),
    _text("race_collection_qualifier", "DMG10 (2100B)"),
    _text("race_collection", "DMG11 (2100B)"),
)

member_contact = _statement(
    "member_contact",
    "How members, parties and providers are reached (PER)",
    *_place(),
    _number("other_coverage", OTHER_COVERAGE),
    _number("party", "the party or provider who is reached: its ordinal; empty for the member"),
    _text("function", "PER01"),
    _text("name", "PER02"),
    _text("qualifier_1", "PER03"),
    _text("number_1", "PER04"),
    _text("qualifier_2", "PER05"),
    _text("number_2", "PER06"),
    _text("qualifier_3", "PER07"),
    _text("number_3", "PER08"),
)

member_trait = _statement(
    "member_trait",
    "Employment class (EC), race and ethnicity (DMG05), languages (LUI), late enrolment (HD09)",
    _text("kind", "employment_class, race, language or late_enrollment"),
    *_place(),
    _text("value", "the class; race by X12's list; HD09"),
    _text("qualifier", "whose code it is: RET, LD, LE"),
    _text("code", "race by the list of the CDC; language"),
    _text("name", "language in words"),
    _text("proficiency", "LUI04"),
)

member_disability = _statement(
    "member_disability",
    "Disabilities (DSB)",
    _number("ordinal", "order sent, from 1"),
    _text("kind", "DSB01"),
    _text("diagnosis_qualifier", "DSB07"),
    _text("diagnosis", "DSB08"),
)

member_reporting_category = _statement(
    "member_reporting_category",
    "Categories by which the sponsor wants reports (2700, 2750)",
    Column("number", BigInteger, comment="LX01"),
    _text("entity_code", "N101"),
    _text("name", "N102"),
    _text("qualifier", "REF01"),
    _text("value", "REF02"),
    _text("date_qualifier", "DTP01"),
    _text("date_format", "DTP02"),
    Column("first_day", Date, comment="DTP03, or the first day of its range"),
    Column("last_day", Date, comment="DTP03, or the last day of its range"),
)

member_card = _statement(
    "member_card",
    "Identification cards that were asked for (IDC)",
    *_place(),
    _text("plan", "IDC01"),
    _text("kind", "IDC02"),
    Column("count", Numeric(15, 3), comment="IDC03"),
    _text("action", "IDC04"),
)

member_other_coverage = _statement(
    "member_other_coverage",
    "Other insurers' coverage of members (COB); who they are is in member_party, since when in member_date",
    *_place(),
    _number("ordinal", "order in its coverage, from 1"),
    _text("responsibility", "COB01: P primary, S secondary, T tertiary, U unknown"),
    _text("group_number", "COB02"),
    _text("coordination", "COB03: 1 coordination, 5 unknown, 6 none"),
    _text("service_types", "COB04, with blanks between"),
)

member_provider = _statement(
    "member_provider",
    "Providers whom members chose (2310), with the days for which they are chosen",
    *_place(),
    _text("entity_code", "NM101: P3 primary care, 3D obstetrics, QA pharmacy ..."),
    _text("entity_type", "NM102"),
    _text("last_or_organization_name", "NM103"),
    _text("first_name", "NM104"),
    _text("middle_name", "NM105"),
    _text("name_prefix", "NM106"),
    _text("name_suffix", "NM107"),
    _text("id_qualifier", "NM108"),
    _text("identifier", "NM109; of a social security number (34) the keyed hash"),
    _text("relation", "NM110: 25 established patient, 26 not, 72 unknown"),
    _text("address", "N3: its lines, with line breaks between"),
    _text("city", "N401"),
    _text("state", "N402"),
    _text("zip", "N403"),
    _text("country", "N404"),
    _text("country_subdivision", "N407"),
    Column("number", BigInteger, comment="LX01"),
    _text("change", "PLA01"),
    _text("change_entity", "PLA02"),
    Column("change_effective", Date, comment="PLA03"),
    _text("change_reason", "PLA05"),
    Column("valid", DATERANGE, nullable=False, comment="days, upper end exclusive, open when unbounded"),
)

enrollment_set = Table(
    "enrollment_set",
    metadata,
    Column("set_key", BigInteger, ForeignKey("transaction_set.set_key"), primary_key=True, autoincrement=False),
    _text("purpose", "BGN01"),
    _text("reference", "BGN02"),
    Column("created", Date, comment="BGN03"),
    _text("created_at", "BGN04"),
    _text("time_zone", "BGN05"),
    _text("original_reference", "BGN06"),
    _text("action", "BGN08"),
    _text("master_policy", "REF*38"),
    Column("as_of", Date, comment="DTP*007"),
    *source_range(),
    comment="The headers of 834 transaction sets",
)

enrollment_set_detail = Table(
    "enrollment_set_detail",
    metadata,
    surrogate_key("detail_id"),
    Column("set_key", BigInteger, ForeignKey("transaction_set.set_key"), nullable=False),
    Column("kind", Text, nullable=False, comment="organization (N1, ACT), total (QTY), reference (REF) or date (DTP)"),
    _text("loop", "HEADER, 1000A sponsor, 1000B insurer, 1000C broker or administrator"),
    _text("qualifier", "N101, QTY01, REF01 or DTP01"),
    _text("name", "N102"),
    _text("id_qualifier", "N103"),
    _text("value", "N104, REF02 or DTP03"),
    _text("account_number", "ACT01"),
    _text("account_number_2", "ACT06"),
    Column("quantity", Numeric(15, 3), comment="QTY02"),
    _text("format", "DTP02"),
    Column("first_day", Date, comment="DTP03, or the first day of its range"),
    Column("last_day", Date, comment="DTP03, or the last day of its range"),
    *source_range(),
    Index("ix_enrollment_set_detail_set_key", "set_key"),
    comment="What the headers of 834 transaction sets say of sponsor, insurer, brokers, totals and dates",
)
