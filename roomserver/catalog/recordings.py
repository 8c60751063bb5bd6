"""Recordings in the catalog: found, listed, asked for, deleted. What is rendered when is `render_jobs`' business."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import delete, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from roomserver.catalog.batches import batches
from roomserver.catalog.paging import Page, cursor_moment, decode_cursor, encode_cursor
from roomserver.catalog.recording_models import BlockRow, LooseFile, RecordingRow

State = Literal["recording", "paused", "waiting", "rendering", "ready", "failed"]

UPLOAD_TIME = timedelta(days=1)
"""A file that is being put into the store is nobody's litter for so long."""


async def find_recording(db: AsyncSession, recording: str, *, for_change: bool = False) -> RecordingRow | None:
    """A recording with its blocks, unless it was deleted. `for_change` holds it until the transaction ends."""
    query = select(RecordingRow).where(RecordingRow.id == recording, RecordingRow.deleted_at.is_(None))
    return (await db.execute(query.with_for_update() if for_change else query)).scalar_one_or_none()


async def list_recordings(
    db: AsyncSession, *, session: str | None, state: State | None, cursor: str | None, limit: int
) -> Page[RecordingRow]:
    """Newest first. Raises BadCursor."""
    order = (RecordingRow.started_at, RecordingRow.id)
    query = select(RecordingRow).where(RecordingRow.deleted_at.is_(None))
    if session is not None:
        query = query.where(RecordingRow.session == session)
    if state is not None:
        query = query.where(RecordingRow.state == state)
    if cursor is not None:
        at, last = decode_cursor(cursor, (str, str))
        query = query.where(tuple_(*order) < tuple_(cursor_moment(at), last))
    query = query.order_by(*(column.desc() for column in order))
    found = (await db.execute(query.limit(limit + 1))).scalars().all()
    if len(found) <= limit:
        return Page(found, None)
    last_row = found[limit - 1]
    return Page(found[:limit], encode_cursor([last_row.started_at.isoformat(), last_row.id]))


@dataclass(frozen=True, slots=True)
class Status:
    """What whoever has the tracks of a recording has to know of its row."""

    place: str
    settled: bool
    """It has ended and is planned: nothing new is to be found in its folder."""
    tracks_deleted: bool


async def statuses(db: AsyncSession, recordings: Collection[str]) -> dict[str, Status]:
    """Of those that have a row, deleted ones too."""
    found: dict[str, Status] = {}
    columns = (
        RecordingRow.id,
        RecordingRow.place,
        RecordingRow.stage,
        RecordingRow.asked_at,
        RecordingRow.tracks_deleted_at,
    )
    for batch in batches(recordings):
        for each in await db.execute(select(*columns).where(RecordingRow.id.in_(batch))):
            settled = each.stage == "ended" and each.asked_at is None
            found[each.id] = Status(each.place, settled, each.tracks_deleted_at is not None)
    return found


def settle_state(row: RecordingRow, now: datetime) -> None:
    """Bring a recording's state in line with its stage and blocks."""
    states = {block.state for block in row.blocks}
    if row.stage != "ended":
        row.state = row.stage
    elif row.asked_at is not None:
        row.state = "waiting"
    else:
        row.state = next((each for each in ("rendering", "failed", "waiting") if each in states), "ready")
    if row.state != "ready":
        row.rendered_at = None
    elif row.rendered_at is None:
        row.rendered_at = now


def ask_rendering(row: RecordingRow, layout: str, without: Collection[str], now: datetime) -> None:
    """Want a recording as it is captured until now, made in this way; what failed is tried again."""
    row.layout, row.without, row.asked_at = layout, sorted(without), now
    for block in row.blocks:
        if block.state == "failed":
            reset_block(block)
    settle_state(row, now)


def reset_block(block: BlockRow) -> None:
    """Let a block be rendered anew, by whoever comes first."""
    block.state, block.worker, block.claimed_until = "waiting", None, None
    block.progress, block.failures, block.retry_at, block.error = 0.0, 0, None, None


def forget_file(block: BlockRow) -> None:
    """Say that a block's file is gone from the store."""
    block.file, block.file_digest, block.file_frames, block.file_bytes = None, None, 0, 0
    reset_block(block)


def forget_tracks(row: RecordingRow, now: datetime) -> None:
    """Say that what was captured is deleted; whoever has it deletes it."""
    row.tracks_deleted_at, row.captured_bytes, row.asked_at = now, 0, None
    settle_state(row, now)


async def forget_recording(db: AsyncSession, row: RecordingRow, now: datetime) -> list[str]:
    """Delete a recording; returns its files, which are loose now."""
    names = [block.file for block in row.blocks if block.file is not None]
    for name in names:
        await add_loose(db, name, now)
    row.blocks = []
    row.people, row.title, row.without = [], "", []
    row.tracks_deleted_at, row.deleted_at, row.captured_bytes, row.asked_at = row.tracks_deleted_at or now, now, 0, None
    await db.flush()
    return names


async def prune_blocks(db: AsyncSession, row: RecordingRow, now: datetime) -> list[str]:
    """Drop blocks that a shorter plan has no place for, once all the others are ready; returns their files."""
    surplus = [block for block in row.blocks if block.frames == 0]
    rest = [block for block in row.blocks if block.frames > 0]
    whole = all(block.state == "ready" for block in rest)
    dropped = [block for block in surplus if whole or block.file is None]
    names = [block.file for block in dropped if block.file is not None]
    for name in names:
        await add_loose(db, name, now)
    for block in dropped:
        row.blocks.remove(block)
    return names


# --- retention -------------------------------------------------------------------------------------------


async def rendered_before(
    db: AsyncSession, moment: datetime, *, with_tracks: bool, limit: int = 100
) -> Sequence[RecordingRow]:
    """Recordings of which everything is rendered since before a moment."""
    query = select(RecordingRow).where(
        RecordingRow.state == "ready", RecordingRow.rendered_at < moment, RecordingRow.deleted_at.is_(None)
    )
    if with_tracks:
        query = query.where(RecordingRow.tracks_deleted_at.is_(None))
    return (await db.execute(query.order_by(RecordingRow.rendered_at).limit(limit))).scalars().all()


# --- loose files -----------------------------------------------------------------------------------------


async def add_loose(db: AsyncSession, name: str, remove_after: datetime) -> None:
    """Note a file that no block names from this transaction on."""
    await db.execute(delete(LooseFile).where(LooseFile.name == name))
    db.add(LooseFile(name=name, remove_after=remove_after))


async def loose_files(db: AsyncSession, now: datetime, limit: int = 200) -> list[str]:
    """Files to be removed by now."""
    query = select(LooseFile.name).where(LooseFile.remove_after <= now).order_by(LooseFile.remove_after).limit(limit)
    return list((await db.execute(query)).scalars())


async def drop_loose(db: AsyncSession, names: Collection[str]) -> None:
    """Files that are gone from the store, or that a block names now."""
    await db.execute(delete(LooseFile).where(LooseFile.name.in_(names)))
