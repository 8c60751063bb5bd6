"""What organizers change reaches people in rooms of a real server, and those on their way there; and an import that
a power failure ends leaves everything as it was."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from signaling.client import Disconnected, RoomClient, join
from signaling.close_codes import CloseCode
from tests.support.live_server import LiveServer, Registrant
from tests.support.spreadsheets import read, written
from tests.support.waiting import until


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[LiveServer]:
    live = LiveServer(tmp_path / "data")
    await live.start()
    try:
        yield live
    finally:
        await live.stop()


def organizer(server: LiveServer) -> httpx.AsyncClient:
    headers = {"Authorization": f"Bearer {server.organizer_token}", "Content-Type": "text/csv"}
    return httpx.AsyncClient(base_url=server.url, headers=headers, timeout=120)


async def entered(server: LiveServer, session: str, person: Registrant) -> RoomClient:
    joined = await join(server.url, session, person.token)
    return RoomClient(joined.url, joined.ticket)


async def ended_with(client: RoomClient) -> int | None:
    with pytest.raises(Disconnected) as ended:
        await client.until(lambda _: False)
    return ended.value.code


async def test_a_withdrawn_invitation_ends_the_seat_at_once(server: LiveServer) -> None:
    session = await server.session("Stage", kind="stage")
    ada, ben = await server.registrant("Ada"), await server.registrant("Ben")
    await server.api("PUT", f"/api/sessions/{session}/invitations", {"registrants": [ada.id]})
    async with await entered(server, session, ada) as speaker, await entered(server, session, ben) as viewer:
        await speaker.share_start("camera")
        await viewer.until(lambda each: len(each.room["seats"]) == 1)
        await server.api("PUT", f"/api/sessions/{session}/invitations", {"registrants": []})
        await viewer.until(lambda each: not each.room["seats"])
        await speaker.until(lambda each: each.you.get("can_share") is False)


async def test_who_lost_the_right_to_watch_on_the_way_is_not_let_in(server: LiveServer) -> None:
    gold = (await server.api("POST", "/api/ticket-types", {"name": "Gold"}))["id"]
    session = await server.session("Gold", watch_policy="tickets", ticket_types=[gold])
    ada, ben, eve = [await server.registrant(name, ticket_type=gold) for name in ("Ada", "Ben", "Eve")]
    coming = [await entered(server, session, each) for each in (ada, ben, eve)]
    await server.api("PATCH", f"/api/registrants/{ada.id}", {"ticket_type": None})
    await server.api("DELETE", f"/api/registrants/{ben.id}")
    for client in coming[:2]:
        with pytest.raises(Disconnected) as ended:
            async with client:
                pass
        assert ended.value.code == CloseCode.NOT_ALLOWED
    async with coming[2] as inside:
        assert inside.connected


async def test_an_import_reaches_running_rooms(server: LiveServer) -> None:
    gold = (await server.api("POST", "/api/ticket-types", {"name": "Gold"}))["id"]
    session = await server.session("Gold", watch_policy="tickets", ticket_types=[gold])
    ada, ben = [await server.registrant(name, ticket_type=gold) for name in ("Ada", "Ben")]
    async with (
        organizer(server) as http,
        await entered(server, session, ada) as first,
        await entered(server, session, ben) as second,
    ):
        rows = read((await http.get("/api/sessions/export?format=csv")).content, "csv")
        rows[0].update(title="Gold and more", max_on_screen="3")
        answer = await http.post("/api/sessions/import?dry_run=false", content=written(rows))
        assert answer.json()["applied"] is True
        await first.until(lambda each: each.room.get("title") == "Gold and more")
        assert first.room["max_on_screen"] == 3

        rows = read((await http.get("/api/registrants/export?format=csv")).content, "csv")
        next(row for row in rows if row["id"] == ada.id)["ticket_type"] = ""
        answer = await http.post("/api/registrants/import?dry_run=false", content=written(rows))
        assert answer.json()["applied"] is True
        assert await ended_with(first) == CloseCode.NOT_ALLOWED
        assert second.connected


async def test_a_power_failure_in_the_middle_of_an_import_leaves_the_catalog_as_it_was(server: LiveServer) -> None:
    await server.session("Opening", tags=["kept"])
    async with organizer(server) as http:
        before = (await http.get("/api/sessions/export?format=csv")).content
        rows = read(before, "csv")
        rows[0]["title"] = "Overwritten"
        rows += [{"title": f"Session {number}", "presenters": f"Presenter {number}"} for number in range(9_999)]
        path = "/api/sessions/import?dry_run=false&import_id=big"
        sending = asyncio.create_task(http.post(path, content=written(rows)))
        writing = asyncio.create_task(_half_written(http))
        await until(writing.done, "the import is half way through its writing", seconds=60)
        await writing
        assert not sending.done()
        server.kill()
        with pytest.raises(httpx.TransportError):
            await sending
    await server.start()
    async with organizer(server) as http:
        assert (await http.get("/api/sessions/export?format=csv")).content == before
        assert (await http.get("/api/presenters")).json()["items"] == []
        assert (await http.get("/api/audit?kind=presenter")).json()["items"] == []
        again = await http.post("/api/sessions/import?dry_run=false", content=written(rows[:20]))
        assert again.json()["applied"] is True


async def _half_written(http: httpx.AsyncClient) -> None:
    while True:
        answer = await http.get("/api/imports/big")
        if answer.status_code == 200:
            progress = answer.json()
            assert progress["stage"] not in ("telling", "done", "failed"), "it was over before it could be ended"
            if progress["stage"] == "writing" and progress["done"] >= 2_000:
                return
