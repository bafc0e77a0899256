from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from edi.sent_groups import sent_groups
from loaders.ledger import Delivery, record_delivery
from loaders.outbox import (
    NameUsed,
    NotPending,
    OutboxFile,
    OutboxRow,
    answers,
    kinds_by_file,
    mark_conflict,
    mark_failed_attempt,
    mark_sent,
    pending,
    put,
    unanswered,
    unsent_files,
)
from loaders.schema.outbound import outbox, outbox_group
from loaders.warehouse import Warehouse

ANSWER = OutboxFile(partner="acme", folder="ack", file_name="999_1.x12", kind="999", content=b"ISA*1~")


def waiting(warehouse: Warehouse) -> list[OutboxRow]:
    """What is pending, read in a transaction of its own."""
    with warehouse.begin() as conn:
        return pending(conn, 10)


def put_all(warehouse: Warehouse, now: datetime, *files: OutboxFile) -> list[int]:
    """Put files in a transaction of its own."""
    with warehouse.begin() as conn:
        return put(conn, files, now)


def test_an_outbox_row_is_a_row_of_the_table() -> None:
    """Field for column."""
    assert [field.name for field in fields(OutboxRow)] == list(outbox.columns.keys())


def test_what_was_put_is_pending_in_order_with_the_same_bytes(warehouse: Warehouse, noon: datetime) -> None:
    """Whatever the bytes are."""
    files = [replace(ANSWER, file_name=f"{number}", content=bytes(range(256)) * number) for number in range(3)]
    ids = put_all(warehouse, noon, *files)
    rows = waiting(warehouse)
    assert [row.outbox_id for row in rows] == ids
    assert [row.content for row in rows] == [file.content for file in files]
    assert {(row.state, row.attempts, row.created_at) for row in rows} == {("pending", 0, noon)}
    with warehouse.begin() as conn:
        assert [row.outbox_id for row in pending(conn, 2)] == ids[:2]
        assert pending(conn, 10, partner="other") == []


def test_putting_the_same_file_again_changes_nothing(warehouse: Warehouse, noon: datetime) -> None:
    """A step that runs twice answers once, also after the answer was sent."""
    (outbox_id,) = put_all(warehouse, noon, ANSWER)
    with warehouse.begin() as conn:
        mark_sent(conn, outbox_id, noon)
    assert put_all(warehouse, noon + timedelta(hours=1), ANSWER, ANSWER) == [outbox_id, outbox_id]
    assert waiting(warehouse) == []


