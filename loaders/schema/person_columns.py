"""What is known of a person: columns that the current state of a member and its earlier states share."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, Numeric, Text


def person_columns() -> tuple[Column[object], ...]:
    """New columns, in the order of both tables."""
    return (
        Column("group_id", Text, nullable=False, comment="employer group of config/"),
        Column("subscriber_number", Text, nullable=False, comment="REF*0F; the member id on cards and claims"),
        Column("member_suffix", Integer, nullable=False, comment="ours: tells the members of a subscriber apart"),
        Column(
            "first_name_key", Text, nullable=False, comment="first name, upper case, letters only: tells twins apart"
        ),
        Column("birth_date", Date, nullable=False, comment="DMG02"),
        Column("birth_sequence", BigInteger, comment="INS17: tells twins without names apart"),
        Column("ssn_hash", Text, comment="keyed hash of the social security number, which itself is not kept"),
        Column("sender_number", Text, comment="2100A NM109 under ZZ"),
        Column("is_subscriber", Boolean, nullable=False, comment="INS01 = Y"),
        Column("relationship_code", Text, nullable=False, comment="INS02"),
        Column("last_name", Text, nullable=False, comment="2100A NM103"),
        Column("first_name", Text, nullable=False, comment="2100A NM104"),
        Column("middle_name", Text, comment="2100A NM105"),
        Column("name_prefix", Text, comment="2100A NM106"),
        Column("name_suffix", Text, comment="2100A NM107"),
        Column("gender", Text, comment="DMG03"),
        *(_words(name) for name in WORDS),
        Column("death_date", Date, comment="INS12"),
        Column("eligibility_begin", Date, comment="DTP*356"),
        Column("eligibility_end", Date, comment="DTP*357, goes with the DTP*356 that came last"),
        Column("income_cents", BigInteger, comment="ICM02, exact cents"),
        Column("work_hours", Numeric(18, 6), comment="ICM03"),
        Column("height", Numeric(18, 6), comment="HLH02, inches"),
        Column("weight", Numeric(18, 6), comment="HLH03, pounds"),
    )


WORDS = {
    "address": "2100A N301",
    "address_2": "2100A N302",
    "city": "2100A N401",
    "state": "2100A N402",
    "zip": "2100A N403",
    "country": "2100A N404",
    "location_qualifier": "2100A N405",
    "location": "2100A N406",
    "country_subdivision": "2100A N407",
    "group_number": "REF*1L of the member",
    "benefit_status": "INS05: A active, C COBRA, S surviving insured, T TEFRA",
    "medicare_plan": "INS06-1",
    "medicare_reason": "INS06-2",
    "cobra_event": "INS07",
    "employment_status": "INS08",
    "student_status": "INS09",
    "handicapped": "INS10",
    "confidentiality": "INS13",
    "marital_status": "DMG04",
    "citizenship": "DMG06",
    "race_collection_qualifier": "DMG10",
    "race_collection": "DMG11",
    "income_frequency": "ICM01",
    "work_location": "ICM04",
    "salary_grade": "ICM05",
    "health_code": "HLH01",
}
"""Text that is kept as it was sent last, by column: where it stands in the 834."""

FACTS = (
    "relationship_code",
    "sender_number",
    "last_name",
    "middle_name",
    "name_prefix",
    "name_suffix",
    "gender",
    *WORDS,
    "death_date",
    "income_cents",
    "work_hours",
    "height",
    "weight",
)
"""Columns of which nothing sent means nothing changed; the others have laws of their own."""


def _words(name: str) -> Column[object]:
    return Column(name, Text, comment=WORDS[name])
