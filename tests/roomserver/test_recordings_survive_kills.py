"""Media workers, renders and servers are killed at random moments: every recording becomes a file all the same, which
lacks at most half a second of what was sent before."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random, SystemRandom
from statistics import median
from typing import Literal

import pytest

from recording.stage_log import read_stage_logs
from recording.timeline import FPS, make_timeline
from roomserver.bots.bot import Venue
from roomserver.bots.event_api import EventApi, Person
from roomserver.bots.figures import Figures
from tests.roomserver.recordings.test_render_command import download
from tests.support.live_server import LiveServer
from tests.support.numbered_speakers import Captured, NumberedSpeaker, watch
from tests.support.searching import SEARCHING
from tests.support.waiting import eventually, until

KILLS = 50 if SEARCHING else 4
pytestmark = pytest.mark.timeout(3600 if SEARCHING else 600)

Victim = Literal["worker", "render", "server"]
VICTIMS: tuple[Victim, ...] = ("server", "worker", "render")

MOST_LOST = 0.5
"""Seconds that a kill may cost of what was sent before it."""
BEGINNING = 0.5
"""Seconds after a recording began that aren't looked at: it begins with a keyframe that has to be asked for, which
encoders send 0.35 s after their last one at the earliest."""
LONGEST_WAIT = 3.0
"""Seconds after which a kill comes at the latest."""
AFTERWARDS = 1.0
"""Seconds that everybody sends before a recording ends."""
BACK_SECONDS = 60.0
READY_SECONDS = 1800.0 if SEARCHING else 200.0


@dataclass(frozen=True, slots=True)
class Kill:
    """A recording during which something was killed, at Unix time `at`."""

    recording: str
    victim: Victim
    at: float


@dataclass(frozen=True, slots=True)
class Loss:
    """Seconds that a recording's file lacks."""

    kill: Kill
    before: float
    """Of what was sent before the kill."""
    after: float
    """Of what was sent over connections that were made, or went on, after it."""


async def test_recordings_survive_kills(tmp_path: Path) -> None:
    seed = SystemRandom().randrange(1 << 32) if SEARCHING else 4
    print(f"seed {seed}", flush=True)
    random = Random(seed)
    victims = [VICTIMS[number % len(VICTIMS)] for number in range(KILLS)]
    random.shuffle(victims)
    server = LiveServer(tmp_path / "data")
    await server.start()
    try:
        session = await server.session("Kills", record=False)
        async with on_screen(server, session) as speakers:
            kills = [await record_and_kill(server, session, speakers, victim, random) for victim in victims]
        losses = []
        for each in kills:
            await rendered(server, each.recording)
            file = await fetched(server, each.recording, tmp_path)
            folder = server.data / "recordings" / each.recording
            losses.append(await asyncio.to_thread(lost, folder, file, each, speakers))
            print(losses[-1], flush=True)
    finally:
        await server.stop()
    before = [loss.before for loss in losses]
    print(f"{len(losses)} rendered; lost before kills: worst {max(before):.2f} s, median {median(before):.2f} s")
    assert len({kill.recording for kill in kills}) == KILLS
    assert max(before) <= MOST_LOST
    assert max(loss.after for loss in losses) <= MOST_LOST


@asynccontextmanager
async def on_screen(server: LiveServer, session: str) -> AsyncIterator[list[NumberedSpeaker]]:
    """Two speakers on screen, who come back by themselves whatever happens."""
    async with AsyncExitStack() as stack:
        api = await stack.enter_async_context(EventApi(server.url, server.organizer_token))
        venue = Venue(api, session, Figures())
        speakers = []
        for name, hertz in (("Ada", 700.0), ("Ben", 1900.0)):
            made = await server.registrant(name)
            speaker = NumberedSpeaker(venue, Person(made.id, name, made.token), hertz)
            stack.push_async_callback(speaker.leave)
            await speaker.join()
            await speaker.go_on_screen()
            speakers.append(speaker)
        yield speakers


