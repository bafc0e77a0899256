ALTER TABLE claim
    ADD COLUMN facility_qualifier TEXT,
    ADD COLUMN provider_signature TEXT,
    ADD COLUMN accepts_assignment TEXT,
    ADD COLUMN benefits_assigned TEXT,
    ADD COLUMN release_of_information TEXT,
    ADD COLUMN patient_signature_source TEXT,
    ADD COLUMN related_cause_1 TEXT,
    ADD COLUMN related_cause_2 TEXT,
    ADD COLUMN accident_state TEXT,
    ADD COLUMN accident_country TEXT,
    ADD COLUMN special_program TEXT,
    ADD COLUMN delay_reason TEXT,
    ADD COLUMN prior_authorization TEXT,
    ADD COLUMN referral_number TEXT,
    ADD COLUMN individual_relationship TEXT,
    ADD COLUMN group_number TEXT,
    ADD COLUMN group_name TEXT,
    ADD COLUMN insurance_type TEXT,
    ADD COLUMN currency TEXT,
    ADD COLUMN patient_relationship TEXT,
    ADD COLUMN patient_death_date DATE,
    ADD COLUMN patient_weight NUMERIC(18, 6),
    ADD COLUMN patient_pregnant TEXT,
    ADD COLUMN statement_from DATE,
    ADD COLUMN statement_through DATE,
    ADD COLUMN admitted_at TIME WITHOUT TIME ZONE,
    ADD COLUMN discharged_at TIME WITHOUT TIME ZONE,
    ADD COLUMN admission_type TEXT,
    ADD COLUMN admission_source TEXT,
    ADD COLUMN drg_code TEXT,
    ADD COLUMN patient_paid_cents BIGINT,
    ADD COLUMN orthodontic_months NUMERIC(15, 3),
    ADD COLUMN orthodontic_months_remaining NUMERIC(15, 3),
    ADD COLUMN orthodontic_treatment TEXT;

COMMENT ON COLUMN claim.facility_qualifier IS 'CLM05-2: B place of service, A type of bill';
COMMENT ON COLUMN claim.provider_signature IS 'CLM06';
COMMENT ON COLUMN claim.accepts_assignment IS 'CLM07: A assigned, B laboratory services only, C not';
COMMENT ON COLUMN claim.benefits_assigned IS 'CLM08: Y the provider is to be paid';
COMMENT ON COLUMN claim.release_of_information IS 'CLM09';
COMMENT ON COLUMN claim.patient_signature_source IS 'CLM10 (P)';
COMMENT ON COLUMN claim.related_cause_1 IS 'CLM11-1: AA auto accident, EM employment, OA other accident';
COMMENT ON COLUMN claim.related_cause_2 IS 'CLM11-2';
COMMENT ON COLUMN claim.accident_state IS 'CLM11-4';
COMMENT ON COLUMN claim.accident_country IS 'CLM11-5';
COMMENT ON COLUMN claim.special_program IS 'CLM12';
COMMENT ON COLUMN claim.delay_reason IS 'CLM20';
COMMENT ON COLUMN claim.prior_authorization IS 'REF*G1 of the claim';
COMMENT ON COLUMN claim.referral_number IS 'REF*9F of the claim';
COMMENT ON COLUMN claim.individual_relationship IS '2000B SBR02: 18 the patient is the subscriber';
COMMENT ON COLUMN claim.group_number IS '2000B SBR03';
COMMENT ON COLUMN claim.group_name IS '2000B SBR04';
COMMENT ON COLUMN claim.insurance_type IS '2000B SBR05';
COMMENT ON COLUMN claim.currency IS '2000A CUR02; empty for US dollars';
COMMENT ON COLUMN claim.patient_relationship IS '2000C PAT01';
COMMENT ON COLUMN claim.patient_death_date IS 'PAT06';
COMMENT ON COLUMN claim.patient_weight IS 'PAT08, in pounds';
COMMENT ON COLUMN claim.patient_pregnant IS 'PAT09: Y';
COMMENT ON COLUMN claim.statement_from IS 'DTP*434 (I)';
COMMENT ON COLUMN claim.statement_through IS 'DTP*434 (I)';
COMMENT ON COLUMN claim.admitted_at IS 'DTP*435 (I)';
COMMENT ON COLUMN claim.discharged_at IS 'DTP*096 (I)';
COMMENT ON COLUMN claim.admission_type IS 'CL101 (I)';
COMMENT ON COLUMN claim.admission_source IS 'CL102 (I)';
COMMENT ON COLUMN claim.drg_code IS 'HI*DR (I)';
COMMENT ON COLUMN claim.patient_paid_cents IS 'AMT*F5: what the patient paid, in exact cents';
COMMENT ON COLUMN claim.orthodontic_months IS 'DN101 (D)';
COMMENT ON COLUMN claim.orthodontic_months_remaining IS 'DN102 (D)';
COMMENT ON COLUMN claim.orthodontic_treatment IS 'DN104: Y (D)';

ALTER TABLE claim_line
    ADD COLUMN procedure_description TEXT,
    ADD COLUMN diagnosis_pointer_1 BIGINT,
    ADD COLUMN diagnosis_pointer_2 BIGINT,
    ADD COLUMN diagnosis_pointer_3 BIGINT,
    ADD COLUMN diagnosis_pointer_4 BIGINT,
    ADD COLUMN emergency TEXT,
    ADD COLUMN epsdt TEXT,
    ADD COLUMN family_planning TEXT,
    ADD COLUMN copay_status TEXT,
    ADD COLUMN noncovered_cents BIGINT;

COMMENT ON COLUMN claim_line.procedure_description IS 'SV101-7, SV202-7 or SV301-7';
COMMENT ON COLUMN claim_line.diagnosis_pointer_1 IS 'SV107-1 or SV311-1: ordinal of a diagnosis (P, D)';
COMMENT ON COLUMN claim_line.diagnosis_pointer_2 IS 'SV107-2 or SV311-2: ordinal of a diagnosis (P, D)';
COMMENT ON COLUMN claim_line.diagnosis_pointer_3 IS 'SV107-3 or SV311-3: ordinal of a diagnosis (P, D)';
COMMENT ON COLUMN claim_line.diagnosis_pointer_4 IS 'SV107-4 or SV311-4: ordinal of a diagnosis (P, D)';
COMMENT ON COLUMN claim_line.emergency IS 'SV109: Y (P)';
COMMENT ON COLUMN claim_line.epsdt IS 'SV111: Y (P)';
COMMENT ON COLUMN claim_line.family_planning IS 'SV112: Y (P)';
COMMENT ON COLUMN claim_line.copay_status IS 'SV115: 0 exempt (P)';
COMMENT ON COLUMN claim_line.noncovered_cents IS 'SV207: part of the charge that is not covered, in exact cents (I)';

