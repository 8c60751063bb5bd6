"""What everybody is told: patches in one unbroken chain, folded, counters held back, documents equal to the room."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signaling.limits import Limits
from signaling.room.state import GRANT_SECONDS, RECONNECT_SECONDS, RoomSettings, SharePolicy
from signaling.wire.codec import Subprotocol
from tests.support.hall import Hall
from tests.support.memory_peer import MemoryPeer
from tests.support.scripted_media import ScriptedMedia
from tests.support.sessions import moderator, organizer


def room_updates(peer: MemoryPeer) -> list[dict[str, object]]:
    return [update for update in peer.of("update") if update["doc"] == "room"]


async def test_the_first_change_is_told_at_once_and_a_storm_is_folded() -> None:
    async with Hall(RoomSettings("Talk")) as hall:
        zoe, ada = await hall.join("zoe"), await hall.join("ada")
        await hall.say(zoe, "share.start", kind="camera")
        before = len(room_updates(ada))
        zoe.say("share.set", seat="s1", audio=False)
        await hall.clock.advance(0)
        assert len(room_updates(ada)) == before + 1
        for number in range(40):
            zoe.say("share.set", seat="s1", audio=bool(number % 2), video=True)
            await hall.clock.advance(0.01)
        await hall.clock.advance(0.1)
        assert 5 <= len(room_updates(ada)) - before <= 12
        assert ada.documents["room"]["seats"]["s1"]["audio"] is True
        assert not ada.broken_chain


async def test_counters_change_at_most_once_a_second() -> None:
    async with Hall() as hall:
        ada = await hall.join("ada")
        before = len(room_updates(ada))
        for number in range(40):
            hall.hello(f"viewer{number}")
            await hall.clock.advance(0.1)
        assert 4 <= len(room_updates(ada)) - before <= 6
        await hall.clock.advance(1)
        assert ada.documents["room"]["viewers"] == 41


async def test_a_change_on_screen_does_not_wait_for_the_counters() -> None:
    async with Hall() as hall:
        zoe, ada = await hall.join("zoe", organizer("zoe")), await hall.join("ada")
        hall.hello("bob")
        await hall.clock.advance(0.1)
        hall.hello("eve")
        hall.hello("joe")
        zoe.say("share.start", kind="camera")
        await hall.clock.advance(0.1)
        assert "s1" in ada.documents["room"]["seats"]
        assert ada.documents["room"]["viewers"] == 3
        await hall.clock.advance(1)
        assert ada.documents["room"]["viewers"] == 4


async def test_places_in_the_queue_are_told_at_most_once_a_second() -> None:
    async with Hall() as hall:
        askers = [await hall.join(f"asker{number}") for number in range(12)]
        for asker in askers:
            await hall.say(asker, "request.open")
        last = askers[-1]
        assert last.documents["you"]["request"]["position"] == 12
        before = len(last.of("update"))
        for asker in askers[:11]:
            asker.say("request.withdraw")
            await hall.clock.advance(0.2)
        await hall.clock.advance(1)
        assert last.documents["you"]["request"]["position"] == 1
        assert len(last.of("update")) - before <= 4


async def test_a_welcome_starts_at_a_joint_of_the_chain() -> None:
    async with Hall(RoomSettings("Talk")) as hall:
        zoe = await hall.join("zoe")
        await hall.say(zoe, "share.start", kind="camera")
        for number in range(30):
            zoe.say("share.set", seat="s1", audio=bool(number % 2), video=True)
            late = hall.hello(f"late{number}")
            await hall.clock.advance(0.013)
            zoe.say("sync")
        await hall.clock.advance(1.5)
        assert not late.broken_chain
        assert not zoe.broken_chain
        assert late.documents["room"] == zoe.documents["room"]


async def test_sync_gets_a_fresh_welcome() -> None:
    async with Hall() as hall:
        ada = await hall.join("ada")
        assert (await hall.say(ada, "sync"))["ok"]
        assert len(ada.of("welcome")) == 2


async def test_notices_reach_those_whom_they_concern() -> None:
    async with Hall() as hall:
        zoe, ada, bob = await hall.join("zoe", moderator("zoe")), await hall.join("ada"), await hall.join("bob")
        for peer in (ada, bob):
            await hall.say(peer, "request.open")
        await hall.say(zoe, "request.decline", participant="bob")
        assert [notice["code"] for notice in bob.of("notice")] == ["request_declined"]
        reply = await hall.say(zoe, "request.approve", participant="ada")
        seat = reply["result"]["seat"]
        assert ada.documents["you"]["grant"]["seat"] == seat
        assert zoe.documents["desk"]["grants"]["ada"]["seat"] == seat
        await hall.clock.advance(60)
        assert "grant" not in ada.documents["you"]
        assert [notice["code"] for notice in ada.of("notice")] == ["grant_expired"]
        assert [notice["code"] for notice in zoe.of("notice")] == ["grant_expired"]
        await hall.say(ada, "request.open")
        await hall.say(zoe, "request.approve", participant="ada")
        seat = (await hall.say(ada, "share.start", kind="camera"))["result"]["seat"]
        await hall.say(zoe, "seat.mute", seat=seat)
        await hall.say(zoe, "seat.remove", seat=seat)
        assert [notice["code"] for notice in ada.of("notice")][1:] == ["muted", "removed"]
        assert ada.of("notice")[-1]["details"] == {"seat": seat}
        await hall.say(bob, "request.open")
        await hall.hub.change_settings("ses_1", RoomSettings("Talk", share_policy=SharePolicy.ANYONE))
        await hall.clock.advance(1)
        assert bob.of("notice")[-1]["code"] == "may_share_now"


async def test_who_is_speaking_is_told_once_a_second_and_to_newcomers() -> None:
    async with Hall(RoomSettings("Talk"), media=ScriptedMedia()) as hall:
        ada = await hall.join("ada")
        for number in range(30):
            hall.hub.media_speaking("ses_1", [f"s{number}"])
            await hall.clock.advance(0.1)
        assert len(ada.of("media.speaking")) == 3
        await hall.clock.advance(1)
        assert ada.of("media.speaking")[-1] == {"type": "media.speaking", "seats": ["s29"]}
        bob = await hall.join("bob")
        assert bob.of("media.speaking") == [{"type": "media.speaking", "seats": ["s29"]}]


# --- under random churn ---

SMALL = Limits(write_buffer_bytes=500)
"""So that a reader who stalls is behind after an update or two."""

NAMES = [f"person{number}" for number in range(8)]


async def churn(hall: Hall, steps: int, pick: random.Random) -> dict[str, MemoryPeer]:
    """People come, go, ask, share, sync and stop reading for a while at random; returns who is connected."""
    here: dict[str, MemoryPeer] = {}
    everybody: list[MemoryPeer] = []
    for _ in range(steps):
        name = pick.choice(NAMES)
        peer = here.get(name)
        if peer is None or peer.closed_with is not None:
            rights = moderator(name) if name.endswith("0") else None
            here[name] = hall.hello(name, rights, pick.choice(list(Subprotocol)))
            everybody.append(here[name])
        else:
            seats = list(peer.documents.get("room", {}).get("seats", {})) or ["s1"]
            match pick.randrange(10):
                case 0:
                    peer.hang_up()
                    if pick.random() < 0.5 and peer.resume:
                        here[name] = await hall.resume(peer)
                        everybody.append(here[name])
                    else:
                        del here[name]
                case 1:
                    peer.say("leave")
                    del here[name]
                case 2 | 3:
                    peer.say("share.start", kind=pick.choice(["camera", "screen"]), video=pick.random() < 0.7)
                case 4:
                    peer.say("share.set", seat=pick.choice(seats), audio=pick.random() < 0.5)
                case 5:
                    peer.say(pick.choice(["seat.mute", "seat.remove", "share.stop"]), seat=pick.choice(seats))
                case 6:
                    peer.say("request.open")
                case 7:
                    peer.say(pick.choice(["request.approve", "request.decline"]), participant=pick.choice(NAMES))
                case 8:
                    peer.say("sync")
                case 9 if peer.transport.stalled:
                    peer.transport.flow()
                case 9:
                    peer.transport.stalled = True
        await hall.clock.advance(pick.choice([0, 0, 0.003, 0.02, 0.3, 2.0]))
    for peer in here.values():
        if peer.transport.stalled and not peer.transport.closed:
            peer.transport.flow()
    await hall.clock.advance(3)
    assert not any(peer.broken_chain for peer in everybody)
    return here


@given(seed=st.integers(0, 2**32))
@settings(max_examples=30)
async def test_documents_kept_by_patches_equal_documents_made_anew(seed: int) -> None:
    async with Hall(RoomSettings("Talk", share_policy=SharePolicy.MODERATED, max_on_screen=4), limits=SMALL) as hall:
        here = await churn(hall, 120, random.Random(seed))
        await hall.clock.advance(GRANT_SECONDS + RECONNECT_SECONDS)  # nothing becomes due while they are compared
        kept = {name: dict(peer.documents) for name, peer in here.items()}
        for peer in here.values():
            if not peer.transport.closed:
                peer.say("sync")
        await hall.clock.advance(1)
        for name, peer in here.items():
            if peer.closed_with is None:
                assert kept[name] == peer.documents, name
                if "desk" in peer.documents:
                    shown = [request["since"] for request in peer.documents["desk"]["requests"].values()]
                    assert shown == sorted(shown)


@pytest.mark.parametrize("subprotocol", list(Subprotocol))
async def test_every_command_gets_exactly_one_reply(subprotocol: Subprotocol) -> None:
    async with Hall(RoomSettings("Talk")) as hall:
        ada = await hall.join("ada", subprotocol=subprotocol)
        ids = [ada.say("share.start", kind="camera") for _ in range(20)]
        await hall.clock.advance(1)
        assert [ada.reply(each)["ok"] for each in ids] == [True] + [False] * 19
