"""Nobody is told what isn't in the journal, and a room is always what its journal says."""

from __future__ import annotations

import pytest

from signaling.journal.port import JournalUnavailable
from signaling.room.state import RoomSettings
from tests.support.fake_clock import settle
from tests.support.hall import SESSION, Hall
from tests.support.sessions import moderator, organizer
from tests.support.troubled_journal import TroubledJournal
from tests.support.waiting import until

OPEN = RoomSettings("Talk")


async def test_nobody_is_told_before_the_append_succeeded() -> None:
    journal = TroubledJournal()
    async with Hall(OPEN, journal=journal) as hall:
        ada, bob = await hall.join("ada"), await hall.join("bob")
        journal.gate.clear()
        message_id = ada.say("share.start", kind="camera")
        listing = bob.say("people.list")
        await hall.clock.advance(5)
        assert not any(reply.get("id") in (message_id, listing) for reply in ada.of("reply") + bob.of("reply"))
        assert bob.documents["room"]["seats"] == {}
        live = hall.hub.live(SESSION)
        assert live is not None
        assert live.seats_taken == 0
        journal.gate.set()
        await hall.clock.advance(1)
        assert ada.reply(message_id)["ok"]
        assert "s1" in bob.documents["room"]["seats"]


async def test_commands_that_come_while_one_is_appended_share_the_next_entry() -> None:
    journal = TroubledJournal()
    async with Hall(OPEN, journal=journal) as hall:
        await hall.join("ada")
        journal.gate.clear()
        people = [hall.hello(f"p{number}") for number in range(50)]
        await hall.clock.advance(1)
        journal.gate.set()
        before = journal.appends
        await hall.clock.advance(1)
        assert all(peer.of("welcome") for peer in people)
        assert journal.appends - before <= 2


async def test_arrivals_within_milliseconds_share_entries() -> None:
    journal = TroubledJournal()
    async with Hall(OPEN, journal=journal) as hall:
        await hall.join("ada")
        before = journal.appends
        for number in range(500):
            hall.hello(f"p{number}")
            await hall.clock.advance(0.0005)
        await hall.clock.advance(1)
        assert hall.hub.statistics().viewers == 501
        assert journal.appends - before <= 30


async def test_while_the_journal_is_down_commands_are_refused_and_nothing_changes() -> None:
    journal = TroubledJournal()
    async with Hall(OPEN, journal=journal) as hall:
        ada, bob = await hall.join("ada"), await hall.join("bob")
        journal.down = True
        for _ in range(3):
            reply = await hall.say(ada, "share.start", kind="camera")
            assert reply["error"]["code"] == "unavailable"
        assert (await hall.join("eve")).closed_with == 4002
        with pytest.raises(JournalUnavailable):
            await hall.hub.change_settings(SESSION, RoomSettings("Edited"))
        journal.down = False
        await hall.clock.advance(2)
        assert bob.documents["room"]["seats"] == {}
        assert (await hall.say(ada, "share.start", kind="camera"))["result"] == {"seat": "s1"}
        assert bob.documents["room"]["seats"]["s1"]["participant"] == "ada"
        assert ada.closed_with is None
        assert not bob.broken_chain


async def test_who_is_lost_while_the_journal_is_down_is_lost_to_it_afterwards() -> None:
    journal = TroubledJournal()
    async with Hall(OPEN, journal=journal) as hall:
        ada, bob = await hall.join("ada"), await hall.join("bob")
        journal.down = True
        await hall.say(ada, "share.start", kind="camera")
        ada.hang_up()
        await hall.clock.advance(5)
        journal.down = False
        await hall.clock.advance(20)
        assert bob.documents["room"]["viewers"] == 1
        assert hall.hub.present(SESSION) == ["bob"]


