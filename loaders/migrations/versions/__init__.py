"""One file a change of the schema, numbered; the first holds its statements in an SQL file beside it."""
