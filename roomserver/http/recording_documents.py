"""How recordings look to clients."""

from __future__ import annotations

from typing import Literal, cast

from pydantic import BaseModel, Field

from recording.layout import Layout
from recording.timeline import FPS
from roomserver.catalog.recording_models import BlockRow, RecordingRow
from roomserver.catalog.recordings import State
from roomserver.http.texts import Moment

BlockState = Literal["waiting", "rendering", "ready", "failed"]


class BlockDocument(BaseModel):
    number: int
    seconds: float = Field(description="Of what is captured so far.")
    bytes: int = Field(description="Of the file; 0 while there is none.")
    state: BlockState = Field(description="Of what is wanted now; a file of what was wanted before stays until then.")
    progress: float = Field(description="0 to 1.")
    file: str | None = Field(description="Where to download it; null while there is none.")


class CapturedDocument(BaseModel):
    bytes: int
    deleted_at: Moment | None = Field(description="When the captured tracks were deleted.")


class RecordingDocument(BaseModel):
    id: str
    session: str = Field(description="Also when that session is deleted.")
    title: str = Field(description="The session's when recording began.")
    state: State = Field(description="recording and paused: what the room does; then what becomes of the files.")
    progress: float = Field(description="0 to 1: how much of what is captured is rendered as wanted.")
    seconds: float = Field(description="Length: dead space is not in it.")
    bytes: int = Field(description="Of all files.")
    started_at: Moment
    ended_at: Moment | None
    layout: Layout
    without: list[str] = Field(description="Participants left out.")
    captured: CapturedDocument
    error: str | None = Field(description="Why a block could not be rendered.")
    blocks: list[BlockDocument] = Field(description="Each two hours at most, in order.")


class PersonDocument(BaseModel):
    participant: str
    name: str


class RecordingWithPeople(RecordingDocument):
    people: list[PersonDocument] = Field(description="Who was captured, in the order in which they came.")


def recording_document(row: RecordingRow) -> RecordingDocument:
    blocks = [_block_document(block) for block in row.blocks]
    frames = sum(block.frames for block in row.blocks)
    done = sum(each.progress * block.frames for each, block in zip(blocks, row.blocks, strict=True))
    errors = [block.error for block in row.blocks if block.error is not None]
    return RecordingDocument(
        id=row.id,
        session=row.session,
        title=row.title,
        state=cast(State, row.state),
        progress=round(done / frames, 4) if frames else float(row.state == "ready"),
        seconds=_seconds(frames),
        bytes=sum(block.file_bytes for block in row.blocks),
        started_at=row.started_at,
        ended_at=row.ended_at,
        layout=cast(Layout, row.layout),
        without=list(row.without),
        captured=CapturedDocument(bytes=row.captured_bytes, deleted_at=row.tracks_deleted_at),
        error=errors[0] if errors else None,
        blocks=blocks,
    )


def recording_with_people(row: RecordingRow) -> RecordingWithPeople:
    people = [PersonDocument(participant=each["participant"], name=each["name"]) for each in row.people]
    return RecordingWithPeople(**dict(recording_document(row)), people=people)


def _block_document(block: BlockRow) -> BlockDocument:
    return BlockDocument(
        number=block.number,
        seconds=_seconds(block.frames),
        bytes=block.file_bytes,
        state=cast(BlockState, block.state),
        progress=1.0 if block.state == "ready" else round(block.progress, 4),
        file=None if block.file is None else f"/api/recordings/{block.recording}/file?block={block.number}",
    )


def _seconds(frames: int) -> float:
    return round(frames / FPS, 3)
