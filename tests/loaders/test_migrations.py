from __future__ import annotations

import threading
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

from loaders import server
from loaders.migrate import current, upgrade
from loaders.schema import metadata
from loaders.schema.history import CONSTRAINT, TABLES_WITH_HISTORY
from loaders.warehouse import Warehouse, WarehouseRefused, open_warehouse

CATALOGUE = {
    "columns": """
        select c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
               pg_get_expr(d.adbin, d.adrelid), col_description(c.oid, a.attnum)
        from pg_attribute a join pg_class c on c.oid = a.attrelid
        left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v') and a.attnum > 0
    """,
    "constraints": """
        select conrelid::regclass::text, conname, pg_get_constraintdef(oid)
        from pg_constraint where connamespace = 'public'::regnamespace
    """,
    "indexes": "select tablename, indexname, indexdef from pg_indexes where schemaname = 'public'",
    "triggers": """
        select tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), pg_get_functiondef(tgfoid)
        from pg_trigger where not tgisinternal
    """,
    "tables": """
        select relname, obj_description(oid) from pg_class
        where relnamespace = 'public'::regnamespace and relkind in ('r', 'v')
    """,
}


def catalogue(conn: Connection, part: str) -> set[tuple[object, ...]]:
    """What PostgreSQL itself says of our schema, without Alembic's own table."""
    rows = conn.execute(text(CATALOGUE[part]))
    return {tuple(row) for row in rows if row[0] != "alembic_version"}


@pytest.fixture(scope="module")
def declared(postgres: Path) -> Warehouse:
    """A database made from the schema's declarations instead of the migrations."""
    warehouse = open_warehouse(server.start(postgres, database="declared"))
    metadata.create_all(warehouse.engine)
    warehouse.close()
    return warehouse


