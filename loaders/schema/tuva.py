"""Coverage in the shape of Tuva's input layer (v0.18.0), for analysts: a view, so it is never behind."""

from __future__ import annotations

from sqlalchemy import DDL, event

from loaders.schema import coverage, enrollment, member_details  # noqa: F401 - the view stands on their tables
from loaders.schema.metadata import metadata

TUVA_ELIGIBILITY = """\
CREATE VIEW tuva_eligibility AS
SELECT
    cast(m.member_id AS text) AS person_id,
    cast(m.member_id AS text) AS member_id,
    m.subscriber_number AS subscriber_id,
    CASE m.gender WHEN 'F' THEN 'female' WHEN 'M' THEN 'male' ELSE 'unknown' END AS gender,
    cast(null AS text) AS race,
    m.birth_date,
    m.death_date,
    cast(m.death_date IS NOT null AS integer) AS death_flag,
    lower(d.days) AS enrollment_start_date,
    coalesce(upper(d.days) - 1, date '9999-12-31') AS enrollment_end_date,
    g.payer,
    'commercial' AS payer_type,
    s.plan_id AS plan,
    m.medicare_reason AS original_reason_entitlement_code,
    cast(null AS text) AS dual_status_code,
    cast(null AS text) AS medicare_status_code,
    cast(null AS text) AS enrollment_status,
    cast(null AS integer) AS hospice_flag,
    cast(null AS integer) AS institutional_snp_flag,
    cast(null AS integer) AS long_term_institutional_flag,
    m.group_id,
    g.name AS group_name,
    m.name_suffix,
    m.first_name,
    m.middle_name,
    m.last_name,
    cast(null AS text) AS social_security_number,
    CASE m.relationship_code WHEN '18' THEN 'self' WHEN '01' THEN 'spouse' WHEN '19' THEN 'child' ELSE 'other' END
        AS subscriber_relation,
    m.address,
    m.city,
    m.state,
    m.zip AS zip_code,
    c.phone,
    c.email,
    cast(null AS text) AS ethnicity,
    'payer-edi' AS data_source,
    f.archive_path AS file_name,
    f.received_date AS file_date,
    s.recorded_at AS ingest_datetime
FROM (
    SELECT member_id, plan_id, range_agg(valid) AS covered, max(recorded_at) AS recorded_at, max(file_id) AS file_id
    FROM coverage_span WHERE superseded_at IS null GROUP BY member_id, plan_id
) s
CROSS JOIN LATERAL unnest(s.covered) AS d(days)
JOIN member m ON m.member_id = s.member_id
JOIN file f ON f.file_id = s.file_id
LEFT JOIN enrollment_group g ON g.group_id = m.group_id
LEFT JOIN LATERAL (
    SELECT min(n.number) FILTER (WHERE n.qualifier IN ('CP', 'HP', 'TE', 'WP')) AS phone,
        min(n.number) FILTER (WHERE n.qualifier = 'EM') AS email
    FROM member_contact p
    CROSS JOIN LATERAL (
        VALUES (p.qualifier_1, p.number_1), (p.qualifier_2, p.number_2), (p.qualifier_3, p.number_3)
    ) AS n(qualifier, number)
    WHERE p.member_id = m.member_id AND p.party IS null AND p.loop = '2100A' AND p.superseded_at IS null
) c ON true"""
"""One row a person, plan and unbroken stretch of days, as it is believed now; 9999-12-31 where it is open.

Columns that are null are not on record. Numbers of social security are kept as keyed hashes only.
"""

TUVA_COMMENT = (
    "COMMENT ON VIEW tuva_eligibility IS"
    " 'eligibility of Tuva''s input layer: a row for each person, plan and unbroken stretch of days, as believed now'"
)

for _statement in (TUVA_ELIGIBILITY, TUVA_COMMENT):
    event.listen(metadata, "after_create", DDL(_statement))  # type: ignore[no-untyped-call] # left without types
