"""What was recorded stays: rows with a history are superseded once, never changed and never deleted.

The database itself refuses everything else, whoever asks: an UPDATE that does more than set `superseded_at` and
`superseded_by` of a row in force, every DELETE and every TRUNCATE, as a violation of `superseded_never_changed`.
"""

from __future__ import annotations

from sqlalchemy import DDL, event

from loaders.schema import coverage, enrollment, member_details  # noqa: F401 - the triggers hang on their tables
from loaders.schema.metadata import metadata

CONSTRAINT = "superseded_never_changed"

REFUSE_REWRITING = """\
CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $refuse$
BEGIN
    IF tg_op = 'UPDATE' THEN
        IF old.superseded_at IS null AND new.superseded_at IS NOT null THEN
            old.superseded_at := new.superseded_at;
            old.superseded_by := new.superseded_by;
            IF old IS NOT DISTINCT FROM new THEN
                RETURN new;
            END IF;
        END IF;
    END IF;
    RAISE EXCEPTION USING errcode = 'integrity_constraint_violation', constraint = 'superseded_never_changed',
        table = tg_table_name, message = 'a row of ' || tg_table_name || ' is superseded once, never changed';
END
$refuse$"""

TABLES_WITH_HISTORY = tuple(sorted(name for name, table in metadata.tables.items() if "superseded_at" in table.columns))

TRIGGERS = (
    "CREATE TRIGGER keep_history BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_rewriting()",
    "CREATE TRIGGER keep_all_history BEFORE TRUNCATE ON {table} EXECUTE FUNCTION refuse_rewriting()",
)

for _statement in (
    REFUSE_REWRITING,
    *(trigger.format(table=table) for table in TABLES_WITH_HISTORY for trigger in TRIGGERS),
):
    event.listen(metadata, "after_create", DDL(_statement))  # type: ignore[no-untyped-call] # left without types