@pytest.mark.parametrize("loses", [False, True])
async def test_an_append_that_nobody_knows_of_ends_the_room_which_is_built_anew(loses: bool) -> None:
    journal = TroubledJournal()
    async with Hall(OPEN, journal=journal) as hall:
        ada, bob = await hall.join("ada"), await hall.join("bob")
        journal.uncertain, journal.loses = True, loses
        message_id = ada.say("share.start", kind="camera")
        await hall.clock.advance(1)
        assert (ada.closed_with, bob.closed_with) == (4002, 4002)
        assert not any(reply.get("id") == message_id for reply in ada.of("reply"))
        back = await hall.resume(ada)
        assert back.of("welcome")
        assert back.documents["you"]["seats"] == ([] if loses else ["s1"])


async def test_a_room_that_failed_loses_its_people_even_if_none_of_them_comes_back() -> None:
    journal = TroubledJournal()
    async with Hall(OPEN, journal=journal) as hall:
        await hall.join("ada")
        bob = await hall.join("bob")
        journal.uncertain = True
        bob.say("share.start", kind="camera")
        await settle()
        await until(lambda: hall.hub.sessions() == [SESSION], "the room is opened again by itself")
        await hall.clock.advance(20)
        assert hall.hub.present(SESSION) == []


async def test_a_journal_that_was_replaced_ends_the_room() -> None:
    journal = TroubledJournal()
    async with Hall(OPEN, journal=journal) as hall:
        ada = await hall.join("ada")
        await journal.delete(SESSION)
        ada.say("share.start", kind="camera")
        await hall.clock.advance(1)
        assert ada.closed_with == 4002
        assert (await hall.join("ada")).of("welcome")


async def test_a_hub_that_starts_again_has_the_rooms_that_it_had() -> None:
    journal = TroubledJournal()
    async with Hall(journal=journal) as hall:
        zoe, ada, bob = await hall.join("zoe", organizer("zoe")), await hall.join("ada"), await hall.join("bob")
        await hall.say(zoe, "share.start", kind="camera")
        await hall.say(ada, "request.open")
        await hall.say(bob, "request.open")
        hall.directory.people["zoe"] = organizer("zoe")
        # The first hub is gone without a word: a second one of the same name starts on its journal.
        async with Hall(journal=journal, clock=hall.clock, directory=hall.directory) as again:
            await again.clock.advance(1)
            live = again.hub.live(SESSION)
            assert live is not None
            assert (live.seats_taken, live.viewers, live.requests) == (1, 0, 2)
            back = await again.resume(zoe)
            assert back.documents["you"]["seats"] == ["s1"]
            assert list(back.documents["desk"]["requests"]) == ["ada", "bob"]
            await again.clock.advance(16)
            assert again.hub.present(SESSION) == ["zoe"]
            assert back.documents["desk"]["requests"] == {}


async def test_a_session_closed_while_the_hub_was_away_is_closed_when_it_starts() -> None:
    journal = TroubledJournal()
    async with Hall(journal=journal) as hall:
        await hall.join("ada")
        hall.directory.sessions.clear()
        async with Hall(journal=journal, clock=hall.clock, directory=hall.directory) as again:
            await again.clock.advance(1)
            assert again.hub.sessions() == []
        assert (await journal.load(SESSION)).position.sequence > 1


async def test_long_journals_are_shortened_by_snapshots_and_do_without_them_in_need() -> None:
    journal = TroubledJournal()
    async with Hall(OPEN, journal=journal) as hall:
        ada = await hall.join("ada")
        await hall.say(ada, "share.start", kind="camera")
        journal.no_snapshots = True
        for number in range(600):
            if number == 550:
                journal.no_snapshots = False
            ada.say("share.set", seat="s1", audio=bool(number % 2))
            await hall.clock.advance(0.06)
        loaded = await journal.load(SESSION)
        assert loaded.snapshot is not None
        assert len(loaded.entries) < 100
        back = await hall.join("bob", moderator("bob"))
        assert back.documents["room"] == ada.documents["room"]


async def test_closing_the_hub_leaves_a_snapshot_and_everybody_as_lost() -> None:
    journal = TroubledJournal()
    async with Hall(OPEN, journal=journal) as hall:
        ada = await hall.join("ada")
        await hall.say(ada, "share.start", kind="camera")
    loaded = await journal.load(SESSION)
    assert loaded.snapshot is not None
    assert not loaded.entries
    assert b'"away_since"' in loaded.snapshot
