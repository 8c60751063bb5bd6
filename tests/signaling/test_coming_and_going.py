"""Welcome, waiting, take-over, coming back, and every way in which a stay ends."""

from __future__ import annotations

import pytest

from capacity.table import ViewerCapTable
from signaling.directory import Rights
from signaling.room.state import Role, RoomSettings, SharePolicy
from signaling.tickets import RESUME_SECONDS
from signaling.wire.codec import Subprotocol
from tests.support.hall import SESSION, Hall
from tests.support.sessions import attendee, moderator, organizer

TWO_VIEWERS = ViewerCapTable.parse("1:2,50:1")


async def test_hello_is_answered_and_then_comes_the_welcome() -> None:
    async with Hall() as hall:
        ada = hall.hello("ada", organizer("ada"))
        await hall.clock.advance(0.05)
        assert [message["type"] for message in ada.messages] == ["reply", "welcome"]
        assert ada.messages[0] == {"type": "reply", "id": 1, "ok": True}
        welcome = ada.messages[1]
        assert welcome["room"]["title"] == "Talk"
        assert welcome["you"]["participant"] == "ada"
        assert welcome["desk"] == {"requests": {}, "grants": {}}
        assert welcome["epoch"]
        assert welcome["ice_servers"] == []
        assert welcome["viewer_caps"] == [list(row) for row in hall.caps.rows]


async def test_only_moderators_get_the_desk() -> None:
    async with Hall() as hall:
        ada, bob = await hall.join("ada", moderator("ada")), await hall.join("bob")
        assert "desk" in ada.documents
        assert "desk" not in bob.documents


async def test_commands_before_the_welcome_wait_for_nobody() -> None:
    async with Hall() as hall:
        ada = hall.hello("ada")
        ada.send({"type": "people.list", "id": 2})
        await hall.clock.advance(0.05)
        assert ada.reply(2)["error"]["code"] == "not_admitted"
        assert ada.of("welcome")


# --- the waiting line ---


async def test_who_waits_is_told_their_place_and_comes_in_by_themselves() -> None:
    async with Hall(caps=TWO_VIEWERS) as hall:
        viewers = [await hall.join(name) for name in ("ada", "bob")]
        eve, joe = await hall.join("eve"), await hall.join("joe")
        assert eve.of("waiting")[0] == {"type": "waiting", "position": 1, "viewers": 2, "cap": 2}
        assert joe.of("waiting")[-1]["position"] == 2
        assert not eve.of("welcome")
        assert viewers[0].documents["room"]["waiting"] == 2
        await hall.say(viewers[0], "leave")
        assert eve.of("welcome")
        assert joe.of("waiting")[-1]["position"] == 1
        assert not joe.of("welcome")


async def test_who_waits_may_leave_and_sync_and_nothing_else() -> None:
    async with Hall(caps=TWO_VIEWERS) as hall:
        for name in ("ada", "bob"):
            await hall.join(name)
        eve = await hall.join("eve")
        for command in ("people.list", "request.open", "media.watch"):
            reply = await hall.say(eve, command, **({"sdp": "x"} if command == "media.watch" else {}))
            assert not reply["ok"]
        assert (await hall.say(eve, "people.list"))["error"]["code"] == "not_admitted"
        told = len(eve.of("waiting"))
        assert (await hall.say(eve, "sync"))["ok"]
        assert len(eve.of("waiting")) > told
        assert (await hall.say(eve, "leave"))["ok"]
        assert eve.closed_with == 1000


async def test_an_organizer_never_waits() -> None:
    async with Hall(caps=TWO_VIEWERS) as hall:
        for name in ("ada", "bob"):
            await hall.join(name)
        assert (await hall.join("zoe", organizer("zoe"))).of("welcome")


# --- taking over and coming back ---


