"""People who stay in some rooms while one looks at them: on a stage, on a full one, and asking to come on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from roomserver.bots.bot import Bot, Venue
from roomserver.bots.event_api import EventApi
from roomserver.bots.figures import Figures
from roomserver.bots.party import speakers_on_screen
from tests.journeys.furnishing import House
from tests.support.live_server import LiveServer

ASKING = ("Wilhelmina Featherstonehaugh-Cholmondeley", "سارة أحمد", "田中 さくら", "Bo")


@asynccontextmanager
async def company(house: House) -> AsyncIterator[None]:
    """Rooms `{talk}` with three who send pictures, `{crowded}` with more than fit, `{queue}` with a queue, `{own}`."""
    server, ids = house.server, house.ids
    ids["talk"] = await server.session("Three on screen")
    ids["crowded"] = await server.session("A crowd on screen")
    ids["queue"] = await server.session("Ask us anything", share_policy="moderated", youtube=True)
    ids["own"] = await server.session("On my own")
    await server.api("PATCH", "/api/event", {"moderator_password": "let me moderate"})
    async with AsyncExitStack() as stack:
        token = server.organizer_token
        await stack.enter_async_context(speakers_on_screen(server.url, token, ids["talk"], 3))
        await stack.enter_async_context(speakers_on_screen(server.url, token, ids["crowded"], 22, media=False))
        await stack.enter_async_context(_asking(server, ids["queue"]))
        yield


@asynccontextmanager
async def _asking(server: LiveServer, session: str) -> AsyncIterator[None]:
    async with EventApi(server.url, server.organizer_token) as api, AsyncExitStack() as leaving:
        venue = Venue(api, session, Figures())
        for person in await api.register(ASKING, lambda: None):
            bot = Bot(venue, person)
            leaving.push_async_callback(bot.leave)
            await bot.join()
            await bot.client.welcomed()
            await bot.client.request_open()
        yield
