"""Media as the hub sees it: statements, offers, and what a client may ask for."""

from __future__ import annotations

from typing import Any

import pytest

from capacity.table import ViewerCapTable
from signaling.limits import Limits
from signaling.media.port import SendAdvice, StageSeat
from signaling.room.state import RoomSettings, SharePolicy
from tests.support.hall import SESSION, Hall
from tests.support.memory_peer import MemoryPeer
from tests.support.scripted_media import ScriptedMedia
from tests.support.sessions import moderator, organizer

OPEN = RoomSettings("Talk")


async def on_screen(hall: Hall, name: str) -> MemoryPeer:
    peer = await hall.join(name)
    assert (await hall.say(peer, "share.start", kind="camera"))["ok"]
    return peer


async def test_the_media_plane_hears_who_is_on_screen_with_what() -> None:
    media = ScriptedMedia()
    async with Hall(media=media) as hall:
        zoe, ada = await hall.join("zoe", moderator("zoe")), await hall.join("ada", organizer("ada"))
        await hall.say(ada, "share.start", kind="camera")
        assert media.stages[SESSION] == [StageSeat("s1", "camera", "ada", 0, audio=True, video=True)]
        await hall.say(ada, "share.start", kind="screen", audio=False)
        await hall.say(zoe, "seat.mute", seat="s1")
        assert media.stages[SESSION] == [
            StageSeat("s1", "camera", "ada", 0, audio=False, video=True),
            StageSeat("s2", "screen", "ada", 1, audio=False, video=True),
        ]
        await hall.say(zoe, "seat.remove", seat="s1")
        assert media.stages[SESSION] == []


async def test_a_removal_reaches_the_media_plane_with_its_own_entry_at_once() -> None:
    media = ScriptedMedia()
    async with Hall(media=media) as hall:
        zoe, ada = await hall.join("zoe", moderator("zoe")), await hall.join("ada", organizer("ada"))
        await hall.say(ada, "share.start", kind="camera")
        zoe.say("seat.remove", seat="s1")
        await hall.clock.advance(0)
        assert media.stages[SESSION] == []


async def test_whoever_is_away_for_seconds_keeps_their_media_and_then_loses_it() -> None:
    media = ScriptedMedia()
    async with Hall(OPEN, media=media) as hall:
        ada = await on_screen(hall, "ada")
        ada.hang_up()
        await hall.clock.advance(10)
        assert len(media.stages[SESSION]) == 1
        await hall.clock.advance(6)
        assert media.stages[SESSION] == []


async def test_the_welcome_tells_ice_servers_and_how_many_slots_to_offer_for() -> None:
    async with Hall(OPEN, media=ScriptedMedia()) as hall:
        ada = await hall.join("ada")
        assert ada.of("welcome")[0]["ice_servers"] == [{"urls": ["stun:stun.example:3478"]}]
        assert ada.of("media.slots") == [{"type": "media.slots", "audio": 3, "video": 4}]


async def test_more_slots_are_told_when_more_are_on_screen_and_never_fewer() -> None:
    async with Hall(OPEN, media=ScriptedMedia()) as hall:
        ada = await hall.join("ada")
        speakers = [await on_screen(hall, f"speaker{number}") for number in range(10)]
        assert [message["video"] for message in ada.of("media.slots")] == [4, 9, 16]
        for speaker in speakers[1:]:
            await hall.say(speaker, "leave")
        assert [message["video"] for message in ada.of("media.slots")] == [4, 9, 16]
        assert (await hall.join("late")).of("media.slots")[-1]["video"] == 4


async def test_an_own_seat_is_published_and_another_is_not() -> None:
    media = ScriptedMedia()
    async with Hall(OPEN, media=media) as hall:
        ada, bob = await on_screen(hall, "ada"), await hall.join("bob")
        assert (await hall.say(ada, "media.publish", seat="s1", sdp="v=0"))["result"] == {"sdp": "answer to v=0"}
        assert media.published == [(SESSION, "s1", "v=0")]
        assert (await hall.say(bob, "media.publish", seat="s1", sdp="v=0"))["error"]["code"] == "forbidden"
        assert (await hall.say(ada, "media.publish", seat="s9", sdp="v=0"))["error"]["code"] == "no_such_seat"
        assert len(media.published) == 1


async def test_a_shared_video_has_no_media_to_publish() -> None:
    async with Hall(RoomSettings("Talk", youtube=True), media=ScriptedMedia()) as hall:
        ada = await on_screen(hall, "ada")
        reply = await hall.say(ada, "youtube.share", url="https://youtu.be/dQw4w9WgXcQ")
        seat = reply["result"]["seat"]
        assert (await hall.say(ada, "media.publish", seat=seat, sdp="v=0"))["error"]["code"] == "forbidden"


async def test_watching_is_for_those_who_are_in() -> None:
    media = ScriptedMedia()
    async with Hall(OPEN, media=media, caps=ViewerCapTable.parse("1:1,50:1")) as hall:
        ada, bob = await hall.join("ada"), await hall.join("bob")
        assert (await hall.say(ada, "media.watch", sdp="v=0"))["result"] == {"sdp": "answer to v=0"}
        assert (await hall.say(bob, "media.watch", sdp="v=0"))["error"]["code"] == "not_admitted"
        assert media.watched == [(SESSION, ada.connection.id, "ada", "v=0")]
        ada.hang_up()
        await hall.clock.advance(0.1)
        assert (SESSION, ada.connection.id) in media.unwatched