ALTER TABLE claim_diagnosis
    ADD COLUMN source_start BIGINT,
    ADD COLUMN source_stop BIGINT;

COMMENT ON COLUMN claim_diagnosis.source_start IS 'first byte in the archived file; empty in rows of the first release';
COMMENT ON COLUMN claim_diagnosis.source_stop IS 'byte after the last one';

ALTER TABLE claim_party
    ADD COLUMN other_coverage INTEGER,
    ADD COLUMN middle_name TEXT,
    ADD COLUMN name_suffix TEXT,
    ADD COLUMN provider_role TEXT,
    ADD COLUMN taxonomy TEXT,
    ADD COLUMN address_1 TEXT,
    ADD COLUMN address_2 TEXT,
    ADD COLUMN city TEXT,
    ADD COLUMN state TEXT,
    ADD COLUMN zip TEXT,
    ADD COLUMN country TEXT,
    ADD COLUMN country_subdivision TEXT,
    ADD COLUMN birth_date DATE,
    ADD COLUMN gender TEXT,
    ADD COLUMN source_start BIGINT,
    ADD COLUMN source_stop BIGINT;

COMMENT ON COLUMN claim_party.other_coverage IS 'the other payer of the claim whose party it is: its ordinal';
COMMENT ON COLUMN claim_party.middle_name IS 'NM105';
COMMENT ON COLUMN claim_party.name_suffix IS 'NM107';
COMMENT ON COLUMN claim_party.provider_role IS 'PRV01 of a claim''s own party; of 2010AA see claim.billing_taxonomy';
COMMENT ON COLUMN claim_party.taxonomy IS 'PRV03';
COMMENT ON COLUMN claim_party.address_1 IS 'N301';
COMMENT ON COLUMN claim_party.address_2 IS 'N302';
COMMENT ON COLUMN claim_party.city IS 'N401';
COMMENT ON COLUMN claim_party.state IS 'N402';
COMMENT ON COLUMN claim_party.zip IS 'N403';
COMMENT ON COLUMN claim_party.country IS 'N404';
COMMENT ON COLUMN claim_party.country_subdivision IS 'N407';
COMMENT ON COLUMN claim_party.birth_date IS 'DMG02';
COMMENT ON COLUMN claim_party.gender IS 'DMG03';
COMMENT ON COLUMN claim_party.source_start IS 'first byte in the archived file; empty in rows of the first release';
COMMENT ON COLUMN claim_party.source_stop IS 'byte after the last one';

CREATE TABLE claim_set (
    set_key BIGINT NOT NULL,
    purpose TEXT,
    reference TEXT,
    created DATE,
    created_at TIME WITHOUT TIME ZONE,
    kind TEXT,
    submitter_type TEXT,
    submitter_name TEXT,
    submitter_first_name TEXT,
    submitter_middle_name TEXT,
    submitter_id TEXT,
    receiver_name TEXT,
    receiver_id TEXT,
    source_start BIGINT NOT NULL,
    source_stop BIGINT NOT NULL,
    CONSTRAINT pk_claim_set PRIMARY KEY (set_key),
    CONSTRAINT fk_claim_set_set_key FOREIGN KEY(set_key) REFERENCES transaction_set (set_key)
);

COMMENT ON TABLE claim_set IS 'The headers of 837 transaction sets: who sent which batch';

COMMENT ON COLUMN claim_set.purpose IS 'BHT02: 00 original, 18 reissue';
COMMENT ON COLUMN claim_set.reference IS 'BHT03: the submitter''s number of the batch';
COMMENT ON COLUMN claim_set.created IS 'BHT04';
COMMENT ON COLUMN claim_set.created_at IS 'BHT05';
COMMENT ON COLUMN claim_set.kind IS 'BHT06: CH chargeable, RP encounter, 31 subrogation';
COMMENT ON COLUMN claim_set.submitter_type IS '1000A NM102';
COMMENT ON COLUMN claim_set.submitter_name IS '1000A NM103';
COMMENT ON COLUMN claim_set.submitter_first_name IS '1000A NM104';
COMMENT ON COLUMN claim_set.submitter_middle_name IS '1000A NM105';
COMMENT ON COLUMN claim_set.submitter_id IS '1000A NM109';
COMMENT ON COLUMN claim_set.receiver_name IS '1000B NM103';
COMMENT ON COLUMN claim_set.receiver_id IS '1000B NM109';
COMMENT ON COLUMN claim_set.source_start IS 'first byte in the archived file';
COMMENT ON COLUMN claim_set.source_stop IS 'byte after the last one';

CREATE TABLE claim_set_contact (
    set_key BIGINT NOT NULL,
    ordinal INTEGER NOT NULL,
    loop TEXT,
    function TEXT,
    name TEXT,
    qualifier_1 TEXT,
    number_1 TEXT,
    qualifier_2 TEXT,
    number_2 TEXT,
    qualifier_3 TEXT,
    number_3 TEXT,
    source_start BIGINT NOT NULL,
    source_stop BIGINT NOT NULL,
    CONSTRAINT pk_claim_set_contact PRIMARY KEY (set_key, ordinal),
    CONSTRAINT fk_claim_set_contact_set_key FOREIGN KEY(set_key) REFERENCES transaction_set (set_key)
);

COMMENT ON TABLE claim_set_contact IS 'How the submitters of 837 transaction sets are reached (PER)';

COMMENT ON COLUMN claim_set_contact.ordinal IS 'order in the set, from 1';
COMMENT ON COLUMN claim_set_contact.loop IS '2300, 2400 ...';
COMMENT ON COLUMN claim_set_contact.function IS 'PER01';
COMMENT ON COLUMN claim_set_contact.name IS 'PER02';
COMMENT ON COLUMN claim_set_contact.qualifier_1 IS 'PER03';
COMMENT ON COLUMN claim_set_contact.number_1 IS 'PER04';
COMMENT ON COLUMN claim_set_contact.qualifier_2 IS 'PER05';
COMMENT ON COLUMN claim_set_contact.number_2 IS 'PER06';
COMMENT ON COLUMN claim_set_contact.qualifier_3 IS 'PER07';
COMMENT ON COLUMN claim_set_contact.number_3 IS 'PER08';
COMMENT ON COLUMN claim_set_contact.source_start IS 'first byte in the archived file';
COMMENT ON COLUMN claim_set_contact.source_stop IS 'byte after the last one';

