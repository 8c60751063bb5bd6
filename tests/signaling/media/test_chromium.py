"""A real Chromium publishes and watches through the media plane."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page

from signaling.media.plane import MediaSettings
from signaling.media.port import Level, StageSeat
from tests.support.chromium import chromium
from tests.support.lossy_relay import lossy_relay
from tests.support.media_house import media_house
from tests.support.waiting import eventually, until

pytestmark = pytest.mark.browser

LAYERS = [
    {"rid": "l", "scaleResolutionDownBy": 2, "maxBitrate": 150_000, "maxFramerate": 15},
    {"rid": "h", "maxBitrate": 900_000},
]
SERIES = 3
LOOPBACK = MediaSettings(hosts=("127.0.0.1",))


def camera(seat: str, slot: int, *, audio: bool = True, video: bool = True) -> StageSeat:
    return StageSeat(seat, "camera", f"owner of {seat}", slot, audio=audio, video=video)


async def stats(page: Page, name: str) -> dict[str, Any]:
    found: dict[str, Any] = await page.evaluate("name => stats(name)", name)
    return found


async def received(page: Page, watcher: str, slot: str, field: str) -> float:
    value: float = (await stats(page, watcher)).get(slot, {}).get(field, 0)
    return value


async def reaches(page: Page, watcher: str, slot: str, field: str, check: Callable[[float], bool]) -> float:
    """Wait until a statistic of a watcher's slot is as `check` wants it."""

    async def holds() -> bool:
        return check(await received(page, watcher, slot, field))

    await eventually(holds, f"{field} of {slot}")
    return await received(page, watcher, slot, field)


async def decodes(page: Page, watcher: str, slot: str = "v0", frames: int = 20) -> None:
    """Wait until `frames` more frames were decoded."""
    before = await received(page, watcher, slot, "framesDecoded")
    await reaches(page, watcher, slot, "framesDecoded", lambda now: now >= before + frames)


async def test_a_viewer_sees_and_hears_a_speaker(tmp_path: Path) -> None:
    async with media_house() as house, chromium(tmp_path) as browser:
        house.plane.stage("room", [camera("s7", 0)])
        speaker, viewer = await browser.new_page(), await browser.new_page()
        await speaker.goto(house.url)
        await viewer.goto(house.url)
        await speaker.evaluate("publish('room', 's7')")
        await viewer.evaluate("watch('room', 'w1', 'bob')")
        await decodes(viewer, "w1")
        await reaches(viewer, "w1", "a0", "totalAudioEnergy", lambda energy: energy > 0.01)
        assert [7] in await viewer.evaluate("contributors('w1')")
        assert house.listener.live == [("room", "s7", True)]
        assert house.listener.speaking[0] == ("s7",)


async def freezes_nothing(
    page: Page, watcher: str, slots: Sequence[str], series: Callable[[], Awaitable[None]]
) -> None:
    """Do a series of changes, again if a freeze was counted: a busy machine stops a browser now and then, while
    a fault of ours shows each time."""
    counted = []
    for _ in range(SERIES):
        before = await stats(page, watcher)
        await series()
        after = await stats(page, watcher)
        counted.append([after[slot]["freezeCount"] - before[slot]["freezeCount"] for slot in slots])
        if not any(counted[-1]):
            return
    pytest.fail(f"froze in each series: {counted}")


async def test_twenty_layer_switches_freeze_nothing(tmp_path: Path) -> None:
    async with media_house() as house, chromium(tmp_path) as browser:
        house.plane.stage("room", [camera("s1", 0)])
        page = await browser.new_page()
        await page.goto(house.url)
        await page.evaluate("layers => publish('room', 's1', {encodings: layers})", LAYERS)
        await page.evaluate("watch('room', 'w1', 'bob')")
        house.plane.view("room", "w1", {0: "high"})
        await reaches(page, "w1", "v0", "frameHeight", lambda height: height == 360)

        async def switch() -> None:
            for turn in range(20):
                level: Level = "high" if turn % 2 else "low"
                house.plane.view("room", "w1", {0: level})
                await reaches(page, "w1", "v0", "frameHeight", (360.0 if level == "high" else 180.0).__eq__)
            await decodes(page, "w1", frames=10)

        await freezes_nothing(page, "w1", ["v0"], switch)


async def test_twenty_changes_of_speaker_freeze_nothing(tmp_path: Path) -> None:
    async with media_house() as house, chromium(tmp_path) as browser:
        house.plane.stage("room", [camera("s1", 0), camera("s2", 1)])
        page = await browser.new_page()
        await page.goto(house.url)
        for seat in ("s1", "s2"):
            await page.evaluate("seat => publish('room', seat, {width: 320, height: 180})", seat)
        await page.evaluate("watch('room', 'w1', 'bob', {audio: 1, video: 2})")
        await decodes(page, "w1", "v0")
        await decodes(page, "w1", "v1")

        async def change() -> None:
            for turn in range(20):
                first, second = ("s1", "s2") if turn % 2 else ("s2", "s1")
                # The speaker changes, and with them who is on which tile.
                house.plane.stage("room", [camera(first, 0), camera(second, 1, audio=False)])
                heard = int(first[1:])

                async def is_heard(heard: int = heard) -> bool:
                    contributors: list[list[int]] = await page.evaluate("contributors('w1')")
                    return contributors[0][:1] == [heard]

                await eventually(is_heard, f"{first} heard")
                # Half a second: an encoder makes no two keyframes within a third of one (`KEYFRAME_INTERVAL`).
                await decodes(page, "w1", "v0", frames=10)

        await freezes_nothing(page, "w1", ["v0", "v1"], change)
        sound = (await stats(page, "w1"))["a0"]
        concealed = sound["concealedSamples"] - sound["silentConcealedSamples"]
        assert concealed < 0.2 * sound["totalSamplesReceived"], "a change of speaker is a short gap"


