"""When people in a room are told that their evaluation is open; time is held still."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from roomserver.catalog.evaluation import Question
from roomserver.catalog.evaluations import find_form, save_form, unlock
from roomserver.catalog.sessions import add_session, change_session, find_session
from roomserver.catalog.store import Catalog
from roomserver.evaluation_openings import LOOK_SECONDS, RETURN_SECONDS, EvaluationOpenings
from roomserver.http.session_fields import default_values, stored_values
from signaling.wire.outbound import Notice
from tests.support.fake_clock import FakeClock
from tests.support.waiting import until

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
END = START + timedelta(hours=1)


class Server:
    """One server's announcer; `told` holds the sessions that it announced to its people."""

    def __init__(self, catalog: Catalog, clock: FakeClock) -> None:
        self.told: list[str] = []
        self.openings = EvaluationOpenings(catalog, self._announce, clock)
        self.look = self.openings.look

    def _announce(self, session: str, notice: Notice) -> None:
        assert (notice["code"], notice["details"]) == ("evaluation_open", {"session": session})
        self.told.append(session)


@pytest.fixture
async def catalog(database: str) -> AsyncIterator[Catalog]:
    opened = Catalog(database)
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(START.timestamp())


async def evaluated(catalog: Catalog, **fields: Any) -> str:
    """A session with an evaluation."""
    values = stored_values({**default_values(), "title": "Talk", "moderator_password": None, **fields}, None)
    async with catalog.writing() as db:
        session = await add_session(db, values, "org_1", START)
        await save_form(db, session.id, None, [Question("how", "rating", "How was it?")])
    return session.id


async def forms(catalog: Catalog, session: str) -> tuple[datetime | None, datetime | None]:
    async with catalog.reading() as db:
        form = await find_form(db, session)
    assert form is not None
    return form.unlocked_at, form.announced_at


async def tick(clock: FakeClock) -> None:
    while True:
        await clock.advance(1)


async def test_people_are_told_when_it_opens_and_only_once(catalog: Catalog, clock: FakeClock) -> None:
    session = await evaluated(catalog, starts_at=START, ends_at=END)
    running = Server(catalog, clock)
    assert await running.look() == END.timestamp()
    await clock.advance(3599)
    assert await running.look() == END.timestamp()
    assert running.told == []
    await clock.advance(1)
    assert await running.look() is None
    await running.look()
    assert running.told == [session]
    assert await forms(catalog, session) == (END, END)


async def test_what_only_a_hand_can_open_waits_for_it(catalog: Catalog, clock: FakeClock) -> None:
    session = await evaluated(catalog)
    running = Server(catalog, clock)
    assert await running.look() is None
    async with catalog.writing() as db:
        form = await find_form(db, session, for_change=True)
        assert form is not None
        await unlock(db, form, START)
    await running.look()
    assert running.told == [session]


async def test_it_stays_open_when_the_session_is_made_longer(catalog: Catalog, clock: FakeClock) -> None:
    session = await evaluated(catalog, starts_at=START, ends_at=END)
    await clock.advance(3600)
    running = Server(catalog, clock)
    await running.look()
    async with catalog.writing() as db:
        found = await find_session(db, session, for_change=True)
        assert found is not None
        await change_session(db, found, {"ends_at": END + timedelta(hours=2)})
    assert await forms(catalog, session) == (END, END)
    assert await running.look() is None


async def test_two_servers_tell_their_own_people(catalog: Catalog, clock: FakeClock) -> None:
    session = await evaluated(catalog, starts_at=START, ends_at=END)
    one, other = Server(catalog, clock), Server(catalog, clock)
    await clock.advance(3600)
    await one.look()
    await clock.advance(LOOK_SECONDS)
    await other.look()
    await one.look()
    assert (one.told, other.told) == ([session], [session])


async def test_a_server_that_was_down_tells_what_opened_meanwhile(catalog: Catalog, clock: FakeClock) -> None:
    missed = await evaluated(catalog, starts_at=START, ends_at=END)
    known = await evaluated(catalog, starts_at=START - timedelta(hours=1), ends_at=START)
    before = Server(catalog, clock)
    await before.look()
    assert before.told == [known]
    await clock.advance(7200)
    after = Server(catalog, clock)
    await after.look()
    assert after.told == [missed]


async def test_a_running_server_looks_by_itself_and_when_asked(catalog: Catalog, clock: FakeClock) -> None:
    soon = await evaluated(catalog, starts_at=START - timedelta(hours=1), ends_at=START)
    running = Server(catalog, clock)
    running.openings.start()
    try:
        await clock.advance(RETURN_SECONDS - 1)
        assert running.told == []
        await clock.advance(1)
        await until(lambda: running.told == [soon], "what opened before the start is announced")
        asked = await evaluated(catalog, starts_at=START - timedelta(hours=1), ends_at=START)
        running.openings.look_soon()
        await until(lambda: running.told == [soon, asked], "a look when something changed")
        later = await evaluated(catalog, starts_at=START - timedelta(hours=1), ends_at=START)

        ticking = asyncio.create_task(tick(clock))
        await until(lambda: running.told == [soon, asked, later], "a look without being asked")
        ticking.cancel()
    finally:
        await running.openings.close()
