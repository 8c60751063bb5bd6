"""A hub in memory whose rooms are recorded: what the recorder writes, and what a killed server leaves."""

from __future__ import annotations

import shutil
from pathlib import Path

from recording.recorder import Recorder, SpaceLimits
from recording.stage_log import StageRun, read_stage_logs
from recording.timeline import Timeline, make_timeline
from signaling.journal.memory import MemoryJournal
from signaling.room.state import RoomSettings
from tests.support.fake_clock import FakeClock
from tests.support.hall import SESSION, Hall
from tests.support.memory_peer import MemoryPeer
from tests.support.scripted_media import ScriptedMedia

LIMITS = SpaceLimits(warn_below=10_000, stop_below=2_000)


class RecordedHall:
    """`free` bytes are what the recordings' disk says. Use as an async context manager."""

    def __init__(
        self,
        folder: Path,
        *,
        journal: MemoryJournal | None = None,
        clock: FakeClock | None = None,
        settings: RoomSettings | None = None,
    ) -> None:
        self.folder = folder
        self.free = 1_000_000
        self.journal = journal or MemoryJournal()
        self.clock = clock or FakeClock()
        self.media = ScriptedMedia()
        self.recorder = Recorder(folder, "node1", self.clock, LIMITS, lambda: self.free)
        self.hall = Hall(
            settings or RoomSettings("Talk", record=True),
            journal=self.journal,
            clock=self.clock,
            media=self.media,
            subscriber=self.recorder,
        )

    async def __aenter__(self) -> RecordedHall:
        self.recorder.start(self.hall.hub)
        await self.hall.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.hall.__aexit__()
        await self.recorder.close()

    async def killed(self, *, down: float) -> RecordedHall:
        """The server that finds, so many seconds later, what this one has on its disk at this moment."""
        folder = self.folder.with_name(f"{self.folder.name}+")
        shutil.copytree(self.folder, folder)
        journal = MemoryJournal()
        for session in await self.journal.sessions():
            loaded = await self.journal.load(session)
            assert loaded.snapshot is None, "a short story"
            position = (await journal.load(session)).position
            for entry in loaded.entries:
                position = await journal.append(session, position, entry.payload)
        return RecordedHall(folder, journal=journal, clock=FakeClock(self.clock.now() + down))

    async def on_camera(self, name: str) -> MemoryPeer:
        """Somebody comes in and goes on camera at once."""
        peer = await self.hall.join(name)
        assert (await self.hall.say(peer, "share.start", kind="camera"))["ok"]
        return peer

    async def off_camera(self, peer: MemoryPeer) -> None:
        for seat in peer.documents["you"]["seats"]:
            assert (await self.hall.say(peer, "share.stop", seat=seat))["ok"]

    async def switch(self, *, record: bool) -> None:
        """An organizer turns recording on or off."""
        await self.clock.advance(1)
        await self.hall.hub.change_settings(SESSION, RoomSettings("Talk", record=record))
        await self.clock.advance(1)

    @property
    def state(self) -> str:
        """What the room says of its recording."""
        live = self.hall.hub.live(SESSION)
        return "no room" if live is None else live.recording

    @property
    def recordings(self) -> list[Path]:
        """The folders of all recordings, oldest first."""
        return sorted(self.folder.iterdir())

    def runs(self) -> list[StageRun]:
        """What was logged of the only recording."""
        (folder,) = self.recordings
        return read_stage_logs(folder)

    def timeline(self) -> Timeline:
        return make_timeline(self.runs())
