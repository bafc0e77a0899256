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

CREATE TABLE outbox_group (
    outbox_id BIGINT NOT NULL,
    ordinal INTEGER NOT NULL,
    interchange_control TEXT NOT NULL,
    functional_id TEXT NOT NULL,
    control_number TEXT NOT NULL,
    CONSTRAINT pk_outbox_group PRIMARY KEY (outbox_id, ordinal),
    CONSTRAINT fk_outbox_group_outbox_id FOREIGN KEY(outbox_id) REFERENCES outbox (outbox_id)
);

CREATE INDEX ix_outbox_group_interchange_control ON outbox_group (interchange_control);
CREATE INDEX ix_outbox_group_control_number ON outbox_group (control_number);

COMMENT ON TABLE outbox_group IS 'The functional groups of files of the outbox, by which partners answer them';

COMMENT ON COLUMN outbox_group.ordinal IS 'in the file, from 1';
COMMENT ON COLUMN outbox_group.interchange_control IS 'our ISA13 without zeros before it';
COMMENT ON COLUMN outbox_group.functional_id IS 'our GS01: HN, HP, FA';
COMMENT ON COLUMN outbox_group.control_number IS 'our GS06 without zeros before it';

INSERT INTO outbox_group (outbox_id, ordinal, interchange_control, functional_id, control_number)
SELECT o.outbox_id, g.ordinal, ltrim(convert_from(substring(o.content FROM 91 FOR 9), 'LATIN1'), '0'), g.parts[1],
    ltrim(g.parts[2], '0')
FROM outbox o
CROSS JOIN LATERAL regexp_matches(
    convert_from(o.content, 'LATIN1'), '~GS[*]([A-Z]{2})[*][^*]*[*][^*]*[*][0-9]+[*][0-9]+[*]([0-9]+)[*]', 'g'
) WITH ORDINALITY AS g (parts, ordinal)
WHERE o.kind IN ('999', '835');

CREATE TABLE partner_answer (
    file_id BIGINT NOT NULL,
    ordinal INTEGER NOT NULL,
    kind TEXT NOT NULL,
    outbox_id BIGINT,
    functional_id TEXT,
    control_number TEXT NOT NULL,
    code TEXT NOT NULL,
    error_codes TEXT NOT NULL,
    refused_sets INTEGER NOT NULL,
    CONSTRAINT pk_partner_answer PRIMARY KEY (file_id, ordinal),
    CONSTRAINT ck_partner_answer_kind CHECK (kind in ('TA1', '999')),
    CONSTRAINT fk_partner_answer_file_id FOREIGN KEY(file_id) REFERENCES file (file_id),
    CONSTRAINT fk_partner_answer_outbox_id FOREIGN KEY(outbox_id) REFERENCES outbox (outbox_id)
);

CREATE INDEX ix_partner_answer_outbox_id ON partner_answer (outbox_id);

COMMENT ON TABLE partner_answer IS 'TA1 and 999 that partners sent for what we sent them';

COMMENT ON COLUMN partner_answer.ordinal IS 'in the file, from 1';
COMMENT ON COLUMN partner_answer.kind IS 'TA1 or 999';
COMMENT ON COLUMN partner_answer.outbox_id IS 'what it answers; empty: nothing known';
COMMENT ON COLUMN partner_answer.functional_id IS 'AK101; empty of a TA1';
COMMENT ON COLUMN partner_answer.control_number IS 'TA101 or AK102, without zeros before it';
COMMENT ON COLUMN partner_answer.code IS 'TA104 or AK901: A and E accept';
COMMENT ON COLUMN partner_answer.error_codes IS 'TA105, or AK905 to AK909 with blanks between';
COMMENT ON COLUMN partner_answer.refused_sets IS 'transaction sets (IK501) that were not accepted';
