"""Somebody wants a recording rendered: what the HTTP API and the command line check alike."""

from __future__ import annotations

from collections.abc import Collection

from recording.store import FinishedFiles
from roomserver.catalog.recording_models import RecordingRow
from roomserver.catalog.recordings import forget_file


async def missing_files(files: FinishedFiles, row: RecordingRow) -> set[str]:
    """Files that blocks name and that are gone from the store. Raises what the store does."""
    named = [block.file for block in row.blocks if block.file is not None]
    return {name for name in named if await files.size(name) is None}


def forget_missing(row: RecordingRow, missing: Collection[str]) -> None:
    """Let blocks be rendered anew whose files are gone."""
    for block in row.blocks:
        if block.file in missing:
            forget_file(block)


def unknown_people(row: RecordingRow, without: Collection[str]) -> list[str]:
    """Those who can't be left out because they aren't in the recording."""
    people = {person["participant"] for person in row.people}
    return [each for each in without if each not in people]


def is_everybody(row: RecordingRow, without: Collection[str]) -> bool:
    """Whether nobody would be left."""
    people = {person["participant"] for person in row.people}
    return bool(people) and people <= set(without)
