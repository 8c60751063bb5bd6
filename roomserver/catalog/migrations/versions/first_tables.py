"""First tables"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("margin_before_minutes", sa.Integer(), nullable=False),
        sa.Column("margin_after_minutes", sa.Integer(), nullable=False),
        sa.Column("attendee_sessions", sa.Boolean(), nullable=False),
        sa.Column("evaluation_unlock_minutes", sa.Integer(), nullable=False),
        sa.Column("moderator_password_hash", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
    )
    op.create_table(
        "organizers",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organizers"),
    )
    op.create_table(
        "presenters",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sort_key", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_presenters"),
    )
    op.create_index("ix_presenters_sort_key", "presenters", ["sort_key"])

    op.create_table(
        "sessions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("additional_info", sa.Text(), nullable=False),
        sa.Column("display_size", sa.String(), nullable=False),
        sa.Column("rank", sa.Float(), nullable=False),
        sa.Column("picture_alt", sa.String(), nullable=False),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("watch_policy", sa.String(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("share_policy", sa.String(), nullable=False),
        sa.Column("max_on_screen", sa.Integer(), nullable=False),
        sa.Column("overflow", sa.String(), nullable=False),
        sa.Column("availability", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("youtube", sa.Boolean(), nullable=False),
        sa.Column("record", sa.Boolean(), nullable=False),
        sa.Column("rtmp", sa.Boolean(), nullable=False),
        sa.Column("moderator_password_hash", sa.String(), nullable=True),
        sa.Column("created_by", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("start_order", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sort_key", sa.String(), nullable=False),
        sa.Column("search_key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
    )
    op.create_table(
        "ticket_types",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sort_key", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ticket_types"),
        sa.UniqueConstraint("sort_key", name="uq_ticket_types_sort_key"),
    )
    op.create_table(
        "registrants",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("ticket_type", sa.String(), nullable=True),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("sort_key", sa.String(), nullable=False),
        sa.Column("search_key", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket_type"], ["ticket_types.id"], name="fk_registrants_ticket_type"),
        sa.PrimaryKeyConstraint("id", name="pk_registrants"),
    )
    op.create_index("ix_registrants_sort_key", "registrants", ["sort_key"])
    op.create_index("ix_registrants_ticket_type", "registrants", ["ticket_type"])

    op.create_table(
        "session_presenters",
        sa.Column("session", sa.String(), nullable=False),
        sa.Column("presenter", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["presenter"], ["presenters.id"], name="fk_session_presenters_presenter", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["session"], ["sessions.id"], name="fk_session_presenters_session", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("session", "presenter", name="pk_session_presenters"),
    )
    op.create_index("ix_session_presenters_presenter", "session_presenters", ["presenter"])

    op.create_table(
        "session_tags",
        sa.Column("session", sa.String(), nullable=False),
        sa.Column("tag", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["session"], ["sessions.id"], name="fk_session_tags_session", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("session", "tag", name="pk_session_tags"),
    )
    op.create_index("ix_session_tags_tag", "session_tags", ["tag"])

    op.create_table(
        "session_ticket_types",
        sa.Column("session", sa.String(), nullable=False),
        sa.Column("ticket_type", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session"], ["sessions.id"], name="fk_session_ticket_types_session", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["ticket_type"], ["ticket_types.id"], name="fk_session_ticket_types_ticket_type"),
        sa.PrimaryKeyConstraint("session", "ticket_type", name="pk_session_ticket_types"),
    )
    op.create_index("ix_session_ticket_types_ticket_type", "session_ticket_types", ["ticket_type"])

    op.create_table(
        "invitations",
        sa.Column("session", sa.String(), nullable=False),
        sa.Column("registrant", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["registrant"], ["registrants.id"], name="fk_invitations_registrant", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["session"], ["sessions.id"], name="fk_invitations_session", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("session", "registrant", name="pk_invitations"),
    )
    op.create_index("ix_invitations_registrant", "invitations", ["registrant"])

    op.create_table(
        "moderators",
        sa.Column("session", sa.String(), nullable=False),
        sa.Column("registrant", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["registrant"], ["registrants.id"], name="fk_moderators_registrant", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["session"], ["sessions.id"], name="fk_moderators_session", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("session", "registrant", name="pk_moderators"),
    )
    op.create_index("ix_moderators_registrant", "moderators", ["registrant"])

    op.create_table(
        "tokens",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("organizer", sa.String(), nullable=True),
        sa.Column("registrant", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["organizer"], ["organizers.id"], name="fk_tokens_organizer", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["registrant"], ["registrants.id"], name="fk_tokens_registrant", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("digest", name="pk_tokens"),
    )
    op.create_index("ix_tokens_expires_at", "tokens", ["expires_at"])
    op.create_index("ix_tokens_organizer", "tokens", ["organizer"])
    op.create_index("ix_tokens_registrant", "tokens", ["registrant"])


def downgrade() -> None:
    for table in (
        "tokens",
        "moderators",
        "invitations",
        "session_ticket_types",
        "session_tags",
        "session_presenters",
        "registrants",
        "ticket_types",
        "sessions",
        "presenters",
        "organizers",
        "event",
    ):
        op.drop_table(table)
