"""The complete tables of an 835 (005010X221A1): payment, claims, services, and everything that adjusts them."""

from __future__ import annotations

from edi.tables.parts import (
    ADJUSTMENTS,
    address_columns,
    adjustment_columns,
    amount_columns,
    contact_columns,
    inpatient_columns,
    name_columns,
    organization_columns,
    outpatient_columns,
    procedure_columns,
    quantity_columns,
    reference_columns,
)
from edi.tables.remittance_totals import TOTALS
from edi.tables.specification import Column, Table

LOOP = Column("loop", "anchor", description="where it stands: 2100 claim, 2110 service ...")
SERVICE_ROW = Column("service_row", "row/remittance_service", "row", "the service that it is about; empty: the claim")
PARTY_ROW = Column("party_row", "row/remittance_party", "row", "payer or payee that it is about")

REMITTANCE = Table(
    "remittance",
    ("HEADER", "BPR"),
    (
        Column("control_number", "ST_LOOP/ST02", description="the sender's number of the transaction set"),
        Column("handling", "HEADER/BPR01", description="I money and advice together, H advice only, D prenote ..."),
        Column("payment_cents", "HEADER/BPR02", "money", "what is paid with this remittance"),
        Column("credit_or_debit", "HEADER/BPR03", description="C credit, D debit"),
        Column("method", "HEADER/BPR04", description="ACH, CHK, FWT, BOP, NON"),
        Column("format", "HEADER/BPR05", description="CCP or CTX"),
        Column("payer_bank_qualifier", "HEADER/BPR06", description="01 ABA routing number, 04 Canadian"),
        Column("payer_bank", "HEADER/BPR07", description="the payer's bank"),
        Column("payer_account_qualifier", "HEADER/BPR08", description="DA: demand deposit"),
        Column("payer_account", "HEADER/BPR09", description="the payer's account"),
        Column("company_id", "HEADER/BPR10", description="who pays, to the bank: 1 and the tax id"),
        Column("company_code", "HEADER/BPR11", description="unit of that company"),
        Column("payee_bank_qualifier", "HEADER/BPR12", description="01 ABA routing number, 04 Canadian"),
        Column("payee_bank", "HEADER/BPR13", description="the payee's bank"),
        Column("payee_account_qualifier", "HEADER/BPR14", description="DA demand deposit, SG savings"),
        Column("payee_account", "HEADER/BPR15", description="the payee's account"),
        Column("paid_on", "HEADER/BPR16", "day", "when the check was issued or the transfer takes effect"),
        Column("trace_type", "HEADER/TRN01", description="1: current transaction"),
        Column("trace_number", "HEADER/TRN02", description="check or transfer number: joins advice and money"),
        Column("trace_company_id", "HEADER/TRN03", description="who gave that number: 1 and the tax id"),
        Column("trace_company_code", "HEADER/TRN04", description="unit of that company"),
        Column("currency_entity", "HEADER/CUR01", description="PR: the payer's currency"),
        Column("currency", "HEADER/CUR02", description="empty for US dollars"),
        Column("receiver_id", "HEADER/REF[EV]02", description="who receives it, if not the payee"),
        Column("version", "HEADER/REF[F2]02", description="version of the payer's system"),
        Column("produced_on", "HEADER/DTM[405]02", "day", "last day of the adjudication cycle"),
    ),
    description="An 835 transaction set: one payment (BPR, TRN).",
)

PARTY = Table(
    "remittance_party",
    ("1000A|1000B", "N1"),
    (
        Column("loop", "anchor", description="1000A payer, 1000B payee"),
        *organization_columns(),
        *address_columns(),
        Column("delivery", "anchor/RDM01", description="how the payee wants the advice: EM e-mail, OL on-line ..."),
        Column("delivery_name", "anchor/RDM02", description="to whom"),
        Column("delivery_address", "anchor/RDM03", description="where to"),
    ),
    description="Payer and payee (N1, N3, N4, RDM).",
)

PROVIDER_TOTAL = Table(
    "remittance_provider_total",
    ("2000", "LX"),
    (Column("number", "2000/LX01", "count", "number of the group of claims"), *TOTALS),
    description="A group of claims with the provider's totals (LX, TS3, TS2).",
)

CLAIM = Table(
    "remittance_claim",
    ("2100", "CLP"),
    (
        Column("group_number", "2000/LX01", "count", "group of claims in which it stands"),
        Column("patient_control_number", "2100/CLP01", description="the provider's number of the claim"),
        Column("status", "2100/CLP02", description="1 primary, 2 secondary, 4 denied, 22 reversal ..."),
        Column("charge_cents", "2100/CLP03", "money", "charged"),
        Column("payment_cents", "2100/CLP04", "money", "paid"),
        Column("patient_responsibility_cents", "2100/CLP05", "money", "what the patient owes"),
        Column("filing_indicator", "2100/CLP06", description="12 PPO, HM HMO, MB Medicare part B ..."),
        Column("payer_claim_control_number", "2100/CLP07", description="the payer's number of the claim"),
        Column("facility_code", "2100/CLP08", description="place of service, or first two bill type digits"),
        Column("frequency_code", "2100/CLP09", description="1 original, 7 replacement, 8 void ..."),
        Column("drg", "2100/CLP11", description="diagnosis related group"),
        Column("drg_weight", "2100/CLP12", "decimal", "weight of that group"),
        Column("discharge_fraction", "2100/CLP13", "decimal", "share for a transferred patient"),
        Column("inpatient_operating_outlier_cents", "anchor/MIA02", "money", "operating payment, outlier"),
        *inpatient_columns(),
        *outpatient_columns(),
    ),
    parent="remittance_provider_total",
    description="A claim that is paid, denied or reversed (CLP, MIA, MOA).",
)

