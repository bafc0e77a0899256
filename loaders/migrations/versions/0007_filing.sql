CREATE INDEX ix_claim_unmatched_patient_control_number ON claim (patient_control_number) WHERE member_id is null;
