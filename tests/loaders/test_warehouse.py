from __future__ import annotations

import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from loaders.copy import driver
from loaders.warehouse import Warehouse, WarehouseRefused, WarehouseUnavailable, driver_url, open_warehouse

COPY = "copy number_series from stdin"


def read_nothing(warehouse: Warehouse) -> None:
    """A transaction that only connects."""
    with warehouse.begin():
        pass


def test_a_block_that_raises_leaves_nothing(warehouse: Warehouse) -> None:
    """begin() is one transaction: all of it or nothing."""

    def work() -> None:
        with warehouse.begin() as conn:
            conn.execute(text("insert into number_series values ('a', 1)"))
            raise RuntimeError("ours")

    with pytest.raises(RuntimeError, match="ours"):
        work()
    with warehouse.begin() as conn:
        assert conn.execute(text("select count(*) from number_series")).scalar_one() == 0


@pytest.mark.parametrize(
    ("statement", "sqlstate", "rule"),
    [
        ("insert into number_series values ('CANARY', 1), ('CANARY', 2)", "23505", "constraint pk_number_series"),
        ("insert into claim_family (current_version, state) values (1, 'CANARY')", "23514", "ck_claim_family_state"),
        ("insert into number_series values ('CANARY', null)", "23502", "column number_series.next_number"),
        ("select 'CANARY'::date", "22007", ""),
        ("select 'CANARY' from nowhere", "42P01", "nowhere"),
    ],
)
def test_a_refusal_names_the_rule_and_no_value(warehouse: Warehouse, statement: str, sqlstate: str, rule: str) -> None:
    """The constraint or column is told; the row is not, neither in the message nor in what a traceback prints."""
    with pytest.raises(WarehouseRefused) as caught, warehouse.begin() as conn:
        conn.execute(text(statement))
    assert caught.value.sqlstate == sqlstate
    assert sqlstate in str(caught.value)
    assert rule in str(caught.value)
    told = "".join(traceback.format_exception(caught.value))
    own_lines = [line for line in told.splitlines() if "conn.execute" not in line]
    assert "CANARY" not in "\n".join(own_lines)


def test_parameters_and_copied_rows_do_not_show_in_errors(warehouse: Warehouse) -> None:
    """Also not by way of the driver's own errors."""
    canary = "canary".upper()  # a traceback prints the lines of this test too

    def copy() -> None:
        with warehouse.begin() as conn, driver(conn).cursor() as cursor, cursor.copy(COPY) as copied:
            copied.write(f"{canary}\tx\n")

    def insert(value: str) -> None:
        with warehouse.begin() as conn:
            conn.execute(text("insert into number_series values (:name, :number)"), {"name": value, "number": value})

    works: tuple[Callable[[], None], ...] = (copy, lambda: insert(canary), lambda: insert(f"{canary}\0"))
    for work, sqlstate in zip(works, ("22P02", "22P02", None), strict=True):
        with pytest.raises(WarehouseRefused) as caught:
            work()
        assert caught.value.sqlstate == sqlstate
        assert canary not in "".join(traceback.format_exception(caught.value))


def test_a_server_that_is_away_is_worth_another_try() -> None:
    """The message says where we looked, and no password."""
    away = open_warehouse("postgresql://edi:hidden@127.0.0.1:9/warehouse")
    with pytest.raises(WarehouseUnavailable, match=r"127\.0\.0\.1:9/warehouse") as caught:
        read_nothing(away)
    assert "hidden" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("select pg_terminate_backend(pg_backend_pid())", id="connection cut"),
        pytest.param("do $$ begin raise exception using errcode = '40P01'; end $$", id="deadlock"),
        pytest.param("do $$ begin raise exception using errcode = '40001'; end $$", id="serialization failure"),
        pytest.param("do $$ begin raise exception using errcode = '53100'; end $$", id="disk full"),
        pytest.param("do $$ begin raise exception using errcode = '55P03'; end $$", id="lock timeout"),
        pytest.param("do $$ begin raise exception using errcode = '57014'; end $$", id="statement timeout"),
    ],
)
def test_what_passes_is_worth_another_try(warehouse: Warehouse, statement: str) -> None:
    """And the next transaction works."""
    with pytest.raises(WarehouseUnavailable), warehouse.begin() as conn:
        conn.execute(text(statement))
    with warehouse.begin() as conn:
        assert conn.execute(text("select 7")).scalar_one() == 7


def test_a_refused_connection_says_why(warehouse: Warehouse) -> None:
    """The plan can repair its url; the password in it is not told."""
    url = warehouse.engine.url.render_as_string(hide_password=False).replace(
        f"{warehouse.engine.url.password}", "guess"
    )
    with pytest.raises(WarehouseUnavailable, match="password authentication failed") as caught:
        read_nothing(open_warehouse(url))
    assert "guess" not in str(caught.value)


def test_connections_that_a_restart_cut_are_replaced(warehouse: Warehouse) -> None:
    """A pooled connection is tried before it is used."""
    with warehouse.begin() as conn:
        process = conn.execute(text("select pg_backend_pid()")).scalar_one()
    other = open_warehouse(warehouse.engine.url.render_as_string(hide_password=False))
    with other.begin() as conn:
        conn.execute(text("select pg_terminate_backend(:process)"), {"process": process})
    other.close()
    with warehouse.begin() as conn:
        assert conn.execute(text("select pg_backend_pid()")).scalar_one() != process


def test_instants_come_back_in_utc(warehouse: Warehouse) -> None:
    """Whatever the server's or the role's own time zone is."""
    with warehouse.begin() as conn:
        conn.execute(text("alter role edi set timezone to 'America/Chicago'"))
    fresh = open_warehouse(warehouse.engine.url.render_as_string(hide_password=False))
    with fresh.begin() as conn:
        instant = conn.execute(text("select timestamptz '2026-07-01 00:00-05'")).scalar_one()
        conn.execute(text("alter role edi reset timezone"))
    fresh.close()
    assert instant.utcoffset() == timedelta(0)
    assert instant == datetime(2026, 7, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg", "postgresql+psycopg2"])
def test_every_postgresql_url_gets_our_driver(scheme: str) -> None:
    """A plan's url works as its administrators write it."""
    assert str(driver_url(f"{scheme}://edi@host:5432/plan")) == "postgresql+psycopg://edi@host:5432/plan"


@pytest.mark.parametrize("url", ["sqlite:///file", "mysql://edi:hidden@host/plan", "hidden", ""])
def test_other_databases_are_refused(url: str) -> None:
    """One dialect; and the url, which may hold a password, is not repeated."""
    with pytest.raises(WarehouseRefused) as caught:
        driver_url(url)
    assert "hidden" not in str(caught.value)
