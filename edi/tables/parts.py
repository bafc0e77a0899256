"""Columns that tables of several guides share: control numbers, people and organisations, addresses, dates."""

from __future__ import annotations

from edi.tables.specification import Column


def header_columns() -> tuple[Column, ...]:
    """Which transaction set it is."""
    return (
        Column("control_number", "ST_LOOP/ST02", description="the sender's number of the transaction set"),
        Column("guide", "ST_LOOP/ST03", description="implementation guide as the set names it"),
    )


def hierarchy_columns() -> tuple[Column, ...]:
    """The three numbers of a hierarchical transaction set (BHT), whose fourth is the reader's."""
    return (
        Column("structure", "HEADER/BHT01", description="order of the levels"),
        Column("purpose", "HEADER/BHT02", description="00 original, 18 reissue, 08 status"),
        Column("reference", "HEADER/BHT03", description="the sender's number of the batch"),
        Column("created", "HEADER/BHT04", "day", "when the sender made it"),
        Column("created_at", "HEADER/BHT05", "time", "at what time"),
        Column("kind", "HEADER/BHT06", description="CH chargeable, RP encounter, 31 subrogation, TH acknowledgment"),
    )


def level_columns() -> tuple[Column, ...]:
    """A hierarchical level (HL)."""
    return (
        Column("level", "anchor/HL01", "count", "number of the level in its transaction set"),
        Column("parent_level", "anchor/HL02", "count", "number of the level above it"),
        Column(
            "level_code", "anchor/HL03", description="20 source, 21 receiver, 19 provider, 22 subscriber, 23 patient"
        ),
        Column("has_children", "anchor/HL04", description="1 where levels follow under it, else 0"),
    )


def name_columns() -> tuple[Column, ...]:
    """A person or an organisation (NM1)."""
    return (
        Column("entity_code", "anchor/NM101", description="85 billing provider, IL subscriber, 82 rendering ..."),
        Column("entity_type", "anchor/NM102", description="1 person, 2 organisation"),
        Column("last_or_organization_name", "anchor/NM103", description="last name, or name of the organisation"),
        Column("first_name", "anchor/NM104", description="first name of a person"),
        Column("middle_name", "anchor/NM105", description="middle name or initial"),
        Column("name_suffix", "anchor/NM107", description="such as JR"),
        Column("id_qualifier", "anchor/NM108", description="XX national provider id, MI member id ..."),
        Column("identifier", "anchor/NM109", description="id under that qualifier"),
    )


def organization_columns() -> tuple[Column, ...]:
    """An organisation (N1)."""
    return (
        Column("entity_code", "anchor/N101", description="PR payer, PE payee, P5 sponsor, IN insurer, BO broker ..."),
        Column("name", "anchor/N102", description="name of the organisation"),
        Column("id_qualifier", "anchor/N103", description="FI tax id, XV plan id, XX national provider id ..."),
        Column("identifier", "anchor/N104", description="id under that qualifier"),
    )


def address_columns() -> tuple[Column, ...]:
    """Street and place (N3, N4)."""
    return (
        Column("address_1", "anchor/N301", description="street"),
        Column("address_2", "anchor/N302", description="second line"),
        *place_columns(),
    )


def place_columns() -> tuple[Column, ...]:
    """City, state and country (N4)."""
    return (
        Column("city", "anchor/N401", description="city"),
        Column("state", "anchor/N402", description="state or province"),
        Column("zip", "anchor/N403", description="postal code"),
        Column("country", "anchor/N404", description="country, empty for the United States"),
        Column("country_subdivision", "anchor/N407", description="subdivision of a foreign country"),
    )


def demographic_columns() -> tuple[Column, ...]:
    """Birth date and gender (DMG)."""
    return (
        Column("birth_date", "anchor/DMG02", "day", "birth date"),
        Column("gender", "anchor/DMG03", description="F, M or U"),
    )


def specialty_columns() -> tuple[Column, ...]:
    """Role and specialty of a provider (PRV)."""
    return (
        Column("provider_role", "anchor/PRV01", description="BI billing, PE performing, AT attending ..."),
        Column("taxonomy_qualifier", "anchor/PRV02", description="PXC: provider taxonomy"),
        Column("taxonomy", "anchor/PRV03", description="specialty"),
    )


def contact_columns() -> tuple[Column, ...]:
    """Whom to ask and how (PER)."""
    return (
        Column("function", "anchor/PER01", description="IC information, CX claims, BL technical, IP insured ..."),
        Column("name", "anchor/PER02", description="whom to ask for"),
        Column("qualifier_1", "anchor/PER03", description="TE telephone, EM e-mail, FX fax, EX extension, UR web ..."),
        Column("number_1", "anchor/PER04", description="number or address under the first qualifier"),
        Column("qualifier_2", "anchor/PER05", description="as the first"),
        Column("number_2", "anchor/PER06", description="number or address under the second qualifier"),
        Column("qualifier_3", "anchor/PER07", description="as the first"),
        Column("number_3", "anchor/PER08", description="number or address under the third qualifier"),
    )


def reference_columns() -> tuple[Column, ...]:
    """A number that somebody gave (REF)."""
    return (
        Column(
            "qualifier", "anchor/REF01", description="whose number and of what: F8 payer's claim number, EI tax id ..."
        ),
        Column("value", "anchor/REF02", description="the number"),
    )


