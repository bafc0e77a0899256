"""Everything that speaks SQL: the warehouse's server, schema and migrations, the file ledger, bulk load and queries."""