async def test_a_newer_connection_takes_over_and_the_older_is_told() -> None:
    async with Hall() as hall:
        older = await hall.join("ada", organizer("ada"))
        await hall.say(older, "share.start", kind="camera")
        newer = await hall.join("ada", organizer("ada"))
        assert older.closed_with == 4103
        assert newer.documents["you"]["seats"] == ["s1"]
        assert (await hall.say(newer, "share.stop", seat="s1"))["ok"]
        assert hall.hub.statistics().connections == 1


async def test_two_connections_at_once_leave_the_later_one() -> None:
    async with Hall() as hall:
        first, second = hall.hello("ada"), hall.hello("ada")
        await hall.clock.advance(0.05)
        assert first.closed_with == 4103
        assert second.of("welcome")


@pytest.mark.parametrize("subprotocol", list(Subprotocol))
async def test_who_comes_back_gets_only_what_was_missed(subprotocol: Subprotocol) -> None:
    async with Hall() as hall:
        zoe = await hall.join("zoe", organizer("zoe"))
        ada = await hall.join("ada", subprotocol=subprotocol)
        ada.hang_up()
        await hall.say(zoe, "share.start", kind="camera")
        await hall.say(zoe, "share.set", seat="s1", audio=False)
        again = await hall.resume(ada)
        assert not again.of("welcome")
        (resumed,) = again.of("resumed")
        assert resumed["version"] == ada.version
        assert resumed["you"]["participant"] == "ada"
        assert resumed["resume"] != ada.resume
        assert not again.broken_chain
        await hall.clock.advance(1.5)
        assert again.documents["room"] == zoe.documents["room"]


async def test_a_position_that_is_not_known_any_more_gets_a_welcome() -> None:
    async with Hall() as hall:
        ada = await hall.join("ada")
        zoe = await hall.join("zoe", organizer("zoe"))
        for version, epoch in ((10_000, ada.epoch), (0, ada.epoch), (ada.version, "another epoch")):
            ada.epoch = epoch
            ada.hang_up()
            ada = await hall.resume(ada, version=version)
            assert ada.of("welcome")
            assert not ada.of("resumed")
        assert zoe.closed_with is None


async def test_after_many_updates_a_welcome_is_shorter_than_what_was_missed() -> None:
    async with Hall() as hall:
        zoe = await hall.join("zoe", organizer("zoe"))
        ada = await hall.join("ada")
        await hall.say(zoe, "share.start", kind="camera")
        ada.hang_up()
        for number in range(300):
            await hall.say(zoe, "share.set", seat="s1", audio=bool(number % 2))
        ada = await hall.resume(ada)
        assert ada.of("welcome")


async def test_a_speaker_whose_connection_drops_keeps_the_seat_for_fifteen_seconds() -> None:
    async with Hall() as hall:
        zoe = await hall.join("zoe", organizer("zoe"))
        ada = await hall.join("ada", organizer("ada"))
        await hall.say(ada, "share.start", kind="camera")
        ada.hang_up()
        await hall.clock.advance(2)
        assert zoe.documents["room"]["seats"]["s1"]["away"] is True
        back = await hall.resume(ada)
        await hall.clock.advance(2)
        assert "away" not in zoe.documents["room"]["seats"]["s1"]
        assert back.documents["you"]["seats"] == ["s1"]
        back.hang_up()
        await hall.clock.advance(14.9)
        assert "s1" in zoe.documents["room"]["seats"]
        await hall.clock.advance(0.5)
        assert zoe.documents["room"]["seats"] == {}


async def test_a_request_keeps_its_place_over_a_reconnect() -> None:
    async with Hall() as hall:
        zoe = await hall.join("zoe", moderator("zoe"))
        ada, bob = await hall.join("ada"), await hall.join("bob")
        for peer in (ada, bob):
            await hall.say(peer, "request.open")
        ada.hang_up()
        await hall.clock.advance(10)
        back = await hall.resume(ada)
        assert back.documents["you"]["request"]["position"] == 1
        assert list(zoe.documents["desk"]["requests"]) == ["ada", "bob"]


