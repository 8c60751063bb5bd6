"""The client library as others get it: packed, installed in an empty project, embedding a room in a foreign page."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from roomserver.bots.party import speakers_on_screen
from tests.support.live_server import LiveServer, free_port
from tests.support.waiting import eventually

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(240)]

WEB = Path(__file__).parents[2] / "roomserver" / "web"

CONSUMER = """
import { ConnectionLost, Refused, type Room, type RoomDocument, type Snapshot, type Status } from "roomserver-client";
import { createRoom, fetchTicket, openChoice, playSound, showSeat } from "roomserver-client/browser";

const room: Room = createRoom({ join: () => fetchTicket("/ticket", { headers: { "X-Mine": "1" } }) });
const forget: () => void = room.events.on("change", ({ status, room: seen, desk }: Snapshot) => {
  const phase: Status["phase"] = status.phase;
  if (status.phase === "reconnecting" && status.retryAt !== undefined) console.log(phase, status.retryAt + 1);
  const viewers: RoomDocument["viewers"] | undefined = seen?.viewers;
  console.log(viewers, Object.keys(desk?.requests ?? {}));
});
const end: () => void = showSeat(room, "s1", document.createElement("video"));
playSound(room, (blocked: boolean) => console.log(blocked)).unblock();
const { camera, microphone } = await openChoice({ camera: "", microphone: "off" });
try {
  const seat: string = await room.startShare("camera", { video: camera, audio: microphone });
  room.show({ [seat]: "high" });
} catch (error) {
  if (error instanceof Refused) console.log(error.code, error.retryAfter);
  else if (error instanceof ConnectionLost) console.log(error.message);
}
// @ts-expect-error there is no such phase
const wrong: Status = { phase: "out" };
console.log(wrong, forget, end);
"""

PROGRAM = """
import { Room, jsonWire, mergePatch } from "roomserver-client";
const room = new Room({
  wire: jsonWire,
  join: async () => ({ ticket: "t", url: "ws://127.0.0.1/ws" }),
  openSocket: () => { throw new Error("no network here"); },
  clock: { now: () => 0, after: () => () => undefined, random: () => 0 },
});
room.events.on("change", ({ status }) => {
  if (status.phase === "connecting" && status.error) console.log(status.error.message);
});
room.start();
console.log(JSON.stringify(mergePatch({ a: 1 }, { a: null, b: 2 })));
"""


async def run(*command: str, folder: Path) -> str:
    """A command that has to succeed; what it prints."""
    process = await asyncio.create_subprocess_exec(
        *command, cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, errors = await process.communicate()
    assert process.returncode == 0, f"{' '.join(command)}: {out.decode()}{errors.decode()}"
    return out.decode()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty project with the packed library installed, without any network."""
    folder = tmp_path_factory.mktemp("embedding")
    await run("npm", "pack", "--pack-destination", str(folder), folder=WEB / "packages" / "client")
    (tarball,) = folder.glob("roomserver-client-*.tgz")
    (folder / "package.json").write_text(json.dumps({"name": "site", "private": True, "type": "module"}))
    await run("npm", "install", "--offline", "--no-audit", "--no-fund", str(tarball), folder=folder)
    return folder


async def test_the_package_holds_what_one_needs_and_nothing_else(project: Path) -> None:
    package = project / "node_modules" / "roomserver-client"
    assert {each.name for each in package.iterdir()} == {"LICENSE", "README.md", "dist", "example", "package.json"}
    assert [each.name for each in (project / "node_modules").iterdir() if not each.name.startswith(".")] == [
        "roomserver-client"
    ]
    assert "dependencies" not in json.loads((package / "package.json").read_text())
    assert "MessagePack" in (package / "dist" / "THIRD-PARTY.md").read_text()
    assert len((package / "example" / "index.html").read_text().splitlines()) < 60


@pytest.mark.parametrize(("module", "resolution"), [("esnext", "bundler"), ("nodenext", "nodenext")])
async def test_its_types_serve_a_strict_project(project: Path, module: str, resolution: str) -> None:
    source = project / f"{resolution}.ts"
    source.write_text(CONSUMER)
    options = ("--strict", "--exactOptionalPropertyTypes", "--noEmit", "--target", "es2022")
    await run(
        *(str(WEB / "node_modules" / ".bin" / "tsc"), *options, "--lib", "es2023,dom,dom.iterable"),
        *("--module", module, "--moduleResolution", resolution, source.name),
        folder=project,
    )


