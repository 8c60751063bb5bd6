"""Pictures, named tokens and the audit trail"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sessions", sa.Column("picture", sa.String(), nullable=True))
    op.add_column("tokens", sa.Column("name", sa.String(), nullable=True))
    # Tokens that there are could write.
    op.add_column("tokens", sa.Column("read_only", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("tokens", sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("who_name", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("thing", sa.String(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_thing", "audit", ["thing"])


def downgrade() -> None:
    op.drop_table("audit")
    # In place: a batch would copy the table and drop it, and with it, by cascade, all that hangs on it.
    op.drop_column("tokens", "last_used_at")
    op.drop_column("tokens", "read_only")
    op.drop_column("tokens", "name")
    op.drop_column("sessions", "picture")