async def test_a_resume_token_is_good_once() -> None:
    async with Hall() as hall:
        ada = await hall.join("ada")
        ada.hang_up()
        back = await hall.resume(ada)
        assert back.closed_with is None
        stolen = await hall.resume(ada)
        assert stolen.closed_with == 4101
        assert back.closed_with is None
        assert hall.hub.statistics().connections == 1


async def test_a_resume_token_takes_over_from_its_own_connection_that_looks_alive() -> None:
    async with Hall() as hall:
        ada = await hall.join("ada")
        back = await hall.resume(ada)
        assert ada.closed_with == 4103
        assert back.closed_with is None


async def test_a_resume_token_outlives_the_absence_but_not_its_day() -> None:
    async with Hall() as hall:
        zoe = await hall.join("zoe", organizer("zoe"))
        ada, bob = await hall.join("ada"), await hall.join("bob")
        ada.hang_up()
        bob.hang_up()
        await hall.clock.advance(60)
        assert (await hall.resume(ada)).of("resumed")
        zoe.hang_up()
        hall.clock._timers.clear()
        await hall.clock.advance(RESUME_SECONDS)
        assert (await hall.resume(bob)).closed_with == 4101


async def test_who_comes_back_has_the_rights_of_now() -> None:
    async with Hall() as hall:
        ada, bob = await hall.join("ada", organizer("ada")), await hall.join("bob")
        ada.hang_up()
        bob.hang_up()
        hall.directory.people["ada"] = attendee("Ada King")
        hall.directory.people["bob"] = None
        back = await hall.resume(ada)
        assert back.documents["you"]["role"] == "attendee"
        assert "desk" not in back.of("resumed")[0]
        assert (await hall.resume(bob)).closed_with == 4102


async def test_the_catalog_being_down_sends_them_back_later() -> None:
    async with Hall() as hall:
        ada = await hall.join("ada")
        ada.hang_up()
        hall.directory.down = True
        assert (await hall.resume(ada)).closed_with == 4002
        hall.directory.down = False
        assert (await hall.resume(ada)).closed_with is None


# --- what the application changes ---


async def test_changed_settings_reach_everybody() -> None:
    async with Hall() as hall:
        ada = await hall.join("ada")
        await hall.hub.change_settings(SESSION, RoomSettings("Open talk", share_policy=SharePolicy.ANYONE))
        await hall.clock.advance(1)
        assert ada.documents["room"]["title"] == "Open talk"
        assert ada.documents["you"]["can_share"] is True
        with pytest.raises(ValueError, match="max_on_screen"):
            await hall.hub.change_settings(SESSION, RoomSettings("Open talk", max_on_screen=51))


async def test_a_room_starts_with_the_settings_of_now() -> None:
    async with Hall() as hall:
        await hall.hub.change_settings(SESSION, RoomSettings("Nobody is here"))
        hall.directory.sessions[SESSION] = RoomSettings("Edited")
        ada = await hall.join("ada")
        assert ada.documents["room"]["title"] == "Edited"


async def test_who_becomes_a_moderator_gets_the_desk_and_who_ceases_to_be_loses_it() -> None:
    async with Hall() as hall:
        ada, bob = await hall.join("ada"), await hall.join("bob")
        await hall.say(bob, "request.open")
        await hall.hub.change_rights(SESSION, "ada", moderator("ada"))
        await hall.clock.advance(1)
        assert ada.documents["you"]["can_moderate"] is True
        assert list(ada.documents["desk"]["requests"]) == ["bob"]
        await hall.hub.change_rights(SESSION, "ada", attendee("ada"))
        await hall.clock.advance(1)
        assert ada.documents["you"]["can_moderate"] is False
        assert ada.documents["desk"] == {}
        told = len(ada.messages)
        await hall.say(bob, "request.withdraw")
        assert len(ada.messages) == told


