"""Files play in a real browser as they were made: as long, with picture and sound in time, also in a second block."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from recording.jobs import BlockJob
from recording.render import render_block
from recording.timeline import FPS, SAMPLES_PER_FRAME
from tests.support.chromium import chromium
from tests.support.flash_and_beep import Performer, perform, write_stage
from tests.support.recorded_media import START
from tests.support.stages import camera

BLOCK = 48
"""Frames of a block in this test."""

FLASH, BETWEEN = 0.05, 0.5
"""Seconds after a beep at which the picture is white, and at which it isn't."""

PLAY = """async ([coded, times]) => {
  const bytes = Uint8Array.from(atob(coded), (character) => character.charCodeAt(0));
  const video = document.createElement("video");
  video.muted = true;
  video.src = URL.createObjectURL(new Blob([bytes], { type: "video/mp4" }));
  await new Promise((resolve, reject) => {
    video.onloadeddata = resolve;
    video.onerror = () => reject(new Error(video.error.message));
  });
  const canvas = new OffscreenCanvas(192, 108).getContext("2d", { willReadFrequently: true });
  const brightness = [];
  for (const time of times) {
    video.currentTime = time;
    await new Promise((resolve) => { video.onseeked = resolve; });
    canvas.drawImage(video, 0, 0, 192, 108);
    brightness.push(canvas.getImageData(96, 30, 1, 1).data[0]);
  }
  const sound = await new OfflineAudioContext(1, 1, 48000).decodeAudioData(bytes.buffer);
  const samples = sound.getChannelData(0);
  const beeps = [];
  let last = -48000;
  samples.forEach((sample, at) => {
    if (Math.abs(sample) < 0.1) return;
    if (at - last > 14400) beeps.push(at / 48000);
    last = at;
  });
  const size = [video.videoWidth, video.videoHeight];
  return { size, seconds: video.duration, samples: samples.length, beeps, brightness };
}"""


@pytest.mark.browser
async def test_chromium_plays_blocks_as_they_were_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "rec_1"
    folder.mkdir()
    ada = Performer(camera(1, "Ada"), START, START + 3.5, 1000)
    perform(folder, ada)
    write_stage(folder, "1", [(START, [ada.seat])], until=START + 2 * BLOCK / FPS)
    monkeypatch.setattr("recording.timeline.BLOCK_FRAMES", BLOCK)
    async with chromium(tmp_path, sound=False) as browser:
        page = await browser.new_page()
        for number in (1, 2):
            file = tmp_path / f"{number}.mp4"
            render_block(BlockJob(folder, number, "gallery", frozenset(), file), lambda frames, of: None)
            begins = START + (number - 1) * BLOCK / FPS
            expected = [moment - begins for moment in ada.moments if 0 < moment - begins < BLOCK / FPS]
            times = [beep + after for beep in expected for after in (FLASH, BETWEEN) if beep + after < BLOCK / FPS]
            shown = await page.evaluate(PLAY, [base64.b64encode(file.read_bytes()).decode(), times])
            assert shown["size"] == [1920, 1080]
            assert shown["seconds"] == BLOCK / FPS
            assert shown["samples"] == BLOCK * SAMPLES_PER_FRAME
            beeps = [beep for beep in shown["beeps"] if beep > 0.2]
            assert beeps == pytest.approx(expected, abs=1 / FPS)
            white = [brightness > 200 for brightness in shown["brightness"]]
            assert white == [min(abs(time - beep - FLASH) for beep in expected) < 0.001 for time in times]
