"""What every journal does, whichever storage is behind it: the contract of signaling/journal/port.py."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence

import pytest

from signaling.journal.limits import MAX_PAYLOAD_BYTES, MAX_SNAPSHOT_BYTES
from signaling.journal.port import AppendUncertain, Conflict, Entry, Journal, JournalUnavailable, Loaded, Position
from tests.support.journals import Storage, append_all

REDIS = pytest.mark.redis
ANY_STORAGE = ["memory", "files", pytest.param("redis", marks=REDIS), pytest.param("redis-socket", marks=REDIS)]
SHARED_STORAGE = ["memory", pytest.param("redis", marks=REDIS)]
LASTING_STORAGE = ["files", pytest.param("redis", marks=REDIS)]

any_storage = pytest.mark.parametrize("storage", ANY_STORAGE, indirect=True)
shared_storage = pytest.mark.parametrize("storage", SHARED_STORAGE, indirect=True)
lasting_storage = pytest.mark.parametrize("storage", LASTING_STORAGE, indirect=True)

MORE_THAN_IS_KEPT_BEHIND_A_SNAPSHOT = 100


def numbered(first: int, *payloads: bytes) -> list[Entry]:
    return [Entry(first + index, payload) for index, payload in enumerate(payloads)]


@any_storage
async def test_a_session_never_seen_is_empty(journal: Journal) -> None:
    loaded = await journal.load("s1")
    assert (loaded.position.sequence, loaded.snapshot, list(loaded.entries)) == (0, None, [])
    assert loaded.position.epoch
    assert await journal.load("s1") == loaded


@any_storage
async def test_entries_are_numbered_from_one_and_read_back_in_order(journal: Journal) -> None:
    start = (await journal.load("s1")).position
    first = await journal.append("s1", start, b"one")
    second = await journal.append("s1", first, b"two")
    assert (first, second) == (Position(start.epoch, 1), Position(start.epoch, 2))
    assert await journal.load("s1") == Loaded(second, None, tuple(numbered(1, b"one", b"two")))
    assert list(await journal.read("s1", start)) == numbered(1, b"one", b"two")
    assert list(await journal.read("s1", first)) == numbered(2, b"two")
    assert list(await journal.read("s1", second)) == []


@any_storage
async def test_payloads_are_any_bytes(journal: Journal) -> None:
    payloads = [b"", bytes(range(256)), b"\r\n$5\r\n", "żółw 🐢".encode(), b"\0" * 1000]
    await append_all(journal, "s1", *payloads)
    assert [entry.payload for entry in (await journal.load("s1")).entries] == payloads


@any_storage
async def test_a_payload_of_the_largest_size_is_kept(journal: Journal) -> None:
    payload = b"\xff" * MAX_PAYLOAD_BYTES
    await append_all(journal, "s1", payload, b"after")
    assert list((await journal.load("s1")).entries) == numbered(1, payload, b"after")


@any_storage
async def test_what_is_too_large_is_refused_and_nothing_is_written(journal: Journal) -> None:
    position = await append_all(journal, "s1", b"one")
    with pytest.raises(ValueError, match="payload"):
        await journal.append("s1", position, b"\0" * (MAX_PAYLOAD_BYTES + 1))
    with pytest.raises(ValueError, match="snapshot"):
        await journal.save_snapshot("s1", position, b"\0" * (MAX_SNAPSHOT_BYTES + 1))
    assert await journal.load("s1") == Loaded(position, None, tuple(numbered(1, b"one")))


@any_storage
@pytest.mark.parametrize("step", [-1, 1, 5])
async def test_an_append_elsewhere_than_at_the_end_conflicts_and_writes_nothing(journal: Journal, step: int) -> None:
    position = await append_all(journal, "s1", b"one", b"two")
    before = await journal.load("s1")
    with pytest.raises(Conflict):
        await journal.append("s1", Position(position.epoch, position.sequence + step), b"three")
    assert await journal.load("s1") == before


@any_storage
@pytest.mark.parametrize("epoch", ["", "x", "0123456789abcdef", "0123456789abcdef.0123456789abcdef"])
async def test_an_append_or_read_in_another_epoch_conflicts(journal: Journal, epoch: str) -> None:
    position = await append_all(journal, "s1", b"one")
    other = Position(epoch, position.sequence)
    with pytest.raises(Conflict):
        await journal.append("s1", other, b"two")
    with pytest.raises(Conflict):
        await journal.read("s1", other)
    assert (await journal.load("s1")).position == position


@any_storage
async def test_reading_after_what_was_never_reached_conflicts(journal: Journal) -> None:
    position = await append_all(journal, "s1", b"one")
    with pytest.raises(Conflict):
        await journal.read("s1", Position(position.epoch, 2))


@any_storage
async def test_an_append_to_a_session_never_loaded_conflicts(journal: Journal) -> None:
    with pytest.raises(Conflict):
        await journal.append("s1", Position("made-up", 0), b"one")
    assert (await journal.load("s1")).position.sequence == 0


@any_storage
async def test_a_snapshot_stands_for_the_entries_up_to_it(journal: Journal) -> None:
    at = await append_all(journal, "s1", b"one", b"two")
    end = await journal.append("s1", at, b"three")
    await journal.save_snapshot("s1", at, b"state at two")
    assert await journal.load("s1") == Loaded(end, b"state at two", tuple(numbered(3, b"three")))
    assert list(await journal.read("s1", at)) == numbered(3, b"three")
    further = await journal.append("s1", end, b"four")
    assert list(await journal.read("s1", end)) == numbered(4, b"four")
    assert (await journal.load("s1")).position == further


@any_storage
async def test_appending_goes_on_after_a_snapshot_of_everything(journal: Journal) -> None:
    at = await append_all(journal, "s1", b"one", b"two")
    await journal.save_snapshot("s1", at, b"")
    assert await journal.load("s1") == Loaded(at, b"", ())
    end = await journal.append("s1", at, b"three")
    assert end.sequence == 3
    assert await journal.load("s1") == Loaded(end, b"", tuple(numbered(3, b"three")))


@any_storage
async def test_reading_what_was_compacted_away_conflicts(journal: Journal) -> None:
    start = (await journal.load("s1")).position
    end = await append_all(journal, "s1", *[b"x"] * MORE_THAN_IS_KEPT_BEHIND_A_SNAPSHOT)
    await journal.save_snapshot("s1", end, b"state")
    with pytest.raises(Conflict):
        await journal.read("s1", start)
    assert list(await journal.read("s1", end)) == []


@any_storage
async def test_a_snapshot_that_is_not_newer_is_ignored(journal: Journal) -> None:
    first = await append_all(journal, "s1", b"one")
    second = await journal.append("s1", first, b"two")
    await journal.save_snapshot("s1", second, b"at two")
    await journal.save_snapshot("s1", first, b"at one")
    await journal.save_snapshot("s1", second, b"at two, later")
    await journal.save_snapshot("s1", Position(first.epoch, 0), b"at nothing")
    assert await journal.load("s1") == Loaded(second, b"at two", ())


@any_storage
async def test_a_snapshot_of_what_the_journal_never_reached_is_ignored(journal: Journal) -> None:
    position = await append_all(journal, "s1", b"one")
    await journal.save_snapshot("s1", Position(position.epoch, 2), b"ahead")
    await journal.save_snapshot("s1", Position("another", 1), b"of another epoch")
    assert await journal.load("s1") == Loaded(position, None, tuple(numbered(1, b"one")))


@any_storage
async def test_a_deleted_journal_starts_anew_in_another_epoch(journal: Journal) -> None:
    before = await append_all(journal, "s1", b"one", b"two")
    await journal.save_snapshot("s1", before, b"state")
    await journal.delete("s1")
    after = await journal.load("s1")
    assert (after.position.sequence, after.snapshot, list(after.entries)) == (0, None, [])
    assert after.position.epoch != before.epoch
    for stale in (before, Position(before.epoch, 0)):
        with pytest.raises(Conflict):
            await journal.append("s1", stale, b"three")
    assert (await journal.append("s1", after.position, b"new")).sequence == 1


@any_storage
async def test_deleting_what_is_not_there_is_no_error(journal: Journal) -> None:
    await journal.delete("s1")
    assert await journal.sessions() == ()


@any_storage
async def test_sessions_are_kept_apart_and_listed(journal: Journal) -> None:
    names = ["a", "A", "aA", "-", "_", "-rf", "con", "0", "Z" * 64, "z" * 64, "lock", "a-journal"]
    for name in names:
        await append_all(journal, name, name.encode())
    await journal.load("only-loaded")
    assert sorted(await journal.sessions()) == sorted(names)
    for name in names:
        assert [entry.payload for entry in (await journal.load(name)).entries] == [name.encode()]
    await journal.delete("a")
    assert sorted(await journal.sessions()) == sorted(set(names) - {"a"})


@any_storage
@pytest.mark.parametrize("session", ["", "a" * 65, "a/b", "..", "a b", "a\n", "ä", "{a}", "a*", "a\0", "=a"])
async def test_other_session_ids_are_refused(journal: Journal, session: str) -> None:
    position = Position("epoch", 0)
    with pytest.raises(ValueError, match="session"):
        await journal.load(session)
    with pytest.raises(ValueError, match="session"):
        await journal.append(session, position, b"one")
    with pytest.raises(ValueError, match="session"):
        await journal.read(session, position)
    with pytest.raises(ValueError, match="session"):
        await journal.save_snapshot(session, position, b"state")
    with pytest.raises(ValueError, match="session"):
        journal.changes(session)
    with pytest.raises(ValueError, match="session"):
        await journal.delete(session)


@any_storage
async def test_concurrent_appends_at_one_position_have_one_winner(journal: Journal) -> None:
    position = (await journal.load("s1")).position
    appends = [journal.append("s1", position, b"%d" % number) for number in range(8)]
    outcomes = await asyncio.gather(*appends, return_exceptions=True)
    won = [number for number, outcome in enumerate(outcomes) if isinstance(outcome, Position)]
    assert len(won) == 1
    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == len(outcomes) - 1
    assert list((await journal.load("s1")).entries) == numbered(1, b"%d" % won[0])


async def append_until_won(journal: Journal, session: str, payloads: Sequence[bytes]) -> None:
    """What a room task does on Conflict: read the tail, try again."""
    position = (await journal.load(session)).position
    for payload in payloads:
        while True:
            try:
                position = await journal.append(session, position, payload)
                break
            except Conflict:
                tail = await journal.read(session, position)
                position = Position(position.epoch, tail[-1].sequence)


@shared_storage
async def test_appenders_on_several_nodes_leave_no_gap_and_no_double(storage: Storage) -> None:
    nodes = [storage.node() for _ in range(4)]
    batches = [[b"%d-%d" % (who, number) for number in range(25)] for who in range(len(nodes))]
    await asyncio.gather(*(append_until_won(node, "s1", batch) for node, batch in zip(nodes, batches, strict=True)))
    entries = (await nodes[0].load("s1")).entries
    assert [entry.sequence for entry in entries] == list(range(1, 101))
    for batch in batches:
        mine = set(batch)
        assert [entry.payload for entry in entries if entry.payload in mine] == batch


@any_storage
async def test_snapshots_while_appending_lose_nothing(journal: Journal) -> None:
    """Each snapshot is the payloads up to it, so that snapshot and entries together must be all of them."""
    payloads = [b"%d," % number for number in range(60)]
    position = (await journal.load("s1")).position
    saving: list[asyncio.Task[None]] = []
    for payload in payloads:
        position = await journal.append("s1", position, payload)
        if position.sequence % 5 == 0:
            state = b"".join(payloads[: position.sequence])
            saving.append(asyncio.create_task(journal.save_snapshot("s1", position, state)))
        await asyncio.sleep(0)
    await asyncio.gather(*saving)
    loaded = await journal.load("s1")
    assert (loaded.snapshot or b"") + b"".join(entry.payload for entry in loaded.entries) == b"".join(payloads)
    assert loaded.snapshot == b"".join(payloads)
    assert loaded.position == position


@shared_storage
async def test_nodes_see_the_same_epoch_and_each_others_entries(storage: Storage) -> None:
    here, there = storage.node(), storage.node()
    loads = await asyncio.gather(here.load("s1"), there.load("s1"))
    assert loads[0] == loads[1]
    reached = await here.append("s1", loads[0].position, b"one")
    with pytest.raises(Conflict):
        await there.append("s1", loads[1].position, b"other")
    assert list(await there.read("s1", loads[1].position)) == numbered(1, b"one")
    assert (await there.append("s1", reached, b"two")).sequence == 2


@shared_storage
async def test_a_node_that_follows_learns_of_anothers_appends(storage: Storage) -> None:
    here, there = storage.node(), storage.node()
    position = await append_all(here, "s1", b"one")
    changes = there.changes("s1")
    async with asyncio.timeout(10):
        assert await anext(changes) == 1  # where the journal is at the start
        for _ in range(20):
            position = await here.append("s1", position, b"more")
            while await anext(changes) < position.sequence:
                pass


@shared_storage
async def test_whoever_begins_to_follow_at_any_time_gets_to_the_end(storage: Storage) -> None:
    here, there = storage.node(), storage.node()

    async def follow_to(end: int) -> None:
        async for sequence in there.changes("s1"):
            if sequence >= end:
                return

    followers = []
    position = (await here.load("s1")).position
    for _ in range(30):
        followers.append(asyncio.create_task(follow_to(30)))
        position = await here.append("s1", position, b"x")
    async with asyncio.timeout(10):
        await asyncio.gather(*followers)


@shared_storage
async def test_changes_of_one_session_do_not_reach_followers_of_another(storage: Storage) -> None:
    here, there = storage.node(), storage.node()
    await append_all(here, "s2", b"one", b"two", b"three")
    changes = there.changes("s1")
    first = asyncio.ensure_future(anext(changes))
    await append_all(here, "s2", b"four")
    await append_all(here, "s1", b"one")
    async with asyncio.timeout(10):
        assert await first == 1


@any_storage
async def test_following_ends_when_the_journal_is_closed(storage: Storage) -> None:
    journal = storage.node()

    async def follow() -> list[int]:
        return [sequence async for sequence in journal.changes("s1")]

    following = asyncio.create_task(follow())
    await journal.load("s1")
    await journal.close()
    async with asyncio.timeout(10):
        assert await following == []
        assert await follow() == []


@any_storage
async def test_a_follower_that_is_cancelled_disturbs_nobody(storage: Storage) -> None:
    journal = storage.node()

    async def follow() -> None:
        async for _ in journal.changes("s1"):
            pass

    following = [asyncio.create_task(follow()) for _ in range(3)]
    position = await append_all(journal, "s1", b"one")
    for task in following:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    assert (await journal.append("s1", position, b"two")).sequence == 2


@any_storage
async def test_a_closed_journal_says_so(storage: Storage) -> None:
    journal = storage.node()
    position = await append_all(journal, "s1", b"one")
    await journal.close()
    await journal.close()
    with pytest.raises(JournalUnavailable, match="closed"):
        await journal.load("s1")
    with pytest.raises(JournalUnavailable, match="closed"):
        await journal.append("s1", position, b"two")


@any_storage
async def test_whoever_is_at_work_when_the_journal_is_closed_is_done_or_refused(storage: Storage) -> None:
    journal = storage.node()
    position = await append_all(journal, "s1", b"one")
    calls = [
        *(journal.load("s1") for _ in range(5)),
        journal.append("s1", position, b"two"),
        journal.save_snapshot("s1", position, b"state"),
        journal.append("s2", position, b"two"),
        journal.sessions(),
        journal.delete("s1"),
        journal.close(),
        journal.load("s3"),
    ]
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    allowed = (Conflict, JournalUnavailable, AppendUncertain)
    assert [each for each in outcomes if isinstance(each, BaseException) and not isinstance(each, allowed)] == []
    assert isinstance(outcomes[-1], JournalUnavailable)


@lasting_storage
async def test_everything_is_there_after_a_restart(storage: Storage) -> None:
    journal = storage.node()
    at = await append_all(journal, "s1", b"one", b"two")
    await journal.save_snapshot("s1", at, b"state")
    position = await journal.append("s1", at, b"three")
    await append_all(journal, "s2", b"other")
    await journal.close()
    again = storage.node()
    assert await again.load("s1") == Loaded(position, b"state", tuple(numbered(3, b"three")))
    assert sorted(await again.sessions()) == ["s1", "s2"]
    assert (await again.append("s1", position, b"four")).sequence == 4
