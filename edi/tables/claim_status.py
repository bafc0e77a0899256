"""The complete tables of a 277CA (005010X214): which batches, providers' batches, claims and lines were accepted."""

from __future__ import annotations

from edi.tables.parts import (
    amount_columns,
    date_columns,
    header_columns,
    hierarchy_columns,
    level_columns,
    name_columns,
    procedure_columns,
    quantity_columns,
    reference_columns,
)
from edi.tables.specification import Column, Table

SERVICE_ROW = Column("service_row", "row/claim_status_service", "row", "the service line that it is about")
LOOP = Column("loop", "anchor", description="2200A payer, 2200B receiver, 2200C provider, 2200D claim, 2220D line")

BATCH = Table(
    "claim_status_batch",
    ("HEADER", "BHT"),
    (*header_columns(), *hierarchy_columns()),
    description="A 277CA transaction set (ST, BHT).",
)

LEVEL = Table(
    "claim_status_level",
    ("2000A|2000B|2000C|2000D", "HL"),
    (
        Column("loop", "anchor", description="2000A payer, 2000B receiver, 2000C provider, 2000D patient"),
        *level_columns(),
    ),
    description="A hierarchical level (HL): payer, information receiver, billing provider or patient.",
)

PARTY = Table(
    "claim_status_party",
    ("2100A|2100B|2100C|2100D", "NM1"),
    (
        Column("loop", "anchor", description="2100A payer, 2100B receiver, 2100C provider, 2100D patient"),
        *name_columns(),
        Column("name_prefix", "anchor/NM106", description="such as DR"),
    ),
    parent="claim_status_level",
    description="Who stands at a level (NM1).",
)

TRACE = Table(
    "claim_status_trace",
    ("2200A|2200B|2200C|2200D", "TRN"),
    (
        LOOP,
        Column("kind", "anchor/TRN01", description="1 this transaction's number, 2 the number of what is answered"),
        Column("trace_number", "anchor/TRN02", description="2200B batch (BHT03), 2200D patient control number (CLM01)"),
    ),
    parent="claim_status_level",
    description="What is answered (TRN): a batch, a provider's claims, or a claim.",
)

SERVICE = Table(
    "claim_status_service",
    ("2220D", "SVC"),
    (
        *procedure_columns("anchor/SVC01", described=False),
        Column("charge_cents", "anchor/SVC02", "money", "charge of the line"),
        Column("revenue_code", "anchor/SVC04", description="kind of hospital service"),
        Column("quantity", "anchor/SVC07", "quantity", "units submitted"),
    ),
    parent="claim_status_trace",
    description="A service line that is answered (SVC).",
)


def _status(element: int, number: int) -> tuple[Column, ...]:
    """A status of up to three that one STC gives."""
    return (
        Column(
            f"category_{number}", f"anchor/STC{element:02}-1", description="A1 received, A2 accepted, A3 rejected ..."
        ),
        Column(f"status_{number}", f"anchor/STC{element:02}-2", description="claim status code"),
        Column(f"entity_{number}", f"anchor/STC{element:02}-3", description="whom the status is about: 85, IL, PR ..."),
    )


STATUS = Table(
    "claim_status",
    ("2200B|2200C|2200D|2220D", "STC"),
    (
        LOOP,
        SERVICE_ROW,
        *_status(1, 1),
        Column("effective", "anchor/STC02", "day", "since when"),
        Column("action", "anchor/STC03", description="WQ accepted, U rejected"),
        Column("charge_cents", "anchor/STC04", "money", "charge of the claim or the batch"),
        *_status(10, 2),
        *_status(11, 3),
        Column("message", "anchor/STC12", description="in words"),
    ),
    parent="claim_status_trace",
    extent="segment",
    description="Accepted or rejected, and why (STC).",
)

REFERENCE = Table(
    "claim_status_reference",
    ("2200C|2200D|2220D", "REF"),
    (LOOP, SERVICE_ROW, *reference_columns()),
    parent="claim_status_trace",
    extent="segment",
    description="A number (REF) of a provider, a claim or a line: 1K payer's claim number, D9 clearinghouse trace ...",
)

DATE = Table(
    "claim_status_date",
    ("2200A|2200D|2220D", "DTP"),
    (LOOP, SERVICE_ROW, *date_columns()),
    parent="claim_status_trace",
    extent="segment",
    description="A date (DTP): 050 received, 009 processed, 472 service.",
)

QUANTITY = Table(
    "claim_status_quantity",
    ("2200B|2200C", "QTY"),
    (LOOP, *quantity_columns()),
    parent="claim_status_trace",
    extent="segment",
    description="How many claims were accepted (90, QA) or rejected (AA, QC) (QTY).",
)

AMOUNT = Table(
    "claim_status_amount",
    ("2200B|2200C", "AMT"),
    (LOOP, *amount_columns()),
    parent="claim_status_trace",
    extent="segment",
    description="Charges accepted (YU) or rejected (YY) (AMT).",
)

CLAIM_STATUS_TABLES = (BATCH, LEVEL, PARTY, TRACE, SERVICE, STATUS, REFERENCE, DATE, QUANTITY, AMOUNT)
"""All that a 277CA says, parents first. A row's trace is its parent."""
