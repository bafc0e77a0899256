"""What made the warehouse's schema, step by step (Alembic)."""