CREATE TABLE claim_other_coverage (
    claim_id BIGINT NOT NULL,
    ordinal INTEGER NOT NULL,
    payer_responsibility TEXT,
    individual_relationship TEXT,
    group_number TEXT,
    group_name TEXT,
    insurance_type TEXT,
    filing_indicator TEXT,
    payer_id TEXT,
    payer_name TEXT,
    decided_on DATE,
    benefits_assigned TEXT,
    patient_signature_source TEXT,
    release_of_information TEXT,
    paid_cents BIGINT,
    noncovered_cents BIGINT,
    patient_liability_cents BIGINT,
    inpatient_covered_days NUMERIC(15, 3),
    inpatient_psychiatric_days NUMERIC(15, 3),
    inpatient_drg_amount_cents BIGINT,
    inpatient_remark_1 TEXT,
    inpatient_disproportionate_share_cents BIGINT,
    inpatient_msp_pass_through_cents BIGINT,
    inpatient_capital_cents BIGINT,
    inpatient_capital_federal_cents BIGINT,
    inpatient_capital_hospital_cents BIGINT,
    inpatient_capital_disproportionate_share_cents BIGINT,
    inpatient_old_capital_cents BIGINT,
    inpatient_capital_teaching_cents BIGINT,
    inpatient_operating_hospital_cents BIGINT,
    inpatient_cost_report_days NUMERIC(15, 3),
    inpatient_operating_federal_cents BIGINT,
    inpatient_capital_outlier_cents BIGINT,
    inpatient_indirect_teaching_cents BIGINT,
    inpatient_professional_component_cents BIGINT,
    inpatient_remark_2 TEXT,
    inpatient_remark_3 TEXT,
    inpatient_remark_4 TEXT,
    inpatient_remark_5 TEXT,
    inpatient_capital_exception_cents BIGINT,
    outpatient_reimbursement_rate NUMERIC(18, 6),
    outpatient_hcpcs_payable_cents BIGINT,
    outpatient_remark_1 TEXT,
    outpatient_remark_2 TEXT,
    outpatient_remark_3 TEXT,
    outpatient_remark_4 TEXT,
    outpatient_remark_5 TEXT,
    outpatient_esrd_cents BIGINT,
    outpatient_professional_component_cents BIGINT,
    source_start BIGINT NOT NULL,
    source_stop BIGINT NOT NULL,
    CONSTRAINT pk_claim_other_coverage PRIMARY KEY (claim_id, ordinal),
    CONSTRAINT fk_claim_other_coverage_claim_id FOREIGN KEY(claim_id) REFERENCES claim (claim_id)
);

COMMENT ON TABLE claim_other_coverage IS 'Other payers of claims and what they decided (2320, 2330B)';

COMMENT ON COLUMN claim_other_coverage.ordinal IS 'order in the claim, from 1';
COMMENT ON COLUMN claim_other_coverage.payer_responsibility IS 'SBR01: P primary, S secondary, T tertiary ...';
COMMENT ON COLUMN claim_other_coverage.individual_relationship IS 'SBR02';
COMMENT ON COLUMN claim_other_coverage.group_number IS 'SBR03';
COMMENT ON COLUMN claim_other_coverage.group_name IS 'SBR04';
COMMENT ON COLUMN claim_other_coverage.insurance_type IS 'SBR05';
COMMENT ON COLUMN claim_other_coverage.filing_indicator IS 'SBR09';
COMMENT ON COLUMN claim_other_coverage.payer_id IS '2330B NM109';
COMMENT ON COLUMN claim_other_coverage.payer_name IS '2330B NM103';
COMMENT ON COLUMN claim_other_coverage.decided_on IS '2330B DTP*573: when that payer decided; professional lines say it in paid_on';
COMMENT ON COLUMN claim_other_coverage.benefits_assigned IS 'OI03';
COMMENT ON COLUMN claim_other_coverage.patient_signature_source IS 'OI04 (P)';
COMMENT ON COLUMN claim_other_coverage.release_of_information IS 'OI06';
COMMENT ON COLUMN claim_other_coverage.paid_cents IS 'AMT*D: what that payer paid, in exact cents';
COMMENT ON COLUMN claim_other_coverage.noncovered_cents IS 'AMT*A8, in exact cents';
COMMENT ON COLUMN claim_other_coverage.patient_liability_cents IS 'AMT*EAF: what it left to the patient, in exact cents';
COMMENT ON COLUMN claim_other_coverage.inpatient_covered_days IS 'MIA01';
COMMENT ON COLUMN claim_other_coverage.inpatient_psychiatric_days IS 'MIA03';
COMMENT ON COLUMN claim_other_coverage.inpatient_drg_amount_cents IS 'MIA04';
COMMENT ON COLUMN claim_other_coverage.inpatient_remark_1 IS 'MIA05';
COMMENT ON COLUMN claim_other_coverage.inpatient_disproportionate_share_cents IS 'MIA06';
COMMENT ON COLUMN claim_other_coverage.inpatient_msp_pass_through_cents IS 'MIA07';
COMMENT ON COLUMN claim_other_coverage.inpatient_capital_cents IS 'MIA08';
COMMENT ON COLUMN claim_other_coverage.inpatient_capital_federal_cents IS 'MIA09';
COMMENT ON COLUMN claim_other_coverage.inpatient_capital_hospital_cents IS 'MIA10';
COMMENT ON COLUMN claim_other_coverage.inpatient_capital_disproportionate_share_cents IS 'MIA11';
COMMENT ON COLUMN claim_other_coverage.inpatient_old_capital_cents IS 'MIA12';
COMMENT ON COLUMN claim_other_coverage.inpatient_capital_teaching_cents IS 'MIA13';
COMMENT ON COLUMN claim_other_coverage.inpatient_operating_hospital_cents IS 'MIA14';
COMMENT ON COLUMN claim_other_coverage.inpatient_cost_report_days IS 'MIA15';
COMMENT ON COLUMN claim_other_coverage.inpatient_operating_federal_cents IS 'MIA16';
COMMENT ON COLUMN claim_other_coverage.inpatient_capital_outlier_cents IS 'MIA17';
COMMENT ON COLUMN claim_other_coverage.inpatient_indirect_teaching_cents IS 'MIA18';
COMMENT ON COLUMN claim_other_coverage.inpatient_professional_component_cents IS 'MIA19';
COMMENT ON COLUMN claim_other_coverage.inpatient_remark_2 IS 'MIA20';
COMMENT ON COLUMN claim_other_coverage.inpatient_remark_3 IS 'MIA21';
COMMENT ON COLUMN claim_other_coverage.inpatient_remark_4 IS 'MIA22';
COMMENT ON COLUMN claim_other_coverage.inpatient_remark_5 IS 'MIA23';
COMMENT ON COLUMN claim_other_coverage.inpatient_capital_exception_cents IS 'MIA24';
COMMENT ON COLUMN claim_other_coverage.outpatient_reimbursement_rate IS 'MOA01';
COMMENT ON COLUMN claim_other_coverage.outpatient_hcpcs_payable_cents IS 'MOA02';
COMMENT ON COLUMN claim_other_coverage.outpatient_remark_1 IS 'MOA03';
COMMENT ON COLUMN claim_other_coverage.outpatient_remark_2 IS 'MOA04';
COMMENT ON COLUMN claim_other_coverage.outpatient_remark_3 IS 'MOA05';
COMMENT ON COLUMN claim_other_coverage.outpatient_remark_4 IS 'MOA06';
COMMENT ON COLUMN claim_other_coverage.outpatient_remark_5 IS 'MOA07';
COMMENT ON COLUMN claim_other_coverage.outpatient_esrd_cents IS 'MOA08';
COMMENT ON COLUMN claim_other_coverage.outpatient_professional_component_cents IS 'MOA09';
COMMENT ON COLUMN claim_other_coverage.source_start IS 'first byte in the archived file';
COMMENT ON COLUMN claim_other_coverage.source_stop IS 'byte after the last one';

