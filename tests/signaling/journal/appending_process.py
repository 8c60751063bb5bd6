"""A process that appends to a file journal as fast as it can, and says which entries were acknowledged.

Arguments: directory, session. Prints each sequence number after its `append` returned, until it is killed.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from signaling.journal.files import FileJournal

SNAPSHOT_EVERY = 20


def payload_of(sequence: int) -> bytes:
    return b"%d|" % sequence * (1 + sequence % 200)


def snapshot_of(sequence: int) -> bytes:
    return b"all up to %d" % sequence


async def main(directory: Path, session: str) -> None:
    journal = FileJournal(directory, sync_interval=0.005)
    position = (await journal.load(session)).position
    saving: set[asyncio.Task[None]] = set()
    while True:
        position = await journal.append(session, position, payload_of(position.sequence + 1))
        os.write(1, b"%d\n" % position.sequence)
        if position.sequence % SNAPSHOT_EVERY == 0:
            task = asyncio.create_task(journal.save_snapshot(session, position, snapshot_of(position.sequence)))
            saving.add(task)
            task.add_done_callback(saving.discard)
        await asyncio.sleep(0)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
