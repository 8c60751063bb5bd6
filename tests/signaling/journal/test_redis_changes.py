"""Following a room through Redis: what others append gets here, whatever happens to the subscription."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from structlog.testing import capture_logs

from signaling.journal import redis_streams
from signaling.journal.redis_streams import RedisJournal
from tests.signaling.journal.conftest import Opener
from tests.support.journals import append_all
from tests.support.redis_server import RedisServer
from tests.support.waiting import until

pytestmark = pytest.mark.redis


async def test_one_does_not_hear_of_ones_own_appends(own_redis: RedisServer, open_journal: Opener) -> None:
    here, there = open_journal(own_redis.url), open_journal(own_redis.url)
    position = await append_all(here, "s1", b"one")
    changes = here.changes("s1")
    async with asyncio.timeout(10):
        assert await anext(changes) == 1
        position = await here.append("s1", position, b"own")
        position = await there.append("s1", position, b"another's")
        assert await anext(changes) == 3


async def test_unwatched_sessions_are_unsubscribed(own_redis: RedisServer, open_journal: Opener) -> None:
    journal = open_journal(own_redis.url)
    await append_all(journal, "s1", b"one")

    def channels() -> int:
        return len(own_redis.command("PUBSUB", "CHANNELS"))

    changes = journal.changes("s1")
    async with asyncio.timeout(10):
        assert await anext(changes) == 1
        assert channels() == 1
        await changes.aclose()  # type: ignore[attr-defined] # it is an asynchronous generator
        await until(lambda: channels() == 0, "nobody listens any more")


async def follow_over(interruption: Callable[[], Awaitable[None]], here: RedisJournal, there: RedisJournal) -> None:
    """`there` gets to know where `here` is, whatever was appended before, while and after the interruption."""
    changes = there.changes("s1")
    position = await append_all(here, "s1", b"before")
    async with asyncio.timeout(20):
        assert await anext(changes) == position.sequence
        await interruption()
        for _ in range(2):
            position = await append_all(here, "s1", b"after")
            while await anext(changes) != position.sequence:
                pass


async def test_following_goes_on_after_a_restart_of_the_server(
    own_redis: RedisServer, open_journal: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_streams, "RESUBSCRIBE_SECONDS", 0.01)

    async def restart() -> None:
        own_redis.kill()
        await asyncio.to_thread(own_redis.start)

    await follow_over(restart, open_journal(own_redis.url), open_journal(own_redis.url))


async def test_appends_while_the_subscription_was_lost_are_made_up_for(
    own_redis: RedisServer, open_journal: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_streams, "RESUBSCRIBE_SECONDS", 0.01)
    here, there = open_journal(own_redis.url), open_journal(own_redis.url)
    changes = there.changes("s1")
    position = await append_all(here, "s1", b"before")
    async with asyncio.timeout(10):
        assert await anext(changes) == 1
        own_redis.command("CLIENT", "KILL", "TYPE", "pubsub")
        position = await here.append("s1", position, b"while nobody listens")
        while await anext(changes) != position.sequence:
            pass


async def test_a_subscription_that_is_not_answered_is_made_anew(
    own_redis: RedisServer, open_journal: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when a firewall forgets the connection: it stays open, and nothing comes any more."""
    monkeypatch.setattr(redis_streams, "PING_SECONDS", 0.05)
    monkeypatch.setattr(redis_streams, "RESUBSCRIBE_SECONDS", 0.01)
    there = open_journal(own_redis.url, 0.2)

    async def freeze_until_given_up() -> None:
        own_redis.freeze()
        try:
            with capture_logs() as logs:
                await until(lambda: logs, "the subscription is given up")
        finally:
            own_redis.thaw()
        assert logs[0]["event"] == "journal_subscription_lost"
        assert "not answered" in logs[0]["reason"]

    await follow_over(freeze_until_given_up, open_journal(own_redis.url), there)