CREATE TABLE claim_line_adjudication (
    claim_id BIGINT NOT NULL,
    ordinal INTEGER NOT NULL,
    line_number INTEGER,
    other_coverage INTEGER,
    payer_id TEXT,
    paid_cents BIGINT,
    procedure_qualifier TEXT,
    procedure_code TEXT,
    modifier_1 TEXT,
    modifier_2 TEXT,
    modifier_3 TEXT,
    modifier_4 TEXT,
    procedure_description TEXT,
    revenue_code TEXT,
    quantity NUMERIC(15, 3),
    bundled_line BIGINT,
    paid_on DATE,
    patient_liability_cents BIGINT,
    source_start BIGINT NOT NULL,
    source_stop BIGINT NOT NULL,
    CONSTRAINT pk_claim_line_adjudication PRIMARY KEY (claim_id, ordinal),
    CONSTRAINT fk_claim_line_adjudication_claim_id FOREIGN KEY(claim_id) REFERENCES claim (claim_id)
);

COMMENT ON TABLE claim_line_adjudication IS 'What other payers decided on lines (2430)';

COMMENT ON COLUMN claim_line_adjudication.ordinal IS 'order in the claim, from 1';
COMMENT ON COLUMN claim_line_adjudication.line_number IS 'service line; empty for the claim as a whole';
COMMENT ON COLUMN claim_line_adjudication.other_coverage IS 'the other payer that it is about: its ordinal';
COMMENT ON COLUMN claim_line_adjudication.payer_id IS 'SVD01';
COMMENT ON COLUMN claim_line_adjudication.paid_cents IS 'SVD02, in exact cents';
COMMENT ON COLUMN claim_line_adjudication.procedure_qualifier IS 'SVD03-1';
COMMENT ON COLUMN claim_line_adjudication.procedure_code IS 'SVD03-2';
COMMENT ON COLUMN claim_line_adjudication.modifier_1 IS 'SVD03-3';
COMMENT ON COLUMN claim_line_adjudication.modifier_2 IS 'SVD03-4';
COMMENT ON COLUMN claim_line_adjudication.modifier_3 IS 'SVD03-5';
COMMENT ON COLUMN claim_line_adjudication.modifier_4 IS 'SVD03-6';
COMMENT ON COLUMN claim_line_adjudication.procedure_description IS 'SVD03-7';
COMMENT ON COLUMN claim_line_adjudication.revenue_code IS 'SVD04 (I)';
COMMENT ON COLUMN claim_line_adjudication.quantity IS 'SVD05';
COMMENT ON COLUMN claim_line_adjudication.bundled_line IS 'SVD06: line into which it bundled this one';
COMMENT ON COLUMN claim_line_adjudication.paid_on IS 'DTP*573';
COMMENT ON COLUMN claim_line_adjudication.patient_liability_cents IS 'AMT*EAF, in exact cents';
COMMENT ON COLUMN claim_line_adjudication.source_start IS 'first byte in the archived file';
COMMENT ON COLUMN claim_line_adjudication.source_stop IS 'byte after the last one';

CREATE TABLE claim_adjustment (
    claim_id BIGINT NOT NULL,
    ordinal INTEGER NOT NULL,
    line_number INTEGER,
    other_coverage INTEGER,
    line_adjudication INTEGER,
    group_code TEXT,
    reason_code TEXT,
    amount_cents BIGINT,
    quantity NUMERIC(15, 3),
    source_start BIGINT NOT NULL,
    source_stop BIGINT NOT NULL,
    CONSTRAINT pk_claim_adjustment PRIMARY KEY (claim_id, ordinal),
    CONSTRAINT fk_claim_adjustment_claim_id FOREIGN KEY(claim_id) REFERENCES claim (claim_id)
);

COMMENT ON TABLE claim_adjustment IS 'Why other payers paid less than charged (CAS of 2320 and 2430), a row a reason';

COMMENT ON COLUMN claim_adjustment.ordinal IS 'order in the claim, from 1';
COMMENT ON COLUMN claim_adjustment.line_number IS 'service line; empty for the claim as a whole';
COMMENT ON COLUMN claim_adjustment.other_coverage IS 'the other payer that it is about: its ordinal';
COMMENT ON COLUMN claim_adjustment.line_adjudication IS 'the other payer''s decision on a line that it is about: its ordinal';
COMMENT ON COLUMN claim_adjustment.group_code IS 'CAS01: CO, PR, OA, PI or CR';
COMMENT ON COLUMN claim_adjustment.reason_code IS 'CARC';
COMMENT ON COLUMN claim_adjustment.amount_cents IS 'charge less payment for this reason, in exact cents';
COMMENT ON COLUMN claim_adjustment.quantity IS 'units adjusted';
COMMENT ON COLUMN claim_adjustment.source_start IS 'first byte in the archived file';
COMMENT ON COLUMN claim_adjustment.source_stop IS 'byte after the last one';

CREATE TABLE claim_reference (
    claim_id BIGINT NOT NULL,
    ordinal INTEGER NOT NULL,
    line_number INTEGER,
    loop TEXT,
    other_coverage INTEGER,
    party INTEGER,
    qualifier TEXT,
    value TEXT,
    payer_id TEXT,
    source_start BIGINT NOT NULL,
    source_stop BIGINT NOT NULL,
    CONSTRAINT pk_claim_reference PRIMARY KEY (claim_id, ordinal),
    CONSTRAINT fk_claim_reference_claim_id FOREIGN KEY(claim_id) REFERENCES claim (claim_id)
);

COMMENT ON TABLE claim_reference IS 'Numbers (REF) of claims, lines, drugs and parties';