async def record_and_kill(
    server: LiveServer, session: str, speakers: Sequence[NumberedSpeaker], victim: Victim, random: Random
) -> Kill:
    """Record, kill something at a random moment, and end the recording when everybody has been back for a moment."""
    captures = server.data / "recordings"
    before = set(captures.glob("rec_*"))
    await server.api("PATCH", f"/api/sessions/{session}", {"record": True})
    await until(lambda: len(set(captures.glob("rec_*")) - before) == 1, "a recording begins")
    (folder,) = set(captures.glob("rec_*")) - before
    if victim == "render":
        await a_render(server, folder.name)
    await asyncio.sleep(random.uniform(0.2, LONGEST_WAIT))
    at = await kill(server, folder.name, victim)
    for speaker in speakers:
        await until(
            lambda speaker=speaker: speaker.has_sent(at, AFTERWARDS, anew=victim != "render"),  # type: ignore[misc]
            f"{speaker.hertz} Hz is back after the {victim} was killed: {speaker.figures.errors}",
            BACK_SECONDS,
        )
    await server.api("PATCH", f"/api/sessions/{session}", {"record": False})
    await until(lambda: any(run.ended for run in read_stage_logs(folder)), "the recording ends")
    done = Kill(folder.name, victim, at)
    uncaptured = await asyncio.to_thread(not_captured, folder, done, speakers)
    print(f"{done} not captured: {uncaptured:.2f} s", flush=True)
    assert uncaptured <= MOST_LOST
    return done


def not_captured(folder: Path, kill: Kill, speakers: Sequence[NumberedSpeaker]) -> float:
    """Seconds of what was sent before the kill that aren't in the tracks or have no place in the file."""
    captured = Captured.read(folder)
    first = captured.timeline.scenes[0].source / FPS + BEGINNING
    lives = [life for speaker in speakers for life in speaker.lives]
    return max(lack for life in lives for lack in captured.lacks(life.between(first, kill.at)))


async def fetched(server: LiveServer, recording: str, folder: Path) -> Path:
    """The only file of a recording."""
    (block,) = (await server.api("GET", f"/api/recordings/{recording}"))["blocks"]
    file = folder / f"{recording}.mp4"
    await asyncio.to_thread(file.write_bytes, (await download(server, block["file"])).content)
    return file


async def a_render(server: LiveServer, recording: str) -> None:
    """Have something rendered, if nothing is."""

    async def under_way() -> bool:
        items = (await server.api("GET", "/api/recordings?limit=100"))["items"]
        if any(item["id"] == recording for item in items) and not server.renders():
            await server.api("POST", f"/api/recordings/{recording}/render", {})
        return bool(server.renders())

    await eventually(under_way, "a render")


async def kill(server: LiveServer, recording: str, victim: Victim) -> float:
    """End a process as a crash would, and start the server again if that was it; when it was, in Unix time."""
    match victim:
        case "server":
            at = time.time()
            server.kill()
            await server.start()
        case "worker":
            at = time.time()
            for worker in server.media_workers():
                os.kill(worker, signal.SIGKILL)
        case "render":
            await a_render(server, recording)
            at = time.time()
            for render in server.renders():
                with suppress(ProcessLookupError):
                    os.kill(render, signal.SIGKILL)
    return at


async def rendered(server: LiveServer, recording: str) -> None:
    """Wait for the file. A block whose render was killed is asked for, as an organizer does who won't wait."""

    async def ready() -> bool:
        state = (await server.api("GET", f"/api/recordings/{recording}"))["state"]
        if state == "failed":
            await server.api("POST", f"/api/recordings/{recording}/render", {})
        return bool(state == "ready")

    await eventually(ready, f"{recording} is rendered", READY_SECONDS)


def lost(folder: Path, file: Path, kill: Kill, speakers: Sequence[NumberedSpeaker]) -> Loss:
    """Compare a recording's file with what was sent while it was recorded."""
    runs = read_stage_logs(folder)
    film = watch(file, make_timeline(runs))
    first = film.timeline.scenes[0].source / FPS + BEGINNING
    last = max(run.alive_until for run in runs if run.ended)
    before = after = 0.0
    for speaker in speakers:
        for life in speaker.lives:
            went_on = kill.victim == "render" or life.audio[0].at > kill.at
            early, late = life.between(first, kill.at), life.between(max(first, kill.at), last)
            before = max(before, *film.lacks(speaker, early))
            if went_on:
                after = max(after, *film.lacks(speaker, late))
    return Loss(kill, before, after)
