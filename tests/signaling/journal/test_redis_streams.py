"""The Redis journal's own duties: outages, lost answers, servers that restarted or refuse."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field

import pytest

from signaling.journal import redis_streams
from signaling.journal.port import AppendUncertain, Conflict, Entry, JournalUnavailable, Position
from signaling.journal.redis_streams import ENTRIES_BEHIND_SNAPSHOT, RedisJournal
from tests.signaling.journal.conftest import Opener
from tests.support.cut_connections import cutting_proxy
from tests.support.journals import append_all
from tests.support.redis_server import RedisServer
from tests.support.waiting import until

pytestmark = pytest.mark.redis

ENTRIES = "test:{s1}:entries"
HEAD = "test:{s1}:head"

# --- the server is not there -------------------------------------------------------------------------------------


async def test_nothing_was_written_if_no_server_can_be_reached(own_redis: RedisServer, open_journal: Opener) -> None:
    journal = open_journal(own_redis.url)
    position = await append_all(journal, "s1", b"one")
    own_redis.kill()
    await asyncio.sleep(0)
    for _ in range(3):
        with pytest.raises((JournalUnavailable, AppendUncertain)):
            await journal.append("s1", position, b"two")
    with pytest.raises(JournalUnavailable, match="Redis"):  # the connection is known to be gone by now
        await journal.append("s1", position, b"two")
    for call in (journal.load("s1"), journal.read("s1", position), journal.sessions(), journal.delete("s1")):
        with pytest.raises(JournalUnavailable, match="Redis"):
            await call
    with pytest.raises(JournalUnavailable, match="Redis"):
        await journal.save_snapshot("s1", position, b"state")


@pytest.mark.parametrize("how", ["kill", "stop"])
async def test_a_restarted_server_is_another_epoch_with_the_same_entries(
    own_redis: RedisServer, open_journal: Opener, how: str
) -> None:
    """It may have lost the newest entries, so that every node has to look."""
    journal = open_journal(own_redis.url)
    at = await append_all(journal, "s1", b"one")
    position = await journal.append("s1", at, b"two")
    own_redis.kill() if how == "kill" else own_redis.stop()
    own_redis.start()
    with pytest.raises((Conflict, AppendUncertain)):
        await journal.append("s1", position, b"three")
    with pytest.raises(Conflict):
        await journal.append("s1", position, b"three")
    with pytest.raises(Conflict):
        await journal.read("s1", at)
    await journal.save_snapshot("s1", at, b"of the other epoch, ignored")
    loaded = await journal.load("s1")
    assert loaded.position.epoch != position.epoch
    assert (loaded.snapshot, list(loaded.entries)) == (None, [Entry(1, b"one"), Entry(2, b"two")])
    assert (await journal.append("s1", loaded.position, b"three")).sequence == 3


@dataclass
class Appender:
    """A node that appends unique payloads for as long as `going`, and notes what became of each."""

    journal: RedisJournal
    name: str
    acknowledged: list[bytes] = field(default_factory=list)
    uncertain: list[bytes] = field(default_factory=list)
    refused: list[bytes] = field(default_factory=list)
    going: bool = True

    async def run(self) -> None:
        number = 0
        position: Position | None = None
        while self.going:
            try:
                if position is None:
                    position = (await self.journal.load("s1")).position
            except JournalUnavailable:
                await asyncio.sleep(0.01)
                continue
            payload = f"{self.name} {number}".encode()
            number += 1
            outcome = self.refused
            try:
                position = await self.journal.append("s1", position, payload)
                outcome = self.acknowledged
            except AppendUncertain:
                outcome, position = self.uncertain, None
            except (Conflict, JournalUnavailable):
                position = None
            outcome.append(payload)
            await asyncio.sleep(0)


async def test_an_outage_loses_nothing_acknowledged_and_doubles_nothing(
    own_redis: RedisServer, open_journal: Opener
) -> None:
    appenders = [Appender(open_journal(own_redis.url), f"node{number}") for number in range(4)]
    running = [asyncio.create_task(appender.run()) for appender in appenders]

    async def all_go_on() -> None:
        enough = [len(appender.acknowledged) + 5 for appender in appenders]

        def done() -> bool:
            return all(len(appender.acknowledged) >= least for appender, least in zip(appenders, enough, strict=True))

        await until(done, "every node appends")

    for _ in range(3):
        await all_go_on()
        await asyncio.to_thread(own_redis.kill)
        await asyncio.to_thread(own_redis.start)
    await all_go_on()
    for appender in appenders:
        appender.going = False
    await asyncio.gather(*running)

    entries = (await appenders[0].journal.load("s1")).entries
    assert [entry.sequence for entry in entries] == list(range(1, len(entries) + 1))
    times = Counter(entry.payload for entry in entries)
    for appender in appenders:
        assert {times[payload] for payload in appender.acknowledged} == {1}
        assert all(times[payload] <= 1 for payload in appender.uncertain)
        assert not any(times[payload] for payload in appender.refused)


# --- answers that never come -------------------------------------------------------------------------------------


async def test_a_lost_answer_is_uncertain_and_the_append_is_not_repeated(
    own_redis: RedisServer, open_journal: Opener
) -> None:
    async with cutting_proxy(own_redis.port) as proxy:
        journal = open_journal(f"redis://127.0.0.1:{proxy.port}/0")
        position = await append_all(journal, "s1", b"one")
        connections = proxy.connections
        proxy.losing_answers = True
        with pytest.raises(AppendUncertain):
            await journal.append("s1", position, b"two")
        assert proxy.connections == connections
        proxy.losing_answers = False
        with pytest.raises(Conflict):
            await journal.append("s1", position, b"two")
        loaded = await journal.load("s1")
        assert list(loaded.entries) == [Entry(1, b"one"), Entry(2, b"two")]
        await journal.close()


async def test_a_server_that_does_not_answer_leaves_the_append_uncertain(
    own_redis: RedisServer, open_journal: Opener
) -> None:
    journal = open_journal(own_redis.url, 0.2)
    position = await append_all(journal, "s1", b"one")
    own_redis.freeze()
    try:
        with pytest.raises(AppendUncertain, match=r"0\.2 s"):
            await journal.append("s1", position, b"two")
        # A connection made now is accepted by the kernel, but nobody answers on it: nothing was sent.
        with pytest.raises(JournalUnavailable, match=r"0\.2 s"):
            await journal.append("s1", position, b"two")
    finally:
        own_redis.thaw()

    await until(lambda: own_redis.command("XLEN", ENTRIES) == 2, "the append is applied after all")
    with pytest.raises(Conflict):
        await journal.append("s1", position, b"two")
    assert list((await journal.load("s1")).entries) == [Entry(1, b"one"), Entry(2, b"two")]


async def test_more_callers_than_connections_wait_for_their_turn(own_redis: RedisServer, open_journal: Opener) -> None:
    journal = open_journal(own_redis.url)
    sessions = [f"s{number}" for number in range(100)]

    async def one(session: str) -> Position:
        return await journal.append(session, (await journal.load(session)).position, b"one")

    positions = await asyncio.gather(*(one(session) for session in sessions))
    assert {position.sequence for position in positions} == {1}
    clients = own_redis.command("CLIENT", "LIST")
    assert clients.count(b"\n") <= redis_streams.CONNECTIONS + 2


async def test_a_cancelled_append_happened_or_not_and_its_connection_is_not_reused_half_read(
    own_redis: RedisServer, open_journal: Opener
) -> None:
    journal = open_journal(own_redis.url)
    position = await append_all(journal, "s1", b"start")
    for pauses in range(12):
        appending = asyncio.create_task(journal.append("s1", position, b"%d" % pauses))
        for _ in range(pauses):
            await asyncio.sleep(0)
        appending.cancel()
        await asyncio.gather(appending, return_exceptions=True)
        position = await append_all(journal, "s1", b"next")
    payloads = [entry.payload for entry in (await journal.load("s1")).entries]
    assert payloads.count(b"next") == 12
    assert len(set(payloads)) == len(payloads) - 11


# --- a server that refuses ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setup", "reason"),
    [
        ([("CONFIG", "SET", "maxmemory", "1")], "OOM|maxmemory"),
        ([("ACL", "SETUSER", "default", "resetchannels")], "channel"),
        ([("ACL", "SETUSER", "default", "-xadd")], "can't run this command"),
        ([("CONFIG", "SET", "min-replicas-to-write", "1")], "replicas"),
    ],
)
async def test_what_the_server_refuses_was_not_written(
    own_redis: RedisServer, open_journal: Opener, setup: list[tuple[str, ...]], reason: str
) -> None:
    journal = open_journal(own_redis.url)
    position = await append_all(journal, "s1", b"one")
    for command in setup:
        own_redis.command(*command)
    with pytest.raises(JournalUnavailable, match=rf"Redis: .*({reason})"):
        await journal.append("s1", position, b"two")
    own_redis.command("CONFIG", "SET", "maxmemory", "0")
    own_redis.command("ACL", "SETUSER", "default", "allchannels", "+@all")
    own_redis.command("CONFIG", "SET", "min-replicas-to-write", "0")
    assert list((await journal.load("s1")).entries) == [Entry(1, b"one")]
    assert (await journal.append("s1", position, b"two")).sequence == 2


async def test_a_wrong_password_is_told(own_redis: RedisServer, open_journal: Opener) -> None:
    journal = open_journal(own_redis.url.replace("redis://", "redis://:secret-word@"))
    with pytest.raises(JournalUnavailable, match="Redis") as refusal:
        await journal.load("s1")
    assert "secret-word" not in str(refusal.value)


async def test_forgotten_scripts_are_sent_again(own_redis: RedisServer, open_journal: Opener) -> None:
    journal = open_journal(own_redis.url)
    position = await append_all(journal, "s1", b"one")
    own_redis.command("SCRIPT", "FLUSH")
    assert (await journal.append("s1", position, b"two")).sequence == 2


@pytest.mark.parametrize("url", ["http://127.0.0.1", "nonsense", ""])
def test_a_bad_url_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="URL"):
        RedisJournal(url)


@pytest.mark.parametrize("prefix", ["", "a b", "a{b}", "x" * 65])
def test_a_bad_prefix_is_refused_at_once(prefix: str) -> None:
    with pytest.raises(ValueError, match="prefix"):
        RedisJournal("redis://127.0.0.1", prefix)


# --- what is in the server ---------------------------------------------------------------------------------------


async def test_a_flushed_server_is_another_epoch(own_redis: RedisServer, open_journal: Opener) -> None:
    journal = open_journal(own_redis.url)
    position = await append_all(journal, "s1", b"one", b"two")
    own_redis.command("FLUSHALL")
    with pytest.raises(Conflict):
        await journal.append("s1", position, b"three")
    with pytest.raises(Conflict):
        await journal.append("s1", Position(position.epoch, 0), b"three")
    loaded = await journal.load("s1")
    assert loaded.position.sequence == 0
    assert loaded.position.epoch != position.epoch


async def test_evicted_entries_are_noticed(own_redis: RedisServer, open_journal: Opener) -> None:
    journal = open_journal(own_redis.url)
    at = await append_all(journal, "s1", b"one", b"two")
    position = await journal.append("s1", at, b"three")
    await journal.save_snapshot("s1", at, b"state")
    own_redis.command("DEL", ENTRIES)
    with pytest.raises(Conflict):
        await journal.append("s1", position, b"four")
    with pytest.raises(JournalUnavailable, match="missing"):
        await journal.load("s1")


async def test_entries_without_their_head_belong_to_no_epoch(own_redis: RedisServer, open_journal: Opener) -> None:
    journal = open_journal(own_redis.url)
    await append_all(journal, "s1", b"one")
    own_redis.command("DEL", HEAD)
    assert await append_all(journal, "s1", b"new") == (await journal.load("s1")).position
    assert list((await journal.load("s1")).entries) == [Entry(1, b"new")]


async def test_a_snapshot_trims_the_stream_but_leaves_some_for_nodes_behind(
    own_redis: RedisServer, open_journal: Opener
) -> None:
    journal = open_journal(own_redis.url)
    count = ENTRIES_BEHIND_SNAPSHOT * 2
    position = await append_all(journal, "s1", *[b"x"] * count)
    await journal.save_snapshot("s1", position, b"state")
    assert own_redis.command("XLEN", ENTRIES) == ENTRIES_BEHIND_SNAPSHOT
    behind = Position(position.epoch, count - ENTRIES_BEHIND_SNAPSHOT)
    assert len(await journal.read("s1", behind)) == ENTRIES_BEHIND_SNAPSHOT
    with pytest.raises(Conflict):
        await journal.read("s1", Position(position.epoch, behind.sequence - 1))


async def test_delete_leaves_no_key(own_redis: RedisServer, open_journal: Opener) -> None:
    journal = open_journal(own_redis.url)
    position = await append_all(journal, "s1", b"one")
    await journal.save_snapshot("s1", position, b"state")
    assert own_redis.command("DBSIZE") == 2
    await journal.delete("s1")
    assert own_redis.command("DBSIZE") == 0
