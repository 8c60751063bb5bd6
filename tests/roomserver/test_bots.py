"""Bots against a real server process, as an operator runs them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio

from roomserver.bots.event_api import ApiError
from roomserver.bots.figures import Summary
from roomserver.bots.party import Party, speakers_on_screen
from roomserver.bots.plan import Plan
from tests.support.live_server import LiveServer
from tests.support.waiting import until


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LiveServer]:
    """One for all: each test has a session of its own, and bots clean up after themselves."""
    data = tmp_path_factory.mktemp("bots") / "data"
    live = LiveServer(data, settings={"ROOMSERVER_VIEWER_CAPS": "5:25,50:10"})
    await live.start()
    try:
        yield live
    finally:
        await live.stop()


@dataclass
class Told:
    """The phases that a run went through, and how many steps each had."""

    phases: list[str] = field(default_factory=list)
    steps: dict[str, int] = field(default_factory=dict)
    numbers: dict[str, object] = field(default_factory=dict)

    def phase(self, what: str, total: int) -> None:
        self.phases.append(what)
        self.steps[what] = 0

    def step(self) -> None:
        self.steps[self.phases[-1]] += 1

    def show(self, **numbers: object) -> None:
        self.numbers = numbers

    def number(self, name: str) -> int:
        value = self.numbers.get(name, 0)
        assert isinstance(value, int)
        return value


def plan(server: LiveServer, session: str, **changes: Any) -> Plan:
    wanted: dict[str, Any] = {
        "organizer_token": server.organizer_token,
        "speakers": 3,
        "viewers": 20,
        "media": False,
        "watchers": 0,
        "large": 1,
        "seconds": 0.0,
        "rate": 200.0,
        "keep": False,
    }
    return Plan(url=server.url, session=session, **wanted | changes)


async def run(wanted: Plan) -> Summary:
    party = Party(wanted, Told())
    await party.run()
    assert party.summary is not None
    return party.summary


async def registered(server: LiveServer) -> list[str]:
    """The bots' registrants that are still there."""
    people = (await server.api("GET", "/api/registrants"))["items"]
    return [person["id"] for person in people if "bot" in person["tags"]]


async def test_bots_speak_and_watch_with_media(server: LiveServer) -> None:
    session = await server.session("Plenary")
    summary = await run(plan(server, session, media=True, watchers=3, seconds=3.0))
    assert summary.errors == {}
    assert (summary.speakers, summary.viewers, summary.waiting) == (3, 20, 0)
    assert summary.welcome_ms.count == 20 + 3
    assert summary.action_ms.count >= 23
    media = summary.media
    assert media is not None
    assert (media.publishers, media.watchers) == (3, 3)
    assert media.packets_sent > 0
    assert media.packets_received > 0
    assert set(media.frames_per_second) == {"v0", "v1", "v2"}
    assert media.lag_ms.count >= 9
    assert all(rate > 5 for rate in media.frames_per_second.values())


async def test_everything_is_cleaned_up_at_the_end(server: LiveServer) -> None:
    session = await server.session("Plenary")
    await run(plan(server, session))
    assert await registered(server) == []
    room = await server.api("GET", f"/api/sessions/{session}/room")
    assert (room["seats_taken"], room["viewers"]) == (0, 0)


async def test_registrants_can_be_kept(server: LiveServer) -> None:
    session = await server.session("Plenary")
    await run(plan(server, session, speakers=1, viewers=2, keep=True))
    kept = await registered(server)
    assert len(kept) == 3
    for person in kept:
        await server.api("DELETE", f"/api/registrants/{person}")


async def test_in_a_moderated_session_bots_ask_and_are_approved(server: LiveServer) -> None:
    session = await server.session("Questions", share_policy="moderated")
    summary = await run(plan(server, session, viewers=2))
    assert (summary.speakers, summary.errors) == (3, {})


async def test_where_sharing_is_by_invitation_bots_are_invited(server: LiveServer) -> None:
    session = await server.session("Panel", share_policy="invite_only")
    invited = await server.registrant("Ada")
    await server.api("PUT", f"/api/sessions/{session}/invitations", {"registrants": [invited.id]})
    summary = await run(plan(server, session, viewers=2))
    assert (summary.speakers, summary.errors) == (3, {})
    people = await server.api("GET", f"/api/sessions/{session}/invitations")
    assert people == {"registrants": [invited.id]}


