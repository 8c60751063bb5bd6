"""What crosses on its way: people who are gone, or have other rights, while something of theirs is pending."""

from __future__ import annotations

import asyncio

import pytest

from signaling.directory import Rights
from signaling.room.state import RoomSettings
from tests.support.fake_clock import settle
from tests.support.hall import SESSION, Hall
from tests.support.scripted_media import ScriptedMedia
from tests.support.sessions import FixedDirectory, moderator
from tests.support.troubled_journal import TroubledJournal

OPEN = RoomSettings("Talk")


class HeldDirectory(FixedDirectory):
    """Answers are found at once and delivered when `gate` opens; `fails`: a fault that nobody foresaw."""

    def __init__(self, **sessions: RoomSettings) -> None:
        super().__init__(**sessions)
        self.gate = asyncio.Event()
        self.gate.set()
        self.fails = False

    async def settings(self, session: str) -> RoomSettings | None:
        if self.fails:
            raise ZeroDivisionError
        found = await super().settings(session)
        await self.gate.wait()
        return found

    async def rights(self, session: str, participant: str) -> Rights | None:
        found = await super().rights(session, participant)
        await self.gate.wait()
        return found


async def test_what_a_watcher_shows_is_not_told_after_the_watcher_is_gone() -> None:
    media = ScriptedMedia()
    async with Hall(OPEN, media=media) as hall:
        ada = await hall.join("ada")
        ada.say("media.view", slots={"v0": "high"})
        ada.hang_up()
        await hall.clock.advance(0.1)
        assert media.unwatched == [(SESSION, ada.connection.id)]
        assert media.views == []


async def test_whoever_may_not_watch_any_more_while_the_room_opens_does_not_get_in() -> None:
    directory = HeldDirectory(**{SESSION: OPEN})
    async with Hall(directory=directory) as hall:
        directory.gate.clear()
        ada, bob = hall.hello("ada"), hall.hello("bob")
        await settle()
        await hall.hub.change_rights(SESSION, "ada", None)
        await hall.hub.change_rights(SESSION, "bob", moderator("bob"))
        directory.gate.set()
        await hall.clock.advance(1)
        assert ada.closed_with == 4102
        assert bob.documents["you"]["role"] == "moderator"


async def test_whoever_may_not_watch_any_more_while_their_rights_are_looked_up_does_not_come_back() -> None:
    directory = HeldDirectory(**{SESSION: OPEN})
    async with Hall(directory=directory) as hall:
        ada = await hall.join("ada")
        ada.hang_up()
        directory.gate.clear()
        back = await hall.resume(ada)
        directory.people["ada"] = None
        await hall.hub.change_rights(SESSION, "ada", None)
        directory.gate.set()
        await hall.clock.advance(1)
        assert back.closed_with == 4102


async def test_a_fault_while_somebody_comes_sends_them_back_later_and_is_logged(
    capsys: pytest.CaptureFixture[str],
) -> None:
    directory = HeldDirectory(**{SESSION: OPEN})
    async with Hall(directory=directory) as hall:
        directory.fails = True
        ada = await hall.join("ada")
        assert ada.closed_with == 4002
        assert "ZeroDivisionError" in capsys.readouterr().out
        directory.fails = False
        assert (await hall.join("ada")).of("welcome")


async def test_a_room_that_can_not_be_read_does_not_keep_the_others_from_being_restored() -> None:
    journal = TroubledJournal()
    async with Hall(OPEN, journal=journal) as hall:
        await hall.join("ada")
        empty = (await journal.load("ses_0")).position
        await journal.append("ses_0", empty, b"of a newer program")
        async with Hall(journal=journal, clock=hall.clock, directory=hall.directory, node="node1") as again:
            await again.clock.advance(1)
            assert again.hub.sessions() == [SESSION]
            hall.directory.sessions["ses_0"] = OPEN
            eve = again.connect()
            eve.send({"type": "hello", "id": 1, "ticket": again.ticket("eve", session="ses_0")})
            await again.clock.advance(1)
            assert eve.closed_with == 4002


async def test_whoever_comes_while_the_hub_closes_starts_no_room() -> None:
    async with Hall(OPEN) as hall:
        await hall.hub.close()
        ada = hall.hello("ada")
        await settle()
        assert ada.closed_with == 4002
        assert hall.hub.sessions() == []
