ALTER TABLE claim ALTER COLUMN claim_number DROP NOT NULL;
ALTER TABLE claim ALTER COLUMN family_id DROP NOT NULL;

ALTER TABLE claim DROP CONSTRAINT ck_claim_state;
ALTER TABLE claim ADD CONSTRAINT ck_claim_state CHECK (state in ('accepted', 'paid', 'denied', 'pended', 'rejected'));
ALTER TABLE claim ADD CONSTRAINT ck_claim_rejected_unnumbered CHECK ((state = 'rejected') = (claim_number is null) and (state = 'rejected') = (family_id is null));

COMMENT ON COLUMN claim.claim_number IS 'ours: 277CA REF*1K, CLP07 and a later REF*F8; empty when it was rejected';
COMMENT ON COLUMN claim.family_id IS 'empty when it was rejected';
COMMENT ON COLUMN claim.version IS '1 for the original; empty for a correction that was refused, and when it was rejected';
COMMENT ON COLUMN claim.state IS 'accepted (not yet decided), paid, denied, pended, or rejected by the 277CA';

CREATE TABLE claim_edit (
    claim_id BIGINT NOT NULL,
    ordinal INTEGER NOT NULL,
    line_number INTEGER,
    edit TEXT NOT NULL,
    severity TEXT NOT NULL,
    statuses TEXT NOT NULL,
    CONSTRAINT pk_claim_edit PRIMARY KEY (claim_id, ordinal),
    CONSTRAINT ck_claim_edit_severity CHECK (severity in ('reject', 'report')),
    CONSTRAINT fk_claim_edit_claim_id FOREIGN KEY(claim_id) REFERENCES claim (claim_id)
);

COMMENT ON TABLE claim_edit IS 'What the edits at the front found in claims; those that reject are the statuses of the 277CA';

COMMENT ON COLUMN claim_edit.ordinal IS 'order in the claim, from 1';
COMMENT ON COLUMN claim_edit.line_number IS 'service line, empty for the claim';
COMMENT ON COLUMN claim_edit.edit IS 'id of the edit, in docs/edits.md';
COMMENT ON COLUMN claim_edit.severity IS 'reject or report';
COMMENT ON COLUMN claim_edit.statuses IS 'STC01, STC10 and STC11 with blanks between, each as category:status:entity';

CREATE TABLE claim_batch (
    set_key BIGINT NOT NULL,
    submitter_id TEXT,
    reference TEXT,
    is_test BOOLEAN NOT NULL,
    claims INTEGER NOT NULL,
    charge_cents BIGINT NOT NULL,
    rejected INTEGER NOT NULL,
    rejected_cents BIGINT NOT NULL,
    CONSTRAINT pk_claim_batch PRIMARY KEY (set_key),
    CONSTRAINT fk_claim_batch_set_key FOREIGN KEY(set_key) REFERENCES transaction_set (set_key)
);

CREATE INDEX ix_claim_batch_submitter_id_reference ON claim_batch (submitter_id, reference);

COMMENT ON TABLE claim_batch IS 'Accepted 837 sets with what the 277CA counts: claims received = accepted + rejected';

COMMENT ON COLUMN claim_batch.submitter_id IS '1000A NM109';
COMMENT ON COLUMN claim_batch.reference IS 'BHT03, which the 277CA repeats';
COMMENT ON COLUMN claim_batch.is_test IS 'ISA15 = T';
COMMENT ON COLUMN claim_batch.claims IS 'received';
COMMENT ON COLUMN claim_batch.charge_cents IS 'exact cents';
COMMENT ON COLUMN claim_batch.rejected IS 'of these';
COMMENT ON COLUMN claim_batch.rejected_cents IS 'exact cents';
