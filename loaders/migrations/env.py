"""Alembic's entry: it migrates on the connection that `loaders.migrate` hands over, in that one's transaction."""

from __future__ import annotations

from alembic import context

from loaders.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