async def test_viewers_beyond_the_cap_are_counted_in_the_waiting_line(server: LiveServer) -> None:
    session = await server.session("Plenary")
    summary = await run(plan(server, session, speakers=1, viewers=30))
    assert (summary.viewers, summary.waiting, summary.errors) == (25, 5, {})


async def test_what_goes_wrong_for_a_bot_is_counted_by_its_code(server: LiveServer) -> None:
    session = await server.session("Small stage", max_on_screen=2)
    summary = await run(plan(server, session, viewers=0))
    assert summary.errors == {"going on screen: full": 1}
    assert summary.failed


async def test_a_session_or_token_that_is_no_good_is_told_at_once(server: LiveServer) -> None:
    with pytest.raises(ApiError, match="404"):
        await run(plan(server, "ses_nothing"))
    session = await server.session("Plenary")
    with pytest.raises(ApiError, match="401"):
        await run(plan(server, session, organizer_token="rst_wrong"))
    with pytest.raises(ApiError) as nobody:
        await run(Plan(**{**_fields(plan(server, session)), "url": "http://127.0.0.1:9"}))
    assert nobody.value.code == "unreachable"


async def test_a_run_that_is_cancelled_leaves_nothing_behind(server: LiveServer) -> None:
    session = await server.session("Plenary")
    told = Told()
    party = Party(plan(server, session, viewers=5, seconds=600.0), told)
    running = asyncio.create_task(party.run())
    await until(lambda: told.numbers.get("on screen") == 3, "the bots are together", 20)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert party.summary is not None
    assert (party.summary.speakers, party.summary.viewers) == (3, 5)
    assert await registered(server) == []


async def test_bots_come_back_to_a_server_that_was_killed_and_their_media_with_them(server: LiveServer) -> None:
    session = await server.session("Plenary")
    told = Told()
    party = Party(plan(server, session, speakers=2, viewers=4, media=True, watchers=2, seconds=600.0), told)
    running = asyncio.create_task(party.run())
    await until(lambda: told.number("received") > 100, "media flows", 20)
    server.kill()
    await server.start()
    await until(lambda: told.number("reconnects") == 6, "all are back", 30)
    before = told.number("received")
    await until(lambda: told.number("received") > before + 200, "media flows again", 20)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert party.summary is not None
    assert (party.summary.speakers, party.summary.viewers, party.summary.reconnects) == (2, 4, 6)
    assert party.summary.media is not None
    assert (party.summary.media.publishers, party.summary.media.watchers) == (2, 2)
    assert party.summary.errors.keys() <= {"turning the microphone: connection_lost"}


async def test_a_crowd_on_screen_for_other_tests(server: LiveServer) -> None:
    session = await server.session("Roundtable", share_policy="moderated")
    async with speakers_on_screen(server.url, server.organizer_token, session, 7) as speakers:
        room = await server.api("GET", f"/api/sessions/{session}/room")
        assert room["seats_taken"] == 7
        await speakers[0].client.until(lambda each: all(seat["live"] for seat in each.room["seats"].values()))
        assert [speaker.on_screen for speaker in speakers] == [True] * 7
    room = await server.api("GET", f"/api/sessions/{session}/room")
    assert room["seats_taken"] == 0
    assert await registered(server) == []


async def test_the_command_prints_a_summary(server: LiveServer) -> None:
    session = await server.session("Plenary")
    printed = await server.run(
        *("bots", "--url", server.url, "--session", session, "--token", server.organizer_token),
        *("--speakers", "1", "--viewers", "3", "--viewers-media", "1", "--seconds", "1", "--json"),
    )
    summary = json.loads(printed)
    assert (summary["speakers"], summary["viewers"], summary["failed"]) == (1, 3, False)
    assert summary["media"]["watchers"] == 1


def _fields(wanted: Plan) -> dict[str, Any]:
    return {name: getattr(wanted, name) for name in Plan.__slots__}
