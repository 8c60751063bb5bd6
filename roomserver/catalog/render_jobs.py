"""Blocks to be rendered, as the catalog knows them: claimed by one worker at a time, finished, failed, given back.

A claim ends by itself when its worker doesn't renew it, so that a killed one's block is taken by another.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from roomserver.catalog.recording_models import BlockRow, RecordingRow
from roomserver.catalog.recordings import add_loose, drop_loose, find_recording, prune_blocks, reset_block, settle_state

CLAIM_TIME = timedelta(seconds=60)
BUSY_DELAY = timedelta(seconds=30)
"""Until a block is looked at again that somebody renders whose claim was lost."""
RETRY_DELAYS = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
"""After the first, second and third failure; after one more, somebody has to ask."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A block that is to be rendered, and as what."""

    recording: str
    number: int
    digest: str
    frames: int
    layout: str
    without: tuple[str, ...]
    worker: str


@dataclass(frozen=True, slots=True)
class FinishedBlock:
    file: str
    digest: str
    frames: int
    bytes: int


def _to_do(place: str, now: datetime, only: str | None) -> ColumnElement[bool]:
    wanted = and_(
        RecordingRow.place == place,
        RecordingRow.tracks_deleted_at.is_(None),
        RecordingRow.asked_at.is_(None),  # else what is wanted isn't known yet
        BlockRow.digest.is_not(None),
        or_(BlockRow.file_digest.is_(None), BlockRow.file_digest != BlockRow.digest),
        or_(
            and_(BlockRow.state == "waiting", or_(BlockRow.retry_at.is_(None), BlockRow.retry_at <= now)),
            and_(BlockRow.state == "rendering", BlockRow.claimed_until < now),
            and_(BlockRow.state == "failed", BlockRow.retry_at <= now),
        ),
    )
    return wanted if only is None else and_(wanted, RecordingRow.id == only)


async def count_waiting(db: AsyncSession, place: str, now: datetime, only: str | None = None) -> int:
    """Blocks that could be claimed now."""
    query = select(func.count()).select_from(BlockRow).join(RecordingRow, RecordingRow.id == BlockRow.recording)
    return (await db.execute(query.where(_to_do(place, now, only)))).scalar_one()


async def claim_block(
    db: AsyncSession, place: str, worker: str, now: datetime, only: str | None = None
) -> Claim | None:
    """Take the next block of the oldest recording whose tracks are at `place`, or of one recording `only`."""
    query = (
        select(BlockRow, RecordingRow)
        .join(RecordingRow, RecordingRow.id == BlockRow.recording)
        .where(_to_do(place, now, only))
        .order_by(RecordingRow.started_at, BlockRow.recording, BlockRow.number)
        .limit(1)
    )
    found = (await db.execute(query)).first()
    if found is None:
        return None
    block, recording = found
    assert block.digest is not None
    block.state, block.worker, block.claimed_until = "rendering", worker, now + CLAIM_TIME
    block.progress, block.retry_at = 0.0, None
    settle_state(recording, now)
    return Claim(
        recording.id, block.number, block.digest, block.frames, recording.layout, tuple(recording.without), worker
    )


async def renew_claim(db: AsyncSession, claim: Claim, progress: float, now: datetime) -> bool:
    """Say that the worker is still at it. False: it is no longer its business, or wanted otherwise."""
    query = (
        update(BlockRow)
        .where(
            BlockRow.recording == claim.recording,
            BlockRow.number == claim.number,
            BlockRow.worker == claim.worker,
            BlockRow.digest == claim.digest,
        )
        .values(progress=progress, claimed_until=now + CLAIM_TIME)
        .returning(BlockRow.number)
    )
    return (await db.execute(query)).first() is not None


async def finish_block(db: AsyncSession, claim: Claim, done: FinishedBlock, now: datetime) -> list[str] | None:
    """Let the new file, which was loose, take the place of the old one. Returns the files that are loose now; None:
    nobody waits for this one any more, and it stays loose."""
    row, block = await _claimed(db, claim)
    if row is None or block is None:
        return None
    old = block.file
    block.file, block.file_digest = done.file, done.digest
    block.file_frames, block.file_bytes = done.frames, done.bytes
    reset_block(block)
    block.state = "ready"
    await drop_loose(db, [done.file])
    loose = [] if old is None else [old]
    for name in loose:
        await add_loose(db, name, now)
    loose += await prune_blocks(db, row, now)
    settle_state(row, now)
    return loose


async def fail_block(db: AsyncSession, claim: Claim, reason: str, now: datetime) -> None:
    """Note why a block could not be rendered, and when to try again, if at all."""
    row, block = await _claimed(db, claim)
    if row is None or block is None:
        return
    block.state, block.worker, block.claimed_until, block.progress = "failed", None, None, 0.0
    block.error = reason
    block.retry_at = now + RETRY_DELAYS[block.failures] if block.failures < len(RETRY_DELAYS) else None
    block.failures += 1
    settle_state(row, now)


async def give_back(db: AsyncSession, claim: Claim, now: datetime, *, until: datetime | None = None) -> None:
    """End a claim without a result: the block waits again, and for nobody before `until`."""
    row, block = await _claimed(db, claim)
    if row is not None and block is not None:
        block.state, block.worker, block.claimed_until, block.progress = "waiting", None, None, 0.0
        block.retry_at = until
        settle_state(row, now)


async def release_claims(db: AsyncSession, worker: str, now: datetime) -> None:
    """Let the blocks wait again that a former run of this worker had claimed."""
    query = select(RecordingRow).join(BlockRow, BlockRow.recording == RecordingRow.id).where(BlockRow.worker == worker)
    for row in (await db.execute(query)).scalars().unique():
        for block in row.blocks:
            if block.worker == worker:
                block.state, block.worker, block.claimed_until, block.progress = "waiting", None, None, 0.0
        settle_state(row, now)


async def _claimed(db: AsyncSession, claim: Claim) -> tuple[RecordingRow | None, BlockRow | None]:
    """The claim's rows, as long as it holds."""
    row = await find_recording(db, claim.recording, for_change=True)
    blocks = [] if row is None else [each for each in row.blocks if each.number == claim.number]
    held = [each for each in blocks if each.worker == claim.worker and each.digest == claim.digest]
    return (row, held[0]) if held else (None, None)
