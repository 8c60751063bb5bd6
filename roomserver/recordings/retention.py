"""Deletes what is older than settings say: captured tracks first, whole recordings later. Never anything of which not
all is rendered."""

from __future__ import annotations

from datetime import datetime, timedelta

from recording.store import FinishedFiles
from roomserver.catalog.access import Asker
from roomserver.catalog.audit import noted, write_audit
from roomserver.catalog.recordings import forget_recording, forget_tracks, rendered_before
from roomserver.catalog.store import Catalog
from roomserver.recordings.loose_files import remove_loose, sweep_loose

RETENTION = Asker("retention", "Retention settings", organizer=True)
"""Who deletes, in the audit trail."""


async def keep_retention(
    catalog: Catalog,
    files: FinishedFiles,
    now: datetime,
    *,
    tracks_days: float | None,
    recordings_days: float | None,
) -> None:
    """Delete what is due, and files that were left over. None: for ever.

    Raises SQLAlchemyError, CatalogUnavailable."""
    if recordings_days is not None:
        await _delete_recordings(catalog, files, now, now - timedelta(days=recordings_days))
    if tracks_days is not None:
        await _delete_tracks(catalog, now, now - timedelta(days=tracks_days))
    await sweep_loose(catalog, files, now)


async def _delete_recordings(catalog: Catalog, files: FinishedFiles, now: datetime, before: datetime) -> None:
    async with catalog.writing() as db:
        names: list[str] = []
        for row in await rendered_before(db, before, with_tracks=False):
            change = noted("recording", row.id, {"title": row.title, "session": row.session}, None)
            if change is not None:
                await write_audit(db, RETENTION, now, [change])
            names += await forget_recording(db, row, now)
    await remove_loose(catalog, files, names)


async def _delete_tracks(catalog: Catalog, now: datetime, before: datetime) -> None:
    async with catalog.writing() as db:
        for row in await rendered_before(db, before, with_tracks=True):
            change = noted("recording", row.id, {"captured_bytes": row.captured_bytes}, {"captured_bytes": 0})
            forget_tracks(row, now)
            if change is not None:
                await write_audit(db, RETENTION, now, [change])
