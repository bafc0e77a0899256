-- Rows with a history are superseded, never changed and never deleted. Applied whole by 0004_coverage.py, which hangs
-- the function on each of their tables.

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
$refuse$;