COMMENT ON COLUMN claim_reference.ordinal IS 'order in the claim, from 1';
COMMENT ON COLUMN claim_reference.line_number IS 'service line; empty for the claim as a whole';
COMMENT ON COLUMN claim_reference.loop IS '2300, 2400 ...';
COMMENT ON COLUMN claim_reference.other_coverage IS 'the other payer that it is about: its ordinal';
COMMENT ON COLUMN claim_reference.party IS 'the claim''s own party that it is about: its ordinal in claim_party';
COMMENT ON COLUMN claim_reference.qualifier IS 'REF01';
COMMENT ON COLUMN claim_reference.value IS 'REF02; of a social security number (SY) the keyed hash';
COMMENT ON COLUMN claim_reference.payer_id IS 'REF04-2: the other payer that gave it; empty: we';
COMMENT ON COLUMN claim_reference.source_start IS 'first byte in the archived file';
COMMENT ON COLUMN claim_reference.source_stop IS 'byte after the last one';

CREATE TABLE claim_date (
    claim_id BIGINT NOT NULL,
    ordinal INTEGER NOT NULL,
    line_number INTEGER,
    loop TEXT,
    other_coverage INTEGER,
    line_adjudication INTEGER,
    qualifier TEXT,
    format TEXT,
    value TEXT,
    first_day DATE,
    last_day DATE,
    time_of_day TIME WITHOUT TIME ZONE,
    source_start BIGINT NOT NULL,
    source_stop BIGINT NOT NULL,
    CONSTRAINT pk_claim_date PRIMARY KEY (claim_id, ordinal),
    CONSTRAINT fk_claim_date_claim_id FOREIGN KEY(claim_id) REFERENCES claim (claim_id)
);

COMMENT ON TABLE claim_date IS 'Dates (DTP) of claims, lines and other payers'' decisions';

COMMENT ON COLUMN claim_date.ordinal IS 'order in the claim, from 1';
COMMENT ON COLUMN claim_date.line_number IS 'service line; empty for the claim as a whole';
COMMENT ON COLUMN claim_date.loop IS '2300, 2400 ...';
COMMENT ON COLUMN claim_date.other_coverage IS 'the other payer that it is about: its ordinal';
COMMENT ON COLUMN claim_date.line_adjudication IS 'the other payer''s decision on a line that it is about: its ordinal';
COMMENT ON COLUMN claim_date.qualifier IS 'DTP01';
COMMENT ON COLUMN claim_date.format IS 'DTP02';
COMMENT ON COLUMN claim_date.value IS 'DTP03 as sent';
COMMENT ON COLUMN claim_date.first_day IS 'the day, or the first of a range';
COMMENT ON COLUMN claim_date.last_day IS 'the day, or the last of a range';
COMMENT ON COLUMN claim_date.time_of_day IS 'time of a day with time (DT)';
COMMENT ON COLUMN claim_date.source_start IS 'first byte in the archived file';
COMMENT ON COLUMN claim_date.source_stop IS 'byte after the last one';

CREATE TABLE claim_amount (
    claim_id BIGINT NOT NULL,
    ordinal INTEGER NOT NULL,
    line_number INTEGER,
    loop TEXT,
    other_coverage INTEGER,
    line_adjudication INTEGER,
    qualifier TEXT,
    amount_cents BIGINT,
    provider_id TEXT,
    source_start BIGINT NOT NULL,
    source_stop BIGINT NOT NULL,
    CONSTRAINT pk_claim_amount PRIMARY KEY (claim_id, ordinal),
    CONSTRAINT fk_claim_amount_claim_id FOREIGN KEY(claim_id) REFERENCES claim (claim_id)
);

COMMENT ON TABLE claim_amount IS 'Amounts (AMT) of claims and lines, and charges of services bought (PS1)';

COMMENT ON COLUMN claim_amount.ordinal IS 'order in the claim, from 1';
COMMENT ON COLUMN claim_amount.line_number IS 'service line; empty for the claim as a whole';
COMMENT ON COLUMN claim_amount.loop IS '2300, 2400 ...';
COMMENT ON COLUMN claim_amount.other_coverage IS 'the other payer that it is about: its ordinal';
COMMENT ON COLUMN claim_amount.line_adjudication IS 'the other payer''s decision on a line that it is about: its ordinal';
COMMENT ON COLUMN claim_amount.qualifier IS 'AMT01; PS1 for a service bought from another provider';
COMMENT ON COLUMN claim_amount.amount_cents IS 'AMT02 or PS102, in exact cents';
COMMENT ON COLUMN claim_amount.provider_id IS 'PS101: of whom it was bought';
COMMENT ON COLUMN claim_amount.source_start IS 'first byte in the archived file';
COMMENT ON COLUMN claim_amount.source_stop IS 'byte after the last one';

CREATE TABLE claim_information (
    claim_id BIGINT NOT NULL,
    ordinal INTEGER NOT NULL,
    qualifier TEXT,
    code TEXT,
    first_day DATE,
    last_day DATE,
    amount_cents BIGINT,
    source_start BIGINT NOT NULL,
    source_stop BIGINT NOT NULL,
    CONSTRAINT pk_claim_information PRIMARY KEY (claim_id, ordinal),
    CONSTRAINT fk_claim_information_claim_id FOREIGN KEY(claim_id) REFERENCES claim (claim_id)
);

COMMENT ON TABLE claim_information IS 'Codes (HI) other than diagnoses and the DRG: procedures, occurrences, spans, values, conditions, treatments';

COMMENT ON COLUMN claim_information.ordinal IS 'order in the claim, from 1';
COMMENT ON COLUMN claim_information.qualifier IS 'BBR, BBQ procedure; BH occurrence; BI span; BE value; BG condition; TC treatment ...';
COMMENT ON COLUMN claim_information.code IS 'code of the list that the qualifier names';
COMMENT ON COLUMN claim_information.first_day IS 'the day, or the first of a span';
COMMENT ON COLUMN claim_information.last_day IS 'the day, or the last of a span';
COMMENT ON COLUMN claim_information.amount_cents IS 'amount of a value code, in exact cents';
COMMENT ON COLUMN claim_information.source_start IS 'first byte in the archived file';
COMMENT ON COLUMN claim_information.source_stop IS 'byte after the last one';

CREATE TABLE claim_note (
    claim_id BIGINT NOT NULL,
    ordinal INTEGER NOT NULL,
    line_number INTEGER,
    kind TEXT,
    note TEXT,
    source_start BIGINT NOT NULL,
    source_stop BIGINT NOT NULL,
    CONSTRAINT pk_claim_note PRIMARY KEY (claim_id, ordinal),
    CONSTRAINT fk_claim_note_claim_id FOREIGN KEY(claim_id) REFERENCES claim (claim_id)
);

