"""One frame for everybody: in order, to those who hold the base, in chunks."""

from __future__ import annotations

from signaling.close_codes import CloseCode
from signaling.counters import Counters
from signaling.outbox import BEHIND, CHUNK, Outbox
from signaling.wire.codec import Frames, Subprotocol
from tests.support.fake_clock import FakeClock, settle


class Reader:
    """A peer that keeps the frames it got; `stalls_after` that many, it is behind."""

    def __init__(self, version: int, stalls_after: int = 10**9) -> None:
        self.id = ""
        self.subprotocol = Subprotocol.JSON
        self.version = version
        self.paused = False
        self.frames: list[bytes] = []
        self._stalls_after = stalls_after

    def write(self, frame: bytes) -> None:
        self.frames.append(frame)
        if len(self.frames) >= self._stalls_after:
            self.version = BEHIND

    def send(self, message: object) -> None:
        raise NotImplementedError

    def close(self, code: CloseCode, reason: str) -> None:
        raise NotImplementedError


def an_outbox(idle: list[bool]) -> Outbox:
    return Outbox(FakeClock(), Counters(), lambda: idle.append(True))


async def test_everybody_gets_the_very_same_bytes() -> None:
    outbox, readers = an_outbox([]), [Reader(1) for _ in range(3)]
    frames = Frames({"type": "media.reset"})
    outbox.update(frames, 1, 2, readers)
    assert all(reader.frames[0] is frames.of(Subprotocol.JSON) for reader in readers)
    assert [reader.version for reader in readers] == [2, 2, 2]


async def test_only_those_who_hold_the_base_get_an_update_and_nobody_gets_it_twice() -> None:
    outbox = an_outbox([])
    newer, behind, reader = Reader(5), Reader(BEHIND), Reader(1)
    outbox.update(Frames({"type": "media.reset"}), 1, 2, [reader, newer, behind, reader])
    assert (len(reader.frames), newer.frames, behind.frames) == (1, [], [])


async def test_a_large_crowd_is_written_to_in_chunks_and_no_update_overtakes_another() -> None:
    idle: list[bool] = []
    outbox, readers = an_outbox(idle), [Reader(1) for _ in range(2 * CHUNK + 10)]
    first, second = Frames({"type": "media.reset"}), Frames({"type": "media.speaking", "seats": []})
    outbox.update(first, 1, 2, readers)
    assert sum(len(reader.frames) for reader in readers) == CHUNK
    outbox.update(second, 2, 3, readers)
    assert outbox.busy
    # Somebody who comes to the newest version in between gets neither.
    readers[-1].version = 3
    await settle()
    expected = [first.of(Subprotocol.JSON), second.of(Subprotocol.JSON)]
    assert all(reader.frames == expected for reader in readers[:-1])
    assert readers[-1].frames == []
    assert not outbox.busy
    assert idle == [True]


async def test_whoever_stalls_in_the_middle_gets_no_more() -> None:
    outbox, reader = an_outbox([]), Reader(1, stalls_after=1)
    outbox.update(Frames({"type": "media.reset"}), 1, 2, [reader])
    outbox.update(Frames({"type": "media.reset"}), 2, 3, [reader])
    outbox.tell(Frames({"type": "media.reset"}), [reader])
    assert len(reader.frames) == 1