def test_the_migrations_build_what_the_schema_declares(warehouse: Warehouse) -> None:
    """Alembic finds nothing left to migrate."""
    with warehouse.begin() as conn:
        context = MigrationContext.configure(conn, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


@pytest.mark.parametrize("part", CATALOGUE)
def test_the_migrations_build_it_to_the_last_constraint_and_comment(
    warehouse: Warehouse, declared: Warehouse, part: str
) -> None:
    """Alembic does not compare checks and exclusions; PostgreSQL's own catalogue knows them."""
    with warehouse.begin() as migrated, declared.begin() as created:
        assert catalogue(migrated, part) == catalogue(created, part)
    declared.close()


def test_two_spans_of_one_coverage_cannot_overlap(warehouse: Warehouse) -> None:
    """The exclusion constraint is there and does its work, for spans in force only."""
    span = text("""
        insert into coverage_span (coverage_key, member_id, insurance_line, plan_id, valid, recorded_at, superseded_at,
                                   superseded_by, file_id, source_start, source_stop)
        values (:key, 1, 'HLT', 'gold', daterange(:first, :after), '2026-01-01', :superseded_at,
                :superseded_by, 1, 0, 1)
    """)
    january = {"key": 1, "first": "2026-01-01", "after": "2026-02-01", "superseded_at": None, "superseded_by": None}

    def record(*spans: dict[str, object]) -> None:
        with warehouse.begin() as conn:
            conn.execute(text("set local session_replication_role = replica"))  # foreign keys are not the question
            conn.execute(span, spans)

    record(january, january | {"first": "2026-02-01", "after": None})
    record(january | {"key": 2}, january | {"superseded_at": "2026-03-01", "superseded_by": 1})
    with pytest.raises(WarehouseRefused) as caught:
        record(january | {"first": "2026-01-31", "after": "2026-02-01"})
    assert caught.value.constraint == "no_two_spans_at_once"


class TestHistory:
    """What is on record is superseded once, and otherwise stays."""

    @pytest.fixture
    def recorded(self, warehouse: Warehouse) -> Warehouse:
        """A span in force, the only row that there is."""
        with warehouse.begin() as conn:
            conn.exec_driver_sql(FIRST_RELEASE.split(";\n", maxsplit=1)[0])
            conn.execute(text("set local session_replication_role = replica"))  # foreign keys are not the question
            conn.execute(
                text("""
                    insert into coverage_span (coverage_key, member_id, insurance_line, plan_id, valid, recorded_at,
                        file_id, source_start, source_stop)
                    values (1, 1, 'HLT', 'gold', daterange('2026-01-01', null), '2026-01-01', 1, 0, 1)
                """)
            )
        return warehouse

    @pytest.mark.parametrize(
        "statement",
        [
            "update coverage_span set plan_id = 'silver'",
            "update coverage_span set tier = 'EMP'",
            "update coverage_span set tier = 'EMP', superseded_at = '2026-02-01', superseded_by = 1",
            "update coverage_span set superseded_at = null, superseded_by = null",
            "delete from coverage_span",
            "truncate coverage_span cascade",
        ],
    )
    def test_what_is_recorded_is_not_rewritten(self, recorded: Warehouse, statement: str) -> None:
        """By nobody, whatever else they change with it."""
        with pytest.raises(WarehouseRefused) as caught, recorded.begin() as conn:
            conn.execute(text(statement))
        assert caught.value.constraint == CONSTRAINT

    def test_it_is_superseded_once(self, recorded: Warehouse) -> None:
        """And then no more."""
        supersede = text("update coverage_span set superseded_at = '2026-02-01', superseded_by = 2")
        with recorded.begin() as conn:
            assert conn.execute(supersede).rowcount == 1
        with pytest.raises(WarehouseRefused) as caught, recorded.begin() as conn:
            conn.execute(supersede)
        assert caught.value.constraint == CONSTRAINT

    @pytest.mark.parametrize("table", TABLES_WITH_HISTORY)
    def test_every_table_with_a_history_is_kept(self, warehouse: Warehouse, table: str) -> None:
        """Those of the declarations, and no fewer in the migration."""
        with warehouse.begin() as conn:
            kept = conn.execute(
                text("select tgname from pg_trigger where not tgisinternal and tgrelid = cast(:name as regclass)"),
                {"name": table},
            ).scalars()
            assert sorted(kept) == ["keep_all_history", "keep_history"]


def test_upgrading_again_changes_nothing(warehouse: Warehouse) -> None:
    """Every start may call it."""
    before = current(warehouse.engine)
    upgrade(warehouse.engine)
    assert current(warehouse.engine) == before is not None


def test_processes_that_upgrade_at_once_do_not_meet(postgres: Path) -> None:
    """One migrates, the others wait and find nothing to do."""
    url = server.start(postgres, database="upgraded_at_once")
    empty = open_warehouse(url)
    assert current(empty.engine) is None
    empty.close()
    failures: list[BaseException] = []

    def work() -> None:
        warehouse = open_warehouse(url)
        try:
            upgrade(warehouse.engine)
        except BaseException as error:  # noqa: BLE001 - handed to the test
            failures.append(error)
        finally:
            warehouse.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


FIRST_RELEASE = """
insert into file (file_id, partner, remote_path, remote_size, remote_mtime, sha256, content_sha256, size_bytes,
    arrived_at, received_date, archive_path, kind, usage, state, reason_code, state_changed_at)
select number, 'acme', 'in/' || number, 1, now(), number, number, 1, cast('2026-06-01 12:00Z' as timestamptz),
    '2026-06-01', number, '834', 'P', case number when 1 then 'committed' else 'held' end,
    case number when 1 then 'ANSWERED' else 'EXPECTATION_BROKEN' end, now()
from generate_series(1, 2) number;
insert into member (member_id, group_id, subscriber_number, first_name_key, birth_date, is_subscriber,
    relationship_code, last_name, first_name, file_id, source_start, source_stop)
values (1, 'acme', 'S1', 'ANN', '1980-01-01', true, '18', 'DOE', 'ANN', 1, 0, 9),
    (2, 'acme', 'S1', 'BOB', '2010-01-01', false, '19', 'DOE', 'BOB', 1, 9, 19);
insert into coverage_key (coverage_key, member_id, insurance_line) values (1, 1, 'HLT'), (2, 2, 'HLT');
insert into coverage_span (coverage_key, member_id, insurance_line, plan_id, tier, valid, recorded_at, file_id,
    source_start, source_stop)
select member_id, member_id, 'HLT', 'gold', 'FAM', daterange('2026-01-01', null), '2026-06-01 12:00Z', 1, 0, 9
from member
"""


def test_the_rows_of_the_first_release_are_kept(postgres: Path) -> None:
    """Members, coverage and held files are what they were, as far as the first release knew."""
    warehouse = open_warehouse(server.start(postgres, database="first_release"))
    upgrade(warehouse.engine, "0001")
    with warehouse.begin() as conn:
        for statement in FIRST_RELEASE.split(";\n"):
            conn.exec_driver_sql(statement)
    upgrade(warehouse.engine)
    with warehouse.begin() as conn:
        members = conn.execute(
            text("select first_name, member_suffix, recorded_at from member order by member_id")
        ).all()
        spans = conn.execute(text("select member_id, valid, is_cobra from coverage_span order by member_id")).all()
        held = conn.execute(text("select file_id, code, decision from hold")).all()
    warehouse.close()
    arrived = datetime(2026, 6, 1, 12, tzinfo=UTC)
    assert [tuple(row) for row in members] == [("ANN", 0, arrived), ("BOB", 1, arrived)]
    assert [(row[0], row[1].lower, row[1].upper, row[2]) for row in spans] == [
        (number, date(2026, 1, 1), None, False) for number in (1, 2)
    ]
    assert [tuple(row) for row in held] == [(2, "EXPECTATION_BROKEN", None)]
