"""People who stay in some rooms while one looks at them: on a stage, on a full one, and asking to come on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from roomserver.bots.bot import Bot, Venue
from roomserver.bots.event_api import EventApi
from roomserver.bots.figures import Figures
from roomserver.bots.party import speakers_on_screen
from roomserver.bots.speaker import Host
from tests.journeys.furnishing import House
from tests.support.live_server import LiveServer

ASKING = ("Wilhelmina Featherstonehaugh-Cholmondeley", "سارة أحمد", "田中 さくら", "Bo")

FULL = 23
SETTINGS = {"ROOMSERVER_VIEWER_CAPS": f"1:5000,2:3000,5:1500,{FULL}:1,50:1"}
"""With so many on screen there is room for one viewer: a waiting line needs no thousands."""


@asynccontextmanager
async def company(house: House) -> AsyncIterator[None]:
    """Rooms `{talk}` with three who send pictures, `{crowded}` with more than fit, `{full}` with a waiting line,
    `{queue}` with a queue, `{granting}` where whoever asks may come on screen, `{own}` with nobody.

    The server has `SETTINGS`."""
    server, ids = house.server, house.ids
    ids["talk"] = await server.session("Three on screen")
    ids["crowded"] = await server.session("A crowd on screen")
    ids["full"] = await server.session("No room for more")
    ids["granting"] = await server.session("Everybody may", share_policy="moderated")
    ids["queue"] = await server.session("Ask us anything", share_policy="moderated", youtube=True)
    ids["own"] = await server.session("On my own")
    await server.api("PATCH", "/api/event", {"moderator_password": "let me moderate"})
    async with AsyncExitStack() as stack:
        token = server.organizer_token
        await stack.enter_async_context(speakers_on_screen(server.url, token, ids["talk"], 3))
        await stack.enter_async_context(speakers_on_screen(server.url, token, ids["crowded"], 22, media=False))
        await stack.enter_async_context(speakers_on_screen(server.url, token, ids["full"], FULL, media=False))
        await stack.enter_async_context(_watching(server, ids["full"], ["Wanda First"]))
        for asker in await stack.enter_async_context(_watching(server, ids["queue"], ASKING)):
            await asker.client.request_open()
        await stack.enter_async_context(_granting(server, ids["granting"]))
        yield


@asynccontextmanager
async def _watching(server: LiveServer, session: str, names: Sequence[str]) -> AsyncIterator[list[Bot]]:
    async with EventApi(server.url, server.organizer_token) as api, AsyncExitStack() as leaving:
        venue = Venue(api, session, Figures())
        bots = [Bot(venue, person) for person in await api.register(names, lambda: None)]
        for bot in bots:
            leaving.push_async_callback(bot.leave)
            await bot.join()
            await bot.client.welcomed()
        yield bots


@asynccontextmanager
async def _granting(server: LiveServer, session: str) -> AsyncIterator[None]:
    async with EventApi(server.url, server.organizer_token) as api:
        host = Host(Venue(api, session, Figures()))
        await host.join()
        try:
            yield
        finally:
            await host.leave()
