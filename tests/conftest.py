"""Fixtures for every test that needs a warehouse: one server a test session, one fresh database a test."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from loaders import server
from loaders.migrate import upgrade
from loaders.warehouse import Warehouse, open_warehouse
from tests.memory_folder import folder_in_memory, is_in_memory

TEMPLATE = "template_migrated"

ROOMS = ("edi", "parsers", "writers", "rules", "sftp", "loaders", "pipeline", "dags", "demo")
"""Folders of tests, fast ones first: what can fail in a second is not told after ten minutes."""
LONG = (
    *("demo/test_demo.py", "dags/test_dag_files.py", "loaders/enrolment_year/test_year.py"),
    *("loaders/enrolment_scenarios/test_scenarios.py", "loaders/enrolment_year/test_laws.py"),
    *("pipeline/test_replay_story.py", "pipeline/test_adjudicate.py", "pipeline/test_corpus_end_to_end.py"),
    *("pipeline/test_killed_day.py", "rules/test_pricing.py", "pipeline/test_synthetic_world.py"),
)
"""Modules that take longest, longest first. Workers that share the tests begin with these, so that all end together."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Order the tests by room, those of workers after the long modules; within a room they keep their order."""
    here = Path(__file__).parent
    first = LONG if hasattr(config, "workerinput") else ()

    def place(item: pytest.Item) -> int:
        module = item.path.relative_to(here)
        if module.as_posix() in first:
            return first.index(module.as_posix()) - len(first)
        room = module.parts[0]
        return ROOMS.index(room) if room in ROOMS else len(ROOMS)

    items.sort(key=place)


@pytest.hookimpl(wrapper=True, optionalhook=True)
def pytest_xdist_auto_num_workers() -> Generator[None, int, int]:
    """One more worker than processors: some test always waits, for PostgreSQL, Airflow or a clock."""
    return (yield) + 1


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of an embedded server that runs until the last test is done: `loaders.server.running(postgres)`."""
    folder = folder_in_memory() or tmp_path_factory.mktemp("postgres")
    server.start(folder)
    with psycopg.connect(maintenance(folder), autocommit=True) as connection:
        # its data outlive no test: what it wrote need not outlive the machine
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"alter system set {setting} = off")
        connection.execute("select pg_reload_conf()")
    yield folder
    server.stop(folder)
    # pytest keeps the folders of its last sessions
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def fresh_database(postgres: Path) -> Callable[[], str]:
    """Make a database, by default a migrated and empty one, and give its url; it stays until the server goes."""
    warehouse = open_warehouse(server.start(postgres, database=TEMPLATE))
    upgrade(warehouse.engine)
    warehouse.close()
    numbers = itertools.count(1)
    url = maintenance(postgres)
    # in memory a copy of files is cheapest; on a disk it is dearest, and pages go through the server
    strategy = sql.SQL("file_copy" if is_in_memory(postgres) else "wal_log")

    def make(template: str = TEMPLATE) -> str:
        name = f"test_{next(numbers)}"
        statement = sql.SQL("create database {} template {} strategy {}").format(
            sql.Identifier(name), sql.Identifier(template), strategy
        )
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(statement)
        return f"{url.rsplit('/', 1)[0]}/{name}"

    return make


def maintenance(folder: Path) -> str:
    """The url, for psycopg itself, of the database from which others are made and dropped."""
    return str(server.running(folder, database="postgres")).replace("+psycopg", "")


@pytest.fixture
def warehouse(postgres: Path, fresh_database: Callable[[], str]) -> Iterator[Warehouse]:
    """An empty warehouse of the newest schema, for one test."""
    opened = open_warehouse(fresh_database())
    yield opened
    opened.close()
    # dropped before PostgreSQL writes it to the disk: cheaper than to keep its 8 MB
    drop = sql.SQL("drop database {} with (force)").format(sql.Identifier(str(opened.engine.url.database)))
    with psycopg.connect(maintenance(postgres), autocommit=True) as connection:
        connection.execute(drop)
