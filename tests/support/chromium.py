"""A real Chromium with a fake camera, a fake microphone that sounds, and a screen to share."""

from __future__ import annotations

import math
import struct
import wave
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import BrowserContext, async_playwright

EXECUTABLE = "/usr/bin/chromium"

_FLAGS = (
    # The second is a depth camera, whose pictures nobody can send; the third is like the first.
    "--use-fake-device-for-media-stream=device-count=3",
    "--use-fake-ui-for-media-stream",
    "--auto-select-desktop-capture-source=Entire screen",
    "--autoplay-policy=no-user-gesture-required",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def write_tone(path: Path, hertz: int = 440, seconds: float = 2.0) -> Path:
    """Write a WAV file for the fake microphone, which is silent without one in a headless browser."""
    rate = 48_000
    samples = (round(12_000 * math.sin(2 * math.pi * hertz * i / rate)) for i in range(int(rate * seconds)))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
    return path


@asynccontextmanager
async def chromium(folder: Path, *, flags: Sequence[str] = (), sound: bool = True) -> AsyncIterator[BrowserContext]:
    """Start Chromium, headless; `folder` takes the microphone's sound. Pages may use camera and microphone."""
    arguments = [*_FLAGS, *flags]
    if sound:
        arguments.append(f"--use-file-for-fake-audio-capture={write_tone(folder / 'tone.wav')}")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=EXECUTABLE, headless=True, args=arguments)
        try:
            context = await browser.new_context(permissions=["camera", "microphone"])
            yield context
        finally:
            await browser.close()
