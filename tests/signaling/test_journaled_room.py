"""A room in step with its journal: what it tells of entries, own and others', and what it keeps to itself."""

from __future__ import annotations

import pytest

from capacity.table import DEFAULT_TABLE
from signaling.journal.memory import MemoryJournal
from signaling.journal.port import Conflict
from signaling.journaled_room import JournaledRoom
from signaling.room import commands as c
from signaling.room.apply import apply
from signaling.room.decide import Accepted, decide
from signaling.room.events import Event
from signaling.room.state import Role, Room

SESSION = "ses_1"


class Node:
    """One node's room, with all that it told: sequence, time, and how many people there were then."""

    def __init__(self, journal: MemoryJournal) -> None:
        self.told: list[tuple[int, float, int]] = []
        self.store = JournaledRoom(SESSION, journal, DEFAULT_TABLE, self._tell)

    def _tell(self, room: Room, sequence: int, at: float) -> None:
        self.told.append((sequence, at, len(room.people)))

    async def enters(self, name: str, at: float) -> list[Event]:
        outcome = decide(self.store.room, c.Enter(name, f"{name}/1", "n1", name, Role.ATTENDEE, False), at)
        assert isinstance(outcome, Accepted)
        for event in outcome.events:
            apply(self.store.room, event)
        await self.store.append(at, outcome.events)
        return list(outcome.events)


@pytest.fixture
async def nodes() -> tuple[Node, Node]:
    """Two nodes of one journal that holds one entry; they are just loaded."""
    journal = MemoryJournal()
    await Node(journal).store.load()
    first, second = Node(journal), Node(journal)
    await first.store.load()
    await first.enters("ada", 1.0)
    first.told.clear()
    await second.store.load()
    return first, second


async def test_loading_tells_nothing(nodes: tuple[Node, Node]) -> None:
    _, second = nodes
    assert second.told == []
    assert len(second.store.room.people) == 1


async def test_an_append_is_told_once_it_is_durable(nodes: tuple[Node, Node]) -> None:
    first, second = nodes
    await first.enters("bob", 2.0)
    assert first.told == [(2, 2.0, 2)]
    with pytest.raises(Conflict):
        await second.enters("cyd", 3.0)
    assert second.told == []


async def test_catching_up_tells_each_entry_as_of_then(nodes: tuple[Node, Node]) -> None:
    first, second = nodes
    expected = await first.enters("bob", 2.0) + await first.enters("cyd", 3.0)
    assert await second.store.catch_up() == expected
    assert second.told == [(2, 2.0, 2), (3, 3.0, 3)]
    assert await second.store.catch_up() == []
    assert len(second.told) == 2


async def test_a_rebuild_tells_only_what_is_new(nodes: tuple[Node, Node]) -> None:
    first, second = nodes
    await first.enters("bob", 2.0)
    await first.enters("cyd", 3.0)
    await second.store.rebuild()
    assert second.told == [(2, 2.0, 2), (3, 3.0, 3)]


async def test_what_a_snapshot_has_swallowed_is_left_out(nodes: tuple[Node, Node]) -> None:
    first, second = nodes
    await first.enters("bob", 2.0)
    await first.store.save_snapshot()
    await first.enters("cyd", 3.0)
    assert await second.store.catch_up() is None
    assert second.told == [(3, 3.0, 3)]
