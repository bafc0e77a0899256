"""The complete tables of an 837 above its claims: the batch, its hierarchy, and who stands in it.

What is said of a billing provider, subscriber or patient belongs to a hierarchical level; a claim's parent is the
level under which it stands, and `level` and `parent_level` lead from there up to the billing provider.
"""

from __future__ import annotations

from edi.tables.parts import (
    address_columns,
    contact_columns,
    demographic_columns,
    header_columns,
    hierarchy_columns,
    level_columns,
    name_columns,
    reference_columns,
    specialty_columns,
)
from edi.tables.specification import Column, Table

HIERARCHY_PARTY_LOOPS = "1000A|1000B|2010AA|2010AB|2010AC|2010BA|2010BB|2010CA"

CLAIM_BATCH = Table(
    "claim_batch",
    ("HEADER", "BHT"),
    (*header_columns(), *hierarchy_columns()),
    description="An 837 transaction set (ST, BHT).",
)


def insurance_columns() -> tuple[Column, ...]:
    """Whose insurance pays and in which order (SBR)."""
    return (
        Column("payer_responsibility", "anchor/SBR01", description="P primary, S secondary, T tertiary ..."),
        Column("individual_relationship", "anchor/SBR02", description="18 self, 01 spouse, 19 child ..."),
        Column("group_number", "anchor/SBR03", description="the subscriber's group or policy number"),
        Column("group_name", "anchor/SBR04", description="name of that group"),
        Column("insurance_type", "anchor/SBR05", description="why Medicare is secondary: 12 working aged ..."),
        Column("filing_indicator", "anchor/SBR09", description="CI commercial, MB Medicare part B ..."),
    )


CLAIM_HIERARCHY = Table(
    "claim_hierarchy",
    ("2000A|2000B|2000C", "HL"),
    (
        Column("loop", "anchor", description="2000A billing provider, 2000B subscriber, 2000C patient"),
        *level_columns(),
        *specialty_columns(),
        Column("currency_entity", "anchor/CUR01", description="85: in the billing provider's currency"),
        Column("currency", "anchor/CUR02", description="currency of the charges, empty for US dollars"),
        *insurance_columns(),
        Column("patient_relationship", "anchor/PAT01", description="of the patient to the subscriber: 19 child ..."),
        Column("death_date", "anchor/PAT06", "day", "when the patient died"),
        Column("weight_unit", "anchor/PAT07", description="01: pounds"),
        Column("weight", "anchor/PAT08", "decimal", "of the patient"),
        Column("pregnant", "anchor/PAT09", description="Y: the patient is pregnant"),
    ),
    description="A hierarchical level (HL): billing provider, subscriber or patient.",
)

CLAIM_HIERARCHY_PARTY = Table(
    "claim_hierarchy_party",
    (HIERARCHY_PARTY_LOOPS, "NM1"),
    (
        Column("loop", "anchor", description="1000A submitter, 2010AA billing provider, 2010BA subscriber ..."),
        *name_columns(),
        *address_columns(),
        *demographic_columns(),
    ),
    parent="claim_hierarchy",
    description="A party above the claims (NM1); submitter and receiver belong to no level.",
)

CLAIM_HIERARCHY_REFERENCE = Table(
    "claim_hierarchy_reference",
    (HIERARCHY_PARTY_LOOPS, "REF"),
    (
        Column("loop", "anchor", description="whose: 2010AA billing provider ..."),
        Column("party_row", "row/claim_hierarchy_party", "row", "the party whose number it is"),
        *reference_columns(),
    ),
    parent="claim_hierarchy",
    extent="segment",
    description="A number of a party above the claims (REF): tax id, licence, property and casualty claim ...",
)

CLAIM_HIERARCHY_CONTACT = Table(
    "claim_hierarchy_contact",
    (HIERARCHY_PARTY_LOOPS, "PER"),
    (
        Column("loop", "anchor", description="whose: 1000A submitter ..."),
        Column("party_row", "row/claim_hierarchy_party", "row", "the party to contact"),
        *contact_columns(),
    ),
    parent="claim_hierarchy",
    extent="segment",
    description="How to reach a party above the claims (PER).",
)

CLAIM_BATCH_TABLES = (
    CLAIM_BATCH,
    CLAIM_HIERARCHY,
    CLAIM_HIERARCHY_PARTY,
    CLAIM_HIERARCHY_REFERENCE,
    CLAIM_HIERARCHY_CONTACT,
)