CLAIM_PARTY = Table(
    "remittance_claim_party",
    ("2100", "NM1"),
    name_columns(),
    parent="remittance_claim",
    extent="segment",
    description="Patient, subscriber, corrected name, provider or other payer of a claim (NM1).",
)

SERVICE = Table(
    "remittance_service",
    ("2110", "SVC"),
    (
        *procedure_columns("anchor/SVC01", described=False),
        Column("charge_cents", "anchor/SVC02", "money", "charged"),
        Column("payment_cents", "anchor/SVC03", "money", "paid"),
        Column("revenue_code", "anchor/SVC04", description="kind of hospital service"),
        Column("paid_quantity", "anchor/SVC05", "quantity", "units paid, empty for one"),
        *procedure_columns("anchor/SVC06", "submitted_"),
        Column("submitted_quantity", "anchor/SVC07", "quantity", "units submitted, if others"),
        Column("line_control_number", "anchor/REF[6R]02", description="the provider's number of the line"),
    ),
    parent="remittance_claim",
    description="A service line that is paid or denied (SVC).",
)

ADJUSTMENT = Table(
    "remittance_adjustment",
    ("2100|2110", "CAS"),
    (LOOP, SERVICE_ROW, *adjustment_columns()),
    parent="remittance_claim",
    explode=ADJUSTMENTS,
    description="Why less was paid than charged (CAS), a row a reason.",
)

REMARK = Table(
    "remittance_remark",
    ("2110", "LQ"),
    (
        SERVICE_ROW,
        Column("qualifier", "anchor/LQ01", description="HE remark code, RX NCPDP reject code"),
        Column("code", "anchor/LQ02", description="which remark"),
    ),
    parent="remittance_claim",
    extent="segment",
    description="A remark on a service (LQ).",
)

REFERENCE = Table(
    "remittance_reference",
    ("HEADER|1000A|1000B|2100|2110", "REF"),
    (LOOP, PARTY_ROW, SERVICE_ROW, *reference_columns()),
    parent="remittance_claim",
    extent="segment",
    description="A number (REF) of the payment, payer, payee, a claim or a service.",
)

DATE = Table(
    "remittance_date",
    ("2100|2110", "DTM"),
    (
        LOOP,
        SERVICE_ROW,
        Column("qualifier", "anchor/DTM01", description="232 and 233 statement, 472 service, 050 received ..."),
        Column("day", "anchor/DTM02", "day", "the day"),
    ),
    parent="remittance_claim",
    extent="segment",
    description="A date (DTM) of a claim or a service.",
)

AMOUNT = Table(
    "remittance_amount",
    ("2100|2110", "AMT"),
    (LOOP, SERVICE_ROW, *amount_columns()),
    parent="remittance_claim",
    extent="segment",
    description="An amount (AMT) of a claim or a service: B6 allowed, I interest, AU coverage ...",
)

QUANTITY = Table(
    "remittance_quantity",
    ("2100|2110", "QTY"),
    (LOOP, SERVICE_ROW, *quantity_columns()),
    parent="remittance_claim",
    extent="segment",
    description="A quantity (QTY) of a claim or a service: covered days and the like.",
)

CONTACT = Table(
    "remittance_contact",
    ("1000A|2100", "PER"),
    (LOOP, PARTY_ROW, *contact_columns()),
    parent="remittance_claim",
    extent="segment",
    description="How to reach the payer (PER) about the payment, technically, or about a claim.",
)

PROVIDER_ADJUSTMENT = Table(
    "remittance_provider_adjustment",
    ("FOOTER", "PLB"),
    (
        Column("provider_id", "anchor/PLB01", description="whose payment is adjusted"),
        Column("fiscal_period_end", "anchor/PLB02", "day", "last day of the provider's fiscal year"),
        Column("reason_code", "anchor/PLB00-1", description="WO overpayment, FB forward balance, L6 interest ..."),
        Column("reference", "anchor/PLB00-2", description="what it refers to, such as a claim"),
        Column("amount_cents", "anchor/PLB00+1", "money", "taken from the payment; negative: added to it"),
    ),
    explode=(3, 14, 2),
    description="An adjustment of the payment as a whole (PLB), a row a reason.",
)

REMITTANCE_TABLES = (
    REMITTANCE,
    PARTY,
    PROVIDER_TOTAL,
    CLAIM,
    CLAIM_PARTY,
    SERVICE,
    ADJUSTMENT,
    REMARK,
    REFERENCE,
    DATE,
    AMOUNT,
    QUANTITY,
    CONTACT,
    PROVIDER_ADJUSTMENT,
)
"""All that an 835 says, parents first."""
