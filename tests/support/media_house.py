"""The media plane without a hub, for tests in which real browsers publish and watch."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import Route

from signaling.media.plane import MediaSettings, WorkerPlane
from signaling.media.port import BadOffer
from tests.support.media_listener import RecordingListener
from tests.support.waiting import until

PAGE = Path(__file__).with_name("media_page.html")


class MediaHouse:
    """A running plane behind a page at `url`."""

    def __init__(self, plane: WorkerPlane, listener: RecordingListener) -> None:
        self.plane = plane
        self.listener = listener
        self.lead_publishers: Callable[[str], str] = str
        """Applied to answers: a test can lead media over a relay of its own."""
        self.lead_watchers: Callable[[str], str] = str
        self.url = ""

    @property
    def metrics(self) -> Mapping[str, float]:
        return self.plane.metrics()[0]

    async def publish(self, request: Request) -> JSONResponse:
        body = json.loads(await request.body())
        asked = self.plane.publish(body["session"], body["seat"], body["sdp"])
        return await self._answer(asked, self.lead_publishers)

    async def watch(self, request: Request) -> JSONResponse:
        body = json.loads(await request.body())
        asked = self.plane.watch(body["session"], body["watcher"], body["participant"], body["sdp"])
        return await self._answer(asked, self.lead_watchers)

    async def _answer(self, asked: Awaitable[str], lead: Callable[[str], str]) -> JSONResponse:
        try:
            return JSONResponse({"sdp": lead(await asked)})
        except BadOffer as error:
            return JSONResponse({"error": str(error)}, status_code=422)


@asynccontextmanager
async def media_house(settings: MediaSettings | None = None) -> AsyncIterator[MediaHouse]:
    """Start a plane with one worker, and a page that publishes to and watches from it."""
    listener = RecordingListener()
    plane = WorkerPlane(settings or MediaSettings())
    await plane.start(listener)
    house = MediaHouse(plane, listener)
    application = Starlette(
        routes=[
            Route("/", lambda request: HTMLResponse(PAGE.read_text())),
            Route("/publish", house.publish, methods=["POST"]),
            Route("/watch", house.watch, methods=["POST"]),
        ]
    )
    with socket.create_server(("127.0.0.1", 0)) as bound:
        house.url = f"http://127.0.0.1:{bound.getsockname()[1]}/"
        server = uvicorn.Server(uvicorn.Config(application, log_level="warning", lifespan="off", ws="none"))
        serving = asyncio.create_task(server.serve(sockets=[bound]))
        try:
            await until(lambda: server.started, "HTTP server started")
            yield house
        finally:
            server.should_exit = True
            await serving
            await plane.close()
