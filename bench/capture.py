"""CPU per captured media packet: what a tap adds to the reception of a recorded room, writing included.

Twenty people send VP8 of 1 Mbit/s and Opus. Media time passes as in a room, so that track files are written to as
often as then. The bare limit writes the same bytes to one open file.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.measure import Result, main, summarize
from bench.media_forward import FRAME, SOUND, Hall
from recording.capture import Capture
from signaling.media.rtp import HEADER

BENCH = "capture"
PEOPLE = 20
SECONDS = 3
"""Of media in a round."""

ROUNDS = 7
FRAMES_A_SECOND, STEP = 30, 2
"""Two frames are taken in between two looks at what is due: about as often as in a worker."""

RECORD = 16
"""Bytes that a track file adds to a packet."""

SIZES = [*(size + HEADER.size + RECORD for size in FRAME), SOUND + HEADER.size + RECORD]


def receive(tap: Capture | None) -> tuple[float, int]:
    """Take a round's packets in; the CPU seconds of all threads, and how many packets they were."""
    with ExitStack() as stack:
        halls = [Hall(0, stack, tap) for _ in range(PEOPLE)]
        speech = [[hall.speech(STEP) for hall in halls] for _ in range(SECONDS * FRAMES_A_SECOND // STEP)]
        began, now = time.process_time(), time.monotonic()
        for step in speech:
            for hall, packets in zip(halls, step, strict=True):
                hall.take(packets, now)
            now += STEP / FRAMES_A_SECOND
            if tap is not None:
                tap.tick(now)
        if tap is not None:
            tap.close()
        return time.process_time() - began, sum(len(packets) for step in speech for packets in step)


def received(*, captured: bool) -> float:
    """µs a packet."""
    with TemporaryDirectory(prefix="capture-") as folder:
        capture = Capture(Path(folder)) if captured else None
        spent, packets = receive(capture)
        if capture is not None:
            metrics = capture.metrics()
            assert metrics["captured_packets"] == packets
            assert metrics["capture_drops"] == metrics["capture_failures"] == 0
        return spent / packets * 1e6


def written() -> float:
    """µs a packet, for plain writes of as many bytes."""
    with TemporaryDirectory(prefix="capture-") as folder, (Path(folder) / "plain").open("wb") as file:
        data = [bytes(size) for size in SIZES]
        times = 20_000 // len(data)
        began = time.process_time()
        for _ in range(times):
            for each in data:
                file.write(each)
        file.flush()
        return (time.process_time() - began) / (times * len(data)) * 1e6


async def run() -> list[Result]:
    rounds = [(received(captured=True), received(captured=False), written()) for _ in range(ROUNDS + 1)][1:]
    adds, whole = [(tapped - bare, plain) for tapped, bare, plain in rounds], [each[:2] for each in rounds]
    return [
        summarize(BENCH, "what capturing adds", "µs CPU/packet", "file.write of the same bytes to one file", adds),
        summarize(BENCH, "a packet taken in", "µs CPU/packet", "the same reception without a tap", whole),
    ]


if __name__ == "__main__":
    main(lambda: asyncio.run(run()), __doc__.split("\n", 1)[0])