async def test_who_may_not_watch_any_more_is_sent_away_for_good() -> None:
    async with Hall() as hall:
        ada = await hall.join("ada")
        ticket = hall.ticket("ada")
        await hall.hub.change_rights(SESSION, "ada", None)
        await hall.clock.advance(1)
        assert ada.closed_with == 4102
        again = hall.connect()
        again.send({"type": "hello", "id": 1, "ticket": ticket})
        await hall.clock.advance(0.05)
        assert again.closed_with == 4102
        # A ticket made after they were let in again is good.
        await hall.clock.advance(1)
        assert (await hall.join("ada")).of("welcome")


async def test_a_ticket_from_before_a_change_of_rights_gives_the_new_rights() -> None:
    async with Hall() as hall:
        ticket = hall.ticket("ada", organizer("ada"))
        await hall.hub.change_rights(SESSION, "ada", Rights("Ada", Role.ATTENDEE, invited=False))
        ada = hall.connect()
        ada.send({"type": "hello", "id": 1, "ticket": ticket})
        await hall.clock.advance(0.05)
        assert ada.documents["you"]["role"] == "attendee"


@pytest.mark.parametrize("what", ["ada", SESSION])
async def test_the_directory_is_asked_whatever_an_outdated_ticket_says(what: str) -> None:
    async with Hall() as hall:
        tickets = [hall.ticket("ada", organizer("ada")) for _ in range(2)]
        hall.directory.people["ada"] = attendee("ada")
        hall.hub.tickets_outdated(what)
        ada = hall.connect()
        ada.send({"type": "hello", "id": 1, "ticket": tickets[0]})
        await hall.clock.advance(0.05)
        assert ada.documents["you"]["role"] == "attendee"
        hall.directory.people["ada"] = None
        again = hall.connect()
        again.send({"type": "hello", "id": 1, "ticket": tickets[1]})
        await hall.clock.advance(0.05)
        assert again.closed_with == 4102
        await hall.clock.advance(1)
        # A newer ticket knows what is so now.
        assert (await hall.join("ada", organizer("ada"))).documents["you"]["role"] == "organizer"


async def test_a_closed_session_sends_everybody_away_and_can_be_opened_again() -> None:
    async with Hall() as hall:
        ada = await hall.join("ada", organizer("ada"))
        await hall.say(ada, "share.start", kind="camera")
        settings = hall.directory.sessions.pop(SESSION)
        await hall.hub.close_session(SESSION)
        await hall.clock.advance(0.05)
        assert ada.closed_with == 4104
        assert hall.hub.live(SESSION) is None
        assert (await hall.join("bob")).closed_with == 4104
        hall.directory.sessions[SESSION] = settings
        bob = await hall.join("bob")
        assert bob.documents["room"]["seats"] == {}


async def test_live_numbers_and_statistics_are_those_of_the_room() -> None:
    async with Hall() as hall:
        assert hall.hub.live(SESSION) is None
        ada, bob = await hall.join("ada", organizer("ada")), await hall.join("bob")
        await hall.say(ada, "share.start", kind="camera")
        await hall.say(bob, "request.open")
        live = hall.hub.live(SESSION)
        assert live is not None
        assert (live.seats_taken, live.viewers, live.viewer_cap, live.waiting) == (1, 1, 5000, 0)
        assert (live.requests, live.max_on_screen) == (1, 50)
        assert hall.hub.sessions() == [SESSION]
        assert sorted(hall.hub.present(SESSION)) == ["ada", "bob"]
        statistics = hall.hub.statistics()
        assert (statistics.rooms, statistics.connections, statistics.seats, statistics.viewers) == (1, 2, 1, 1)
        assert statistics.messages_in == 4
        assert statistics.messages_out > 6


async def test_an_empty_room_ends_after_a_while_and_starts_again_when_needed() -> None:
    async with Hall() as hall:
        ada = await hall.join("ada")
        await hall.say(ada, "leave")
        await hall.clock.advance(50)
        assert hall.hub.sessions() == [SESSION]
        await hall.clock.advance(15)
        assert hall.hub.sessions() == []
        back = await hall.join("ada")
        assert back.of("welcome")
        assert back.epoch != ada.epoch