def date_columns() -> tuple[Column, ...]:
    """A date, range or time (DTP) as sent and as its parts."""
    return (
        Column("qualifier", "anchor/DTP01", description="what happened then: 472 service, 348 benefit begin ..."),
        Column("format", "anchor/DTP02", description="D8 day, RD8 range of days, DT day and time, TM time"),
        Column("value", "anchor/DTP03", description="as sent"),
        Column("first_day", "anchor/DTP03", "day", "the day, or the first of the range; empty for a time"),
        Column("last_day", "anchor/DTP03", "last_day", "the day, or the last of the range; empty for a time"),
        Column("time_of_day", "anchor/DTP03", "day_time", "time of a day with time (DT)"),
    )


def amount_columns() -> tuple[Column, ...]:
    """An amount of money of a kind (AMT)."""
    return (
        Column("qualifier", "anchor/AMT01", description="which amount: F5 patient paid, D payer paid, T tax ..."),
        Column("amount_cents", "anchor/AMT02", "money", "the amount"),
    )


def quantity_columns() -> tuple[Column, ...]:
    """A quantity of a kind (QTY)."""
    return (
        Column("qualifier", "anchor/QTY01", description="what is counted: PT patients, CA covered days ..."),
        Column("quantity", "anchor/QTY02", "quantity", "how many"),
    )


def adjustment_columns() -> tuple[Column, ...]:
    """Why less (or more) was paid than charged: one reason of a CAS, in a table that explodes it by `ADJUSTMENTS`."""
    return (
        Column("group_code", "anchor/CAS01", description="CO contract, PR patient, OA other, PI payer, CR correction"),
        Column("reason_code", "anchor/CAS00", description="claim adjustment reason code"),
        Column("amount_cents", "anchor/CAS00+1", "money", "charge less payment, for this reason"),
        Column("quantity", "anchor/CAS00+2", "quantity", "units adjusted"),
    )


ADJUSTMENTS = (2, 19, 3)
"""CAS02 to CAS19 in threes: reason, amount, quantity."""


def procedure_columns(element: str, prefix: str = "", *, described: bool = True) -> tuple[Column, ...]:
    """A procedure with its modifiers (composite C003), such as `anchor/SVC01`."""
    description = Column(f"{prefix}procedure_description", f"{element}-7", description="in words")
    return (
        Column(f"{prefix}procedure_qualifier", f"{element}-1", description="HC HCPCS or CPT, AD dental, N4 drug ..."),
        Column(f"{prefix}procedure_code", f"{element}-2", description="what was done"),
        *(
            Column(f"{prefix}modifier_{number}", f"{element}-{number + 2}", description="procedure modifier")
            for number in range(1, 5)
        ),
        *((description,) if described else ()),
    )


def inpatient_columns() -> tuple[Column, ...]:
    """What a payer says of an inpatient claim (MIA); operating and capital payments are those of Medicare."""
    return (
        Column("inpatient_covered_days", "anchor/MIA01", "quantity", "days or visits covered"),
        Column("inpatient_psychiatric_days", "anchor/MIA03", "quantity", "lifetime psychiatric days"),
        Column("inpatient_drg_amount_cents", "anchor/MIA04", "money", "DRG payment"),
        Column("inpatient_remark_1", "anchor/MIA05", description="remark code"),
        Column("inpatient_disproportionate_share_cents", "anchor/MIA06", "money", "for serving many poor patients"),
        Column("inpatient_msp_pass_through_cents", "anchor/MIA07", "money", "Medicare secondary payer pass-through"),
        Column("inpatient_capital_cents", "anchor/MIA08", "money", "capital payment"),
        Column("inpatient_capital_federal_cents", "anchor/MIA09", "money", "capital payment, federal part"),
        Column("inpatient_capital_hospital_cents", "anchor/MIA10", "money", "capital payment, hospital part"),
        Column(
            "inpatient_capital_disproportionate_share_cents",
            "anchor/MIA11",
            "money",
            "capital payment for serving many poor",
        ),
        Column("inpatient_old_capital_cents", "anchor/MIA12", "money", "old capital payment"),
        Column("inpatient_capital_teaching_cents", "anchor/MIA13", "money", "capital payment, indirect teaching"),
        Column("inpatient_operating_hospital_cents", "anchor/MIA14", "money", "operating payment, hospital part"),
        Column("inpatient_cost_report_days", "anchor/MIA15", "quantity", "cost report days"),
        Column("inpatient_operating_federal_cents", "anchor/MIA16", "money", "operating payment, federal part"),
        Column("inpatient_capital_outlier_cents", "anchor/MIA17", "money", "capital payment, outlier"),
        Column("inpatient_indirect_teaching_cents", "anchor/MIA18", "money", "indirect teaching"),
        Column("inpatient_professional_component_cents", "anchor/MIA19", "money", "professional component, paid apart"),
        Column("inpatient_remark_2", "anchor/MIA20", description="remark code"),
        Column("inpatient_remark_3", "anchor/MIA21", description="remark code"),
        Column("inpatient_remark_4", "anchor/MIA22", description="remark code"),
        Column("inpatient_remark_5", "anchor/MIA23", description="remark code"),
        Column("inpatient_capital_exception_cents", "anchor/MIA24", "money", "capital payment, exception"),
    )


def outpatient_columns() -> tuple[Column, ...]:
    """What a payer says of an outpatient claim (MOA)."""
    return (
        Column("outpatient_reimbursement_rate", "anchor/MOA01", "decimal", "share that is paid"),
        Column("outpatient_hcpcs_payable_cents", "anchor/MOA02", "money", "payable for HCPCS services"),
        *(
            Column(f"outpatient_remark_{number}", f"anchor/MOA{number + 2:02}", description="remark code")
            for number in range(1, 6)
        ),
        Column("outpatient_esrd_cents", "anchor/MOA08", "money", "end-stage renal disease payment"),
        Column(
            "outpatient_professional_component_cents", "anchor/MOA09", "money", "professional component, paid apart"
        ),
    )
