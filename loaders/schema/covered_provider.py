"""The providers of members on the days that count: a choice ends with the coverage of its line, and returns with it.

What a sender said of a provider is kept as it was said, in `member_provider`: without an end. Its days in force are
those on which the member is covered in the line, so they follow every end, reinstatement and correction of coverage
by themselves. A view, so it is never behind.
"""

from __future__ import annotations

from sqlalchemy import DDL, event

from loaders.schema import enrollment, member_details  # noqa: F401 - the view stands on their tables
from loaders.schema.metadata import metadata

COVERED_PROVIDER = """\
CREATE VIEW covered_provider AS
SELECT
    p.statement_id,
    p.member_id,
    p.insurance_line,
    p.entity_code,
    p.id_qualifier,
    p.identifier,
    p.last_or_organization_name,
    p.first_name,
    p.relation,
    lower(d.days) AS first_day,
    upper(d.days) - 1 AS last_day
FROM member_provider p
JOIN (
    SELECT member_id, insurance_line, range_agg(valid) AS covered
    FROM coverage_span WHERE superseded_at IS null GROUP BY member_id, insurance_line
) s ON s.member_id = p.member_id AND s.insurance_line = p.insurance_line
CROSS JOIN LATERAL unnest(s.covered * datemultirange(p.valid)) AS d(days)
WHERE p.superseded_at IS null"""
"""One row a provider and unbroken stretch of covered days, as it is believed now; no last day where it is open."""

COMMENT = (
    "COMMENT ON VIEW covered_provider IS"
    " 'providers whom members chose, on the days on which coverage of the line bears them out, as believed now'"
)

for _statement in (COVERED_PROVIDER, COMMENT):
    event.listen(metadata, "after_create", DDL(_statement))  # type: ignore[no-untyped-call] # left without types
