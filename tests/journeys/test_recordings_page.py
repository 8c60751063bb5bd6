"""An organizer follows a recording: made, rendered, played, downloaded, made again without somebody, deleted."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from roomserver.bots.party import speakers_on_screen
from tests.journeys.dashboard_page import DashboardPage, organizing
from tests.journeys.recordings_page import RENDERED_SECONDS, choose, in_state, lasts, plays, shows_progress
from tests.support.axe import axe_violations
from tests.support.live_server import LiveServer
from tests.support.waiting import eventually

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900), pytest.mark.asyncio(loop_scope="session")]


def boxes(file: bytes) -> list[str]:
    """The kinds of an MP4's boxes, in order."""
    found, at = [], 0
    while at < len(file):
        found.append(file[at + 4 : at + 8].decode())
        at += int.from_bytes(file[at : at + 4], "big")
    return found


async def test_a_recording_is_watched_from_its_beginning_to_its_end(
    browser: Browser, own_server: LiveServer, tmp_path: Path
) -> None:
    await own_server.start()
    session = await own_server.session("Plenary", record=True)
    async with organizing(browser, own_server) as board:
        await board.go("live")
        await expect(board.at("no-rooms")).to_be_visible()
        async with speakers_on_screen(own_server.url, own_server.organizer_token, session, 2):
            await expect(board.at("live-recording")).to_have_text("Recording")
            await board.go("recordings")
            await in_state(board, "Recording")
            await board.at("recording-menu").click()
            await expect(board.at("delete-recording")).to_be_disabled()
            await expect(board.at("delete-tracks")).to_be_disabled()
            await board.page.keyboard.press("Escape")
            await lasts(own_server, 3.0)
        await own_server.api("PATCH", f"/api/sessions/{session}", {"record": False})
        await shows_progress(board)
        await in_state(board, "Ready")
        assert await axe_violations(board.page) == []

        await board.at("play").click()
        await plays(board.at("video"))
        assert await axe_violations(board.page) == []
        await board.page.keyboard.press("Escape")
        await expect(board.at("player")).to_be_hidden()

        async with board.page.expect_download() as downloading:
            await board.at("download").click()
        download = await downloading.value
        assert download.suggested_filename.startswith("Plenary")
        assert download.suggested_filename.endswith(".mp4")
        await download.save_as(tmp_path / "downloaded.mp4")
        file = (tmp_path / "downloaded.mp4").read_bytes()
        # What tells where everything is comes first, so players begin before all of it is there.
        assert boxes(file)[:2] == ["ftyp", "moov"]
        assert boxes(file)[-1] == "mdat"

        await make_again_without_one(own_server, board)
        await choose(board, "delete-tracks")
        await board.at("confirm").click()
        await board.told("deleted")
        await board.at("recording-menu").click()
        await expect(board.at("render")).to_be_disabled()
        await board.page.keyboard.press("Escape")
        await expect(board.at("play")).to_be_visible()

        await choose(board, "delete-recording")
        await expect(board.at("confirm-deletion")).to_be_visible()
        await board.page.keyboard.press("Escape")
        await expect(board.at("recording")).to_be_visible()
        await choose(board, "delete-recording")
        await board.at("confirm").click()
        await expect(board.at("no-recordings")).to_be_visible()
    assert (await own_server.api("GET", "/api/recordings"))["items"] == []


async def make_again_without_one(server: LiveServer, board: DashboardPage) -> None:
    (before,) = (await server.api("GET", "/api/recordings"))["items"]
    people = (await server.api("GET", f"/api/recordings/{before['id']}"))["people"]
    left_out = next(each["participant"] for each in people if each["name"] == "Speaker 02")
    await choose(board, "render")
    await board.at(f"shown-{left_out}").uncheck()
    await board.at("layout").get_by_role("radio", name="Speaker").check()
    await board.at("render-start").click()
    await board.told("Plenary")

    async def made() -> bool:
        document = await server.api("GET", f"/api/recordings/{before['id']}")
        return bool(document["state"] == "ready" and document["without"] == [left_out])

    await eventually(made, "it is made again", RENDERED_SECONDS)
    await in_state(board, "Ready")
    await board.at("play").click()
    await plays(board.at("video"))
    await board.page.keyboard.press("Escape")