async def test_a_removed_speaker_is_not_seen_though_their_client_goes_on(tmp_path: Path) -> None:
    async with media_house() as house, chromium(tmp_path) as browser:
        house.plane.stage("room", [camera("s1", 0)])
        page = await browser.new_page()
        await page.goto(house.url)
        await page.evaluate("publish('room', 's1')")
        await page.evaluate("watch('room', 'w1', 'bob')")
        await decodes(page, "w1")
        house.plane.stage("room", [camera("s1", 0, audio=False, video=False)])
        await asyncio.sleep(1.0)
        at_one_second = await stats(page, "w1")
        sent = (await stats(page, "s1"))["video"]["packetsSent"]

        async def goes_on() -> bool:
            return bool((await stats(page, "s1"))["video"]["packetsSent"] > sent + 30)

        await eventually(goes_on, "the client goes on sending")
        later = await stats(page, "w1")
        for slot in ("a0", "v0"):
            assert later[slot]["packetsReceived"] == at_one_second[slot]["packetsReceived"]
        house.plane.stage("room", [])
        await until(lambda: house.listener.live[-1] == ("room", "s1", False), "the seat's connection closed")


@pytest.mark.parametrize("direction", ["to_server", "to_client"])
async def test_five_percent_loss_keeps_video_decoding(tmp_path: Path, direction: str) -> None:
    async with media_house(LOOPBACK) as house, lossy_relay(seed=7) as relay, chromium(tmp_path) as browser:
        house.plane.stage("room", [camera("s1", 0)])
        page = await browser.new_page()
        await page.goto(house.url)
        if direction == "to_server":
            house.lead_publishers = relay.lead
        else:
            house.lead_watchers = relay.lead
        await page.evaluate("publish('room', 's1')")
        await page.evaluate("watch('room', 'w1', 'bob')")
        await decodes(page, "w1")
        setattr(relay, direction, 0.05)
        for _ in range(3):
            await decodes(page, "w1", frames=30)
        again = "rtx_in" if direction == "to_server" else "rtx_out"
        await until(lambda: relay.lost > 10 and house.metrics[again] > 3, "packets were lost, and sent again", 30)
        assert await received(page, "w1", "v0", "totalFreezesDuration") < 2.0


async def test_slots_are_added_and_ice_restarts_on_the_same_connection(tmp_path: Path) -> None:
    async with media_house() as house, chromium(tmp_path) as browser:
        house.plane.stage("room", [camera("s1", 0), camera("s2", 4)])
        page = await browser.new_page()
        await page.goto(house.url)
        for seat in ("s1", "s2"):
            await page.evaluate("seat => publish('room', seat, {width: 320, height: 180})", seat)
        await page.evaluate("watch('room', 'w1', 'bob', {video: 4})")
        await decodes(page, "w1", "v0")
        before = await received(page, "w1", "v0", "ssrc")
        await page.evaluate("watch('room', 'w1', 'bob', {video: 50})")
        await decodes(page, "w1", "v4")
        assert await received(page, "w1", "v0", "ssrc") == before
        await page.evaluate("restartIce('w1', '/watch', {session: 'room', watcher: 'w1', participant: 'bob'})")
        await decodes(page, "w1", "v4", frames=40)
        assert await received(page, "w1", "v0", "ssrc") == before
        assert await received(page, "w1", "v0", "freezeCount") == 0
        assert house.metrics["peers"] == 3


async def test_a_shared_screen_is_seen_in_full_size(tmp_path: Path) -> None:
    async with media_house() as house, chromium(tmp_path) as browser:
        house.plane.stage("room", [StageSeat("s2", "screen", "ada", 0, audio=False, video=True)])
        page = await browser.new_page()
        await page.goto(house.url)
        await page.evaluate("publish('room', 's2', {screen: true})")
        await page.evaluate("watch('room', 'w1', 'bob')")
        await decodes(page, "w1", frames=5)
        assert await received(page, "w1", "v0", "frameHeight") >= 480
        assert house.listener.advice["s2"].layers[""]["max_framerate"] == 15


async def test_a_viewer_whose_address_changes_goes_on_seeing(tmp_path: Path) -> None:
    async with media_house(LOOPBACK) as house, lossy_relay() as relay, chromium(tmp_path) as browser:
        house.plane.stage("room", [camera("s1", 0)])
        page = await browser.new_page()
        await page.goto(house.url)
        await page.evaluate("publish('room', 's1')")
        house.lead_watchers = relay.lead
        await page.evaluate("watch('room', 'w1', 'bob')")
        await decodes(page, "w1")
        relay.move()
        await decodes(page, "w1", frames=60)


async def test_clients_come_back_after_their_worker_was_killed(tmp_path: Path) -> None:
    async with media_house() as house, chromium(tmp_path) as browser:
        house.plane.stage("room", [camera("s1", 0)])
        page = await browser.new_page()
        await page.goto(house.url)
        await page.evaluate("publish('room', 's1')")
        await page.evaluate("watch('room', 'w1', 'bob')")
        await decodes(page, "w1")
        os.kill(house.plane.pids[0], signal.SIGKILL)
        await until(lambda: house.listener.resets == ["room"], "the worker replaced")
        await page.evaluate("delete connections.w1, publish('room', 's1')")
        await page.evaluate("watch('room', 'w1', 'bob')")
        await decodes(page, "w1")