@pytest.mark.parametrize(("sdp", "code"), [("bad", "bad_message"), ("down", "unavailable")])
async def test_an_offer_that_has_no_answer_is_refused(sdp: str, code: str) -> None:
    async with Hall(OPEN, media=ScriptedMedia()) as hall:
        ada = await hall.join("ada")
        assert (await hall.say(ada, "media.watch", sdp=sdp))["error"]["code"] == code


async def test_a_seat_that_ends_while_its_offer_is_answered_does_not_come_alive() -> None:
    media = ScriptedMedia()
    async with Hall(OPEN, media=media) as hall:
        ada = await on_screen(hall, "ada")
        media.hold()
        message_id = ada.say("media.publish", seat="s1", sdp="v=0")
        await hall.clock.advance(0.1)
        assert media.published
        await hall.say(ada, "share.stop", seat="s1")
        stated = len(media.statements)
        media.release()
        await hall.clock.advance(0.1)
        assert ada.reply(message_id)["error"]["code"] == "no_such_seat"
        assert media.statements[stated:] == [(SESSION, [])]


@pytest.mark.parametrize("sdp", ["v=0", "bad", "down"])
async def test_a_watcher_who_is_gone_before_the_answer_is_forgotten(sdp: str) -> None:
    media = ScriptedMedia()
    async with Hall(OPEN, media=media) as hall:
        ada = await hall.join("ada")
        media.hold()
        ada.say("media.watch", sdp=sdp)
        await hall.clock.advance(0.1)
        ada.hang_up()
        await hall.clock.advance(0.1)
        media.unwatched.clear()
        media.release()
        await hall.clock.advance(0.1)
        assert media.unwatched == [(SESSION, ada.connection.id)]


async def test_offers_of_one_client_are_answered_in_order_and_their_number_is_bounded() -> None:
    media = ScriptedMedia()
    async with Hall(OPEN, media=media, limits=Limits(offers_in_flight=3)) as hall:
        ada = await hall.join("ada")
        media.hold()
        ids = [ada.say("media.watch", sdp=f"offer {number}") for number in range(4)]
        await hall.clock.advance(0.1)
        assert len(media.watched) == 1
        assert ada.reply(ids[3])["error"]["code"] == "rate_limited"
        media.release()
        await hall.clock.advance(0.1)
        assert [ada.reply(each)["result"]["sdp"] for each in ids[:3]] == [f"answer to offer {n}" for n in range(3)]
        assert (await hall.say(ada, "media.watch", sdp="again"))["ok"]


async def test_what_a_watcher_shows_is_passed_on() -> None:
    media = ScriptedMedia()
    async with Hall(OPEN, media=media) as hall:
        ada = await hall.join("ada")
        assert (await hall.say(ada, "media.view", slots={"v0": "high", "v12": "off"}))["ok"]
        assert media.views == [(SESSION, ada.connection.id, {0: "high", 12: "off"})]
        assert (await hall.say(ada, "media.candidate", **{"for": "watch", "candidate": {"candidate": "x"}}))["ok"]


@pytest.mark.parametrize(
    ("command", "fields"),
    [
        ("media.publish", {"seat": "s1", "sdp": "v=0"}),
        ("media.watch", {"sdp": "v=0"}),
        ("media.candidate", {"for": "watch"}),
        ("media.view", {"slots": {}}),
    ],
)
async def test_without_a_media_plane_media_is_unavailable(command: str, fields: dict[str, Any]) -> None:
    async with Hall(OPEN) as hall:
        ada = await on_screen(hall, "ada")
        assert (await hall.say(ada, command, **fields))["error"]["code"] == "unavailable"
        assert not ada.of("media.slots")


async def test_what_the_media_plane_hears_reaches_the_room() -> None:
    media = ScriptedMedia()
    async with Hall(RoomSettings("Talk", share_policy=SharePolicy.ANYONE), media=media) as hall:
        ada, bob = await on_screen(hall, "ada"), await hall.join("bob")
        hall.hub.media_live(SESSION, "s1", live=True)
        await hall.clock.advance(1)
        assert bob.documents["room"]["seats"]["s1"]["live"] is True
        hall.hub.media_send(SESSION, "s1", SendAdvice({"h": {"active": False}}))
        await hall.clock.advance(0.1)
        assert ada.of("media.send") == [{"type": "media.send", "seat": "s1", "layers": {"h": {"active": False}}}]
        assert not bob.of("media.send")
        hall.hub.media_reset(SESSION)
        await hall.clock.advance(1)
        assert ada.of("media.reset")
        assert bob.of("media.reset")
        assert bob.documents["room"]["seats"]["s1"]["live"] is False


async def test_news_of_rooms_and_seats_that_are_gone_is_ignored() -> None:
    async with Hall(OPEN, media=ScriptedMedia()) as hall:
        await hall.join("ada")
        for session in (SESSION, "ses_gone"):
            hall.hub.media_live(session, "s77", live=True)
            hall.hub.media_send(session, "s77", SendAdvice({}))
            hall.hub.media_speaking(session, ["s77"])
        hall.hub.media_reset("ses_gone")
        await hall.clock.advance(1)


async def test_media_does_not_flow_in_a_room_that_was_just_restored() -> None:
    async with Hall(OPEN, media=ScriptedMedia()) as hall:
        await on_screen(hall, "ada")
        hall.hub.media_live(SESSION, "s1", live=True)
        await hall.clock.advance(1)
        media = ScriptedMedia()
        async with Hall(journal=hall.journal, clock=hall.clock, directory=hall.directory, media=media) as again:
            bob = await again.join("bob")
            assert bob.documents["room"]["seats"]["s1"]["live"] is False
            assert [seat.seat for seat in media.stages[SESSION]] == ["s1"]
        assert media.stages[SESSION] == []
