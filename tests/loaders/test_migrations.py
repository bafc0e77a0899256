from __future__ import annotations

import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

from loaders import server
from loaders.migrate import current, upgrade
from loaders.schema import metadata
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