COMMENT ON TABLE claim_note IS 'Notes (NTE), and what regulations ask for (K3)';

COMMENT ON COLUMN claim_note.ordinal IS 'order in the claim, from 1';
COMMENT ON COLUMN claim_note.line_number IS 'service line; empty for the claim as a whole';
COMMENT ON COLUMN claim_note.kind IS 'NTE01: ADD, DGN, TPO ...; K3';
COMMENT ON COLUMN claim_note.note IS 'NTE02 or K301';
COMMENT ON COLUMN claim_note.source_start IS 'first byte in the archived file';
COMMENT ON COLUMN claim_note.source_stop IS 'byte after the last one';

CREATE TABLE claim_attachment (
    claim_id BIGINT NOT NULL,
    ordinal INTEGER NOT NULL,
    line_number INTEGER,
    report_type TEXT,
    transmission TEXT,
    id_qualifier TEXT,
    control_number TEXT,
    source_start BIGINT NOT NULL,
    source_stop BIGINT NOT NULL,
    CONSTRAINT pk_claim_attachment PRIMARY KEY (claim_id, ordinal),
    CONSTRAINT fk_claim_attachment_claim_id FOREIGN KEY(claim_id) REFERENCES claim (claim_id)
);

COMMENT ON TABLE claim_attachment IS 'Paperwork (PWK) that comes apart from the claim';

COMMENT ON COLUMN claim_attachment.ordinal IS 'order in the claim, from 1';
COMMENT ON COLUMN claim_attachment.line_number IS 'service line; empty for the claim as a whole';
COMMENT ON COLUMN claim_attachment.report_type IS 'PWK01';
COMMENT ON COLUMN claim_attachment.transmission IS 'PWK02: BM mail, EL electronically, FX fax ...';
COMMENT ON COLUMN claim_attachment.id_qualifier IS 'PWK05';
COMMENT ON COLUMN claim_attachment.control_number IS 'PWK06: number by which it is matched';
COMMENT ON COLUMN claim_attachment.source_start IS 'first byte in the archived file';
COMMENT ON COLUMN claim_attachment.source_stop IS 'byte after the last one';

CREATE TABLE claim_contract (
    claim_id BIGINT NOT NULL,
    ordinal INTEGER NOT NULL,
    line_number INTEGER,
    kind TEXT,
    amount_cents BIGINT,
    percentage NUMERIC(18, 6),
    code TEXT,
    discount_percentage NUMERIC(18, 6),
    version TEXT,
    source_start BIGINT NOT NULL,
    source_stop BIGINT NOT NULL,
    CONSTRAINT pk_claim_contract PRIMARY KEY (claim_id, ordinal),
    CONSTRAINT fk_claim_contract_claim_id FOREIGN KEY(claim_id) REFERENCES claim (claim_id)
);

COMMENT ON TABLE claim_contract IS 'Contracts (CN1) under which claims and lines are priced';

COMMENT ON COLUMN claim_contract.ordinal IS 'order in the claim, from 1';
COMMENT ON COLUMN claim_contract.line_number IS 'service line; empty for the claim as a whole';
COMMENT ON COLUMN claim_contract.kind IS 'CN101';
COMMENT ON COLUMN claim_contract.amount_cents IS 'CN102, in exact cents';
COMMENT ON COLUMN claim_contract.percentage IS 'CN103';
COMMENT ON COLUMN claim_contract.code IS 'CN104';
COMMENT ON COLUMN claim_contract.discount_percentage IS 'CN105';
COMMENT ON COLUMN claim_contract.version IS 'CN106';
COMMENT ON COLUMN claim_contract.source_start IS 'first byte in the archived file';
COMMENT ON COLUMN claim_contract.source_stop IS 'byte after the last one';

CREATE TABLE claim_repricing (
    claim_id BIGINT NOT NULL,
    ordinal INTEGER NOT NULL,
    line_number INTEGER,
    method TEXT,
    allowed_cents BIGINT,
    savings_cents BIGINT,
    organization TEXT,
    rate NUMERIC(18, 6),
    group_code TEXT,
    group_cents BIGINT,
    revenue_code TEXT,
    procedure_qualifier TEXT,
    procedure_code TEXT,
    unit TEXT,
    quantity NUMERIC(15, 3),
    reject_reason TEXT,
    policy_compliance TEXT,
    exception TEXT,
    source_start BIGINT NOT NULL,
    source_stop BIGINT NOT NULL,
    CONSTRAINT pk_claim_repricing PRIMARY KEY (claim_id, ordinal),
    CONSTRAINT fk_claim_repricing_claim_id FOREIGN KEY(claim_id) REFERENCES claim (claim_id)
);

COMMENT ON TABLE claim_repricing IS 'What repricers made of claims and lines (HCP)';

COMMENT ON COLUMN claim_repricing.ordinal IS 'order in the claim, from 1';
COMMENT ON COLUMN claim_repricing.line_number IS 'service line; empty for the claim as a whole';
COMMENT ON COLUMN claim_repricing.method IS 'HCP01';
COMMENT ON COLUMN claim_repricing.allowed_cents IS 'HCP02, in exact cents';
COMMENT ON COLUMN claim_repricing.savings_cents IS 'HCP03, in exact cents';
COMMENT ON COLUMN claim_repricing.organization IS 'HCP04';
COMMENT ON COLUMN claim_repricing.rate IS 'HCP05, in dollars';
COMMENT ON COLUMN claim_repricing.group_code IS 'HCP06 (P, I)';
COMMENT ON COLUMN claim_repricing.group_cents IS 'HCP07 (P, I), in exact cents';
COMMENT ON COLUMN claim_repricing.revenue_code IS 'HCP08 (I)';
COMMENT ON COLUMN claim_repricing.procedure_qualifier IS 'HCP09';
COMMENT ON COLUMN claim_repricing.procedure_code IS 'HCP10';
COMMENT ON COLUMN claim_repricing.unit IS 'HCP11';
COMMENT ON COLUMN claim_repricing.quantity IS 'HCP12';
COMMENT ON COLUMN claim_repricing.reject_reason IS 'HCP13';
COMMENT ON COLUMN claim_repricing.policy_compliance IS 'HCP14';
COMMENT ON COLUMN claim_repricing.exception IS 'HCP15';
COMMENT ON COLUMN claim_repricing.source_start IS 'first byte in the archived file';
COMMENT ON COLUMN claim_repricing.source_stop IS 'byte after the last one';

