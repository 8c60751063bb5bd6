"""The tables of recordings; in the manner of `models`.

What was captured is in folders on the disks of those who captured it; these rows are the index that all servers share.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from roomserver.catalog.models import Base


class RecordingRow(Base):
    """One recording. It outlives its session; a deleted one stays as a bare id, so that a server which still has
    tracks of it deletes them instead of finding a recording."""

    __tablename__ = "recordings"

    id: Mapped[str] = mapped_column(primary_key=True)
    session: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    """The session's when recording began."""
    people: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    """Each a `participant` and their `name`: who was captured, in the order in which they came."""
    stage: Mapped[str]
    """What the room does: `recording`, `paused` or `ended`."""
    state: Mapped[str] = mapped_column(index=True)
    """What follows from `stage` and the blocks: what lists show and filter by."""
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    layout: Mapped[str]
    without: Mapped[list[str]]
    asked_at: Mapped[datetime | None]
    """When somebody asked for a rendering that isn't planned yet."""
    rendered_at: Mapped[datetime | None]
    """Since when all blocks of an ended recording are ready; None while they aren't."""
    place: Mapped[str]
    """Name of the data folder that has the tracks."""
    captured_bytes: Mapped[int] = mapped_column(BigInteger)
    tracks_deleted_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]

    blocks: Mapped[list[BlockRow]] = relationship(
        order_by="BlockRow.number", cascade="all, delete-orphan", lazy="selectin", passive_deletes=True
    )

    __table_args__ = (Index(None, "started_at", "id"),)


class BlockRow(Base):
    """One file of a recording: what is there, and what is wanted. Rendering makes the two alike."""

    __tablename__ = "recording_blocks"

    recording: Mapped[str] = mapped_column(ForeignKey("recordings.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(index=True)
    """`waiting`, `rendering`, `ready` or `failed`."""
    frames: Mapped[int]
    """Of what was captured."""
    digest: Mapped[str | None]
    """Of what is wanted; None: nothing is wanted yet."""
    file: Mapped[str | None]
    """Name in the store of files."""
    file_digest: Mapped[str | None]
    file_frames: Mapped[int]
    file_bytes: Mapped[int] = mapped_column(BigInteger)
    progress: Mapped[float]
    """0..1, of the rendering under way."""
    worker: Mapped[str | None]
    """Who renders it, until `claimed_until` unless they say again that they do."""
    claimed_until: Mapped[datetime | None]
    failures: Mapped[int]
    """In a row."""
    retry_at: Mapped[datetime | None]
    error: Mapped[str | None]


class LooseFile(Base):
    """A file that may be in the store of files and that no block names: about to be put there, or to be removed."""

    __tablename__ = "loose_files"

    name: Mapped[str] = mapped_column(primary_key=True)
    remove_after: Mapped[datetime]
