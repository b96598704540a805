"""The schema's history. Alembic applies it; `HEAD` is the newest step."""

HEAD = "0022"
