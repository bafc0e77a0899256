"""Of which division of the group a coverage is, where the group's plan codes mean something else in a division.

A division is named by REF*17, REF*DX or REF*CE: of the coverage (2300), else of the member (2000). What the row does
not say is as it is on file, unless the set replaces the roster. Of several references the first of 17, DX and CE
counts that names a division with entries of its own for the line of insurance and the plan code.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, text

from loaders.staging import analyze, identifier_key, run, stage

REFERENCES = ("17", "DX", "CE")
LOOPS = ("2000", "2300")

NO_REFERENCES = pa.schema(
    {"member_row": pa.int64(), "coverage_row": pa.int64(), "qualifier": pa.string(), "value": pa.string()}
)

NO_DIVISIONS = """
create temporary table coverage_division (coverage_row bigint, division text) on commit drop
"""

ANY_DIVISION = "select exists (select from known_plan where division <> '')"

DIVISIONS = """
insert into coverage_division
with said as (
    select c.row as coverage_row, p.group_id, c.insurance_line, c.plan_code, d.qualifier, d.value,
        false as is_on_file, d.coverage_row is null as is_of_member
    from recognised_person p
    join staged_coverage c on c.parent_row = p.row
    join staged_division d on d.member_row = p.row and coalesce(d.coverage_row, c.row) = c.row
    union all
    select c.row, p.group_id, c.insurance_line, c.plan_code, r.qualifier, upper(btrim(r.value)), true,
        r.loop = '2000'
    from recognised_person p
    join enrolled_set m on m.set_key = p.set_key and m.group_id = p.group_id and m.mode <> 'replace'
    join staged_coverage c on c.parent_row = p.row
    join member_reference r on r.member_id = p.member_id and r.superseded_at is null
        and r.qualifier = any(:references) and r.loop = any(:loops)
        and coalesce(r.insurance_line, c.insurance_line) = c.insurance_line
    where not exists (
        select from staged_division d
        where d.member_row = p.row and d.qualifier = r.qualifier and coalesce(d.coverage_row, c.row) = c.row
    )
), ranked as (
    select s.coverage_row, k.division, row_number() over (
        partition by s.coverage_row
        order by array_position(cast(:references as text[]), s.qualifier), s.is_on_file, s.is_of_member, k.division
    ) as place
    from said s
    join (
        select distinct group_id, insurance_line, plan_code, division from known_plan where division <> ''
    ) k on k.group_id = s.group_id and k.insurance_line = s.insurance_line and k.plan_code = s.plan_code
        and k.division = s.value
)
select coverage_row, division from ranked where place = 1
"""


def stage_division_references(conn: Connection, references: pa.Table | None, *, is_asked: bool) -> None:
    """Leave the temporary table `staged_division`: what members and coverages say of divisions, if that is asked."""
    if references is None or not is_asked:
        stage(conn, "staged_division", NO_REFERENCES.empty_table())
        return
    named = pc.and_(
        pc.is_in(references["qualifier"], pa.array(REFERENCES)), pc.is_in(references["loop"], pa.array(LOOPS))
    )
    kept = references.filter(pc.and_(named, pc.greater_equal(references["parent_row"], 0)))
    columns = (kept["parent_row"], kept["coverage_row"], kept["qualifier"], identifier_key(kept["value"]))
    stage(conn, "staged_division", pa.table(dict(zip(NO_REFERENCES.names, columns, strict=True))).cast(NO_REFERENCES))


def find_divisions(conn: Connection) -> None:
    """Leave the temporary table `coverage_division`: by row of a coverage the division whose entries it goes by.

    Needs `recognised_person`, `enrolled_set`, `known_plan` and the staged rows.
    """
    run(conn, NO_DIVISIONS)
    if conn.execute(text(ANY_DIVISION)).scalar_one():
        run(conn, DIVISIONS, references=list(REFERENCES), loops=list(LOOPS))
        analyze(conn, "coverage_division")
