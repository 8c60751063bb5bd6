"""A hub behind a real uvicorn on a loopback port, in the test's own event loop."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from capacity.table import DEFAULT_TABLE, ViewerCapTable
from signaling.client import RoomClient
from signaling.clock import SystemClock
from signaling.directory import Rights
from signaling.hub import Hub
from signaling.journal.memory import MemoryJournal
from signaling.journal.port import Journal
from signaling.limits import Limits
from signaling.media.port import MediaPlane
from signaling.room.state import RoomSettings, SharePolicy
from signaling.tickets import Tickets
from tests.support.sessions import SECRET, FixedDirectory, attendee
from tests.support.waiting import until

SESSION = "ses_1"


async def _echo(request: Request) -> Response:
    return PlainTextResponse(await request.body())


class HubServer:
    """Between `async with`, `url` is the WebSocket's address; HTTP on the same port echoes POST /echo."""

    def __init__(
        self,
        settings: RoomSettings | None = None,
        *,
        caps: ViewerCapTable = DEFAULT_TABLE,
        journal: Journal | None = None,
        media: MediaPlane | None = None,
        limits: Limits | None = None,
        node: str = "node1",
        http: str = "httptools",
        port: int = 0,
    ) -> None:
        self.clock = SystemClock()
        self.tickets = Tickets(SECRET, self.clock)
        self.directory = FixedDirectory(
            **{SESSION: settings or RoomSettings("Talk", share_policy=SharePolicy.MODERATED)}
        )
        self.hub = Hub(
            journal=journal or MemoryJournal(),
            media=media,
            directory=self.directory,
            tickets=self.tickets,
            clock=self.clock,
            node=node,
            caps=caps,
            limits=limits,
        )
        app = Starlette(routes=[Route("/echo", _echo, methods=["POST"])])
        self._server = uvicorn.Server(
            uvicorn.Config(
                app,
                ws=self.hub.protocol_factory,
                http=http,
                lifespan="off",
                log_config=None,
                timeout_graceful_shutdown=3,
            )
        )
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._wanted_port = port
        self._serving: asyncio.Task[None] | None = None

    @property
    def port(self) -> int:
        return int(self._socket.getsockname()[1])

    @property
    def http_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/ws"

    async def __aenter__(self) -> HubServer:
        self._socket.bind(("127.0.0.1", self._wanted_port))
        self._socket.listen(1024)
        await self.hub.start()
        # `serve` would take over the test runner's signal handlers.
        self._serving = asyncio.create_task(self._server._serve(sockets=[self._socket]))
        await until(lambda: self._server.started, "uvicorn listens")
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def stop(self) -> None:
        """As the program does it: uvicorn first, then the hub."""
        if self._serving is None:
            return
        serving, self._serving = self._serving, None
        self._server.should_exit = True
        await serving
        await self.hub.close()

    def ticket(self, participant: str, rights: Rights | None = None) -> str:
        return self.tickets.issue_ticket(SESSION, participant, rights or attendee(participant))

    def client(self, participant: str, rights: Rights | None = None, **options: Any) -> RoomClient:
        return RoomClient(self.url, self.ticket(participant, rights), **options)
