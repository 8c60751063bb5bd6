"""Generated histories: each journal does what a list of payloads would do."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from signaling.journal.files import FileJournal, file_name
from signaling.journal.port import Conflict, Entry, Journal, Position
from tests.signaling.journal.killing import kill_at_step
from tests.support.journals import FileStorage, MemoryStorage, RedisStorage, Storage
from tests.support.redis_server import RedisServer
from tests.support.searching import SEARCHING

SESSIONS = st.sampled_from(["one", "Two"])
PAYLOADS = st.binary(max_size=40)
PICK = st.integers(0, 1_000_000)
RECORD_OVERHEAD = 16

T = TypeVar("T")


@dataclass
class Model:
    """All payloads that a journal ever took, and which of them a snapshot stands for."""

    epoch: str | None = None  # None: not known before the next load
    payloads: list[bytes] = field(default_factory=list)
    base: int = 0
    snapshot: bytes | None = None
    known: list[Position] = field(default_factory=list)  # positions seen at any time, of former epochs too

    def position(self) -> Position:
        assert self.epoch is not None
        return Position(self.epoch, len(self.payloads))

    def entries(self, after: int) -> list[Entry]:
        return [Entry(after + 1 + index, payload) for index, payload in enumerate(self.payloads[after:])]


class JournalMachine(RuleBasedStateMachine):
    """Rules for every storage. `make_storage` is set by the test."""

    make_storage: Callable[[], Storage]
    epoch_lasts = True  # over a restart of the journal

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.models: dict[str, Model] = {}

    def run(self, call: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(call)

    @initialize()
    def open(self) -> None:
        self.storage = type(self).make_storage()
        self.journal: Journal = self.storage.node()

    def teardown(self) -> None:
        if hasattr(self, "storage"):
            self.check_everything()
            self.run(self.storage.close())
        self.runner.close()

    def model(self, session: str) -> Model:
        """The model of a session, after a load that agrees with it."""
        model = self.models.setdefault(session, Model())
        loaded = self.run(self.journal.load(session))
        if model.epoch is None:
            assert loaded.position.epoch not in {position.epoch for position in model.known}
            model.epoch = loaded.position.epoch
        assert loaded.position == model.position()
        assert loaded.snapshot == model.snapshot
        assert list(loaded.entries) == model.entries(model.base)
        if model.position() not in model.known:
            model.known.append(model.position())
        return model

    def check_everything(self) -> None:
        for session in self.models:
            self.model(session)
        written = {session for session, model in self.models.items() if model.payloads}
        assert set(self.run(self.journal.sessions())) == written

    @rule(session=SESSIONS, payloads=st.lists(PAYLOADS, min_size=1, max_size=4))
    def append(self, session: str, payloads: list[bytes]) -> None:
        model = self.model(session)
        for payload in payloads:
            reached = self.run(self.journal.append(session, model.position(), payload))
            model.payloads.append(payload)
            assert reached == model.position()
            model.known.append(reached)

    @rule(session=SESSIONS, pick=PICK)
    def append_somewhere_else(self, session: str, pick: int) -> None:
        model = self.model(session)
        others = [position for position in model.known if position != model.position()]
        others.append(Position(model.position().epoch, len(model.payloads) + 1))
        with pytest.raises(Conflict):
            self.run(self.journal.append(session, others[pick % len(others)], b"lost"))
        self.model(session)

    @rule(session=SESSIONS, pick=PICK)
    def read(self, session: str, pick: int) -> None:
        model = self.model(session)
        after = model.known[pick % len(model.known)]
        try:
            entries = self.run(self.journal.read(session, after))
        except Conflict:
            assert after.epoch != model.epoch or after.sequence < model.base or after.sequence > len(model.payloads)
        else:
            assert after.epoch == model.epoch
            assert list(entries) == model.entries(after.sequence)

    @rule(session=SESSIONS, pick=PICK, snapshot=PAYLOADS)
    def save_snapshot(self, session: str, pick: int, snapshot: bytes) -> None:
        model = self.model(session)
        at = model.known[pick % len(model.known)]
        self.run(self.journal.save_snapshot(session, at, snapshot))
        self.note_snapshot(model, at, snapshot)
        self.model(session)

    def note_snapshot(self, model: Model, at: Position, snapshot: bytes) -> None:
        if at.epoch == model.epoch and model.base < at.sequence <= len(model.payloads):
            model.base, model.snapshot = at.sequence, snapshot

    @rule(session=SESSIONS)
    def delete(self, session: str) -> None:
        known = self.models.setdefault(session, Model()).known
        self.run(self.journal.delete(session))
        self.models[session] = Model(known=known)

    def forget_epochs(self) -> None:
        for model in self.models.values():
            if not self.epoch_lasts or not model.payloads:
                model.epoch = None


class LastingMachine(JournalMachine):
    @rule()
    def reopen(self) -> None:
        self.check_everything()
        self.run(self.journal.close())
        self.journal = self.storage.node()
        self.forget_epochs()
        self.check_everything()


class RedisMachine(LastingMachine):
    """The server goes on while a node restarts, so that the epoch of an empty journal lasts too."""

    def forget_epochs(self) -> None:
        pass


class FileMachine(LastingMachine):
    directory: Path

    def last_record(self, session: str) -> tuple[Path, int]:
        """The file, and how many bytes its last entry takes (0: it holds no entry)."""
        model = self.model(session)
        held = model.payloads[model.base :]
        return self.directory / file_name(session), RECORD_OVERHEAD + len(held[-1]) if held else 0

    def reopen_without_last(self, session: str) -> None:
        model = self.models[session]
        model.payloads.pop()
        model.epoch = None
        self.journal = self.storage.node()
        self.forget_epochs()
        self.check_everything()

    @precondition(lambda self: any(model.payloads for model in self.models.values()))
    @rule(session=SESSIONS, pick=PICK)
    def lose_power_within_the_last_entry(self, session: str, pick: int) -> None:
        path, length = self.last_record(session)
        if length:
            self.run(self.journal.close())
            with path.open("r+b") as file:
                file.truncate(path.stat().st_size - 1 - pick % (length - 1))
            self.reopen_without_last(session)

    @precondition(lambda self: any(model.payloads for model in self.models.values()))
    @rule(session=SESSIONS, pick=PICK, bit=st.integers(0, 7))
    def flip_a_bit_of_the_last_entry(self, session: str, pick: int, bit: int) -> None:
        path, length = self.last_record(session)
        if length:
            self.run(self.journal.close())
            data = bytearray(path.read_bytes())
            data[-1 - pick % length] ^= 1 << bit
            path.write_bytes(data)
            self.reopen_without_last(session)

    @rule(session=SESSIONS, pick=PICK, snapshot=PAYLOADS, step=st.integers(0, 12))
    def be_killed_while_compacting(self, session: str, pick: int, snapshot: bytes, step: int) -> None:
        model = self.model(session)
        at = model.known[pick % len(model.known)]
        assert isinstance(self.journal, FileJournal)
        with kill_at_step(step, self.journal):
            self.run(self.journal.save_snapshot(session, at, snapshot))
        self.journal = self.storage.node()
        if self.run(self.journal.load(session)).snapshot != model.snapshot:
            self.note_snapshot(model, at, snapshot)
        self.forget_epochs()
        self.check_everything()

    @rule(session=SESSIONS, payload=PAYLOADS, step=st.integers(0, 4))
    def be_killed_while_appending(self, session: str, payload: bytes, step: int) -> None:
        model = self.model(session)
        assert isinstance(self.journal, FileJournal)
        acknowledged = False
        with kill_at_step(step, self.journal):
            self.run(self.journal.append(session, model.position(), payload))
            acknowledged = True
        self.journal = self.storage.node()
        position = self.run(self.journal.load(session)).position
        if acknowledged or position.sequence > len(model.payloads):
            model.payloads.append(payload)
        if position != model.position():
            model.epoch = None  # half an entry was cut off
        self.forget_epochs()
        self.check_everything()


def run_machine(machine: type[JournalMachine], examples: int) -> None:
    bounded = settings(max_examples=examples, stateful_step_count=25)
    run_state_machine_as_test(machine, settings=settings() if SEARCHING else bounded)


def test_memory_is_a_list() -> None:
    class Machine(JournalMachine):
        make_storage = MemoryStorage

    run_machine(Machine, 60)


def test_files_are_a_list_that_survives_restarts_torn_ends_and_kills(tmp_path: Path) -> None:
    class Machine(FileMachine):
        @staticmethod
        def make_storage() -> Storage:
            Machine.directory = Path(tempfile.mkdtemp(dir=tmp_path))
            return FileStorage(Machine.directory)

        def teardown(self) -> None:
            super().teardown()
            shutil.rmtree(self.directory)

    run_machine(Machine, 40)


@pytest.mark.redis
def test_redis_is_a_list_that_survives_restarts_of_a_node(redis_server: RedisServer) -> None:
    class Machine(RedisMachine):
        @staticmethod
        def make_storage() -> Storage:
            return RedisStorage(redis_server.url)

    run_machine(Machine, 40)