def test_files_are_put_some_at_a_time(warehouse: Warehouse, noon: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their ids rise in the order given, however many go together; what was there keeps its row among new ones."""
    monkeypatch.setattr("loaders.outbox.BATCH_BYTES", 10)
    monkeypatch.setattr("loaders.outbox.BATCH_FILES", 3)
    sizes = (4, 0, 25, 5, 5, 0, 0, 0, 0, 10, 1)
    files = [replace(ANSWER, file_name=f"{place}", content=bytes(size)) for place, size in enumerate(sizes)]
    (known,) = put_all(warehouse, noon, files[4])
    with warehouse.begin() as conn:
        ids = put(conn, iter((*files, files[2])), noon)
    assert ids[4] == known
    assert ids.pop() == ids[2]
    new = ids[:4] + ids[5:]
    assert new == sorted(set(new))
    with warehouse.begin() as conn:
        rows = {row.outbox_id: (row.file_name, row.content) for row in pending(conn, 100)}
    assert [rows[each] for each in ids] == [(file.file_name, file.content) for file in files]
    assert put_all(warehouse, noon) == []


def test_a_file_given_twice_at_once_is_put_once(warehouse: Warehouse, noon: datetime) -> None:
    """Its groups too; other bytes under its name are an error there as well."""
    isa = b"ISA*00*          *00*          *ZZ*US             *ZZ*ACME           *260101*1200*^*00501*000000007*0*P*:~"
    content = isa + b"GS*FA*A*B*20260101*1200*7*X*005010X231A1~"
    grouped = replace(ANSWER, content=content)
    assert list(sent_groups(content))
    first, second = put_all(warehouse, noon, grouped, grouped)
    assert first == second
    with warehouse.begin() as conn:
        assert conn.execute(select(func.count()).select_from(outbox_group)).scalar_one() == 1
    with pytest.raises(NameUsed):
        put_all(warehouse, noon, replace(ANSWER, file_name="new"), replace(grouped, file_name="new"))


def test_a_name_stands_for_one_content(warehouse: Warehouse, noon: datetime) -> None:
    """Other bytes under a used name are an error of ours; another partner or folder is another name."""
    put_all(warehouse, noon, ANSWER)
    with pytest.raises(NameUsed, match=r"ack/999_1\.x12 for acme"):
        put_all(warehouse, noon, replace(ANSWER, file_name="new"), replace(ANSWER, content=b"other"))
    assert len(waiting(warehouse)) == 1
    put_all(warehouse, noon, replace(ANSWER, partner="hub", content=b"b"), replace(ANSWER, folder="out", content=b"c"))
    assert len(waiting(warehouse)) == 3


def test_a_failed_delivery_stays_pending_and_a_conflict_waits_for_a_person(
    warehouse: Warehouse, noon: datetime
) -> None:
    """With the problem and the number of attempts."""
    failed, conflicting = put_all(warehouse, noon, ANSWER, replace(ANSWER, file_name="b"))
    with warehouse.begin() as conn:
        mark_failed_attempt(conn, failed, "no route to host")
        mark_conflict(conn, conflicting, "another file has this name")
    (row,) = waiting(warehouse)
    assert (row.outbox_id, row.attempts, row.problem) == (failed, 1, "no route to host")
    with warehouse.begin() as conn:
        mark_sent(conn, failed, noon)
    assert waiting(warehouse) == []


def test_what_was_sent_stays_sent(warehouse: Warehouse, noon: datetime) -> None:
    """Marking it sent again is no error, marking it otherwise is."""
    (outbox_id,) = put_all(warehouse, noon, ANSWER)
    with warehouse.begin() as conn:
        mark_sent(conn, outbox_id, noon)
        mark_sent(conn, outbox_id, noon)
    with pytest.raises(NotPending), warehouse.begin() as conn:
        mark_failed_attempt(conn, outbox_id, "too late")
    with pytest.raises(NotPending), warehouse.begin() as conn:
        mark_conflict(conn, outbox_id, "too late")


def test_an_inbound_file_knows_its_answers(
    warehouse: Warehouse, delivery: Callable[..., Delivery], noon: datetime
) -> None:
    """How many, of which kinds, and whether one is still to be sent."""
    with warehouse.begin() as conn:
        ids = [record_delivery(conn, delivery(f"in/{number}"), noon) for number in range(3)]
        files = [
            replace(ANSWER, file_name="a", kind="TA1", file_id=ids[0]),
            replace(ANSWER, file_name="b", kind="999", file_id=ids[0]),
            replace(ANSWER, file_name="c", kind="999", file_id=ids[1]),
            replace(ANSWER, file_name="d", kind="835"),
        ]
        put(conn, files, noon)
        assert [answers(conn, file_id) for file_id in ids] == [2, 1, 0]
        assert kinds_by_file(conn) == {ids[0]: ("TA1", "999"), ids[1]: ("999",)}
        first, second, third, _ = (row.outbox_id for row in pending(conn, 10))
        mark_sent(conn, first, noon)
        mark_conflict(conn, second, "another file has this name")
        mark_sent(conn, third, noon)
        assert unsent_files(conn) == {ids[0]}


def test_two_deliveries_at_once_do_not_take_the_same_files(warehouse: Warehouse, noon: datetime) -> None:
    """The second passes over what the first is sending."""
    ids = put_all(warehouse, noon, *(replace(ANSWER, file_name=f"{number}") for number in range(3)))
    with warehouse.begin() as conn:
        assert [row.outbox_id for row in pending(conn, 2)] == ids[:2]
        assert [row.outbox_id for row in waiting(warehouse)] == ids[2:]


def test_files_without_an_answer_are_told_in_the_order_asked(
    warehouse: Warehouse, delivery: Callable[..., Delivery], noon: datetime
) -> None:
    """Whatever became of the answers of the others."""
    with warehouse.begin() as conn:
        ids = [record_delivery(conn, delivery(f"in/{name}"), noon) for name in "abc"]
        (put_id,) = put(conn, [replace(ANSWER, file_id=ids[1])], noon)
        assert unanswered(conn, ids[::-1]) == [ids[2], ids[0]]
        mark_sent(conn, put_id, noon)
        assert unanswered(conn, ids) == [ids[0], ids[2]]
        assert unanswered(conn, []) == []
