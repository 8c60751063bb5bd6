"""The recorder with a real hub on a clock that stands still: what it logs, through pauses, restarts and full disks."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from recording.recorder import Recorder, RecorderUnavailable
from recording.stage_log import RecordedSeat
from signaling.room.state import RoomSettings
from tests.support.fake_clock import FakeClock
from tests.support.hall import SESSION
from tests.support.memory_peer import MemoryPeer
from tests.support.recorded_hall import LIMITS, RecordedHall
from tests.support.sessions import organizer

MINUTE = 60.0


@pytest.fixture
async def recorded(tmp_path: Path) -> AsyncIterator[RecordedHall]:
    async with RecordedHall(tmp_path / "recordings") as recorded:
        yield recorded


def camera(seat: str, name: str, *, audio: bool = True, muted: bool = False, away: bool = False) -> RecordedSeat:
    return RecordedSeat(seat, "camera", name, name.title(), audio=audio, video=True, muted=muted, away=away)


def present_since(recorded: RecordedHall) -> float:
    """The last time that somebody was stated to be there."""
    statements = (statement for run in recorded.runs() for statement in run.statements)
    return max(each.at for each in statements if any(not seat.away for seat in each.seats))


class TestWhoIsOnScreen:
    async def test_is_stated_with_the_journals_times(self, recorded: RecordedHall) -> None:
        ada = await recorded.hall.join("ada")
        begins = recorded.clock.now()
        await recorded.hall.say(ada, "share.start", kind="camera")
        await recorded.hall.say(ada, "share.set", seat="s1", audio=False)
        await recorded.hall.say(ada, "share.stop", seat="s1")
        (run,) = recorded.runs()
        assert (run.node, run.session, run.title, run.ended) == ("node1", SESSION, "Talk", None)
        assert run.started_at == run.statements[0].at == pytest.approx(begins, abs=0.1)
        assert [statement.seats for statement in run.statements] == [
            (camera("s1", "ada"),),
            (camera("s1", "ada", audio=False),),
            (),
        ]
        sequences = [statement.sequence for statement in run.statements]
        assert sequences == sorted(set(sequences))

    async def test_is_stated_when_it_changes_and_not_again(self, recorded: RecordedHall) -> None:
        await recorded.on_camera("ada")
        for name in ("bob", "cyd", "dan"):
            await recorded.hall.join(name)
        (run,) = recorded.runs()
        assert len(run.statements) == 1

    async def test_tells_who_is_muted_and_who_is_away(self, recorded: RecordedHall) -> None:
        ada, olga = await recorded.on_camera("ada"), await recorded.hall.join("olga", organizer("olga"))
        await recorded.hall.say(olga, "seat.mute", seat="s1")
        ada.hang_up()
        await recorded.clock.advance(1)
        assert [statement.seats for statement in recorded.runs()[0].statements[1:]] == [
            (camera("s1", "ada", audio=False, muted=True),),
            (camera("s1", "ada", audio=False, muted=True, away=True),),
        ]
        assert recorded.state == "paused"

    async def test_is_told_twice_a_second_while_it_lasts(self, recorded: RecordedHall) -> None:
        ada = await recorded.on_camera("ada")
        await recorded.clock.advance(60)
        assert recorded.runs()[0].alive_until == pytest.approx(recorded.clock.now(), abs=0.5)
        await recorded.off_camera(ada)
        ended = recorded.runs()[0].alive_until
        await recorded.clock.advance(60)
        assert recorded.runs()[0].alive_until == ended, "nobody, no beat"

    async def test_is_not_written_before_anybody_is_there_or_without_the_switch(self, tmp_path: Path) -> None:
        async with RecordedHall(tmp_path / "recordings", settings=RoomSettings("Talk")) as recorded:
            await recorded.on_camera("ada")
            assert (recorded.state, recorded.recordings) == ("off", [])

    async def test_is_captured_under_the_same_name(self, recorded: RecordedHall) -> None:
        ada = await recorded.on_camera("ada")
        (folder,) = recorded.recordings
        assert recorded.media.recordings[SESSION] == folder.name
        await recorded.off_camera(ada)
        assert recorded.media.recordings[SESSION] is None


class TestTheEnd:
    async def test_is_written_with_its_own_time(self, recorded: RecordedHall) -> None:
        ada = await recorded.on_camera("ada")
        await recorded.off_camera(ada)
        paused_at = recorded.runs()[0].statements[-1].at
        await recorded.clock.advance(61 * MINUTE)
        (run,) = recorded.runs()
        assert (recorded.state, run.ended, run.alive_until) == ("ended", "nobody", paused_at + 3600)

    async def test_by_the_switch_is_final_and_the_next_one_is_another(self, recorded: RecordedHall) -> None:
        await recorded.on_camera("ada")
        await recorded.switch(record=False)
        assert recorded.runs()[0].ended == "switched_off"
        await recorded.switch(record=True)
        assert len(recorded.recordings) == 2
        assert recorded.state == "recording"

    async def test_by_closing_the_session(self, recorded: RecordedHall) -> None:
        await recorded.on_camera("ada")
        await recorded.hall.hub.close_session(SESSION)
        await recorded.clock.advance(1)
        assert recorded.runs()[0].ended == "closed"


class TestAKilledServer:
    async def test_loses_no_more_than_half_a_second_and_goes_on_in_the_same_recording(
        self, recorded: RecordedHall
    ) -> None:
        await recorded.on_camera("ada")
        await recorded.clock.advance(10.3)
        died_at = recorded.clock.now()
        async with await recorded.killed(down=30 * MINUTE) as again:
            assert died_at - 0.5 <= again.runs()[0].alive_until <= died_at
            await again.on_camera("bob")
            before, after = again.runs()
            assert before.run != after.run
            assert after.statements[-1].seats == (camera("s1", "ada", away=True), camera("s2", "bob"))
            timeline = again.timeline()
            assert not timeline.ended
            spoken = sum(run.alive_until - run.statements[0].at for run in (before, after))
            assert timeline.frames / 30 == pytest.approx(spoken, abs=0.1)

    @pytest.mark.parametrize(("down", "then"), [(59, "recording"), (61, "ended")])
    async def test_in_a_pause_is_back_within_the_hour_or_not(
        self, recorded: RecordedHall, down: int, then: str
    ) -> None:
        ada = await recorded.on_camera("ada")
        await recorded.off_camera(ada)
        await recorded.hall.say(ada, "leave")
        paused_at = recorded.runs()[0].statements[-1].at
        async with await recorded.killed(down=down * MINUTE) as again:
            await again.on_camera("bob")
            assert again.state == then
            if then == "ended":
                assert again.runs()[-1].ended == "nobody"
                assert again.runs()[-1].alive_until == paused_at + 3600
                assert present_since(again) <= paused_at

    @pytest.mark.parametrize(("down", "then"), [(59, "recording"), (61, "ended")])
    async def test_while_recording_counts_the_hour_from_its_last_beat(
        self, recorded: RecordedHall, down: int, then: str
    ) -> None:
        await recorded.on_camera("ada")
        await recorded.clock.advance(5)
        alive_until = recorded.runs()[0].alive_until
        async with await recorded.killed(down=down * MINUTE) as again:
            await again.on_camera("bob")
            assert again.state == then
            if then == "ended":
                assert again.runs()[-1].alive_until == alive_until + 3600
                assert again.timeline().ended
                assert present_since(again) <= alive_until

    async def test_looks_to_a_paused_recording_although_nobody_comes(self, recorded: RecordedHall) -> None:
        ada = await recorded.on_camera("ada")
        await recorded.off_camera(ada)
        await recorded.hall.say(ada, "leave")
        async with await recorded.killed(down=10 * MINUTE) as again:
            assert again.state == "paused"
            await again.clock.advance(51 * MINUTE)
            assert again.runs()[-1].ended == "nobody"
            await again.clock.advance(2 * MINUTE)
            assert again.state == "no room", "nothing is due any more"

    async def test_writes_an_end_only_once(self, recorded: RecordedHall) -> None:
        ada = await recorded.on_camera("ada")
        await recorded.off_camera(ada)
        await recorded.clock.advance(61 * MINUTE)
        async with await recorded.killed(down=1) as again:
            await again.hall.join("bob")
            assert (again.state, len(again.runs())) == ("ended", 1)


class TestADiskThatFillsUp:
    async def test_is_told_to_those_who_moderate_every_ten_minutes(self, recorded: RecordedHall) -> None:
        ada = await recorded.on_camera("ada")
        olga = await recorded.hall.join("olga", organizer("olga"))
        recorded.free = LIMITS.warn_below - 1
        await recorded.clock.advance(6)
        (notice,) = notices(olga)
        assert (notice["code"], notice["details"]) == ("recording_space_low", {"free_bytes": 9_999})
        await recorded.clock.advance(590)
        assert len(notices(olga)) == 1
        await recorded.clock.advance(20)
        assert len(notices(olga)) == 2
        assert notices(ada) == []
        assert recorded.state == "recording"
        numbers = recorded.recorder.numbers()
        assert (numbers.free_bytes, numbers.recordings, numbers.warnings, numbers.stopped) == (9_999, 1, 2, 0)

    async def test_ends_recordings_before_it_is_full(self, recorded: RecordedHall) -> None:
        await recorded.on_camera("ada")
        olga = await recorded.hall.join("olga", organizer("olga"))
        recorded.free = LIMITS.stop_below - 1
        await recorded.clock.advance(6)
        assert [notice["code"] for notice in notices(olga)] == ["recording_stopped"]
        assert recorded.state == "ended"
        assert recorded.runs()[0].ended == "disk_full"
        assert recorded.media.recordings[SESSION] is None
        recorded.free = 1_000_000
        await recorded.clock.advance(6)
        assert recorded.state == "ended", "for good"
        assert recorded.recorder.numbers().stopped == 1

    async def test_lets_no_recording_begin(self, recorded: RecordedHall) -> None:
        recorded.free = LIMITS.stop_below - 1
        olga = await recorded.hall.join("olga", organizer("olga"))
        await recorded.on_camera("ada")
        assert (recorded.state, recorded.recordings) == ("ended", [])
        assert [notice["code"] for notice in notices(olga)] == ["recording_stopped"]

    async def test_that_recovers_lets_the_next_one_begin(self, recorded: RecordedHall) -> None:
        recorded.free = 0
        await recorded.on_camera("ada")
        recorded.free = 1_000_000
        await recorded.switch(record=False)
        await recorded.switch(record=True)
        assert recorded.state == "recording"
        assert recorded.runs()[0].statements

    async def test_before_anybody_measured_it_ends_the_recording_and_keeps_what_was_written(
        self, recorded: RecordedHall, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await recorded.on_camera("ada")
        real_write = os.write
        full = True

        def write(descriptor: int, data: bytes) -> int:
            if full and b'"ended"' not in bytes(data):
                real_write(descriptor, data[:5])
                raise OSError(errno.ENOSPC, "No space left on device")
            return real_write(descriptor, data)

        monkeypatch.setattr(os, "write", write)
        await recorded.clock.advance(1)
        full = False
        (run,) = recorded.runs()
        assert (recorded.state, run.ended) == ("ended", "disk_full")
        assert run.statements[0].seats == (camera("s1", "ada"),)

    async def test_that_cannot_be_asked_stops_nothing(self, recorded: RecordedHall) -> None:
        await recorded.on_camera("ada")

        def ask() -> int:
            raise OSError(errno.EIO, "Input/output error")

        recorded.recorder._free_bytes = ask
        await recorded.clock.advance(20)
        assert recorded.state == "recording"
        assert recorded.recorder.numbers().free_bytes is None


async def test_a_broken_log_harms_nobody_in_the_room(recorded: RecordedHall, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ValueError("a bug")

    monkeypatch.setattr(recorded.recorder, "room_changed", fail)
    monkeypatch.setattr(recorded.recorder, "room_stopped", fail)
    ada = await recorded.on_camera("ada")
    assert ada.documents["room"]["seats"]["s1"]["kind"] == "camera"


async def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    recorder = Recorder(tmp_path / "file" / "recordings", "node1", FakeClock(), LIMITS)
    with pytest.raises(RecorderUnavailable, match="recordings: Not a directory"):
        recorder.start(RecordedHall(tmp_path).hall.hub)


async def test_free_space_is_that_of_the_folders_disk(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "recordings", "node1", FakeClock(), LIMITS)
    recorder.start(RecordedHall(tmp_path).hall.hub)
    assert recorder.numbers().free_bytes == pytest.approx(shutil.disk_usage(tmp_path).free, rel=0.1)


def notices(peer: MemoryPeer) -> list[dict[str, Any]]:
    return peer.of("notice")