async def test_its_core_runs_without_a_browser(project: Path) -> None:
    (project / "program.mjs").write_text(PROGRAM)
    printed = await run("node", "program.mjs", folder=project)
    assert printed.splitlines() == ['{"b":2}', "no network here"]


@asynccontextmanager
async def example_site(project: Path, rooms: LiveServer, session: str, port: int = 0) -> AsyncIterator[str]:
    """The package's example, run as its first lines say; its address."""
    settings = {
        "ROOMSERVER_URL": rooms.url,
        "ROOMSERVER_TOKEN": rooms.organizer_token,
        "PORT": str(port),
    }
    process = await asyncio.create_subprocess_exec(
        *("node", "node_modules/roomserver-client/example/server.mjs", session),
        cwd=project,
        env=os.environ | settings,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        yield (await process.stdout.readline()).decode().strip()
    finally:
        process.terminate()
        await process.communicate()


@pytest_asyncio.fixture(loop_scope="session")
async def window(browser: Browser) -> AsyncIterator[BrowserContext]:
    context = await browser.new_context(permissions=["camera", "microphone"])
    yield context
    await context.close()


async def see(page: Page, name: str) -> None:
    """Return once the tile with this name shows a moving picture."""
    video = page.locator("figure", has_text=name).locator("video")
    await expect(video).to_be_visible()

    async def moving() -> bool:
        return int(await video.evaluate("video => video.getVideoPlaybackQuality().totalVideoFrames")) > 5

    await eventually(moving, f"the picture of {name} moves")


async def test_a_page_of_another_site_embeds_a_room(project: Path, tmp_path: Path, window: BrowserContext) -> None:
    port = free_port()
    rooms = LiveServer(tmp_path / "data", settings={"ROOMSERVER_ALLOWED_ORIGINS": f"http://127.0.0.1:{port}"})
    await rooms.start()
    try:
        session = await rooms.session("Panel")
        async with example_site(project, rooms, session, port) as address:
            ada, ben = await window.new_page(), await window.new_page()
            errors: list[ConsoleMessage] = []
            for page in (ada, ben):
                page.on("console", lambda message: errors.append(message) if message.type == "error" else None)
            await ada.goto(address)
            await ben.goto(address.replace("Ada", "Ben"))
            await expect(ada.locator("#status")).to_have_text("Panel: 2 watching", timeout=20_000)
            async with speakers_on_screen(rooms.url, rooms.organizer_token, session, 1):
                await see(ada, "Speaker 01")
                await ada.get_by_role("button", name="Go on stage").click()
                await see(ada, "Ada")
                await see(ben, "Ada")
                await ada.get_by_role("button", name="Leave the stage").click()
                await expect(ben.locator("figure")).to_have_count(1)
            await expect(ben.locator("figure")).to_have_count(0)
            assert [each.text for each in errors if "favicon" not in each.location["url"]] == []
    finally:
        await rooms.stop()


async def test_a_site_that_is_not_allowed_gets_no_connection(
    project: Path, server: LiveServer, window: BrowserContext
) -> None:
    session = await server.session("Panel")
    async with example_site(project, server, session) as address:
        page = await window.new_page()
        failures: list[str] = []

        def failing(failure: str) -> None:
            failures.append(failure)

        page.on("websocket", lambda socket: socket.on("socketerror", failing))
        await page.goto(address)

        async def failed() -> bool:
            return len(failures) > 0

        await eventually(failed, "the connection fails")
        assert "403" in failures[0]
        await expect(page.locator("#status")).to_have_text("connecting …")


async def test_a_refused_visitor_reads_why(project: Path, server: LiveServer, window: BrowserContext) -> None:
    async with example_site(project, server, "ses_nowhere") as address:
        page = await window.new_page()
        await page.goto(address)
        await expect(page.locator("#status")).to_contain_text("Over: ")
        await expect(page.locator("#share")).to_be_disabled()