CREATE TABLE claim_ambulance (
    claim_id BIGINT NOT NULL,
    ordinal INTEGER NOT NULL,
    line_number INTEGER,
    weight NUMERIC(18, 6),
    reason TEXT,
    distance NUMERIC(18, 6),
    round_trip_purpose TEXT,
    stretcher_purpose TEXT,
    source_start BIGINT NOT NULL,
    source_stop BIGINT NOT NULL,
    CONSTRAINT pk_claim_ambulance PRIMARY KEY (claim_id, ordinal),
    CONSTRAINT fk_claim_ambulance_claim_id FOREIGN KEY(claim_id) REFERENCES claim (claim_id)
);

COMMENT ON TABLE claim_ambulance IS 'Ambulance transports (CR1, P)';

COMMENT ON COLUMN claim_ambulance.ordinal IS 'order in the claim, from 1';
COMMENT ON COLUMN claim_ambulance.line_number IS 'service line; empty for the claim as a whole';
COMMENT ON COLUMN claim_ambulance.weight IS 'CR102: of the patient, in pounds';
COMMENT ON COLUMN claim_ambulance.reason IS 'CR104';
COMMENT ON COLUMN claim_ambulance.distance IS 'CR106: miles with the patient on board';
COMMENT ON COLUMN claim_ambulance.round_trip_purpose IS 'CR109';
COMMENT ON COLUMN claim_ambulance.stretcher_purpose IS 'CR110';
COMMENT ON COLUMN claim_ambulance.source_start IS 'first byte in the archived file';
COMMENT ON COLUMN claim_ambulance.source_stop IS 'byte after the last one';

CREATE TABLE claim_condition (
    claim_id BIGINT NOT NULL,
    ordinal INTEGER NOT NULL,
    line_number INTEGER,
    category TEXT,
    applies TEXT,
    condition TEXT,
    description TEXT,
    description_2 TEXT,
    source_start BIGINT NOT NULL,
    source_stop BIGINT NOT NULL,
    CONSTRAINT pk_claim_condition PRIMARY KEY (claim_id, ordinal),
    CONSTRAINT fk_claim_condition_claim_id FOREIGN KEY(claim_id) REFERENCES claim (claim_id)
);

COMMENT ON TABLE claim_condition IS 'Conditions that apply or do not (CRC, a row a condition), and of a spine that is manipulated (CR2)';

COMMENT ON COLUMN claim_condition.ordinal IS 'order in the claim, from 1';
COMMENT ON COLUMN claim_condition.line_number IS 'service line; empty for the claim as a whole';
COMMENT ON COLUMN claim_condition.category IS 'CRC01: 07 ambulance, 70 hospice, ZZ EPSDT ...; CR2';
COMMENT ON COLUMN claim_condition.applies IS 'CRC02: Y or N';
COMMENT ON COLUMN claim_condition.condition IS 'CRC03 to CRC07, or CR208';
COMMENT ON COLUMN claim_condition.description IS 'CR210';
COMMENT ON COLUMN claim_condition.description_2 IS 'CR211';
COMMENT ON COLUMN claim_condition.source_start IS 'first byte in the archived file';
COMMENT ON COLUMN claim_condition.source_stop IS 'byte after the last one';

CREATE TABLE claim_line_drug (
    claim_id BIGINT NOT NULL,
    ordinal INTEGER NOT NULL,
    line_number INTEGER,
    qualifier TEXT,
    code TEXT,
    quantity NUMERIC(18, 6),
    unit TEXT,
    source_start BIGINT NOT NULL,
    source_stop BIGINT NOT NULL,
    CONSTRAINT pk_claim_line_drug PRIMARY KEY (claim_id, ordinal),
    CONSTRAINT fk_claim_line_drug_claim_id FOREIGN KEY(claim_id) REFERENCES claim (claim_id)
);

COMMENT ON TABLE claim_line_drug IS 'Drugs and products that lines are about (LIN, CTP; P, I)';

COMMENT ON COLUMN claim_line_drug.ordinal IS 'order in the claim, from 1';
COMMENT ON COLUMN claim_line_drug.line_number IS 'service line; empty for the claim as a whole';
COMMENT ON COLUMN claim_line_drug.qualifier IS 'LIN02: N4 national drug code';
COMMENT ON COLUMN claim_line_drug.code IS 'LIN03';
COMMENT ON COLUMN claim_line_drug.quantity IS 'CTP04';
COMMENT ON COLUMN claim_line_drug.unit IS 'CTP05-1: ML, GR, UN, F2 ...';
COMMENT ON COLUMN claim_line_drug.source_start IS 'first byte in the archived file';
COMMENT ON COLUMN claim_line_drug.source_stop IS 'byte after the last one';

CREATE TABLE claim_line_equipment (
    claim_id BIGINT NOT NULL,
    ordinal INTEGER NOT NULL,
    line_number INTEGER,
    procedure_qualifier TEXT,
    procedure_code TEXT,
    unit TEXT,
    need NUMERIC(18, 6),
    rental_cents BIGINT,
    purchase_cents BIGINT,
    rental_period TEXT,
    source_start BIGINT NOT NULL,
    source_stop BIGINT NOT NULL,
    CONSTRAINT pk_claim_line_equipment PRIMARY KEY (claim_id, ordinal),
    CONSTRAINT fk_claim_line_equipment_claim_id FOREIGN KEY(claim_id) REFERENCES claim (claim_id)
);

COMMENT ON TABLE claim_line_equipment IS 'Durable medical equipment of lines (SV5, P)';

COMMENT ON COLUMN claim_line_equipment.ordinal IS 'order in the claim, from 1';
COMMENT ON COLUMN claim_line_equipment.line_number IS 'service line; empty for the claim as a whole';
COMMENT ON COLUMN claim_line_equipment.procedure_qualifier IS 'SV501-1';
COMMENT ON COLUMN claim_line_equipment.procedure_code IS 'SV501-2';
COMMENT ON COLUMN claim_line_equipment.unit IS 'SV502';
COMMENT ON COLUMN claim_line_equipment.need IS 'SV503: how long it is necessary';
COMMENT ON COLUMN claim_line_equipment.rental_cents IS 'SV504, in exact cents';
COMMENT ON COLUMN claim_line_equipment.purchase_cents IS 'SV505, in exact cents';
COMMENT ON COLUMN claim_line_equipment.rental_period IS 'SV506: 1 weekly, 4 monthly, 6 daily';
COMMENT ON COLUMN claim_line_equipment.source_start IS 'first byte in the archived file';
COMMENT ON COLUMN claim_line_equipment.source_stop IS 'byte after the last one';

