"""Recordings"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recordings",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("session", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("layout", sa.String(), nullable=False),
        sa.Column("without", sa.JSON(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rendered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("captured_bytes", sa.BigInteger(), nullable=False),
        sa.Column("tracks_deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_recordings"),
    )
    op.create_index("ix_recordings_session", "recordings", ["session"])
    op.create_index("ix_recordings_state", "recordings", ["state"])
    op.create_index("ix_recordings_started_at_id", "recordings", ["started_at", "id"])
    op.create_table(
        "recording_blocks",
        sa.Column("recording", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("frames", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=True),
        sa.Column("file", sa.String(), nullable=True),
        sa.Column("file_digest", sa.String(), nullable=True),
        sa.Column("file_frames", sa.Integer(), nullable=False),
        sa.Column("file_bytes", sa.BigInteger(), nullable=False),
        sa.Column("progress", sa.Float(), nullable=False),
        sa.Column("worker", sa.String(), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["recording"], ["recordings.id"], name="fk_recording_blocks_recording_recordings", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("recording", "number", name="pk_recording_blocks"),
    )
    op.create_index("ix_recording_blocks_state", "recording_blocks", ["state"])
    op.create_table(
        "loose_files",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("remove_after", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_loose_files"),
    )


def downgrade() -> None:
    op.drop_table("loose_files")
    op.drop_table("recording_blocks")
    op.drop_table("recordings")
