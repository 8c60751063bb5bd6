"""Indexes in the order of the lists"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SORTED = ("presenters", "registrants", "segments", "sessions", "ticket_types")
SORT_CHARS, SEARCH_CHARS = 200, 400


def upgrade() -> None:
    op.add_column("sessions", sa.Column("rank_order", sa.Float(), nullable=False, server_default="0"))
    op.execute("UPDATE sessions SET rank_order = 0 - rank")
    for table in SORTED:
        op.execute(f"UPDATE {table} SET sort_key = substr(sort_key, 1, {SORT_CHARS})")  # noqa: S608 - names above
    for table in ("registrants", "sessions"):
        op.execute(f"UPDATE {table} SET search_key = substr(search_key, 1, {SEARCH_CHARS})")  # noqa: S608
    _collate("C")
    op.drop_index("ix_presenters_sort_key", "presenters")
    op.drop_index("ix_registrants_sort_key", "registrants")
    op.create_index("ix_presenters_sort_key_id", "presenters", ["sort_key", "id"])
    op.create_index("ix_registrants_sort_key_id_search_key", "registrants", ["sort_key", "id", "search_key"])
    op.create_index(
        "ix_sessions_rank_order_start_order_sort_key_id_search_key",
        "sessions",
        ["rank_order", "start_order", "sort_key", "id", "search_key"],
    )


def downgrade() -> None:
    op.drop_index("ix_sessions_rank_order_start_order_sort_key_id_search_key", "sessions")
    op.drop_index("ix_registrants_sort_key_id_search_key", "registrants")
    op.drop_index("ix_presenters_sort_key_id", "presenters")
    op.create_index("ix_registrants_sort_key", "registrants", ["sort_key"])
    op.create_index("ix_presenters_sort_key", "presenters", ["sort_key"])
    _collate("default")
    op.drop_column("sessions", "rank_order")


def _collate(collation: str) -> None:
    """SQLite compares bytes anyway."""
    if op.get_bind().dialect.name == "postgresql":
        for table in SORTED:
            op.execute(f'ALTER TABLE {table} ALTER COLUMN sort_key TYPE VARCHAR COLLATE "{collation}"')