CREATE TABLE claim_line_measure (
    claim_id BIGINT NOT NULL,
    ordinal INTEGER NOT NULL,
    line_number INTEGER,
    segment TEXT,
    kind TEXT,
    qualifier TEXT,
    unit TEXT,
    measured NUMERIC(18, 6),
    source_start BIGINT NOT NULL,
    source_stop BIGINT NOT NULL,
    CONSTRAINT pk_claim_line_measure PRIMARY KEY (claim_id, ordinal),
    CONSTRAINT fk_claim_line_measure_claim_id FOREIGN KEY(claim_id) REFERENCES claim (claim_id)
);

COMMENT ON TABLE claim_line_measure IS 'What was counted, measured or certified for a line (QTY, MEA, CR3; P)';

COMMENT ON COLUMN claim_line_measure.ordinal IS 'order in the claim, from 1';
COMMENT ON COLUMN claim_line_measure.line_number IS 'service line; empty for the claim as a whole';
COMMENT ON COLUMN claim_line_measure.segment IS 'QTY, MEA or CR3';
COMMENT ON COLUMN claim_line_measure.kind IS 'MEA01, or CR301: I initial, R renewal, S revised';
COMMENT ON COLUMN claim_line_measure.qualifier IS 'QTY01 or MEA02';
COMMENT ON COLUMN claim_line_measure.unit IS 'CR302';
COMMENT ON COLUMN claim_line_measure.measured IS 'QTY02, MEA03 or CR303';
COMMENT ON COLUMN claim_line_measure.source_start IS 'first byte in the archived file';
COMMENT ON COLUMN claim_line_measure.source_stop IS 'byte after the last one';

CREATE TABLE claim_line_form (
    claim_id BIGINT NOT NULL,
    ordinal INTEGER NOT NULL,
    line_number INTEGER,
    qualifier TEXT,
    form TEXT,
    question TEXT,
    yes_or_no TEXT,
    answer TEXT,
    day DATE,
    percentage NUMERIC(18, 6),
    source_start BIGINT NOT NULL,
    source_stop BIGINT NOT NULL,
    CONSTRAINT pk_claim_line_form PRIMARY KEY (claim_id, ordinal),
    CONSTRAINT fk_claim_line_form_claim_id FOREIGN KEY(claim_id) REFERENCES claim (claim_id)
);

COMMENT ON TABLE claim_line_form IS 'Forms filled in for lines (LQ), and each answer in them (FRM; P)';

COMMENT ON COLUMN claim_line_form.ordinal IS 'order in the claim, from 1';
COMMENT ON COLUMN claim_line_form.line_number IS 'service line; empty for the claim as a whole';
COMMENT ON COLUMN claim_line_form.qualifier IS 'LQ01: AS or UT';
COMMENT ON COLUMN claim_line_form.form IS 'LQ02';
COMMENT ON COLUMN claim_line_form.question IS 'FRM01; empty for the form itself';
COMMENT ON COLUMN claim_line_form.yes_or_no IS 'FRM02';
COMMENT ON COLUMN claim_line_form.answer IS 'FRM03';
COMMENT ON COLUMN claim_line_form.day IS 'FRM04';
COMMENT ON COLUMN claim_line_form.percentage IS 'FRM05';
COMMENT ON COLUMN claim_line_form.source_start IS 'first byte in the archived file';
COMMENT ON COLUMN claim_line_form.source_stop IS 'byte after the last one';

CREATE TABLE claim_contact (
    claim_id BIGINT NOT NULL,
    ordinal INTEGER NOT NULL,
    line_number INTEGER,
    loop TEXT,
    party INTEGER,
    function TEXT,
    name TEXT,
    qualifier_1 TEXT,
    number_1 TEXT,
    qualifier_2 TEXT,
    number_2 TEXT,
    qualifier_3 TEXT,
    number_3 TEXT,
    source_start BIGINT NOT NULL,
    source_stop BIGINT NOT NULL,
    CONSTRAINT pk_claim_contact PRIMARY KEY (claim_id, ordinal),
    CONSTRAINT fk_claim_contact_claim_id FOREIGN KEY(claim_id) REFERENCES claim (claim_id)
);

COMMENT ON TABLE claim_contact IS 'How parties of claims are reached (PER)';

COMMENT ON COLUMN claim_contact.ordinal IS 'order in the claim, from 1';
COMMENT ON COLUMN claim_contact.line_number IS 'service line; empty for the claim as a whole';
COMMENT ON COLUMN claim_contact.loop IS '2300, 2400 ...';
COMMENT ON COLUMN claim_contact.party IS 'the claim''s own party that it is about: its ordinal in claim_party';
COMMENT ON COLUMN claim_contact.function IS 'PER01';
COMMENT ON COLUMN claim_contact.name IS 'PER02';
COMMENT ON COLUMN claim_contact.qualifier_1 IS 'PER03';
COMMENT ON COLUMN claim_contact.number_1 IS 'PER04';
COMMENT ON COLUMN claim_contact.qualifier_2 IS 'PER05';
COMMENT ON COLUMN claim_contact.number_2 IS 'PER06';
COMMENT ON COLUMN claim_contact.qualifier_3 IS 'PER07';
COMMENT ON COLUMN claim_contact.number_3 IS 'PER08';
COMMENT ON COLUMN claim_contact.source_start IS 'first byte in the archived file';
COMMENT ON COLUMN claim_contact.source_stop IS 'byte after the last one';

CREATE TABLE claim_tooth (
    claim_id BIGINT NOT NULL,
    ordinal INTEGER NOT NULL,
    line_number INTEGER,
    qualifier TEXT,
    tooth TEXT,
    surfaces TEXT,
    status TEXT,
    source_start BIGINT NOT NULL,
    source_stop BIGINT NOT NULL,
    CONSTRAINT pk_claim_tooth PRIMARY KEY (claim_id, ordinal),
    CONSTRAINT fk_claim_tooth_claim_id FOREIGN KEY(claim_id) REFERENCES claim (claim_id)
);

COMMENT ON TABLE claim_tooth IS 'Teeth that dental lines are about (TOO), and those of the claim that are missing or to be extracted (DN2)';

COMMENT ON COLUMN claim_tooth.ordinal IS 'order in the claim, from 1';
COMMENT ON COLUMN claim_tooth.line_number IS 'service line; empty for the claim as a whole';
COMMENT ON COLUMN claim_tooth.qualifier IS 'TOO01 or DN206: JP universal tooth numbers';
COMMENT ON COLUMN claim_tooth.tooth IS 'TOO02 or DN201';
COMMENT ON COLUMN claim_tooth.surfaces IS 'TOO03, one letter a surface';
COMMENT ON COLUMN claim_tooth.status IS 'DN202: E to be extracted, M missing';
COMMENT ON COLUMN claim_tooth.source_start IS 'first byte in the archived file';
COMMENT ON COLUMN claim_tooth.source_stop IS 'byte after the last one';
