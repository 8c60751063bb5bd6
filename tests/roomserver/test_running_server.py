"""A real server with people in its rooms: changes reach them at once, and nothing is lost by a kill."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import httpx
import pytest
import pytest_asyncio
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin

from signaling.client import CommandRefused, Disconnected, RoomClient, join
from signaling.close_codes import CloseCode
from tests.support.live_server import LiveServer, Registrant
from tests.support.waiting import until

ENTERED = 10.0


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LiveServer]:
    """One for all: each test has sessions and people of its own."""
    live = LiveServer(tmp_path_factory.mktemp("running") / "data")
    await live.start()
    try:
        yield live
    finally:
        await live.stop()


pytestmark = pytest.mark.asyncio(loop_scope="module")


class Visits(AsyncExitStack):
    """Rooms that people are in until the test ends."""

    async def enter(
        self, server: LiveServer, session: str, person: Registrant | str, reconnect: bool = True
    ) -> RoomClient:
        token = person if isinstance(person, str) else person.token
        joined = await join(server.url, session, token)
        client = await self.enter_async_context(RoomClient(joined.url, joined.ticket, reconnect=reconnect))
        await client.welcomed(ENTERED)
        return client


@pytest_asyncio.fixture(loop_scope="module")
async def visits() -> AsyncIterator[Visits]:
    async with Visits() as stack:
        yield stack


async def ended_with(client: RoomClient) -> int | None:
    with pytest.raises(Disconnected) as ended:
        await client.until(lambda _: False)
    return ended.value.code


async def test_new_settings_are_there_at_once(server: LiveServer, visits: Visits) -> None:
    session = await server.session("Before")
    ada = await visits.enter(server, session, await server.registrant("Ada"))
    changes = {"title": "After", "max_on_screen": 3, "share_policy": "moderated"}
    await server.api("PATCH", f"/api/sessions/{session}", changes)
    await ada.until(lambda client: client.room.get("title") == "After")
    assert (ada.room["max_on_screen"], ada.room["share_policy"]) == (3, "moderated")
    await ada.until(lambda client: client.you.get("must_ask"))


async def test_a_deleted_session_sends_everybody_away(server: LiveServer, visits: Visits) -> None:
    session = await server.session("Short")
    ada = await visits.enter(server, session, await server.registrant("Ada"))
    await server.api("DELETE", f"/api/sessions/{session}")
    assert await ended_with(ada) == CloseCode.CLOSED


async def test_a_moderator_is_one_at_once_and_no_longer(server: LiveServer, visits: Visits) -> None:
    session = await server.session("Talk", share_policy="moderated")
    mona = await server.registrant("Mona")
    client = await visits.enter(server, session, mona)
    assert client.you["can_moderate"] is False
    await server.api("PUT", f"/api/sessions/{session}/moderators", {"registrants": [mona.id]})
    await client.until(lambda each: each.you.get("can_moderate") and each.desk is not None)
    await server.api("PUT", f"/api/sessions/{session}/moderators", {"registrants": []})
    await client.until(lambda each: each.you.get("can_moderate") is False)


async def test_the_password_makes_a_moderator_of_somebody_inside(server: LiveServer, visits: Visits) -> None:
    session = await server.session("Talk", share_policy="moderated", moderator_password="s3cret")
    mona = await server.registrant("Mona")
    client = await visits.enter(server, session, mona)
    await server.api("POST", f"/api/sessions/{session}/moderate", {"password": "s3cret"}, token=mona.token)
    await client.until(lambda each: each.you.get("role") == "moderator")


async def test_a_withdrawn_invitation_takes_the_right_to_share(server: LiveServer, visits: Visits) -> None:
    session = await server.session("Stage", kind="stage")
    ada = await server.registrant("Ada")
    client = await visits.enter(server, session, ada)
    with pytest.raises(CommandRefused, match="not_invited"):
        await client.share_start("camera")
    await server.api("PUT", f"/api/sessions/{session}/invitations", {"registrants": [ada.id]})
    await client.until(lambda each: each.you.get("can_share"))
    seat = await client.share_start("camera")
    await client.share_stop(seat)
    await server.api("PUT", f"/api/sessions/{session}/invitations", {"registrants": []})
    await client.until(lambda each: each.you.get("can_share") is False)
    with pytest.raises(CommandRefused, match="not_invited"):
        await client.share_start("camera")


async def test_losing_the_right_to_watch_ends_the_connection(server: LiveServer, visits: Visits) -> None:
    ticket = (await server.api("POST", "/api/ticket-types", {"name": "Gold for this"}))["id"]
    ada = await server.registrant("Ada", ticket_type=ticket)
    ben = await server.registrant("Ben", ticket_type=ticket)
    eve = await server.registrant("Eve", ticket_type=ticket)
    session = await server.session("Gold", watch_policy="tickets", ticket_types=[ticket])
    clients = [await visits.enter(server, session, each) for each in (ada, ben, eve)]

    await server.api("PATCH", f"/api/registrants/{ada.id}", {"ticket_type": None})
    assert await ended_with(clients[0]) == CloseCode.NOT_ALLOWED
    await server.api("DELETE", f"/api/registrants/{ben.id}")
    assert await ended_with(clients[1]) == CloseCode.NOT_ALLOWED
    assert clients[2].connected
    await server.api("PATCH", f"/api/sessions/{session}", {"watch_policy": "private"})
    assert await ended_with(clients[2]) == CloseCode.NOT_ALLOWED


async def test_a_withdrawn_invitation_to_a_private_session_ends_the_connection(
    server: LiveServer, visits: Visits
) -> None:
    session = await server.session("Private", watch_policy="private")
    ada = await server.registrant("Ada")
    await server.api("PUT", f"/api/sessions/{session}/invitations", {"registrants": [ada.id]})
    client = await visits.enter(server, session, ada)
    await server.api("PUT", f"/api/sessions/{session}/invitations", {"registrants": []})
    assert await ended_with(client) == CloseCode.NOT_ALLOWED


async def test_a_ticket_from_before_the_invitation_was_withdrawn_opens_nothing(server: LiveServer) -> None:
    session = await server.session("Private", watch_policy="private")
    ada = await server.registrant("Ada")
    await server.api("PUT", f"/api/sessions/{session}/invitations", {"registrants": [ada.id]})
    joined = await join(server.url, session, ada.token)
    await server.api("PUT", f"/api/sessions/{session}/invitations", {"registrants": []})
    with pytest.raises(Disconnected) as refused:
        await RoomClient(joined.url, joined.ticket).__aenter__()
    assert refused.value.code == CloseCode.NOT_ALLOWED


async def test_live_numbers_are_those_of_the_room(server: LiveServer, visits: Visits) -> None:
    session = await server.session("Numbers", share_policy="moderated")
    olga = await visits.enter(server, session, server.organizer_token)
    ada = await visits.enter(server, session, await server.registrant("Ada"))
    await olga.share_start("camera")
    await ada.request_open()
    numbers = await server.api("GET", f"/api/sessions/{session}/room")
    assert numbers == {
        "running": True,
        "seats": 1,
        "seats_taken": 1,
        "max_on_screen": 50,
        "viewers": 1,
        "cap": 5000,
        "viewer_cap": 5000,
        "waiting": 0,
        "requests": 1,
        "recording": "off",
    }
    assert (await server.api("GET", f"/api/sessions/{session}"))["live"] == {"seats_taken": 1, "viewers": 1}


async def test_metrics_count_rooms_and_media(server: LiveServer, visits: Visits) -> None:
    session = await server.session("Counted")
    await visits.enter(server, session, await server.registrant("Ada"))
    async with httpx.AsyncClient() as http:
        text = (await http.get(f"{server.url}/metrics")).text
    assert "roomserver_hub_connections 1.0" in text
    assert "roomserver_hub_messages_in_total" in text
    assert "roomserver_media_workers 1.0" in text


async def test_a_page_of_another_site_cannot_open_a_room(server: LiveServer) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await connect(f"ws://127.0.0.1:{server.port}/ws", origin=Origin("https://evil.example"))
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize(("number", "status"), [(0, 413), (1, 400)])
async def test_raw_nonsense_does_not_reach_the_program(server: LiveServer, number: int, status: int) -> None:
    headers = {"Authorization": f"Bearer {server.organizer_token}", "Content-Type": "application/json"}
    body = b" " * 2_000_000 if number == 0 else b"[" * 200_000
    async with httpx.AsyncClient() as http:
        answer = await http.post(f"{server.url}/api/sessions", content=body, headers=headers)
        assert answer.status_code == status
        assert (await http.get(f"{server.url}/healthz")).status_code == 200


async def test_a_killed_server_has_its_rooms_back(
    server: LiveServer, visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Coming back is what is tested, not how a crowd spreads out while a server is away for long.
    monkeypatch.setattr("signaling.client.LONGEST_DELAY", 1.0)
    session = await server.session("Survives", share_policy="moderated")
    olga = await visits.enter(server, session, server.organizer_token)
    ada = await visits.enter(server, session, await server.registrant("Ada"))
    ben = await visits.enter(server, session, await server.registrant("Ben"))
    seat = await olga.share_start("camera", video=False)
    assert [await ada.request_open(), await ben.request_open()] == [1, 2]
    arrived = olga.room["seats"][seat]["since"]
    back: set[RoomClient] = set()
    for client in (olga, ada, ben):
        client.on("welcome", lambda _, client=client: back.add(client))  # type: ignore[misc]

    server.kill()
    await server.start()

    await until(lambda: len(back) == 3, "all three are back")
    assert olga.room["seats"][seat]["since"] == arrived
    assert [ada.you["request"]["position"], ben.you["request"]["position"]] == [1, 2]
    assert olga.desk is not None
    names = [each["name"] for each in sorted(olga.desk["requests"].values(), key=lambda each: each["since"])]
    assert names == ["Ada", "Ben"]
    granted = await olga.request_approve(ada.you["participant"])
    await ada.until(lambda client: client.you.get("grant", {}).get("seat") == granted)


async def test_a_stopped_server_sends_people_away_to_come_back(server: LiveServer, visits: Visits) -> None:
    session = await server.session("Pauses")
    ada = await visits.enter(server, session, await server.registrant("Ada"), reconnect=False)
    await server.stop()
    assert await ended_with(ada) == CloseCode.GOING_AWAY
    assert server.process is not None
    assert server.process.returncode == 0
    assert "Traceback" not in server.log.read_text()
    await server.start()
    assert (await server.api("GET", f"/api/sessions/{session}"))["title"] == "Pauses"
