"""Removes files that no recording names from the store, at once or, where it can't be reached, later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import structlog

from recording.store import FinishedFiles
from roomserver.catalog.recordings import drop_loose, loose_files
from roomserver.catalog.store import Catalog
from roomserver.files import FilesUnavailable

_log = structlog.get_logger("roomserver.recordings")


async def remove_loose(catalog: Catalog, files: FinishedFiles, names: Sequence[str]) -> None:
    """Remove files that were noted as loose. Those that can't be removed now stay noted."""
    gone: list[str] = []
    for name in names:
        try:
            await files.remove(name)
        except FilesUnavailable as error:
            _log.warning("a file will be removed later", file=name, reason=str(error))
        else:
            gone.append(name)
    if gone:
        async with catalog.writing() as db:
            await drop_loose(db, gone)


async def sweep_loose(catalog: Catalog, files: FinishedFiles, now: datetime) -> None:
    """Remove what was noted and is due."""
    async with catalog.reading() as db:
        names = await loose_files(db, now)
    await remove_loose(catalog, files, names)
