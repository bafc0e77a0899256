"""What every 834 (005010X220A1) is about: one header a transaction set, members, and their coverages.

`edi.tables.enrollment_details` adds what is said more seldom.
"""

from __future__ import annotations

from edi.tables.parts import quantity_columns
from edi.tables.specification import Column, Table

HEADER = Table(
    "enrollment_header",
    ("HEADER", "BGN"),
    (
        Column("purpose", "HEADER/BGN01", description="00 original, 15 re-submission, 22 information copy"),
        Column("reference", "HEADER/BGN02", description="the sender's own number of the transaction"),
        Column("action", "HEADER/BGN08", description="2 change, 4 verify (full roster), RX replace"),
        Column("master_policy", "HEADER/REF[38]02", description="master policy number of the sponsor"),
        Column("as_of", "HEADER/DTP[007]03", "day", "effective date of the file"),
        Column("maintenance_effective", "HEADER/DTP[303]03", "day", "first day of what the file changes"),
        Column("created", "HEADER/BGN03", "day", "when the sender made it"),
        Column("original_reference", "HEADER/BGN06", description="reference of the transaction that this one repeats"),
        Column("sponsor_qualifier", "1000A/N103", description="FI tax id, 24 employer id, 94 or ZZ other"),
        Column("sponsor_id", "1000A/N104", description="the sponsor's id under that qualifier"),
        Column("payer_id", "1000B/N104", description="the insurer's id as the sponsor knows it"),
    ),
    description="An 834 transaction set (ST, BGN).",
)

MEMBER = Table(
    "enrollment_member",
    ("2000", "INS"),
    (
        Column("master_policy", "HEADER/REF[38]02", description="master policy number of the file's header"),
        Column("sponsor_id", "1000A/N104", description="sponsor of the file's header"),
        Column("is_subscriber", "2000/INS01", description="Y subscriber, N dependant"),
        Column("relationship_code", "2000/INS02", description="18 self, 01 spouse, 19 child ..."),
        Column("maintenance_type", "2000/INS03", description="001 change, 021 add, 024 end, 025 reinstate, 030 audit"),
        Column("maintenance_reason", "2000/INS04", description="03 death, 07 end of benefits, 28 first enrolment ..."),
        Column("benefit_status", "2000/INS05", description="A active, C COBRA, S surviving insured, T TEFRA"),
        Column("cobra_event", "2000/INS07", description="1 termination, 2 reduced hours, 5 divorce ..."),
        Column("subscriber_number", "2000/REF[0F]02", description="the subscriber's number; dependants repeat it"),
        Column("group_number", "2000/REF[1L]02", description="group or policy number of the member"),
        Column("last_name", "2100A/NM103", description="last name"),
        Column("first_name", "2100A/NM104", description="first name"),
        Column("middle_name", "2100A/NM105", description="middle name or initial"),
        Column("identifier_qualifier", "2100A/NM108", description="34 social security number, ZZ mutually agreed"),
        Column("identifier", "2100A/NM109", description="sensitive: often the social security number"),
        Column("birth_date", "2100A/DMG02", "day", "birth date"),
        Column("gender", "2100A/DMG03", description="F, M or U"),
        Column("address", "2100A/N301", description="street of residence"),
        Column("city", "2100A/N401", description="city of residence"),
        Column("state", "2100A/N402", description="state of residence"),
        Column("zip", "2100A/N403", description="postal code of residence"),
        Column("eligibility_begin", "2000/DTP[356]03", "day", "first day of eligibility"),
        Column("eligibility_end", "2000/DTP[357]03", "day", "end of eligibility as sent"),
        Column("maintenance_effective", "2000/DTP[303]03", "day", "first day of what this row changes"),
        Column("cobra_begin", "2000/DTP[340]03", "day", "first day of continued coverage"),
        Column("cobra_end", "2000/DTP[341]03", "day", "end of continued coverage as sent"),
        Column("death_date", "2000/INS12", "day", "when the member died"),
    ),
    description="A member (INS) with name, address and dates.",
)

COVERAGE = Table(
    "enrollment_coverage",
    ("2300", "HD"),
    (
        Column("maintenance_type", "2300/HD01", description="as INS03; 002 means that it never was"),
        Column("insurance_line", "2300/HD03", description="HLT, HMO, PPO, DEN, VIS ..."),
        Column("plan_code", "2300/HD04", description="the sponsor's code of the plan"),
        Column("tier", "2300/HD05", description="EMP, ESP, ECH, FAM ..."),
        Column("begin", "2300/DTP[348]03", "day", "first day of benefits"),
        Column("end", "2300/DTP[349]03", "day", "end of benefits as sent; the group says whether it is still covered"),
        Column("maintenance_effective", "2300/DTP[303]03", "day", "first day of what this row changes"),
    ),
    parent="enrollment_member",
    description="A line of coverage of a member (HD).",
)

CONTROL_TOTAL = Table(
    "enrollment_control_total",
    ("HEADER", "QTY"),
    quantity_columns(),
    extent="segment",
    description="How many the sender says are in the file (QTY): TO all, ET employees, DT dependants.",
)
