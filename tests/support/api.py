"""The HTTP API in this process, over a real catalog in a file, with a clock that is held still."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import httpx

from roomserver.auth import GuessGate
from roomserver.catalog.store import Catalog, sqlite_url
from roomserver.catalog.tokens import add_organizer, issue_token
from roomserver.files import open_files
from roomserver.health import Health
from roomserver.http.api import make_app
from roomserver.http.services import Services
from roomserver.metrics import Metrics
from roomserver.settings import Settings
from signaling.clock import Timer
from signaling.statements import LiveRoom
from signaling.tickets import Tickets

ORIGIN = "http://rooms.test"
START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class StillClock:
    """Time that moves only when a test says so."""

    def __init__(self) -> None:
        self.time = START.timestamp()

    def now(self) -> float:
        return self.time

    def call_at(self, when: float, callback: Callable[[], None]) -> Timer:
        raise AssertionError("the HTTP API sets no timers")


@dataclass
class NotedRooms:
    """Rooms that note what they are told; `running` holds the rooms that are said to run."""

    running: dict[str, LiveRoom] = field(default_factory=dict)
    told: list[tuple[str, ...]] = field(default_factory=list)

    def live(self, session: str) -> LiveRoom | None:
        return self.running.get(session)

    def all_live(self) -> Mapping[str, LiveRoom]:
        return self.running

    async def settings_changed(self, session: str) -> None:
        self.told.append(("settings", session))

    async def rights_changed(self, session: str, people: Collection[str]) -> None:
        self.told.append(("rights", session, *sorted(people)))

    async def person_changed(self, participant: str) -> None:
        self.told.append(("person", participant))

    def evaluation_changed(self) -> None:
        self.told.append(("evaluation",))

    async def deleted(self, session: str) -> None:
        self.told.append(("deleted", session))


class Caller:
    """Somebody who calls the API; every answer comes back as it is."""

    def __init__(self, client: httpx.AsyncClient, id: str = "", token: str = "") -> None:  # noqa: A002 - as the API calls it
        self.client = client
        self.id = id
        self.token = token

    async def call(self, method: str, path: str, json: Any = None, **more: Any) -> httpx.Response:
        headers = dict(more.pop("headers", {}))
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if json is not None:
            more["json"] = json
        return await self.client.request(method, path, headers=headers, **more)

    async def get(self, path: str, **more: Any) -> httpx.Response:
        return await self.call("GET", path, **more)

    async def post(self, path: str, json: Any = None, **more: Any) -> httpx.Response:
        return await self.call("POST", path, json, **more)

    async def put(self, path: str, json: Any, **more: Any) -> httpx.Response:
        return await self.call("PUT", path, json, **more)

    async def delete(self, path: str, **more: Any) -> httpx.Response:
        return await self.call("DELETE", path, **more)

    async def patch(self, path: str, json: Any, *, etag: str | None = None) -> httpx.Response:
        """With the ETag that is current, unless another one is given; "" sends none."""
        if etag is None:
            etag = (await self.get(path)).headers["etag"]
        return await self.call("PATCH", path, json, headers={"If-Match": etag} if etag else {})


class Api:
    """The API and those who call it."""

    def __init__(self, services: Services, client: httpx.AsyncClient, rooms: NotedRooms, clock: StillClock) -> None:
        self.services = services
        self.rooms = rooms
        self.clock = clock
        self.client = client
        self.stranger = Caller(client)
        self.organizer = Caller(client)

    async def new_organizer(self, name: str = "Olga Organizer") -> Caller:
        async with self.services.catalog.writing() as db:
            account = await add_organizer(db, name, self.services.now())
            token = await issue_token(db, "api", self.services.now(), organizer=account)
        return Caller(self.client, account, token)

    async def registrant(self, name: str = "Ada Lovelace", **fields: Any) -> Caller:
        made = await self.organizer.post("/api/registrants", {"name": name, **fields})
        assert made.status_code == 201, made.text
        signing = await self.organizer.post(f"/api/registrants/{made.json()['id']}/token")
        return Caller(self.client, made.json()["id"], signing.json()["token"])

    async def session(self, title: str = "Opening", **fields: Any) -> str:
        """The new session's path."""
        made = await self.organizer.post("/api/sessions", {"title": title, **fields})
        assert made.status_code == 201, made.text
        return f"/api/sessions/{made.json()['id']}"

    async def ticket_type(self, name: str) -> str:
        made = await self.organizer.post("/api/ticket-types", {"name": name})
        assert made.status_code == 201, made.text
        return str(made.json()["id"])

    def pass_time(self, **span: float) -> None:
        self.clock.time += timedelta(**span).total_seconds()


@cache
def _empty_catalog() -> bytes:
    """A catalog's file after the migrations, made once: running them for each test would take most of its time."""

    async def make(file: Path) -> None:
        catalog = Catalog(sqlite_url(file))
        await catalog.open()
        await catalog.close()

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "catalog.sqlite"
        with ThreadPoolExecutor(1) as pool:
            pool.submit(lambda: asyncio.run(make(file))).result()
        return file.read_bytes()


def fresh_catalog(folder: Path) -> str:
    """The address of a new SQLite catalog in `folder`."""
    file = folder / "catalog.sqlite"
    file.write_bytes(_empty_catalog())
    return sqlite_url(file)


@asynccontextmanager
async def running_api(folder: Path, database: str | None = None, **settings: Any) -> AsyncIterator[Api]:
    """The API over a fresh catalog: in `folder`, or the one at the address `database`."""
    clock = StillClock()
    rooms = NotedRooms()
    catalog = Catalog(database or fresh_catalog(folder))
    services = Services(
        settings=Settings(data=folder, **settings),
        catalog=catalog,
        files=open_files(None, folder / "files"),
        rooms=rooms,
        tickets=Tickets(b"s" * 32, clock),
        guesses=GuessGate(clock),
        health=Health({"database": catalog.ping}),
        metrics=Metrics(),
        clock=clock,
        recording_changed=lambda recording: rooms.told.append(("recording", recording)),
    )
    transport = httpx.ASGITransport(make_app(services), raise_app_exceptions=False)
    try:
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
            api = Api(services, client, rooms, clock)
            api.organizer = await api.new_organizer()
            yield api
    finally:
        await catalog.close()
