"""Schedule, agendas and evaluations"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "segments",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sort_key", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_segments"),
    )
    op.create_index("ix_segments_starts_at", "segments", ["starts_at"])
    op.create_index("ix_segments_ends_at", "segments", ["ends_at"])

    op.create_table(
        "segment_sessions",
        sa.Column("segment", sa.String(), nullable=False),
        sa.Column("session", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["segment"], ["segments.id"], name="fk_segment_sessions_segment", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["session"], ["sessions.id"], name="fk_segment_sessions_session", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("segment", "session", name="pk_segment_sessions"),
    )
    op.create_index("ix_segment_sessions_session", "segment_sessions", ["session"])

    op.create_table(
        "agenda",
        sa.Column("registrant", sa.String(), nullable=False),
        sa.Column("segment", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["registrant"], ["registrants.id"], name="fk_agenda_registrant", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["segment"], ["segments.id"], name="fk_agenda_segment", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("registrant", "segment", name="pk_agenda"),
    )
    op.create_index("ix_agenda_segment", "agenda", ["segment"])

    op.create_table(
        "evaluations",
        sa.Column("session", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("unlocked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["session"], ["sessions.id"], name="fk_evaluations_session", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("session", name="pk_evaluations"),
    )
    op.create_index("ix_evaluations_announced_at", "evaluations", ["announced_at"])

    op.create_table(
        "evaluation_answers",
        sa.Column("session", sa.String(), nullable=False),
        sa.Column("registrant", sa.String(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["registrant"], ["registrants.id"], name="fk_evaluation_answers_registrant", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["session"], ["evaluations.session"], name="fk_evaluation_answers_session", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("session", "registrant", name="pk_evaluation_answers"),
    )
    op.create_index("ix_evaluation_answers_registrant", "evaluation_answers", ["registrant"])


def downgrade() -> None:
    for table in ("evaluation_answers", "evaluations", "agenda", "segment_sessions", "segments"):
        op.drop_table(table)
