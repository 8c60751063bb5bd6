"""Two hubs share rooms through one journal: what is promised of one holds of both together."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from capacity.table import ViewerCapTable
from signaling.client import CommandRefused, Disconnected, RoomClient
from signaling.journal.port import Journal
from signaling.journaled_room import JournaledRoom
from signaling.room.apply import apply
from signaling.room.events import Admitted, Entered, SeatTaken
from signaling.room.records import decode_entry
from signaling.room.state import Room, RoomSettings
from tests.support.hall import SESSION, Hall
from tests.support.hub_server import HubServer
from tests.support.journals import Storage, make_storage
from tests.support.redis_server import RedisServer
from tests.support.searching import SEARCHING
from tests.support.sessions import moderator, organizer

CAPS = ViewerCapTable.parse("1:6,2:4,3:4,50:3")
SETTINGS = RoomSettings("Talk", max_on_screen=3)


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.redis)])
async def storage(request: pytest.FixtureRequest, tmp_path: Path, redis_server: RedisServer) -> AsyncIterator[Storage]:
    made = make_storage(request.param, tmp_path, redis_server)
    yield made
    await made.close()


async def rehearse(storage: Storage) -> Room:
    """Apply the journal from its beginning, and check every admission and every seat when it was given."""
    room = Room(SESSION, CAPS, RoomSettings(title=""))
    loaded = await storage.node().load(SESSION)
    assert loaded.snapshot is None
    for entry in loaded.entries:
        for event in decode_entry(entry.payload)[1]:
            known = room.people.get(event.participant) if isinstance(event, Entered) else None
            apply(room, event)
            match event:
                case Entered(admitted=True) if known is None or known.away_since is not None:
                    assert room.viewers <= room.viewer_cap or event.participant in room.seats_of, entry.sequence
                case Admitted():
                    assert room.viewers <= room.viewer_cap, entry.sequence
                case SeatTaken():
                    assert room.seats_taken <= room.settings.max_on_screen, entry.sequence
                case _:
                    pass
    return room


def shows(server: HubServer, room: Room) -> bool:
    live = server.hub.live(SESSION)
    return live is not None and (live.seats_taken, live.viewers) == (room.seats_taken, room.viewers)


async def behave_at_random(server: HubServer, name: str, seed: int) -> None:
    """Join, try to share, stop, be lost and leave, as it comes."""
    pick = random.Random(seed)
    for _ in range(3):
        client = server.client(name, reconnect=False)
        with contextlib.suppress(CommandRefused, Disconnected, TimeoutError):
            async with client:
                await client.welcomed(pick.uniform(0.05, 0.4))
                with contextlib.suppress(CommandRefused):
                    seat = await client.share_start("camera")
                    await asyncio.sleep(pick.uniform(0, 0.1))
                    if pick.random() < 0.5:
                        await client.share_stop(seat)
                await asyncio.sleep(pick.uniform(0, 0.1))
                if pick.random() < 0.6:
                    await client.leave()


@pytest.mark.parametrize("seed", range(20 if SEARCHING else 2))
async def test_no_interleaving_admits_or_seats_one_too_many(storage: Storage, seed: int) -> None:
    one = HubServer(SETTINGS, caps=CAPS, journal=storage.node(), node="one")
    two = HubServer(SETTINGS, caps=CAPS, journal=storage.node(), node="two")
    async with one, two:
        async with asyncio.timeout(60):
            await asyncio.gather(
                *(behave_at_random((one, two)[number % 2], f"p{number}", 1000 * seed + number) for number in range(24))
            )
        room = await rehearse(storage)
        assert any(seat for seat in room.seats) or room.next_seat > 3, "nobody ever shared"
        for _ in range(500):
            room = await rehearse(storage)
            if shows(one, room) and shows(two, room):
                break
            await asyncio.sleep(0.02)
        else:
            pytest.fail("the hubs and their journal don't come to agree")


async def test_people_on_two_hubs_see_one_room(storage: Storage) -> None:
    one = HubServer(journal=storage.node(), node="one")
    two = HubServer(journal=storage.node(), node="two")
    async with one, two, one.client("zoe", moderator("zoe")) as zoe, two.client("ada") as ada:
        await zoe.welcomed()
        await ada.welcomed()
        await zoe.until(lambda client: client.room["viewers"] == 2)
        await ada.request_open()
        await zoe.until(lambda client: client.desk and "ada" in client.desk["requests"])
        seat = await zoe.request_approve("ada")
        await ada.until(lambda client: client.you.get("grant", {}).get("seat") == seat)
        await ada.share_start("camera")
        await zoe.until(lambda client: seat in client.room["seats"])
        removed: list[object] = []
        ada.on("notice", removed.append)
        await zoe.seat_remove(seat)
        await ada.until(lambda client: client.room["seats"] == {} and removed)
        assert zoe.replica.epoch != ada.replica.epoch


async def test_a_connection_on_one_hub_takes_over_from_one_on_the_other(storage: Storage) -> None:
    one = HubServer(journal=storage.node(), node="one")
    two = HubServer(journal=storage.node(), node="two")
    async with one, two, one.client("ada", organizer("ada")) as older:
        await older.welcomed()
        seat = await older.share_start("camera")
        async with two.client("ada", organizer("ada")) as newer:
            await newer.welcomed()
            assert newer.you["seats"] == [seat]
            await older.until(lambda client: client.ended)
            assert older.ended is not None
            assert older.ended.code == 4103


async def test_the_waiting_line_is_one_line(storage: Storage) -> None:
    caps = ViewerCapTable.parse("1:1,50:1")
    one = HubServer(SETTINGS, caps=caps, journal=storage.node(), node="one")
    two = HubServer(SETTINGS, caps=caps, journal=storage.node(), node="two")
    async with one, two, one.client("ada") as ada:
        await ada.welcomed()
        async with two.client("bob") as bob, one.client("eve") as eve:
            await bob.until(lambda client: client.waiting == {"type": "waiting", "position": 1, "viewers": 1, "cap": 1})
            await eve.until(lambda client: client.waiting and client.waiting["position"] == 2)
            await ada.leave()
            await bob.welcomed()
            await eve.until(lambda client: client.waiting and client.waiting["position"] == 1)
            assert not eve.room


async def test_a_resume_token_of_one_hub_is_good_on_the_other(storage: Storage) -> None:
    one = HubServer(journal=storage.node(), node="one")
    two = HubServer(journal=storage.node(), node="two")
    async with one, two:
        ada = one.client("ada", organizer("ada"))
        async with ada:
            await ada.welcomed()
            seat = await ada.share_start("camera")
        elsewhere = RoomClient(two.url, "unused")
        elsewhere.replica.resume = ada.replica.resume
        async with elsewhere:
            await elsewhere.welcomed()
            assert elsewhere.you["seats"] == [seat]
        again = RoomClient(one.url, "unused")
        again.replica.resume = ada.replica.resume
        with pytest.raises(Disconnected) as refused:
            async with again:
                pass
        assert refused.value.code == 4101


async def test_settings_changed_through_one_hub_reach_the_people_on_the_other() -> None:
    async with Hall() as hall, hall.another("node2") as other:
        ada = await hall.join("ada")
        await other.hub.change_settings(SESSION, RoomSettings("Edited elsewhere"))
        await hall.clock.advance(1.5)
        assert ada.documents["room"]["title"] == "Edited elsewhere"
        await other.hub.change_rights(SESSION, "ada", None)
        await hall.clock.advance(1)
        assert ada.closed_with == 4102
        bob = await hall.join("bob")
        hall.directory.sessions.clear()
        await other.hub.close_session(SESSION)
        await hall.clock.advance(1)
        assert bob.closed_with == 4104


async def test_a_hub_that_missed_more_than_the_journal_still_holds_reads_it_anew() -> None:
    async with Hall(RoomSettings("Talk")) as hall, hall.another("node2") as other:
        ada, bob = await hall.join("ada"), await other.join("bob")
        journal: Journal = hall.journal
        reads = 0
        real_read = journal.read

        async def compact_first(session: str, after: object) -> object:
            nonlocal reads
            reads += 1
            if reads == 1:
                room = JournaledRoom(session, journal, hall.caps, lambda *_: None)
                await room.load()
                await room.save_snapshot()
            return await real_read(session, after)  # type: ignore[arg-type]

        journal.read = compact_first  # type: ignore[assignment,method-assign]
        await hall.say(ada, "share.start", kind="camera")
        await hall.clock.advance(2)
        assert reads > 0
        assert bob.documents["room"]["seats"] == ada.documents["room"]["seats"]
        assert not bob.broken_chain
        assert bob.closed_with is None
