"""Where the tier of a subscriber's coverage contradicts who of the family is covered: told, and loaded as sent.

| HD05 | contradicted by |
|---|---|
| EMP, IND | a dependant |
| ESP | no spouse; a child |
| ECH | no child; a spouse |
| FAM, SPC, DEP | no dependant |
| TWO | no dependant, or more than one |
| SPO | a child |
| CHD | a spouse |
| E1D, E2D, E3D | fewer dependants, or more |
| E5D, E6D, E7D, E8D, E9D | fewer dependants than one, two, three, four, five |

Families are looked at whole, after the file, and only in the lines in which it changed somebody's coverage: the same
file again says nothing again. The tier is that of the subscriber's active coverage on the day of receipt, or on its
first day where that is still to come; past coverage, COBRA and surviving insured are not judged, nor is a tier that
was not sent or is not in the table.

A dependant contradicts a tier by being covered in the subscriber's plan on that day, unless by COBRA, or under a tier
that speaks of the dependant alone (CHD, DEP, IND, SPC, SPO): then the sender states tiers by person. A dependant is
missed only who is not covered in the line on that day and has no coverage still to come. Whoever is neither spouse nor
child (INS02) may be counted as either.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from loaders.staging import analyze, run

SPOUSES = ("01", "25", "53")
"""INS02: spouse, former spouse, life partner."""
CHILDREN = ("05", "07", "09", "10", "15", "17", "19", "24")
"""INS02: grandchild, nephew or niece, adopted, foster child, ward, stepchild, child, a dependant's dependant."""
OF_ONE_PERSON = ("CHD", "DEP", "IND", "SPC", "SPO")
"""HD05 that a dependant's own row may have beside a subscriber's EMP."""

BOUNDS = {
    "EMP": (0, 0),
    "IND": (0, 0),
    "FAM": (1, None),
    "SPC": (1, None),
    "DEP": (1, None),
    "TWO": (1, 1),
    "E1D": (1, 1),
    "E2D": (2, 2),
    "E3D": (3, 3),
    "E5D": (1, None),
    "E6D": (2, None),
    "E7D": (3, None),
    "E8D": (4, None),
    "E9D": (5, None),
}
"""How many dependants a tier has, at least and at most."""
KINDS = {"ESP": "(spouses = 0 or children_now > 0)", "ECH": "(children = 0 or spouses_now > 0)"}
KINDS |= {"SPO": "children_now > 0", "CHD": "spouses_now > 0"}
"""What contradicts a tier that says who the dependants are."""


def _texts(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)


TOUCHED_FAMILIES = """
create temporary table tier_family on commit drop as
select m.group_id, m.subscriber_number, e.insurance_line, min(c.set_key) as set_key,
    min(c.source_start) as source_start, min(c.source_stop) as source_stop
from key_effect e
join member m using (member_id)
join coverage_change c using (coverage_key)
group by m.group_id, m.subscriber_number, e.insurance_line
"""

TOUCHED_SUBSCRIBERS = """
create temporary table tier_subscriber on commit drop as
select t.*, k.member_id
from tier_family t
join member k on k.group_id = t.group_id and k.subscriber_number = t.subscriber_number and k.is_subscriber
    and coalesce(k.benefit_status, 'A') not in ('C', 'S')
"""

STATED_TIERS = f"""
create temporary table stated_tier on commit drop as
select t.*, s.plan_id, s.tier, greatest(lower(s.valid), cast(:received as date)) as day
from tier_subscriber t
join coverage_span s on s.member_id = t.member_id and s.insurance_line = t.insurance_line
    and s.superseded_at is null and not s.is_cobra and s.tier in ({_texts((*BOUNDS, *KINDS))})
    and coalesce(upper(s.valid), 'infinity') > cast(:received as date)
"""  # noqa: S608 - of our own words only

CONTRADICTED = " or ".join(
    [
        *(
            f"tier = '{tier}' and (dependants < {least}"
            + (f" or dependants_now > {most})" if most is not None else ")")
            for tier, (least, most) in BOUNDS.items()
        ),
        *(f"tier = '{tier}' and {contradicted}" for tier, contradicted in KINDS.items()),
    ]
)

CONTRADICTED_TIERS = f"""
insert into enrollment_problem
with dependant as (
    select t.member_id as subscriber_id, t.insurance_line, t.tier, t.day, t.set_key, t.source_start, t.source_stop,
        d.member_id, d.relationship_code, coalesce(bool_or(
            o.valid @> t.day and o.plan_id = t.plan_id and not o.is_cobra
            and coalesce(o.tier, '') not in ({_texts(OF_ONE_PERSON)})
        ), false) as is_covered, count(o.member_id) > 0 as will_be_covered
    from stated_tier t
    left join member d on d.group_id = t.group_id and d.subscriber_number = t.subscriber_number
        and not d.is_subscriber
    left join coverage_span o on o.member_id = d.member_id and o.insurance_line = t.insurance_line
        and o.superseded_at is null and coalesce(upper(o.valid), 'infinity') > t.day
    group by t.member_id, t.insurance_line, t.tier, t.day, t.set_key, t.source_start, t.source_stop, d.member_id
), family as (
    select subscriber_id, insurance_line, tier, min(set_key) as set_key, min(source_start) as source_start,
        min(source_stop) as source_stop,
        count(*) filter (where will_be_covered) as dependants,
        count(*) filter (where is_covered) as dependants_now,
        count(*) filter (where will_be_covered and relationship_code not in ({_texts(CHILDREN)})) as spouses,
        count(*) filter (where is_covered and relationship_code in ({_texts(SPOUSES)})) as spouses_now,
        count(*) filter (where will_be_covered and relationship_code not in ({_texts(SPOUSES)})) as children,
        count(*) filter (where is_covered and relationship_code in ({_texts(CHILDREN)})) as children_now
    from dependant group by subscriber_id, insurance_line, tier, day
), contradicted as (
    select distinct subscriber_id, insurance_line, set_key, source_start, source_stop from family where {CONTRADICTED}
), own as (
    select distinct on (e.member_id, e.insurance_line) e.member_id, e.insurance_line, e.set_key, e.source_start,
        e.source_stop
    from coverage_event e
    where e.member_id in (select subscriber_id from contradicted)
    order by e.member_id, e.insurance_line, e.source_start
)
select coalesce(o.set_key, c.set_key), 'ENROLLMENT_TIER_CONTRADICTED', 'HD', '2300',
    coalesce(o.source_start, c.source_start), coalesce(o.source_stop, c.source_stop)
from contradicted c
left join own o on o.member_id = c.subscriber_id and o.insurance_line = c.insurance_line
"""  # noqa: S608 - of our own words only


def warn_of_tiers(conn: Connection, received: date) -> None:
    """Add to `enrollment_problem` one row a subscriber and line where the tier does not fit the family.

    `received` is the day on which the file arrived. The new spans are on record already; needs `key_effect`,
    `coverage_change` and `coverage_event`.
    """
    # each step tells the planner how many there are: the spans are new, and it knows nothing of them
    run(conn, TOUCHED_FAMILIES)
    analyze(conn, "tier_family")
    run(conn, TOUCHED_SUBSCRIBERS)
    analyze(conn, "tier_subscriber")
    run(conn, STATED_TIERS, received=received)
    analyze(conn, "stated_tier")
    run(conn, CONTRADICTED_TIERS)
