"""Columns of the totals that a payer reports per provider in an 835 (TS3 and TS2)."""

from __future__ import annotations

from edi.tables.specification import Column

TOTALS = (
    Column("provider_id", "2000/TS301", description="whose claims they are"),
    Column("facility_code", "2000/TS302", description="place of service, or first two bill type digits"),
    Column("fiscal_period_end", "2000/TS303", "day", "last day of the provider's fiscal year"),
    Column("claim_count", "2000/TS304", "quantity", "number of claims"),
    Column("charge_cents", "2000/TS305", "money", "charged"),
    Column("msp_payer_cents", "2000/TS313", "money", "Medicare secondary payer amount"),
    Column("non_lab_cents", "2000/TS315", "money", "charges other than laboratory"),
    Column("hcpcs_reported_cents", "2000/TS317", "money", "charges reported with HCPCS codes"),
    Column("hcpcs_payable_cents", "2000/TS318", "money", "payable with HCPCS codes"),
    Column("professional_component_cents", "2000/TS320", "money", "professional component"),
    Column("msp_patient_liability_cents", "2000/TS321", "money", "patient's liability met by another payer"),
    Column("patient_reimbursement_cents", "2000/TS322", "money", "reimbursed to patients"),
    Column("pip_claim_count", "2000/TS323", "quantity", "claims under periodic interim payment"),
    Column("pip_adjustment_cents", "2000/TS324", "money", "adjustment of periodic interim payment"),
    Column("drg_cents", "2000/TS201", "money", "DRG payments"),
    Column("federal_cents", "2000/TS202", "money", "federal part"),
    Column("hospital_cents", "2000/TS203", "money", "hospital part"),
    Column("disproportionate_share_cents", "2000/TS204", "money", "for serving many poor patients"),
    Column("capital_cents", "2000/TS205", "money", "capital payments"),
    Column("teaching_cents", "2000/TS206", "money", "indirect medical education"),
    Column("outlier_days", "2000/TS207", "quantity", "outlier days"),
    Column("day_outlier_cents", "2000/TS208", "money", "day outliers"),
    Column("cost_outlier_cents", "2000/TS209", "money", "cost outliers"),
    Column("average_stay", "2000/TS210", "decimal", "average length of stay"),
    Column("discharge_count", "2000/TS211", "quantity", "discharges"),
    Column("cost_report_days", "2000/TS212", "quantity", "cost report days"),
    Column("covered_days", "2000/TS213", "quantity", "covered days"),
    Column("noncovered_days", "2000/TS214", "quantity", "days that are not covered"),
    Column("msp_pass_through_cents", "2000/TS215", "money", "Medicare secondary payer pass-through"),
    Column("average_drg_weight", "2000/TS216", "decimal", "average DRG weight"),
    Column("capital_federal_cents", "2000/TS217", "money", "capital payments, federal part"),
    Column("capital_hospital_cents", "2000/TS218", "money", "capital payments, hospital part"),
    Column("capital_disproportionate_share_cents", "2000/TS219", "money", "capital payments for serving many poor"),
)
